/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A synth on a stage: plays a session block by block into memory, and the ears with which tests listen to it. */
#ifndef OB_TESTS_SYNTH_STAGE_H
#define OB_TESTS_SYNTH_STAGE_H

#include "ear.h"
#include "synth/synth.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RATE  48000
#define BLOCK 512

struct stage {
    struct ob_synth *synth;
    struct ob_synth_input input;
    int64_t now_ns;
};

/* Sets the input for the block that is heard at now_ns; may be NULL. */
typedef void stage_fn(struct ob_synth_input *input, double now_s);

static inline void stage_pace(struct ob_synth_input *input, double rate_brpm)
{
    input->pacer = (struct ob_pacer_segment){.rate_brpm = rate_brpm};
    input->pacer.shape = ob_breath_shape_make(0.4, rate_brpm, 0.0, 0.0);
    input->pacer.next = input->pacer.shape;
}

/* loop: the one place of a person's own; outlives the stage; NULL: none. */
static inline void stage_init_sound(struct stage *stage, double rate_brpm, uint32_t sound, const struct ob_loop *loop)
{
    *stage = (struct stage){0};
    const struct ob_synth_desc desc = {.sample_rate_hz = RATE, .seed = 5, .loops = loop, .loop_count = loop ? 1 : 0};
    stage->synth = ob_synth_create(&desc);
    stage->input.soundscape = sound;
    stage->input.volume_01 = 0.6f;
    stage->input.params = (struct ob_params){.presence_01 = 1.0f, .guidance_01 = 1.0f, .feedback_01 = 0.5f};
    stage_pace(&stage->input, rate_brpm);
}

static inline void stage_init(struct stage *stage, double rate_brpm)
{
    stage_init_sound(stage, rate_brpm, OB_SOUNDSCAPE_SHORE, NULL);
}

static inline void stage_finish(struct stage *stage)
{
    ob_synth_destroy(stage->synth);
}

/* Whole blocks until seconds are over. Returns interleaved stereo (freed by the caller). */
static inline float *stage_play(struct stage *stage, double seconds, stage_fn *fn, size_t *frames_out)
{
    const size_t blocks = (size_t)ceil(seconds * RATE / BLOCK);
    float *out = malloc(blocks * BLOCK * 2 * sizeof *out);
    for (size_t b = 0; b < blocks; b++) {
        if (fn)
            fn(&stage->input, (double)stage->now_ns * 1e-9);
        ob_synth_render(stage->synth, &stage->input, stage->now_ns, 1e9 / RATE, out + b * BLOCK * 2, BLOCK);
        stage->now_ns += (int64_t)(BLOCK * 1e9 / RATE);
    }
    *frames_out = blocks * BLOCK;
    return out;
}

/* Power of the mid signal between two edges (0: no edge), in windows of `window` frames. Freed by the caller. */
static inline double *ear_band(const float *sound, size_t frames, double low_hz, double high_hz, size_t window)
{
    struct ear low[2] = {ear_make(low_hz > 0 ? low_hz : 10, 0.54, RATE, 1),
                         ear_make(low_hz > 0 ? low_hz : 10, 1.31, RATE, 1)};
    struct ear high[2] = {ear_make(high_hz > 0 ? high_hz : 20000, 0.54, RATE, 0),
                          ear_make(high_hz > 0 ? high_hz : 20000, 1.31, RATE, 0)};
    double *power = calloc(frames / window + 1, sizeof *power);
    for (size_t i = 0; i < frames / window * window; i++) {
        double x = 0.5 * ((double)sound[2 * i] + (double)sound[2 * i + 1]);
        for (int k = 0; k < 2; k++) {
            if (low_hz > 0)
                x = ear_hear(&low[k], x);
            if (high_hz > 0)
                x = ear_hear(&high[k], x);
        }
        power[i / window] += x * x / (double)window;
    }
    return power;
}

static inline double db(double power)
{
    return 10.0 * log10(power + 1e-20);
}

