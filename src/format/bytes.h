/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers as little-endian bytes, whatever the machine. For rooms that define files. */
#ifndef OB_FORMAT_BYTES_H
#define OB_FORMAT_BYTES_H

#include <stdint.h>
#include <string.h>

static inline unsigned char *ob_put_u16(unsigned char *p, uint16_t x)
{
    p[0] = (unsigned char)(x & 0xff);
    p[1] = (unsigned char)(x >> 8);
    return p + 2;
}

static inline unsigned char *ob_put_u32(unsigned char *p, uint32_t x)
{
    for (int i = 0; i < 4; i++)
        p[i] = (unsigned char)((x >> (8 * i)) & 0xff);
    return p + 4;
}

static inline unsigned char *ob_put_u64(unsigned char *p, uint64_t x)
{
    for (int i = 0; i < 8; i++)
        p[i] = (unsigned char)((x >> (8 * i)) & 0xff);
    return p + 8;
}

static inline unsigned char *ob_put_f64(unsigned char *p, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return ob_put_u64(p, bits);
}

static inline unsigned char *ob_put_f32(unsigned char *p, float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return ob_put_u32(p, bits);
}

static inline uint16_t ob_get_u16(const unsigned char *p)
{
    return (uint16_t)(p[0] | (unsigned)p[1] << 8);
}

static inline uint32_t ob_get_u32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t ob_get_u64(const unsigned char *p)
{
    return (uint64_t)ob_get_u32(p) | (uint64_t)ob_get_u32(p + 4) << 32;
}

static inline double ob_get_f64(const unsigned char *p)
{
    const uint64_t bits = ob_get_u64(p);
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline float ob_get_f32(const unsigned char *p)
{
    const uint32_t bits = ob_get_u32(p);
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

#endif
