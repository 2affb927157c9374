/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synth/synth.h"

#include "base/maths.h"
#include "base/rt.h"
#include "base/time.h"
#include "synth/blend.h"
#include "synth/gong.h"
#include "synth/limiter.h"
#include "synth/reverb.h"
#include "synth/spoken.h"

#include <math.h>
#include <stdlib.h>

#define CUE_LEAD_S  0.15 /* sound leads the pacer: people answer a cue late (100-200 ms is the usual range) */
#define PROBE_HZ    2000.0
#define PROBE_S     0.012
#define PROBE_LEVEL 0.5f /* fixed: a probe must be found whatever else sounds */

struct ob_synth {
    double sample_rate_hz;
    struct ob_blend blend;
    struct ob_cue_maker cues;
    struct ob_gong gong;
    uint32_t gong_count;
    float ease_01, ease_step;
    struct ob_reverb reverb;
    struct ob_spoken spoken;
    struct ob_limiter limiter;
    float gain; /* of the last tick's end */
    /* the tick under way */
    float left[OB_SYNTH_TICK];
    float right[OB_SYNTH_TICK];
    uint32_t used; /* frames of it that have left */
    /* probe click: a decaying cosine by rotation */
    uint32_t probe_count;
    uint32_t probe_left;
    float probe_share, probe_decay;
    float probe_cos, probe_sin, turn_cos, turn_sin;
};

struct ob_synth *ob_synth_create(const struct ob_synth_desc *desc)
{
    const double rate = desc->sample_rate_hz == 0.0 ? 48000.0 : desc->sample_rate_hz;
    if (!(rate >= 8000.0 && rate <= 192000.0))
        return NULL;
    struct ob_synth *synth = calloc(1, sizeof *synth);
    if (!synth)
        return NULL;
    synth->sample_rate_hz = rate;
    if (!ob_blend_init(&synth->blend, rate, desc->seed, desc->loops, desc->loop_count) ||
        !ob_reverb_init(&synth->reverb, rate)) {
        ob_synth_destroy(synth);
        return NULL;
    }
    synth->ease_01 = desc->ease_in_s > 0.0 ? 0.0f : 1.0f;
    synth->ease_step = desc->ease_in_s > 0.0 ? (float)(OB_SYNTH_TICK / (desc->ease_in_s * rate)) : 0.0f;
    ob_gong_start(&synth->gong, desc->seed, rate);
    ob_cue_maker_init(&synth->cues, rate);
    ob_spoken_init(&synth->spoken, rate);
    ob_limiter_init(&synth->limiter, rate);
    synth->used = OB_SYNTH_TICK;
    synth->turn_cos = (float)cos(OB_TAU * PROBE_HZ / rate);
    synth->turn_sin = (float)sin(OB_TAU * PROBE_HZ / rate);
    synth->probe_decay = (float)exp(-5.0 / (PROBE_S * rate));
    return synth;
}

void ob_synth_destroy(struct ob_synth *synth)
{
    if (!synth)
        return;
    ob_reverb_finish(&synth->reverb);
    ob_blend_finish(&synth->blend);
    free(synth);
}

OB_RT static float ease_in(struct ob_synth *synth, const struct ob_synth_input *input)
{
    if (synth->gain < 1e-5f && synth->ease_step > 0.0f && !(input->params.presence_01 > 0.0f))
        synth->ease_01 = 0.0f; /* nobody sits: the next session comes in gently as well */
    synth->ease_01 = fminf(synth->ease_01 + synth->ease_step, 1.0f);
    return synth->ease_01 * synth->ease_01 * (3.0f - 2.0f * synth->ease_01);
}

