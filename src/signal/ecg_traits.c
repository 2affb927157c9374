/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/ecg_state.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

float ob_ecg_clamp(double value, double low, double high)
{
    return (float)(value > low ? value < high ? value : high : low);
}

float ob_ecg_ln_ratio(double a, double b, double low, double high)
{
    if (!(a > 0.0))
        return (float)low;
    if (!(b > 0.0))
        return (float)high;
    return ob_ecg_clamp(log(a / b), low, high);
}

/* Four traits a turn: their sums stay in registers, in the order of the traits. */
#define TURN 4
_Static_assert(OB_TRAIT_COUNT % TURN == OB_TRAIT_EARLY_COUNT % TURN, "what is over comes first for both judges");
#define OVER (OB_TRAIT_COUNT % TURN)

float ob_judge(const struct ob_judge *j, const float traits[OB_TRAIT_COUNT], int count)
{
    float a[OB_JUDGE_HIDDEN], z[OB_TRAIT_COUNT], sum = j->out_bias;
    for (int h = 0; h < OB_JUDGE_HIDDEN; h++)
        a[h] = j->in_bias[h];
    for (int i = 0; i < OB_TRAIT_COUNT; i++)
        z[i] = (traits[i] - j->mean[i]) * j->scale[i];
    for (int i = 0; i < OVER; i++)
        for (int h = 0; h < OB_JUDGE_HIDDEN; h++)
            a[h] += j->in[i][h] * z[i];
    for (int i = OVER; i < count; i += TURN) {
        const float z0 = z[i], z1 = z[i + 1], z2 = z[i + 2], z3 = z[i + 3];
        for (int h = 0; h < OB_JUDGE_HIDDEN; h++)
            a[h] = a[h] + j->in[i][h] * z0 + j->in[i + 1][h] * z1 + j->in[i + 2][h] * z2 + j->in[i + 3][h] * z3;
    }
    for (int h = 0; h < OB_JUDGE_HIDDEN; h++)
        sum += j->out[h] * (a[h] / (1.0f + fabsf(a[h])));
    return sum;
}

static double largest_sum(const struct ob_ecg *e, int64_t from, int64_t to)
{
    double largest = 0.0;
    for (int64_t i = from < 0 ? 0 : from; i <= to && i < e->n; i++)
        if (e->sum[i & ECG_MASK] > largest)
            largest = e->sum[i & ECG_MASK];
    return largest;
}

/* The part of a ring from `from` on, end to end: where it is, or, around the ring's end, in copy. */
static const double *part(const double *ring, int64_t from, int count, double *copy)
{
    const int64_t place = from & ECG_MASK;
    if (place + count <= ECG_RING)
        return ring + place;
    for (int i = 0; i < count; i++)
        copy[i] = ring[(from + i) & ECG_MASK];
    return copy;
}

/* A form's slopes, and those of the window with two before and two after it, lie from here on, by the peak. */
#define FORM_FROM (-9 - 2 * (ECG_SHAPE_WIDE / 2))
#define FORM_TO   (-9 + 2 * (ECG_SHAPE_WIDE / 2))
#define FORM      (FORM_TO - FORM_FROM + 1)
#define EDGE_FROM (-ECG_WINDOW - 1)
/* The raw signal is ahead by the box filters and half the difference. */
#define RAW_DELAY 6

