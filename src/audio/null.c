/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The output that nobody hears: everything is rendered on the caller's clock and thrown away. */
#include "audio/virtual.h"

#include <stdio.h>
#include <stdlib.h>

struct ob_audio {
    struct ob_virtual_clock clock;
};

static enum ob_err null_open(const struct ob_audio_desc *desc, struct ob_audio **audio_out)
{
    *audio_out = NULL;
    struct ob_audio *audio = calloc(1, sizeof *audio);
    if (!audio)
        return OB_ERR_NO_MEMORY;
    const enum ob_err err = ob_virtual_clock_init(&audio->clock, desc);
    if (err) {
        free(audio);
        return err;
    }
    *audio_out = audio;
    return OB_OK;
}

static enum ob_err discard(void *sink, const float *interleaved, uint32_t frames)
{
    (void)sink;
    (void)interleaved;
    (void)frames;
    return OB_OK;
}

static enum ob_err null_advance(struct ob_audio *audio, int64_t now_ns)
{
    return ob_virtual_clock_advance(&audio->clock, now_ns, discard, NULL);
}

static void null_status(struct ob_audio *audio, struct ob_audio_status *status_out)
{
    ob_virtual_clock_status(&audio->clock, status_out);
    snprintf(status_out->device, sizeof status_out->device, "none (silent)");
}

static enum ob_err null_close(struct ob_audio *audio)
{
    if (!audio)
        return OB_OK;
    ob_virtual_clock_finish(&audio->clock);
    free(audio);
    return OB_OK;
}

const struct ob_audio_ops ob_audio_null = {"null", null_open, null_advance, null_status, null_close};
