/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a soundscape follows: pacer and parameters, made safe to turn straight into sound.
 *
 * One cue is made for each tick of OB_SYNTH_TICK frames. Every number in it is smoothed here, twice over, so that no
 * jump of an input, a seek, a pause or a broken number (NaN counts as neutral) can click in any soundscape. The
 * smoothing delays by OB_CUE_DELAY_S; the synth looks ahead by that much. Pure; OB_RT. */
#ifndef OB_SYNTH_CUE_H
#define OB_SYNTH_CUE_H

#include "synth/synth.h"

#define OB_SYNTH_TICK  64   /* frames between two cues: 1.3 ms at 48 kHz */
#define OB_CUE_DELAY_S 0.10 /* delay of the two lags that every breath cue passes */

struct ob_cue {
    float full_01;     /* how full the lungs are: the pacer's volume, resting at 0.3 without guidance */
    float inhale_01;   /* 1 in an inhale, half in a hold after it; 0 without guidance */
    float exhale_01;   /* swells into an exhale (150 ms and more), ebbs through it; the tail lengthens its release */
    float fall_01;     /* how far the exhale has run out: 0 at its start, 1 at its end and after it */
    float guidance_01; /* 0: a quiet bed without breath */
    float open_01;     /* feedback above neutral: 0 at 0.5, 1 at 1 */
    float reward_01;   /* this exhale's own reward */
    float tail_01;     /* how long its tail is */
    float bloom_01;    /* the exhale moment's slow swell */
    float gain;        /* presence and volume together, linear; 1 at full presence and volume 0.6 */
    float volume_gain; /* volume alone, for what does not go with presence */
};

struct ob_lag2 { /* two equal first-order lags in a row: no corner in the curve it draws */
    float first;
    float second;
};

/* One step of it towards target by a share of the way; returns where it stands. OB_RT. */
float ob_lag2(struct ob_lag2 *lag, float target, float share);

/* The share for a step of dt_s and a time constant of tau_s. OB_RT. */
float ob_lag_share(float dt_s, float tau_s);

struct ob_cue_maker {
    struct ob_lag2 full, inhale, exhale, fall, guidance, open, reward, tail, bloom, gain, volume;
    float tick_s;
};

void ob_cue_maker_init(struct ob_cue_maker *maker, double sample_rate_hz);

/* The cue of the tick that is heard at heard_ns; the caller has already added what sound leads by. */
struct ob_cue ob_cue_make(struct ob_cue_maker *maker, const struct ob_synth_input *input, int64_t heard_ns);

/* The person's volume as a gain: (volume / 0.6) squared, so 0.6 is 0 dB, 1 is +8.9 dB, 0.3 is -12 dB, 0 is silence. */
float ob_volume_gain(float volume_01);

#endif
