/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bowls: singing bowls that a hand rubs while the lungs fill, and one struck softly as the breath goes out.
 *
 * The inhale walks up a fourth over three bowls, A B D: each is rubbed while the lungs are about as full as it is high,
 * and rings on by itself; its upper modes come with fullness. The exhale is a large bowl, struck with felt (D or A in
 * turn), whose high modes fade before its low one, and a breath of air over the rims that sinks from 850 to 380 Hz.
 * Feedback brightens the metal and widens the room; reward rubs two small bowls, an octave and more above, in that same
 * exhale; the tail lets metal and air last; bloom is three tiny bowls of crystal. Left alone, two bowls hum in turn. */
#include "base/rt.h"
#include "base/words.h"
#include "synth/bowl.h"
#include "synth/soundscape.h"

#include <math.h>

enum { HUM = 0, RUB = 2, STRUCK = 5, GLOW = 7, BLOOM = 9, BOWLS = 12 };

static const struct ob_bowl_plan plan[BOWLS] = {
    [HUM + 0] = {146.667f, 0.068f, -0.25f, 0.11f, 4.0f, 0.22f},
    [HUM + 1] = {220.000f, 0.050f, 0.35f, 0.14f, 4.0f, 0.18f},
    [RUB + 0] = {220.000f, 0.108f, -0.45f, 0.17f, 1.5f, 0.24f},
    [RUB + 1] = {247.500f, 0.072f, 0.10f, 0.21f, 1.6f, 0.24f},
    [RUB + 2] = {293.333f, 0.052f, 0.45f, 0.15f, 2.2f, 0.24f},
    [STRUCK + 0] = {146.667f, 0.060f, 0.20f, 0.13f, 3.0f, 0.50f},
    [STRUCK + 1] = {110.000f, 0.064f, -0.20f, 0.16f, 3.0f, 0.56f},
    [GLOW + 0] = {440.000f, 0.025f, -0.60f, 0.19f, 2.0f, 0.14f},
    [GLOW + 1] = {660.000f, 0.017f, 0.60f, 0.23f, 2.0f, 0.10f},
    [BLOOM + 0] = {880.000f, 0.026f, -0.40f, 0.12f, 5.0f, 0.06f},
    [BLOOM + 1] = {1173.333f, 0.022f, 0.65f, 0.17f, 5.0f, 0.05f},
    [BLOOM + 2] = {1760.000f, 0.016f, -0.70f, 0.21f, 5.0f, 0.04f},
};

struct bowls {
    float rate_hz;
    struct ob_wave sine;
    struct ob_bowl bowl[BOWLS];
    struct ob_drift hand, tide, hum;
    struct ob_filter top, air;
    uint32_t random[2];
    float felt;       /* exhale_01, a while ago: what is above it is a strike */
    float felt_share; /* a tick */
    int struck;       /* which of the large ones the next strike meets */
    bool armed;
    float air_gain, air_send; /* where the last tick ended */
};

static void start(void *state, double sample_rate_hz, uint64_t seed)
{
    struct bowls *bowls = state;
    const uint32_t base = (uint32_t)(seed ^ (seed >> 32));
    const float one = 1.0f;
    bowls->rate_hz = (float)sample_rate_hz;
    bowls->felt_share = (float)(1.0 - exp(-OB_SYNTH_TICK / (sample_rate_hz * 0.30)));
    ob_wave_fill(&bowls->sine, &one, 1);
    for (uint32_t b = 0; b < BOWLS; b++)
        ob_bowl_start(&bowls->bowl[b], &plan[b], &bowls->sine, base + 211u * b, sample_rate_hz);
    ob_drift_init(&bowls->hand, base + 3, 4.3, sample_rate_hz);
    ob_drift_init(&bowls->tide, base + 4, 5.7, sample_rate_hz);
    ob_drift_init(&bowls->hum, base + 5, 13.0, sample_rate_hz);
    bowls->random[0] = base * 2654435769u + 3u;
    bowls->random[1] = base * 1597334677u + 11u;
}

/* 1 at the bowl's own height, 0 from the next one's on. */
static float near(float full_01, float height_01, float reach_01)
{
    const float x = (full_01 - height_01) / reach_01;
    const float t = x < 0.0f ? 1.0f + x : 1.0f - x;
    return t <= 0.0f ? 0.0f : t * t * (3.0f - 2.0f * t);
}

