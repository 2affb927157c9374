/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/ecg.h"

#include "base/maths.h"
#include "signal/ecg_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The smoothing has zeros at 50 and 62.5 Hz and passes a fifth at 60: 20 and 16 ms. */
#define BOX_A 5
#define BOX_B 4

#define LEARN    ECG_MS(2000)
#define SHORTEST ECG_MS(200) /* between beats: 300 a minute */

/* So close behind a beat another one shows that the first was none. */
#define CLOSE_FROM ECG_MS(168)
#define CLOSE_TO   ECG_MS(300)
#define KEEP       ECG_MS(3500)

/* ln odds at which a candidate is taken at once, dropped at once, taken in the end, and taken when nothing else came.
 */
#define EARLY_YES 3.0f
#define EARLY_NO  -4.0f
#define LATE_YES  0.0f
#define BACK_YES  -1.5f
#define BACK_RR   1.5

/* So many times in a row something larger was refused: the wrong wave is being followed. */
#define PASSED_BEATS 6
#define TINY         0.05

#define RUN    64 /* grid samples that are filtered at once */
#define COPIED 16 /* from so many on it pays to copy the filters */

static void start(struct ob_ecg *e)
{
    e->n = 0;
    e->rising = false;
    e->peak = e->valley = 0.0;
    e->pending_count = 0;
    e->next_look = INT64_MAX;
    e->learned = false;
    e->learn_from = 0;
    e->level_count = e->rr_count = e->passed_count = 0;
    e->qrs_level = e->noise_level = e->last_level = 0.0;
    e->rate_count = 0;
    e->last_r = 0.0;
    e->last_sure = false;
    e->ln_width_s = e->ln_rr_s = e->ln_qt = 0.0;
    e->rr = e->irregular = e->passed = e->passed_peak = 0.0;
    e->last_beat = e->last_but_one = -1000000;
    e->last_odds = e->crest = e->high = e->low_share = e->curve = 0.0f;
    memset(e->beats, 0, sizeof e->beats);
    memset(e->others, 0, sizeof e->others);
    e->last_shape = NULL;
    memset(e->past, 0, sizeof e->past);
    e->past_count = 0;
    for (int i = 0; i < ECG_PAST; i++)
        e->past[i].at = -1000000;
    e->trust = 2.0f;
    e->trusted = 0;
    e->queue_head = e->queue_count = 0;
    e->stuck_run = e->stuck = e->block = 0;
    e->block_missing = e->grid.missing;
    e->sure = e->quality = 0.0f;
    ob_box_init(&e->box_a, BOX_A);
    ob_box_init(&e->box_b, BOX_B);
    ob_box_init(&e->window, ECG_WINDOW);
}

struct ob_ecg *ob_ecg_create(double fs_hz)
{
    if (!(fs_hz >= 100.0 && fs_hz <= 1000.0))
        return NULL;
    struct ob_ecg *e = calloc(1, sizeof *e);
    if (!e)
        return NULL;
    ob_grid_init(&e->grid, fs_hz, ECG_GRID_HZ);
    e->weights = &ob_ecg_fitted;
    start(e);
    return e;
}

void ob_ecg_destroy(struct ob_ecg *e)
{
    free(e);
}

void ob_ecg_reset(struct ob_ecg *e)
{
    ob_grid_restart(&e->grid);
    start(e);
}

void ob_ecg_watch(struct ob_ecg *e, const struct ob_ecg_weights *weights, ob_ecg_oracle *oracle, void *user)
{
    e->weights = weights ? weights : &ob_ecg_fitted;
    e->oracle = oracle;
    e->user = user;
}

/* ---- decisions ---- */

enum { NO, YES, WAIT };

