/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does the body move? From a chest's acceleration, causally.
 *
 * Half seconds in which it shakes by more than OB_MOTION_SHAKING_MG (root mean square from sample to sample) are
 * movement: no chest does that by breathing, no heart by beating, no hand by stroking softly. A body that lies another
 * way than over the half minute before, by OB_MOTION_TURN_MG (about 15 degrees) or more, has turned. Pure; one thread
 * at a time. */
#ifndef OB_SIGNAL_MOTION_H
#define OB_SIGNAL_MOTION_H

#include <stdbool.h>
#include <stdint.h>

#define OB_MOTION_SHAKING_MG 40.0
#define OB_MOTION_TURN_MG    250.0

enum ob_motion_kind {
    OB_MOTION_STILL,
    OB_MOTION_MOVED,  /* in the half second that has just ended */
    OB_MOTION_TURNED, /* lies another way now */
};

struct ob_motion {
    /* private */
    int64_t block, last_ns; /* number of the half second under way; time of the newest sample */
    double before[3], sum[3], square;
    int samples, steps;
    double now_mg[3], usual_mg[3]; /* where gravity points: over seconds, and over half a minute */
    double known_s;
    bool begun;
};

void ob_motion_init(struct ob_motion *motion);

/* A sample, mg, 10 Hz or more; times rise (what does not, or is no number, is dropped). */
enum ob_motion_kind ob_motion_push(struct ob_motion *motion, int64_t time_ns, const double mg[3]);

#endif
