/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What small boards say over a serial line, from bytes to numbers. Pure: no clock, no descriptor.
 *
 *   PulseSensor:  S<sample>  B<bpm>  Q<interval ms>, one a line
 *   its plotter:  bpm,interval,sample
 *   one number a line: an ECG (AD8232) or a pulse wave (MAX30102); a line "!" says that the electrodes are off
 *
 * Which of them it is shows from the lines. A letter or a three-column line is believed at once; plain numbers after
 * four of them, since the first line may be the tail of another. Memory is constant: a line of more than 63 bytes is
 * noise. */
#ifndef OB_SENSOR_SERIAL_DECODE_H
#define OB_SENSOR_SERIAL_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ob_serial_format {
    OB_SERIAL_AUTO, /* not known yet */
    OB_SERIAL_PULSESENSOR,
    OB_SERIAL_PLOTTER,
    OB_SERIAL_NUMBERS,
};

enum ob_serial_item_kind {
    OB_SERIAL_SAMPLE,         /* value: of the signal, as the board said it */
    OB_SERIAL_INTERVAL,       /* value: RR of a beat that has just been, 200-3000 ms */
    OB_SERIAL_INTERVAL_STATE, /* value: RR of the last beat, said again with each sample, 200-3000 ms */
    OB_SERIAL_NO_INTERVAL,    /* an interval that can be none (0, -1, 1e9): neighbours are not successive */
    OB_SERIAL_LEADS_OFF,
};

struct ob_serial_item {
    enum ob_serial_item_kind kind;
    float value;
};

#define OB_SERIAL_LINE_MAX 63

struct ob_serial_decode {
    enum ob_serial_format format; /* once known */
    uint64_t lines;               /* that were understood */
    uint64_t bad_lines;           /* that were not */
    uint64_t bad_intervals;       /* NO_INTERVAL so far */
    float good_01;                /* share of understood lines, over about the last 50 */
    /* private */
    bool fixed;
    int numbers_in_row, others_in_row;
    size_t length;
    bool overlong;
    int queued, given;
    struct ob_serial_item queue[2];
    char line[OB_SERIAL_LINE_MAX + 1];
};

/* format: AUTO, or what it is known to be. */
void ob_serial_decode_init(struct ob_serial_decode *decode, enum ob_serial_format format);

/* The line was cut off (the board is gone): forget the unfinished line. */
void ob_serial_decode_break(struct ob_serial_decode *decode);

/* Takes bytes from *bytes until an item is known: true. False: all bytes are taken. */
bool ob_serial_decode_next(struct ob_serial_decode *decode, const unsigned char **bytes, size_t *count,
                           struct ob_serial_item *item_out);

/* "PulseSensor", ...: for people. Static memory. */
const char *ob_serial_format_name(enum ob_serial_format format);

#endif