void ob_ecg_measure(const struct ob_ecg *e, struct ecg_candidate *c)
{
    const int64_t p = c->at, newest = e->n - 1;
    double low_copy[ECG_LAG + FORM], raw_copy[ECG_WINDOW + 4], slopes[FORM];
    const double *low = part(e->low, p + FORM_FROM - ECG_LAG, ECG_LAG + FORM, low_copy);
    const double *raw = part(e->raw, p - ECG_WINDOW + 1 - RAW_DELAY - 2, ECG_WINDOW + 4, raw_copy);
    for (int i = 0; i < FORM; i++)
        slopes[i] = low[ECG_LAG + i] - low[i];
    float by_height = c->peak > 0.0 ? (float)(1.0 / c->peak) : 0.0f;
    for (int i = 0; i < ECG_SHAPE_WIDE; i++) {
        const int64_t at = p + FORM_FROM + 2 * i;
        c->d[i] = at >= ECG_LAG && at <= newest ? (float)slopes[2 * i] * by_height : 0.0f;
    }
    float squares[ECG_SHAPE + ECG_SHIFTS], square[ECG_SHIFTS] = {0.0f};
    for (int i = 0; i < ECG_SHAPE + ECG_SHIFTS; i++)
        squares[i] = c->d[i] * c->d[i];
    for (int i = 0; i < ECG_SHAPE; i++)
        for (int k = 0; k < ECG_SHIFTS; k++)
            square[k] += squares[i + k];
    memcpy(c->square, square, sizeof c->square);
    const double *edge = slopes + (EDGE_FROM - FORM_FROM), *window = low + (ECG_LAG - ECG_WINDOW + 1 - FORM_FROM);
    double bends[ECG_WINDOW], highs[ECG_WINDOW];
    for (int k = 0; k < ECG_WINDOW; k++) {
        bends[k] = fabs(edge[k + 4] - edge[k]);
        highs[k] = fabs(raw[k] - 2.0 * raw[k + 2] + raw[k + 4]);
    }
    double curve = 0.0, steepest = 0.0, high = 0.0, lowest = window[ECG_WINDOW - 1], highest = lowest;
    for (int k = 0; k < ECG_WINDOW; k++) {
        const double slope = fabs(edge[k + 2]);
        steepest = slope > steepest ? slope : steepest;
        lowest = window[k] < lowest ? window[k] : lowest;
        highest = window[k] > highest ? window[k] : highest;
        curve += bends[k];
        high += highs[k];
    }
    c->crest = ob_ecg_ln_ratio(steepest * ECG_WINDOW, c->peak, -1.0, 3.0);
    c->high = ob_ecg_ln_ratio(high * 10.0, c->peak, -4.0, 4.0);
    c->low = ob_ecg_ln_ratio((highest - lowest) * 4.0, c->peak, -3.0, 3.0);
    c->curve = ob_ecg_ln_ratio(curve, c->peak, -3.0, 3.0);
    double before = 0.0;
    for (int64_t i = p - 100; i < p - 25; i += 5)
        before += i >= 0 ? e->sum[i & ECG_MASK] : 0.0;
    c->traits[OB_TRAIT_BEFORE_MEAN] = ob_ecg_ln_ratio(before / 15.0, c->peak, -4.0, 1.0);
    c->traits[OB_TRAIT_BEFORE_MAX] = ob_ecg_ln_ratio(largest_sum(e, p - 50, p - 18), c->peak, -4.0, 1.0);
}

static void compare_shapes(const struct ob_ecg *e, struct ecg_candidate *c)
{
    const struct ecg_shape *like = NULL;
    float best = 0.0f, main = 0.0f, other = 0.0f, most = 0.6f;
    int uses = 0;
    for (int i = 0; i < ECG_BEAT_SHAPES; i++) {
        const struct ecg_shape *s = &e->beats[i];
        float r = ob_ecg_likeness(c, s, NULL);
        best = r > best ? r : best;
        if (s->uses > uses) {
            uses = s->uses;
            main = r;
        }
        if (s->after_count > 0 && r > most) {
            most = r;
            like = s;
        }
    }
    for (int i = 0; i < ECG_OTHER_SHAPES; i++) {
        const struct ecg_shape *s = &e->others[i];
        float r = ob_ecg_likeness(c, s, NULL);
        other = r > other ? r : other;
        if (s->after_count > 0 && r > most) {
            most = r;
            like = s;
        }
    }
    c->traits[OB_TRAIT_LIKE_BEAT] = best;
    c->traits[OB_TRAIT_LIKE_MAIN] = main;
    c->traits[OB_TRAIT_LIKE_OTHER] = other;
    c->traits[OB_TRAIT_USUAL_LEVEL] = like ? like->after_level : -1.0f;
    c->traits[OB_TRAIT_USUAL_CURVE] = like ? like->after_curve : 0.0f;
}

