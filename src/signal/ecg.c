/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/ecg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Everything inside runs on one grid, so that all sampling rates behave alike. */
#define GRID_HZ 250.0
#define RING    1024u
#define MASK    (RING - 1u)

#define MS(ms) ((int64_t)((ms) * (GRID_HZ / 1000.0) + 0.5))

#define BOX_A  5
#define BOX_B  4
#define LAG    5
#define WINDOW 20
/* A feature sample at n speaks of the raw grid sample n - FEATURE_DELAY (half the box filters, difference, window). */
#define FEATURE_DELAY 14

#define PENDING_MAX 8
#define QUEUE_MAX   16
#define LEVELS      8

struct candidate {
    int64_t at; /* grid index of the feature's peak, delays not taken off */
    double peak;
    bool waiting;
};

struct box {
    double ring[WINDOW];
    double sum, fresh;
    int length, pos;
};

struct ob_ecg {
    double fs_hz, step;
    int decimate;

    /* input side */
    uint64_t samples;
    double gathered;
    int gathered_count;
    double held, offset;
    uint64_t missing_run;
    bool seen_any;

    double history[4];
    uint64_t decimated;
    int64_t grid_next;
    double grid_pos;

    /* grid side; indices count from the last reset */
    uint64_t origin_sample;
    int64_t n;
    struct box box_a, box_b, window;
    double raw[RING], low[RING], feature[RING];

    bool rising;
    double peak;
    int64_t peak_at;
    double valley;

    struct candidate pending[PENDING_MAX];
    int pending_count;

    double levels[LEVELS];
    double rrs[LEVELS];
    int level_count, rr_count;
    double qrs_level, noise_level;
    double rr;
    int64_t last_beat;
    bool learned;

    struct ob_ecg_beat queue[QUEUE_MAX];
    int queue_head, queue_count;
    float quality;
};

static double box_push(struct box *b, double v)
{
    b->sum += v - b->ring[b->pos];
    b->fresh += v;
    b->ring[b->pos] = v;
    if (++b->pos == b->length) {
        b->pos = 0;
        b->sum = b->fresh;
        b->fresh = 0.0;
    }
    return b->sum;
}

static void start(struct ob_ecg *e)
{
    double fs = e->fs_hz;
    uint64_t samples = e->samples;
    memset(e, 0, sizeof *e);
    e->fs_hz = fs;
    e->samples = samples;
    e->origin_sample = samples;
    e->decimate = fs >= 2.0 * GRID_HZ ? (int)(fs / GRID_HZ) : 1;
    e->step = fs / e->decimate / GRID_HZ;
    e->box_a.length = BOX_A;
    e->box_b.length = BOX_B;
    e->window.length = WINDOW;
    e->last_beat = -1000000;
}

struct ob_ecg *ob_ecg_create(double fs_hz)
{
    if (!(fs_hz >= 100.0 && fs_hz <= 1000.0))
        return NULL;
    struct ob_ecg *e = calloc(1, sizeof *e);
    if (!e)
        return NULL;
    e->fs_hz = fs_hz;
    start(e);
    return e;
}

void ob_ecg_destroy(struct ob_ecg *e)
{
    free(e);
}

void ob_ecg_reset(struct ob_ecg *e)
{
    start(e);
}

static double sample_of_grid(const struct ob_ecg *e, double grid)
{
    return (double)e->origin_sample + grid * e->step * e->decimate + 0.5 * (e->decimate - 1);
}

static double median(const double *v, int count)
{
    double s[LEVELS];
    for (int i = 0; i < count; i++) {
        int j = i;
        for (; j > 0 && s[j - 1] > v[i]; j--)
            s[j] = s[j - 1];
        s[j] = v[i];
    }
    return count % 2 ? s[count / 2] : 0.5 * (s[count / 2 - 1] + s[count / 2]);
}

