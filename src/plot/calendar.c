/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/calendar.h"

#include "base/maths.h"

#include <math.h>

#define DAY_NS (INT64_C(86400) * 1000000000)

static int64_t day_of(int64_t wall_ns, int32_t utc_offset_s)
{
    const int64_t local = wall_ns + (int64_t)utc_offset_s * 1000000000;
    return local >= 0 ? local / DAY_NS : -((DAY_NS - 1 - local) / DAY_NS);
}

int ob_calendar_days(const struct ob_calendar_session *sessions, size_t count, int64_t now_wall_ns,
                     int32_t utc_offset_s, double *minutes_out, int days)
{
    const int64_t today = day_of(now_wall_ns, utc_offset_s);
    int practised = 0;
    for (int i = 0; i < days; i++)
        minutes_out[i] = 0.0;
    for (size_t i = 0; i < count; i++) {
        const int64_t back = today - day_of(sessions[i].start_wall_ns, sessions[i].utc_offset_s);
        if (back >= 0 && back < days && sessions[i].minutes > 0.0)
            minutes_out[days - 1 - back] += sessions[i].minutes;
    }
    for (int i = 0; i < days; i++)
        practised += minutes_out[i] > 0.0;
    return practised;
}

int ob_calendar_weekday(int64_t now_wall_ns, int32_t utc_offset_s, int back)
{
    const int64_t day = day_of(now_wall_ns, utc_offset_s) - back;
    return (int)(((day + 3) % 7 + 7) % 7); /* 1970 began on a Thursday */
}

static void disc(const struct ob_plot_pen *pen, double x, double y, double radius, double minutes, double full)
{
    const struct ob_plot_theme *theme = ob_pen_theme(pen);
    const double share = ob_clamp01(minutes / (full > 0.0 ? full : 20.0));
    cairo_new_path(pen->cairo);
    if (minutes > 0.0) {
        cairo_arc(pen->cairo, x, y, radius * (0.55 + 0.45 * sqrt(share)), 0.0, OB_TAU);
        ob_pen_colour(pen, &theme->line);
        cairo_fill(pen->cairo);
        return;
    }
    cairo_arc(pen->cairo, x, y, 0.3 * radius, 0.0, OB_TAU);
    cairo_set_line_width(pen->cairo, fmax(0.5, 0.1 * radius));
    ob_pen_colour(pen, &theme->faint);
    cairo_stroke(pen->cairo);
}

void ob_plot_week(const struct ob_plot_pen *pen, const struct ob_plot_place *p, const struct ob_week_plot *week)
{
    const struct ob_plot_theme *theme = ob_pen_theme(pen);
    const double line = 1.5 * ob_pen_size(pen), step = p->width / 7.0;
    const double room = p->height - line - (week->caption ? line : 0.0);
    const double radius = fmax(0.0, 0.5 * fmin(0.72 * step, room));
    const double top = p->y + (week->caption ? line : 0.0);
    if (week->caption)
        ob_pen_text(pen, week->caption, p->x, p->y + 0.5 * line, OB_ALIGN_LEFT, &theme->ink);
    for (int i = 0; i < 7; i++) {
        const double x = p->x + (i + 0.5) * step;
        disc(pen, x, top + 0.5 * room, radius, week->minutes[i], week->full_minutes);
        if (week->names[i])
            ob_pen_text(pen, week->names[i], x, top + 0.5 * room + radius + 0.6 * line, OB_ALIGN_CENTRE,
                        i == 6 ? &theme->ink : &theme->faint);
    }
}

void ob_plot_months(const struct ob_plot_pen *pen, const struct ob_plot_place *p, const struct ob_months_plot *months)
{
    if (months->days <= 0)
        return;
    const int weeks = (months->days + 12 - months->weekday) / 7;
    const double line = months->names ? 1.5 * ob_pen_size(pen) : 0.0;
    const double step = fmin(p->width / weeks, (p->height - line) / 7.0);
    double written = p->x - 1.0; /* up to where there are names already */
    for (int i = 0; i < months->days; i++) {
        const int from_today = months->days - 1 - i;
        const int row = ((months->weekday - from_today) % 7 + 7) % 7;
        const int column = weeks - 1 - (from_today + 6 - months->weekday) / 7;
        disc(pen, p->x + (column + 0.5) * step, p->y + line + (row + 0.5) * step, 0.42 * step, months->minutes[i],
             months->full_minutes);
        const char *name = months->names ? months->names[i] : NULL;
        const double x = p->x + column * step, wide = name ? ob_pen_width(pen, name) : 0.0;
        if (!name || x < written || x + wide > p->x + p->width)
            continue; /* no two over each other, none beside the picture */
        ob_pen_text(pen, name, x, p->y + 0.5 * line, OB_ALIGN_LEFT, &ob_pen_theme(pen)->faint);
        written = x + wide + 0.25 * ob_pen_size(pen); /* about a blank */
    }
}
