/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/commands/file_breath.h"

#include "base/maths.h"
#include "base/time.h"
#include "signal/resp.h"
#include "signal/resp_shape.h"
#include "signal/rr.h"

#include <stdlib.h>

/* From window to window; a day needs fewer. */
#define STEP_S      30
#define LONG_S      3600
#define LONG_STEP_S 120

struct window {
    double from_s, to_s;
    double brpm; /* 0: not to be trusted */
};

struct ob_file_breath {
    double fs_hz;
    size_t channels;
    int wave_channel, belt_channel;
    struct ob_resp *resp;
    struct ob_resp_trace trace;
    struct ob_rr_causal rr;
    double last_s; /* of the newest beat; negative: none yet */
    uint64_t frames, next;
    struct window *windows;
    size_t count, capacity;
};

struct ob_file_breath *ob_file_breath_create(double fs_hz, enum ob_signal_kind wave, int channels, int wave_channel,
                                             int belt_channel)
{
    struct ob_file_breath *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->resp = ob_resp_create();
    if (!b->resp) {
        free(b);
        return NULL;
    }
    b->fs_hz = fs_hz;
    b->channels = (size_t)channels;
    b->wave_channel = wave_channel;
    b->belt_channel = belt_channel;
    b->last_s = -1.0;
    b->next = (uint64_t)(STEP_S * fs_hz);
    ob_resp_trace_init(&b->trace, wave == OB_SIGNAL_PPG ? OB_RESP_PPG : OB_RESP_ECG, fs_hz);
    ob_rr_causal_init(&b->rr);
    return b;
}

void ob_file_breath_destroy(struct ob_file_breath *b)
{
    if (!b)
        return;
    ob_resp_destroy(b->resp);
    free(b->windows);
    free(b);
}

static void look(struct ob_file_breath *b)
{
    const double now_s = (double)b->frames / b->fs_hz;
    struct ob_resp_rate rate = {0};
    const bool known = ob_resp_rate(b->resp, ob_ns_from_s(now_s), &rate);
    const double window_s = known ? rate.window_s : OB_RESP_LEAST_S;
    if (b->count == b->capacity) {
        const size_t capacity = b->capacity ? 2 * b->capacity : 64;
        struct window *windows = realloc(b->windows, capacity * sizeof *windows);
        if (!windows)
            return;
        b->windows = windows;
        b->capacity = capacity;
    }
    b->windows[b->count++] = (struct window){.from_s = now_s - window_s,
                                             .to_s = now_s,
                                             .brpm = known && rate.quality_01 >= OB_RESP_TRUST_01 ? rate.brpm : 0.0};
}

void ob_file_breath_frames(struct ob_file_breath *b, const float *frames, size_t count)
{
    while (count > 0) {
        if (b->frames >= b->next) {
            look(b);
            b->next += (uint64_t)((b->frames < LONG_S * b->fs_hz ? STEP_S : LONG_STEP_S) * b->fs_hz);
        }
        const size_t part = b->next - b->frames < count ? (size_t)(b->next - b->frames) : count;
        ob_resp_trace_push_many(&b->trace, frames + b->wave_channel, b->channels, part);
        for (size_t i = 0; b->belt_channel >= 0 && i < part; i++)
            ob_resp_belt(b->resp, (int64_t)((double)(b->frames + i) / b->fs_hz * 1e9),
                         (double)frames[i * b->channels + (size_t)b->belt_channel]);
        frames += part * b->channels;
        b->frames += part;
        count -= part;
    }
}

void ob_file_breath_beat(struct ob_file_breath *b, const struct ob_file_beat *beat)
{
    double at;
    struct ob_resp_shape shape;
    if (ob_resp_trace_beat(&b->trace, beat->t_s * b->fs_hz, &at, &shape))
        ob_resp_beat(b->resp, b->trace.wave, ob_ns_from_s(at / b->fs_hz), &shape);
    if (b->last_s >= 0.0) {
        struct ob_rr_out out[OB_RR_OUT_MAX];
        const struct ob_rr_in in = {.time_ns = ob_ns_from_s(beat->t_s),
                                    .rr_ms = 1e3 * (beat->t_s - b->last_s),
                                    .confidence_01 = (float)beat->confidence_01};
        const int count = ob_rr_causal_push(&b->rr, &in, out);
        for (int i = 0; i < count; i++)
            if (out[i].kind != OB_RR_GAP)
                ob_resp_interval(b->resp, out[i].time_ns, out[i].nn_ms, out[i].kind == OB_RR_NORMAL);
    }
    b->last_s = beat->t_s;
}

bool ob_file_breath_rate(const struct ob_file_breath *b, double from_s, double to_s, double *brpm_out)
{
    double *rates = malloc((b->count + 1) * sizeof *rates);
    size_t trusted = 0, all = 0;
    for (size_t i = 0; rates && i < b->count; i++) {
        const struct window *w = &b->windows[i];
        if (w->from_s < from_s - 2.0 || w->to_s > to_s + 2.0)
            continue;
        all++;
        if (w->brpm > 0.0)
            rates[trusted++] = w->brpm;
    }
    const bool known = trusted > 0 && 2 * trusted >= all;
    if (known)
        *brpm_out = ob_median(rates, trusted);
    free(rates);
    return known;
}