static void metal(struct bowls *bowls, const struct ob_cue *cue, float strike, struct ob_buses *buses)
{
    float left[OB_SYNTH_TICK] = {0};
    float right[OB_SYNTH_TICK] = {0};
    struct ob_bowl *bowl = bowls->bowl;
    const float bright = 0.35f + 0.35f * cue->full_01 + 0.30f * cue->open_01;
    const float hand = cue->inhale_01 * (2.4f + 0.5f * ob_drift_next(&bowls->hand));
    const float hum = 0.5f + 0.35f * ob_drift_next(&bowls->hum);
    ob_bowl_tick(&bowl[HUM + 0], 0.25f + 0.25f * hum, 0.5f + 0.5f * cue->open_01, 0.0f, left, right);
    ob_bowl_tick(&bowl[HUM + 1], 0.50f - 0.25f * hum, 0.5f + 0.5f * cue->open_01, 0.0f, left, right);
    ob_bowl_tick(&bowl[RUB + 0], hand * near(cue->full_01, 0.0f, 0.55f), bright, 0.0f, left, right);
    ob_bowl_tick(&bowl[RUB + 1], hand * near(cue->full_01, 0.5f, 0.45f), bright, 0.0f, left, right);
    ob_bowl_tick(&bowl[RUB + 2], hand * near(cue->full_01, 1.0f, 0.50f), bright, cue->tail_01, left, right);
    for (int b = 0; b < 2; b++)
        ob_bowl_tick(&bowl[STRUCK + b], b == bowls->struck ? (1.0f - 0.35f * cue->tail_01) * strike : 0.0f,
                     0.75f + 0.25f * cue->open_01, cue->tail_01, left, right);
    /* What lasts longer and is brighter need not be louder. */
    const float dry = 1.0f - 0.10f * cue->open_01;
    ob_add_ramp(buses->left, left, dry, dry);
    ob_add_ramp(buses->right, right, dry, dry);
    const float send = 0.20f + 0.15f * cue->open_01;
    ob_add_ramp(buses->send_left, left, send, send);
    ob_add_ramp(buses->send_right, right, send, send);
}

static void lights(struct bowls *bowls, const struct ob_cue *cue, struct ob_buses *buses)
{
    float left[OB_SYNTH_TICK] = {0};
    float right[OB_SYNTH_TICK] = {0};
    for (int b = GLOW; b < BLOOM; b++)
        ob_bowl_tick(&bowls->bowl[b], 1.6f * cue->reward_01 * cue->exhale_01, 0.7f, cue->tail_01, left, right);
    for (int b = BLOOM; b < BOWLS; b++)
        ob_bowl_tick(&bowls->bowl[b], 0.8f * sqrtf(cue->bloom_01), 0.6f, 0.0f, left, right);
    for (int i = 0; i < OB_SYNTH_TICK; i++) {
        buses->left[i] += 0.6f * left[i];
        buses->right[i] += 0.6f * right[i];
        buses->send_left[i] += 0.45f * left[i];
        buses->send_right[i] += 0.45f * right[i];
    }
}

static void breath(struct bowls *bowls, const struct ob_cue *cue, struct ob_buses *buses)
{
    float left[OB_SYNTH_TICK];
    float right[OB_SYNTH_TICK];
    ob_noise_tick(&bowls->random[0], left);
    ob_noise_tick(&bowls->random[1], right);
    for (int i = 0; i < OB_SYNTH_TICK; i++) {
        const float middle = 0.72f * (left[i] + right[i]);
        const float side = 0.40f * (left[i] - right[i]);
        left[i] = 0.7f * (middle + side);
        right[i] = 0.7f * (middle - side);
    }
    const float tide = ob_drift_next(&bowls->tide);
    const float hz = 850.0f * ob_exp2(-1.15f * cue->fall_01 + 0.10f * tide);
    ob_filter_tick(&bowls->top, OB_FILTER_LOW, 2.0f * hz / bowls->rate_hz, 1.5f, left, right);
    ob_filter_tick(&bowls->air, OB_FILTER_BAND, hz / bowls->rate_hz, 0.9f, left, right);
    const float gain = (0.006f + 0.17f * cue->exhale_01 * (1.0f + 0.6f * cue->fall_01)) * (1.0f + 0.12f * tide);
    const float send = gain * (0.15f + 0.25f * cue->tail_01);
    ob_add_ramp(buses->left, left, bowls->air_gain, gain);
    ob_add_ramp(buses->right, right, bowls->air_gain, gain);
    ob_add_ramp(buses->send_left, left, bowls->air_send, send);
    ob_add_ramp(buses->send_right, right, bowls->air_send, send);
    bowls->air_gain = gain;
    bowls->air_send = send;
}

/* How hard the mallet pushes: while an exhale still swells. Each breath in makes ready the other of the two. */
static float strike(struct bowls *bowls, const struct ob_cue *cue)
{
    bowls->felt += bowls->felt_share * (cue->exhale_01 - bowls->felt);
    const float push = cue->exhale_01 - bowls->felt;
    if (cue->inhale_01 > 0.6f && bowls->armed) {
        bowls->struck = 1 - bowls->struck;
        bowls->armed = false;
    } else if (cue->exhale_01 > 0.5f) {
        bowls->armed = true;
    }
    return push > 0.0f ? 7.0f * push : 0.0f;
}

OB_RT static void tick(void *state, const struct ob_cue *cue, struct ob_buses *buses)
{
    struct bowls *bowls = state;
    metal(bowls, cue, strike(bowls, cue), buses);
    lights(bowls, cue, buses);
    breath(bowls, cue, buses);
    buses->space_01 = 0.35f + 0.35f * cue->open_01 + 0.20f * cue->tail_01 * cue->exhale_01 + 0.10f * cue->bloom_01;
}

const struct ob_soundscape ob_soundscape_bowls = {
    .name = "bowls",
    .title = OB_TR("Singing bowls"),
    .size = sizeof(struct bowls),
    .start = start,
    .tick = tick,
};
