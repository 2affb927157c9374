/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The light limiter: no picture, from whatever scene or fault, changes its light faster than this lets it.
 *
 * The composed picture is brought down to 96 x 54 cells, and the light of each may only go a share of the way from what
 * was shown to what is drawn. Changes are in shares of full white, relative luminance.
 *   - The whole screen changes by at most OB_LIGHT_SCREEN_PER_S a second.
 *   - A block of 6 x 6 cells, a quarter of the smallest area that WCAG 2.3.1 counts (25% of a 10 degree field), has a
 *     purse of OB_LIGHT_BLOCK, which gets OB_LIGHT_BLOCK_PER_S a second: no more than one pair of opposing changes of
 *     10% fits into a second.
 *   - A cell may turn from rising to falling or back, by OB_LIGHT_TURN or more, OB_LIGHT_TURNS times, and gets
 *     OB_LIGHT_TURNS_PER_S of them back a second: a line of foam may pass as bright as it is, but more than three pairs
 *     of opposing changes in any second, or eleven in ten seconds for long, don't come through, in whatever pattern.
 * A small change that comes too soon is held back by making the new picture darker or lighter, a large one by going
 * over from the old light, soft as the cells are, into the new picture; both are blended from cell to cell. Means are
 * exact where a cell is even; elsewhere a change can come out a little larger, and the numbers leave room for that.
 * Main thread with the context current. */
#ifndef OB_RENDER_LIGHT_H
#define OB_RENDER_LIGHT_H

#include "base/err.h"
#include "render/program.h"

#include <epoxy/gl.h>
#include <stdbool.h>
#include <stdint.h>

#define OB_LIGHT_COLUMNS      96
#define OB_LIGHT_ROWS         54
#define OB_LIGHT_BOX          6
#define OB_LIGHT_SCREEN_PER_S 0.12
#define OB_LIGHT_BLOCK        0.10
#define OB_LIGHT_BLOCK_PER_S  0.12
#define OB_LIGHT_TURN         0.08
#define OB_LIGHT_TURNS        3.0
#define OB_LIGHT_TURNS_PER_S  2.2
#define OB_LIGHT_STEP_S       0.25 /* after a longer stall no more than this counts */
#define OB_LIGHT_STILL_S      2.0  /* frames further apart than this are stills, each shown as it is */

struct ob_light {
    struct ob_program grid;  /* image to cells */
    struct ob_program limit; /* cells to what may be shown: blocks, screen, cells */
    GLuint now, now_target;
    GLuint was[2], turns[2], blocks[2]; /* by turns this frame's and the one before */
    GLuint whole, again, sums, share, even, apply;
    GLuint was_targets[2], blocks_targets[2], whole_target, again_target, sums_target, share_target, even_target;
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
 * else the first frame is shown as it is. off: so is every frame. */
GLuint ob_light_limit(struct ob_light *light, int64_t seen_ns, bool first_dark, bool off);

#endif
