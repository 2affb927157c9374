/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/pmd_decode.h"

#include <string.h>

#define HEADER        10 /* type, stamp, frame type */
#define TYPE_MASK     0x3Fu
#define DELTA         0x80u
#define PPI_SIZE      6
#define ANSWER        0xF0u
#define FEATURES      0x0Fu
#define BITS_MAX      32
#define ATTRIBUTE_MAX 512

static uint64_t unsigned_le(const unsigned char *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value |= (uint64_t)bytes[i] << 8 * i;
    return value;
}

/* The lowest `bits` (1-32) of value as a signed number, without relying on how a compiler shifts negative ones. */
static int32_t sign_extend(uint64_t value, unsigned bits)
{
    const int64_t sign = INT64_C(1) << (bits - 1);
    const int64_t low = (int64_t)(value & ((UINT64_C(1) << bits) - 1));
    return (int32_t)((low ^ sign) - sign);
}

static bool decode_whole(const unsigned char *bytes, size_t count, size_t size, struct ob_pmd_frame *frame)
{
    const size_t one = size * (size_t)frame->channels;
    if (count == 0 || count % one != 0 || count / one > OB_PMD_FRAMES_MAX)
        return false;
    frame->frames = (int)(count / one);
    for (size_t i = 0; i < count / size; i++)
        frame->values[i] = sign_extend(unsigned_le(bytes + i * size, size), (unsigned)size * 8);
    return true;
}

static uint64_t take_bits(const unsigned char *bytes, size_t *bit, unsigned bits)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < bits; i++, ++*bit)
        value |= (uint64_t)(bytes[*bit / 8] >> *bit % 8 & 1u) << i;
    return value;
}

static bool decode_delta(const unsigned char *bytes, size_t count, size_t size, struct ob_pmd_frame *frame)
{
    const size_t channels = (size_t)frame->channels;
    size_t at = size * channels;
    if (count < at)
        return false;
    for (size_t c = 0; c < channels; c++)
        frame->values[c] = sign_extend(unsigned_le(bytes + c * size, size), (unsigned)size * 8);
    frame->frames = 1;
    while (at < count) {
        if (count - at < 2)
            return false;
        const unsigned bits = bytes[at];
        const size_t samples = bytes[at + 1], needed = (samples * channels * bits + 7) / 8;
        at += 2;
        if (bits == 0 || bits > BITS_MAX || samples == 0 || needed > count - at ||
            samples > (size_t)(OB_PMD_FRAMES_MAX - frame->frames))
            return false;
        size_t bit = at * 8;
        for (size_t i = 0; i < samples * channels; i++) {
            const size_t to = (size_t)frame->frames * channels + i;
            const int64_t value =
                (int64_t)frame->values[to - channels] + sign_extend(take_bits(bytes, &bit, bits), bits);
            if (value < INT32_MIN || value > INT32_MAX)
                return false;
            frame->values[to] = (int32_t)value;
        }
        frame->frames += (int)samples;
        at += needed;
    }
    return true;
}

static bool decode_ppi(const unsigned char *bytes, size_t count, struct ob_pmd_frame *frame)
{
    if (count == 0 || count % PPI_SIZE != 0 || count / PPI_SIZE > OB_PMD_FRAMES_MAX)
        return false;
    frame->frames = (int)(count / PPI_SIZE);
    for (int i = 0; i < frame->frames; i++, bytes += PPI_SIZE)
        frame->ppi[i] = (struct ob_pmd_ppi){.hr_bpm = bytes[0],
                                            .interval_ms = (uint16_t)unsigned_le(bytes + 1, 2),
                                            .error_ms = (uint16_t)unsigned_le(bytes + 3, 2),
                                            .moving = (bytes[5] & 1u) != 0,
                                            .touching = (bytes[5] & 2u) != 0,
                                            .contact_supported = (bytes[5] & 4u) != 0};
    return true;
}

bool ob_pmd_decode(const unsigned char *bytes, size_t count, struct ob_pmd_frame *frame_out)
{
    if (count < HEADER || count > ATTRIBUTE_MAX)
        return false;
    const unsigned type = bytes[0] & TYPE_MASK, kind = bytes[9] & ~DELTA;
    const bool delta = (bytes[9] & DELTA) != 0;
    frame_out->type = (enum ob_pmd_type)type;
    frame_out->last_ns = unsigned_le(bytes + 1, 8);
    frame_out->frames = frame_out->channels = 0;
    frame_out->in_g = false;
    bytes += HEADER;
    count -= HEADER;
    if (type == OB_PMD_ECG && kind == 0 && !delta) {
        frame_out->channels = 1;
        return decode_whole(bytes, count, 3, frame_out);
    }
    if (type == OB_PMD_ACC && (delta ? kind <= 1 : kind <= 2)) {
        frame_out->channels = 3;
        if (!delta)
            return decode_whole(bytes, count, kind + 1, frame_out);
        frame_out->in_g = kind == 0;
        return decode_delta(bytes, count, 2, frame_out);
    }
    return type == OB_PMD_PPI && kind == 0 && !delta && decode_ppi(bytes, count, frame_out);
}

bool ob_pmd_decode_answer(const unsigned char *bytes, size_t count, struct ob_pmd_answer *answer_out)
{
    static const unsigned char sizes[OB_PMD_SETTING_KINDS] = {2, 2, 2, 4, 1, 4};
    memset(answer_out, 0, sizeof *answer_out);
    if (count < 4 || bytes[0] != ANSWER)
        return false;
    answer_out->order = bytes[1];
    answer_out->type = bytes[2] & TYPE_MASK;
    answer_out->error = bytes[3];
    answer_out->more = count > 4 && bytes[4] != 0;
    if (answer_out->error != OB_PMD_DONE)
        return true;
    for (size_t at = 5; at < count;) {
        if (count - at < 2 || bytes[at] >= OB_PMD_SETTING_KINDS)
            return false;
        const unsigned id = bytes[at], values = bytes[at + 1];
        const size_t size = sizes[id];
        at += 2;
        if (values * size > count - at)
            return false;
        for (unsigned i = 0; i < values; i++, at += size) {
            const uint32_t value = (uint32_t)unsigned_le(bytes + at, size);
            if (answer_out->values[id] < OB_PMD_SETTINGS_MAX)
                answer_out->value[id][answer_out->values[id]++] = value;
            if (id == OB_PMD_FACTOR) {
                memcpy(&answer_out->factor, &value, sizeof value);
                answer_out->has_factor = true;
            }
        }
    }
    return true;
}

uint32_t ob_pmd_decode_features(const unsigned char *bytes, size_t count)
{
    return count >= 2 && bytes[0] == FEATURES ? (uint32_t)unsigned_le(bytes + 1, count - 1 < 4 ? count - 1 : 4) : 0;
}
