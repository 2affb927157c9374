/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/ecg_state.h"

#include <math.h>
#include <string.h>

#define ALIKE 0.8f

float ob_ecg_likeness(const struct ecg_candidate *c, const struct ecg_shape *s, int *shift_out)
{
    float best = 0.0f;
    if (s->uses == 0 || !(s->norm > 0.0f))
        return 0.0f;
    /* All shifts side by side, and three idle ones, so that compilers take them four at a time. */
    float dot[ECG_SHIFTS] = {0.0f};
    for (int i = 0; i < ECG_SHAPE; i++)
        for (int k = 0; k < ECG_SHIFTS; k++)
            dot[k] += c->d[i + k] * s->d[i];
    for (int k = 0; k <= 2 * ECG_REACH; k++) {
        float r = c->square[k] > 0.0f ? dot[k] / sqrtf(c->square[k] * s->norm) : 0.0f;
        if (r > best) {
            best = r;
            if (shift_out)
                *shift_out = k;
        }
    }
    return best;
}

struct ecg_shape *ob_ecg_remember(struct ecg_shape *shapes, int count, const struct ecg_candidate *c, int *shift_out)
{
    int best = -1;
    float best_r = ALIKE;
    *shift_out = ECG_REACH;
    for (int i = 0; i < count; i++) {
        int shift = ECG_REACH;
        float r = ob_ecg_likeness(c, &shapes[i], &shift);
        if (r > best_r) {
            best_r = r;
            best = i;
            *shift_out = shift;
        }
    }
    if (best < 0) {
        best = 0;
        for (int i = 1; i < count; i++)
            if (shapes[best].uses > 0 && (shapes[i].uses == 0 || shapes[i].last < shapes[best].last))
                best = i;
        memset(&shapes[best], 0, sizeof shapes[best]);
    }
    struct ecg_shape *s = &shapes[best];
    float weight = s->uses < 8 ? 1.0f / (float)(s->uses + 1) : 0.125f;
    float norm = 0.0f;
    for (int i = 0; i < ECG_SHAPE; i++) {
        s->d[i] += weight * (c->d[i + *shift_out] - s->d[i]);
        norm += s->d[i] * s->d[i];
    }
    s->norm = norm;
    if (s->uses < 1000)
        s->uses++;
    s->last = c->at;
    return s;
}

/* ---- where R is ----
 *
 * A complex has several turning points, and people mark one of them: mostly the first large one, for some forms the
 * larger one behind it. Each is weighed by traits without a unit or a sign. */

#define BACK   20 /* 80 ms before the middle of the complex */
#define ON     16 /* 64 ms after */
#define RIM    4
#define SPAN   (BACK + ON + 1)
#define MIDDLE (BACK + RIM)
#define TURNS  10

struct turn {
    int at;
    float t[OB_TURN_COUNT];
};

/* The raw grid signal, smoothed over three samples only: R shall stay where it is. */
static double smooth(const struct ob_ecg *e, int64_t i)
{
    return e->raw[(i - 1) & ECG_MASK] + 2.0 * e->raw[i & ECG_MASK] + e->raw[(i + 1) & ECG_MASK];
}

static int find_turns(const double *y, double base, struct turn *turns)
{
    double largest = 0.0;
    int count = 0, largest_at = MIDDLE;
    for (int i = RIM; i < RIM + SPAN; i++)
        if (fabs(y[i] - base) > largest) {
            largest = fabs(y[i] - base);
            largest_at = i;
        }
    for (int i = RIM; i < RIM + SPAN && count < TURNS; i++) {
        bool top = y[i] > base && y[i] >= y[i - 1] && y[i] > y[i + 1] && y[i] >= y[i - 2] && y[i] > y[i + 2];
        bool bottom = y[i] < base && y[i] <= y[i - 1] && y[i] < y[i + 1] && y[i] <= y[i - 2] && y[i] < y[i + 2];
        if ((top || bottom) && fabs(y[i] - base) > 0.1 * largest)
            turns[count++].at = i;
    }
    if (count == 0)
        turns[count++].at = largest_at;
    return count;
}

static double bend_at(const double *y, int i)
{
    return fabs(2.0 * y[i] - y[i - RIM] - y[i + RIM]);
}

