/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture: a window, one scene, the HUD over it, and the light limiter last.
 *
 * Main thread only. Follows a snapshot; evaluates the pacer at the time a frame will be seen. */
#ifndef OB_RENDER_RENDER_H
#define OB_RENDER_RENDER_H

#include "base/err.h"
#include "engine/snapshot.h"

#include <stdbool.h>
#include <stdint.h>

struct ob_render;

struct ob_render_desc {
    int width, height; /* 1280 x 720 when 0 */
    bool fullscreen;
    bool offscreen;         /* no window: SDL's offscreen driver, for headless frames */
    const char *shader_dir; /* watched for changes; NULL: the embedded shaders only */
    const char *scene;      /* NULL: the default */
    bool probe;             /* latency probe: a patch in the corner that turns with snapshot->arrivals */
};

/* What the screen shows beside the scene; owned by the ui. */
struct ob_overlay {
    bool hud;      /* numbers and tachogram */
    bool formulas; /* how the numbers are made */
    bool help;     /* the keys */
    bool reduced_motion;
    char caption[160]; /* one line for the person: "Follow the light", "signal held", ... */
    char notice[160];  /* one line about devices: "No sound device", ... */
    char sensor[160];  /* what the source says */
};

/* Without a display OB_ERR_NO_DISPLAY, without GL 3.3 or ES 3.0 OB_ERR_NO_GL; *problem_out gets a sentence. */
enum ob_err ob_render_create(const struct ob_render_desc *desc, struct ob_render **render_out, char *problem_out,
                             int problem_size);
void ob_render_destroy(struct ob_render *render);

/* Draws one frame that will be seen at about seen_ns and shows it (returns after the swap). */
enum ob_err ob_render_frame(struct ob_render *render, const struct ob_snapshot *snapshot,
                            const struct ob_overlay *overlay, int64_t seen_ns);

/* Writes the frame last drawn as a PNG. */
enum ob_err ob_render_capture(struct ob_render *render, const char *path);

void ob_render_toggle_fullscreen(struct ob_render *render);

#endif
