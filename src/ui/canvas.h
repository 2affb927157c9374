/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where parts are drawn: a Cairo context with words, colours, a unit of size, and the focus.
 *
 * All sizes are in units: a hundredth of the screen's height, less on narrow screens. Words that matter are at least 3
 * units high, which at 1080 lines on a screen of 43 inches can be read from three metres (20 minutes of arc); words
 * that explain are at least 2.4. Pure; one thread at a time. */
#ifndef OB_UI_CANVAS_H
#define OB_UI_CANVAS_H

#include "plot/words.h"
#include "ui/focus.h"
#include "ui/theme.h"

struct ob_ui_canvas {
    cairo_t *cairo;
    struct ob_words *words;
    const struct ob_ui_theme *theme;
    struct ob_ui_focus *focus;
    double width, height; /* pixels */
    double unit;          /* pixels */
};

/* Everything is borrowed. Paints the ground and begins a layout of the focus; end it with ob_ui_canvas_end(). */
void ob_ui_canvas_begin(struct ob_ui_canvas *canvas, cairo_t *cairo, struct ob_words *words,
                        const struct ob_ui_theme *theme, struct ob_ui_focus *focus, int width, int height);
void ob_ui_canvas_end(struct ob_ui_canvas *canvas);

/* Boxes: parts of a box, which becomes smaller by them. */
struct ob_ui_box ob_ui_cut_top(struct ob_ui_box *box, double height);
struct ob_ui_box ob_ui_cut_bottom(struct ob_ui_box *box, double height);
struct ob_ui_box ob_ui_cut_left(struct ob_ui_box *box, double width);
struct ob_ui_box ob_ui_cut_right(struct ob_ui_box *box, double width);
struct ob_ui_box ob_ui_inset(struct ob_ui_box box, double by_x, double by_y);

/* A rectangle with round corners, as a path. */
void ob_ui_round(cairo_t *cairo, struct ob_ui_box box, double radius);

#endif
