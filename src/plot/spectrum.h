/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How strongly the heart's intervals swing, and how fast: a power density over frequency, told in swings a minute, so
 * that a breathing rate stands at its own number. What is not known is not drawn: a sentence stands in its place. Pure;
 * one thread at a time. */
#ifndef OB_PLOT_SPECTRUM_H
#define OB_PLOT_SPECTRUM_H

#include "plot/pen.h"

#include <stddef.h>

struct ob_spectrum_plot {
    const double *density; /* ms^2/Hz from 0 Hz on, step_hz apart; NULL: not known */
    size_t bins;
    double step_hz;
    double breath_brpm, pace_brpm; /* marked; NaN: not known */
    const char *y_name;            /* "Power density, ms²/Hz" */
    const char *x_name;            /* "swings a minute" */
    const char *breath_name;       /* "breath" */
    const char *pace_name;         /* "pace" */
    const char *empty;             /* why nothing is known; one line */
};

/* Breath is a line with a filled triangle at its head, pace a row of dots with an open circle. */
void ob_plot_spectrum(const struct ob_plot_pen *pen, const struct ob_plot_place *place,
                      const struct ob_spectrum_plot *spectrum);

#endif