static int verdict(struct ob_ecg *e, struct ecg_candidate *c, bool late)
{
    float ln_odds = ob_ecg_weigh(e, c, late);
    c->late = ln_odds;
    if (!late)
        c->early = ln_odds;
    if (e->oracle) {
        int told = e->oracle(e->user, ob_grid_sample(&e->grid, (double)(c->at - ECG_DELAY)), late, c->traits, ln_odds);
        e->oracle_leads = told >= 0;
        if (told >= 0)
            return told;
    }
    if (late)
        return ln_odds > LATE_YES ? YES : NO;
    return ln_odds > EARLY_YES ? YES : ln_odds < EARLY_NO ? NO : WAIT;
}

static void drop(struct ob_ecg *e, int i)
{
    e->pending_count--;
    memmove(&e->pending[i], &e->pending[i + 1], (size_t)(e->pending_count - i) * sizeof e->pending[0]);
}

/* Beats come in order: what stands before this one is settled with it. */
static void take(struct ob_ecg *e, int i)
{
    struct ecg_candidate taken = e->pending[i];
    ob_ecg_accept(e, &taken, taken.late);
    while (e->pending_count && e->pending[0].at <= taken.at) {
        struct ecg_candidate old = e->pending[0];
        drop(e, 0);
        if (old.at < taken.at)
            ob_ecg_refuse(e, &old);
    }
}

/* An older one that still waits and is far enough to be a beat of its own has the first word. */
static bool must_wait(const struct ob_ecg *e, int i)
{
    for (int k = 0; k < i; k++)
        if (!e->pending[k].refused && e->pending[i].at - e->pending[k].at >= SHORTEST &&
            e->n - e->pending[k].at < ECG_LATE)
            return true;
    return false;
}

/* While something larger rises close behind a candidate, that may be its QRS: it is waited for. */
static bool larger_rises(const struct ob_ecg *e, const struct ecg_candidate *c)
{
    return e->rising && e->peak > c->peak && e->peak_at - c->at < ECG_MS(260);
}

/* Right behind a beat comes a larger wave, which would be a clear beat had that one not been taken: then that one was a
 * P wave, and this is its QRS. */
static bool instead_of_last(struct ob_ecg *e, struct ecg_candidate *c)
{
    if (!(c->peak > ECG_LARGER * e->last_taken.peak) || !e->last_shape || e->oracle_leads)
        return false;
    int64_t last = e->last_beat;
    double level = e->last_level;
    e->last_beat = e->last_but_one;
    e->last_level = e->qrs_level;
    float ln_odds = ob_ecg_weigh(e, c, false);
    e->last_beat = last;
    e->last_level = level;
    c->early = c->late = ln_odds;
    return ln_odds > EARLY_YES && ln_odds > e->last_odds;
}

/* The first look at a new candidate; true when it is taken or dropped. */
static bool look_at(struct ob_ecg *e, int i)
{
    struct ecg_candidate *c = &e->pending[i];
    int64_t since = c->at - e->last_beat;
    if (!c->judged && since >= CLOSE_FROM && since < CLOSE_TO && instead_of_last(e, c)) {
        ob_ecg_forget_last(e);
        take(e, i);
        return true;
    }
    if (since < SHORTEST) {
        if (since > ECG_MS(40))
            e->passed_peak = fmax(e->passed_peak, c->peak);
        drop(e, i);
        return true;
    }
    if (c->judged)
        return false;
    c->judged = true;
    int v = verdict(e, c, false);
    if (v == YES && !must_wait(e, i)) {
        take(e, i);
        return true;
    }
    if (v == NO)
        ob_ecg_refuse(e, c);
    return false;
}

/* Decides one candidate that is due; false when there is none. */
static bool decide_one(struct ob_ecg *e)
{
    for (int i = 0; i < e->pending_count; i++)
        if (look_at(e, i))
            return true;
    for (int i = 0; i < e->pending_count; i++) {
        struct ecg_candidate *c = &e->pending[i];
        if (!c->refused && e->n - c->at >= ECG_LATE && !larger_rises(e, c)) {
            if (verdict(e, c, true) == YES) {
                take(e, i);
                return true;
            }
            ob_ecg_refuse(e, c);
        }
        if (c->refused && e->n - c->at > KEEP) {
            drop(e, i);
            return true;
        }
    }
    return false;
}

