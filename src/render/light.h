/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The light limiter: no picture, from whatever scene or fault, changes its light faster than this lets it.
 *
 * The composed picture is brought down to 96 x 54 cells. Its light may change by OB_LIGHT_AREA_PER_S a second in
 * blocks of 6 x 6 cells (a two-hundredth of the screen), and by OB_LIGHT_CELL_PER_S in any one cell, in shares of full
 * white, relative luminance. A pair of opposing changes of 10% takes 0.4 s at the faster of the two, so no spot can
 * make the 3 flashes a second of WCAG 2.3.1, and no area comes near it. What is too bright too soon is dimmed; what
 * is too dark too soon keeps some of the light that was there. Main thread with the context current. */
#ifndef OB_RENDER_LIGHT_H
#define OB_RENDER_LIGHT_H

#include "base/err.h"
#include "render/program.h"

#include <epoxy/gl.h>
#include <stdbool.h>
#include <stdint.h>

#define OB_LIGHT_COLUMNS    96
#define OB_LIGHT_ROWS       54
#define OB_LIGHT_BOX        6
#define OB_LIGHT_AREA_PER_S 0.14
#define OB_LIGHT_CELL_PER_S 0.5
#define OB_LIGHT_STEP_S     0.1 /* after a longer stall no more than this counts */
#define OB_LIGHT_STILL_S    2.0 /* frames further apart than this are stills, each shown as it is */

struct ob_light {
    struct ob_program grid;  /* image to cells */
    struct ob_program limit; /* cells to what may be shown */
    GLuint now, now_target;
    GLuint identity;            /* applies nothing */
    GLuint was[2][2], apply[2]; /* [fine][turn], [fine] */
    GLuint targets[2][2];
    int turn;
    int64_t last_ns;
    bool begun;
};

enum ob_err ob_light_init(struct ob_light *light, const char *dir, bool es);
void ob_light_finish(struct ob_light *light);
bool ob_light_refresh(struct ob_light *light);

/* Begins a frame with an image that covers the screen. */
void ob_light_begin(struct ob_light *light, GLuint image, int width, int height);

/* Adds what lies over it: a premultiplied texture (first row on top) at a rectangle of the screen, 0-1, y upwards. */
void ob_light_add(struct ob_light *light, GLuint image, const float rect_01[4], int width, int height, float alpha);

/* The texture to apply to this frame (see shaders/light.glsl). first_dark: the frame before the first was black;
 * else the first frame is shown as it is. */
GLuint ob_light_limit(struct ob_light *light, int64_t seen_ns, bool first_dark);

#endif