float ob_ecg_weigh(const struct ob_ecg *e, struct ecg_candidate *c, bool late)
{
    float *t = c->traits;
    double since = (double)(c->at - e->last_beat);
    double rr = e->rr > 0.0 ? e->rr : 200.0;
    bool any = e->level_count > 0;
    t[OB_TRAIT_LEVEL] = ob_ecg_ln_ratio(c->peak, e->qrs_level, -3.0, 1.5);
    t[OB_TRAIT_NOISE] = ob_ecg_ln_ratio(c->peak, e->noise_level, -1.0, 4.0);
    t[OB_TRAIT_LAST] = any ? ob_ecg_ln_ratio(c->peak, e->last_level, -3.0, 1.5) : t[OB_TRAIT_LEVEL];
    t[OB_TRAIT_FLOOR] = ob_ecg_ln_ratio(e->noise_level, e->qrs_level, -4.0, 1.0);
    t[OB_TRAIT_PASSED] = (float)e->passed;
    t[OB_TRAIT_PHASE] = ob_ecg_clamp(since / rr, 0.0, 3.0);
    t[OB_TRAIT_PHASE_TWO] = ob_ecg_clamp((double)(c->at - e->last_but_one) / rr, 0.0, 4.0);
    t[OB_TRAIT_SINCE_S] = ob_ecg_clamp(since / ECG_GRID_HZ, 0.0, 2.0);
    t[OB_TRAIT_RR] = ob_ecg_clamp(log(rr / ECG_GRID_HZ), -1.5, 1.0);
    t[OB_TRAIT_IRREGULAR] = ob_ecg_clamp(e->irregular, 0.0, 1.0);
    t[OB_TRAIT_LAST_ODDS] = ob_ecg_clamp((double)e->last_odds, -2.0, 6.0);
    compare_shapes(e, c);
    t[OB_TRAIT_CREST] = c->crest;
    t[OB_TRAIT_HIGH] = c->high;
    t[OB_TRAIT_CURVE] = c->curve;
    t[OB_TRAIT_CREST_REL] = any ? ob_ecg_clamp((double)(c->crest - e->crest), -1.5, 1.5) : 0.0f;
    t[OB_TRAIT_HIGH_REL] = any ? ob_ecg_clamp((double)(c->high - e->high), -2.0, 2.0) : 0.0f;
    t[OB_TRAIT_CURVE_REL] = any ? ob_ecg_clamp((double)(c->curve - e->curve), -1.5, 1.5) : 0.0f;
    t[OB_TRAIT_LOW_REL] = any ? ob_ecg_clamp((double)(c->low - e->low_share), -2.0, 2.0) : 0.0f;
    t[OB_TRAIT_OTHER_S] = 0.6f;
    t[OB_TRAIT_OTHER_LEVEL] = -3.0f;
    float rival = -6.0f, rival_s = 0.3f;
    for (int k = 0; k < e->pending_count; k++) {
        const struct ecg_candidate *o = &e->pending[k];
        if (o->at < c->at && o->refused && o->at > e->last_beat) {
            t[OB_TRAIT_OTHER_S] = ob_ecg_clamp((double)(c->at - o->at) / ECG_GRID_HZ, 0.0, 0.6);
            t[OB_TRAIT_OTHER_LEVEL] = ob_ecg_ln_ratio(o->peak, c->peak, -3.0, 1.5);
        }
        if (o->at > c->at && o->at <= c->at + ECG_MS(240) && o->judged && o->early > rival) {
            rival = o->early;
            rival_s = (float)((double)(o->at - c->at) / ECG_GRID_HZ);
        }
    }
    t[OB_TRAIT_EARLY] = late ? ob_ecg_clamp((double)c->early, -6.0, 6.0) : 0.0f;
    t[OB_TRAIT_AFTER_MAX] =
        late ? ob_ecg_ln_ratio(largest_sum(e, c->at + 15, c->at + ECG_LATE), c->peak, -4.0, 2.0) : 0.0f;
    t[OB_TRAIT_RIVAL] = late ? (rival < 6.0f ? rival : 6.0f) : 0.0f;
    t[OB_TRAIT_RIVAL_S] = late ? rival_s : 0.0f;
    return ob_judge(&e->weights->judges[late], t, late ? OB_TRAIT_COUNT : OB_TRAIT_EARLY_COUNT);
}
