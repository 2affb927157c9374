/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/trend.h"

#include "base/maths.h"
#include "plot/axis.h"

#include <math.h>
#include <stdio.h>

static void circle(const struct ob_plot_pen *pen, double x, double y, double radius, bool filled)
{
    const struct ob_plot_theme *theme = ob_pen_theme(pen);
    cairo_new_path(pen->cairo);
    cairo_arc(pen->cairo, x, y, radius, 0.0, OB_TAU);
    ob_pen_colour(pen, filled ? &theme->line : &theme->ground);
    cairo_fill_preserve(pen->cairo);
    ob_pen_colour(pen, &theme->line);
    cairo_set_line_width(pen->cairo, fmax(0.6, 0.35 * radius));
    cairo_stroke(pen->cairo);
}

static void widen(double value, double *low, double *high)
{
    if (!isfinite(value))
        return;
    *low = fmin(*low, value);
    *high = fmax(*high, value);
}

void ob_plot_trend(const struct ob_plot_pen *pen, const struct ob_plot_place *p, const struct ob_trend_plot *trend)
{
    const struct ob_plot_theme *theme = ob_pen_theme(pen);
    const double line = 1.4 * ob_pen_size(pen);
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < trend->count; i++) {
        widen(trend->points[i].before, &low, &high);
        widen(trend->points[i].after, &low, &high);
    }
    if (trend->y_name)
        ob_pen_text(pen, trend->y_name, p->x, p->y + 0.5 * line, OB_ALIGN_LEFT, &theme->faint);
    const double top = p->y + (trend->y_name ? 1.3 * line : 0.0), bottom = p->y + p->height;
    if (!(high >= low)) {
        if (trend->empty)
            ob_pen_text(pen, trend->empty, p->x, 0.5 * (top + bottom), OB_ALIGN_LEFT, &theme->faint);
        return;
    }
    const bool shaded = trend->usual_high > trend->usual_low;
    if (shaded) {
        widen(trend->usual_low, &low, &high);
        widen(trend->usual_high, &low, &high);
    }
    const double margin = fmax(0.12 * (high - low), pow(10.0, -trend->decimals));
    const double left = p->x + 3.2 * ob_pen_size(pen), right = p->x + p->width;
    const struct ob_plot_axis y = {.low = low - margin, .high = high + margin, .from = bottom, .to = top};
    if (shaded)
        ob_pen_box(pen, left, ob_plot_at(&y, trend->usual_high), right - left,
                   ob_plot_at(&y, trend->usual_low) - ob_plot_at(&y, trend->usual_high), &theme->shade);
    const double step = ob_plot_step(y.high - y.low, 4);
    for (double k = ceil(y.low / step - 1e-9); k * step <= y.high + 1e-9 * step; k += 1.0) {
        char number[32];
        snprintf(number, sizeof number, "%.*f", step < 1.0 ? 1 : 0, k * step);
        ob_pen_rule(pen, left, ob_plot_at(&y, k * step), right, ob_plot_at(&y, k * step), 0.5, &theme->grid);
        ob_pen_text(pen, number, left - 0.5 * ob_pen_size(pen), ob_plot_at(&y, k * step), OB_ALIGN_RIGHT,
                    &theme->faint);
    }
    const double each = (right - left) / (double)trend->count,
                 radius = ob_clamp(0.18 * each, 0.8, 0.375 * ob_pen_size(pen));
    for (size_t i = 0; i < trend->count; i++) {
        const struct ob_trend_point *point = &trend->points[i];
        const double x = left + ((double)i + 0.5) * each;
        if (point->compared && isfinite(point->before) && isfinite(point->after))
            ob_pen_rule(pen, x, ob_plot_at(&y, point->before), x, ob_plot_at(&y, point->after), 0.8, &theme->line);
        if (isfinite(point->before))
            circle(pen, x, ob_plot_at(&y, point->before), radius, false);
        if (isfinite(point->after))
            circle(pen, x, ob_plot_at(&y, point->after), radius, true);
        if (point->ringed)
            ob_pen_rule(pen, x, bottom - 1.0, x, bottom + 3.0, 1.2, &theme->ink);
    }
}
