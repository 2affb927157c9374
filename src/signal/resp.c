/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/resp.h"

#include "base/maths.h"
#include "base/time.h"
#include "signal/resp_ridge.h"
#include "signal/sigh.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RING         256 /* values of a series: a minute at 256 beats */
#define WINDOW_NS    (60 * OB_NS_PER_S)
#define LEAST_NS     (30 * OB_NS_PER_S)
#define STALE_NS     (10 * OB_NS_PER_S)
#define STEP_NS      (5 * OB_NS_PER_S)
#define BLOCK_NS     (OB_NS_PER_S / 2)
#define JOIN_S       3.0  /* values further apart than this have a hole between them */
#define COVER_01     0.6  /* of a window that must be there */
#define COUNT_NEAR   0.25 /* count and ridge within this share of each other agree */
#define LEAST_RSA_MS 0.5  /* what moves less than this, or this share of a beat, is rounding */
#define LEAST_SHARE  0.002
#define UNCONFIRMED  0.8  /* intervals alone can't tell breath from pressure waves */
#define SHAKING_MG   40.0 /* what no chest does by itself */
#define AXES         4    /* three and the shaking */

struct series {
    uint64_t count;
    int64_t time_ns[RING];
    double value[RING];
};

/* Samples that come faster than they are needed, as means of half a second. */
struct blocks {
    int64_t index; /* of the block under way: time over BLOCK_NS */
    int64_t last_ns;
    double sum[3], before[3], shaking;
    int samples, steps;
};

enum {
    INTERVAL,
    QRS_SIZE,
    QRS_SLOPE,
    QRS_BASELINE,
    PULSE_SIZE,
    PULSE_BASELINE,
    HEART_SERIES,
    BELT = HEART_SERIES,
    ACC,
    SERIES = ACC + AXES,
};

struct ob_resp {
    struct series series[SERIES];
    struct series judged; /* 1: usable, 0: not, for each interval */
    struct blocks belt, acc;
    struct ob_sighs belt_sighs, acc_sighs;
    struct ob_ridge ridge;
};

struct ob_resp *ob_resp_create(void)
{
    struct ob_resp *resp = calloc(1, sizeof *resp);
    if (!resp)
        return NULL;
    ob_ridge_init(&resp->ridge);
    ob_sighs_init(&resp->belt_sighs);
    ob_sighs_init(&resp->acc_sighs);
    return resp;
}

void ob_resp_destroy(struct ob_resp *resp)
{
    free(resp);
}

void ob_resp_reset(struct ob_resp *resp)
{
    memset(resp->series, 0, sizeof resp->series);
    memset(&resp->judged, 0, sizeof resp->judged);
    memset(&resp->belt, 0, sizeof resp->belt);
    memset(&resp->acc, 0, sizeof resp->acc);
    ob_sighs_init(&resp->belt_sighs);
    ob_sighs_init(&resp->acc_sighs);
}

static void put(struct series *s, int64_t time_ns, double value)
{
    if (!isfinite(value) || (s->count > 0 && time_ns <= s->time_ns[(s->count - 1) % RING]))
        return;
    s->time_ns[s->count % RING] = time_ns;
    s->value[s->count++ % RING] = value;
}

void ob_resp_interval(struct ob_resp *resp, int64_t time_ns, double nn_ms, bool usable)
{
    const bool sound = usable && nn_ms > 0.0 && isfinite(nn_ms);
    put(&resp->judged, time_ns, sound ? 1.0 : 0.0);
    if (sound)
        put(&resp->series[INTERVAL], time_ns, nn_ms);
}

void ob_resp_beat(struct ob_resp *resp, enum ob_resp_wave wave, int64_t time_ns, const struct ob_resp_shape *shape)
{
    const bool ecg = wave == OB_RESP_ECG;
    put(&resp->series[ecg ? QRS_SIZE : PULSE_SIZE], time_ns, shape->size);
    put(&resp->series[ecg ? QRS_BASELINE : PULSE_BASELINE], time_ns, shape->baseline);
    if (ecg)
        put(&resp->series[QRS_SLOPE], time_ns, shape->slope);
}

