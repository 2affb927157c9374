/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether HRV scores are made for a heart's rhythm at all. Not a diagnosis of anything: scores that take each change
 * for breath or nerve mean nothing where a pacemaker keeps the time or where one interval says nothing about the next.
 * Pure. */
#ifndef OB_HRV_RHYTHM_H
#define OB_HRV_RHYTHM_H

#include "hrv/series.h"

enum ob_rhythm {
    OB_RHYTHM_UNKNOWN, /* fewer than OB_RHYTHM_BEATS intervals */
    OB_RHYTHM_SCORED,
    OB_RHYTHM_FIXED, /* all intervals alike: SDNN below 2.5 ms */
    OB_RHYTHM_NONE,  /* large changes from beat to beat without order: RMSSD above 7% of the mean interval (compare Dash
                        et al. 2009, doi:10.1007/s10439-009-9740-z), at least as large as slow changes (von Neumann 1941,
                        doi:10.1214/aoms/1177731677), and no band of 0.06 cycles a beat with a third of their variance */
};

#define OB_RHYTHM_BEATS 40

/* Of the beats after since_ns. */
enum ob_rhythm ob_rhythm_of(const struct ob_nn_series *series, int64_t since_ns);

#endif