/* Power under the weighting of ITU-R BS.1770-5 (coefficients for 48 kHz), both channels, each tenth of a second. */
static inline double *ear_weighted(const float *sound, size_t frames, size_t *count_out)
{
    struct ear shelf[2], cut[2];
    for (int c = 0; c < 2; c++) {
        shelf[c] = (struct ear){.b0 = 1.53512485958697,
                                .b1 = -2.69169618940638,
                                .b2 = 1.19839281085285,
                                .a1 = -1.69065929318241,
                                .a2 = 0.73248077421585};
        cut[c] = (struct ear){.b0 = 1, .b1 = -2, .b2 = 1, .a1 = -1.99004745483398, .a2 = 0.99007225036621};
    }
    const size_t hop = RATE / 10, hops = frames / hop;
    double *power = calloc(hops + 1, sizeof *power);
    for (size_t i = 0; i < hops * hop; i++)
        for (int c = 0; c < 2; c++) {
            const double y = ear_hear(&cut[c], ear_hear(&shelf[c], (double)sound[2 * i + (size_t)c]));
            power[i / hop] += y * y / (double)hop;
        }
    *count_out = hops;
    return power;
}

/* Loudest minus softest twentieth of the breath in momentary loudness (400 ms), averaged over breaths after skip_s. */
static inline double breath_modulation_db(const float *sound, size_t frames, double period_s, double skip_s)
{
    size_t hops;
    double *power = ear_weighted(sound, frames, &hops);
    double sum[20] = {0}, n[20] = {0};
    for (size_t i = (size_t)(skip_s * 10.0); i + 4 <= hops; i++) {
        const double t = ((double)i * 0.1 + 0.2) / period_s;
        const int bin = (int)((t - floor(t)) * 20.0);
        sum[bin] += (power[i] + power[i + 1] + power[i + 2] + power[i + 3]) / 4.0;
        n[bin]++;
    }
    double low = 1e9, high = -1e9;
    for (int b = 0; b < 20; b++) {
        low = fmin(low, db(sum[b] / n[b]));
        high = fmax(high, db(sum[b] / n[b]));
    }
    free(power);
    return high - low;
}

#define LINES 100 /* 300 to 1488 Hz, 12 Hz apart */

/* The fine spectrum of the mid signal, 300-1500 Hz, in stretches of 0.2 s each 50 ms, as LINES powers a stretch; the
 * stretch i is centred on (i + 2) * 50 ms. Freed by the caller. */
static inline double *ear_lines(const float *sound, size_t frames, size_t *count_out)
{
    enum { DOWN = 12, STRETCH = RATE / DOWN / 5, HOP = STRETCH / 4 };
    struct ear low[2] = {ear_make(1700, 0.54, RATE, 0), ear_make(1700, 1.31, RATE, 0)};
    const size_t thin = frames / DOWN;
    double *x = malloc(thin * sizeof *x);
    for (size_t i = 0; i < thin * DOWN; i++) {
        const double y = ear_hear(&low[1], ear_hear(&low[0], 0.5 * ((double)sound[2 * i] + (double)sound[2 * i + 1])));
        x[i / DOWN] = y;
    }
    const size_t count = (thin - STRETCH) / HOP;
    double *power = calloc(count * LINES, sizeof *power);
    double window[STRETCH], seen[STRETCH], turn[LINES];
    for (size_t k = 0; k < STRETCH; k++)
        window[k] = 0.5 - 0.5 * cos(2.0 * 3.14159265358979 * (double)k / STRETCH);
    for (size_t l = 0; l < LINES; l++)
        turn[l] = 2.0 * cos(2.0 * 3.14159265358979 * (300.0 + 12.0 * (double)l) * DOWN / RATE);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < STRETCH; k++)
            seen[k] = window[k] * x[i * HOP + k];
        for (size_t l = 0; l < LINES; l += 4) { /* four side by side: each waits on its own past */
            double a[4] = {0}, b[4] = {0};
            for (size_t k = 0; k < STRETCH; k++)
                for (size_t n = 0; n < 4; n++) {
                    const double c = seen[k] + turn[l + n] * a[n] - b[n];
                    b[n] = a[n];
                    a[n] = c;
                }
            for (size_t n = 0; n < 4; n++)
                power[i * LINES + l + n] = (a[n] * a[n] + b[n] * b[n] - turn[l + n] * a[n] * b[n]) / STRETCH / STRETCH;
        }
    }
    free(x);
    *count_out = count;
    return power;
}

/* Steps of a power from a tenth to nine tenths of its highest amplitude. */
static inline size_t ear_rise(const double *power, size_t count)
{
    double top = 0.0;
    for (size_t i = 0; i < count; i++)
        top = fmax(top, sqrt(power[i]));
    size_t tenth = 0, most = 0;
    while (sqrt(power[tenth]) < 0.1 * top)
        tenth++;
    while (sqrt(power[most]) < 0.9 * top)
        most++;
    return most - tenth;
}

#endif
