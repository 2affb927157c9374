/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plots of plot/ as parts of a page, in the colours of its theme. Pure. */
#ifndef OB_UI_PLOTS_H
#define OB_UI_PLOTS_H

#include "breath/pace.h"
#include "plot/pen.h"
#include "ui/canvas.h"

#include <stdbool.h>

/* The theme's colours for a pen; words at the size of explanations. */
struct ob_plot_theme ob_ui_plot_theme(const struct ob_ui_theme *theme);
struct ob_plot_pen ob_ui_pen(const struct ob_ui_canvas *canvas, const struct ob_plot_theme *theme);

/* A place of so many units of height at the top of what is left of a page. */
struct ob_plot_place ob_ui_plot_place(const struct ob_ui_canvas *canvas, double units, struct ob_ui_box *page);

/* The person's own pace, how likely each rate is; at the top of what is left of a page. */
void ob_ui_pace(const struct ob_ui_canvas *canvas, const struct ob_own_pace_estimate *estimate,
                const double probabilities[OB_PACE_RATES], struct ob_ui_box *page);

/* A power density as a part of a page, with words for whoever does not see it. */
#define OB_UI_SPECTRUM_BINS 206

struct ob_ui_spectrum {
    bool known;
    double density[OB_UI_SPECTRUM_BINS]; /* ms^2/Hz, step_hz apart, from 0 Hz on */
    double step_hz;
    double breath_brpm, pace_brpm; /* NaN: not known */
    char empty[120];               /* why nothing is known, in the person's language */
    char words[240];               /* what it shows, or "" */
};

void ob_ui_spectrum(const struct ob_ui_canvas *canvas, const struct ob_ui_spectrum *spectrum, double units,
                    struct ob_ui_box *page);

#endif
