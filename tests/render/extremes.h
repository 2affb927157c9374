/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The extremes that a scene can be driven to, and scenes that flash: for the tests of the light guard and its table. */
#ifndef OB_TESTS_RENDER_EXTREMES_H
#define OB_TESTS_RENDER_EXTREMES_H

#include "engine/snapshot.h"
#include "render/render.h"

#include <stdint.h>

struct extreme {
    const char *name;
    /* Makes frame f, 1/60 s after the one before, of a snapshot that scenario_fill() filled. */
    void (*make)(struct ob_snapshot *snapshot, struct ob_overlay *overlay, int f);
};

extern const struct extreme extremes[]; /* ends with a name NULL; the first is all of them at once */

struct flashing_scene {
    const char *name, *text;
};

extern const struct flashing_scene flashing_scenes[]; /* ends with a name NULL */

#endif
