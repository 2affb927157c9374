/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/ppg.h"

#include "base/maths.h"
#include "signal/box.h"
#include "signal/grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GRID_HZ 100.0
#define MS(ms)  ((int64_t)((ms) * (GRID_HZ / 1000.0) + 0.5))
#define RING    512u /* 5.1 s */
#define MASK    (RING - 1u)

#define BOX_A  6 /* 60 and 40 ms: zeros at 16.7, 25, 33, 50 Hz */
#define BOX_B  4
#define LAG    4
#define WINDOW 16 /* of the rise: 160 ms */
/* A slope at n speaks of grid sample n - SLOPE_DELAY: half of the boxes (4) and of the difference (2). */
#define SLOPE_DELAY 6

#define LEARN        MS(2500)
#define SHORTEST     MS(320) /* 188 a minute; a wave reflected in the arm comes sooner */
#define LOOK         MS(160) /* a doubtful one waits so long for a larger one behind it */
#define WEAK_REACH   0.15
#define WEAK_QUALITY 0.4f
#define WEAK_MOST    16 /* in a row */
#define RECOGNISED   0.95
#define HEIGHT_S     120.0
#define SMALL        0.05
#define SPURNED_MOST 5
#define LEVEL_RANK   0.7
#define FADE_S       3.0
#define PENDING      8
#define QUEUE        8
#define LEVELS       8
#define MOST_RISE    1.5      /* of the usual one, in what is learned of it */
#define FLANK        6        /* from the maximum of the rise to the end of the flank */
#define FALL_MOST    MS(1500) /* so far back a fall is looked for */
#define SHAPE        24       /* a point every 20 ms, up to 0.1 s after the flank */

struct candidate {
    int64_t at; /* of the rise's maximum */
    double rise;
    double shape[SHAPE];
};

struct ob_ppg {
    struct ob_grid grid;
    int64_t n;
    struct ob_box box_a, box_b, window;
    double low[RING], slope[RING], sum[RING];

    double sign; /* 1: the steep flank rises */
    double usual_slope;
    double skew, cube;    /* leaky sums of slope^3 and |slope|^3 */
    int64_t sign_against; /* samples in a row that speak against sign */

    bool rising;
    double peak, valley;
    int64_t peak_at;
    struct candidate pending[PENDING];
    int pending_count;

    bool learned;
    int64_t learn_from;
    double levels[LEVELS], rrs[LEVELS];
    int level_count, rr_count;
    double level, noise, rr;
    int64_t last_beat;
    double last_foot;
    int64_t last_strong; /* as last_beat, weak ones left out */
    double anchor;       /* where the rhythm expects the last beat, weak ones drawing it only a little */
    int weak_run;
    int spurned;   /* looks in a row at large ones that were not taken for their time; a waiting one has many */
    double height; /* the largest usual rise, forgotten over minutes */
    int64_t height_at;
    double usual_fall;     /* trailing mean of fall_of() */
    double last_between;   /* largest refused since the last beat */
    struct candidate weak; /* the best of what was refused near the time a beat was due */
    double weak_score;
    double shape[SHAPE];
    int shape_uses;

    struct ob_ppg_beat queue[QUEUE];
    int queue_head, queue_count;
    float quality;
};

static void relearn(struct ob_ppg *p)
{
    p->learned = false;
    p->learn_from = p->n;
    p->rising = false;
    p->peak = p->valley = 0.0;
    p->pending_count = 0;
    p->level_count = p->shape_uses = 0;
    p->level = p->noise = p->last_between = p->weak_score = 0.0;
    memset(p->shape, 0, sizeof p->shape);
}

static void start(struct ob_ppg *p)
{
    p->n = 0;
    p->sign = 1.0;
    p->height = 0.0;
    p->height_at = 0;
    p->usual_fall = 0.6;
    p->skew = p->cube = p->usual_slope = 0.0;
    p->sign_against = 0;
    p->last_beat = p->last_strong = -100000;
    p->anchor = p->last_foot = -100000.0;
    p->rr = 0.0;
    p->rr_count = p->weak_run = 0;
    p->weak_score = 0.0;
    p->queue_head = p->queue_count = 0;
    p->quality = 0.0f;
    ob_box_init(&p->box_a, BOX_A);
    ob_box_init(&p->box_b, BOX_B);
    ob_box_init(&p->window, WINDOW);
    relearn(p);
}