/* Nothing came for long: the likeliest of what was refused may have been the beat. */
static bool look_back(struct ob_ecg *e, double due)
{
    if ((double)e->n <= due)
        return false;
    int best = -1;
    for (int i = 0; i < e->pending_count; i++) {
        const struct ecg_candidate *c = &e->pending[i];
        if (c->refused && c->late > BACK_YES && (best < 0 || c->late > e->pending[best].late))
            best = i;
    }
    if (best < 0)
        return false;
    take(e, best);
    return true;
}

static double look_back_due(const struct ob_ecg *e)
{
    return (double)e->last_beat + BACK_RR * (e->rr > 0.0 ? e->rr : 200.0) + (double)ECG_LATE;
}

static void decide(struct ob_ecg *e)
{
    do {
        while (decide_one(e))
            continue;
    } while (look_back(e, look_back_due(e)));
    /* Between candidates nothing happens until the next of these moments. */
    double due = look_back_due(e);
    e->next_look = INT64_MAX;
    for (int i = 0; i < e->pending_count; i++) {
        const struct ecg_candidate *c = &e->pending[i];
        int64_t at = c->at + (c->refused ? KEEP + 1 : ECG_LATE);
        if (c->refused && c->late > BACK_YES && due > (double)e->n)
            at = (int64_t)fmin((double)at, floor(due) + 1.0);
        if (at < e->next_look)
            e->next_look = at;
    }
    if (e->passed_count >= PASSED_BEATS)
        ob_ecg_unlearn(e);
}

/* ---- candidates ---- */

static void add_candidate(struct ob_ecg *e)
{
    /* A twentieth of a beat is none, and most ripples are smaller still: they are not worth a judgement. */
    if (e->learned && e->peak < TINY * e->qrs_level && e->n - e->last_beat < ECG_MS(2500)) {
        e->noise_level += 0.125 * (e->peak - e->noise_level);
        return;
    }
    if (e->pending_count == ECG_PENDING) {
        int out = 0;
        for (int i = 1; i < ECG_PENDING; i++)
            if (!e->learned && e->pending[i].peak < e->pending[out].peak)
                out = i;
        for (int i = 0; e->learned && i < ECG_PENDING; i++)
            if (e->pending[i].refused) {
                out = i;
                break;
            }
        drop(e, out);
    }
    struct ecg_candidate *c = &e->pending[e->pending_count++];
    memset(c, 0, sizeof *c);
    c->at = e->peak_at;
    c->peak = e->peak;
    c->ln_peak = e->peak > 0.0 ? (float)log(e->peak) : 0.0f;
    ob_ecg_measure(e, c);
    ob_ecg_note(e, c);
}

/* Follows the slope sum through grid samples from n on until it has turned: a maximum that was not passed for 36 ms, or
 * fell to 75%. Returns how many it took; *turned_out tells if that was why it stopped. */
static int follow(struct ob_ecg *e, int64_t n, const double *sums, int count, bool *turned_out)
{
    double peak = e->peak, valley = e->valley;
    int64_t peak_at = e->peak_at;
    bool rising = e->rising, turned = false;
    int i = 0;
    while (i < count && !turned) {
        const double sum = sums[i++];
        if (!rising) {
            if (sum < valley) {
                valley = sum;
            } else if (sum > 1.25 * valley && sum > 0.0) {
                rising = true;
                peak = sum;
                peak_at = n + i - 1;
            }
        } else if (sum > peak) {
            peak = sum;
            peak_at = n + i - 1;
        } else {
            const int64_t since = n + i - 1 - peak_at;
            turned = since >= ECG_MS(36) || (sum < 0.75 * peak && since >= ECG_MS(20));
            if (turned) {
                rising = false;
                valley = sum;
            }
        }
    }
    e->peak = peak;
    e->valley = valley;
    e->peak_at = peak_at;
    e->rising = rising;
    *turned_out = turned;
    return i;
}

