/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/posterior.h"

#include "base/maths.h"

#include <math.h>
#include <stdio.h>

#define LAST_BRPM (OB_PACE_FIRST_BRPM + OB_PACE_STEP_BRPM * (OB_PACE_RATES - 1))

struct field {
    struct ob_plot_place place;
    double top;
};

static double x_of(const struct field *f, double brpm)
{
    return f->place.x + f->place.width * ob_clamp01((brpm - OB_PACE_FIRST_BRPM) / (LAST_BRPM - OB_PACE_FIRST_BRPM));
}

static double y_of(const struct field *f, double probability)
{
    return f->place.y + f->place.height * (1.0 - 0.92 * ob_clamp01(probability / f->top));
}

static double at(const double *p, double brpm)
{
    const double k = (brpm - OB_PACE_FIRST_BRPM) / OB_PACE_STEP_BRPM;
    const int i = (int)ob_clamp(floor(k), 0.0, OB_PACE_RATES - 2.0);
    return ob_lerp(p[i], p[i + 1], ob_clamp01(k - i));
}

/* The curve from one rate to another. */
static void path(cairo_t *cr, const struct field *f, const double *p, double low, double high)
{
    cairo_line_to(cr, x_of(f, low), y_of(f, at(p, low)));
    for (int i = 0; i < OB_PACE_RATES; i++) {
        const double brpm = OB_PACE_FIRST_BRPM + OB_PACE_STEP_BRPM * i;
        if (brpm > low && brpm < high)
            cairo_line_to(cr, x_of(f, brpm), y_of(f, p[i]));
    }
    cairo_line_to(cr, x_of(f, high), y_of(f, at(p, high)));
}

void ob_plot_posterior(const struct ob_plot_pen *pen, const struct ob_plot_place *place,
                       const struct ob_posterior_plot *o)
{
    const struct ob_plot_theme *theme = ob_pen_theme(pen);
    const double line = 1.4 * ob_pen_size(pen);
    cairo_t *cr = pen->cairo;
    struct field f = {.place = *place, .top = 1e-12};
    f.place.height -= line * (o->x_name ? 2.0 : 1.0);
    for (int i = 0; i < OB_PACE_RATES; i++)
        f.top = fmax(f.top, o->probabilities[i]);
    const double floor_y = f.place.y + f.place.height;
    if (o->high_brpm > o->low_brpm) {
        const double low = fmax(o->low_brpm, OB_PACE_FIRST_BRPM), high = fmin(o->high_brpm, LAST_BRPM);
        cairo_new_path(cr);
        cairo_move_to(cr, x_of(&f, low), floor_y);
        path(cr, &f, o->probabilities, low, high);
        cairo_line_to(cr, x_of(&f, high), floor_y);
        cairo_close_path(cr);
        ob_pen_colour(pen, &theme->shade);
        cairo_fill(cr);
    }
    ob_pen_rule(pen, place->x, floor_y, place->x + place->width, floor_y, 0.6, &theme->faint);
    cairo_new_path(cr);
    path(cr, &f, o->probabilities, OB_PACE_FIRST_BRPM, LAST_BRPM);
    ob_pen_colour(pen, &theme->line);
    cairo_set_line_width(cr, fmax(1.0, 0.14 * ob_pen_size(pen)));
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_stroke(cr);
    if (o->named)
        ob_pen_rule(pen, x_of(&f, o->mean_brpm), floor_y, x_of(&f, o->mean_brpm),
                    y_of(&f, at(o->probabilities, o->mean_brpm)), 1.0, &theme->ink);
    for (int rate = 5; rate <= 7; rate++) {
        char text[8];
        snprintf(text, sizeof text, "%d", rate);
        ob_pen_rule(pen, x_of(&f, rate), floor_y, x_of(&f, rate), floor_y + 2.5, 0.6, &theme->faint);
        ob_pen_text(pen, text, x_of(&f, rate), floor_y + 0.7 * line, rate == 7 ? OB_ALIGN_RIGHT : OB_ALIGN_CENTRE,
                    &theme->faint);
    }
    if (o->x_name)
        ob_pen_text(pen, o->x_name, place->x + place->width, floor_y + 1.6 * line, OB_ALIGN_RIGHT, &theme->faint);
}