struct ob_ppg *ob_ppg_create(double fs_hz)
{
    if (!(fs_hz >= 25.0 && fs_hz <= 1000.0))
        return NULL;
    struct ob_ppg *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    ob_grid_init(&p->grid, fs_hz, GRID_HZ);
    start(p);
    return p;
}

void ob_ppg_destroy(struct ob_ppg *p)
{
    free(p);
}

void ob_ppg_reset(struct ob_ppg *p)
{
    ob_grid_restart(&p->grid);
    start(p);
}

static double median_of(const double *ring, int count)
{
    double copy[LEVELS];
    memcpy(copy, ring, (size_t)count * sizeof copy[0]);
    return ob_median(copy, (size_t)count);
}

static int filled(int count)
{
    return count < LEVELS ? count : LEVELS;
}

/* The steepest point of the flank whose rise was largest at `at`. */
static double find_flank(const struct ob_ppg *p, int64_t at)
{
    int64_t best = at;
    double steepest = -1e300;
    for (int64_t i = at - WINDOW - 2; i <= at + 2 && i < p->n - 1; i++) {
        double s = p->sign * p->slope[i & MASK];
        if (i > 0 && s > steepest) {
            steepest = s;
            best = i;
        }
    }
    double y0 = p->sign * p->slope[(best - 1) & MASK], y1 = p->sign * p->slope[best & MASK];
    double y2 = p->sign * p->slope[(best + 1) & MASK];
    double bend = y0 - 2.0 * y1 + y2;
    double move = bend < 0.0 ? 0.5 * (y0 - y2) / bend : 0.0;
    double t = (double)best + ob_clamp(move, -0.5, 0.5);
    /* low at best-2 (middle of difference) */
    double v = p->sign * p->low[(best - 2) & MASK], lowest = v;
    for (int64_t i = best - 2; i > best - 2 - 30 && i > 0; i--)
        if (p->sign * p->low[i & MASK] < lowest)
            lowest = p->sign * p->low[i & MASK];
    double foot = t;
    if (y1 > 0)
        foot -= ob_clamp((v - lowest) / (y1 / LAG), 0.0, 25.0);
    /* A staircase may lead back to the step before: then it is the steepest point that counts. */
    return (foot - SLOPE_DELAY > p->last_foot + MS(100) ? foot : t) - SLOPE_DELAY;
}

static double likeness(const struct ob_ppg *p, const struct candidate *c)
{
    double dot = 0.0, a = 0.0, b = 0.0;
    for (int i = 0; i < SHAPE; i++) {
        dot += c->shape[i] * p->shape[i];
        a += c->shape[i] * c->shape[i];
        b += p->shape[i] * p->shape[i];
    }
    return a > 0.0 && b > 0.0 ? dot / sqrt(a * b) : 0.0;
}

static void report(struct ob_ppg *p, const struct candidate *c, float quality)
{
    const double foot = find_flank(p, c->at);
    p->last_foot = foot;
    if (p->queue_count < QUEUE)
        p->queue[(p->queue_head + p->queue_count++) % QUEUE] = (struct ob_ppg_beat){
            .index = ob_grid_sample(&p->grid, foot),
            .quality_01 = quality,
            .height = (float)(c->rise / (BOX_A * BOX_B * LAG)),
        };
    p->quality += 0.25f * (quality - p->quality);
    p->last_beat = c->at;
    p->last_between = p->weak_score = 0.0;
}

/* The steepest fall since the last beat in units of the steepest rise: what the heart pushes up runs off slowly, while
 * movement falls as fast as it rises. */
