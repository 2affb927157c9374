/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which days there was practice on: the rolling week, and months. Arithmetic and two small pictures of it.
 *
 * Consistency is "4 of the last 7 days": it rolls, and there is no streak to lose. A day is the local one of the place
 * where a session began. Pure; one thread at a time. */
#ifndef OB_PLOT_CALENDAR_H
#define OB_PLOT_CALENDAR_H

#include "plot/pen.h"

#include <stddef.h>
#include <stdint.h>

struct ob_calendar_session {
    int64_t start_wall_ns; /* since 1970, UTC */
    int32_t utc_offset_s;  /* of the place, then */
    double minutes;
};

/* The minutes of each of the last `days` days, the oldest first, today (of now_wall_ns in utc_offset_s) last. Sessions
 * of other days are left out. Returns on how many of them there was practice. */
int ob_calendar_days(const struct ob_calendar_session *sessions, size_t count, int64_t now_wall_ns,
                     int32_t utc_offset_s, double *minutes_out, int days);

/* 0 Monday to 6 Sunday of the day that is `back` days before now. */
int ob_calendar_weekday(int64_t now_wall_ns, int32_t utc_offset_s, int back);

struct ob_week_plot {
    const double *minutes; /* seven, oldest first */
    const char *names[7];  /* a letter or two under each, oldest first */
    const char *caption;   /* "4 of the last 7 days"; NULL: none */
    double full_minutes;   /* what fills a day's circle; 0: 20 */
};

/* A row of seven circles. A day with practice is a filled one, larger for longer; one without is a small open one. */
void ob_plot_week(const struct ob_plot_pen *pen, const struct ob_plot_place *place, const struct ob_week_plot *week);

struct ob_months_plot {
    const double *minutes;    /* a day each, oldest first, the last is today */
    int days;                 /* at most 371 */
    int weekday;              /* of today, 0 Monday */
    double full_minutes;      /* 0: 20 */
    const char *const *names; /* as many as days: what stands above a day's column, or NULL; NULL: nothing does */
};

/* A column a week, Monday above; the same signs as in the week. */
void ob_plot_months(const struct ob_plot_pen *pen, const struct ob_plot_place *place,
                    const struct ob_months_plot *months);

#endif
