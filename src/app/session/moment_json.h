/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exhale moment in summary.json: each mark and what was seen with it, for how long one could have been told, and
 * when not. One thread at a time. */
#ifndef OB_APP_MOMENT_JSON_H
#define OB_APP_MOMENT_JSON_H

#include "engine/snapshot.h"

#include <stdbool.h>
#include <stdio.h>

#define OB_MOMENT_MARKS 32 /* of a session; it could have no more than one in 7.5 minutes */
#define OB_MOMENT_HOLES 64 /* times of which it could not be told; more are counted in the sums alone */

/* Zero-initialise. */
struct ob_moment_log {
    struct ob_settling_mark marks[OB_MOMENT_MARKS];
    uint64_t mark_count;
    struct {
        double from_s, to_s;
    } holes[OB_MOMENT_HOLES];
    int hole_count;
    bool in_hole;
};

/* Each second of the session. */
void ob_moment_log_look(struct ob_moment_log *log, const struct ob_snapshot *snapshot);

/* Two members, each with its comma: "exhale_moments" and "exhale_moment". */
void ob_moment_log_write(const struct ob_moment_log *log, const struct ob_snapshot *last, FILE *out);

#endif
