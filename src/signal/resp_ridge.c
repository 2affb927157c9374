/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/resp_ridge.h"

#include "base/maths.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LOWEST_HZ     0.06
#define HIGHEST_HZ    0.70
#define STEEP         2.0 /* of the tilt of intervals */
#define CYCLES        4.0
#define SHORTEST_S    12.0
#define FLOOR         0.1 /* of the map, in units of its mean: what is lower is all the same */
#define PER_OCTAVE    1.5 /* what a ridge pays for moving an octave between two spectra */
#define RIVAL_OCTAVES 0.4 /* nearer than this it is the same ridge */
#define CLIMB         4   /* steps of a 27th of an octave */
#define OUTLIER       4.5 /* in median deviations: 3 standard deviations of a normal distribution */

void ob_ridge_init(struct ob_ridge *g)
{
    memset(g, 0, sizeof *g);
    for (int q = 0; q < RIDGE_RATES; q++) {
        const double hz = LOWEST_HZ * pow(HIGHEST_HZ / LOWEST_HZ, (double)q / (RIDGE_RATES - 1));
        g->hz[q] = hz;
        g->tilt[RIDGE_MECHANICAL][q] = sqrt(hz);
        g->tilt[RIDGE_INTERVALS][q] = pow(hz, STEEP);
        const double length = ob_clamp(CYCLES / hz, SHORTEST_S, RIDGE_LONGEST / RIDGE_HZ) * RIDGE_HZ;
        const int n = g->length[q] = (int)(length + 0.5);
        /* A Hann window; the weighted mean of the wave is taken off it, so that a level gives nothing. The wave's phase
         * is 0 in the middle: one half is the other's mirror, and only that one is kept. A middle sample counts in
         * both. */
        const double middle = 0.5 * (n - 1);
        double level = 0.0, mean = 0.0;
        for (int i = 0; i < n; i++) {
            const double w = 0.5 - 0.5 * cos(OB_TAU * (i + 0.5) / n);
            level += w;
            mean += w * cos(OB_TAU * hz * (i - middle) / RIDGE_HZ);
        }
        for (int i = 0; i < (n + 1) / 2; i++) {
            const double w = (0.5 - 0.5 * cos(OB_TAU * (i + 0.5) / n)) / level,
                         angle = OB_TAU * hz * (i - middle) / RIDGE_HZ;
            g->even[q][i] = w * (cos(angle) - mean / level) * (i == n - 1 - i ? 0.5 : 1.0);
            g->odd[q][i] = w * sin(angle);
        }
    }
}

void ob_ridge_begin(struct ob_ridge *g, int count)
{
    g->spectra = count / RIDGE_STEP;
    g->series = 0;
    g->weight_sum = 0.0;
    memset(g->map, 0, sizeof g->map);
}

void ob_ridge_take_off_line(double *x, int n)
{
    double mean = 0.0, slope = 0.0, square = 0.0;
    for (int i = 0; i < n; i++)
        mean += x[i];
    mean /= n;
    for (int i = 0; i < n; i++) {
        const double u = i - 0.5 * (n - 1);
        slope += u * (x[i] - mean);
        square += u * u;
    }
    for (int i = 0; i < n; i++)
        x[i] -= mean + slope / square * (i - 0.5 * (n - 1));
}

/* False: it does not move. */
static bool cut_outliers(double *x, int n)
{
    double copy[RIDGE_SAMPLES];
    memcpy(copy, x, (size_t)n * sizeof *copy);
    const double middle = ob_median(copy, (size_t)n);
    for (int i = 0; i < n; i++)
        copy[i] = fabs(x[i] - middle);
    const double most = OUTLIER * ob_median(copy, (size_t)n);
    /* A movement is no deep breath: what it leaves is bridged, not cut to the largest that a breath can be. */
    int left = -1;
    for (int i = 0; i <= n; i++) {
        if (i < n && fabs(x[i] - middle) > most)
            continue;
        for (int k = left + 1; k < i; k++)
            x[k] = left < 0 ? (i < n ? x[i] : middle)
                   : i == n ? x[left]
                            : ob_lerp(x[left], x[i], (double)(k - left) / (i - left));
        left = i;
    }
    return most > 0.0;
}

