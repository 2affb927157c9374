/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether somebody's own scene takes too long to draw. GL has no way to stop a shader that has begun, so that a scene
 * is tried small before it is shown, and watched afterwards: one that holds up the picture for OB_WATCH_PATIENCE_NS is
 * left. Pure. */
#ifndef OB_RENDER_WATCH_H
#define OB_RENDER_WATCH_H

#include "base/time.h"

#include <stdbool.h>

#define OB_WATCH_FRAME_NS    (200 * OB_NS_PER_MS)  /* a frame that takes longer is slow */
#define OB_WATCH_PATIENCE_NS (1500 * OB_NS_PER_MS) /* so much of slow frames without a quick one between */
#define OB_WATCH_TRIAL_S     1.5 /* a scene that would take longer for one frame is not begun at all */

struct ob_watch {
    int64_t slow_ns;
};

/* A frame took so long: true when the scene is to be left. */
bool ob_watch_frame(struct ob_watch *watch, int64_t cost_ns);

#endif
