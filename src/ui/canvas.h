/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where parts are drawn: a Cairo context with words, colours, a unit of size, and the focus.
 *
 * All sizes are in units: a hundredth of the screen's height, less on narrow screens. Words that matter are at least 3
 * units high, which at 1080 lines on a screen of 43 inches can be read from three metres (20 minutes of arc); words
 * that explain are at least 2.4. Pure; one thread at a time. */
#ifndef OB_UI_CANVAS_H
#define OB_UI_CANVAS_H

#include "base/words.h"
#include "plot/words.h"
#include "ui/focus.h"
#include "ui/theme.h"
#include "ui/told.h"

struct ob_ui_canvas {
    cairo_t *cairo;
    struct ob_words *words;
    const struct ob_ui_theme *theme;
    struct ob_ui_focus *focus;
    double width, height; /* pixels */
    double unit;          /* pixels */
    /* What a host adds; all may be 0. */
    struct ob_ui_told *told; /* collects what the parts say */
    ob_tr_fn *tr;
    double scroll;      /* how far the page is moved up, pixels */
    double bottom;      /* how high the page is as a whole, pixels */
    double overscan_01; /* margin at each side that a television may hide */
    const char *line;   /* about devices and the like; NULL or "": nothing */
    bool line_is_said;  /* the page has a place for it; else the host puts it at the foot, over whatever is there */
};

/* All of it becomes this colour, whatever was there. */
void ob_ui_paint_ground(cairo_t *cairo, const struct ob_ui_colour *colour);

/* Everything is borrowed. Begins a layout of the focus; end it with ob_ui_canvas_end(). */
void ob_ui_canvas_begin(struct ob_ui_canvas *canvas, cairo_t *cairo, struct ob_words *words,
                        const struct ob_ui_theme *theme, struct ob_ui_focus *focus, int width, int height);
void ob_ui_canvas_end(struct ob_ui_canvas *canvas);

/* Dark words over a scene stand on a sheet of paper; around it the scene is seen as it is. page: what stands on it. */
void ob_ui_sheet(cairo_t *cairo, const struct ob_ui_theme *theme, struct ob_ui_box page, double unit);

/* What a page says of the heart where it has nothing else to say, and a device's line in its place while there is one:
 * so no line has to lie over a page that is full. */
const char *ob_ui_line_or(struct ob_ui_canvas *canvas, const char *usual);

/* The words in the person's language. xgettext finds them by this name. */
const char *ob_ui_tr(const struct ob_ui_canvas *canvas, const char *english);

/* A page: a column of at most so many units, in the middle, with margins, moved up by what is scrolled, and as high as
 * it likes; end says with what is left of the box how high that was. */
struct ob_ui_box ob_ui_page(const struct ob_ui_canvas *canvas, double units);
void ob_ui_page_end(struct ob_ui_canvas *canvas, const struct ob_ui_box *left);

/* Boxes: parts of a box, which becomes smaller by them. */
struct ob_ui_box ob_ui_cut_top(struct ob_ui_box *box, double height);
struct ob_ui_box ob_ui_cut_bottom(struct ob_ui_box *box, double height);
struct ob_ui_box ob_ui_cut_left(struct ob_ui_box *box, double width);
struct ob_ui_box ob_ui_cut_right(struct ob_ui_box *box, double width);
struct ob_ui_box ob_ui_inset(struct ob_ui_box box, double by_x, double by_y);

/* A rectangle with round corners, as a path. */
void ob_ui_round(cairo_t *cairo, struct ob_ui_box box, double radius);

#endif
