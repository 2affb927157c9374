/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A number of the unpaced windows before and after, session by session, with the person's own variation shaded. Pure;
 * one thread at a time. */
#ifndef OB_PLOT_TREND_H
#define OB_PLOT_TREND_H

#include "plot/pen.h"

#include <stdbool.h>
#include <stddef.h>

struct ob_trend_point {
    double before, after; /* NaN: not known */
    bool compared;        /* the two may be joined by a line: same posture, both good */
    bool ringed;          /* the session that is spoken of */
};

struct ob_trend_plot {
    const struct ob_trend_point *points; /* oldest first */
    size_t count;
    double usual_low, usual_high; /* where the windows before usually lie; equal: not known */
    int decimals;                 /* of the axis */
    const char *y_name;           /* "heart rate, bpm" */
    const char *empty;            /* what is said where there is nothing to draw */
};

/* Before is an open circle, after a filled one. */
void ob_plot_trend(const struct ob_plot_pen *pen, const struct ob_plot_place *place, const struct ob_trend_plot *trend);

#endif