/* The R peak: the largest deflection from the surrounding level near the feature's peak. */
static double find_r(const struct ob_ecg *e, int64_t at)
{
    int64_t centre = at - FEATURE_DELAY;
    int64_t from = centre - MS(72), to = centre + MS(72);
    if (to > e->n - 4)
        to = e->n - 4;
    if (from < 2)
        from = 2;
    double base = 0.0;
    int count = 0;
    for (int64_t i = from; i <= to; i++, count++)
        base += e->raw[i & MASK];
    base /= count > 0 ? count : 1;
    double best = -1.0;
    int64_t best_at = centre;
    for (int64_t i = from; i <= to; i++) {
        double v = fabs(e->raw[(i - 1) & MASK] + 2.0 * e->raw[i & MASK] + e->raw[(i + 1) & MASK] - 4.0 * base);
        if (v > best) {
            best = v;
            best_at = i;
        }
    }
    double y[3];
    for (int k = -1; k <= 1; k++) {
        int64_t i = best_at + k;
        y[k + 1] = fabs(e->raw[(i - 1) & MASK] + 2.0 * e->raw[i & MASK] + e->raw[(i + 1) & MASK] - 4.0 * base);
    }
    double bend = y[0] - 2.0 * y[1] + y[2];
    double shift = bend < 0.0 ? 0.5 * (y[0] - y[2]) / bend : 0.0;
    if (shift > 0.5)
        shift = 0.5;
    if (shift < -0.5)
        shift = -0.5;
    return (double)best_at + shift;
}

static void accept(struct ob_ecg *e, const struct candidate *c)
{
    double grid = find_r(e, c->at);
    if (e->queue_count < QUEUE_MAX) {
        struct ob_ecg_beat *b = &e->queue[(e->queue_head + e->queue_count++) % QUEUE_MAX];
        b->index = sample_of_grid(e, grid);
        b->decided = 0;
        double ratio = e->qrs_level > 0.0 ? c->peak / e->qrs_level : 0.0;
        b->confidence_01 = (float)(ratio > 0.8 ? 1.0 : ratio / 0.8);
    }
    int64_t rr = c->at - e->last_beat;
    if (rr < MS(3000)) {
        e->rrs[e->rr_count++ % LEVELS] = (double)rr;
        e->rr = median(e->rrs, e->rr_count < LEVELS ? e->rr_count : LEVELS);
    }
    e->last_beat = c->at;
    e->levels[e->level_count++ % LEVELS] = c->peak;
    e->qrs_level = median(e->levels, e->level_count < LEVELS ? e->level_count : LEVELS);
}

static void reject(struct ob_ecg *e, const struct candidate *c)
{
    double p = c->peak < e->qrs_level ? c->peak : e->qrs_level;
    e->noise_level += 0.125 * (p - e->noise_level);
}

static double threshold(const struct ob_ecg *e, int64_t at)
{
    double since = (double)(at - e->last_beat);
    double rr = e->rr > 0.0 ? e->rr : 200.0;
    double share = 0.35;
    double late = since / rr;
    if (late > 1.0)
        share -= 0.15 * (late < 2.0 ? late - 1.0 : 1.0);
    if (since < (double)MS(360))
        share += 0.25 * (1.0 - since / (double)MS(360));
    return e->noise_level + share * (e->qrs_level - e->noise_level);
}

static void drop_pending(struct ob_ecg *e, int i)
{
    e->pending_count--;
    memmove(&e->pending[i], &e->pending[i + 1], (size_t)(e->pending_count - i) * sizeof e->pending[0]);
}

static void decide(struct ob_ecg *e)
{
    for (int i = 0; i < e->pending_count;) {
        struct candidate *c = &e->pending[i];
        if (c->at - e->last_beat < MS(200)) {
            drop_pending(e, i);
            continue;
        }
        double thr = threshold(e, c->at);
        bool clear = c->peak > 0.6 * e->qrs_level && c->peak > thr && c->at - e->last_beat > MS(320);
        bool due = e->n - c->at >= MS(180);
        if (!clear && !due) {
            i++;
            continue;
        }
        bool beaten = false;
        for (int k = i + 1; k < e->pending_count; k++)
            if (e->pending[k].at - c->at < MS(220) && e->pending[k].peak > c->peak)
                beaten = true;
        struct candidate taken = *c;
        drop_pending(e, i);
        if (!beaten && taken.peak > thr)
            accept(e, &taken);
        else
            reject(e, &taken);
    }
}

static void learn(struct ob_ecg *e)
{
    double top[LEVELS];
    int count = 0;
    for (int i = 0; i < e->pending_count && count < LEVELS; i++)
        top[count++] = e->pending[i].peak;
    double best = 0.0;
    for (int i = 0; i < count; i++)
        if (top[i] > best)
            best = top[i];
    e->qrs_level = 0.8 * best;
    e->noise_level = 0.1 * best;
    e->learned = true;
}

