/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames of ProtoCentral's boards: every byte is accounted for, and a frame behind any noise is found. */
#include "sensor/protocentral.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ob_protocentral decoder;
    struct ob_protocentral_frame frame;
    struct ob_protocentral_values values;
    uint64_t in_frames = 0;
    ob_protocentral_init(&decoder);
    const unsigned char *p = data;
    size_t left = size;
    while (ob_protocentral_next(&decoder, &p, &left, &frame)) {
        in_frames += 7u + frame.length;
        if (frame.length > OB_PROTOCENTRAL_PAYLOAD_MAX)
            abort();
        if (ob_protocentral_values(&frame, &values) &&
            (!values.name || !isfinite(values.heart) || !isfinite(values.breath)))
            abort();
    }
    if (decoder.skipped + in_frames + decoder.have != size)
        abort();
    /* Whatever came before, a good frame behind a longest frame's worth of other bytes is found, once. */
    static const uint8_t good[] = {0x0A, 0xFA, 9, 0, 2, 1, 0, 2, 0, 3, 0, 4, 0, 0, 0x00, 0x0B};
    uint8_t other[OB_PROTOCENTRAL_FRAME_MAX];
    memset(other, 0x55, sizeof other);
    p = other;
    left = sizeof other;
    while (ob_protocentral_next(&decoder, &p, &left, &frame))
        continue;
    int found = 0;
    p = good;
    left = sizeof good;
    while (ob_protocentral_next(&decoder, &p, &left, &frame))
        found += frame.length == 9 && frame.payload[2] == 2;
    if (found != 1 || decoder.have != 0)
        abort();
    return 0;
}
