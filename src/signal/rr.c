/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/rr.h"

#include "base/maths.h"

#include <math.h>
#include <string.h>

#define RR_MIN_MS   300.0
#define RR_MAX_MS   2000.0
#define NO_PAIR     1000
#define LONG_SHARE  1.45 /* a single interval up to so much longer than the last is the vagus, not an artefact */
#define AGAIN_SHARE 0.2  /* the same right after another one, as in bigeminy */
#define PAIR_SHARE  0.15 /* contrast of the weakest pair that counts: a beat 7.5% early */
#define BREATH      14   /* intervals that surely hold a breath at 6/min */

/* What the recent past says about the next interval. */
struct outlook {
    double level_ms; /* median of the newest intervals */
    double low_ms;   /* range over about a breath */
    double high_ms;
    double last_ms;   /* the interval just before, or the level after a gap */
    double before_ms; /* and the one before that */
    double step_ms;   /* the largest step from one interval to the next that is still ordinary */
    bool sure;
    bool paired; /* a premature beat was just before: the next one is likely */
};

void ob_rr_causal_init(struct ob_rr_causal *causal)
{
    memset(causal, 0, sizeof *causal);
    causal->since_pair = NO_PAIR;
}

static void remember(double *values, uint32_t *count, uint32_t capacity, double value)
{
    if (*count == capacity) {
        memmove(values, values + 1, (capacity - 1) * sizeof *values);
        (*count)--;
    }
    values[(*count)++] = value;
}

static void accept(struct ob_rr_causal *causal, double nn_ms)
{
    remember(causal->history_ms, &causal->history_count, OB_RR_HISTORY, nn_ms);
    causal->joined = true;
}

static struct outlook look(const struct ob_rr_causal *causal)
{
    const double *history = causal->history_ms;
    uint32_t count = causal->history_count;
    struct outlook outlook = {.sure = count >= OB_RR_SURE, .paired = causal->since_pair < 4};
    if (count == 0)
        return outlook;
    uint32_t recent = count < BREATH ? count : BREATH;
    double sorted[OB_RR_HISTORY];
    memcpy(sorted, history + (count - recent), recent * sizeof *sorted);
    outlook.level_ms = ob_median(sorted, recent);
    outlook.low_ms = outlook.high_ms = history[count - 1];
    for (uint32_t i = count - recent; i < count; i++) {
        outlook.low_ms = history[i] < outlook.low_ms ? history[i] : outlook.low_ms;
        outlook.high_ms = history[i] > outlook.high_ms ? history[i] : outlook.high_ms;
    }
    outlook.last_ms = causal->joined ? history[count - 1] : outlook.level_ms;
    outlook.before_ms = causal->joined && count > 1 ? history[count - 2] : outlook.last_ms;
    for (uint32_t i = 1; i < count; i++)
        sorted[i - 1] = fabs(history[i] - history[i - 1]);
    double usual = count > 1 ? ob_percentile(sorted, count - 1, 0.8) : 0.0;
    double floor_ms = (outlook.sure ? 0.07 : 0.12) * outlook.level_ms;
    outlook.step_ms = ob_clamp(2.6 * usual, floor_ms, 0.18 * outlook.level_ms);
    return outlook;
}

static bool possible(double value_ms)
{
    return value_ms >= RR_MIN_MS && value_ms <= RR_MAX_MS;
}

static bool fits(const struct outlook *outlook, double value_ms)
{
    return value_ms >= outlook->low_ms - outlook->step_ms && value_ms <= outlook->high_ms + outlook->step_ms;
}

static void emit(struct ob_rr_out *out, int *count, const struct ob_rr_in *in, enum ob_rr_class kind, double nn_ms,
                 uint32_t parts)
{
    out[(*count)++] =
        (struct ob_rr_out){.time_ns = in->time_ns, .rr_ms = in->rr_ms, .nn_ms = nn_ms, .kind = kind, .parts = parts};
}

/* Difference of the two intervals that a disturbed pair of this sum stood for: the parabola through the two intervals
 * before whose next two have that sum. Held to an ordinary step, since it leans on two single intervals. */
static double pair_slope(const struct outlook *outlook, double sum_ms)
{
    double slope = (0.5 * sum_ms - outlook->last_ms) - 0.5 * (outlook->last_ms - outlook->before_ms);
    double most = 0.5 * outlook->step_ms;
    return ob_clamp(slope, -most, most);
}

/* A premature or late beat: one interval off to one side, the next to the other, and together two ordinary ones.
 * A long interval first is mostly the heart's own, a surge of the vagus within an exhale: it counts only when the
 * second one is shorter than all that the breath had. */
