/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "score.h"

#include "wave.h"

#include <math.h>
#include <stdbool.h>

static bool left_out(const struct wave *w, double t)
{
    for (size_t i = 0; i < w->flutter_count; i++)
        if (t >= w->flutter_s[i][0] - 0.15 && t <= w->flutter_s[i][1] + 0.15)
            return true;
    return false;
}

void score_match(const struct wave *ref, struct found *found, size_t count, double tolerance_s, double lag_s,
                 struct score *out)
{
    *out = (struct score){0};
    for (size_t i = 0; i < count; i++)
        found[i].matched = left_out(ref, found[i].t_s - lag_s) ? -2 : -1;
    size_t first = 0;
    for (size_t r = 0; r < ref->beat_count; r++) {
        double t = ref->beats_s[r];
        if (left_out(ref, t))
            continue;
        double next = r + 1 < ref->beat_count ? ref->beats_s[r + 1] : 1e18;
        while (first < count && found[first].t_s - lag_s < t - tolerance_s)
            first++;
        size_t best = count;
        double best_d = tolerance_s;
        for (size_t i = first; i < count && found[i].t_s - lag_s <= t + tolerance_s; i++) {
            double d = fabs(found[i].t_s - lag_s - t);
            if (found[i].matched == -1 && d <= best_d && d <= fabs(found[i].t_s - lag_s - next)) {
                best = i;
                best_d = d;
            }
        }
        if (best == count) {
            out->fn++;
            continue;
        }
        double error = found[best].t_s - lag_s - t;
        found[best].matched = (int)r;
        out->tp++;
        out->error_sum_s += error;
        out->error_square_s2 += error * error;
    }
    for (size_t i = 0; i < count; i++)
        if (found[i].matched == -1)
            out->fp++;
}

void score_add(struct score *sum, const struct score *one)
{
    sum->tp += one->tp;
    sum->fp += one->fp;
    sum->fn += one->fn;
    sum->error_sum_s += one->error_sum_s;
    sum->error_square_s2 += one->error_square_s2;
}

double score_se(const struct score *s)
{
    return s->tp ? 100.0 * (double)s->tp / (double)(s->tp + s->fn) : 0.0;
}

double score_ppv(const struct score *s)
{
    return s->tp ? 100.0 * (double)s->tp / (double)(s->tp + s->fp) : 0.0;
}

double score_f1(const struct score *s)
{
    return s->tp ? 200.0 * (double)s->tp / (double)(2 * s->tp + s->fp + s->fn) : 0.0;
}

double score_sd_ms(const struct score *s)
{
    if (s->tp < 2)
        return 0.0;
    double mean = s->error_sum_s / (double)s->tp;
    double var = s->error_square_s2 / (double)s->tp - mean * mean;
    return 1000.0 * sqrt(var > 0.0 ? var : 0.0);
}

void score_wilson(double share, double n, double *low_out, double *high_out)
{
    const double z = 1.959963984540054;
    double centre = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
    double half = z / (1.0 + z * z / n) * sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n));
    *low_out = centre - half;
    *high_out = centre + half;
}
