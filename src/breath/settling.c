/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/settling.h"

#include "base/maths.h"
#include "base/time.h"
#include "breath/settling_lines.h"
#include "breath/settling_weights.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N              OB_SETTLING_EPOCHS
#define LEAST_EPOCHS   30 /* 7.5 minutes */
#define LEAST_KNOWN    20 /* of them */
#define LEAST_BEFORE   6  /* epochs before the onset */
#define LEAST_OF_TEN   7  /* of the newest ten epochs */
#define SERIES         OB_SETTLING_SERIES
#define RAMP_EPOCHS    4.0
#define SAME_PACE_BRPM 0.4
#define ABOUT          12 /* epochs on either side */
#define SIGH_LN        0.5
#define LEAST_BPM      0.75
#define LEAST_BRPM     0.6
#define RESTLESS       0.2 /* above this a heart is more restless than nineteen of twenty that the weights are fitted on */
#define STRICTER       10.0 /* and judged the more strictly: what was fitted says nothing of it */
#define REST_EPOCHS    4    /* after a mark looking begins anew where its ramp has ended */

static const int onsets[OB_SETTLING_ONSETS] = {8, 10, 12, 14, 16, 18, 20};

/* Covariance of two epochs k apart. Heart rate: five relaxations (2, 8, 30, 120, 480 s; physiology, part 4), as means
 * over 15 s, and what pressure waves leave of themselves in such a mean. */
static double relaxation(double tau_s, int k)
{
    const double r = tau_s / OB_SETTLING_EPOCH_S, e = exp(-1.0 / r);
    if (k == 0)
        return 2.0 * r - 2.0 * r * r * (1.0 - e);
    return r * r * (1.0 / e - 2.0 + e) * exp(-k / r);
}

static double covariance(int series, bool paced, int k)
{
    static const double taus_s[] = {2, 8, 30, 120, 480};
    static const double swing[] = {0.15, 0.01}, wide[] = {0.22, 0.05};
    static const double breath[] = {0.30, 0.218, 0.129, 0.043}; /* each a rate over 60 s: neighbours share data */
    double sum = 0.0;
    switch (series) {
    case 0:
        for (int i = 0; i < 5; i++)
            sum += 1.17 * relaxation(taus_s[i], k);
        /* What pressure waves leave of themselves in a mean; paced, what one and a half breaths do. */
        return sum + (k > 0 ? 0.0 : paced ? 1.3 : 0.25);
    case 1:
        return k > 1 ? 0.0 : paced ? wide[k] : swing[k];
    default:
        return k > 3 ? 0.0 : breath[k];
    }
}

/* One series, whitened: multiplied from the left by the inverse of the Cholesky factor of its noise. */
struct whitened {
    double factor[N][N];
    double one[N], value[N];
    int index[N]; /* how many epochs back each value lies */
    int n;
};

static void whiten(const struct whitened *w, double x[N])
{
    for (int i = 0; i < w->n; i++) {
        for (int k = 0; k < i; k++)
            x[i] -= w->factor[i][k] * x[k];
        x[i] /= w->factor[i][i];
    }
}

/* False when the noise can't be factored, which its covariances rule out. */
static bool factorise(struct whitened *w, const double covariances[N])
{
    for (int i = 0; i < w->n; i++) {
        for (int j = 0; j <= i; j++) {
            double sum = covariances[w->index[j] - w->index[i]];
            for (int k = 0; k < j; k++)
                sum -= w->factor[i][k] * w->factor[j][k];
            if (i == j && !(sum > 1e-9))
                return false;
            w->factor[i][j] = i == j ? sqrt(sum) : sum / w->factor[j][j];
        }
        w->one[i] = 1.0;
    }
    whiten(w, w->one);
    whiten(w, w->value);
    return true;
}

/* The height of the ramp in value = level + height ramp + noise, over its standard error. */
static double fit_ramp(const struct whitened *w, int onset, double *height_out)
{
    double ramp[N];
    for (int i = 0; i < w->n; i++)
        ramp[i] = ob_clamp01((onset - w->index[i] - 0.5) / RAMP_EPOCHS);
    whiten(w, ramp);
    double rr = 0, r1 = 0, ry = 0, oo = 0, oy = 0;
    for (int i = 0; i < w->n; i++) {
        rr += ramp[i] * ramp[i];
        r1 += ramp[i] * w->one[i];
        ry += ramp[i] * w->value[i];
        oo += w->one[i] * w->one[i];
        oy += w->one[i] * w->value[i];
    }
    const double left = fmax(rr - r1 * r1 / oo, 1e-9);
    *height_out = (ry - r1 * oy / oo) / left;
    return *height_out * sqrt(left);
}

static int rising(const void *a, const void *b)
{
    const double d = *(const double *)a - *(const double *)b;
    return (d > 0.0) - (d < 0.0);
}

