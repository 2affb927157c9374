/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synth/own.h"

#include "base/rt.h"
#include "base/words.h"
#include "synth/dsp.h"

#include <math.h>

struct own {
    const struct ob_loop *loop;
    float rate_hz;
    uint32_t at; /* frame of the loop */
    struct ob_filter bed, air, body, shimmer;
    struct ob_drift tide;
    uint32_t random[2];
    float bed_gain, air_gain, body_gain, body_send; /* where the last tick ended */
    float bed_send, shimmer_gain;
};

static void start(void *state, double sample_rate_hz, uint64_t seed)
{
    struct own *own = state;
    const uint32_t base = (uint32_t)(seed ^ (seed >> 32));
    own->rate_hz = (float)sample_rate_hz;
    ob_drift_init(&own->tide, base + 17, 5.9, sample_rate_hz);
    own->random[0] = base * 2246822519u + 5u;
    own->random[1] = base * 3266489917u + 9u;
}

void ob_own_take(void *state, const struct ob_loop *loop)
{
    struct own *own = state;
    own->loop = loop;
}

/* The next tick of the loop, which has no seam. */
static void read_loop(struct own *own, float *left, float *right)
{
    const struct ob_loop *loop = own->loop;
    const float gain = loop->gain;
    uint32_t at = own->at < loop->frames ? own->at : 0;
    for (int i = 0; i < OB_SYNTH_TICK; i++) {
        left[i] = gain * (float)loop->interleaved[2 * at];
        right[i] = gain * (float)loop->interleaved[2 * at + 1];
        at = at + 1 < loop->frames ? at + 1 : 0;
    }
    own->at = at;
}

static void lay_bed(struct own *own, const struct ob_cue *cue, struct ob_buses *buses)
{
    float left[OB_SYNTH_TICK];
    float right[OB_SYNTH_TICK];
    read_loop(own, left, right);
    /* Left alone it stands half open; a breath moves it. */
    const float breath = cue->full_01 - 0.3f;
    const float hz = 2200.0f * ob_exp2(1.5f * breath + 0.9f * cue->open_01 + 0.9f * cue->bloom_01);
    ob_filter_tick(&own->bed, OB_FILTER_LOW, hz / own->rate_hz, 1.35f, left, right);
    const float gain = 1.10f + 0.25f * breath + 0.22f * cue->bloom_01;
    const float send = gain * (0.04f + 0.12f * cue->open_01 + 0.20f * cue->reward_01 + 0.25f * cue->bloom_01);
    ob_add_ramp(buses->left, left, own->bed_gain, gain);
    ob_add_ramp(buses->right, right, own->bed_gain, gain);
    ob_add_ramp(buses->send_left, left, own->bed_send, send);
    ob_add_ramp(buses->send_right, right, own->bed_send, send);
    own->bed_gain = gain;
    own->bed_send = send;
}

static void breathe(struct own *own, const struct ob_cue *cue, struct ob_buses *buses)
{
    float body_left[OB_SYNTH_TICK];
    float body_right[OB_SYNTH_TICK];
    float air_left[OB_SYNTH_TICK];
    float air_right[OB_SYNTH_TICK];
    ob_noise_tick(&own->random[0], body_left);
    ob_noise_tick(&own->random[1], body_right);
    for (int i = 0; i < OB_SYNTH_TICK; i++) {
        /* The inhale is narrow, in the middle; the exhale wide. */
        air_left[i] = 0.9f * body_left[i] + 0.1f * body_right[i];
        air_right[i] = 0.9f * body_left[i] - 0.1f * body_right[i];
    }
    /* The exhale moment: air so high that little else is there, wide and without a pitch. */
    float high_left[OB_SYNTH_TICK];
    float high_right[OB_SYNTH_TICK];
    for (int i = 0; i < OB_SYNTH_TICK; i++) {
        high_left[i] = body_left[i];
        high_right[i] = body_right[i];
    }
    const float tide = ob_drift_next(&own->tide);
    const float shimmer = 0.045f * sqrtf(cue->bloom_01) * (1.0f + 0.35f * tide);
    ob_filter_tick(&own->shimmer, OB_FILTER_BAND, 4200.0f / own->rate_hz, 0.35f, high_left, high_right);
    ob_add_ramp(buses->left, high_left, own->shimmer_gain, shimmer);
    ob_add_ramp(buses->right, high_right, own->shimmer_gain, shimmer);
    own->shimmer_gain = shimmer;
    const float air_hz = 500.0f * ob_exp2(0.85f * cue->full_01);
    const float body_hz = 860.0f * ob_exp2(-1.35f * cue->fall_01 + 0.10f * tide);
    ob_filter_tick(&own->air, OB_FILTER_BAND, air_hz / own->rate_hz, 0.10f, air_left, air_right);
    ob_filter_tick(&own->body, OB_FILTER_BAND, body_hz / own->rate_hz, 1.1f, body_left, body_right);
    const float air = 0.13f * cue->inhale_01 * (0.5f + 0.5f * cue->full_01);
    const float body =
        0.19f * cue->exhale_01 * (1.0f + 0.5f * cue->fall_01 * (1.0f - 0.7f * cue->tail_01)) * (1.0f + 0.10f * tide);
    const float send = body * (0.10f + 0.20f * cue->tail_01 + 0.25f * cue->reward_01);
    ob_add_ramp(buses->left, air_left, own->air_gain, air);
    ob_add_ramp(buses->right, air_right, own->air_gain, air);
    ob_add_ramp(buses->left, body_left, own->body_gain, body);
    ob_add_ramp(buses->right, body_right, own->body_gain, body);
    ob_add_ramp(buses->send_left, body_left, own->body_send, send);
    ob_add_ramp(buses->send_right, body_right, own->body_send, send);
    own->air_gain = air;
    own->body_gain = body;
    own->body_send = send;
}

OB_RT static void tick(void *state, const struct ob_cue *cue, struct ob_buses *buses)
{
    struct own *own = state;
    if (own->loop->frames > 0)
        lay_bed(own, cue, buses);
    breathe(own, cue, buses);
    buses->space_01 = 0.20f + 0.35f * cue->open_01 + 0.25f * cue->tail_01 * cue->exhale_01 + 0.20f * cue->bloom_01;
}

const struct ob_soundscape ob_soundscape_own = {
    .name = "own",
    .title = OB_TR("Own sound"),
    .size = sizeof(struct own),
    .start = start,
    .tick = tick,
};
