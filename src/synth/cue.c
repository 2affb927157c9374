/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synth/cue.h"

#include "base/maths.h"
#include "base/rt.h"

/* 1 - e^(-x) for x >= 0 by a rational form that stays below 1: lags need no libm here. */
float ob_lag_share(float dt_s, float tau_s)
{
    const float x = dt_s / tau_s;
    return x * (1.0f + 0.5f * x) / (1.0f + x * (1.0f + 0.5f * x));
}

float ob_lag2(struct ob_lag2 *lag, float target, float share)
{
    lag->first += share * (target - lag->first);
    lag->second += share * (lag->first - lag->second);
    return lag->second;
}

static float sane_01(float x, float when_broken)
{
    return x >= 0.0f ? (x <= 1.0f ? x : 1.0f) : x < 0.0f ? 0.0f : when_broken;
}

static float smooth(float low, float high, float x)
{
    const float t = sane_01((x - low) / (high - low), 0.0f);
    return t * t * (3.0f - 2.0f * t);
}

float ob_volume_gain(float volume_01)
{
    const float v = sane_01(volume_01, 0.0f) / 0.6f;
    return v * v;
}

void ob_cue_maker_init(struct ob_cue_maker *maker, double sample_rate_hz)
{
    *maker = (struct ob_cue_maker){.tick_s = (float)(OB_SYNTH_TICK / sample_rate_hz)};
    maker->fall = (struct ob_lag2){1.0f, 1.0f};
}

OB_RT struct ob_cue ob_cue_make(struct ob_cue_maker *maker, const struct ob_synth_input *input, int64_t heard_ns)
{
    struct ob_pacer_state pacer = ob_pacer_at(&input->pacer, heard_ns);
    const float stage_01 = sane_01((float)pacer.stage_01, 0.0f);
    const float volume = sane_01((float)pacer.volume_01, 0.0f);
    const float guidance = sane_01(input->params.guidance_01, 0.0f);
    const float tail = sane_01(input->params.tail_01, 0.0f);
    const float feedback = sane_01(input->params.feedback_01, 0.5f);

    float inhale = 0.0f;
    float exhale = 0.0f;
    float fall = 1.0f;
    switch (pacer.stage) {
    case OB_INHALE:
        inhale = 1.0f;
        fall = 1.0f - smooth(0.4f, 1.0f, stage_01); /* back to the top while the next exhale is still silent */
        break;
    case OB_HOLD_FULL:
        inhale = 0.5f;
        fall = 0.0f;
        break;
    case OB_EXHALE:
        exhale = (1.0f - 0.42f * stage_01) * (1.0f - 0.48f * smooth(0.70f, 1.0f, stage_01));
        fall = stage_01;
        break;
    case OB_HOLD_EMPTY:
        break;
    }

    const float dt = maker->tick_s;
    const float quick = ob_lag_share(dt, 0.5f * (float)OB_CUE_DELAY_S);
    const float onset = ob_lag_share(dt, 0.14f);
    /* The release is the tail: an exhale in which the heart slowed more rings on for longer,
     * in proportion to the breath, so that it never drowns the inhale. */
    const float breath_s = pacer.rate_brpm > 4.0 ? (float)(60.0 / pacer.rate_brpm) : 15.0f;
    const float release = ob_lag_share(dt, 0.22f + 0.17f * breath_s * tail);
    const float slow = ob_lag_share(dt, 0.5f);

    struct ob_cue cue;
    cue.guidance_01 = ob_lag2(&maker->guidance, guidance, slow);
    cue.full_01 = ob_lag2(&maker->full, guidance * volume + (1.0f - guidance) * 0.3f, quick);
    cue.inhale_01 = ob_lag2(&maker->inhale, guidance * inhale, onset);
    const float breath_out = guidance * exhale;
    const float swell = ob_lag_share(dt, 0.28f);
    maker->exhale.first += (breath_out > maker->exhale.first ? swell : release) * (breath_out - maker->exhale.first);
    maker->exhale.second += onset * (maker->exhale.first - maker->exhale.second);
    cue.exhale_01 = maker->exhale.second;
    cue.fall_01 = ob_lag2(&maker->fall, fall, onset);
    cue.open_01 = ob_lag2(&maker->open, 2.0f * (feedback < 0.5f ? 0.0f : feedback - 0.5f), slow);
    cue.reward_01 = ob_lag2(&maker->reward, sane_01(input->params.exhale_01, 0.0f), ob_lag_share(dt, 0.25f));
    cue.tail_01 = ob_lag2(&maker->tail, tail, ob_lag_share(dt, 0.25f));
    cue.bloom_01 = ob_lag2(&maker->bloom, sane_01(input->params.bloom_01, 0.0f), ob_lag_share(dt, 1.0f));
    const float presence = sane_01(input->params.presence_01, 0.0f);
    const float volume_gain = ob_volume_gain(input->volume_01);
    cue.gain = ob_lag2(&maker->gain, presence * presence * volume_gain, ob_lag_share(dt, 0.08f));
    cue.volume_gain = ob_lag2(&maker->volume, volume_gain, ob_lag_share(dt, 0.08f));
    return cue;
}