static double fall_of(const struct ob_ppg *p, const struct candidate *c)
{
    double fall = 0.0, rise = 0.0;
    const int64_t from = c->at - FALL_MOST > p->last_beat ? c->at - FALL_MOST : p->last_beat;
    const int64_t to = c->at + FLANK < p->n - 1 ? c->at + FLANK : p->n - 1;
    for (int64_t i = from + FLANK; i <= to; i++)
        fall = fmax(fall, -p->sign * p->slope[i & MASK]);
    for (int64_t i = c->at - WINDOW - 3; i <= to; i++)
        rise = fmax(rise, p->sign * p->slope[i & MASK]);
    return rise > 0.0 ? fmin(fall / rise, 2.0) : 2.0;
}

/* What the judgement of a pulse rests on: its form, its time, how steeply it falls, now and usually. Too early is worse
 * than too late: what movement adds comes between pulses. The weights are those of a logistic regression of right and
 * wrong beats under six kinds of simulated movement. */
static float quality_of(struct ob_ppg *p, const struct candidate *c)
{
    int64_t rr = c->at - p->last_beat;
    double like = p->shape_uses >= 2 ? likeness(p, c) : 0.7;
    double time = p->rr_count >= 3 && rr < MS(3000) ? log((double)rr / p->rr) : 0.3;
    double fall = fall_of(p, c);
    /* A lamp without a finger shows noise that is like itself: a hundredth of the last minutes' pulses is none. */
    double small = p->height > 0.0 ? fmax(0.0, log(SMALL * p->height / c->rise)) : 0.0;
    double z = 5.0 + 3.0 * (like - 0.9) - 1.2 * fmin(fabs(time), 1.0) - 2.2 * ob_clamp(-time, 0.0, 1.0) - 1.5 * fall -
               1.6 * p->usual_fall - 2.0 * small;
    p->usual_fall += 0.2 * (fall - p->usual_fall);
    return (float)(1.0 / (1.0 + exp(-z)));
}

static double usual_rise(const struct ob_ppg *p)
{
    double copy[LEVELS];
    int count = filled(p->level_count);
    memcpy(copy, p->levels, (size_t)count * sizeof copy[0]);
    return ob_percentile(copy, (size_t)count, LEVEL_RANK);
}

static void accept(struct ob_ppg *p, const struct candidate *c)
{
    bool lost = c->at - p->last_strong > MS(3000);
    report(p, c, quality_of(p, c));
    /* from strong to strong: should waves between the pulses pass for weak ones, they do not double the rate for ever
     */
    if (c->at - p->last_strong < MS(2500) && p->weak_run <= 1) {
        p->rrs[p->rr_count++ % LEVELS] = (double)(c->at - p->last_strong);
        p->rr = median_of(p->rrs, filled(p->rr_count));
    }
    p->last_strong = c->at;
    p->anchor = (double)c->at;
    p->weak_run = 0;
    if (lost)
        p->level_count = 0;
    /* A stroke must not raise the bar for all that follow. */
    p->levels[p->level_count % LEVELS] = p->level_count > 0 ? fmin(c->rise, MOST_RISE * p->level) : c->rise;
    p->level_count++;
    p->level = usual_rise(p);
    p->height = fmax(p->level, p->height * exp(-(double)(c->at - p->height_at) / (GRID_HZ * HEIGHT_S)));
    p->height_at = c->at;
    double weight = 1.0 / (double)(p->shape_uses < 7 ? ++p->shape_uses : 8);
    for (int i = 0; i < SHAPE; i++)
        p->shape[i] += weight * (c->shape[i] / c->rise - p->shape[i]);
}

static void refuse(struct ob_ppg *p, const struct candidate *c)
{
    p->noise += 0.125 * (fmin(c->rise, p->level) - p->noise);
    if (c->at - p->last_beat < SHORTEST)
        return;
    p->last_between = fmax(p->last_between, c->rise);
    double off = p->rr > 0.0 ? fabs((double)c->at - p->anchor - p->rr) / p->rr : 1.0;
    double score = c->rise * (1.0 - off / WEAK_REACH);
    if (score > p->weak_score) {
        p->weak_score = score;
        p->weak = *c;
    }
}

/* A beat is overdue. When anything rose where it was due, that is reported, with a low quality and without learning
 * from it; otherwise there is none. Either way the rhythm goes on for a while. */