static bool is_pair(const struct outlook *outlook, double a, double b)
{
    double half = 0.5 * (a + b);
    double contrast = fabs((b - a) - pair_slope(outlook, a + b));
    if (!possible(half))
        return false;
    double away = a < b ? outlook->last_ms - a : a - outlook->last_ms;
    if (outlook->paired && b - a > AGAIN_SHARE * outlook->level_ms &&
        fabs(half - outlook->level_ms) < 0.25 * outlook->level_ms)
        return true;
    if (!fits(outlook, half) || away < 0.3 * contrast)
        return false;
    if (a > b &&
        (a < outlook->high_ms + outlook->step_ms || b > fmin(outlook->last_ms - 0.3 * contrast, outlook->low_ms)))
        return false;
    /* Where the heart speeds up, its shortest intervals are alike from breath to breath. One below them all, with the
     * pause after it, needs less contrast to be believed. */
    bool below_all = a < 0.98 * outlook->low_ms && b > outlook->last_ms + 0.2 * contrast;
    if (below_all && outlook->sure)
        return contrast > fmin(PAIR_SHARE * outlook->level_ms, 1.6 * outlook->step_ms);
    return contrast > 1.6 * outlook->step_ms &&
           fabs(half - outlook->last_ms) < 1.5 * outlook->step_ms + 0.05 * outlook->level_ms;
}

/* Number of ordinary intervals that a long one is made of, 0 when it isn't. */
static uint32_t missed_parts(const struct outlook *outlook, double a)
{
    for (uint32_t parts = 2; parts <= 3; parts++) {
        double part = a / parts;
        if (a > 1.6 * outlook->last_ms && possible(part) && fits(outlook, part) &&
            fabs(part - outlook->last_ms) < 2.0 * outlook->step_ms)
            return parts;
    }
    return 0;
}

static bool is_split(const struct outlook *outlook, double a, double b)
{
    double both = a + b;
    return possible(both) && fits(outlook, both) && fabs(both - outlook->last_ms) < 2.0 * outlook->step_ms &&
           fmax(a, b) < 0.9 * outlook->last_ms;
}

static void start_again(struct ob_rr_causal *causal)
{
    /* Means of neighbours: under bigeminy they are the rhythm, while single intervals jump. */
    double means[OB_RR_RAW];
    uint32_t count = 0;
    for (uint32_t i = 1; i < causal->raw_count; i++) {
        double mean = 0.5 * (causal->raw_ms[i] + causal->raw_ms[i - 1]);
        if (possible(mean))
            means[count++] = mean;
    }
    causal->history_count = 0;
    causal->joined = false;
    causal->doubtful = 0;
    if (count < 4)
        return;
    double copy[OB_RR_RAW];
    memcpy(copy, means, count * sizeof *copy);
    const double middle = ob_median(copy, count); /* of a copy: the history is in the order of time */
    for (uint32_t i = 0; i < count; i++) {
        if (fabs(means[i] - middle) < 0.2 * middle)
            remember(causal->history_ms, &causal->history_count, OB_RR_HISTORY, means[i]);
    }
}

/* Without a history: two intervals that agree are believed. */
static void decide_early(struct ob_rr_causal *causal, const struct ob_rr_in *a, const struct ob_rr_in *b,
                         struct ob_rr_out *out, int *count)
{
    bool agrees = b ? fabs(a->rr_ms - b->rr_ms) < 0.2 * fmin(a->rr_ms, b->rr_ms) : false;
    if (possible(a->rr_ms) && agrees) {
        emit(out, count, a, OB_RR_NORMAL, a->rr_ms, 1);
        accept(causal, a->rr_ms);
        causal->doubtful = 0;
    } else {
        emit(out, count, a, OB_RR_GAP, 0.0, 0);
        causal->joined = false;
        causal->doubtful++;
    }
}

