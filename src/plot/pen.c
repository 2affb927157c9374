/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/pen.h"

#include <math.h>

const struct ob_plot_theme *ob_plot_paper(void)
{
    static const struct ob_plot_theme paper = {
        .ink = {0.10, 0.12, 0.14, 1.0},
        .faint = {0.38, 0.41, 0.44, 1.0},
        .grid = {0.78, 0.80, 0.82, 1.0},
        .line = {0.09, 0.30, 0.42, 1.0},
        .second = {0.55, 0.36, 0.10, 1.0},
        .shade = {0.88, 0.92, 0.94, 1.0},
        .mark = {0.62, 0.28, 0.05, 1.0},
        .ground = {1.0, 1.0, 1.0, 1.0},
    };
    return &paper;
}

const struct ob_plot_theme *ob_pen_theme(const struct ob_plot_pen *pen)
{
    return pen->theme ? pen->theme : ob_plot_paper();
}

double ob_pen_size(const struct ob_plot_pen *pen)
{
    return pen->text_px > 0.0 ? pen->text_px : 8.0;
}

double ob_pen_line(const struct ob_plot_pen *pen, double thickness)
{
    return thickness * fmax(1.0, ob_pen_size(pen) / 11.0);
}

void ob_pen_colour(const struct ob_plot_pen *pen, const struct ob_plot_colour *c)
{
    cairo_set_source_rgba(pen->cairo, c->red, c->green, c->blue, c->alpha);
}

static struct ob_text_style style_of(const struct ob_plot_pen *pen, const struct ob_plot_colour *c, enum ob_align align)
{
    return (struct ob_text_style){.size_px = ob_pen_size(pen),
                                  .weight = 400,
                                  .red = c->red,
                                  .green = c->green,
                                  .blue = c->blue,
                                  .alpha = c->alpha,
                                  .align = align};
}

void ob_pen_text(const struct ob_plot_pen *pen, const char *text, double x, double y, enum ob_align align,
                 const struct ob_plot_colour *colour)
{
    const struct ob_text_style style = style_of(pen, colour, align);
    double width, height;
    ob_words_measure(pen->words, text, &style, &width, &height);
    ob_words_draw(pen->words, pen->cairo, text, x, y - 0.5 * height, &style);
}

double ob_pen_width(const struct ob_plot_pen *pen, const char *text)
{
    const struct ob_text_style style = style_of(pen, &ob_pen_theme(pen)->ink, OB_ALIGN_LEFT);
    double width, height;
    ob_words_measure(pen->words, text, &style, &width, &height);
    return width;
}

void ob_pen_rule(const struct ob_plot_pen *pen, double x0, double y0, double x1, double y1, double thickness,
                 const struct ob_plot_colour *colour)
{
    ob_pen_colour(pen, colour);
    cairo_set_line_width(pen->cairo, ob_pen_line(pen, thickness));
    cairo_new_path(pen->cairo);
    cairo_move_to(pen->cairo, x0, y0);
    cairo_line_to(pen->cairo, x1, y1);
    cairo_stroke(pen->cairo);
}

void ob_pen_box(const struct ob_plot_pen *pen, double x, double y, double width, double height,
                const struct ob_plot_colour *colour)
{
    ob_pen_colour(pen, colour);
    cairo_new_path(pen->cairo);
    cairo_rectangle(pen->cairo, x, y, width, height);
    cairo_fill(pen->cairo);
}
