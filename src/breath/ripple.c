/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/ripple.h"

#include "base/maths.h"
#include "base/time.h"

#include <math.h>

#define GRID_S    0.5
#define POINTS    160 /* OB_RIPPLE_S / GRID_S */
#define TERMS     6   /* constant, time, pacer's sine and cosine, those of its double */
#define CORRECTED 14  /* beats of a window at most: what is left of them after correction hurts less than no window */
#define HOLE_S    4.0

struct window {
    double hr_bpm[POINTS], turns[POINTS];
};

/* Heart rate and pacer between the beats, by straight lines. */
static bool lay_on_grid(const struct ob_nn_series *series, struct window *window)
{
    const struct ob_nn_beat *newest = ob_nn_series_back(series, 0);
    if (!newest)
        return false;
    const int64_t end_ns = newest->time_ns, begin_ns = end_ns - ob_ns_from_s(OB_RIPPLE_S);
    uint32_t back = 0;
    int corrected = 0;
    for (int i = POINTS - 1; i >= 0; i--) {
        const int64_t at_ns = begin_ns + ob_ns_from_s(GRID_S * (i + 1));
        const struct ob_nn_beat *left = ob_nn_series_back(series, back + 1);
        while (left && left->time_ns > at_ns) {
            corrected += !left->normal;
            left = ob_nn_series_back(series, ++back + 1);
        }
        const struct ob_nn_beat *right = ob_nn_series_back(series, back);
        if (!left || !right || !left->guided || !right->guided || corrected > CORRECTED)
            return false;
        const double gap_s = ob_s_from_ns(right->time_ns - left->time_ns);
        if (gap_s > HOLE_S || gap_s <= 0.0)
            return false;
        const double u = ob_clamp01(ob_s_from_ns(at_ns - left->time_ns) / gap_s);
        window->hr_bpm[i] = ob_lerp(60000.0 / left->nn_ms, 60000.0 / right->nn_ms, u);
        window->turns[i] = ob_lerp(left->pacer_turns, right->pacer_turns, u);
    }
    return true;
}

static void terms_of(const struct window *window, int i, double x[TERMS])
{
    const double angle = OB_TAU * ob_fract(window->turns[i]);
    x[0] = 1.0;
    x[1] = (i - 0.5 * (POINTS - 1)) / POINTS;
    x[2] = cos(angle);
    x[3] = sin(angle);
    x[4] = cos(2.0 * angle);
    x[5] = sin(2.0 * angle);
}

/* Least squares by Cholesky: the normal equations of these terms are well behaved over eight breaths. */
static bool fit(const struct window *window, double solution[TERMS])
{
    double a[TERMS][TERMS] = {{0}}, b[TERMS] = {0};
    for (int i = 0; i < POINTS; i++) {
        double x[TERMS];
        terms_of(window, i, x);
        for (int j = 0; j < TERMS; j++) {
            for (int k = 0; k <= j; k++)
                a[j][k] += x[j] * x[k];
            b[j] += x[j] * window->hr_bpm[i];
        }
    }
    for (int j = 0; j < TERMS; j++) {
        for (int k = 0; k <= j; k++) {
            double sum = a[j][k];
            for (int m = 0; m < k; m++)
                sum -= a[j][m] * a[k][m];
            if (j == k) {
                if (sum < 1e-6)
                    return false;
                a[j][j] = sqrt(sum);
            } else
                a[j][k] = sum / a[k][k];
        }
    }
    for (int j = 0; j < TERMS; j++) {
        for (int k = 0; k < j; k++)
            b[j] -= a[j][k] * b[k];
        b[j] /= a[j][j];
    }
    for (int j = TERMS - 1; j >= 0; j--) {
        for (int k = j + 1; k < TERMS; k++)
            b[j] -= a[k][j] * b[k];
        b[j] /= a[j][j];
        solution[j] = b[j];
    }
    return true;
}

bool ob_ripple_measure(const struct ob_nn_series *series, struct ob_ripple *ripple_out)
{
    struct window window;
    double c[TERMS];
    if (!lay_on_grid(series, &window) || !fit(&window, c))
        return false;
    const double turned = window.turns[POINTS - 1] - window.turns[0];
    ripple_out->pace_brpm = turned / ((POINTS - 1) * GRID_S) * 60.0;
    ripple_out->swing_bpm = sqrt(c[2] * c[2] + c[3] * c[3]);
    ripple_out->mean_bpm = c[0];
    if (!(ripple_out->pace_brpm > 2.0 && ripple_out->pace_brpm < 13.0 && c[0] > 20.0))
        return false;

    double weight = 0.0;
    for (int i = 0; i < POINTS; i++) {
        double x[TERMS];
        terms_of(&window, i, x);
        for (int j = 0; j < TERMS; j++)
            window.hr_bpm[i] -= c[j] * x[j];
        const double hann = 0.5 - 0.5 * cos(OB_TAU * (i + 0.5) / POINTS);
        window.hr_bpm[i] *= hann;
        weight += hann * hann;
    }
    for (int k = 0; k < OB_RIPPLE_RATES; k++) {
        /* Goertzel 1958: one sine and cosine a rate. */
        const double angle = OB_TAU * (OB_RIPPLE_FIRST_BRPM + OB_RIPPLE_STEP_BRPM * k) / 60.0 * GRID_S;
        const double turn = 2.0 * cos(angle);
        double one = 0.0, two = 0.0;
        for (int i = 0; i < POINTS; i++) {
            const double now = window.hr_bpm[i] + turn * one - two;
            two = one;
            one = now;
        }
        ripple_out->power[k] = 2.0 * GRID_S / weight * (one * one + two * two - turn * one * two);
    }
    return true;
}
