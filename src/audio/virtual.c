/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "audio/virtual.h"

#include <stdlib.h>

enum ob_err ob_virtual_clock_init(struct ob_virtual_clock *clock, const struct ob_audio_desc *desc)
{
    *clock = (struct ob_virtual_clock){
        .sample_rate_hz = desc->sample_rate_hz > 0.0 ? desc->sample_rate_hz : 48000.0,
        .block_frames = desc->frames_per_buffer ? desc->frames_per_buffer : 512,
        .render = desc->render,
        .user = desc->user,
    };
    if (!(clock->sample_rate_hz >= 8000.0 && clock->sample_rate_hz <= 192000.0) || clock->block_frames > 8192)
        return OB_ERR_RANGE;
    clock->block = calloc(clock->block_frames, 2 * sizeof *clock->block);
    return clock->block ? OB_OK : OB_ERR_NO_MEMORY;
}

void ob_virtual_clock_finish(struct ob_virtual_clock *clock)
{
    free(clock->block);
    clock->block = NULL;
}

/* Whole seconds apart from the rest: exact for years, where one product of doubles is not. */
static int64_t time_of_frame(const struct ob_virtual_clock *clock, uint64_t frame)
{
    const uint64_t rate = (uint64_t)clock->sample_rate_hz;
    if ((double)rate == clock->sample_rate_hz)
        return clock->start_ns + (int64_t)(frame / rate) * INT64_C(1000000000) +
               (int64_t)(frame % rate * UINT64_C(1000000000) / rate);
    return clock->start_ns + (int64_t)((double)frame * 1e9 / clock->sample_rate_hz);
}

enum ob_err ob_virtual_clock_advance(struct ob_virtual_clock *clock, int64_t now_ns, ob_virtual_sink_fn *sink,
                                     void *user)
{
    if (!clock->started) {
        clock->started = true;
        clock->start_ns = now_ns;
    }
    uint64_t frames = atomic_load_explicit(&clock->frames, memory_order_relaxed);
    const double per_frame_ns = 1e9 / clock->sample_rate_hz;
    while (time_of_frame(clock, frames) < now_ns) {
        uint32_t count = clock->block_frames;
        if (time_of_frame(clock, frames + count - 1) >= now_ns) {
            const double due = (double)(now_ns - time_of_frame(clock, frames)) / per_frame_ns;
            count = (uint32_t)due;
            while (count > 0 && time_of_frame(clock, frames + count - 1) >= now_ns)
                count--;
            while (time_of_frame(clock, frames + count) < now_ns)
                count++;
        }
        clock->render(clock->user, clock->block, count, time_of_frame(clock, frames), per_frame_ns);
        frames += count;
        const enum ob_err err = sink(user, clock->block, count);
        atomic_store_explicit(&clock->frames, frames, memory_order_relaxed);
        if (err)
            return err;
    }
    return OB_OK;
}

void ob_virtual_clock_status(struct ob_virtual_clock *clock, struct ob_audio_status *status_out)
{
    *status_out = (struct ob_audio_status){
        .state = OB_AUDIO_RUNNING,
        .sample_rate_hz = clock->sample_rate_hz,
        .frames = atomic_load_explicit(&clock->frames, memory_order_relaxed),
    };
}