static void overdue(struct ob_ppg *p)
{
    double due = p->anchor + p->rr;
    bool any = p->weak_score > 0.0;
    if (any) {
        struct candidate c = p->weak;
        report(p, &c, WEAK_QUALITY * quality_of(p, &c));
        p->anchor = due + 0.1 * ((double)c.at - due);
    } else {
        p->anchor = due;
    }
    p->weak_score = 0.0;
    p->weak_run++;
}

/* Of what the usual pulse rises, while none was seen for long: less and less. */
static double faded_level(const struct ob_ppg *p, int64_t at)
{
    double quiet_s = (double)(at - p->last_strong) / GRID_HZ - 2.0;
    return quiet_s > 0.0 ? p->level * exp(-quiet_s / FADE_S) : p->level;
}

/* The share of the usual rise that is enough: after half an interval most, after a whole one less and less. */
static double enough(const struct ob_ppg *p, int64_t since)
{
    double phase = p->rr > 0.0 ? fmin((double)since / p->rr, (double)since / (double)MS(600)) : 1.0;
    if (phase < 0.75)
        return 0.75 - 0.4 * phase;
    if (phase < 1.5)
        return 0.45 - 0.27 * (phase - 0.75) / 0.75;
    return fmax(0.1, 0.18 - 0.1 * (phase - 1.5));
}

/* After a loss: the candidate is where the rhythm expects one. */
static bool in_step(const struct ob_ppg *p, int64_t at)
{
    const double off = ((double)at - p->anchor) / p->rr;
    return p->weak_run < 2 || fabs(off - floor(off + 0.5)) < 0.2;
}

/* ... or it looks like the pulses before the loss and has their size, whenever it comes. */
static bool recognised(const struct ob_ppg *p, const struct candidate *c)
{
    return c->rise > 0.6 * p->level && c->rise < 2.0 * p->level && p->shape_uses >= 2 && likeness(p, c) > RECOGNISED;
}

static void drop(struct ob_ppg *p, int i)
{
    p->pending_count--;
    memmove(&p->pending[i], &p->pending[i + 1], (size_t)(p->pending_count - i) * sizeof p->pending[0]);
}

static void decide(struct ob_ppg *p)
{
    while (p->pending_count) {
        struct candidate c = p->pending[0];
        if (c.at < MS(300)) { /* the filters fill */
            drop(p, 0);
            continue;
        }
        int64_t since = c.at - p->last_beat;
        if (since < SHORTEST) {
            drop(p, 0);
            continue;
        }
        double level = faded_level(p, c.at);
        double share = level > 0.0 ? c.rise / level : 0.0;
        bool good = share > enough(p, since);
        if (good && p->weak_run > 0)
            good = in_step(p, c.at) || recognised(p, &c);
        p->spurned = good ? 0 : p->spurned + (share > 0.6);
        bool clear = good && share > 0.6 && (p->rr <= 0.0 || (double)since > 0.8 * p->rr);
        if (!clear && p->n - c.at < LOOK + MS(80))
            return;
        bool beaten = false;
        for (int k = 1; k < p->pending_count; k++)
            if (p->pending[k].at - c.at < SHORTEST && p->pending[k].rise > 1.1 * c.rise)
                beaten = true;
        drop(p, 0);
        if (good && !beaten)
            accept(p, &c);
        else
            refuse(p, &c);
    }
}

static void learn(struct ob_ppg *p)
{
    double rises[PENDING];
    for (int i = 0; i < p->pending_count; i++)
        rises[i] = p->pending[i].rise;
    p->level = 0.9 * ob_percentile(rises, (size_t)p->pending_count, 0.85);
    p->noise = 0.2 * p->level;
    p->learned = true;
}

