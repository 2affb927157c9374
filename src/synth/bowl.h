/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A singing bowl: a ring of metal whose ways of bending each ring at a pitch of their own.
 *
 * Each way of bending (mode) is a pair of tones a fraction of a hertz apart, since no bowl is quite round: their slow
 * beating is what makes a bowl sing. The ratios of the modes, 1 : 2.67 : 5.05 : 7.86, lie near where bowls were
 * measured (Inacio, Henrique and Antunes 2006, "The dynamics of Tibetan singing bowls", Acta Acustica united with
 * Acustica 92:637: about 1 : 2.8 : 5.2 : 8). The second is drawn to an octave and a pure fourth, so that bowls that are
 * tuned in fourths and fifths ring into each other and none is rough beside another. Beats are between 0.1 and 0.5 a
 * second: below the tempo of any heart.
 *
 * Energy comes in at a rate (a rubbing hand, a soft mallet) and leaves by itself, the high modes sooner: amounts never
 * jump, whatever the rate does. Pure; OB_RT for tick. */
#ifndef OB_SYNTH_BOWL_H
#define OB_SYNTH_BOWL_H

#include "synth/dsp.h"

#define OB_BOWL_MODES 4

struct ob_bowl_plan {
    float hz;
    float level;   /* RMS of both sides together when it rings in full */
    float pan;     /* -1 left to 1 right */
    float beat_hz; /* of its lowest mode */
    float ring_s;  /* in which the lowest mode falls by 8.7 dB */
    float upper;   /* how strong each mode is beside the one below it */
};

struct ob_bowl {
    /* immutable after start */
    float level[OB_BOWL_MODES];
    float cycles[OB_BOWL_MODES][2]; /* a frame */
    float pan[2];
    float keep[OB_BOWL_MODES], keep_long[OB_BOWL_MODES]; /* a tick */
    float tick_s;
    /* state */
    struct ob_voice voice[OB_BOWL_MODES][2];
    float amount[OB_BOWL_MODES]; /* 0-1 */
};

/* sine: outlives the bowl. Not OB_RT. */
void ob_bowl_start(struct ob_bowl *bowl, const struct ob_bowl_plan *plan, const struct ob_wave *sine, uint32_t seed,
                   double sample_rate_hz);

/* Adds one tick to the buses. rate: energy coming in, a share of what is missing each second; bright_01: how much of it
 * reaches the upper modes; long_01: how much longer it rings, up to 1.4 times. */
void ob_bowl_tick(struct ob_bowl *bowl, float rate, float bright_01, float long_01, float *left, float *right);

#endif
