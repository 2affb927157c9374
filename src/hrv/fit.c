/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hrv/fit.h"

#include "base/maths.h"
#include "base/time.h"

#include <math.h>

#define TERMS 4 /* constant, time, sine, cosine */

/* Adds one observation to the normal equations of a least-squares fit. */
static void observe(double a[TERMS][TERMS + 1], const double x[TERMS], double y)
{
    for (int i = 0; i < TERMS; i++) {
        for (int j = 0; j < TERMS; j++)
            a[i][j] += x[i] * x[j];
        a[i][TERMS] += x[i] * y;
    }
}

/* Gauss with partial pivoting on the first n terms; false when they do not determine a solution. */
static bool solve(double a[TERMS][TERMS + 1], int n, double solution_out[TERMS])
{
    for (int column = 0; column < n; column++) {
        int pivot = column;
        for (int row = column + 1; row < n; row++)
            if (fabs(a[row][column]) > fabs(a[pivot][column]))
                pivot = row;
        if (fabs(a[pivot][column]) < 1e-9)
            return false;
        for (int j = 0; j <= TERMS; j++) {
            const double kept = a[column][j];
            a[column][j] = a[pivot][j];
            a[pivot][j] = kept;
        }
        for (int row = 0; row < n; row++) {
            if (row == column)
                continue;
            const double factor = a[row][column] / a[column][column];
            for (int j = column; j <= TERMS; j++)
                a[row][j] -= factor * a[column][j];
        }
    }
    for (int i = 0; i < n; i++)
        solution_out[i] = a[i][TERMS] / a[i][i];
    return true;
}

bool ob_fit_r2(const struct ob_nn_series *series, int64_t since_ns, double *r2_out)
{
    const uint32_t n = ob_nn_series_since(series, since_ns);
    double terms[OB_SERIES_MAX][TERMS];
    double hr[OB_SERIES_MAX];
    uint32_t used = 0;
    double first_s = 0.0, last_s = 0.0;
    for (uint32_t i = 0; i < n; i++) {
        const struct ob_nn_beat *beat = ob_nn_series_back(series, i);
        if (!beat->guided)
            continue;
        const double t = ob_s_from_ns(beat->time_ns - since_ns);
        const double angle = OB_TAU * beat->pacer_turns;
        terms[used][0] = 1.0;
        terms[used][1] = t / 30.0;
        terms[used][2] = sin(angle);
        terms[used][3] = cos(angle);
        hr[used] = 60000.0 / beat->nn_ms;
        if (used == 0)
            last_s = t;
        first_s = t;
        used++;
    }
    if (used < 12 || last_s - first_s < 20.0)
        return false;

    double full[TERMS][TERMS + 1] = {{0}}, line[TERMS][TERMS + 1] = {{0}};
    for (uint32_t i = 0; i < used; i++) {
        observe(full, terms[i], hr[i]);
        observe(line, terms[i], hr[i]);
    }
    double with_pacer[TERMS] = {0}, without[TERMS] = {0};
    if (!solve(line, 2, without) || !solve(full, TERMS, with_pacer))
        return false;
    double left = 0.0, all = 0.0;
    for (uint32_t i = 0; i < used; i++) {
        double a = hr[i], b = hr[i];
        for (int j = 0; j < TERMS; j++) {
            a -= with_pacer[j] * terms[i][j];
            b -= without[j] * terms[i][j];
        }
        left += a * a;
        all += b * b;
    }
    if (all < 1e-6 * used)
        return false;
    *r2_out = ob_clamp01(1.0 - left / all);
    return true;
}
