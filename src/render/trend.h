/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tachogram: heart rate over the last minute, each beat at the time it was measured, over the wave that the pacer
 * drew at that time. Old data are so seen to be old, and the cue is never drawn against a heart of another moment. */
#ifndef OB_RENDER_TREND_H
#define OB_RENDER_TREND_H

#include "engine/snapshot.h"
#include "plot/words.h"

#define OB_TREND_S 60.0

/* Draws into a rectangle of a Cairo surface; unit_px as everywhere (ob_hud_unit_px). */
void ob_trend_draw(struct ob_words *words, cairo_t *cairo, const struct ob_snapshot *snapshot, double x, double y,
                   double width, double height, double unit_px);

#endif