/* The series of a block's channels get what is complete. */
static void close_block(struct blocks *b, struct series *series, int channels)
{
    const int64_t middle_ns = b->index * BLOCK_NS + BLOCK_NS / 2;
    if (b->samples > 0)
        for (int i = 0; i < channels; i++)
            put(&series[i], middle_ns, b->sum[i] / b->samples);
    if (b->samples > 0 && channels == 3)
        put(&series[3], middle_ns, b->steps > 0 ? sqrt(b->shaking / b->steps) : 0.0);
    b->sum[0] = b->sum[1] = b->sum[2] = b->shaking = 0.0;
    b->samples = b->steps = 0;
}

static void take_sample(struct blocks *b, struct series *series, int channels, int64_t time_ns, const double *x)
{
    for (int i = 0; i < channels; i++)
        if (!isfinite(x[i]))
            return;
    if (b->last_ns != 0 && time_ns <= b->last_ns)
        return;
    const int64_t index = time_ns / BLOCK_NS - (time_ns % BLOCK_NS < 0);
    if (index != b->index) {
        close_block(b, series, channels);
        b->index = index;
    }
    for (int i = 0; i < channels; i++) {
        b->sum[i] += x[i];
        /* Steps from sample to sample: of noise they have twice the variance, of breath nearly nothing. */
        if (b->last_ns != 0 && time_ns - b->last_ns < BLOCK_NS / 2)
            b->shaking += 0.5 * (x[i] - b->before[i]) * (x[i] - b->before[i]);
        b->before[i] = x[i];
    }
    b->steps++;
    b->samples++;
    b->last_ns = time_ns;
}

void ob_resp_belt(struct ob_resp *resp, int64_t time_ns, double value)
{
    take_sample(&resp->belt, &resp->series[BELT], 1, time_ns, &value);
}

void ob_resp_acc(struct ob_resp *resp, int64_t time_ns, const double mg[3])
{
    take_sample(&resp->acc, &resp->series[ACC], 3, time_ns, mg);
}

static int64_t newest_ns(const struct series *s)
{
    return s->count > 0 ? s->time_ns[(s->count - 1) % RING] : INT64_MIN;
}

static int64_t oldest_ns(const struct series *s)
{
    return s->time_ns[s->count > RING ? s->count % RING : 0];
}

/* The series at 2 Hz from from_ns on, by straight lines. Returns the share of the window that is there. */
static double resample(const struct series *s, int64_t from_ns, int samples, double *x)
{
    const uint64_t first = s->count > RING ? s->count - RING : 0;
    uint64_t i = first;
    double there_s = 0.0;
    for (int k = 0; k < samples; k++) {
        const int64_t t = from_ns + k * BLOCK_NS + BLOCK_NS / 2;
        while (i + 1 < s->count && s->time_ns[(i + 1) % RING] < t)
            i++;
        const int64_t left_ns = s->time_ns[i % RING];
        const double left = s->value[i % RING];
        x[k] = left;
        if (i + 1 < s->count) {
            const double apart_s = ob_s_from_ns(s->time_ns[(i + 1) % RING] - left_ns);
            const double share = ob_clamp01(ob_s_from_ns(t - left_ns) / apart_s);
            x[k] = ob_lerp(left, s->value[(i + 1) % RING], share);
            there_s += apart_s <= JOIN_S && t >= left_ns ? 0.5 : 0.0;
        } else {
            there_s += t - left_ns < JOIN_S * 1e9 ? 0.5 : 0.0;
        }
    }
    return there_s / (0.5 * samples);
}

/* A window that ends at the newest value of some series, of whole steps. 0 samples: not enough, or too old. */
static int window(const struct series *s, int count, int64_t now_ns, int64_t *from_ns_out)
{
    int64_t newest = INT64_MIN, oldest = INT64_MAX;
    for (int i = 0; i < count; i++) {
        if (s[i].count < 2)
            continue;
        newest = newest_ns(&s[i]) > newest ? newest_ns(&s[i]) : newest;
        oldest = oldest_ns(&s[i]) < oldest ? oldest_ns(&s[i]) : oldest;
    }
    newest = newest > now_ns ? now_ns : newest;
    if (newest == INT64_MIN || now_ns - newest > STALE_NS || newest - oldest < LEAST_NS - OB_NS_PER_S)
        return 0;
    const int64_t length = newest - oldest + OB_NS_PER_S;
    const int64_t steps = (length < WINDOW_NS ? length : WINDOW_NS) / STEP_NS;
    *from_ns_out = newest - steps * STEP_NS;
    return (int)steps * RIDGE_STEP;
}

