/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Artefact correction of a whole RR recording, with both sides of every beat in sight.
 *
 * The method of Lipponen & Tarvainen 2019 ("A robust algorithm for heart rate variability time series artefact
 * correction using novel beat classification", J Med Eng Technol 43:173-181, doi 10.1080/03091902.2019.1640306):
 *   dRR(i)   = RR(i) - RR(i-1), divided by Th1(i) = 5.2 * quartile deviation of |dRR| over the 91 beats around i;
 *   mRR(i)   = RR(i) - median of the 11 beats around i, doubled where negative, divided by Th2(i), made likewise;
 *   a beat is ectopic where |dRR| > 1 and its neighbours swing the other way (c1 = 0.13, c2 = 0.17), otherwise long
 *   or short where dRR turns back past 1 within two beats, or |mRR| > 3; a long one whose half, or a short one whose
 *   sum with the next, is within Th2 of the median is a missed or an extra beat.
 * The quartile deviation is half the distance between the first and third quartile.
 *
 * What we add, and why. Both thresholds come from the very beats that are judged. Where every second to tenth beat is
 * premature they swell until nothing is found: measured on annotated records, recognition falls from 99% to 17%.
 *   1. Caps and a floor: both thresholds lie between OB_RR_OFFLINE_FLOOR and OB_RR_OFFLINE_CAP of the local median.
 *   2. Where a threshold is at its cap the live corrector (rr.h) is believed, whose thresholds come from corrected
 *      intervals; so are its ectopic pairs where nothing else was found.
 *   3. An ectopic pair needs a contrast of 15% of the median, 25% where its short interval is not the shortest of the
 *      last breath; a long interval first is the heart's own unless the second is shorter than all of that breath. A
 *      lone long one counts from 1.45 times the median on, a lone short one below 0.78.
 * With `published_only` the method runs without these.
 *
 * Correction. Ectopic: both intervals are re-cut at the beat's likely place, their sum kept. Missed: cut into equal
 * parts. Extra: joined with the next. Long or short: interpolated between the nearest good neighbours, the time of
 * the beat kept. What is outside 300-2000 ms and not explained is a gap, and a gap is never bridged.
 *
 * Pure; any thread; memory proportional to the recording. */
#ifndef OB_SIGNAL_RR_OFFLINE_H
#define OB_SIGNAL_RR_OFFLINE_H

#include "signal/nn_list.h"
#include "signal/rr.h"

#include <stdbool.h>
#include <stddef.h>

#define OB_RR_OFFLINE_CAP   0.25
#define OB_RR_OFFLINE_FLOOR 0.09

/* An RR interval longer than this is no interval but a hole in the recording. */
#define OB_RR_HOLE_MS 3000.0

struct ob_rr_offline_options {
    bool published_only; /* without our additions */
};

struct ob_rr_report {
    size_t beats;        /* intervals that came in and were no gap */
    size_t by_class[7];  /* how many of each enum ob_rr_class; sums to all that came in */
    double corrected_01; /* share of beats that were changed, taken out or split */
    double seconds;      /* of signal between gaps */
    double gap_s;        /* lost in gaps */
    bool usable;         /* false: nobody should take HRV from this recording */
    const char *reason;  /* a clause for people where it isn't usable, else NULL; static memory */
};

/* Judges rr_ms[0..count) (a number that is not finite, not above 0 or above OB_RR_HOLE_MS is a gap), writes one
 * enum ob_rr_class for each to kinds (count of them) and appends the NN intervals to series, with times counted from
 * start_s, the beginning of the first interval. series is initialised by the caller. False without memory. */
bool ob_rr_offline(const double *rr_ms, size_t count, double start_s, const struct ob_rr_offline_options *options,
                   unsigned char *kinds, struct ob_nn_list *series, struct ob_rr_report *report_out);

#endif
