/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/following.h"

#include "base/maths.h"
#include "base/time.h"
#include "breath/following_weights.h"

#include <math.h>

#define GRID_S      0.5
#define POINTS      400 /* the longest window */
#define HOLE_S      4.0
#define SLOW_HZ     0.04
#define SLOW_TERMS  17 /* 0.04 Hz in 200 s */
#define WINDOWS     4
#define FASTER      1.15
#define FASTEST     24.0 /* breaths/min */
#define ODDS_EPS    0.01 /* a share is never taken as surer than that */
#define MIDDLE_BRPM 7.5
#define MIDDLE_LN   1.5 /* of the heart's variance, bpm^2 */
#define OWN_ALIKE   0.12
#define OWN_LOW_LN  (-0.3)
#define OWN_HIGH_LN 0.8

struct grid {
    int count; /* newest last: points POINTS - count .. POINTS - 1 */
    double hr_bpm[POINTS], turns[POINTS];
};

/* Heart rate and pacer between the beats, by straight lines, as far back as it was guided without a hole. */
static void lay_on_grid(const struct ob_nn_series *series, struct grid *grid)
{
    const struct ob_nn_beat *newest = ob_nn_series_back(series, 0);
    grid->count = 0;
    if (!newest)
        return;
    uint32_t back = 0;
    for (int i = POINTS - 1; i >= 0; i--) {
        const int64_t at_ns = newest->time_ns - ob_ns_from_s(GRID_S * (POINTS - 1 - i));
        const struct ob_nn_beat *left = ob_nn_series_back(series, back + 1);
        while (left && left->time_ns > at_ns)
            left = ob_nn_series_back(series, ++back + 1);
        const struct ob_nn_beat *right = ob_nn_series_back(series, back);
        if (!left || !right || !left->guided || !right->guided)
            return;
        const double gap_s = ob_s_from_ns(right->time_ns - left->time_ns);
        if (gap_s > HOLE_S || gap_s <= 0.0)
            return;
        const double u = ob_clamp01(ob_s_from_ns(at_ns - left->time_ns) / gap_s);
        grid->hr_bpm[i] = ob_lerp(60000.0 / left->nn_ms, 60000.0 / right->nn_ms, u);
        grid->turns[i] = ob_lerp(left->pacer_turns, right->pacer_turns, u);
        grid->count++;
    }
}

