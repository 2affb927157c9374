/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/heart.h"

#include "base/maths.h"
#include "plot/axis.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define DENSE 2.5 /* beats a unit of width from which on their range is drawn */

struct strip {
    const struct ob_plot_pen *pen;
    const struct ob_plot_theme *theme;
    const struct ob_heart_plot *plot;
    struct ob_plot_axis x, heart, breath;
    double signs_y; /* where the triangles stand */
};

static int rising(const void *a, const void *b)
{
    const double d = *(const double *)a - *(const double *)b;
    return (d > 0.0) - (d < 0.0);
}

/* All but the farthest half percent on either side: one wild beat must not flatten an hour. */
static bool range_of(double *values, size_t count, double *low_out, double *high_out)
{
    if (count == 0)
        return false;
    qsort(values, count, sizeof *values, rising);
    const size_t cut = count / 200;
    *low_out = values[cut];
    *high_out = values[count - 1 - cut];
    return true;
}

static bool heart_range(struct strip *s)
{
    const struct ob_nn_list *list = s->plot->list;
    double *rates = malloc((list->count + 1) * sizeof *rates), low = 60.0, high = 80.0;
    for (size_t i = 0; rates && i < list->count; i++)
        rates[i] = 60000.0 / list->items[i].nn_ms;
    const bool any = rates && range_of(rates, list->count, &low, &high);
    free(rates);
    const double margin = fmax(2.0, 0.1 * (high - low));
    s->heart.low = low - margin;
    s->heart.high = high + margin;
    return any;
}

static bool breath_range(struct strip *s)
{
    const struct ob_heart_plot *plot = s->plot;
    double low = INFINITY, high = -INFINITY;
    for (size_t i = 0; i < plot->breath_count; i++) {
        const double both[2] = {(double)plot->breaths[i].own_brpm, (double)plot->breaths[i].pacer_brpm};
        for (int k = 0; k < 2; k++)
            if (isfinite(both[k])) {
                low = fmin(low, both[k]);
                high = fmax(high, both[k]);
            }
    }
    s->breath.low = fmax(0.0, floor(low - 1.0));
    s->breath.high = ceil(high + 1.0);
    return high >= low;
}

static void scale(const struct strip *s, const struct ob_plot_axis *y, int most)
{
    const double step = ob_plot_step_within(y->low, y->high, most);
    for (double k = ceil(y->low / step - 1e-9); k * step <= y->high + 1e-9 * step; k += 1.0) {
        char number[32];
        const double at = ob_plot_at(y, k * step);
        snprintf(number, sizeof number, "%.*f", step < 1.0 ? 1 : 0, k * step);
        ob_pen_rule(s->pen, s->x.from, at, s->x.to, at, 0.5, &s->theme->grid);
        ob_pen_text(s->pen, number, s->x.from - 0.5 * ob_pen_size(s->pen), at, OB_ALIGN_RIGHT, &s->theme->faint);
    }
}

static void minutes(const struct strip *s, double y)
{
    static const double steps_s[] = {10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200};
    const double range = s->x.high - s->x.low, most = fmax(2.0, (s->x.to - s->x.from) / (5.0 * ob_pen_size(s->pen)));
    size_t k = 0;
    while (k + 1 < sizeof steps_s / sizeof *steps_s && range / steps_s[k] > most)
        k++;
    const bool hours = steps_s[k] >= 3600.0;
    for (double t = ceil(s->x.low / steps_s[k]) * steps_s[k]; t <= s->x.high + 1e-9; t += steps_s[k]) {
        char text[48];
        const double at = ob_plot_at(&s->x, t);
        const int seconds = (int)fabs(t) % 60;
        if (hours)
            snprintf(text, sizeof text, "%d", (int)t / 3600);
        else if (seconds)
            snprintf(text, sizeof text, "%d:%02d", (int)t / 60, seconds);
        else
            snprintf(text, sizeof text, "%d", (int)t / 60);
        ob_pen_rule(s->pen, at, y, at, y + 2.5, 0.6, &s->theme->faint);
        ob_pen_text(s->pen, text, at, y + 2.5 + 0.7 * ob_pen_size(s->pen), OB_ALIGN_CENTRE, &s->theme->faint);
    }
    if (s->plot->minutes)
        ob_pen_text(s->pen, hours ? "h" : s->plot->minutes, s->x.to + 0.9 * ob_pen_size(s->pen),
                    y + 2.5 + 0.7 * ob_pen_size(s->pen), OB_ALIGN_LEFT, &s->theme->faint);
}

static double rate_y(const struct strip *s, double nn_ms)
{
    return ob_plot_at(&s->heart, ob_clamp(60000.0 / nn_ms, s->heart.low, s->heart.high));
}

