/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath_ear.h"

#include "../synth/ear.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STEP_S   0.05
#define SMOOTH   6    /* steps to each side */
#define AROUND_S 18.0 /* what is bright is judged against this much to each side */
#define LEAST_S  1.2  /* an exhale lasts longer than this */
#define HYST_01  0.12 /* of the span between dark and bright */

/* Noise over tone, in dB, each STEP_S. */
static double *brightness(const float *stereo, size_t frames, double rate_hz, size_t *count_out)
{
    struct ear tone[2] = {ear_make(330, 0.7071, rate_hz, 0), ear_make(330, 0.7071, rate_hz, 0)};
    struct ear noise[4] = {ear_make(1400, 0.7071, rate_hz, 1), ear_make(1400, 0.7071, rate_hz, 1),
                           ear_make(5000, 0.7071, rate_hz, 0), ear_make(5000, 0.7071, rate_hz, 0)};
    const size_t step = (size_t)(STEP_S * rate_hz), count = frames / step;
    double *low = calloc(count, sizeof *low), *high = calloc(count, sizeof *high), *out = calloc(count, sizeof *out);
    for (size_t i = 0; i < count * step; i++) {
        const double x = 0.5 * ((double)stereo[2 * i] + (double)stereo[2 * i + 1]);
        const double t = ear_hear(&tone[1], ear_hear(&tone[0], x));
        double n = x;
        for (int k = 0; k < 4; k++)
            n = ear_hear(&noise[k], n);
        low[i / step] += t * t;
        high[i / step] += n * n;
    }
    for (size_t i = 0; i < count; i++) {
        double l = 1e-9, h = 1e-9;
        for (size_t k = i >= SMOOTH ? i - SMOOTH : 0; k < count && k <= i + SMOOTH; k++) {
            l += low[k];
            h += high[k];
        }
        out[i] = 10.0 * log10(h / l);
    }
    free(low);
    free(high);
    *count_out = count;
    return out;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

size_t ear_exhales(const float *stereo, size_t frames, double rate_hz, double *out, size_t max)
{
    size_t count, heard = 0, around = (size_t)(AROUND_S / STEP_S);
    double *bright = brightness(stereo, frames, rate_hz, &count);
    double *sorted = malloc((2 * around + 2) * sizeof *sorted);
    int exhales = 0;
    double since_s = -10.0;
    for (size_t i = 0; i < count && heard < max; i++) {
        const size_t from = i > around ? i - around : 0, to = i + around < count ? i + around : count;
        memcpy(sorted, bright + from, (to - from) * sizeof *sorted);
        qsort(sorted, to - from, sizeof *sorted, ascending);
        const double dark = sorted[(to - from) / 10], light = sorted[(to - from) * 9 / 10];
        const double middle = 0.5 * (dark + light), reach = HYST_01 * (light - dark);
        const double at_s = (double)i * STEP_S;
        if (!exhales && bright[i] > middle + reach && light - dark > 3.0 && at_s - since_s > LEAST_S) {
            exhales = 1;
            since_s = at_s;
            out[heard++] = at_s;
        } else if (exhales && bright[i] < middle - reach && at_s - since_s > LEAST_S) {
            exhales = 0;
            since_s = at_s;
        }
    }
    free(sorted);
    free(bright);
    return heard;
}

static double median(double *x, size_t count)
{
    if (count == 0)
        return NAN;
    qsort(x, count, sizeof *x, ascending);
    return x[count / 2];
}

struct ear_score ear_compare(const double *meant, size_t meant_count, const double *heard, size_t heard_count)
{
    struct ear_score score = {.meant = meant_count, .heard = heard_count};
    double *off = calloc(meant_count + 1, sizeof *off), *error = calloc(meant_count + 1, sizeof *error);
    size_t errors = 0, near = 0;
    double last_heard = NAN, last_meant = NAN;
    for (size_t m = 0; m < meant_count; m++) {
        while (near + 1 < heard_count && fabs(heard[near + 1] - meant[m]) < fabs(heard[near] - meant[m]))
            near++;
        if (heard_count == 0 || fabs(heard[near] - meant[m]) > 1.0) {
            last_heard = NAN;
            continue;
        }
        off[score.found++] = heard[near] - meant[m];
        if (!isnan(last_heard))
            error[errors++] = fabs((heard[near] - last_heard) / (meant[m] - last_meant) - 1.0);
        last_heard = heard[near];
        last_meant = meant[m];
    }
    score.offset_s = median(off, score.found);
    for (size_t i = 0; i < score.found; i++)
        off[i] = fabs(off[i] - score.offset_s);
    score.spread_s = median(off, score.found);
    score.rate_error_01 = median(error, errors);
    free(off);
    free(error);
    return score;
}
