/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_polar.h"

#include <string.h>

size_t fake_polar_read(const struct fake_polar *p, unsigned char *out)
{
    const unsigned char answer[] = {0x0F, (unsigned char)p->features, 0, 0, 0, 0};
    memcpy(out, answer, sizeof answer);
    return sizeof answer;
}

static bool refuses(struct fake_polar *p, const unsigned char *order)
{
    if (p->error_times == 0 || order[0] != p->error_order || order[1] != p->error_type)
        return false;
    p->error_times--;
    return true;
}

static size_t offer(unsigned type, unsigned char *out)
{
    static const unsigned char ecg[] = {0x00, 1, 0x82, 0x00, 0x01, 1, 0x0E, 0x00};
    static const unsigned char acc[] = {0x00, 4,    0x19, 0x00, 0x32, 0x00, 0x64, 0x00, 0xC8, 0x00, 0x01,
                                        1,    0x10, 0x00, 0x02, 3,    0x02, 0x00, 0x04, 0x00, 0x08, 0x00};
    const unsigned char *from = type == 0 ? ecg : acc;
    const size_t count = type == 0 ? sizeof ecg : sizeof acc;
    memcpy(out, from, count);
    return count;
}

/* A start has to name rate and resolution, and of acceleration the range, from what is offered. */
static bool start_is_sound(struct fake_polar *p, const unsigned char *order, size_t count)
{
    const unsigned type = order[1];
    unsigned value[8] = {0};
    if (type == 3)
        return count == 2;
    for (size_t at = 2; at + 4 <= count; at += 4) {
        if (order[at] > 2 || order[at + 1] != 1)
            return false;
        value[order[at]] = order[at + 2] | (unsigned)order[at + 3] << 8;
    }
    p->rate[type] = value[0];
    if (type == 0)
        return count == 10 && value[0] == 130 && value[1] == 14;
    return count == 14 && (value[0] == 25 || value[0] == 50 || value[0] == 100 || value[0] == 200) && value[1] == 16 &&
           (value[2] == 2 || value[2] == 4 || value[2] == 8);
}

size_t fake_polar_write(struct fake_polar *p, const unsigned char *order, size_t count, unsigned char *out)
{
    if (count < 2 || p->mute)
        return 0;
    const unsigned type = order[1] & 7u;
    const bool has = (p->features >> type & 1u) != 0, on = (p->on >> type & 1u) != 0;
    size_t length = 5;
    p->settings += order[0] == 1;
    p->starts += order[0] == 2;
    p->stops += order[0] == 3;
    memcpy(out, (const unsigned char[]){0xF0, order[0], order[1], 0, 0}, 5);
    if (refuses(p, order))
        out[3] = p->error;
    else if (!has)
        out[3] = 3;
    else if (order[0] == 1)
        length += offer(type, out + 5);
    else if (order[0] == 2 && on)
        out[3] = 6;
    else if (order[0] == 2 && !start_is_sound(p, order, count))
        out[3] = 5;
    else if (order[0] == 2)
        p->on |= 1u << type;
    else
        p->on &= ~(1u << type);
    return out[3] == 0 ? length : 4;
}
