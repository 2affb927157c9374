/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A judge of light: how fast pictures that were shown changed, and how often they flashed.
 *
 * It is fed with the cells of one frame after another and keeps to WCAG 2.3.1: a flash is a pair of opposing changes of
 * relative luminance by 0.10 or more of full white where the darker is below 0.80; it is counted for areas of 12 x 12
 * cells, a quarter of a 10 degree field (which WCAG gives as 341 x 256 of 1024 x 768 pixels), that overlap by half. A
 * red flash is a pair of opposing changes of (R - G - B) x 320 by more than 20 with a saturated red (R / (R + G + B) of
 * 0.8 or more) among the two. More than three in any second fail. Our own limits for scenes, of docs/scenes.md, are in
 * whole_per_s. Pure. */
#ifndef OB_RENDER_FLICKER_H
#define OB_RENDER_FLICKER_H

#include "render/light.h"

#include <stdbool.h>
#include <stdint.h>

#define OB_FLICKER_STEP     0.10
#define OB_FLICKER_DARK     0.80
#define OB_FLICKER_MOST     3    /* flashes in a second that WCAG lets pass */
#define OB_FLICKER_PER_S    0.15 /* of full white: the whole screen */
#define OB_FLICKER_COLUMNS  (OB_LIGHT_COLUMNS / OB_LIGHT_BOX - 1)
#define OB_FLICKER_ROWS     (OB_LIGHT_ROWS / OB_LIGHT_BOX - 1)
#define OB_FLICKER_AREAS    (OB_FLICKER_COLUMNS * OB_FLICKER_ROWS)
#define OB_FLICKER_TURNS    12 /* of an area that are remembered; more of them than count in a second */
#define OB_FLICKER_WINDOW_S 0.1

/* Turns of one value from rising to falling and back. */
struct ob_flicker_trace {
    double extreme;
    bool extreme_red; /* a saturated red was there */
    int direction;
    int64_t turns_ns[OB_FLICKER_TURNS];
    int count;
};

struct ob_flicker {
    struct ob_flicker_trace light[OB_FLICKER_AREAS], red[OB_FLICKER_AREAS];
    double whole[32]; /* of the last frames, for the change of the whole screen */
    int64_t whole_ns[32];
    uint64_t frames;
    /* since init, or since somebody put them to 0 */
    double whole_per_s; /* fastest change of the whole screen over OB_FLICKER_WINDOW_S */
    int flashes;        /* most pairs of opposing changes of an area in any second */
    int red_flashes;
    double least, most; /* of the whole screen */
};

void ob_flicker_init(struct ob_flicker *flicker);

/* A frame: the mean of each cell in linear light, rows from the bottom, at the time it was seen. */
void ob_flicker_frame(struct ob_flicker *flicker, const float cells[OB_LIGHT_ROWS][OB_LIGHT_COLUMNS][3],
                      int64_t seen_ns);

/* Whether what was seen since breaks WCAG's limit. */
bool ob_flicker_fails(const struct ob_flicker *flicker);

/* sRGB's curve: a byte of the screen as light. */
float ob_flicker_linear(uint8_t byte);

#endif
