/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts that screens are made of: label, row, button, pill, bar, steps of strength. Each draws itself into a box
 * and, where it can be chosen, tells the focus where it is. Pure. */
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
