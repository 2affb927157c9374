/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/trace.h"

#include "base/maths.h"

#include <math.h>

#define SPAN_BPM 12.0 /* beats that hardly differ are not blown up */

#define CLEAR_01 0.06 /* of the width, before the newest */

struct plane {
    struct ob_ui_box box;
    double low, high;
    int64_t from_ns, span_ns;
};

/* Where a moment is written; the same place each time round. */
static double x_at(const struct plane *plane, int64_t time_ns)
{
    const int64_t into_ns = ((time_ns % plane->span_ns) + plane->span_ns) % plane->span_ns;
    return plane->box.x + plane->box.width * (double)into_ns / (double)plane->span_ns;
}

static double y_at(const struct plane *plane, double value)
{
    return plane->box.y + plane->box.height * (plane->high - value) / (plane->high - plane->low);
}

static void pen(const struct ob_ui_canvas *c, double units)
{
    cairo_set_line_join(c->cairo, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(c->cairo, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_width(c->cairo, units * c->unit);
}

static bool fit_wave(const struct ob_ui_trace *trace, struct plane *plane)
{
    plane->low = (double)INFINITY;
    plane->high = -(double)INFINITY;
    for (int i = 0; i < trace->points; i++) {
        const int64_t time_ns = trace->last_ns - (trace->points - 1 - i) * trace->step_ns;
        const double value = (double)trace->point[i];
        if (!isfinite(value) || time_ns < plane->from_ns)
            continue;
        plane->low = fmin(plane->low, value);
        plane->high = fmax(plane->high, value);
    }
    if (!(plane->high >= plane->low))
        return false;
    if (plane->high - plane->low < 1e-6 * fmax(1.0, fabs(plane->high))) {
        plane->low -= 1.0; /* a dead line is a line in the middle */
        plane->high += 1.0;
    }
    /* in steps, so that the line does not crawl up and down with every wave */
    const double step = exp2(ceil(log2(plane->high - plane->low))) / 16.0;
    plane->low = step * floor(plane->low / step);
    plane->high = step * ceil(plane->high / step);
    return true;
}

static double value_near(const struct ob_ui_trace *trace, int64_t time_ns)
{
    const int64_t back = (trace->last_ns - time_ns + trace->step_ns / 2) / trace->step_ns;
    double highest = (double)NAN;
    for (int64_t i = trace->points - 2 - back; i <= trace->points - back; i++)
        if (i >= 0 && i < trace->points && !((double)trace->point[i] <= highest))
            highest = (double)trace->point[i];
    return highest;
}

static void draw_wave(const struct ob_ui_canvas *c, const struct ob_ui_trace *trace, struct plane *plane)
{
    if (!fit_wave(trace, plane))
        return;
    bool open = false;
    double before_x = 0.0;
    cairo_new_path(c->cairo);
    for (int i = 0; i < trace->points; i++) {
        const int64_t time_ns = trace->last_ns - (trace->points - 1 - i) * trace->step_ns;
        const double value = (double)trace->point[i];
        if (!isfinite(value) || time_ns < plane->from_ns) {
            open = false;
            continue;
        }
        const double x = x_at(plane, time_ns);
        if (open && x > before_x)
            cairo_line_to(c->cairo, x, y_at(plane, value));
        else
            cairo_move_to(c->cairo, x, y_at(plane, value));
        before_x = x;
        open = true;
    }
    pen(c, 0.30);
    ob_ui_set_colour(c->cairo, &c->theme->line);
    cairo_stroke(c->cairo);
    ob_ui_set_colour(c->cairo, &c->theme->accent);
    for (int i = 0; i < trace->beats; i++) {
        const double value = trace->beat_ns[i] >= plane->from_ns ? value_near(trace, trace->beat_ns[i]) : (double)NAN;
        if (!isfinite(value))
            continue;
        cairo_new_sub_path(c->cairo);
        cairo_arc(c->cairo, x_at(plane, trace->beat_ns[i]), y_at(plane, value), 0.62 * c->unit, 0.0, OB_TAU);
        cairo_fill(c->cairo);
    }
}

static double rate_of(const struct ob_ui_trace *trace, int i, int64_t from_ns)
{
    return trace->beat_ns[i] >= from_ns && trace->rr_ms[i] > 0.0f ? 60000.0 / (double)trace->rr_ms[i] : (double)NAN;
}

static void draw_rates(const struct ob_ui_canvas *c, const struct ob_ui_trace *trace, struct plane *plane)
{
    plane->low = (double)INFINITY;
    plane->high = -(double)INFINITY;
    for (int i = 0; i < trace->beats; i++) {
        const double rate = rate_of(trace, i, plane->from_ns);
        if (isfinite(rate)) {
            plane->low = fmin(plane->low, rate);
            plane->high = fmax(plane->high, rate);
        }
    }
    if (!(plane->high >= plane->low))
        return;
    const double spare = fmax(0.0, 0.5 * (SPAN_BPM - (plane->high - plane->low)));
    plane->low -= spare;
    plane->high += spare;
    bool open = false;
    double before_x = 0.0;
    cairo_new_path(c->cairo);
    for (int i = 0; i < trace->beats; i++) {
        const double rate = rate_of(trace, i, plane->from_ns), x = x_at(plane, trace->beat_ns[i]);
        if (isfinite(rate) && open && x > before_x)
            cairo_line_to(c->cairo, x, y_at(plane, rate));
        else if (isfinite(rate))
            cairo_move_to(c->cairo, x, y_at(plane, rate));
        before_x = x;
        open = isfinite(rate);
    }
    pen(c, 0.30);
    ob_ui_set_colour(c->cairo, &c->theme->line);
    cairo_stroke(c->cairo);
    ob_ui_set_colour(c->cairo, &c->theme->accent);
    for (int i = 0; i < trace->beats; i++) {
        const double rate = rate_of(trace, i, plane->from_ns);
        if (!isfinite(rate))
            continue;
        cairo_new_sub_path(c->cairo);
        cairo_arc(c->cairo, x_at(plane, trace->beat_ns[i]), y_at(plane, rate), 0.62 * c->unit, 0.0, OB_TAU);
        cairo_fill(c->cairo);
    }
}

void ob_ui_trace(const struct ob_ui_canvas *c, const struct ob_ui_trace *trace, struct ob_ui_box box)
{
    if (trace->span_ns <= 0 || box.width <= 0.0 || box.height <= 0.0)
        return;
    const int64_t clear_ns = (int64_t)(CLEAR_01 * (double)trace->span_ns);
    struct plane plane = {.box = ob_ui_inset(box, 0.0, 0.9 * c->unit),
                          .from_ns = trace->newest_ns - trace->span_ns + clear_ns,
                          .span_ns = trace->span_ns};
    cairo_save(c->cairo);
    cairo_rectangle(c->cairo, box.x, box.y, box.width, box.height);
    cairo_clip(c->cairo);
    if (trace->wave && trace->step_ns > 0)
        draw_wave(c, trace, &plane);
    else if (!trace->wave)
        draw_rates(c, trace, &plane);
    cairo_restore(c->cairo);
}
