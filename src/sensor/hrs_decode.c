/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/hrs_decode.h"

#include <string.h>

enum { HR_IS_U16 = 1, TOUCHING = 2, CONTACT_SUPPORTED = 4, HAS_ENERGY = 8, HAS_RR = 16 };

#define ATTRIBUTE_MAX 512

static uint16_t u16(const unsigned char *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

bool ob_hrs_decode(const unsigned char *bytes, size_t count, struct ob_hrs_packet *packet_out)
{
    memset(packet_out, 0, sizeof *packet_out);
    if (count < 2 || count > ATTRIBUTE_MAX)
        return false;
    const unsigned flags = bytes[0];
    const size_t hr_size = flags & HR_IS_U16 ? 2 : 1, energy_size = flags & HAS_ENERGY ? 2 : 0;
    size_t at = 1 + hr_size + energy_size;
    if (count < at)
        return false;
    packet_out->hr_bpm = hr_size == 2 ? u16(bytes + 1) : bytes[1];
    packet_out->has_energy = energy_size != 0;
    if (energy_size)
        packet_out->energy = u16(bytes + 1 + hr_size);
    packet_out->contact_supported = (flags & CONTACT_SUPPORTED) != 0;
    packet_out->touching = (flags & TOUCHING) != 0;
    packet_out->has_rr = (flags & HAS_RR) != 0;
    packet_out->reserved = (uint8_t)(flags >> 5);
    if (packet_out->has_rr)
        for (; count - at >= 2; at += 2)
            packet_out->rr_ticks[packet_out->rr_count++] = u16(bytes + at);
    packet_out->odd = at < count;
    return true;
}
