/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the small plots share: where they draw, in which colours, with which words. They draw on any Cairo context, of
 * a screen as of a page, at any size, and know nothing of either. Texts are the caller's and come translated. What a
 * colour says, a form or a word says as well, so that a grey print loses nothing. Pure; one thread at a time. */
#ifndef OB_PLOT_PEN_H
#define OB_PLOT_PEN_H

#include "plot/words.h"

#include <cairo.h>

struct ob_plot_colour {
    double red, green, blue, alpha;
};

struct ob_plot_theme {
    struct ob_plot_colour ink;    /* words and what matters most */
    struct ob_plot_colour faint;  /* words that explain, axes */
    struct ob_plot_colour grid;   /* lines behind a trace */
    struct ob_plot_colour line;   /* traces */
    struct ob_plot_colour second; /* another trace beside them */
    struct ob_plot_colour shade;  /* windows and ranges, behind everything */
    struct ob_plot_colour mark;   /* marks */
    struct ob_plot_colour ground; /* what is behind; the inside of open signs */
};

/* For paper: dark on white, told apart in grey as well. Static memory. */
const struct ob_plot_theme *ob_plot_paper(void);

struct ob_plot_pen {
    cairo_t *cairo;
    struct ob_words *words;
    const struct ob_plot_theme *theme; /* NULL: paper */
    double text_px;                    /* size of the words; 0: 8 */
};

struct ob_plot_place {
    double x, y, width, height;
};

void ob_pen_colour(const struct ob_plot_pen *pen, const struct ob_plot_colour *colour);

/* Words with their middle at y, and their left, middle or right at x. */
void ob_pen_text(const struct ob_plot_pen *pen, const char *text, double x, double y, enum ob_align align,
                 const struct ob_plot_colour *colour);
double ob_pen_width(const struct ob_plot_pen *pen, const char *text);

double ob_pen_size(const struct ob_plot_pen *pen);

/* A thickness that is meant for paper, at this pen's size: beside large words, lines are read from afar as well. */
double ob_pen_line(const struct ob_plot_pen *pen, double thickness);
const struct ob_plot_theme *ob_pen_theme(const struct ob_plot_pen *pen);

/* thickness: as for paper, see ob_pen_line(). */
void ob_pen_rule(const struct ob_plot_pen *pen, double x0, double y0, double x1, double y1, double thickness,
                 const struct ob_plot_colour *colour);
void ob_pen_box(const struct ob_plot_pen *pen, double x, double y, double width, double height,
                const struct ob_plot_colour *colour);

#endif