static double product(const double *a, const double *b, int count)
{
    double sum = 0.0;
    for (int i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Takes out of x what there is of base in it; returns how much of base that was. */
static double take_out(double *x, const double *base, int count)
{
    const double length2 = product(base, base, count);
    if (length2 < 1e-9)
        return 0.0;
    const double share = product(x, base, count) / length2;
    for (int i = 0; i < count; i++)
        x[i] -= share * base[i];
    return share;
}

/* The energy of the strongest rhythm from low_brpm on (Goertzel 1958: one sine and cosine a rate). */
static double strongest(const double *x, int count, double low_brpm)
{
    double best = 0.0;
    for (double brpm = low_brpm; brpm < FASTEST; brpm += 30.0 / (count * GRID_S)) {
        const double turn = 2.0 * cos(OB_TAU * brpm / 60.0 * GRID_S);
        double one = 0.0, two = 0.0;
        for (int i = 0; i < count; i++) {
            const double now = x[i] + turn * one - two;
            two = one;
            one = now;
        }
        best = fmax(best, 2.0 / count * (one * one + two * two - turn * one * two));
    }
    return best;
}

static double ln_odds(double share)
{
    return log((share + ODDS_EPS) / (1.0 - share + ODDS_EPS));
}

/* Five signs of the last so many points, and the variance behind them. False: the heart does not change its rate. */
static bool look(const struct grid *grid, int count, double signs[5], double *variance_out)
{
    const double *turns = grid->turns + POINTS - count;
    double x[POINTS], slow[SLOW_TERMS][POINTS], wave[4][POINTS]; /* cosine and sine of the pacer, and of its double */
    const int slow_terms = 1 + (int)(2.0 * SLOW_HZ * count * GRID_S);
    for (int i = 0; i < count; i++) {
        const double angle = OB_TAU * ob_fract(turns[i]);
        x[i] = grid->hr_bpm[POINTS - count + i];
        wave[0][i] = cos(angle);
        wave[1][i] = sin(angle);
        wave[2][i] = cos(2.0 * angle);
        wave[3][i] = sin(2.0 * angle);
        const double step = cos(OB_PI * (i + 0.5) / count);
        slow[0][i] = 1.0;
        slow[1][i] = step;
        for (int k = 2; k < slow_terms; k++)
            slow[k][i] = 2.0 * step * slow[k - 1][i] - slow[k - 2][i]; /* Chebyshev */
    }
    for (int k = 0; k < slow_terms; k++) {
        take_out(x, slow[k], count);
        for (int j = 0; j < 4; j++)
            take_out(wave[j], slow[k], count);
    }
    const double all = product(x, x, count);
    if (all < 1e-6 * count)
        return false;
    /* One after the other, each freed of those before it (Gram-Schmidt). */
    const double sine_in_cosine = take_out(wave[1], wave[0], count);
    const double cosine = take_out(x, wave[0], count);
    const double sine = take_out(x, wave[1], count);
    const double beside = product(x, x, count);
    for (int j = 2; j < 4; j++) {
        for (int k = 0; k < j; k++)
            take_out(wave[j], wave[k], count);
        take_out(x, wave[j], count);
    }
    const double left = product(x, x, count);
    const double pace_brpm = (turns[count - 1] - turns[0]) / ((count - 1) * GRID_S) * 60.0;
    const double a = cosine - sine * sine_in_cosine, size = hypot(a, sine);
    signs[0] = ln_odds(ob_clamp01(1.0 - beside / all));
    signs[1] = ln_odds(ob_clamp01(1.0 - left / all));
    signs[2] = ln_odds(ob_clamp01(strongest(x, count, FASTER * fmax(pace_brpm, 2.0)) / all));
    signs[3] = size > 0.0 ? a / size : 0.0;
    signs[4] = size > 0.0 ? sine / size : 0.0;
    *variance_out = all / count;
    return true;
}

/* What the five signs of a window say together, at this pace, of a heart that moves so much. */
static void combine(double signs[OB_FOLLOWING_VIEW], double pace_ln, double size_ln)
{
    signs[5] = signs[0] * signs[0];
    signs[6] = signs[2] * signs[2];
    signs[7] = signs[0] * signs[2];
    signs[8] = size_ln * signs[0];
    signs[9] = size_ln * signs[2];
    signs[10] = pace_ln * signs[0];
    signs[11] = pace_ln * signs[2];
    signs[12] = pace_ln * signs[3];
    signs[13] = pace_ln * signs[4];
}

bool ob_following_signs(const struct ob_nn_series *series, double own_brpm, double signs_out[OB_FOLLOWING_SIGNS])
{
    static const int windows[WINDOWS] = {60, 120, 200, 400}; /* points */
    struct grid grid;
    double variance[WINDOWS];
    lay_on_grid(series, &grid);
    if (grid.count < (int)(OB_FOLLOWING_LEAST_S / GRID_S))
        return false;
    for (int i = 0; i < WINDOWS; i++) {
        const int count = windows[i] < grid.count ? windows[i] : grid.count;
        if (!look(&grid, count, signs_out + OB_FOLLOWING_VIEW * i, &variance[i]))
            return false;
    }
    const int minute = grid.count < windows[1] ? grid.count : windows[1];
    const double turned = grid.turns[POINTS - 1] - grid.turns[POINTS - minute];
    const double pace_brpm = fmax(turned / ((minute - 1) * GRID_S) * 60.0, 2.0);
    const double pace_ln = log(pace_brpm / MIDDLE_BRPM), size_ln = log(variance[1] + 0.1) - MIDDLE_LN;
    for (int i = 0; i < WINDOWS; i++)
        combine(signs_out + OB_FOLLOWING_VIEW * i, pace_ln, size_ln);
    const bool known = own_brpm > 0.0;
    const double faster = known ? ob_clamp(log(own_brpm / pace_brpm), OWN_LOW_LN, OWN_HIGH_LN) : 0.0;
    double *whole = signs_out + OB_FOLLOWING_VIEW * WINDOWS;
    whole[0] = pace_ln;
    whole[1] = size_ln;
    whole[2] = known ? 1.0 : 0.0;
    whole[3] = faster;
    whole[4] = known && fabs(faster) < OWN_ALIKE ? 1.0 : 0.0;
    whole[5] = 1.0;
    return true;
}

double ob_following_ln_odds(const double signs[OB_FOLLOWING_SIGNS])
{
    return product(signs, ob_following_weights, OB_FOLLOWING_SIGNS);
}
