/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EDF through the reader of recordings: the frames of every channel's rate, gaps, and annotated beats. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* memfd_create */
#endif
#include "sensor/recording.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FRAMES 64
#define ENOUGH 20000 /* frames: a gap of a day has more, all of them alike */

static void read_frames(struct ob_recording *recording, int channel)
{
    static float frames[FRAMES * OB_CHANNELS_MAX];
    const struct ob_recording_info *info = ob_recording_info(recording);
    ob_recording_follow(recording, channel);
    if (!(info->fs_hz > 0.0) || info->frames < 0)
        abort();
    size_t got, all = 0;
    while (all < ENOUGH && (got = ob_recording_read(recording, frames, FRAMES)) > 0) {
        for (size_t i = 0; i < got * (size_t)info->channels; i++)
            if (isinf(frames[i]))
                abort();
        all += got;
    }
}

static void read_intervals(struct ob_recording *recording)
{
    struct ob_recording_rr rr[50];
    size_t got;
    while ((got = ob_recording_read_rr(recording, rr, 50)) > 0)
        for (size_t i = 0; i < got; i++)
            if (!(rr[i].rr_ms >= 0.0) || (!rr[i].gap && !(rr[i].rr_ms >= 200.0 && rr[i].rr_ms <= 3000.0)))
                abort();
}

static void read_as(const char *path, enum ob_file_kind kind, int channel)
{
    char sentence[OB_RECORDING_SENTENCE_MAX];
    struct ob_recording *recording;
    const struct ob_recording_desc desc = {.path = path, .kind = kind};
    const enum ob_err err = ob_recording_open(&desc, &recording, sentence, sizeof sentence);
    if ((err != OB_OK) != (sentence[0] != 0) || (err != OB_OK) != (recording == NULL))
        abort();
    if (err)
        return;
    if (ob_recording_info(recording)->intervals)
        read_intervals(recording);
    else
        read_frames(recording, channel % ob_recording_info(recording)->channels);
    (void)ob_recording_outcome(recording, sentence, sizeof sentence);
    ob_recording_close(recording);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    if (size < 9 || memcmp(data, "0       ", 8) != 0)
        return 0;
    const int fd = memfd_create("edf", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    read_as(path, OB_FILE_EDF, 0);
    read_as(path, OB_FILE_EDF, data[size - 1]);
    read_as(path, OB_FILE_RR, 0);
    close(fd);
    return 0;
}
