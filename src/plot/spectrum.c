/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/spectrum.h"

#include "base/maths.h"
#include "plot/axis.h"

#include <math.h>
#include <stdio.h>

#define LAST_PER_MIN 24.0 /* 0.40 Hz, where the bands of heart-rate variability end */
#define STEP_PER_MIN 3.0
#define LEAST_MS2_HZ 100.0 /* a heart that hardly swings is drawn low, not blown up */

struct field {
    const struct ob_plot_pen *pen;
    const struct ob_plot_theme *theme;
    struct ob_plot_axis x, y;
};

static void scale(const struct field *f)
{
    const double step = ob_plot_step(f->y.high, 3);
    for (double k = 1.0; k * step <= f->y.high; k += 1.0) {
        char number[32];
        const double at = ob_plot_at(&f->y, k * step);
        snprintf(number, sizeof number, "%.0f", k * step);
        ob_pen_rule(f->pen, f->x.from, at, f->x.to, at, 0.5, &f->theme->grid);
        ob_pen_text(f->pen, number, f->x.from - 0.4 * ob_pen_size(f->pen), at, OB_ALIGN_RIGHT, &f->theme->faint);
    }
}

static void curve(const struct field *f, const struct ob_spectrum_plot *plot)
{
    cairo_t *cr = f->pen->cairo;
    cairo_new_path(cr);
    cairo_move_to(cr, f->x.from, f->y.from);
    double last = f->x.from;
    for (size_t k = 0; k < plot->bins && 60.0 * (double)k * plot->step_hz <= LAST_PER_MIN + 1e-9; k++) {
        last = ob_plot_at(&f->x, 60.0 * (double)k * plot->step_hz);
        cairo_line_to(cr, last, ob_plot_at(&f->y, ob_clamp(plot->density[k], 0.0, f->y.high)));
    }
    cairo_line_to(cr, last, f->y.from);
    cairo_close_path(cr);
    ob_pen_colour(f->pen, &f->theme->shade);
    cairo_fill_preserve(cr);
    ob_pen_colour(f->pen, &f->theme->line);
    cairo_set_line_width(cr, ob_pen_line(f->pen, 1.1));
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(cr);
}

/* A rate with its name in the row over the curve; to_left: the name stands on that side, because another is near. */
static void rate(const struct field *f, double brpm, const char *name, bool pace, bool to_left)
{
    const double size = ob_pen_size(f->pen), x = ob_plot_at(&f->x, brpm), y = f->y.to - 0.5 * size, r = 0.3 * size;
    const struct ob_plot_colour *colour = pace ? &f->theme->second : &f->theme->ink;
    cairo_t *cr = f->pen->cairo;
    cairo_save(cr);
    if (pace) {
        const double dots[] = {0.0, ob_pen_line(f->pen, 2.4)};
        cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
        cairo_set_dash(cr, dots, 2, 0.0);
    }
    ob_pen_rule(f->pen, x, y, x, f->y.from, pace ? 1.3 : 0.8, colour);
    cairo_restore(cr);
    cairo_new_path(cr);
    if (pace)
        cairo_arc(cr, x, y, 0.9 * r, 0.0, OB_TAU);
    else {
        cairo_move_to(cr, x - r, y - r);
        cairo_line_to(cr, x + r, y - r);
        cairo_line_to(cr, x, y + r);
        cairo_close_path(cr);
    }
    ob_pen_colour(f->pen, pace ? &f->theme->ground : colour);
    cairo_fill_preserve(cr);
    ob_pen_colour(f->pen, colour);
    cairo_set_line_width(cr, ob_pen_line(f->pen, 0.9));
    cairo_stroke(cr);
    const double width = name ? ob_pen_width(f->pen, name) : 0.0, beside = x + (to_left ? -2.0 : 2.0) * r;
    if (name && to_left)
        ob_pen_text(f->pen, name, fmax(beside, f->x.from + width), y, OB_ALIGN_RIGHT, &f->theme->ink);
    else if (name)
        ob_pen_text(f->pen, name, fmin(beside, f->x.to - width), y, OB_ALIGN_LEFT, &f->theme->ink);
}

void ob_plot_spectrum(const struct ob_plot_pen *pen, const struct ob_plot_place *p, const struct ob_spectrum_plot *plot)
{
    const double size = ob_pen_size(pen), line = 1.4 * size;
    struct field f = {.pen = pen, .theme = ob_pen_theme(pen)};
    f.x = (struct ob_plot_axis){
        .low = 0.0, .high = LAST_PER_MIN, .from = p->x + 4.2 * size, .to = p->x + p->width - 1.2 * size};
    f.y = (struct ob_plot_axis){
        .high = LEAST_MS2_HZ, .from = p->y + p->height - (plot->x_name ? 2.2 : 1.2) * line, .to = p->y + 2.0 * line};
    for (size_t k = 0; plot->density && k < plot->bins; k++)
        if (60.0 * (double)k * plot->step_hz <= LAST_PER_MIN)
            f.y.high = fmax(f.y.high, 1.08 * plot->density[k]);
    if (plot->y_name)
        ob_pen_text(pen, plot->y_name, p->x, p->y + 0.45 * line, OB_ALIGN_LEFT, &f.theme->faint);
    if (plot->density) {
        scale(&f);
        curve(&f, plot);
    } else if (plot->empty)
        ob_pen_text(pen, plot->empty, 0.5 * (f.x.from + f.x.to), 0.5 * (f.y.from + f.y.to), OB_ALIGN_CENTRE,
                    &f.theme->ink);
    ob_pen_rule(pen, f.x.from, f.y.from, f.x.to, f.y.from, 0.6, &f.theme->faint);
    for (double at = 0.0; at <= LAST_PER_MIN; at += STEP_PER_MIN) {
        char number[16];
        const double x = ob_plot_at(&f.x, at);
        snprintf(number, sizeof number, "%.0f", at);
        ob_pen_rule(pen, x, f.y.from, x, f.y.from + 0.3 * size, 0.6, &f.theme->faint);
        ob_pen_text(pen, number, x, f.y.from + 0.75 * line, OB_ALIGN_CENTRE, &f.theme->faint);
    }
    if (plot->x_name)
        ob_pen_text(pen, plot->x_name, f.x.to, f.y.from + 1.7 * line, OB_ALIGN_RIGHT, &f.theme->faint);
    const bool pace = isfinite(plot->pace_brpm) && plot->pace_brpm > 0.0 && plot->pace_brpm <= LAST_PER_MIN;
    const bool breath = isfinite(plot->breath_brpm) && plot->breath_brpm > 0.0 && plot->breath_brpm <= LAST_PER_MIN;
    const bool breath_left = pace && breath && plot->breath_brpm < plot->pace_brpm;
    if (pace)
        rate(&f, plot->pace_brpm, plot->pace_name, true, breath && !breath_left);
    if (breath)
        rate(&f, plot->breath_brpm, plot->breath_name, false, breath_left);
}
