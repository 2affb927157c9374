/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames of Polar's measurement-data service as a sensor would send them, for tests. */
#ifndef OB_TESTS_SENSOR_POLAR_FRAMES_H
#define OB_TESTS_SENSOR_POLAR_FRAMES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define FRAME_MAX 512

static inline size_t frame_number(unsigned char *to, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        to[i] = (unsigned char)(value >> 8 * i & 0xFFu);
    return size;
}

static inline size_t frame_head(unsigned char *to, unsigned type, uint64_t stamp_ns, unsigned kind)
{
    to[0] = (unsigned char)type;
    frame_number(to + 1, stamp_ns, 8);
    to[9] = (unsigned char)kind;
    return 10;
}

/* Microvolts, at most 73 as a strap sends them. */
static inline size_t frame_ecg(unsigned char *to, uint64_t last_ns, const int32_t *uv, int frames)
{
    size_t at = frame_head(to, 0, last_ns, 0);
    for (int i = 0; i < frames; i++)
        at += frame_number(to + at, (uint32_t)uv[i], 3);
    return at;
}

/* mg, three channels, whole. */
static inline size_t frame_acc(unsigned char *to, uint64_t last_ns, const int32_t *mg, int frames)
{
    size_t at = frame_head(to, 2, last_ns, 1);
    for (int i = 0; i < frames * 3; i++)
        at += frame_number(to + at, (uint32_t)mg[i], 2);
    return at;
}

/* The same as differences, in blocks of at most 20 samples with as few bits as they need. */
static inline size_t frame_acc_delta(unsigned char *to, uint64_t last_ns, const int32_t *mg, int frames)
{
    size_t at = frame_head(to, 2, last_ns, 0x81);
    for (int c = 0; c < 3; c++)
        at += frame_number(to + at, (uint32_t)mg[c], 2);
    for (int done = 1; done < frames;) {
        const int samples = frames - done < 20 ? frames - done : 20;
        int bits = 1;
        for (int i = done * 3; i < (done + samples) * 3; i++) {
            const int32_t d = mg[i] - mg[i - 3];
            while (d < -(1 << (bits - 1)) || d >= 1 << (bits - 1))
                bits++;
        }
        to[at] = (unsigned char)bits;
        to[at + 1] = (unsigned char)samples;
        at += 2;
        const size_t bytes = ((size_t)samples * 3 * (size_t)bits + 7) / 8;
        memset(to + at, 0, bytes);
        size_t bit = 0;
        for (int i = done * 3; i < (done + samples) * 3; i++)
            for (int k = 0; k < bits; k++, bit++)
                if ((uint32_t)(mg[i] - mg[i - 3]) >> k & 1u)
                    to[at + bit / 8] |= (unsigned char)(1u << bit % 8);
        at += bytes;
        done += samples;
    }
    return at;
}

/* Appends one pulse interval to a frame begun with frame_head(to, 3, 0, 0). flags: 1 moved, 2 touches, 4 knows. */
static inline size_t frame_ppi(unsigned char *to, size_t at, unsigned hr, unsigned interval_ms, unsigned error_ms,
                               unsigned flags)
{
    to[at++] = (unsigned char)hr;
    at += frame_number(to + at, interval_ms, 2);
    at += frame_number(to + at, error_ms, 2);
    to[at++] = (unsigned char)flags;
    return at;
}

#endif
