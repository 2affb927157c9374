/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words by Pango on a Cairo surface, for screens and numbers: one family (Inter where it is there), sizes in pixels.
 * Pure; one thread at a time. */
#ifndef OB_PLOT_WORDS_H
#define OB_PLOT_WORDS_H

#include <cairo.h>
#include <pango/pangocairo.h>
#include <stdbool.h>

struct ob_words {
    PangoContext *context;
    PangoLayout *layout;
};

enum ob_align { OB_ALIGN_LEFT, OB_ALIGN_CENTRE, OB_ALIGN_RIGHT };

struct ob_text_style {
    double size_px; /* of the type: about 1.4 times the height of a capital */
    int weight;     /* 300-700 */
    double red, green, blue, alpha;
    enum ob_align align;
    double wrap_px; /* widest line; 0: one line, however long */
    bool shadow;    /* a soft dark one, for words that stand on the scene itself */
};

bool ob_words_init(struct ob_words *words);
void ob_words_finish(struct ob_words *words);

/* Size of a text when drawn, without its shadow. */
void ob_words_measure(struct ob_words *words, const char *text, const struct ob_text_style *style, double *width_out,
                      double *height_out);

/* Draws with the top at y, and x at the left, centre or right as the style says. What is not UTF-8 in it is
 * shown as a sign for that. */
void ob_words_draw(struct ob_words *words, cairo_t *cairo, const char *text, double x, double y,
                   const struct ob_text_style *style);

#endif
