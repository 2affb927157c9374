/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synth/dsp.h"

#include "base/maths.h"
#include "base/rt.h"

#include <math.h>

static uint32_t random_next(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state;
}

static float random_signed(uint32_t *state)
{
    return (float)(int32_t)random_next(state) * (1.0f / 2147483648.0f);
}

void ob_wave_fill(struct ob_wave *wave, const float *harmonics, int count)
{
    double power = 0.0;
    for (int n = 0; n < count; n++)
        power += 0.5 * (double)harmonics[n] * (double)harmonics[n];
    const double scale = power > 0.0 ? 1.0 / sqrt(power) : 0.0;
    for (int i = 0; i <= OB_WAVE_SIZE; i++) {
        double sum = 0.0;
        for (int n = 1; n <= count; n++) {
            const double spread = OB_PI * n * (n - 1) / count;
            sum += (double)harmonics[n - 1] * sin(OB_TAU * n * (i % OB_WAVE_SIZE) / OB_WAVE_SIZE + spread);
        }
        wave->sample[i] = (float)(scale * sum);
    }
}

void ob_drift_init(struct ob_drift *drift, uint32_t seed, double period_s, double sample_rate_hz)
{
    drift->random = seed * 2654435761u + 1u;
    for (int i = 0; i < 4; i++)
        random_next(&drift->random);
    drift->from = random_signed(&drift->random);
    drift->to = random_signed(&drift->random);
    drift->phase_01 = 0.5f + 0.5f * random_signed(&drift->random);
    drift->step_01 = (float)(OB_SYNTH_TICK / (sample_rate_hz * period_s));
}

OB_RT float ob_drift_next(struct ob_drift *drift)
{
    drift->phase_01 += drift->step_01;
    if (drift->phase_01 >= 1.0f) {
        drift->phase_01 -= 1.0f;
        drift->from = drift->to;
        drift->to = random_signed(&drift->random);
    }
    const float t = drift->phase_01;
    return drift->from + (drift->to - drift->from) * t * t * (3.0f - 2.0f * t);
}

#define PHASE_BETWEEN ((1u << (32 - OB_WAVE_BITS)) - 1u)

OB_RT void ob_voice_tick(struct ob_voice *voice, float cycles_per_frame, float gain_left, float gain_right, float *left,
                         float *right)
{
    const uint32_t step = (uint32_t)(int64_t)(cycles_per_frame * 4294967296.0f);
    uint32_t phase = voice->phase;
    voice->phase = phase + step * OB_SYNTH_TICK;
    float gl = voice->gain_left;
    float gr = voice->gain_right;
    voice->gain_left = gain_left;
    voice->gain_right = gain_right;
    const float inaudible = 1e-6f;
    if (gl < inaudible && gr < inaudible && gain_left < inaudible && gain_right < inaudible)
        return;
    float x[OB_SYNTH_TICK];
    const float *wave = voice->wave->sample;
    for (int i = 0; i < OB_SYNTH_TICK; i++) {
        const uint32_t at = phase >> (32 - OB_WAVE_BITS);
        const float between = (float)(int32_t)(phase & PHASE_BETWEEN) * (1.0f / (float)(PHASE_BETWEEN + 1u));
        x[i] = wave[at] + between * (wave[at + 1] - wave[at]);
        phase += step;
    }
    ob_add_ramp(left, x, gl, gain_left);
    ob_add_ramp(right, x, gr, gain_right);
}

OB_RT void ob_add_ramp(float *restrict bus, const float *restrict x, float before, float after)
{
    const float step = (after - before) * (1.0f / OB_SYNTH_TICK);
    for (int i = 0; i < OB_SYNTH_TICK; i++)
        bus[i] += x[i] * (before + step * (float)(i + 1));
}

/* tan(pi x) for x up to 0.4 by a continued fraction; within 1e-3 at the very top, far closer below. */
static float tan_pi(float x)
{
    const float a = (float)OB_PI * x;
    const float a2 = a * a;
    return a * (105.0f - 10.0f * a2) / (105.0f - a2 * (45.0f - a2));
}

/* Both sides in one loop: each waits on its own past, so two run in the time of one. */
static inline void run_filter(struct ob_filter *filter, bool is_low, float g, float damping, float *left, float *right)
{
    const float a1 = 1.0f / (1.0f + g * (g + damping));
    const float a2 = g * a1;
    const float a3 = g * a2;
    float low_l = filter->low[0];
    float low_r = filter->low[1];
    float band_l = filter->band[0];
    float band_r = filter->band[1];
    for (int i = 0; i < OB_SYNTH_TICK; i++) {
        const float in_l = left[i] - low_l;
        const float in_r = right[i] - low_r;
        const float v1_l = a1 * band_l + a2 * in_l;
        const float v1_r = a1 * band_r + a2 * in_r;
        const float v2_l = low_l + (a2 * band_l + a3 * in_l);
        const float v2_r = low_r + (a2 * band_r + a3 * in_r);
        band_l = 2.0f * v1_l - band_l;
        band_r = 2.0f * v1_r - band_r;
        low_l = 2.0f * v2_l - low_l;
        low_r = 2.0f * v2_r - low_r;
        left[i] = is_low ? v2_l : damping * v1_l;
        right[i] = is_low ? v2_r : damping * v1_r;
    }
    filter->low[0] = low_l;
    filter->low[1] = low_r;
    filter->band[0] = band_l;
    filter->band[1] = band_r;
}

OB_RT void ob_filter_tick(struct ob_filter *filter, enum ob_filter_kind kind, float cutoff, float damping, float *left,
                          float *right)
{
    const float g = tan_pi(cutoff < 0.0002f ? 0.0002f : cutoff > 0.4f ? 0.4f : cutoff);
    if (kind == OB_FILTER_LOW)
        run_filter(filter, true, g, damping, left, right);
    else
        run_filter(filter, false, g, damping, left, right);
}

OB_RT void ob_noise_tick(uint32_t *random, float *out)
{
    uint32_t state = *random;
    for (int i = 0; i < OB_SYNTH_TICK; i++) {
        state = state * 1664525u + 1013904223u;
        out[i] = (float)(int32_t)state * (1.7320508f / 2147483648.0f);
    }
    *random = state;
}

OB_RT float ob_exp2(float x)
{
    const float clamped = x < -20.0f ? -20.0f : x > 20.0f ? 20.0f : x;
    int whole = (int)clamped;
    if ((float)whole > clamped)
        whole--;
    const float f = clamped - (float)whole;
    const float series =
        1.0f +
        f * (0.6931472f + f * (0.2402265f + f * (0.0555041f + f * (0.0096181f + f * (0.0013334f + f * 0.0001540f)))));
    return whole < 0 ? series / (float)(1u << -whole) : series * (float)(1u << whole);
}
