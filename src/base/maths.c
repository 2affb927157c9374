/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/maths.h"

#include <math.h>
#include <stdlib.h>

double ob_smoothstep(double low, double high, double x)
{
    const double t = ob_clamp01((x - low) / (high - low));
    return t * t * (3.0 - 2.0 * t);
}

double ob_fract(double x)
{
    const double f = x - floor(x);
    return f < 1.0 ? f : 0.0;
}

double ob_lag(double dt_s, double tau_s)
{
    return tau_s <= 0.0 ? 1.0 : 1.0 - exp(-dt_s / tau_s);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

double ob_percentile(double *values, size_t count, double p01)
{
    if (count == 0)
        return 0.0;
    qsort(values, count, sizeof *values, ascending);
    const double rank = ob_clamp01(p01) * (double)(count - 1);
    const size_t low = (size_t)rank;
    if (low + 1 >= count)
        return values[count - 1];
    return ob_lerp(values[low], values[low + 1], rank - (double)low);
}

double ob_median(double *values, size_t count)
{
    return ob_percentile(values, count, 0.5);
}
