/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What small boards say over a serial line, from bytes to numbers. Pure: no clock, no descriptor.
 *
 *   PulseSensor:  S<sample>  B<bpm>  Q<interval ms>, one a line
 *   its plotter:  bpm,interval,sample
 *   one number a line: an ECG (AD8232) or a pulse wave (MAX30102); a line "!" says that the electrodes are off
 *   ProtoCentral: frames of bytes, see protocentral.h
 *
 * Which of them it is shows from the bytes. A letter or a three-column line is believed at once, frames after three
 * without a byte between them, plain numbers after four lines, since the first may be the tail of another. Memory is
 * constant: a line of more than 63 bytes is noise. */
#ifndef OB_SENSOR_SERIAL_DECODE_H
#define OB_SENSOR_SERIAL_DECODE_H

#include "sensor/protocentral.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ob_serial_format {
    OB_SERIAL_AUTO, /* not known yet */
    OB_SERIAL_PULSESENSOR,
    OB_SERIAL_PLOTTER,
    OB_SERIAL_NUMBERS,
    OB_SERIAL_PROTOCENTRAL,
};

enum ob_serial_item_kind {
    OB_SERIAL_SAMPLE,         /* value: of the signal, as the board said it */
    OB_SERIAL_INTERVAL,       /* value: RR of a beat that has just been, 200-3000 ms */
    OB_SERIAL_INTERVAL_STATE, /* value: RR of the last beat, said again with each sample, 200-3000 ms */
    OB_SERIAL_NO_INTERVAL,    /* an interval that can be none (0, -1, 1e9): neighbours are not successive */
    OB_SERIAL_LEADS_OFF,
    OB_SERIAL_BREATH, /* value: of the chest's impedance; stands behind the heart's sample of the same frame */
};

struct ob_serial_item {
    enum ob_serial_item_kind kind;
    float value;
};

#define OB_SERIAL_LINE_MAX 63
/* Items that one byte can complete: two of each of the shortest frames that a false head can hide. */
#define OB_SERIAL_QUEUE (2 * (OB_PROTOCENTRAL_FRAME_MAX / 7 + 1))

struct ob_serial_decode {
    enum ob_serial_format format; /* once known */
    uint64_t lines;               /* that were understood; a frame counts as one */
    uint64_t bad_lines;           /* that were not; so do each 16 bytes between frames */
    uint64_t strange_frames;      /* whole frames of a kind that is not known */
    uint64_t bad_intervals;       /* NO_INTERVAL so far */
    float good_01;                /* share of understood lines, over about the last 50 */
    bool pulse;                   /* the samples are a pulse wave by what the board is; else not known to be one */
    const char *board;            /* for people: of PROTOCENTRAL frames; NULL: not known */
    /* private */
    bool fixed;
    int numbers_in_row, others_in_row, clean_in_row;
    size_t length;
    bool overlong;
    int frames_in_row;
    struct ob_protocentral frames;
    uint64_t skipped_judged;
    int queued, given;
    struct ob_serial_item queue[OB_SERIAL_QUEUE];
    char line[OB_SERIAL_LINE_MAX + 1];
};

/* format: AUTO, or what it is known to be. */
void ob_serial_decode_init(struct ob_serial_decode *decode, enum ob_serial_format format);

/* The line was cut off (the board is gone): forget the unfinished line. */
void ob_serial_decode_break(struct ob_serial_decode *decode);

/* Takes bytes from *bytes until an item is known: true. False: all bytes are taken. */
bool ob_serial_decode_next(struct ob_serial_decode *decode, const unsigned char **bytes, size_t *count,
                           struct ob_serial_item *item_out);

/* Whether what comes is what it seems to be: a format is known, and at least half of the newest lines fit it. Noise can
 * spell a line; beats of a stream that is not trusted are no beats. */
bool ob_serial_decode_trusted(const struct ob_serial_decode *decode);

/* "PulseSensor", ...: for people. Static memory. */
const char *ob_serial_format_name(enum ob_serial_format format);

#endif
