/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All metrics of one recording, or of a part of it, with their names in files.
 *
 * Which definitions: hrv/time_domain.h, hrv/psd.h and hrv/nonlinear.h say them in full. Pure; see hrv/psd.h for the
 * one rule about threads. */
#ifndef OB_HRV_REPORT_H
#define OB_HRV_REPORT_H

#include "hrv/metric.h"
#include "hrv/psd.h"
#include "signal/nn_list.h"

#include <stdbool.h>
#include <stddef.h>

/* X(key in files and field, name for people, unit, decimals) in the order of a report. */
#define OB_REPORT_METRICS(X)                                                                                           \
    X(hr_bpm, "Heart rate", "bpm", 2)                                                                                  \
    X(mean_nn_ms, "Mean NN", "ms", 1)                                                                                  \
    X(sdnn_ms, "SDNN", "ms", 2)                                                                                        \
    X(rmssd_ms, "RMSSD", "ms", 2)                                                                                      \
    X(pnn50_pct, "pNN50", "%", 2)                                                                                      \
    X(sd1_ms, "SD1", "ms", 2)                                                                                          \
    X(sd2_ms, "SD2", "ms", 2)                                                                                          \
    X(vlf_ms2, "VLF, Welch", "ms2", 1)                                                                                 \
    X(lf_ms2, "LF, Welch", "ms2", 1)                                                                                   \
    X(hf_ms2, "HF, Welch", "ms2", 1)                                                                                   \
    X(total_ms2, "Total, Welch", "ms2", 1)                                                                             \
    X(lf_peak_hz, "LF peak, Welch", "Hz", 4)                                                                           \
    X(hf_peak_hz, "HF peak, Welch", "Hz", 4)                                                                           \
    X(breath_brpm, "Breathing rate", "/min", 2)                                                                        \
    X(resp_ms2, "At the breathing rate, Welch", "ms2", 1)                                                              \
    X(vlf_lomb_ms2, "VLF, Lomb-Scargle", "ms2", 1)                                                                     \
    X(lf_lomb_ms2, "LF, Lomb-Scargle", "ms2", 1)                                                                       \
    X(hf_lomb_ms2, "HF, Lomb-Scargle", "ms2", 1)                                                                       \
    X(total_lomb_ms2, "Total, Lomb-Scargle", "ms2", 1)                                                                 \
    X(lf_peak_lomb_hz, "LF peak, Lomb-Scargle", "Hz", 4)                                                               \
    X(hf_peak_lomb_hz, "HF peak, Lomb-Scargle", "Hz", 4)                                                               \
    X(resp_lomb_ms2, "At the breathing rate, Lomb-Scargle", "ms2", 1)                                                  \
    X(dfa_alpha1, "DFA alpha 1", "", 4)                                                                                \
    X(dfa_alpha2, "DFA alpha 2", "", 4)                                                                                \
    X(sampen, "Sample entropy", "", 4)                                                                                 \
    X(apen, "Approximate entropy", "", 4)

struct ob_report {
    size_t intervals;    /* NN intervals it is made from */
    double seconds;      /* their sum */
    double corrected_01; /* share of intervals that are not as measured */
#define OB_REPORT_FIELD(key, name, unit, decimals) struct ob_metric key;
    OB_REPORT_METRICS(OB_REPORT_FIELD)
#undef OB_REPORT_FIELD
    struct ob_spectra spectra; /* for plots */
};

/* resp_hz: the breathing rate as measured, 0 where it isn't; breath_brpm repeats it. False without memory. psd is the
 * caller's (hrv/psd.h). */
bool ob_report_compute(struct ob_psd *psd, const struct ob_nn_list *list, double resp_hz, struct ob_report *out);

/* The metrics one by one: i from 0 while the answer isn't NULL. Static memory but for metric, which points into
 * report (may be NULL when only names are wanted). */
struct ob_report_line {
    const char *key;
    const char *name;
    const char *unit;
    int decimals;
    const struct ob_metric *metric;
};
bool ob_report_line(const struct ob_report *report, size_t i, struct ob_report_line *line_out);

#endif
