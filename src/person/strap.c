/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "person/strap.h"

#include "base/maths.h"
#include "base/time.h"

#include <math.h>
#include <string.h>

static const double dt = OB_PERSON_STEP_S;

void ob_person_strap_init(struct ob_person_strap *s, const struct ob_person_desc *desc, int64_t start_ns)
{
    const uint64_t seed = (uint64_t)desc->seed;
    *s = (struct ob_person_strap){
        .missed_01 = desc->missed_pct / 100.0,
        .extra_01 = desc->extra_pct / 100.0,
        .duplicate_01 = desc->duplicate_pct / 100.0,
        .reorder_01 = desc->reorder_pct / 100.0,
        .jitter_s = desc->jitter_ms / 1000.0,
        .step_s = desc->rr_step_ms / 1000.0,
        .clock_factor = 1.0 + desc->drift_ppm * 1e-6,
        .batch_s = desc->batch_s,
        .age_s = desc->age_of_data_s,
        .contact_ramp_s = desc->contact_ramp_s,
        .dropout_at_s = 60.0 * desc->dropout_at_min,
        .dropout_planned = desc->dropout_at_min >= 0,
        .dropout_length_s = desc->dropout_s,
        .dropouts_per_s = desc->dropouts_per_h / 3600.0,
        .start_ns = start_ns,
        .contact_01 = desc->contact_ramp_s > 0 ? 0.0 : 1.0,
        .connected = true,
    };
    ob_rng_init(&s->fault_rng, seed, OB_PERSON_STREAM_FAULT);
    ob_rng_init(&s->jitter_rng, seed, OB_PERSON_STREAM_JITTER);
    ob_rng_init(&s->dropout_rng, seed, OB_PERSON_STREAM_DROPOUT);
    s->dropout_wait_s = ob_person_poisson_wait_s(&s->dropout_rng, s->dropouts_per_s);
}

void ob_person_strap_step(struct ob_person_strap *s, double life_s)
{
    if (s->contact_ramp_s > 0)
        s->contact_01 = ob_smoothstep(0.0, s->contact_ramp_s, life_s);
    if (s->dropout_left_s > 0) {
        s->dropout_left_s -= dt;
    } else if (s->dropout_planned && life_s >= s->dropout_at_s) {
        s->dropout_planned = false;
        s->dropout_left_s = s->dropout_length_s;
    } else if ((s->dropout_wait_s -= dt) <= 0) {
        s->dropout_left_s = s->dropout_length_s;
        s->dropout_wait_s = ob_person_poisson_wait_s(&s->dropout_rng, s->dropouts_per_s);
    }
    s->connected = s->dropout_left_s <= 0;
    if (!s->connected) {
        s->anchored = false;
        s->after_gap = true;
    }
}

void ob_person_strap_foresee(struct ob_person_strap *s, double motion_01, bool *missed_out, double *extra_at_01_out)
{
    const double miss = ob_rng_uniform(&s->fault_rng), extra = ob_rng_uniform(&s->fault_rng);
    const double place = ob_rng_range(&s->fault_rng, 0.3, 0.7);
    *missed_out = miss < s->missed_01 + 0.4 * (1.0 - s->contact_01) + 0.25 * motion_01;
    *extra_at_01_out = extra < s->extra_01 + 0.25 * motion_01 ? place : -1.0;
}

double ob_person_strap_delivered_s(const struct ob_person_strap *s, double life_s)
{
    const double own_batch_s = s->batch_s / s->clock_factor; /* the sensor's own timer sends */
    const double sent_s = s->batch_s > 0 ? floor(life_s / own_batch_s + 1e-9) * own_batch_s : life_s;
    return sent_s - s->age_s;
}

static void enqueue(struct ob_person_strap *s, const struct ob_person_beat *beat)
{
    if (s->count == OB_PERSON_STRAP_QUEUE) {
        memmove(&s->queue[0], &s->queue[1], (OB_PERSON_STRAP_QUEUE - 1) * sizeof s->queue[0]);
        s->count--;
        s->lost++;
    }
    int at = s->count++;
    for (; at > 0 && s->queue[at - 1].delivered_ns > beat->delivered_ns; at--)
        s->queue[at] = s->queue[at - 1];
    s->queue[at] = *beat;
}

void ob_person_strap_beat(struct ob_person_strap *s, double life_s, enum ob_person_beat_kind kind, bool missed)
{
    /* Drawn for every beat, seen or not, so that one fault more does not change all the others. */
    const double jitter = ob_clamp(ob_rng_normal(&s->jitter_rng), -3.0, 3.0) * s->jitter_s;
    const double duplicate = ob_rng_uniform(&s->fault_rng), reorder = ob_rng_uniform(&s->fault_rng);
    if (!s->connected)
        return;
    if (missed) {
        s->after_missed = s->anchored;
        return;
    }
    double own_s = life_s * s->clock_factor + jitter;
    if (s->step_s > 0)
        own_s = floor(own_s / s->step_s + 0.5) * s->step_s;
    const double rr_s = own_s - s->last_s, since_s = life_s - s->last_true_s;
    const bool anchored = s->anchored;
    s->anchored = true;
    s->last_s = own_s;
    s->last_true_s = life_s;
    if (!anchored)
        return; /* an interval needs two beats */

    /* Nothing arrives before its own clock says it was. */
    double arrives_s = fmax(life_s, own_s / s->clock_factor) + s->age_s;
    const double own_batch_s = s->batch_s / s->clock_factor;
    if (s->batch_s > 0)
        arrives_s = ceil(arrives_s / own_batch_s - 1e-9) * own_batch_s;
    struct ob_person_beat beat = {
        .time_ns = s->start_ns + ob_ns_from_s(life_s),
        .measured_ns = s->start_ns + ob_ns_from_s(own_s),
        .delivered_ns = s->start_ns + ob_ns_from_s(arrives_s),
        .rr_ms = rr_s * 1000.0,
        .kind = kind,
        .after_missed = s->after_missed,
        .after_gap = s->after_gap,
    };
    s->after_missed = s->after_gap = false;
    if (reorder < s->reorder_01) /* held back until its successor is through */
        beat.delivered_ns += ob_ns_from_s(1.5 * fmax(since_s, 0.5) + s->batch_s);
    enqueue(s, &beat);
    if (duplicate < s->duplicate_01) {
        beat.duplicate = true;
        beat.delivered_ns += ob_ns_from_s(fmax(0.3, s->batch_s));
        enqueue(s, &beat);
    }
}

bool ob_person_strap_take(struct ob_person_strap *s, int64_t now_ns, struct ob_person_beat *out)
{
    if (s->count == 0 || s->queue[0].delivered_ns > now_ns)
        return false;
    *out = s->queue[0];
    s->count--;
    memmove(&s->queue[0], &s->queue[1], (size_t)s->count * sizeof s->queue[0]);
    return true;
}