/* ---- quality ---- */

static void end_block(struct ob_ecg *e)
{
    double stuck = (double)e->stuck / ECG_GRID_HZ;
    double missing = (double)(e->grid.missing - e->block_missing) / e->grid.fs_hz;
    double clean = e->qrs_level > 0.0 ? 1.0 - 0.5 * ob_clamp01(e->noise_level / e->qrs_level) : 0.0;
    if (e->n - e->last_beat > ECG_MS(3000))
        e->sure = 0.0f;
    double now = (double)e->sure * clean * ob_clamp01(1.0 - stuck) * ob_clamp01(1.0 - missing);
    e->quality += 0.5f * ((float)now - e->quality);
    e->block = e->stuck = 0;
    e->block_missing = e->grid.missing;
}

/* ---- samples ---- */

/* The filters' whole memory as if it had held this value always. */
static void fill(struct ob_ecg *e, double x)
{
    ob_box_fill(&e->box_a, x);
    ob_box_fill(&e->box_b, x * BOX_A);
    for (unsigned i = 0; i < ECG_RING; i++) {
        e->raw[i] = x;
        e->low[i] = x * BOX_A * BOX_B;
        e->sum[i] = 0.0;
    }
}

/* From grid samples to the smoothed signal, behind ECG_LAG values from before, and the slope sum. */
static inline void smooth(struct ob_box *a, struct ob_box *b, struct ob_box *window, const double *x, int count,
                          double *low, double *sum_out)
{
    for (int i = 0; i < count; i++) {
        low[ECG_LAG + i] = ob_box_push(b, ob_box_push(a, x[i]));
        sum_out[i] = ob_box_push(window, fabs(low[ECG_LAG + i] - low[i]));
    }
}

/* low has room for ECG_LAG more in front. */
static void filter(struct ob_ecg *e, const double *x, int count, double *low, double *sum_out)
{
    if (e->n == 0)
        fill(e, x[0]);
    for (int i = 0; i < ECG_LAG && i < count; i++)
        low[i] = e->low[(e->n - ECG_LAG + i) & ECG_MASK];
    if (count < COPIED) {
        smooth(&e->box_a, &e->box_b, &e->window, x, count, low, sum_out);
    } else { /* copies, whose sums stay in registers */
        struct ob_box a = e->box_a, b = e->box_b, window = e->window;
        smooth(&a, &b, &window, x, count, low, sum_out);
        e->box_a = a;
        e->box_b = b;
        e->window = window;
    }
}

/* Puts them in the rings, from `place` on. A flat line or a converter at its end: more than 160 ms without any change.
 */
static void keep(struct ob_ecg *e, int64_t place, const double *x, const double *low, const double *sum, int count)
{
    double before = e->raw[(place - 1) & ECG_MASK], *raw = &e->raw[place], *lows = &e->low[place];
    double *sums = &e->sum[place];
    int run = e->stuck_run, stuck = 0;
    for (int i = 0; i < count; i++) {
        run = (run + 1) * (x[i] == before);
        stuck += run > 40;
        before = x[i];
        raw[i] = x[i];
        lows[i] = low[i];
        sums[i] = sum[i];
    }
    e->stuck_run = run;
    e->stuck += stuck;
}

/* Takes grid samples, and what the filters made of them, up to the next at which something may be decided. Returns how
 * many: one at least. */
