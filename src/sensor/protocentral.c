/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/protocentral.h"

#include <string.h>

#define HEAD      5
#define TAIL      2
#define TYPE_DATA 2

void ob_protocentral_init(struct ob_protocentral *decoder)
{
    memset(decoder, 0, sizeof *decoder);
}

void ob_protocentral_break(struct ob_protocentral *decoder)
{
    decoder->have = 0;
    decoder->joined = false;
}

enum look { NO_FRAME, MAY_BE, FRAME };

/* What the bytes so far can still become. */
static enum look look_at(const uint8_t *bytes, size_t have)
{
    if (have >= 1 && bytes[0] != 0x0A)
        return NO_FRAME;
    if (have >= 2 && bytes[1] != 0xFA)
        return NO_FRAME;
    if (have < 4)
        return MAY_BE;
    const size_t length = (size_t)bytes[2] | (size_t)bytes[3] << 8;
    if (length > OB_PROTOCENTRAL_PAYLOAD_MAX)
        return NO_FRAME;
    if (have > HEAD + length && bytes[HEAD + length] != 0x00)
        return NO_FRAME;
    if (have < HEAD + length + TAIL)
        return MAY_BE;
    return bytes[HEAD + length + 1] == 0x0B ? FRAME : NO_FRAME;
}

/* The bytes behind a false head are all still there, and are looked at again. */
static void drop(struct ob_protocentral *decoder, size_t count)
{
    decoder->have -= count;
    memmove(decoder->bytes, decoder->bytes + count, decoder->have);
}

bool ob_protocentral_next(struct ob_protocentral *decoder, const unsigned char **bytes, size_t *count,
                          struct ob_protocentral_frame *frame_out)
{
    for (;;) {
        const enum look look = look_at(decoder->bytes, decoder->have);
        if (look == NO_FRAME) {
            drop(decoder, 1);
            decoder->skipped++;
            decoder->joined = false;
        } else if (look == FRAME) {
            const size_t length = (size_t)decoder->bytes[2] | (size_t)decoder->bytes[3] << 8;
            memset(frame_out, 0, sizeof *frame_out);
            frame_out->type = decoder->bytes[4];
            frame_out->length = (uint16_t)length;
            memcpy(frame_out->payload, decoder->bytes + HEAD, length);
            frame_out->follows = decoder->joined;
            decoder->frames++;
            decoder->joined = true;
            drop(decoder, HEAD + length + TAIL);
            return true;
        } else if (*count == 0) {
            return false;
        } else {
            decoder->bytes[decoder->have++] = *(*bytes)++;
            (*count)--;
        }
    }
}

static float i16_at(const uint8_t *p)
{
    return (float)(int16_t)(uint16_t)(p[0] | p[1] << 8);
}

static float i32_at(const uint8_t *p)
{
    const uint32_t bits = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
    return (float)(int32_t)bits;
}

bool ob_protocentral_values(const struct ob_protocentral_frame *frame, struct ob_protocentral_values *values_out)
{
    const uint8_t *p = frame->payload;
    memset(values_out, 0, sizeof *values_out);
    if (frame->type != TYPE_DATA)
        return false;
    switch (frame->length) {
    case 6:
        values_out->name = "MAX86150";
        values_out->heart = i16_at(p);
        return true;
    case 8:
        values_out->name = "MAX30102 or AFE4490";
        values_out->pulse = true;
        values_out->heart = i32_at(p + 4);
        return true;
    case 9:
        values_out->name = "ADS1292R";
        values_out->heart = i16_at(p);
        values_out->has_breath = true;
        values_out->breath = i16_at(p + 2);
        return true;
    case 12:
        values_out->name = "MAX30001, MAX30003 or ADS1293";
        values_out->heart = i32_at(p);
        return true;
    case 20:
        /* An older HealthyPi sends 20 bytes in another order; there this byte is part of a light's value. */
        if (p[8] != 0x00 && p[8] != 0xFF)
            return false;
        values_out->name = "HealthyPi 5";
        values_out->heart = i32_at(p);
        return true;
    default:
        return false;
    }
}
