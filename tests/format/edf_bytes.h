/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EDF files made byte by byte, good and bad ones. */
#ifndef OB_TESTS_FORMAT_EDF_BYTES_H
#define OB_TESTS_FORMAT_EDF_BYTES_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct edf_bytes {
    unsigned char bytes[400000];
    size_t size, header_size;
    int signals, at;
    int samples[64];
};

static inline void edf_field(unsigned char *field, size_t width, const char *text)
{
    const size_t length = strlen(text);
    memset(field, ' ', width);
    memcpy(field, text, length < width ? length : width);
}

/* A header of `signals` signals, to be filled in by edf_signal(); reserved is "", "EDF+C" or "EDF+D". */
static inline void edf_begin(struct edf_bytes *e, int signals, const char *reserved, const char *records,
                             const char *record_s)
{
    char text[32];
    memset(e, 0, sizeof *e);
    e->signals = signals;
    e->size = e->header_size = (size_t)(256 * (1 + signals));
    memset(e->bytes, ' ', e->size);
    edf_field(e->bytes, 8, "0");
    edf_field(e->bytes + 8, 80, "X X X X");
    edf_field(e->bytes + 88, 80, "Startdate 02-MAR-2002 X X X");
    edf_field(e->bytes + 168, 8, "02.03.02");
    edf_field(e->bytes + 176, 8, "16.17.18");
    snprintf(text, sizeof text, "%zu", e->size);
    edf_field(e->bytes + 184, 8, text);
    edf_field(e->bytes + 192, 44, reserved);
    edf_field(e->bytes + 236, 8, records);
    edf_field(e->bytes + 244, 8, record_s);
    snprintf(text, sizeof text, "%d", signals);
    edf_field(e->bytes + 252, 4, text);
}

/* The next signal; its steps run from -1000 to 1000. */
static inline void edf_signal(struct edf_bytes *e, const char *label, const char *unit, const char *low,
                              const char *high, int samples)
{
    char text[32];
    const size_t n = (size_t)e->signals, i = (size_t)e->at;
    unsigned char *p = e->bytes + 256;
    edf_field(p + 16 * i, 16, label);
    edf_field(p + 96 * n + 8 * i, 8, unit);
    edf_field(p + 104 * n + 8 * i, 8, low);
    edf_field(p + 112 * n + 8 * i, 8, high);
    edf_field(p + 120 * n + 8 * i, 8, strcmp(label, "EDF Annotations") ? "-1000" : "-32768");
    edf_field(p + 128 * n + 8 * i, 8, strcmp(label, "EDF Annotations") ? "1000" : "32767");
    snprintf(text, sizeof text, "%d", samples);
    edf_field(p + 216 * n + 8 * i, 8, text);
    e->samples[e->at++] = samples;
}

static inline void edf_step(struct edf_bytes *e, int step)
{
    e->bytes[e->size++] = (unsigned char)(step & 0xff);
    e->bytes[e->size++] = (unsigned char)(step >> 8 & 0xff);
}

/* Annotations of a record: in text '|' stands for byte 20 and '~' for 21, '/' for 0. */
static inline void edf_text(struct edf_bytes *e, int samples, const char *text)
{
    memset(e->bytes + e->size, 0, 2 * (size_t)samples);
    for (size_t i = 0; text[i] && i < 2 * (size_t)samples; i++)
        e->bytes[e->size + i] = (unsigned char)(text[i] == '|'   ? 20
                                                : text[i] == '~' ? 21
                                                : text[i] == '/' ? 0
                                                                 : text[i]);
    e->size += 2 * (size_t)samples;
}

#endif