static double usable_share(const struct ob_resp *resp, int64_t from_ns)
{
    const struct series *s = &resp->judged;
    double usable = 0.0, all = 0.0;
    for (uint64_t i = s->count > RING ? s->count - RING : 0; i < s->count; i++)
        if (s->time_ns[i % RING] >= from_ns) {
            usable += s->value[i % RING];
            all += 1.0;
        }
    return all > 0.0 ? usable / all : 1.0;
}

/* From what a ridge looks like to how far it is to be trusted. */
static double quality_of(const struct ob_ridge_course *c)
{
    return sqrt(ob_clamp01((c->contrast - 0.4) / 1.2) * ob_clamp01(c->lead / 1.5)) * ob_clamp01(1.0 - c->edge_01);
}

/* Breaths counted in a signal that is the chest's own movement, from top to top and from bottom to bottom, as in
 * Schaefer & Kratky 2008 (doi:10.1007/s10439-007-9428-1) with a hysteresis for their threshold. 0: too few. A ridge
 * follows the deep breaths of a window more than the shallow ones; a count takes them alike. */
static double count_hz(const double *x, int n)
{
    double copy[RIDGE_SAMPLES];
    memcpy(copy, x, (size_t)n * sizeof *copy);
    const double high = ob_percentile(copy, (size_t)n, 0.9), step = 0.25 * (high - ob_percentile(copy, (size_t)n, 0.1));
    int first[2] = {0}, last[2] = {0}, turns[2] = {0}; /* tops, bottoms */
    double extreme = x[0];
    int place = 0, seeks = 0;
    for (int i = 1; i < n; i++) {
        const double sign = seeks == 0 ? 1.0 : -1.0;
        if (sign * (x[i] - extreme) > 0.0) {
            extreme = x[i];
            place = i;
        } else if (sign * (extreme - x[i]) > step) {
            if (place > 0) {
                if (turns[seeks]++ == 0)
                    first[seeks] = place;
                last[seeks] = place;
            }
            seeks = 1 - seeks;
            extreme = x[i];
            place = i;
        }
    }
    if (turns[0] < 3 || turns[1] < 3)
        return 0.0;
    return 0.5 * RIDGE_HZ *
           ((double)(turns[0] - 1) / (last[0] - first[0]) + (double)(turns[1] - 1) / (last[1] - first[1]));
}

static bool answer(struct ob_resp *resp, double there_01, enum ob_resp_source source, int samples,
                   struct ob_resp_rate *out)
{
    struct ob_ridge_course course;
    if (!ob_ridge_follow(&resp->ridge, &course))
        return false;
    out->brpm = 60.0 * course.hz;
    out->latest_brpm = 60.0 * course.latest_hz;
    out->window_s = 0.5 * samples;
    out->quality_01 = quality_of(&course) * there_01 * (0.5 + 0.5 * out->window_s / OB_RESP_WINDOW_S);
    out->source = source;
    return true;
}

/* Mean size of the values from from_ns on. */
static double level_of(const struct series *s, int64_t from_ns)
{
    double sum = 0.0, count = 0.0;
    for (uint64_t i = s->count > RING ? s->count - RING : 0; i < s->count; i++)
        if (s->time_ns[i % RING] >= from_ns) {
            sum += fabs(s->value[i % RING]);
            count += 1.0;
        }
    return count > 0.0 ? sum / count : 0.0;
}