/* Under a wavelet of this length, from its first sample on in x and from its last one back in mirrored. Each sum is
 * kept as two, in an order of its own, so that compilers take samples side by side and every one of them gives the same
 * result; behind a half of odd length its table holds a 0. */
static double power_of(const double *x, const double *mirrored, const double *even, const double *odd, int length)
{
    const int half = (length + 1) / 2;
    double a[2] = {0.0}, b[2] = {0.0};
    for (int i = 0; i < half; i += 2)
        for (int k = 0; k < 2; k++) {
            a[k] += (x[i + k] + mirrored[i + k]) * even[i + k];
            b[k] += (x[i + k] - mirrored[i + k]) * odd[i + k];
        }
    return (a[0] + a[1]) * (a[0] + a[1]) + (b[0] + b[1]) * (b[0] + b[1]);
}

void ob_ridge_add(struct ob_ridge *g, double *x, enum ob_ridge_kind kind, double least, double weight_01)
{
    const int n = g->spectra * RIDGE_STEP;
    double level = 0.0;
    for (int i = 0; i < n; i++)
        level += fabs(x[i]) / n;
    ob_ridge_take_off_line(x, n);
    double moves = 0.0;
    for (int i = 0; i < n; i++)
        moves += fabs(x[i]) / n;
    /* What is left of a constant after rounding is no movement. */
    if (g->series == RIDGE_SERIES || !(moves > fmax(1e-9 * level, least)) || !isfinite(moves) || !cut_outliers(x, n))
        return;
    double mirrored[RIDGE_SAMPLES];
    for (int i = 0; i < n; i++)
        mirrored[i] = x[n - 1 - i];
    double(*density)[RIDGE_RATES] = g->each[g->series];
    double concentration = 0.0, within = 0.0, power[RIDGE_RATES];
    int last_from[RIDGE_RATES];
    for (int k = 0; k < g->spectra; k++) {
        double sum = 0.0;
        for (int q = 0; q < RIDGE_RATES; q++) {
            const int length = g->length[q];
            int from = k * RIDGE_STEP + RIDGE_STEP / 2 - length / 2;
            from = from < 0 ? 0 : from > n - length ? n - length : from;
            if (k == 0 || from != last_from[q]) { /* at the ends of the window a long wavelet stays where it is */
                last_from[q] = from;
                power[q] =
                    power_of(x + from, mirrored + n - from - length, g->even[q], g->odd[q], length) * g->tilt[kind][q];
            }
            density[k][q] = power[q];
            sum += power[q];
        }
        double square = 0.0;
        int top = 0;
        for (int q = 0; q < RIDGE_RATES; q++) {
            top = power[q] > power[top] ? q : top;
            density[k][q] = sum > 0.0 ? density[k][q] / sum * RIDGE_RATES : 1.0;
            square += density[k][q] * density[k][q] / RIDGE_RATES;
        }
        concentration += (square - 1.0) / g->spectra;
        within += top > 0 && top < RIDGE_RATES - 1 ? 1.0 / g->spectra : 0.0;
    }
    g->tilted[g->series] = g->tilt[kind];
    /* What is greatest at the slowest rate of all is a base line that drifts, however clear. */
    g->weight[g->series] = weight_01 * within * sqrt(fmax(concentration, 0.0));
    g->weight_sum += g->weight[g->series];
    for (int k = 0; k < g->spectra; k++)
        for (int q = 0; q < RIDGE_RATES; q++)
            g->map[k][q] += g->weight[g->series] * density[k][q];
    g->series++;
}

/* The map at one place without the tilt, not normalised. */
static double level(const struct ob_ridge *g, int k, int q)
{
    double sum = 1e-12;
    for (int s = 0; s < g->series; s++)
        sum += g->weight[s] * g->each[s][k][q] / g->tilted[s][q];
    return sum;
}

/* The rate at a ridge's place. The tilt has moved the ridge up its slow flank, by most where wavelets are broadest: it
 * is led back to the nearest top without the tilt, a few steps at most, and to that of a parabola through the
 * logarithms there. */
