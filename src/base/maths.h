/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small maths that several rooms share. */
#ifndef OB_BASE_MATHS_H
#define OB_BASE_MATHS_H

#include <stddef.h>

#define OB_PI  3.141592653589793
#define OB_TAU 6.283185307179586

/* Brings x into [low, high]; a NaN becomes low. */
static inline double ob_clamp(double x, double low, double high)
{
    return x > low ? (x < high ? x : high) : low;
}

static inline double ob_clamp01(double x)
{
    return ob_clamp(x, 0.0, 1.0);
}

static inline double ob_lerp(double a, double b, double t)
{
    return a + (b - a) * t;
}

/* 0 below low, 1 above high, a cubic with flat ends between (Hermite). */
double ob_smoothstep(double low, double high, double x);

/* Fraction of x above its floor, in [0, 1), also for negative x. */
double ob_fract(double x);

/* Share of the way to a target that a first-order lag of time constant tau_s goes in dt_s: 1 - e^(-dt/tau). */
double ob_lag(double dt_s, double tau_s);

/* Median of values[0..count), which it reorders; the mean of the middle two for an even count; 0 for none. */
double ob_median(double *values, size_t count);

/* Percentile p01 (0-1) of values[0..count), which it reorders; linear between ranks (Hyndman & Fan 1996, type 7). */
double ob_percentile(double *values, size_t count, double p01);

#endif