/* Column by column the range of the beats in it: as dark as a line where they agree, a band where they swing. */
static void dense_trace(const struct strip *s)
{
    const struct ob_nn_list *list = s->plot->list;
    const double column = ob_pen_line(s->pen, 0.6);
    cairo_t *cr = s->pen->cairo;
    ob_pen_colour(s->pen, &s->theme->line);
    cairo_set_line_width(cr, column);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
    cairo_new_path(cr);
    double at = -1.0, top = 0.0, bottom = 0.0;
    for (size_t i = 0; i <= list->count; i++) {
        const bool over = i == list->count;
        const double here = over ? -2.0 : floor(ob_plot_at(&s->x, list->items[i].time_s) / column);
        const double y = over ? 0.0 : rate_y(s, list->items[i].nn_ms);
        if (here != at) {
            if (at >= 0.0) {
                cairo_move_to(cr, (at + 0.5) * column, top - 0.3);
                cairo_line_to(cr, (at + 0.5) * column, bottom + 0.3);
            }
            at = here;
            top = bottom = y;
        }
        top = fmin(top, y);
        bottom = fmax(bottom, y);
    }
    cairo_stroke(cr);
}

static void trace(const struct strip *s)
{
    const struct ob_nn_list *list = s->plot->list;
    cairo_t *cr = s->pen->cairo;
    if ((double)list->count > DENSE * (s->x.to - s->x.from)) {
        dense_trace(s);
        return;
    }
    cairo_new_path(cr);
    for (size_t i = 0; i < list->count; i++) {
        const double x = ob_plot_at(&s->x, list->items[i].time_s), y = rate_y(s, list->items[i].nn_ms);
        if (i == 0 || !list->items[i].joined)
            cairo_move_to(cr, x, y);
        else
            cairo_line_to(cr, x, y);
    }
    ob_pen_colour(s->pen, &s->theme->line);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_width(cr, ob_pen_line(s->pen, list->count > (size_t)(s->x.to - s->x.from) ? 0.5 : 0.8));
    cairo_stroke(cr);
}

static void breath_line(const struct strip *s, bool pacer)
{
    const struct ob_heart_plot *plot = s->plot;
    const double dots[] = {0.0, ob_pen_line(s->pen, 2.4)};
    cairo_t *cr = s->pen->cairo;
    bool pen_down = false;
    cairo_save(cr);
    cairo_new_path(cr);
    for (size_t i = 0; i < plot->breath_count; i++) {
        const double value = (double)(pacer ? plot->breaths[i].pacer_brpm : plot->breaths[i].own_brpm);
        const double x = ob_plot_at(&s->x, (double)plot->breaths[i].time_s);
        if (isfinite(value) && pen_down)
            cairo_line_to(cr, x, ob_plot_at(&s->breath, value));
        else if (isfinite(value))
            cairo_move_to(cr, x, ob_plot_at(&s->breath, value));
        pen_down = isfinite(value);
    }
    ob_pen_colour(s->pen, pacer ? &s->theme->second : &s->theme->line);
    cairo_set_line_width(cr, ob_pen_line(s->pen, pacer ? 1.3 : 0.9));
    if (pacer) {
        cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
        cairo_set_dash(cr, dots, 2, 0.0);
    }
    cairo_stroke(cr);
    cairo_restore(cr);
}

static void windows(const struct strip *s, double top, double bottom)
{
    for (size_t i = 0; i < s->plot->window_count; i++) {
        const struct ob_heart_window *w = &s->plot->windows[i];
        const double x0 = ob_plot_at(&s->x, ob_clamp(w->from_s, s->x.low, s->x.high));
        const double x1 = ob_plot_at(&s->x, ob_clamp(w->to_s, s->x.low, s->x.high));
        ob_pen_box(s->pen, x0, top, x1 - x0, bottom - top, &s->theme->shade);
        const double half = w->name ? 0.5 * ob_pen_width(s->pen, w->name) : 0.0;
        if (w->name)
            ob_pen_text(s->pen, w->name, ob_clamp(0.5 * (x0 + x1), s->x.from + half, s->x.to - half),
                        top + 0.65 * ob_pen_size(s->pen), OB_ALIGN_CENTRE, &s->theme->ink);
    }
}

