/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Axes with round numbers, and the colours of plots. Pure. */
#ifndef OB_PLOT_AXIS_H
#define OB_PLOT_AXIS_H

#include <cairo.h>

struct ob_plot_axis {
    double low, high; /* of the values */
    double from, to;  /* where these are on the page */
};

struct ob_plot_frame {
    struct ob_plot_axis x, y;
};

double ob_plot_at(const struct ob_plot_axis *axis, double value);

/* A step of 1, 2 or 5 times a power of ten that cuts a range into at most `most` parts. */
double ob_plot_step(double range, int most);

/* The same, or as much finer as it takes for two multiples of it to lie within: one number alone is no scale. */
double ob_plot_step_within(double low, double high, int most);

enum ob_plot_tone { OB_PLOT_INK, OB_PLOT_FAINT, OB_PLOT_LINE, OB_PLOT_MARK, OB_PLOT_BAND_ONE, OB_PLOT_BAND_TWO };
void ob_plot_tone(cairo_t *cr, enum ob_plot_tone tone);

/* Text with its left (0), middle (0.5) or right (1) end at x, its middle at y. */
void ob_plot_text(cairo_t *cr, double x, double y, double align, double size_pt, const char *text);

/* Frame, ticks, numbers and names of both axes. */
void ob_plot_frame(cairo_t *cr, const struct ob_plot_frame *frame, const char *x_name, const char *y_name);

#endif