static void candidate(struct ob_ecg *e)
{
    if (e->pending_count == PENDING_MAX) {
        if (!e->learned)
            learn(e);
        int least = 0;
        for (int i = 1; i < PENDING_MAX; i++)
            if (e->pending[i].peak < e->pending[least].peak)
                least = i;
        drop_pending(e, least);
    }
    e->pending[e->pending_count++] = (struct candidate){.at = e->peak_at, .peak = e->peak};
}

static void grid_push(struct ob_ecg *e, double x)
{
    if (e->n == 0) {
        for (int i = 0; i < BOX_A; i++)
            box_push(&e->box_a, x);
        for (int i = 0; i < BOX_B; i++)
            box_push(&e->box_b, x * BOX_A);
        for (unsigned i = 0; i < RING; i++) {
            e->raw[i] = x;
            e->low[i] = x * BOX_A * BOX_B;
        }
    }
    int64_t n = e->n++;
    e->raw[n & MASK] = x;
    double low = box_push(&e->box_b, box_push(&e->box_a, x));
    e->low[n & MASK] = low;
    double f = box_push(&e->window, fabs(low - e->low[(n - LAG) & MASK]));
    e->feature[n & MASK] = f;

    if (e->rising) {
        if (f > e->peak) {
            e->peak = f;
            e->peak_at = n;
        } else if (n - e->peak_at >= MS(60) || f < 0.7 * e->peak) {
            candidate(e);
            e->rising = false;
            e->valley = f;
        }
    } else {
        if (f < e->valley)
            e->valley = f;
        else if (f > 1.3 * e->valley && f > 0.0) {
            e->rising = true;
            e->peak = f;
            e->peak_at = n;
        }
    }
    if (!e->learned && n >= MS(2000) && e->pending_count > 0)
        learn(e);
    if (e->learned)
        decide(e);
}

/* Between the second and third of four equally spaced points (Catmull-Rom). */
static double between(const double y[4], double t)
{
    double a = -0.5 * y[0] + 1.5 * y[1] - 1.5 * y[2] + 0.5 * y[3];
    double b = y[0] - 2.5 * y[1] + 2.0 * y[2] - 0.5 * y[3];
    double c = 0.5 * (y[2] - y[0]);
    return ((a * t + b) * t + c) * t + y[1];
}

bool ob_ecg_push(struct ob_ecg *e, float sample, struct ob_ecg_beat *beat_out)
{
    uint64_t index = e->samples++;
    double x = (double)sample;
    if (!isfinite(sample)) {
        e->missing_run++;
        x = e->held;
    } else {
        if (!e->seen_any || (double)e->missing_run > 0.04 * e->fs_hz)
            e->offset = e->seen_any ? e->held - x : 0.0;
        e->missing_run = 0;
        e->seen_any = true;
        x += e->offset;
        e->held = x;
    }
    e->gathered += x;
    if (++e->gathered_count == e->decimate) {
        double y = e->gathered / e->decimate;
        e->gathered = 0.0;
        e->gathered_count = 0;
        if (e->decimated == 0)
            e->history[0] = e->history[1] = e->history[2] = y;
        else
            memmove(e->history, e->history + 1, 3 * sizeof e->history[0]);
        e->history[3] = y;
        uint64_t last = e->decimated++;
        /* history[1] and [2] are the samples last-2 and last-1 */
        while (last >= 2 && e->grid_pos < (double)(last - 1)) {
            grid_push(e, between(e->history, e->grid_pos - (double)(last - 2)));
            e->grid_next++;
            e->grid_pos = (double)e->grid_next * e->step;
        }
    }
    if (!e->queue_count)
        return false;
    *beat_out = e->queue[e->queue_head];
    beat_out->decided = index;
    e->queue_head = (e->queue_head + 1) % QUEUE_MAX;
    e->queue_count--;
    return true;
}

float ob_ecg_quality_01(const struct ob_ecg *e)
{
    if (!e->learned || e->qrs_level <= 0.0)
        return 0.0f;
    double q = 1.0 - e->noise_level / e->qrs_level;
    return (float)(q < 0.0 ? 0.0 : q);
}
