/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hrv/rhythm.h"

#include "base/maths.h"

#include <math.h>

#define FIXED_MS  2.5
#define LARGE     0.07
#define FROM_BEAT 1.0  /* mean square of successive differences over the variance: 2 for no order at all */
#define BAND      0.06 /* cycles a beat; 12% of the energy of no order at all */
#define RHYTHM    0.33

/* The largest share of the energy that lies within a band, over all bands (Goertzel 1958 for each frequency). A breath
 * keeps to a band, though not to one frequency. */
static double strongest_01(const double *x, uint32_t n, double energy)
{
    double power[OB_SERIES_MAX / 2], best = 0.0, band = 0.0;
    const uint32_t width = (uint32_t)(BAND * n) + 1, count = n / 2;
    for (uint32_t k = 0; k < count; k++) {
        const double turn = 2.0 * cos(OB_TAU * (k + 1) / n);
        double one = 0.0, two = 0.0;
        for (uint32_t i = 0; i < n; i++) {
            const double now = x[i] + turn * one - two;
            two = one;
            one = now;
        }
        power[k] = 2.0 / n * (one * one + two * two - turn * one * two);
        band += power[k] - (k >= width ? power[k - width] : 0.0);
        best = fmax(best, band);
    }
    return best / energy;
}

enum ob_rhythm ob_rhythm_of(const struct ob_nn_series *series, int64_t since_ns)
{
    const uint32_t n = ob_nn_series_since(series, since_ns);
    double x[OB_SERIES_MAX], mean = 0.0, energy = 0.0, from_beat = 0.0;
    if (n < OB_RHYTHM_BEATS)
        return OB_RHYTHM_UNKNOWN;
    for (uint32_t i = 0; i < n; i++) {
        x[i] = ob_nn_series_back(series, i)->nn_ms;
        mean += x[i] / n;
    }
    for (uint32_t i = 0; i < n; i++) {
        x[i] -= mean;
        energy += x[i] * x[i];
        if (i > 0)
            from_beat += (x[i] - x[i - 1]) * (x[i] - x[i - 1]);
    }
    if (energy < FIXED_MS * FIXED_MS * n)
        return OB_RHYTHM_FIXED;
    if (from_beat < LARGE * LARGE * mean * mean * n || from_beat < FROM_BEAT * energy)
        return OB_RHYTHM_SCORED;
    return strongest_01(x, n, energy) < RHYTHM ? OB_RHYTHM_NONE : OB_RHYTHM_SCORED;
}