static bool from_heart(struct ob_resp *resp, int64_t now_ns, struct ob_resp_rate *out)
{
    int64_t from_ns;
    const int samples = window(resp->series, HEART_SERIES, now_ns, &from_ns);
    if (samples == 0)
        return false;
    /* A base line is judged by the size of the beats on it. */
    static const int unit[HEART_SERIES] = {[QRS_SIZE] = QRS_SIZE,
                                           [QRS_SLOPE] = QRS_SLOPE,
                                           [QRS_BASELINE] = QRS_SIZE,
                                           [PULSE_SIZE] = PULSE_SIZE,
                                           [PULSE_BASELINE] = PULSE_SIZE};
    double most = 0.0;
    int shapes = 0;
    ob_ridge_begin(&resp->ridge, samples);
    for (int i = 0; i < HEART_SERIES; i++) {
        double x[RIDGE_SAMPLES];
        if (resp->series[i].count < 2)
            continue;
        const double there_01 = resample(&resp->series[i], from_ns, samples, x);
        if (there_01 < COVER_01)
            continue;
        if (i == INTERVAL)
            ob_ridge_add(&resp->ridge, x, RIDGE_INTERVALS, LEAST_RSA_MS, there_01);
        else
            ob_ridge_add(&resp->ridge, x, RIDGE_MECHANICAL, LEAST_SHARE * level_of(&resp->series[unit[i]], from_ns),
                         there_01);
        most = fmax(most, there_01);
        shapes += i != INTERVAL;
    }
    const double usable_01 = usable_share(resp, from_ns);
    out->mechanical = shapes > 0;
    if (shapes == 0)
        most *= UNCONFIRMED;
    return answer(resp, most * ob_clamp01(1.0 - 2.0 * (1.0 - usable_01)), OB_RESP_HEART, samples, out);
}

/* The same where x is the chest itself: count and ridge should agree, and the count is then the more exact. */
static bool answer_by_chest(struct ob_resp *resp, double *x, double there_01, enum ob_resp_source source, int samples,
                            struct ob_resp_rate *out)
{
    const double counted_hz = count_hz(x, samples);
    ob_ridge_begin(&resp->ridge, samples);
    ob_ridge_add(&resp->ridge, x, RIDGE_MECHANICAL, 0.0, 1.0);
    out->mechanical = true;
    if (!answer(resp, there_01, source, samples, out))
        return false;
    const double apart = fabs(60.0 * counted_hz / out->brpm - 1.0);
    if (apart < COUNT_NEAR)
        out->brpm = 60.0 * counted_hz;
    out->quality_01 *= ob_clamp01(1.0 - apart);
    return true;
}

static bool from_belt(struct ob_resp *resp, int64_t now_ns, struct ob_resp_rate *out)
{
    int64_t from_ns;
    double x[RIDGE_SAMPLES];
    const int samples = window(&resp->series[BELT], 1, now_ns, &from_ns);
    const double there_01 = samples > 0 ? resample(&resp->series[BELT], from_ns, samples, x) : 0.0;
    if (there_01 < COVER_01)
        return false;
    ob_sighs_look(&resp->belt_sighs, x, NULL, samples, from_ns, BLOCK_NS);
    return answer_by_chest(resp, x, there_01, OB_RESP_BELT, samples, out);
}

static double mean_product(const double *a, const double *b, const bool *calm, int n)
{
    double sum = 0.0, count = 0.0;
    for (int i = 0; i < n; i++)
        if (calm[i]) {
            sum += a[i] * b[i];
            count += 1.0;
        }
    return count > 0.0 ? sum / count : 0.0;
}

/* Takes mean and line off the calm samples; the others are filled with straight lines between calm ones. */
static void level_calm(double *x, const bool *calm, int n)
{
    for (int i = 0; i < n; i++) {
        if (calm[i])
            continue;
        int left = i, right = i;
        while (left >= 0 && !calm[left])
            left--;
        while (right < n && !calm[right])
            right++;
        x[i] = left < 0     ? x[right]
               : right >= n ? x[left]
                            : ob_lerp(x[left], x[right], (double)(i - left) / (right - left));
    }
    ob_ridge_take_off_line(x, n);
}

/* The axis along which three channels move most, by turning a vector through their covariance again and again. */
static void principal(double c[3][3], double axis[3])
{
    /* Begins with the longest row, which never lies across the answer. */
    int start = 0;
    for (int i = 1; i < 3; i++)
        if (c[i][i] > c[start][start])
            start = i;
    memcpy(axis, c[start], 3 * sizeof *axis);
    for (int turn = 0; turn < 50; turn++) {
        const double norm = sqrt(axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]);
        if (!(norm > 0.0))
            return;
        double next[3] = {0};
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                next[i] += c[i][j] * axis[j] / norm;
        memcpy(axis, next, sizeof next);
    }
    const double norm = sqrt(axis[0] * axis[0] + axis[1] * axis[1] + axis[2] * axis[2]);
    for (int i = 0; i < 3 && norm > 0.0; i++)
        axis[i] /= norm;
}

