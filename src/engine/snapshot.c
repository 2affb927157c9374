/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/engine.h"

#include <string.h>

const char *ob_beat_flag_name(enum ob_beat_flag flag)
{
    static const char *const names[OB_BEAT_FLAGS] = {"normal", "ectopic", "missed", "extra", "long", "short", "gap"};
    return (unsigned)flag < OB_BEAT_FLAGS ? names[flag] : "unknown";
}

static void mix(uint64_t *hash, const void *bytes, size_t count)
{
    const unsigned char *p = bytes;
    uint64_t h = *hash;
    for (size_t i = 0; i < count; i++)
        h = (h ^ p[i]) * UINT64_C(1099511628211);
    *hash = h;
}

#define MIX(field) mix(&h, &(field), sizeof(field))

static uint64_t mix_value(uint64_t h, const struct ob_value *value)
{
    MIX(value->value);
    MIX(value->valid);
    MIX(value->quality_01);
    MIX(value->valid_from_ns);
    return h;
}

static uint64_t mix_shape(uint64_t h, const struct ob_breath_shape *shape)
{
    MIX(shape->inhale_01);
    MIX(shape->hold_full_01);
    MIX(shape->exhale_01);
    MIX(shape->hold_empty_01);
    return h;
}

static uint64_t mix_params(uint64_t h, const struct ob_params *params)
{
    MIX(params->presence_01);
    MIX(params->guidance_01);
    MIX(params->feedback_01);
    MIX(params->exhale_01);
    MIX(params->tail_01);
    MIX(params->pulse_01);
    MIX(params->bloom_01);
    MIX(params->signal_01);
    MIX(params->fit_01);
    return h;
}

static uint64_t mix_mark(uint64_t h, const struct ob_settling_mark *mark)
{
    MIX(mark->at_ns);
    MIX(mark->known_ns);
    MIX(mark->heart_bpm);
    MIX(mark->swing_percent);
    MIX(mark->breath_brpm);
    MIX(mark->breath_known);
    MIX(mark->paced);
    MIX(mark->answered);
    MIX(mark->sighs_known);
    MIX(mark->sighs);
    MIX(mark->sigh_ns);
    return h;
}

uint64_t ob_snapshot_hash(uint64_t hash, const struct ob_snapshot *s)
{
    uint64_t h = hash ? hash : UINT64_C(14695981039346656037);
    MIX(s->now_ns);
    MIX(s->begin_ns);
    MIX(s->end_ns);
    MIX(s->ticks);
    MIX(s->stage);
    MIX(s->sensor);
    MIX(s->beats_from);
    MIX(s->simulated);
    MIX(s->waiting);
    MIX(s->phase_count);
    MIX(s->phase);
    MIX(s->phase_ns);
    MIX(s->sound_db);
    mix(&h, s->reason, strlen(s->reason));
    MIX(s->pacer.start_ns);
    MIX(s->pacer.phase_turns);
    MIX(s->pacer.rate_brpm);
    h = mix_shape(h, &s->pacer.shape);
    h = mix_shape(h, &s->pacer.next);
    h = mix_params(h, &s->params);
    MIX(s->own_pace.mean_brpm);
    MIX(s->own_pace.sd_brpm);
    MIX(s->own_pace.low_brpm);
    MIX(s->own_pace.high_brpm);
    MIX(s->own_pace.flat_01);
    MIX(s->own_pace.breaths);
    MIX(s->own_pace.word);
    MIX(s->target_brpm);
    MIX(s->drift_brpm);
    const struct ob_value *const values[] = {&s->hr_bpm,      &s->rsa_bpm,  &s->rsa_ms,
                                             &s->breath_brpm, &s->fit_01,   &s->concentration_01,
                                             &s->coherence,   &s->rmssd_ms, &s->artefact_share_01};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        h = mix_value(h, values[i]);
    MIX(s->quality_01);
    MIX(s->age_ns);
    MIX(s->silence_ns);
    MIX(s->newest_ns);
    MIX(s->newest_rr_ms);
    MIX(s->beat_count);
    if (s->beat_count > 0) {
        const struct ob_snapshot_beat *b = &s->beats[(s->beat_count - 1) % OB_SNAPSHOT_BEATS];
        MIX(b->time_ns);
        MIX(b->age_ns);
        MIX(b->rr_ms);
        MIX(b->nn_ms);
        MIX(b->flag);
    }
    MIX(s->trace_count);
    MIX(s->trace_last_ns);
    MIX(s->mark_count);
    for (int i = 0; i < OB_SNAPSHOT_MARKS; i++)
        h = mix_mark(h, &s->marks[i]);
    MIX(s->settling);
    MIX(s->settling_watched_s);
    MIX(s->settling_blind_s);
    MIX(s->settling_early_s);
    MIX(s->let_go_01);
    MIX(s->let_go_ns);
    MIX(s->note_count);
    MIX(s->note);
    MIX(s->note_ns);
    MIX(s->turned_over);
    MIX(s->arrivals);
    MIX(s->last_arrived_ns);
    MIX(s->late_events);
    return h;
}