/* One sigh makes one epoch's swing several times as strong: values further than SIGH_LN from the median of the six
 * minutes about them count as that far. */
static void blunt(struct whitened *w)
{
    double blunted[N];
    for (int i = 0; i < w->n; i++) {
        double near[2 * ABOUT + 1];
        int n = 0;
        for (int k = i > ABOUT ? i - ABOUT : 0; k < w->n && k <= i + ABOUT; k++)
            near[n++] = w->value[k];
        qsort(near, (size_t)n, sizeof *near, rising);
        const double median = 0.5 * (near[(n - 1) / 2] + near[n / 2]);
        blunted[i] = ob_clamp(w->value[i], median - SIGH_LN, median + SIGH_LN);
    }
    memcpy(w->value, blunted, (size_t)w->n * sizeof *blunted);
}

/* How restless this heart is: differences over half a minute, against those of most. */
static double restlessness(const struct ob_settling *s, uint32_t epochs)
{
    double sum = 22.0;
    uint32_t count = 10;
    for (uint32_t i = 0; i + 2 < epochs; i++) {
        const struct ob_settling_epoch *a = ob_settling_epochs_back(&s->epochs, i);
        const struct ob_settling_epoch *b = ob_settling_epochs_back(&s->epochs, i + 2);
        if (!a->heart || !b->heart)
            continue;
        sum += 0.5 * ((double)a->hr_bpm - (double)b->hr_bpm) * ((double)a->hr_bpm - (double)b->hr_bpm);
        count++;
    }
    return 0.5 * log(sum / count / 2.25);
}

/* How far the strongest rhythm of free breathing stands above the floor. */
static double clearness(const struct ob_settling *s, uint32_t epochs)
{
    double power[OB_SETTLING_BANDS] = {0};
    for (uint32_t i = 0; i < epochs; i++) {
        const struct ob_settling_epoch *e = ob_settling_epochs_back(&s->epochs, i);
        for (int k = 0; e->swing && k < OB_SETTLING_BANDS; k++)
            power[k] += (double)e->power[k];
    }
    const double top = fmax(power[OB_SETTLING_LOW], fmax(power[OB_SETTLING_MIDDLE], power[OB_SETTLING_HIGH]));
    return ob_clamp(log((top + 1e-9) / (power[OB_SETTLING_FLOOR] + 1e-9)) - 2.0, -3.0, 3.0);
}

/* How many epochs back the present kind of minutes reaches. */
static uint32_t reach(const struct ob_settling *s, bool *paced_out)
{
    const struct ob_settling_epoch *newest = ob_settling_epochs_back(&s->epochs, 0);
    uint32_t n = 0;
    *paced_out = newest && newest->pace_brpm > 0.0f;
    for (const struct ob_settling_epoch *e = newest; e; e = ob_settling_epochs_back(&s->epochs, n)) {
        if (s->epochs.count - n <= s->from || (e->pace_brpm > 0.0f) != *paced_out)
            break;
        n++;
    }
    return n;
}

static bool value_of(const struct ob_settling_epoch *e, const struct ob_settling_epoch *newest, int series, bool paced,
                     double *out)
{
    switch (series) {
    case 0:
        *out = (double)e->hr_bpm;
        return e->heart;
    case 1:
        *out = log((double)e->power[paced ? OB_SETTLING_WIDE : OB_SETTLING_SWING] + 1e-4);
        return e->swing && (!paced || fabsf(e->pace_brpm - newest->pace_brpm) <= (float)SAME_PACE_BRPM);
    default:
        *out = (double)e->breath_brpm;
        return e->breath && !paced;
    }
}

int ob_settling_candidates(const struct ob_settling *s, struct ob_settling_candidate out[OB_SETTLING_ONSETS])
{
    bool paced = false;
    const uint32_t epochs = reach(s, &paced);
    if (epochs < LEAST_EPOCHS)
        return 0;
    const struct ob_settling_epoch *newest = ob_settling_epochs_back(&s->epochs, 0);
    struct whitened series[SERIES];
    bool there[SERIES];
    for (int k = 0; k < SERIES; k++) {
        struct whitened *w = &series[k];
        w->n = 0;
        int fresh = 0;
        for (int i = (int)epochs - 1; i >= 0; i--) {
            double value;
            if (!value_of(ob_settling_epochs_back(&s->epochs, (uint32_t)i), newest, k, paced, &value))
                continue;
            w->value[w->n] = value;
            w->index[w->n++] = i;
            fresh += i < 10;
        }
        if (k == 1)
            blunt(w);
        there[k] = w->n >= LEAST_KNOWN && fresh >= LEAST_OF_TEN && factorise(w, s->covariances[paced][k]);
    }
    if (!there[0])
        return 0;

    const double h = restlessness(s, epochs), p = clearness(s, epochs), swing = there[1] ? 1.0 : 0.0;
    int count = 0;
    for (; count < OB_SETTLING_ONSETS && onsets[count] <= (int)epochs - LEAST_BEFORE; count++) {
        struct ob_settling_candidate *c = &out[count];
        *c = (struct ob_settling_candidate){.view = paced      ? OB_SETTLING_PACED
                                                    : there[2] ? OB_SETTLING_FREE_BREATH
                                                               : OB_SETTLING_FREE_HEART,
                                            .onset = onsets[count]};
        double z[SERIES];
        for (int k = 0; k < SERIES; k++)
            z[k] = there[k] ? fit_ramp(&series[k], onsets[count], &c->change[k]) : 0.0;
        const double slower = there[1] && !paced ? ob_settling_slower_breath(&s->epochs, epochs, onsets[count]) : 0.0;
        const double features[OB_SETTLING_FEATURES] = {z[0],      z[0] * h,      h,    h * h,    swing,  z[1], z[1] * p,
                                                       p * swing, p * p * swing, z[2], z[2] * p, slower, 1.0};
        memcpy(c->feature, features, sizeof features);
    }
    return count;
}

