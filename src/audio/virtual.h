/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the outputs without a device share: blocks rendered when the caller's clock says that they are due.
 *
 * The clock starts at the first advance: frame 0 is heard at that now_ns. Frame n is due once its time has been
 * reached. Whole and part blocks are rendered so that exactly what is due exists. One thread; status from any. */
#ifndef OB_AUDIO_VIRTUAL_H
#define OB_AUDIO_VIRTUAL_H

#include "audio/audio.h"

#include <stdatomic.h>

struct ob_virtual_clock {
    /* immutable after init */
    double sample_rate_hz;
    uint32_t block_frames;
    ob_audio_render_fn *render;
    void *user;
    float *block; /* owned; interleaved */
    /* the thread that advances */
    bool started;
    int64_t start_ns;
    /* any thread */
    _Atomic uint64_t frames;
};

/* Takes a finished block; an error ends the advance. */
typedef enum ob_err ob_virtual_sink_fn(void *sink, const float *interleaved, uint32_t frames);

/* OB_ERR_RANGE for a rate outside 8000-192000 or more than 8192 frames a block; OB_ERR_NO_MEMORY. */
enum ob_err ob_virtual_clock_init(struct ob_virtual_clock *clock, const struct ob_audio_desc *desc);
void ob_virtual_clock_finish(struct ob_virtual_clock *clock);
enum ob_err ob_virtual_clock_advance(struct ob_virtual_clock *clock, int64_t now_ns, ob_virtual_sink_fn *sink,
                                     void *user);
/* Fills rate, frames and state (RUNNING once started); the rest is zeroed. */
void ob_virtual_clock_status(struct ob_virtual_clock *clock, struct ob_audio_status *status_out);

#endif
