/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything over the scene: caption, notice, the "simulated" label, the numbers, the keys. Each is a layer that is
 * painted when it changes. Main thread with the context current. */
#ifndef OB_RENDER_PANELS_H
#define OB_RENDER_PANELS_H

#include "base/err.h"
#include "engine/snapshot.h"
#include "plot/words.h"
#include "render/layer.h"
#include "render/light.h"
#include "render/program.h"
#include "render/render.h"

enum ob_panel {
    OB_PANEL_HUD,
    OB_PANEL_FORMULAS,
    OB_PANEL_HELP,
    OB_PANEL_CAPTION,
    OB_PANEL_NOTICE,
    OB_PANEL_SCREEN,
    OB_PANEL_SIMULATED,
    OB_PANELS
};

struct ob_panels {
    struct ob_program program;
    struct ob_words words;
    struct ob_layer layers[OB_PANELS];
    int width, height; /* they were laid out for: the screen, less what is cut off of it */
    int margin_x, margin_y;
    int screen_width, screen_height;
    int64_t last_ns;
    bool begun;
};

enum ob_err ob_panels_init(struct ob_panels *panels, const char *dir, bool es);
void ob_panels_finish(struct ob_panels *panels);
bool ob_panels_refresh(struct ob_panels *panels);

/* Paints what has changed and moves the fades on. problem: of a shader, or empty. */
void ob_panels_update(struct ob_panels *panels, const struct ob_snapshot *snapshot, const struct ob_overlay *overlay,
                      const char *problem, int width, int height, int64_t seen_ns);

/* Adds their light to the limiter's frame. */
void ob_panels_weigh(const struct ob_panels *panels, struct ob_light *light);

/* Draws them into the framebuffer that is bound, dimmed by what the limiter applies and by dim. */
void ob_panels_draw(const struct ob_panels *panels, GLuint apply, float dim);

/* The dark ground that words stand on, with round corners. */
void ob_panels_ground(cairo_t *cairo, double width, double height, double radius, double alpha);

#endif