/* Decides the pending interval a with its follower b (NULL: none will come). True: b is decided too. */
static bool decide(struct ob_rr_causal *causal, const struct ob_rr_in *b, struct ob_rr_out *out, int *count)
{
    struct ob_rr_in pending = causal->pending;
    const struct ob_rr_in *a = &pending;
    if (causal->history_count == 0) {
        decide_early(causal, a, b, out, count);
        return false;
    }
    struct outlook outlook = look(causal);
    double rr = a->rr_ms;
    double next = b ? b->rr_ms : outlook.last_ms;
    if (causal->since_pair < NO_PAIR)
        causal->since_pair++;
    bool near_last = fabs(rr - outlook.last_ms) <= outlook.step_ms;

    if (b && is_split(&outlook, rr, next)) {
        emit(out, count, a, OB_RR_EXTRA, 0.0, 0);
        emit(out, count, b, OB_RR_EXTRA, rr + next, 1);
        accept(causal, rr + next);
        /* Even halves may be a heart that beats twice as fast. Uneven ones are two waves of one beat, seen twice. */
        if (fabs(rr - next) < 0.1 * (rr + next))
            causal->doubtful += 2;
        return true;
    }
    if (b && is_pair(&outlook, rr, next)) {
        double sum = rr + next;
        double slope = pair_slope(&outlook, sum);
        if (!possible(0.5 * (sum - slope)) || !possible(0.5 * (sum + slope)))
            slope = 0.0;
        emit(out, count, a, OB_RR_ECTOPIC, 0.5 * (sum - slope), 1);
        emit(out, count, b, OB_RR_ECTOPIC, 0.5 * (sum + slope), 1);
        accept(causal, 0.5 * (sum - slope));
        accept(causal, 0.5 * (sum + slope));
        causal->since_pair = rr < next ? 0 : NO_PAIR;
        return true;
    }
    /* Two early beats in a row, where early beats are about: the first of them. */
    bool couplet =
        b && outlook.paired && fmax(rr, next) < 0.95 * outlook.low_ms && fmin(rr, next) < 0.85 * outlook.level_ms;
    if (possible(rr) && fits(&outlook, rr) && near_last && !couplet) {
        emit(out, count, a, OB_RR_NORMAL, rr, 1);
        accept(causal, rr);
        causal->doubtful = 0;
        return false;
    }
    uint32_t parts = missed_parts(&outlook, rr);
    if (parts > 0) {
        emit(out, count, a, OB_RR_MISSED, rr / parts, parts);
        for (uint32_t i = 0; i < parts; i++)
            accept(causal, rr / parts);
        causal->doubtful++;
        return false;
    }
    /* A step that lasts, that leads back into the range of this breath, or that is longer without a short interval
     * beside it and too short for a missed beat, is the heart's own. */
    bool lasts = b && fabs(rr - next) <= outlook.step_ms && fabs(rr - outlook.last_ms) < 0.3 * outlook.last_ms;
    bool inside = rr >= outlook.low_ms && rr <= outlook.high_ms;
    bool surge = rr > outlook.last_ms && rr < LONG_SHARE * outlook.last_ms;
    if (possible(rr) && (lasts || inside || surge) && !couplet) {
        emit(out, count, a, OB_RR_NORMAL, rr, 1);
        accept(causal, rr);
        causal->doubtful = 0;
        return false;
    }
    causal->doubtful++;
    if (!possible(rr)) {
        emit(out, count, a, OB_RR_GAP, 0.0, 0);
        causal->joined = false;
        return false;
    }
    double nn = b && possible(next) && fits(&outlook, next) ? 0.5 * (outlook.last_ms + next) : outlook.last_ms;
    emit(out, count, a, rr > outlook.last_ms ? OB_RR_LONG : OB_RR_SHORT, nn, 1);
    accept(causal, nn);
    return false;
}

int ob_rr_causal_push(struct ob_rr_causal *causal, const struct ob_rr_in *in, struct ob_rr_out out[OB_RR_OUT_MAX])
{
    int count = 0;
    if (!isfinite(in->rr_ms) || in->rr_ms <= 0.0) {
        count = ob_rr_causal_gap(causal, out);
        emit(out, &count, in, OB_RR_GAP, 0.0, 0);
        return count;
    }
    if (causal->after_gap) {
        causal->after_gap = false;
        emit(out, &count, in, OB_RR_GAP, 0.0, 0);
        return count;
    }
    remember(causal->raw_ms, &causal->raw_count, OB_RR_RAW, in->rr_ms);
    bool both = causal->has_pending && decide(causal, in, out, &count);
    causal->has_pending = !both;
    if (!both)
        causal->pending = *in;
    if (causal->doubtful >= 6)
        start_again(causal);
    return count;
}

int ob_rr_causal_gap(struct ob_rr_causal *causal, struct ob_rr_out out[OB_RR_OUT_MAX])
{
    int count = 0;
    if (causal->has_pending)
        (void)decide(causal, NULL, out, &count);
    causal->has_pending = false;
    causal->after_gap = true;
    causal->joined = false;
    causal->raw_count = 0;
    causal->doubtful = 0;
    causal->since_pair = NO_PAIR;
    return count;
}
