/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The colours of screens. Nothing is told by colour alone: what a colour says, a word or a form says as well. */
#ifndef OB_UI_THEME_H
#define OB_UI_THEME_H

#include <cairo.h>
#include <stdbool.h>

struct ob_ui_colour {
    double red, green, blue, alpha;
};

struct ob_ui_theme {
    const char *name;
    struct ob_ui_colour ground; /* behind everything */
    struct ob_ui_colour raised; /* rows and buttons */
    struct ob_ui_colour lifted; /* the one with the focus */
    struct ob_ui_colour ink;    /* words that matter */
    struct ob_ui_colour faint;  /* words that explain; still 4.5:1 on raised */
    struct ob_ui_colour line;   /* traces */
    struct ob_ui_colour accent; /* what is in use, the ring of the focus, the beats */
    struct ob_ui_colour quiet;  /* rules, the empty part of a bar */
};

/* "dusk" (the colours of the numbers over the scene), "contrast" (white on black, hard edges), "black" (true black,
 * dim, for a dark room), "day" (dark on paper, for a bright room). NULL or an unknown name: dusk. Static memory. */
const struct ob_ui_theme *ob_ui_theme(const char *name);

void ob_ui_set_colour(cairo_t *cairo, const struct ob_ui_colour *colour);

/* Dark words: they need nearly all of their paper, and a scene can't show through it. */
bool ob_ui_needs_paper(const struct ob_ui_theme *theme);

/* How much of the ground is left where a scene shows through: as little as keeps words at 4.5:1 over any scene. */
double ob_ui_sheer_01(const struct ob_ui_theme *theme);

/* Contrast of two opaque colours by WCAG 2.1, 1-21. */
double ob_ui_contrast(const struct ob_ui_colour *a, const struct ob_ui_colour *b);

#endif