static bool from_acc(struct ob_resp *resp, int64_t now_ns, struct ob_resp_rate *out)
{
    int64_t from_ns;
    double x[AXES][RIDGE_SAMPLES];
    const int n = window(&resp->series[ACC], 1, now_ns, &from_ns);
    if (n == 0)
        return false;
    const double there_01 = resample(&resp->series[ACC], from_ns, n, x[0]);
    for (int i = 1; i < AXES; i++)
        (void)resample(&resp->series[ACC + i], from_ns, n, x[i]);
    bool calm[RIDGE_SAMPLES];
    int calm_count = 0;
    for (int k = 0; k < n; k++)
        calm_count += calm[k] = x[3][k] < SHAKING_MG;
    const double calm_01 = (double)calm_count / n;
    if (there_01 < COVER_01 || calm_01 < COVER_01)
        return false;
    for (int i = 0; i < AXES; i++)
        level_calm(x[i], calm, n);
    double hand[3], length = 0.0;
    for (int i = 0; i < 3; i++) {
        hand[i] = mean_product(x[i], x[3], calm, n);
        length += hand[i] * hand[i];
    }
    /* Only a hand that explains a good part of the shaking is one. */
    double along[RIDGE_SAMPLES];
    for (int k = 0; k < n; k++)
        along[k] = hand[0] * x[0][k] + hand[1] * x[1][k] + hand[2] * x[2][k];
    const double both = mean_product(along, x[3], calm, n);
    const double alone = mean_product(along, along, calm, n) * mean_product(x[3], x[3], calm, n);
    const bool hand_there = length > 0.0 && alone > 0.0 && both * both > 0.25 * alone;
    double c[3][3], axis[3] = {0};
    if (hand_there)
        for (int k = 0; k < n; k++) {
            const double share = (hand[0] * x[0][k] + hand[1] * x[1][k] + hand[2] * x[2][k]) / length;
            for (int i = 0; i < 3; i++)
                x[i][k] -= share * hand[i];
        }
    for (int i = 0; i < 3; i++)
        for (int j = 0; j < 3; j++)
            c[i][j] = mean_product(x[i], x[j], calm, n);
    principal(c, axis);
    for (int k = 0; k < n; k++)
        along[k] = axis[0] * x[0][k] + axis[1] * x[1][k] + axis[2] * x[2][k];
    ob_sighs_look(&resp->acc_sighs, along, calm, n, from_ns, BLOCK_NS);
    const double trust_01 = there_01 * ob_clamp01(1.0 - 2.5 * (1.0 - calm_01));
    return answer_by_chest(resp, along, trust_01, OB_RESP_ACC, n, out);
}

bool ob_resp_rate(struct ob_resp *resp, int64_t now_ns, struct ob_resp_rate *out)
{
    struct ob_resp_rate best = {0};
    bool known = false;
    bool (*const sources[])(struct ob_resp *, int64_t, struct ob_resp_rate *) = {from_belt, from_acc, from_heart};
    for (int i = 0; i < 3; i++) {
        struct ob_resp_rate rate;
        if (!sources[i](resp, now_ns, &rate))
            continue;
        if (!known || rate.quality_01 > best.quality_01)
            best = rate;
        known = true;
        if (best.quality_01 >= OB_RESP_TRUST_01)
            break;
    }
    if (known)
        *out = best;
    return known;
}

bool ob_resp_sighs(const struct ob_resp *resp, int64_t now_ns, uint32_t *count_out, int64_t *newest_ns_out)
{
    const struct ob_sighs *const both[] = {&resp->belt_sighs, &resp->acc_sighs};
    for (int i = 0; i < 2; i++) {
        const struct ob_sigh_side *a = &both[i]->side[0], *b = &both[i]->side[1];
        const int64_t breath_ns = a->newest_ns > b->newest_ns ? a->newest_ns : b->newest_ns;
        if (breath_ns == INT64_MIN || now_ns - breath_ns > WINDOW_NS)
            continue;
        *count_out = both[i]->count;
        *newest_ns_out = both[i]->newest_ns;
        return true;
    }
    return false;
}
