/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The heart-rate service of Bluetooth (0x180D): its measurement packet (0x2A37). Pure.
 *
 * Little-endian: flags u8, heart rate u8 or u16, energy u16 when announced, RR u16 until the end when announced.
 * Source: Bluetooth SIG, Heart Rate Service 1.0 and GATT Specification Supplement. */
#ifndef OB_SENSOR_HRS_DECODE_H
#define OB_SENSOR_HRS_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_HRS_TICKS_PER_S 1024 /* unit of an interval */
#define OB_HRS_RR_MAX      255  /* what the longest attribute (512 bytes) can hold */

struct ob_hrs_packet {
    uint16_t hr_bpm; /* smoothed by the sensor; 0: it has none */
    uint16_t energy; /* kJ since it was reset; 0 where not said */
    bool has_energy; /* energy is in the packet */
    bool has_rr;     /* intervals are announced; there may still be none in this packet */
    bool contact_supported;
    bool touching;    /* meaningful with contact_supported */
    bool odd;         /* a single byte was left behind the last interval; it is ignored */
    uint8_t reserved; /* the three reserved bits of the flags, 0-7; ignored */
    int rr_count;
    uint16_t rr_ticks[OB_HRS_RR_MAX]; /* oldest first, as sent, 1/1024 s */
};

/* False, with *packet_out all zero: too short for what its flags announce, or longer than an attribute can be. */
bool ob_hrs_decode(const unsigned char *bytes, size_t count, struct ob_hrs_packet *packet_out);

#endif
