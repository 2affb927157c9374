/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small parts that soundscapes are made of. All OB_RT except what fills a table. Floats only, no libm in the
 * loops: the same samples in every build. */
#ifndef OB_SYNTH_DSP_H
#define OB_SYNTH_DSP_H

#include "synth/cue.h"

#include <stdbool.h>
#include <stdint.h>

#define OB_WAVE_BITS 11
#define OB_WAVE_SIZE (1 << OB_WAVE_BITS)

/* One period of a waveform, with its first sample again at the end for interpolation. */
struct ob_wave {
    float sample[OB_WAVE_SIZE + 1];
};

/* harmonics: amplitudes of partials 1..count; their phases are spread (Schroeder 1970, doi:10.1109/TIT.1970.1054411) so
 * that the crest stays low. The RMS is made 1. Not OB_RT. */
void ob_wave_fill(struct ob_wave *wave, const float *harmonics, int count);

/* A slow random walk without corners: a cubic between random points, -1 to 1, one point each period. */
struct ob_drift {
    uint32_t random;
    float from, to;
    float phase_01, step_01;
};

void ob_drift_init(struct ob_drift *drift, uint32_t seed, double period_s, double sample_rate_hz);
float ob_drift_next(struct ob_drift *drift); /* once a tick */

/* A voice: a waveform at a pitch, panned. */
struct ob_voice {
    const struct ob_wave *wave;
    uint32_t phase;
    float gain_left, gain_right; /* at the end of the last tick */
    struct ob_drift drift;       /* of its pitch */
};

/* Adds one tick to the buses: gain ramps from where the last tick ended. */
void ob_voice_tick(struct ob_voice *voice, float cycles_per_frame, float gain_left, float gain_right, float *left,
                   float *right);

/* Adds x to a bus with a gain that moves in a straight line from before to after within the tick. */
void ob_add_ramp(float *restrict bus, const float *restrict x, float before, float after);

/* Stereo state-variable filter (Zavalishin 2012, The Art of VA Filter Design, chapter 4). It stays stable under any
 * movement of its cutoff. */
struct ob_filter {
    float low[2], band[2];
};

enum ob_filter_kind { OB_FILTER_LOW, OB_FILTER_BAND };

/* Filters one tick in place. cutoff: as a share of the sample rate, clamped to 0.0002-0.4. damping: 1/Q. The band has
 * unit gain at its centre. */
void ob_filter_tick(struct ob_filter *filter, enum ob_filter_kind kind, float cutoff, float damping, float *left,
                    float *right);

/* White noise of RMS 1 (uniform), one tick. */
void ob_noise_tick(uint32_t *random, float *out);

/* 2 to the x for -20..20, within 2e-7 relative: for pitches at control rate. */
float ob_exp2(float x);

#endif
