/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The person's own pace as it is known: how likely each rate is, and where nine tenths of that lie. Pure; one thread at
 * a time. */
#ifndef OB_PLOT_POSTERIOR_H
#define OB_PLOT_POSTERIOR_H

#include "breath/pace.h"
#include "plot/pen.h"

struct ob_posterior_plot {
    const double *probabilities; /* OB_PACE_RATES, of breath/pace.h's grid */
    double low_brpm, high_brpm;  /* the interval that is shaded; equal: none */
    bool named;                  /* a number may be named: its place is marked */
    double mean_brpm;
    const char *x_name; /* "breaths/min" */
};

void ob_plot_posterior(const struct ob_plot_pen *pen, const struct ob_plot_place *place,
                       const struct ob_posterior_plot *posterior);

#endif
