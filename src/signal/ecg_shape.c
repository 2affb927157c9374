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
    /* A wave of another size is another wave. */
    float size = c->ln_peak - s->ln_peak;
    size *= size;
    return best / (1.0f + size * size);
}

struct ecg_shape *ob_ecg_remember(struct ecg_shape *shapes, int count, const struct ecg_candidate *c)
{
    int best = -1, best_shift = ECG_REACH;
    float best_r = ALIKE;
    for (int i = 0; i < count; i++) {
        int shift = ECG_REACH;
        float r = ob_ecg_likeness(c, &shapes[i], &shift);
        if (r > best_r) {
            best_r = r;
            best = i;
            best_shift = shift;
        }
    }
    if (best < 0) {
        best = 0;
        for (int i = 1; i < count; i++)
            if (shapes[best].uses > 0 && (shapes[i].uses == 0 || shapes[i].last < shapes[best].last))
                best = i;
        memset(&shapes[best], 0, sizeof shapes[best]);
        shapes[best].born = c->at;
    }
    struct ecg_shape *s = &shapes[best];
    float weight = s->uses < 8 ? 1.0f / (float)(s->uses + 1) : 0.125f;
    float norm = 0.0f;
    for (int i = 0; i < ECG_SHAPE; i++) {
        s->d[i] += weight * (c->d[i + best_shift] - s->d[i]);
        norm += s->d[i] * s->d[i];
    }
    s->norm = norm;
    s->ln_peak += weight * (c->ln_peak - s->ln_peak);
    if (s->uses < 1000)
        s->uses++;
    s->last = c->at;
    return s;
}

/* ---- what comes after a form ---- */

#define AFTER_FROM ECG_MS(90)
#define AFTER_TO   ECG_MS(320)

static void tell(struct ecg_past *p)
{
    struct ecg_shape *s = p->shape;
    if (p->told || !s || s->born != p->shape_born)
        return;
    p->told = true;
    float weight = s->after_count < 8 ? 1.0f / (float)(++s->after_count) : 0.125f;
    s->after_level += weight * (p->after_level - s->after_level);
    s->after_curve += weight * (p->after_curve - s->after_curve);
}

void ob_ecg_note(struct ob_ecg *e, const struct ecg_candidate *c)
{
    for (int i = 0; i < ECG_PAST; i++) {
        struct ecg_past *p = &e->past[i];
        int64_t since = c->at - p->at;
        if (since > AFTER_TO) {
            tell(p);
        } else if (since >= AFTER_FROM) {
            float level = ob_ecg_ln_ratio(c->peak, p->peak, (double)ECG_NOTHING, 1.5);
            if (level > p->after_level) {
                p->after_level = level;
                p->after_curve = c->curve - p->curve;
            }
        }
    }
    e->past[e->past_count++ % ECG_PAST] = (struct ecg_past){
        .at = c->at,
        .peak = c->peak,
        .curve = c->curve,
        .after_level = ECG_NOTHING,
    };
}

void ob_ecg_note_shape(struct ob_ecg *e, const struct ecg_candidate *c, struct ecg_shape *shape)
{
    for (int i = 0; i < ECG_PAST; i++) {
        struct ecg_past *p = &e->past[i];
        if (p->at == c->at && p->peak > 0.0) {
            p->shape = shape;
            p->shape_born = shape->born;
            if (e->n - p->at > AFTER_TO + ECG_MS(40))
                tell(p);
        }
    }
}

/* ---- where R is ----
 *
 * R is the largest wave of the complex in a band that leaves neither its notches nor the slow waves around it: a bell
 * of 44 ms less the mean over 100 ms. Both are symmetric, so nothing is shifted; unlike the highest point of the signal
 * itself, it does not jump between the notches of a broad complex. */

#define BACK  20 /* 80 ms before the middle of the complex */
#define ON    20
#define SPAN  (BACK + ON + 1)
#define RIM   12 /* the mean is of 2 RIM + 1 samples */
#define ALL   (SPAN + 2 * RIM)
#define CLIMB 4 /* from R in the band to R in the signal: 16 ms */

/* A bell (Hann) of sum 1; the middle and one side. */
static const double bell[] = {0.16666666666666666,  0.15550211698203656,  0.125,
                              0.083333333333333329, 0.041666666666666685, 0.011164549684630107};
#define BELL (int)(sizeof bell / sizeof bell[0])

static void band(const double x[ALL], double y[SPAN])
{
    double sum = 0.0;
    for (int i = 0; i < 2 * RIM; i++)
        sum += x[i];
    for (int i = 0; i < SPAN; i++) {
        const double *mid = x + i + RIM;
        sum += mid[RIM];
        y[i] = bell[0] * mid[0] - sum / (2 * RIM + 1);
        for (int k = 1; k < BELL; k++)
            y[i] += bell[k] * (mid[-k] + mid[k]);
        sum -= mid[-RIM];
    }
}

static int largest_wave(const double y[SPAN])
{
    int best = BACK;
    double height = 0.0;
    for (int i = 1; i < SPAN - 1; i++) {
        double a = fabs(y[i]);
        if (a > height && a >= fabs(y[i - 1]) && a > fabs(y[i + 1])) {
            height = a;
            best = i;
        }
    }
    return best;
}

/* Over three samples, so that single ones do not count. */
static double smooth(const double x[ALL], int i)
{
    return 0.25 * (x[i - 1] + 2.0 * x[i] + x[i + 1]);
}

/* Of the wave whose top is at `at`, where it is half as high. */
static double half_width_s(const double x[ALL], double base, int at)
{
    double half = 0.5 * fabs(smooth(x, at) - base);
    int left = at, right = at;
    while (left > 1 && fabs(smooth(x, left) - base) > half)
        left--;
    while (right < ALL - 2 && fabs(smooth(x, right) - base) > half)
        right++;
    return (double)(right - left - 1) / ECG_GRID_HZ;
}

double ob_ecg_find_r(const struct ob_ecg *e, const struct ecg_candidate *c, double *width_s_out, double *height_out)
{
    int64_t centre = c->at - ECG_DELAY, newest = e->n - 1;
    double x[ALL], y[SPAN], base = 0.0;
    for (int i = 0; i < ALL; i++) {
        int64_t at = centre - BACK - RIM + i;
        x[i] = e->raw[(at < 0 ? 0 : at > newest ? newest : at) & ECG_MASK];
    }
    band(x, y);
    int r = largest_wave(y);

    /* The level is that of the 48 ms before the complex, where ST and T cannot bend it. */
    for (int i = 0; i < RIM; i++)
        base += x[i] / RIM;
    double sign = y[r] < 0.0 ? -1.0 : 1.0;
    int top = r + RIM;
    for (int i = r + RIM - CLIMB; i <= r + RIM + CLIMB; i++)
        if (sign * smooth(x, i) > sign * smooth(x, top))
            top = i;
    *width_s_out = half_width_s(x, base, top);
    *height_out = smooth(x, top) - base;

    /* the top of the parabola through three points */
    double y0 = fabs(y[r - 1]), y1 = fabs(y[r]), y2 = fabs(y[r + 1]);
    double bend = y0 - 2.0 * y1 + y2;
    double move = bend < 0.0 ? 0.5 * (y0 - y2) / bend : 0.0;
    return (double)(centre + r - BACK) + (move > 0.5 ? 0.5 : move < -0.5 ? -0.5 : move);
}
