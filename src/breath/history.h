/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the pacer stood in the last two minutes: data that arrive late are laid beside the breath that was being guided
 * when they were measured. Pure; one thread at a time. */
#ifndef OB_BREATH_HISTORY_H
#define OB_BREATH_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#define OB_HISTORY_STEP_NS INT64_C(250000000)
#define OB_HISTORY_POINTS  512

struct ob_history_point {
    double turns; /* unwrapped: whole turns are breaths since the session began */
    float volume_01;
    bool guided;
};

struct ob_history {
    uint64_t count;
    int64_t last_ns; /* of the newest point */
    struct ob_history_point points[OB_HISTORY_POINTS];
};

void ob_history_init(struct ob_history *history);

/* Call with every step of OB_HISTORY_STEP_NS, in order. */
void ob_history_push(struct ob_history *history, int64_t time_ns, const struct ob_history_point *point);

/* The point at a time, between the stored ones by interpolation; up to a second beyond the newest by extrapolation.
 * False when the time is older or newer than that. */
bool ob_history_at(const struct ob_history *history, int64_t time_ns, struct ob_history_point *point_out);

#endif
