/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synth/gong.h"

#include "base/rt.h"

#include <math.h>

#define PUSH_S 0.16 /* a felt mallet: the tone is there within a third of a second */
#define RING_S 60.0 /* longer than anything of it can be heard */

/* A fifth on D: D3 and A3, whose modes stay 15 Hz and more apart. */
static const struct ob_bowl_plan plan[OB_GONG_BOWLS] = {
    {146.667f, 0.085f, -0.3f, 0.13f, 5.5f, 0.42f},
    {220.000f, 0.055f, 0.4f, 0.19f, 4.5f, 0.35f},
};

void ob_gong_start(struct ob_gong *gong, uint64_t seed, double sample_rate_hz)
{
    const float one = 1.0f;
    ob_wave_fill(&gong->sine, &one, 1);
    for (uint32_t b = 0; b < OB_GONG_BOWLS; b++)
        ob_bowl_start(&gong->bowl[b], &plan[b], &gong->sine, (uint32_t)seed + 977u * b, sample_rate_hz);
    gong->tick_s = (float)(OB_SYNTH_TICK / sample_rate_hz);
    gong->keep = (float)exp(-(double)gong->tick_s / PUSH_S);
}

OB_RT void ob_gong_strike(struct ob_gong *gong)
{
    gong->strike_01 = 1.0f;
    gong->ringing_s = (float)RING_S;
}

OB_RT void ob_gong_tick(struct ob_gong *gong, float gain, float *left, float *right)
{
    const float before = gong->gain;
    gong->gain = gain;
    if (gong->ringing_s <= 0.0f)
        return;
    gong->ringing_s -= gong->tick_s;
    float ring_left[OB_SYNTH_TICK] = {0};
    float ring_right[OB_SYNTH_TICK] = {0};
    for (int b = 0; b < OB_GONG_BOWLS; b++)
        ob_bowl_tick(&gong->bowl[b], 12.0f * gong->strike_01, 0.8f, 0.0f, ring_left, ring_right);
    gong->strike_01 *= gong->keep;
    ob_add_ramp(left, ring_left, before, gain);
    ob_add_ramp(right, ring_right, before, gain);
}
