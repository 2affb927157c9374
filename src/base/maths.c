/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/maths.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define VERY_FEW 32
#define FEW      256

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

static double middle_of(double a, double b, double c)
{
    const double low = a < b ? a : b, high = a < b ? b : a;
    return c < low ? low : c < high ? c : high;
}

/* Brings the values below the pivot (or equal to it) to the front of [from, to); returns where the others begin. Which
 * value goes where is reckoned, not branched on: nothing could foretell the branch. */
static size_t gather(double *values, size_t from, size_t to, double pivot, bool or_equal)
{
    size_t end = from;
    for (size_t i = from; i < to; i++) {
        const double value = values[i];
        values[i] = values[end];
        values[end] = value;
        end += or_equal ? value <= pivot : value < pivot;
    }
    return end;
}

/* Brings the value of rank k to its place, smaller ones before it and larger ones behind (Hoare's "find", 1961): for
 * the few dozen values of a live window several times faster than sorting them through qsort. */
static void find_rank(double *values, size_t count, size_t k)
{
    size_t low = 0, high = count;
    while (high - low > 1) {
        const double pivot = middle_of(values[low], values[low + (high - low) / 2], values[high - 1]);
        const size_t less = gather(values, low, high, pivot, false);
        if (k < less) {
            high = less;
            continue;
        }
        const size_t more = gather(values, less, high, pivot, true);
        if (k < more || more == low) /* the latter: no number */
            return;
        low = more;
    }
}

/* The same, and the value of the next rank to the next place, for few values: from the nearer end on, each place gets
 * the least (or greatest) of what is left. No step depends on how values compare, so there is nothing to foretell. */
static void settle_rank(double *values, size_t count, size_t k)
{
    const size_t places = k + 2 < count ? k + 2 : count;
    if (places <= count - k) {
        for (size_t place = 0; place < places; place++) {
            double least = values[place];
            for (size_t i = place + 1; i < count; i++) {
                const double value = values[i];
                values[i] = least < value ? value : least;
                least = value < least ? value : least;
            }
            values[place] = least;
        }
        return;
    }
    for (size_t end = count; end > k; end--) {
        double greatest = values[end - 1];
        for (size_t i = 0; i + 1 < end; i++) {
            const double value = values[i];
            values[i] = greatest > value ? value : greatest;
            greatest = value > greatest ? value : greatest;
        }
        values[end - 1] = greatest;
    }
}

double ob_percentile(double *values, size_t count, double p01)
{
    if (count == 0)
        return 0.0;
    const double rank = ob_clamp01(p01) * (double)(count - 1);
    const size_t low = (size_t)rank;
    if (count <= VERY_FEW) {
        settle_rank(values, count, low);
    } else if (count <= FEW) {
        find_rank(values, count, low);
        /* the next one up is the least of those behind */
        for (size_t i = low + 2; i < count; i++)
            if (values[i] < values[low + 1]) {
                const double other = values[low + 1];
                values[low + 1] = values[i];
                values[i] = other;
            }
    } else {
        qsort(values, count, sizeof *values, ascending);
    }
    if (low + 1 >= count)
        return values[count - 1];
    return ob_lerp(values[low], values[low + 1], rank - (double)low);
}

double ob_median(double *values, size_t count)
{
    return ob_percentile(values, count, 0.5);
}
