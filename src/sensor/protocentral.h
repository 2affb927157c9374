/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frames of ProtoCentral's boards, from bytes to numbers. Pure: no clock, no descriptor, constant memory.
 *
 *   0A FA | u16 length, little-endian | u8 type | payload of that length | 00 0B        type 2: samples
 *
 * A frame carries no checksum and its payload may hold the same bytes as its head. So a frame counts only when its
 * length can be and its two last bytes are in their place; else the search goes on at the byte after its head, and
 * nothing that came since is lost. What the payload means is not said in it; it is known by its length, as the
 * makers' published programs for these boards send it (little-endian):
 *
 *    6  MAX86150            i16 ECG, u16 infrared, u16 red
 *    8  MAX30102, AFE4490   two u32: light
 *    9  ADS1292R            i16 ECG, i16 breathing (impedance), rates
 *   12  MAX30003, MAX30001, ADS1293   i32 ECG, others
 *   20  HealthyPi 5         i32 ECG, i32 impedance, u8 0 or FF, i32 infrared, i32 red, ... */
#ifndef OB_SENSOR_PROTOCENTRAL_H
#define OB_SENSOR_PROTOCENTRAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_PROTOCENTRAL_PAYLOAD_MAX 64 /* no board sends more; a greater length is noise */
#define OB_PROTOCENTRAL_FRAME_MAX   (5 + OB_PROTOCENTRAL_PAYLOAD_MAX + 2)

struct ob_protocentral_frame {
    uint8_t type;
    uint16_t length;
    uint8_t payload[OB_PROTOCENTRAL_PAYLOAD_MAX];
    bool follows; /* it began where the one before ended */
};

struct ob_protocentral {
    uint64_t frames;  /* found so far */
    uint64_t skipped; /* bytes that belong to none */
    /* private */
    bool joined;
    size_t have;
    uint8_t bytes[OB_PROTOCENTRAL_FRAME_MAX];
};

void ob_protocentral_init(struct ob_protocentral *decoder);

/* The line was cut off: forget the unfinished frame. */
void ob_protocentral_break(struct ob_protocentral *decoder);

/* Takes bytes from *bytes until a frame is whole: true, and it is in frame_out. False: all bytes are taken. One byte
 * can complete several frames, where a false head had hidden them. */
bool ob_protocentral_next(struct ob_protocentral *decoder, const unsigned char **bytes, size_t *count,
                          struct ob_protocentral_frame *frame_out);

struct ob_protocentral_values {
    bool pulse;       /* heart is a pulse wave; else an ECG */
    float heart;      /* of the converter */
    bool has_breath;  /* breath is there */
    float breath;     /* impedance of the chest */
    const char *name; /* of the boards that send such frames: static memory */
};

/* What a frame of samples says. False: another type, or a payload that no known board sends. */
bool ob_protocentral_values(const struct ob_protocentral_frame *frame, struct ob_protocentral_values *values_out);

#endif
