/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The unpaced windows of a session, before and after, and what was measured in each. Pure; any thread. */
#ifndef OB_REPORT_WINDOWS_H
#define OB_REPORT_WINDOWS_H

#include "hrv/metric.h"
#include "report/copy.h"
#include "signal/nn_list.h"

#include <stdbool.h>

#define OB_WINDOW_LEAST_S   60.0 /* shorter ones are not windows */
#define OB_WINDOW_ARTEFACTS 0.05 /* above: no variability (numbers.md) */
#define OB_UNFIT_ARTEFACTS  0.20 /* above: scores do not fit this recording (engine) */

struct ob_window {
    bool there;
    double from_s, to_s;
    struct ob_metric hr_bpm, rmssd_ms, breath_brpm; /* or why there is none */
    double artefact_01;                             /* share of beats that had to be corrected or left out */
    double covered_01;                              /* share of its time that has NN intervals */
    size_t beats;
};

enum ob_compare {
    OB_COMPARE_FINE,
    OB_COMPARE_NO_WINDOWS, /* the session had none */
    OB_COMPARE_NO_BEFORE,
    OB_COMPARE_NO_AFTER,
    OB_COMPARE_TURNED,  /* somebody turned over in between: another posture */
    OB_COMPARE_NO_DATA, /* both are there; heart rate is known in one at most */
    OB_COMPARE_UNFIT,   /* too much had to be corrected in the session as a whole */
};

struct ob_windows {
    struct ob_window before, after;
    enum ob_compare compare;
    int turned_over; /* between the two, or in all where there are not two */
};

/* The session's NN intervals with where they hang together; false without memory. */
bool ob_windows_intervals(const struct ob_copy *copy, struct ob_nn_list *list_out);

/* Before: the first stretch of a kind that is measured; after: the last one, where that is another. Measured are the
 * stages unpaced_before and unpaced_after, and parts of a protocol that say so (marks of the kind "phase"). A window
 * ends where somebody turned over, or begins there: the longer part counts. False without memory. */
bool ob_windows_find(const struct ob_copy *copy, struct ob_windows *windows_out);

#endif