static void sign(const struct strip *s, const struct ob_heart_mark *mark, double x, double bottom)
{
    cairo_t *cr = s->pen->cairo;
    const double y = s->signs_y, r = 0.32 * ob_pen_size(s->pen);
    if (mark->sign == OB_SIGN_TURN)
        ob_pen_rule(s->pen, x, y - r, x, bottom, 1.1, &s->theme->ink);
    if (mark->sign == OB_SIGN_MOMENT)
        ob_pen_rule(s->pen, x, y, x, bottom, 0.7, &s->theme->mark);
    cairo_new_path(cr);
    if (mark->sign == OB_SIGN_MARK) {
        cairo_move_to(cr, x - 0.7 * r, y - 0.6 * r);
        cairo_line_to(cr, x + 0.7 * r, y - 0.6 * r);
        cairo_line_to(cr, x, y + r);
    } else {
        cairo_move_to(cr, x, y - 1.3 * r);
        cairo_line_to(cr, x + 1.3 * r, y);
        cairo_line_to(cr, x, y + 1.3 * r);
        cairo_line_to(cr, x - 1.3 * r, y);
    }
    cairo_close_path(cr);
    ob_pen_colour(s->pen, mark->sign == OB_SIGN_MOMENT ? &s->theme->ground
                          : mark->sign == OB_SIGN_TURN ? &s->theme->ink
                                                       : &s->theme->mark);
    cairo_fill_preserve(cr);
    ob_pen_colour(s->pen, mark->sign == OB_SIGN_TURN ? &s->theme->ink : &s->theme->mark);
    cairo_set_line_width(cr, ob_pen_line(s->pen, 0.8));
    cairo_stroke(cr);
}

static void marks(const struct strip *s, double bottom)
{
    double free_from = -1e9;
    for (size_t i = 0; i < s->plot->mark_count; i++) {
        const struct ob_heart_mark *mark = &s->plot->marks[i];
        if (mark->at_s < s->x.low || mark->at_s > s->x.high)
            continue;
        const double x = ob_plot_at(&s->x, mark->at_s);
        sign(s, mark, x, bottom);
        const double half = mark->name ? 0.5 * ob_pen_width(s->pen, mark->name) : 0.0;
        if (!mark->name || x - half < free_from)
            continue;
        ob_pen_text(s->pen, mark->name, x, s->signs_y - 1.0 * ob_pen_size(s->pen), OB_ALIGN_CENTRE, &s->theme->ink);
        free_from = x + half + 2.0;
    }
}

void ob_plot_heart(const struct ob_plot_pen *pen, const struct ob_plot_place *p, const struct ob_heart_plot *plot)
{
    const double line = 1.4 * ob_pen_size(pen);
    struct strip s = {.pen = pen, .theme = ob_pen_theme(pen), .plot = plot};
    const bool any_breath = breath_range(&s), any_beat = heart_range(&s);
    const double low_s = plot->from_s, high_s = fmax(plot->to_s, low_s + 1.0);
    /* From above: what is drawn, the signs with their names, the names of windows, the trace. */
    const double names_y = p->y + (plot->mark_count ? 2.6 : 1.1) * line;
    const double bottom = p->y + p->height - line - 2.5, top = names_y + (plot->window_count ? line : 0.2 * line);
    const double below = any_breath ? 0.26 * (bottom - top) : 0.0, between = any_breath ? 1.7 * line : 0.0;
    s.x = (struct ob_plot_axis){.low = low_s,
                                .high = high_s,
                                .from = p->x + 3.2 * ob_pen_size(pen),
                                .to = p->x + p->width - 2.6 * ob_pen_size(pen)};
    s.heart.from = bottom - below - between;
    s.heart.to = top;
    s.breath.from = bottom;
    s.breath.to = bottom - below;
    s.signs_y = names_y - 0.5 * ob_pen_size(pen);
    windows(&s, names_y, bottom);
    if (plot->heart_name)
        ob_pen_text(pen, plot->heart_name, p->x, p->y + 0.45 * line, OB_ALIGN_LEFT, &s.theme->faint);
    if (any_beat) {
        scale(&s, &s.heart, 4);
        trace(&s);
    } else if (plot->no_beats)
        ob_pen_text(pen, plot->no_beats, 0.5 * (s.x.from + s.x.to), 0.5 * (s.heart.from + s.heart.to), OB_ALIGN_CENTRE,
                    &s.theme->ink);
    if (any_breath) {
        if (plot->breath_name)
            ob_pen_text(pen, plot->breath_name, p->x, s.breath.to - 0.95 * line, OB_ALIGN_LEFT, &s.theme->faint);
        scale(&s, &s.breath, 2);
        breath_line(&s, true);
        breath_line(&s, false);
    }
    ob_pen_rule(pen, s.x.from, bottom, s.x.to, bottom, 0.6, &s.theme->faint);
    minutes(&s, bottom);
    marks(&s, bottom);
}
