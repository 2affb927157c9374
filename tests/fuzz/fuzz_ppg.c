/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pulse detector, and the shapes that breathing is read from, on any samples at all. Two bytes choose the rate;
 * then come pieces: pulses of some height and pace, noise, a level, missing samples, any floats, a reset. */
#include "base/rng.h"
#include "signal/ppg.h"
#include "signal/resp_shape.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MOST 40000 /* samples in one input */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void need(bool holds)
{
    if (!holds)
        abort();
}

struct fuzz {
    struct ob_ppg *ppg;
    struct ob_resp_trace trace;
    struct ob_rng rng;
    double fs_hz, last_index;
    uint64_t count;
};

static void push(struct fuzz *f, float sample)
{
    struct ob_ppg_beat beat;
    struct ob_resp_shape shape;
    double at;
    if (f->count == MOST)
        return;
    ob_resp_trace_push(&f->trace, sample);
    const bool found = ob_ppg_push(f->ppg, sample, &beat);
    const float quality = ob_ppg_quality_01(f->ppg);
    need(quality >= 0.0f && quality <= 1.0f);
    f->count++;
    if (!found)
        return;
    need(beat.decided == f->count - 1);
    need(beat.index > f->last_index && beat.index <= (double)beat.decided);
    need(beat.quality_01 >= 0.0f && beat.quality_01 <= 1.0f);
    need(!isnan(beat.height));
    f->last_index = beat.index;
    if (ob_resp_trace_beat(&f->trace, beat.index, &at, &shape)) {
        need(at < beat.index);
        need(!isnan(shape.size) && shape.size >= 0.0);
    }
}

static void pulses(struct fuzz *f, double rr_s, float height, int samples)
{
    double phase = 0.0;
    for (int i = 0; i < samples; i++) {
        phase += 1.0 / (rr_s * f->fs_hz);
        phase -= floor(phase);
        push(f, height * (float)(phase < 0.15 ? phase / 0.15 : exp(-(phase - 0.15) * 4.0)));
    }
}

static void piece(struct fuzz *f, const uint8_t b[4])
{
    const int samples = (int)(f->fs_hz * (1 + b[1] % 16) * 0.5);
    float any;
    switch (b[0] % 8) {
    case 0:
    case 1:
        pulses(f, 0.25 + b[2] * 0.008, ldexpf(b[0] & 128 ? -1.0f : 1.0f, b[3] % 64 - 32), samples);
        break;
    case 2:
        for (int i = 0; i < samples; i++)
            push(f, (float)ob_rng_normal(&f->rng) * ldexpf(1.0f, b[3] % 64 - 32));
        break;
    case 3:
        for (int i = 0; i < samples; i++)
            push(f, (float)b[2] * 256.0f + (float)b[3]);
        break;
    case 4:
        for (int i = 0; i < samples; i++)
            push(f, b[2] % 3 == 0 ? NAN : b[2] % 3 == 1 ? INFINITY : -INFINITY);
        break;
    case 5:
        memcpy(&any, b, sizeof any);
        push(f, any);
        break;
    case 6:
        for (int i = 0; i < samples; i++)
            push(f, (float)sin(i * (b[2] + 1) * 0.003) * (float)b[3]);
        break;
    default:
        ob_ppg_reset(f->ppg);
        ob_resp_trace_break(&f->trace);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    static const double usual[8] = {25.0, 30.0, 50.0, 64.0, 100.0, 125.0, 250.0, 1000.0};
    const unsigned word = (unsigned)data[0] | (unsigned)data[1] << 8;
    struct fuzz f = {.fs_hz = word < 1024 ? usual[word % 8] : 25.0 + 975.0 * (word - 1024) / 64511.0,
                     .last_index = -1e9};
    f.ppg = ob_ppg_create(f.fs_hz);
    if (!f.ppg)
        return 0;
    ob_rng_init(&f.rng, word, 0);
    ob_resp_trace_init(&f.trace, OB_RESP_PPG, f.fs_hz);
    for (size_t i = 2; i + 4 <= size; i += 4)
        piece(&f, data + i);
    ob_ppg_destroy(f.ppg);
    return 0;
}
