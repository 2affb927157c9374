/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/resonance.h"

#include <math.h>

#define CORNER_HZ 0.12

double ob_resonance_gain2(const struct ob_resonance *r, double brpm)
{
    /* 1 / (1 + i u) and 1 / (1 + i x): both parts have the form (1 - i y) / (1 + y^2). */
    const double u = brpm / 60.0 / CORNER_HZ;
    const double x = r->q * (brpm / r->rate_brpm - r->rate_brpm / brpm);
    const double low = (1.0 - r->rho) / (1.0 + u * u), band = r->rho / (1.0 + x * x);
    const double re = low + band, im = low * u + band * x;
    return re * re + im * im;
}

double ob_resonance_sharpness(const struct ob_resonance *r)
{
    const double peak = log(ob_resonance_gain2(r, r->rate_brpm));
    const double below = log(ob_resonance_gain2(r, r->rate_brpm - 1.0));
    const double above = log(ob_resonance_gain2(r, r->rate_brpm + 1.0));
    return 0.5 * peak - 0.25 * (below + above);
}
