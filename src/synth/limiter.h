/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last thing before the samples leave: a look-ahead limiter for true peaks (ITU-R BS.1770-5, annex 2).
 *
 * Peaks between the samples are found by fourfold interpolation, and only where the samples are loud enough that one
 * could be above the ceiling. Its gain falls in straight lines over two ticks before a peak and recovers with a lag of
 * 0.3 s. Delays by OB_LIMITER_DELAY frames. Below the ceiling it changes nothing. */
#ifndef OB_SYNTH_LIMITER_H
#define OB_SYNTH_LIMITER_H

#include "synth/cue.h"

#define OB_LIMITER_DELAY   (3 * OB_SYNTH_TICK)
#define OB_LIMITER_CEILING 0.871f /* -1.2 dB: 0.2 dB for what the moving gain may add */
#define OB_LIMITER_TAPS    24
#define OB_LIMITER_PHASES  3 /* a quarter, half and three quarters of a frame */

struct ob_limiter {
    /* immutable after init */
    float taps[OB_LIMITER_PHASES][OB_LIMITER_TAPS];
    float safe_peak; /* samples below it cannot have a true peak above the ceiling */
    float release;
    /* state */
    float waiting[2][OB_LIMITER_DELAY]; /* the last three ticks, oldest first */
    float history[2][OB_LIMITER_TAPS];  /* what came before the newest tick */
    float need[5];                      /* gain that a tick needs, newest last: the one now leaving is the second */
    float wanted[2];                    /* windowed minima at the start of the leaving tick and of the one before */
    float gain;                         /* at the start of the leaving tick */
};

void ob_limiter_init(struct ob_limiter *limiter, double sample_rate_hz);

/* One tick in, the tick of OB_LIMITER_DELAY frames ago out, in place. OB_RT. */
void ob_limiter_tick(struct ob_limiter *limiter, float *left, float *right);

#endif
