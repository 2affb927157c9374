/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts that screens are made of: label, row, option, button, pill, bar, steps of strength. Each draws itself into
 * a box and, where it can be chosen, tells the focus where it is. Pure. */
#ifndef OB_UI_PARTS_H
#define OB_UI_PARTS_H

#include "ui/canvas.h"

enum ob_ui_ink { OB_UI_INK, OB_UI_FAINT, OB_UI_ACCENT };

struct ob_ui_label {
    const char *text;
    double size; /* units */
    int weight;  /* 300-700 */
    enum ob_ui_ink ink;
    enum ob_align align;
    bool one_line; /* else it is broken at the box's width */
};

/* How high it is at a width, pixels. */
double ob_ui_label_height(const struct ob_ui_canvas *canvas, const struct ob_ui_label *label, double width);

/* At the top of the box; one line that is too long for it gets smaller, to two thirds, and is cut off then. Returns its
 * height. */
double ob_ui_label(const struct ob_ui_canvas *canvas, const struct ob_ui_label *label, struct ob_ui_box box);

/* The ground of something that can be chosen: raised, and with a ring around it when it has the focus. in_use: a bar at
 * its left says so. Returns whether it has the focus. */
bool ob_ui_row(const struct ob_ui_canvas *canvas, uint64_t key, struct ob_ui_box box, bool in_use);

/* What is drawn after ob_ui_row() belongs to the row, for a voice, until here or the next item. */
void ob_ui_row_end(const struct ob_ui_canvas *canvas);

/* A label at the top of what is left of a page, and so many units of room after it. Returns its height. */
double ob_ui_flow(const struct ob_ui_canvas *canvas, const struct ob_ui_label *label, struct ob_ui_box *box,
                  double gap);

/* Where the value of an option begins, as a share of its width. */
#define OB_UI_VALUE_FROM 0.58

/* A row with a name, a value at its right, and a sentence about it. */
struct ob_ui_option {
    const char *name, *value, *about; /* value and about may be NULL */
    bool steps;                       /* left and right change the value; at the first or last there is no more */
    bool first, last;
    bool has_share; /* the value is also a bar */
    double share_01;
};

/* At the top of what is left of a page; takes its height and a gap from it. Returns whether it has the focus. */
bool ob_ui_option(const struct ob_ui_canvas *canvas, uint64_t key, const struct ob_ui_option *option,
                  struct ob_ui_box *box);

/* A button with its words in the middle; as wide as they need and 1.5 times as long words would fit: see
 * ob_ui_button_width(). */
bool ob_ui_button(const struct ob_ui_canvas *canvas, uint64_t key, const char *words, struct ob_ui_box box);
double ob_ui_button_width(const struct ob_ui_canvas *canvas, const char *words);

/* A word in a rounded frame, its upper right corner at x, y. Returns its width. */
double ob_ui_pill(const struct ob_ui_canvas *canvas, const char *word, double right_x, double y);

/* How much of something there is, 0-1, as a bar. */
void ob_ui_bar(const struct ob_ui_canvas *canvas, struct ob_ui_box box, double value_01);

/* How strong something is: so many of four steps are filled. */
void ob_ui_steps(const struct ob_ui_canvas *canvas, struct ob_ui_box box, int filled);

/* A key for something known by a text and a number. Never 0. */
uint64_t ob_ui_key(const char *text, unsigned part);

#endif