static void add_candidate(struct ob_ppg *p)
{
    if (p->pending_count == PENDING) {
        int out = 0;
        for (int i = 1; i < PENDING; i++)
            if (p->pending[i].rise < p->pending[out].rise)
                out = i;
        drop(p, out);
    }
    struct candidate *c = &p->pending[p->pending_count++];
    c->at = p->peak_at;
    c->rise = p->peak;
    for (int i = 0; i < SHAPE; i++) {
        int64_t at = c->at + 6 - 2 * i;
        c->shape[i] = at >= 0 && at < p->n ? p->sign * p->slope[at & MASK] : 0.0;
    }
}

/* The heart's flank is the steeper one: the sign of the slope's skewness, when it holds for a second. */
static void watch_sign(struct ob_ppg *p, double slope)
{
    /* A stroke counts for no more than eight times what is usual, or it would decide for a dozen seconds. */
    double size = fabs(slope);
    if (p->n > MS(2000))
        size = fmin(size, 8.0 * p->usual_slope);
    p->usual_slope += fmax(0.004, 1.0 / (double)p->n) * (size - p->usual_slope);
    double cube = slope > 0.0 ? size * size * size : -size * size * size;
    p->skew += 0.004 * (cube - p->skew);
    p->cube += 0.004 * (fabs(cube) - p->cube);
    double lean = p->cube > 0.0 ? p->skew / p->cube : 0.0;
    p->sign_against = lean * p->sign < -0.1 ? p->sign_against + 1 : 0;
    if (p->sign_against > (p->learned ? MS(2000) : MS(500))) {
        p->sign = -p->sign;
        p->sign_against = 0;
        ob_box_init(&p->window, WINDOW);
        relearn(p);
    }
}

static void push_grid(struct ob_ppg *p, double x)
{
    if (p->n == 0) {
        ob_box_fill(&p->box_a, x);
        ob_box_fill(&p->box_b, x * BOX_A);
        for (unsigned i = 0; i < RING; i++) {
            p->low[i] = x * BOX_A * BOX_B;
            p->slope[i] = p->sum[i] = 0.0;
        }
    }
    int64_t n = p->n++;
    double low = ob_box_push(&p->box_b, ob_box_push(&p->box_a, x));
    p->low[n & MASK] = low;
    double slope = low - p->low[(n - LAG) & MASK];
    p->slope[n & MASK] = slope;
    watch_sign(p, slope);
    double sum = ob_box_push(&p->window, fmax(0.0, p->sign * slope));
    p->sum[n & MASK] = sum;
    if (p->rising) {
        if (sum > p->peak) {
            p->peak = sum;
            p->peak_at = n;
        } else if (n - p->peak_at >= MS(80) || sum < 0.7 * p->peak) {
            add_candidate(p);
            p->rising = false;
            p->valley = sum;
        }
    } else if (sum < p->valley) {
        p->valley = sum;
    } else if (sum > 1.2 * p->valley && sum > 0.0) {
        p->rising = true;
        p->peak = sum;
        p->peak_at = n;
    }
    if (!p->learned && p->n - p->learn_from >= LEARN && p->pending_count > 0)
        learn(p);
    if (p->learned && p->pending_count)
        decide(p);
    if (p->learned && p->rr_count >= 3 && p->weak_run < WEAK_MOST &&
        (double)p->n > p->anchor + (1.0 + WEAK_REACH) * p->rr + (double)(LOOK + MS(80)))
        overdue(p);
    if (p->learned && p->spurned > SPURNED_MOST) {
        relearn(p);
        p->spurned = p->weak_run = p->rr_count = 0;
        p->rr = 0.0;
    }
}

bool ob_ppg_push(struct ob_ppg *p, float sample, struct ob_ppg_beat *beat_out)
{
    double ready[OB_GRID_OUT_MAX];
    int count = ob_grid_push(&p->grid, sample, ready);
    for (int i = 0; i < count; i++)
        push_grid(p, ready[i]);
    if (!p->queue_count)
        return false;
    *beat_out = p->queue[p->queue_head];
    beat_out->decided = p->grid.samples - 1;
    p->queue_head = (p->queue_head + 1) % QUEUE;
    p->queue_count--;
    return true;
}

float ob_ppg_quality_01(const struct ob_ppg *p)
{
    return p->n - p->last_beat > MS(4000) ? 0.0f : p->quality;
}
