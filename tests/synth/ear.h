/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A filter to listen through. */
#ifndef OB_TESTS_SYNTH_EAR_H
#define OB_TESTS_SYNTH_EAR_H

#include "base/maths.h"

#include <math.h>

/* A biquad after the Audio EQ Cookbook (R. Bristow-Johnson). */
struct ear {
    double b0, b1, b2, a1, a2, x1, x2, y1, y2;
};

static inline struct ear ear_make(double hz, double q, double rate_hz, int high)
{
    const double w = OB_TAU * hz / rate_hz, alpha = sin(w) / (2.0 * q), c = cos(w);
    const double edge = high ? 1.0 + c : 1.0 - c, a0 = 1.0 + alpha;
    return (struct ear){.b0 = edge / 2 / a0,
                        .b1 = (high ? -edge : edge) / a0,
                        .b2 = edge / 2 / a0,
                        .a1 = -2 * c / a0,
                        .a2 = (1 - alpha) / a0};
}

static inline double ear_hear(struct ear *e, double x)
{
    const double y = e->b0 * x + e->b1 * e->x1 + e->b2 * e->x2 - e->a1 * e->y1 - e->a2 * e->y2;
    e->x2 = e->x1;
    e->x1 = x;
    e->y2 = e->y1;
    e->y1 = y;
    return y;
}

#endif