static double refine(const struct ob_ridge *g, int k, int q)
{
    for (int step = 0; step < CLIMB && q > 0 && level(g, k, q - 1) > level(g, k, q); step++)
        q--;
    if (q == 0 || q == RIDGE_RATES - 1)
        return g->hz[q];
    const double left = log(level(g, k, q - 1)), top = log(level(g, k, q)), right = log(level(g, k, q + 1));
    const double bend = left - 2.0 * top + right;
    const double shift = bend < 0.0 ? ob_clamp(0.5 * (left - right) / bend, -1.0, 1.0) : 0.0;
    return g->hz[q] * pow(g->hz[1] / g->hz[0], shift);
}

/* The best path through the logarithms of the map: path_out[k] is the rate's number. */
static void best_path(const struct ob_ridge *g, double score[RIDGE_SPECTRA][RIDGE_RATES], int path_out[RIDGE_SPECTRA])
{
    const double step = PER_OCTAVE * log(g->hz[1] / g->hz[0]) / log(2.0);
    unsigned char came_from[RIDGE_SPECTRA][RIDGE_RATES] = {{0}};
    for (int k = 1; k < g->spectra; k++) {
        /* The price is the same for every step, so the best way in from below and from above is passed on. */
        double way_in[RIDGE_RATES];
        for (int q = 0; q < RIDGE_RATES; q++) {
            way_in[q] = score[k - 1][q];
            came_from[k][q] = (unsigned char)q;
            if (q > 0 && way_in[q - 1] - step > way_in[q]) {
                way_in[q] = way_in[q - 1] - step;
                came_from[k][q] = came_from[k][q - 1];
            }
        }
        for (int q = RIDGE_RATES - 1; q >= 0; q--) {
            if (q < RIDGE_RATES - 1 && way_in[q + 1] - step > way_in[q]) {
                way_in[q] = way_in[q + 1] - step;
                came_from[k][q] = came_from[k][q + 1];
            }
            score[k][q] += way_in[q];
        }
    }
    const int last = g->spectra - 1;
    int q = 0;
    for (int r = 1; r < RIDGE_RATES; r++)
        if (score[last][r] > score[last][q])
            q = r;
    for (int k = last; k >= 0; k--) {
        path_out[k] = q;
        q = came_from[k][q];
    }
}

bool ob_ridge_follow(struct ob_ridge *g, struct ob_ridge_course *out)
{
    if (g->series == 0 || !(g->weight_sum > 0.0))
        return false;
    double height[RIDGE_SPECTRA][RIDGE_RATES], score[RIDGE_SPECTRA][RIDGE_RATES];
    for (int k = 0; k < g->spectra; k++)
        for (int q = 0; q < RIDGE_RATES; q++)
            score[k][q] = height[k][q] = log(g->map[k][q] / g->weight_sum + FLOOR);
    int path[RIDGE_SPECTRA], rival[RIDGE_SPECTRA];
    best_path(g, score, path);
    const int near = (int)(RIVAL_OCTAVES * log(2.0) / log(g->hz[1] / g->hz[0]));
    for (int k = 0; k < g->spectra; k++)
        for (int q = 0; q < RIDGE_RATES; q++)
            score[k][q] = abs(q - path[k]) < near ? log(FLOOR) : height[k][q];
    best_path(g, score, rival);
    *out = (struct ob_ridge_course){0};
    for (int k = 0; k < g->spectra; k++) {
        const int q = path[k];
        const double hz = refine(g, k, q);
        out->hz += hz / g->spectra;
        out->latest_hz += k >= g->spectra - RIDGE_LATEST ? hz / RIDGE_LATEST : 0.0;
        out->contrast += height[k][q] / g->spectra;
        out->lead += (height[k][q] - (abs(rival[k] - q) < near ? log(FLOOR) : height[k][rival[k]])) / g->spectra;
        out->edge_01 += (q == 0 || q == RIDGE_RATES - 1 ? 1.0 : 0.0) / g->spectra;
    }
    return true;
}
