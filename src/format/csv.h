/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signals as columns of text: ECG, PPG, respiration with a sampling rate, or with a column of times.
 *
 * The separator (comma, semicolon, tab, blanks), the decimal sign, names and units of the columns and the time column
 * are found from the first lines (up to 1024). The rate is, in this order: what the caller says; a comment such as
 * "# fs = 250" or "# sampling rate: 250 Hz"; the mean step of the time column. Times may be seconds, milliseconds,
 * microseconds, nanoseconds (by the column's name, else by what gives 10-2000 Hz) or clock times h:m:s.
 *
 * A column that only counts (sample, index) is no channel. Cells that are no numbers are NaN; a line of such cells is a
 * frame when one of them says so (nan, null ...), or the line has a time. Where the times jump, the
 * frames that are not there are counted in `hole`. Voltages are given in mV when the name says their unit.
 *
 * Streaming, constant memory (about 100 KB in the caller's struct: keep it on the heap). Pure, one thread at a time. */
#ifndef OB_FORMAT_CSV_H
#define OB_FORMAT_CSV_H

#include "base/err.h"
#include "format/channel.h"
#include "format/lines.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_CSV_FIRST      1024  /* lines looked at before anything is handed out */
#define OB_CSV_FIRST_SIZE 65536 /* bytes of them, at most */
#define OB_CSV_COLUMNS    48    /* columns of a line that are looked at */
#define OB_CSV_HOLE_MAX_S 3600  /* a longer hole counts as this long */

struct ob_csv_frame {
    float values[OB_CHANNELS_MAX]; /* NaN: missing */
    uint32_t hole;                 /* frames missing in time before this one */
};

struct ob_csv {
    enum ob_err err; /* why there will be no more frames */
    bool decided;    /* names, units and rate below are known */
    int channels;
    double fs_hz;
    bool has_time;
    char name[OB_CHANNELS_MAX][OB_CHANNEL_NAME_MAX];
    char unit[OB_CHANNELS_MAX][OB_CHANNEL_UNIT_MAX];
    uint64_t frames;    /* handed out */
    uint64_t bad_cells; /* that were neither numbers nor empty */
    uint64_t holes;
    /* private */
    double asked_fs_hz;
    char separator, decimal;
    int column[OB_CHANNELS_MAX];
    double scale[OB_CHANNELS_MAX];
    int time_column;
    double time_unit_s;
    double time_before_s;
    bool have_time_before;
    int held, given;
    size_t pool_used;
    uint16_t held_at[OB_CSV_FIRST];
    struct ob_lines lines;
    char pool[OB_CSV_FIRST_SIZE];
};

/* fs_hz: what the caller knows about the rate, 0 for nothing. */
void ob_csv_init(struct ob_csv *csv, double fs_hz);

/* Takes bytes until a frame is known: true. False: all bytes are taken, or err says why not. */
bool ob_csv_next(struct ob_csv *csv, const unsigned char **bytes, size_t *count, struct ob_csv_frame *frame_out);

/* The file is over: call until false. */
bool ob_csv_last(struct ob_csv *csv, struct ob_csv_frame *frame_out);

/* A sentence for people about what is wrong; empty when nothing is. */
size_t ob_csv_sentence(const struct ob_csv *csv, char *sentence_out, size_t size);

#endif
