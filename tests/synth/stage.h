/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A synth on a stage: plays a session block by block into memory, and the ears with which tests listen to it. */
#ifndef OB_TESTS_SYNTH_STAGE_H
#define OB_TESTS_SYNTH_STAGE_H

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

static inline void stage_init(struct stage *stage, double rate_brpm)
{
    *stage = (struct stage){0};
    const struct ob_synth_desc desc = {.sample_rate_hz = RATE, .seed = 5};
    stage->synth = ob_synth_create(&desc);
    stage->input.volume_01 = 0.6f;
    stage->input.params = (struct ob_params){.presence_01 = 1.0f, .guidance_01 = 1.0f, .feedback_01 = 0.5f};
    stage_pace(&stage->input, rate_brpm);
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

/* A biquad after the Audio EQ Cookbook (R. Bristow-Johnson). */
struct ear {
    double b0, b1, b2, a1, a2, x1, x2, y1, y2;
};

static inline struct ear ear_make(double hz, double q, int high)
{
    const double w = 2.0 * 3.14159265358979 * hz / RATE, alpha = sin(w) / (2.0 * q), c = cos(w);
    const double edge = high ? 1.0 + c : 1.0 - c, a0 = 1.0 + alpha;
    return (struct ear){.b0 = edge / 2 / a0,
                        .b1 = (high ? -edge : edge) / a0,
                        .b2 = edge / 2 / a0,
                        .a1 = -2 * c / a0,
                        .a2 = (1 - alpha) / a0};
}

static inline double ear_hear(struct ear *e, double x)
{
    const double y = e->b0 * x + e->b1 * e->x1 + e->b2 * e->x2 - e->a1 * e->y1 - e->a2 * e->y2;
    e->x2 = e->x1;
    e->x1 = x;
    e->y2 = e->y1;
    e->y1 = y;
    return y;
}

/* Power of the mid signal between two edges (0: no edge), in windows of `window` frames. Freed by the caller. */
static inline double *ear_band(const float *sound, size_t frames, double low_hz, double high_hz, size_t window)
{
    struct ear low[2] = {ear_make(low_hz > 0 ? low_hz : 10, 0.54, 1), ear_make(low_hz > 0 ? low_hz : 10, 1.31, 1)};
    struct ear high[2] = {ear_make(high_hz > 0 ? high_hz : 20000, 0.54, 0),
                          ear_make(high_hz > 0 ? high_hz : 20000, 1.31, 0)};
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

#define LINES 100 /* 300 to 1488 Hz, 12 Hz apart */

/* The fine spectrum of the mid signal, 300-1500 Hz, in stretches of 0.2 s each 50 ms, as LINES powers a stretch; the
 * stretch i is centred on (i + 2) * 50 ms. Freed by the caller. */
static inline double *ear_lines(const float *sound, size_t frames, size_t *count_out)
{
    enum { DOWN = 12, STRETCH = RATE / DOWN / 5, HOP = STRETCH / 4 };
    struct ear low[2] = {ear_make(1700, 0.54, 0), ear_make(1700, 1.31, 0)};
    const size_t thin = frames / DOWN;
    double *x = malloc(thin * sizeof *x);
    for (size_t i = 0; i < thin * DOWN; i++) {
        const double y = ear_hear(&low[1], ear_hear(&low[0], 0.5 * ((double)sound[2 * i] + (double)sound[2 * i + 1])));
        x[i / DOWN] = y;
    }
    const size_t count = (thin - STRETCH) / HOP;
    double *power = calloc(count * LINES, sizeof *power);
    for (size_t i = 0; i < count; i++)
        for (size_t l = 0; l < LINES; l++) {
            const double turn = 2.0 * cos(2.0 * 3.14159265358979 * (300.0 + 12.0 * (double)l) * DOWN / RATE);
            double a = 0.0, b = 0.0;
            for (size_t k = 0; k < STRETCH; k++) {
                const double window = 0.5 - 0.5 * cos(2.0 * 3.14159265358979 * (double)k / STRETCH);
                const double c = window * x[i * HOP + k] + turn * a - b;
                b = a;
                a = c;
            }
            power[i * LINES + l] = (a * a + b * b - turn * a * b) / STRETCH / STRETCH;
        }
    free(x);
    *count_out = count;
    return power;
}

static inline double db(double power)
{
    return 10.0 * log10(power + 1e-20);
}

#endif