void ob_settling_init(struct ob_settling *s, int64_t begin_ns)
{
    *s = (struct ob_settling){.score = -INFINITY};
    ob_settling_epochs_init(&s->epochs, begin_ns);
    for (int paced = 0; paced < 2; paced++) {
        for (int k = 0; k < SERIES; k++) {
            for (int i = 0; i < N; i++)
                s->covariances[paced][k][i] = covariance(k, paced, i);
        }
    }
}

static bool look(struct ob_settling *s)
{
    struct ob_settling_candidate c[OB_SETTLING_ONSETS];
    const int n = ob_settling_candidates(s, c);
    bool paced = false;
    if (n == 0) {
        const bool short_yet = reach(s, &paced) < LEAST_EPOCHS;
        s->state = short_yet ? OB_SETTLING_TOO_SHORT : OB_SETTLING_CANNOT_TELL;
        s->blind += !short_yet;
        return false;
    }
    s->state = OB_SETTLING_LOOKING;
    s->watched++;
    const struct ob_settling_candidate *best = NULL;
    s->score = -INFINITY;
    for (int i = 0; i < n; i++) {
        double score = 0.0;
        for (int k = 0; k < OB_SETTLING_FEATURES; k++)
            score += ob_settling_weights[c[i].view][k] * c[i].feature[k];
        if (c[i].view != OB_SETTLING_PACED)
            score -= STRICTER * fmax(0.0, c[i].feature[OB_SETTLING_RESTLESSNESS] - RESTLESS);
        /* Without a slower heart, and slower breath where it is known, it is something else. */
        const bool slower =
            c[i].change[0] <= -LEAST_BPM && (c[i].view != OB_SETTLING_FREE_BREATH || c[i].change[2] <= -LEAST_BRPM);
        if (slower && score > s->score) {
            s->score = score;
            best = &c[i];
        }
    }
    if (!best || s->score < 0.0)
        return false;
    const int64_t epoch_ns = OB_SETTLING_EPOCH_S * OB_NS_PER_S;
    const int64_t end_ns = s->epochs.end_ns - epoch_ns;
    s->mark = (struct ob_settling_mark){
        .at_ns = end_ns - best->onset * epoch_ns,
        .known_ns = end_ns,
        .heart_bpm = best->change[0],
        .swing_percent = 100.0 * (exp(0.5 * best->change[1]) - 1.0),
        .breath_brpm = best->view == OB_SETTLING_FREE_BREATH ? best->change[2] : 0.0,
        .breath_known = best->view == OB_SETTLING_FREE_BREATH,
        .paced = best->view == OB_SETTLING_PACED,
    };
    s->marks++;
    s->from = s->epochs.count - (uint64_t)(best->onset - REST_EPOCHS);
    return true;
}

bool ob_settling_beat(struct ob_settling *s, int64_t time_ns, double nn_ms, bool follows, bool normal)
{
    const int closed = ob_settling_epochs_beat(&s->epochs, time_ns, nn_ms, follows, normal);
    /* After a gap several epochs end at once; only the newest can say anything. */
    return closed > 0 && look(s);
}

void ob_settling_breath(struct ob_settling *s, double brpm)
{
    s->epochs.breath_sum += brpm;
    s->epochs.breath_count++;
}

void ob_settling_pace(struct ob_settling *s, double pace_brpm)
{
    s->epochs.pace_brpm = pace_brpm;
}

void ob_settling_moved(struct ob_settling *s, int64_t time_ns)
{
    /* Beats may come seconds later than the movement; one that comes too late itself counts for the epoch under way. */
    if (time_ns < s->epochs.end_ns)
        s->epochs.moved = true;
    else
        s->epochs.moved_next = true;
}

void ob_settling_anew(struct ob_settling *s)
{
    s->from = s->epochs.count + 1; /* the epoch under way holds the turning itself */
}