static void weigh_turns(const struct ob_ecg *e, const double *y, double base, struct turn *turns, int count,
                        const struct ecg_shape *shape, int shift)
{
    double largest = 0.0, sharpest = 0.0, swing = 0.0;
    for (int k = 0; k < count; k++) {
        int i = turns[k].at;
        largest = fmax(largest, fabs(y[i] - base));
        sharpest = fmax(sharpest, bend_at(y, i));
        if (k > 0)
            swing = fmax(swing, fabs(y[i] - y[turns[k - 1].at]));
    }
    swing = fmax(swing, largest);
    if (!(swing > 0.0))
        swing = 1.0;
    int large = 0;
    for (int k = 0; k < count; k++) {
        int i = turns[k].at;
        float *t = turns[k].t;
        double v = y[i] - base;
        double off = (double)(i - MIDDLE) / 10.0;
        t[0] = ob_ecg_ln_ratio(fabs(v), largest, -3.0, 0.0);
        t[1] = ob_ecg_ln_ratio(bend_at(y, i), sharpest, -3.0, 0.0);
        t[2] = (float)off;
        t[3] = (float)(off * off);
        t[4] = (float)((k > 0 ? fabs(y[i] - y[turns[k - 1].at]) : fabs(v)) / swing);
        t[5] = (float)((k + 1 < count ? fabs(y[i] - y[turns[k + 1].at]) : fabs(v)) / swing);
        t[6] = (float)((v > 0.0 ? 1.0 : -1.0) * e->upright);
        t[7] = t[8] = 0.0f;
        if (shape->uses >= 3 && shape->r_known) {
            double from_usual = fabs((double)(i - MIDDLE - 2 * (shift - ECG_REACH)) - (double)shape->r_at);
            t[7] = ob_ecg_clamp(from_usual / 4.0, 0.0, 3.0) - 1.0f;
            t[8] = from_usual < 3.0 ? 1.0f : 0.0f;
        }
        t[9] = (float)(large < 2 ? large : 2);
        if (fabs(v) > 0.3 * largest)
            large++;
    }
}

/* Of the wave whose top is at `at`, where it is half as high. */
static double half_width_s(const double *y, double base, int at)
{
    int left = at, right = at;
    while (left > RIM && fabs(y[left] - base) > 0.5 * fabs(y[at] - base))
        left--;
    while (right < RIM + SPAN && fabs(y[right] - base) > 0.5 * fabs(y[at] - base))
        right++;
    return (double)(right - left - 1) / ECG_GRID_HZ;
}

double ob_ecg_find_r(struct ob_ecg *e, const struct ecg_candidate *c, struct ecg_shape *shape, int shift,
                     double *width_s_out, double *height_out)
{
    int64_t centre = c->at - ECG_DELAY, newest = e->n - 2;
    double y[SPAN + 2 * RIM], base = 0.0;
    for (int i = 0; i < SPAN + 2 * RIM; i++) {
        int64_t at = centre - MIDDLE + i;
        y[i] = smooth(e, at < 1 ? 1 : at > newest ? newest : at);
    }
    /* The level is that of the 48 ms before the complex, where ST and T cannot bend it. */
    for (int i = 0; i < 12; i++) {
        int64_t at = centre - BACK - 12 + i;
        base += smooth(e, at < 1 ? 1 : at) / 12.0;
    }
    struct turn turns[TURNS];
    int count = find_turns(y, base, turns), best = 0;
    weigh_turns(e, y, base, turns, count, shape, shift);
    float best_score = 0.0f;
    for (int k = 0; k < count; k++) {
        float score = 0.0f;
        for (int i = 0; i < OB_TURN_COUNT; i++)
            score += turns[k].t[i] * e->weights->turns[i];
        if (e->oracle)
            e->oracle(e->user, ob_grid_sample(&e->grid, (double)(centre + turns[k].at - MIDDLE)), 2, turns[k].t,
                      (float)k);
        if (k == 0 || score > best_score) {
            best_score = score;
            best = k;
        }
    }
    int i = turns[best].at;
    e->upright += 0.1 * ((y[i] > base ? 1.0 : -1.0) - e->upright);
    float at = (float)(i - MIDDLE - 2 * (shift - ECG_REACH));
    shape->r_at = shape->r_known ? shape->r_at + 0.2f * (at - shape->r_at) : at;
    shape->r_known = true;
    *width_s_out = half_width_s(y, base, i);
    *height_out = (y[i] - base) / 4.0; /* the smoothing adds up four */
    /* the top of the parabola through three points */
    double y0 = fabs(y[i - 1] - base), y1 = fabs(y[i] - base), y2 = fabs(y[i + 1] - base);
    double bend = y0 - 2.0 * y1 + y2;
    double move = bend < 0.0 ? 0.5 * (y0 - y2) / bend : 0.0;
    return (double)(centre + i - MIDDLE) + (move > 0.5 ? 0.5 : move < -0.5 ? -0.5 : move);
}
