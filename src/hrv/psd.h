/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power spectra of NN intervals for reports: Welch and Lomb-Scargle, in ms^2/Hz.
 *
 * Everything that lets programs differ is fixed here.
 *   Time of an interval   that of the beat that ends it, from the running sum of RR.
 *   Runs                  joined intervals of at least 1 ms; a run is never bridged. Powers are means over the
 *                         segments of all runs.
 *   Segments              300 s with half overlap, from the start of each run; what is left at the end is unused.
 *                         Where no run has 300 s: the longest run as one segment, of at least 60 s.
 *   Welch (1967, doi 10.1109/TAU.1967.1161901)
 *     Interpolation       cubic spline through the run with zero second derivative at both ends ("natural"),
 *                         at 4 Hz from the run's first beat on.
 *     Detrending          a least-squares line is taken off each segment, and with it its mean.
 *     Window              Hann, periodic: 0.5 - 0.5 cos(2 pi k / N).
 *     Density             one-sided, 2 |X|^2 / (fs sum w^2), with zeros up to 2048 points: a bin every 1/512 Hz.
 *   Lomb-Scargle (Lomb 1976, doi 10.1007/BF00648343; Scargle 1982, doi 10.1086/160554)
 *     Samples             the intervals as they are, no interpolation, no window.
 *     Detrending          as above.
 *     Density             one-sided, 2 P dt with P the classic normalised form whose sum over an even grid is the
 *                         sum of squares (Scargle's eq. 10) and dt the segment's mean interval; a bin every 1/1024 Hz.
 *   Band power            the integral of the straight lines between bins, bands cut at their exact edges, so that
 *                         neighbouring bands add up.
 *   Bands (Task Force 1996)  VLF 0.0033-0.04, LF 0.04-0.15, HF 0.15-0.40, total 0.0033-0.40 Hz.
 *   Peak                  the highest bin inside the band that is a local maximum, refined by the parabola through
 *                         it and its neighbours; a band without one has no peak.
 *   Needed length of a segment   HF 60 s, LF 120 s, VLF and total 270 s.
 * Pure; a struct ob_psd belongs to one thread at a time. */
#ifndef OB_HRV_PSD_H
#define OB_HRV_PSD_H

#include "hrv/metric.h"
#include "signal/nn_list.h"

#include <stddef.h>

#define OB_PSD_FS_HZ     4.0
#define OB_PSD_SEGMENT_S 300.0
#define OB_PSD_POINTS    2048
#define OB_PSD_BINS      206 /* 0 to 0.4004 Hz in steps of 1/512 Hz */
#define OB_PSD_STEP_HZ   (OB_PSD_FS_HZ / OB_PSD_POINTS)
#define OB_LOMB_BINS     411 /* 0 to 0.4004 Hz in steps of 1/1024 Hz */
#define OB_LOMB_STEP_HZ  (1.0 / 1024.0)

#define OB_VLF_LOW_HZ 0.0033
#define OB_LF_LOW_HZ  0.04
#define OB_HF_LOW_HZ  0.15
#define OB_HF_HIGH_HZ 0.40

struct ob_psd;

/* Plans its transform (FFTW_ESTIMATE). FFTW's planner is not thread-safe: the caller holds one lock around every
 * create and destroy in the process; computing needs none. NULL without memory. */
struct ob_psd *ob_psd_create(void);
void ob_psd_destroy(struct ob_psd *psd); /* NULL is fine */

/* Powers with reasons where the recording is too short for them. */
struct ob_bands {
    struct ob_metric vlf_ms2, lf_ms2, hf_ms2, total_ms2;
    struct ob_metric lf_peak_hz, hf_peak_hz;
    struct ob_metric resp_ms2; /* within 0.03 Hz of the breathing rate */
};

struct ob_spectra {
    size_t segments;
    double segment_s; /* length of each */
    double welch[OB_PSD_BINS];
    double lomb[OB_LOMB_BINS];
    struct ob_bands by_welch, by_lomb;
};

/* resp_hz: the breathing rate as measured, 0 where it isn't. False without memory. */
bool ob_psd_compute(struct ob_psd *psd, const struct ob_nn_list *list, double resp_hz, struct ob_spectra *out);

#endif
