/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When to draw: frames are begun as late as they can be and still be seen at the next refresh, so that what they show
 * is as new as it can be. Works with a display that makes the swap wait and with one that doesn't (Xvfb, offscreen).
 * Pure; times are handed in. Also says how large the scene should be drawn to stay in time. */
#ifndef OB_RENDER_PACE_H
#define OB_RENDER_PACE_H

#include <stdbool.h>
#include <stdint.h>

#define OB_PACE_SCALE_LEAST 0.5

struct ob_pace {
    int64_t period_ns;
    int64_t due_ns;  /* when the frame before was, or should have been, seen; 0: none yet */
    double cost_ns;  /* drawing one frame, smoothed, with a leaning to the dear ones */
    double scale;    /* of the scene against the picture, OB_PACE_SCALE_LEAST to 1 */
    bool fixed;      /* the scale stays as it is */
    int calm_frames; /* frames in a row that left much time over */
};

void ob_pace_init(struct ob_pace *pace, int64_t period_ns, double scale, bool fixed);

/* When a frame that is begun soon will be seen. */
int64_t ob_pace_seen_ns(const struct ob_pace *pace, int64_t now_ns);

/* The latest time to begin it; now_ns when it is late already. */
int64_t ob_pace_begin_ns(const struct ob_pace *pace, int64_t now_ns);

/* A frame was drawn in cost_ns and handed over at shown_ns (after the swap); blocks: the swap waited for the display.
 */
void ob_pace_shown(struct ob_pace *pace, int64_t seen_ns, int64_t shown_ns, int64_t cost_ns, bool blocks);

#endif
