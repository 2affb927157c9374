/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the ECG detector knows of this heart, and what each of its decisions teaches it. */
#include "base/maths.h"
#include "signal/ecg_state.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Hearts do not beat twice within that time: of 44,900 beats none does. The clearer one of two such is the beat. */
#define TWICE   ECG_MS(240)
#define RR_MOST ECG_MS(2500)

static double median_of(const double *ring, int count)
{
    double copy[ECG_LEVELS];
    memcpy(copy, ring, (size_t)count * sizeof copy[0]);
    return ob_median(copy, (size_t)count);
}

static int filled(int count)
{
    return count < ECG_LEVELS ? count : ECG_LEVELS;
}

void ob_ecg_forget_last(struct ob_ecg *e)
{
    struct ecg_candidate *wrong = &e->last_taken;
    struct ecg_shape *shape = e->last_shape;
    if (!shape)
        return;
    if (shape->last == wrong->at && --shape->uses <= 1)
        memset(shape, 0, sizeof *shape);
    e->last_shape = NULL;
    if (e->level_count > 1)
        e->level_count--;
    if (e->rr_count > 0 && e->last_beat - e->last_but_one < RR_MOST)
        e->rr_count--;
    e->last_beat = e->last_but_one;
    ob_ecg_note_shape(e, wrong, ob_ecg_remember(e->others, ECG_OTHER_SHAPES, wrong));
}

/* In noise the best candidate of each second or so passes for a beat, and now and then one looks like a clear one; but
 * hearts show one clear beat after another. Logistic regression of right and wrong beats over the 20 MIT-BIH records,
 * as they are and under noise, and over noise alone. It only ever takes confidence away: a wrong beat among clear ones
 * is no better for their company. */
static float confidence(const struct ob_ecg *e, float ln_odds)
{
    const float here = ob_ecg_clamp((double)ln_odds, -2.0, 8.0);
    const float among = -2.07f + 0.41f * here + e->trust;
    return 1.0f / (1.0f + expf(-(among < ln_odds ? among : ln_odds)));
}

static void keep_trust(struct ob_ecg *e, float ln_odds)
{
    const float here = ob_ecg_clamp((double)ln_odds, -2.0, 8.0);
    e->trusted = e->trusted < 9 ? e->trusted + 1 : 9;
    e->trust += (here - e->trust) / (float)(e->trusted + 1);
}

void ob_ecg_accept(struct ob_ecg *e, const struct ecg_candidate *c, float ln_odds)
{
    if (c->at - e->last_beat < TWICE && ln_odds > e->last_odds)
        ob_ecg_forget_last(e);
    e->last_taken = *c;
    e->last_shape = ob_ecg_remember(e->beats, ECG_BEAT_SHAPES, c);
    ob_ecg_note_shape(e, c, e->last_shape);
    double width_s, height, r = ob_ecg_find_r(e, c, &width_s, &height);
    const float sure = confidence(e, ln_odds);
    keep_trust(e, ln_odds);
    if (e->queue_count < ECG_QUEUE)
        e->queue[(e->queue_head + e->queue_count++) % ECG_QUEUE] = (struct ob_ecg_beat){
            .index = ob_grid_sample(&e->grid, r),
            .confidence_01 = sure,
            .height = ob_ecg_clamp(height, (double)-FLT_MAX, (double)FLT_MAX),
        };
    e->sure += 0.2f * (sure - e->sure);

    ob_ecg_rate_note(e, r, width_s, ln_odds > 2.2f);
    int64_t rr = c->at - e->last_beat;
    if (rr < RR_MOST) {
        e->rrs[e->rr_count++ % ECG_LEVELS] = (double)rr;
        int count = filled(e->rr_count);
        e->rr = median_of(e->rrs, count);
        double sum = 0.0;
        for (int i = 0; i < count; i++)
            sum += fabs(e->rrs[i] - e->rr);
        e->irregular = sum / count / e->rr;
    }
    e->passed += 0.2 * ((double)ob_ecg_ln_ratio(e->passed_peak, c->peak, -3.0, 1.5) - e->passed);
    e->passed_count = e->passed_peak > ECG_LARGER * c->peak ? e->passed_count + 1 : 0;
    e->passed_peak = 0.0;
    e->last_but_one = e->last_beat;
    e->last_beat = c->at;
    e->last_odds = ln_odds;
    e->last_level = c->peak;
    e->levels[e->level_count++ % ECG_LEVELS] = c->peak;
    e->qrs_level = median_of(e->levels, filled(e->level_count));
    float weight = 1.0f / (float)filled(e->level_count);
    e->crest += weight * (c->crest - e->crest);
    e->high += weight * (c->high - e->high);
    e->low_share += weight * (c->low - e->low_share);
    e->curve += weight * (c->curve - e->curve);
}

void ob_ecg_refuse(struct ob_ecg *e, struct ecg_candidate *c)
{
    if (c->refused)
        return;
    c->refused = true;
    e->passed_peak = fmax(e->passed_peak, c->peak);
    e->noise_level += 0.125 * (fmin(c->peak, 2.0 * e->qrs_level) - e->noise_level);
    ob_ecg_note_shape(e, c, ob_ecg_remember(e->others, ECG_OTHER_SHAPES, c));
}

void ob_ecg_learn(struct ob_ecg *e)
{
    double largest = 0.0;
    for (int i = 0; i < e->pending_count; i++)
        largest = fmax(largest, e->pending[i].peak);
    e->qrs_level = 0.85 * largest;
    e->noise_level = 0.15 * largest;
    e->learned = true;
}

void ob_ecg_unlearn(struct ob_ecg *e)
{
    e->learned = false;
    e->learn_from = e->n;
    for (int i = 0; i < e->pending_count; i++)
        e->pending[i].judged = e->pending[i].refused = false;
    e->level_count = e->rr_count = e->passed_count = 0;
    e->rr = e->irregular = e->passed = 0.0;
    e->last_shape = NULL;
    memset(e->beats, 0, sizeof e->beats);
    memset(e->others, 0, sizeof e->others);
}