static int advance(struct ob_ecg *e, const double *x, const double *low, const double *sum, int count)
{
    const int64_t n = e->n, place = n & ECG_MASK, quiet = e->next_look - n;
    if (!e->learned || e->queue_count || quiet < 1)
        count = 1;
    else if (quiet < count)
        count = (int)quiet;
    if (place + count > ECG_RING)
        count = (int)(ECG_RING - place);
    if (e->block + count > (int)ECG_GRID_HZ)
        count = (int)ECG_GRID_HZ - e->block;
    bool turned;
    count = follow(e, n, sum, count, &turned);
    keep(e, place, x, low, sum, count);
    e->n += count;

    if (turned && e->peak_at >= ECG_WINDOW + ECG_LAG) /* before, the filters still fill */
        add_candidate(e);
    if (!e->learned) {
        if (e->n - e->learn_from > LEARN && e->pending_count > 0) {
            ob_ecg_learn(e);
            decide(e);
        }
    } else if (turned || e->n >= e->next_look) {
        decide(e);
    }
    e->block += count;
    if (e->block == (int)ECG_GRID_HZ) {
        end_block(e);
        if (e->learned && e->n - e->last_beat > ECG_MS(4000) && e->n - e->learn_from > ECG_MS(6000))
            ob_ecg_unlearn(e);
    }
    return count;
}

/* Grid samples, and which of the input samples completed each. */
struct run {
    double x[RUN + OB_GRID_OUT_MAX];
    int from[RUN + OB_GRID_OUT_MAX];
    int count;
};

/* Brings input samples on the grid, not beyond the second that the quality is reckoned over. Returns how many it took.
 */
static int gather(struct ob_ecg *e, const float *samples, size_t count, struct run *run)
{
    const int left = (int)ECG_GRID_HZ - e->block, most = left < RUN ? left : RUN;
    int taken = (size_t)most < count ? most : (int)count;
    run->count = 0;
    if (ob_grid_push_run(&e->grid, samples, taken, run->x)) {
        run->count = taken;
        for (int i = 0; i < taken; i++)
            run->from[i] = i;
        return taken;
    }
    for (taken = 0; (size_t)taken < count && run->count < most; taken++)
        for (int got = ob_grid_push(&e->grid, samples[taken], run->x + run->count); got > 0; got--)
            run->from[run->count++] = taken;
    return taken;
}

/* The oldest beat that was not told yet. */
static void tell(struct ob_ecg *e, uint64_t sample, struct ob_ecg_beat *beat_out)
{
    *beat_out = e->queue[e->queue_head];
    beat_out->decided = sample;
    e->queue_head = (e->queue_head + 1) % ECG_QUEUE;
    e->queue_count--;
}

size_t ob_ecg_push_many(struct ob_ecg *e, const float *samples, size_t count, struct ob_ecg_beat *beats_out)
{
    struct run run;
    double low[ECG_LAG + RUN + OB_GRID_OUT_MAX], sum[RUN + OB_GRID_OUT_MAX];
    size_t found = 0;
    while (count > 0) {
        const uint64_t first = e->grid.samples;
        const int taken = gather(e, samples, count, &run);
        if (run.count > 0)
            filter(e, run.x, run.count, low, sum);
        /* Every input sample may bring a beat, once all that it completed was seen. */
        int told = 0;
        for (int i = 0;;) {
            const int complete = i < run.count ? run.from[i] : taken;
            for (; e->queue_count && told < complete; told++)
                tell(e, first + (uint64_t)told, &beats_out[found++]);
            if (i == run.count)
                break;
            i += advance(e, run.x + i, low + ECG_LAG + i, sum + i, run.count - i);
            told = told < run.from[i - 1] ? run.from[i - 1] : told;
        }
        samples += taken;
        count -= (size_t)taken;
    }
    return found;
}

bool ob_ecg_push(struct ob_ecg *e, float sample, struct ob_ecg_beat *beat_out)
{
    double x[OB_GRID_OUT_MAX], low[ECG_LAG + OB_GRID_OUT_MAX], sum[OB_GRID_OUT_MAX];
    const int count = ob_grid_push(&e->grid, sample, x);
    if (count > 0)
        filter(e, x, count, low, sum);
    for (int i = 0; i < count;)
        i += advance(e, x + i, low + ECG_LAG + i, sum + i, count - i);
    if (!e->queue_count)
        return false;
    tell(e, e->grid.samples - 1, beat_out);
    return true;
}

float ob_ecg_quality_01(const struct ob_ecg *e)
{
    return e->quality;
}