OB_RT static void make_tick(struct ob_synth *synth, const struct ob_synth_input *input, int64_t heard_ns,
                            double ns_per_frame)
{
    const double lead_ns = (CUE_LEAD_S + OB_CUE_DELAY_S) * 1e9 + OB_LIMITER_DELAY * ns_per_frame;
    const struct ob_cue cue = ob_cue_make(&synth->cues, input, heard_ns + (int64_t)lead_ns);
    struct ob_buses buses = {0};
    ob_blend_tick(&synth->blend, input->soundscape, &cue, &buses);
    ob_reverb_tick(&synth->reverb, &buses);
    const float gain_after = cue.gain * ease_in(synth, input);
    const float step = (gain_after - synth->gain) * (1.0f / OB_SYNTH_TICK);
    for (int i = 0; i < OB_SYNTH_TICK; i++) {
        const float gain = synth->gain + step * (float)(i + 1);
        synth->left[i] = gain * buses.left[i];
        synth->right[i] = gain * buses.right[i];
    }
    synth->gain = gain_after;
    if (input->gong_count > synth->gong_count)
        ob_gong_strike(&synth->gong);
    synth->gong_count = input->gong_count;
    ob_gong_tick(&synth->gong, cue.volume_gain, synth->left, synth->right);
    ob_spoken_tick(&synth->spoken, input->spoken, input->voice_01,
                   heard_ns + (int64_t)(OB_LIMITER_DELAY * ns_per_frame), ns_per_frame, synth->left, synth->right);
    ob_limiter_tick(&synth->limiter, synth->left, synth->right);
    synth->used = 0;
}

/* Laid over what the limiter has passed as a crossfade, so that the sum stays below its ceiling too. */
OB_RT static void add_probe(struct ob_synth *synth, float *out, uint32_t frames)
{
    for (uint32_t i = 0; i < frames && synth->probe_left > 0; i++, synth->probe_left--) {
        const float click = PROBE_LEVEL * synth->probe_share * synth->probe_cos;
        const float rest = 1.0f - synth->probe_share;
        out[2 * i] = out[2 * i] * rest + click;
        out[2 * i + 1] = out[2 * i + 1] * rest + click;
        const float turned = synth->probe_cos * synth->turn_cos - synth->probe_sin * synth->turn_sin;
        synth->probe_sin = synth->probe_cos * synth->turn_sin + synth->probe_sin * synth->turn_cos;
        synth->probe_cos = turned;
        synth->probe_share *= synth->probe_decay;
    }
}

OB_RT static void render(struct ob_synth *synth, const struct ob_synth_input *input, int64_t heard_ns,
                         double ns_per_frame, float *out, uint32_t frames)
{
    uint32_t done = 0;
    while (done < frames) {
        if (synth->used == OB_SYNTH_TICK)
            make_tick(synth, input, heard_ns + (int64_t)(done * ns_per_frame), ns_per_frame);
        uint32_t count = OB_SYNTH_TICK - synth->used;
        if (count > frames - done)
            count = frames - done;
        for (uint32_t i = 0; i < count; i++) {
            out[2 * (done + i)] = synth->left[synth->used + i];
            out[2 * (done + i) + 1] = synth->right[synth->used + i];
        }
        synth->used += count;
        done += count;
    }
    if (input->probe_count > synth->probe_count) {
        synth->probe_left = (uint32_t)(PROBE_S * synth->sample_rate_hz);
        synth->probe_share = 1.0f;
        synth->probe_cos = 1.0f;
        synth->probe_sin = 0.0f;
    }
    synth->probe_count = input->probe_count;
    add_probe(synth, out, frames);
}

OB_RT void ob_synth_render(struct ob_synth *synth, const struct ob_synth_input *input, int64_t heard_ns,
                           double ns_per_frame, float *interleaved_out, uint32_t frames)
{
    const uint64_t before = ob_rt_denormals_off();
    const double nominal_ns = 1e9 / synth->sample_rate_hz;
    if (!(ns_per_frame > 0.5 * nominal_ns && ns_per_frame < 2.0 * nominal_ns))
        ns_per_frame = nominal_ns;
    render(synth, input, heard_ns, ns_per_frame, interleaved_out, frames);
    ob_rt_denormals_restore(before);
}
