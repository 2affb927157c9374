/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "synth/loop.h"

#include "base/maths.h"
#include "synth/loudness.h"

#include <math.h>
#include <stdlib.h>

#define CROSSINGS 32
#define PHASES    256  /* of the kernel's table between two samples; what lies between them is interpolated */
#define PASS      0.94 /* of the lower of both half rates */

/* The right half of the kernel, sampled PHASES times for each sample of the input. */
struct kernel {
    float *half; /* owned */
    int reach;   /* samples of the input on each side */
};

static bool kernel_init(struct kernel *kernel, double from_hz, double to_hz)
{
    const double cut = PASS * fmin(1.0, to_hz / from_hz);
    kernel->reach = (int)ceil(CROSSINGS / cut);
    const int count = kernel->reach * PHASES;
    kernel->half = malloc((size_t)(count + 2) * sizeof *kernel->half);
    if (!kernel->half)
        return false;
    for (int i = 0; i <= count + 1; i++) {
        const double x = (double)i / PHASES;
        const double sinc = i == 0 ? 1.0 : sin(OB_PI * cut * x) / (OB_PI * cut * x);
        const double t = (double)i / count;
        /* Blackman's window: what it lets through of the next octave is 74 dB down. */
        const double window = t < 1.0 ? 0.42 + 0.5 * cos(OB_PI * t) + 0.08 * cos(OB_TAU * t) : 0.0;
        kernel->half[i] = (float)(cut * sinc * window);
    }
    return true;
}

static float kernel_at(const struct kernel *kernel, double distance)
{
    const double at = fabs(distance) * PHASES;
    const int i = (int)at;
    if (i >= kernel->reach * PHASES)
        return 0.0f;
    const float between = (float)(at - i);
    return kernel->half[i] + between * (kernel->half[i + 1] - kernel->half[i]);
}

static float *change_rate(const float *stereo, size_t frames, double from_hz, double to_hz, size_t *frames_out)
{
    const size_t count = (size_t)((double)frames * to_hz / from_hz);
    float *out = malloc(2 * count * sizeof *out);
    struct kernel kernel = {0};
    if (!out || !kernel_init(&kernel, from_hz, to_hz)) {
        free(out);
        return NULL;
    }
    for (size_t n = 0; n < count; n++) {
        const double at = (double)n * from_hz / to_hz;
        const int64_t middle = (int64_t)at;
        const int64_t last = (int64_t)frames - 1;
        float left = 0.0f;
        float right = 0.0f;
        const int64_t from = middle - kernel.reach + 1 > 0 ? middle - kernel.reach + 1 : 0;
        const int64_t to = middle + kernel.reach < last ? middle + kernel.reach : last;
        for (int64_t i = from; i <= to; i++) {
            const float weight = kernel_at(&kernel, (double)i - at);
            left += weight * stereo[2 * i];
            right += weight * stereo[2 * i + 1];
        }
        out[2 * n] = left;
        out[2 * n + 1] = right;
    }
    free(kernel.half);
    *frames_out = count;
    return out;
}

/* The last seam frames run into the first ones; what is left is as long as the loop. */
static size_t close_seam(float *stereo, size_t frames, size_t seam)
{
    const size_t left = frames - seam;
    for (size_t i = 0; i < seam; i++) {
        const double quarter = 0.5 * OB_PI * ((double)i + 0.5) / (double)seam;
        const float coming = (float)sin(quarter);
        const float going = (float)cos(quarter);
        for (size_t c = 0; c < 2; c++)
            stereo[2 * i + c] = coming * stereo[2 * i + c] + going * stereo[2 * (left + i) + c];
    }
    return left;
}

static enum ob_err fill_place(const float *stereo, size_t frames, double rate_hz, struct ob_loop *loop)
{
    struct ob_loudness *meter = malloc(sizeof *meter);
    int16_t *samples = malloc(2 * frames * sizeof *samples);
    enum ob_err err = meter && samples ? OB_OK : OB_ERR_NO_MEMORY;
    if (!err) {
        ob_loudness_init(meter, rate_hz);
        ob_loudness_add(meter, stereo, frames);
        const double lufs = ob_loudness_lufs(meter);
        float peak = 1e-9f;
        for (size_t i = 0; i < 2 * frames; i++)
            peak = fmaxf(peak, fabsf(stereo[i]));
        if (lufs < OB_LOOP_SILENT)
            err = OB_ERR_EMPTY;
        /* All 16 bits are used, whatever the level. */
        const float scale = 32767.0f / peak;
        for (size_t i = 0; i < 2 * frames; i++)
            samples[i] = (int16_t)lrintf(scale * stereo[i]);
        loop->gain = (float)pow(10.0, (OB_LOOP_LUFS - lufs) / 20.0) / scale;
    }
    free(meter);
    if (err) {
        free(samples);
        return err;
    }
    loop->interleaved = samples;
    loop->frames = (uint32_t)frames;
    return OB_OK;
}

enum ob_err ob_loop_make(const float *stereo, size_t frames, double sample_rate_hz, double synth_rate_hz,
                         struct ob_loop *loop_out)
{
    *loop_out = (struct ob_loop){0};
    const double seconds = (double)frames / sample_rate_hz;
    if (!(seconds >= OB_LOOP_SHORTEST_S && seconds <= OB_LOOP_LONGEST_S))
        return OB_ERR_RANGE;
    size_t count = 0;
    float *heard = change_rate(stereo, frames, sample_rate_hz, synth_rate_hz, &count);
    if (!heard)
        return OB_ERR_NO_MEMORY;
    const double seam_s = fmin(OB_LOOP_SEAM_S, 0.25 * seconds);
    count = close_seam(heard, count, (size_t)(seam_s * synth_rate_hz));
    const enum ob_err err = fill_place(heard, count, synth_rate_hz, loop_out);
    free(heard);
    if (err)
        *loop_out = (struct ob_loop){0};
    return err;
}

void ob_loop_free(struct ob_loop *loop)
{
    free((void *)(uintptr_t)loop->interleaved);
    *loop = (struct ob_loop){0};
}
