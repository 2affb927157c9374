/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bowl that closes a session: struck once with a soft mallet, it rings for a quarter of a minute. It stands outside
 * of soundscape, room and presence: it is heard while they fade. Pure; OB_RT for strike and tick. */
#ifndef OB_SYNTH_GONG_H
#define OB_SYNTH_GONG_H

#include "synth/bowl.h"

#define OB_GONG_BOWLS 2

struct ob_gong {
    struct ob_wave sine;
    struct ob_bowl bowl[OB_GONG_BOWLS];
    float strike_01; /* what is left of the mallet's push */
    float gain;      /* of the last tick's end */
    float keep;      /* of the push, a tick */
    float ringing_s; /* how long there is still something to be heard */
    float tick_s;
};

void ob_gong_start(struct ob_gong *gong, uint64_t seed, double sample_rate_hz);

void ob_gong_strike(struct ob_gong *gong);

/* Adds one tick to what is heard; gain: the person's volume, which ramps. Costs nothing while it is still. */
void ob_gong_tick(struct ob_gong *gong, float gain, float *left, float *right);

#endif
