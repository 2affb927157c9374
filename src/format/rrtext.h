/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of RR intervals as text, as heart-rate programs write them:
 *
 *   one interval a line, in milliseconds or seconds (Elite HRV, Kubios, most others);
 *   several columns, with or without names: `date,rr,since start` (HRV Logger), `event,value,timestamp` (OpenHRV,
 *   of which only the beat-to-beat events are taken), time and RR side by side (Kubios).
 *
 * Columns may be parted by comma, semicolon, tab or blanks; the decimal sign may be a comma; lines may be comments (#,
 * %,
 * //, ;). The first 128 lines decide which column it is, and the unit: a unit in the column's name, else seconds when
 * their median is below 10.
 *
 * An interval is kept when it lies between 200 and 3000 ms. Longer ones (to one day) stand for a gap in recordings of
 * many hours, and are handed out as gaps. Everything else (0, -1, 1e9, words) is counted and handed out as a gap of
 * unknown length (0): whoever reads on must not take the two neighbours for successive beats.
 *
 * Streaming, constant memory (about 20 KB in the caller's struct). Pure, one thread at a time. */
#ifndef OB_FORMAT_RRTEXT_H
#define OB_FORMAT_RRTEXT_H

#include "base/err.h"
#include "format/lines.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_RRTEXT_LOWEST_MS  200.0
#define OB_RRTEXT_HIGHEST_MS 3000.0
#define OB_RRTEXT_FIRST      128 /* lines looked at before anything is handed out */
#define OB_RRTEXT_FIRST_SIZE 128 /* bytes kept of each of them */

struct ob_rrtext_item {
    double rr_ms; /* the interval, or a gap's length; 0: a gap of unknown length */
    bool gap;     /* not an interval between two successive beats */
    uint64_t line;
};

struct ob_rrtext {
    enum ob_err err;    /* why there will be no more items; OB_OK while there may be */
    uint64_t intervals; /* handed out as intervals */
    uint64_t gaps;      /* longer than 3 s: handed out as gaps */
    uint64_t rejected;  /* lines that were neither */
    uint64_t other;     /* lines of another kind (other events of OpenHRV) */
    uint64_t first_rejected_line;
    bool seconds; /* the unit, once decided */
    /* private */
    bool decided, have_layout;
    char separator, decimal;
    int rr_column, event_column;
    int held, given; /* lines in first[]: how many, how many handed out */
    struct ob_lines lines;
    uint64_t held_number[OB_RRTEXT_FIRST];
    char first[OB_RRTEXT_FIRST][OB_RRTEXT_FIRST_SIZE];
};

void ob_rrtext_init(struct ob_rrtext *text);

/* Takes bytes from *bytes until an item is known: true. False: all bytes are taken, or err says why not. */
bool ob_rrtext_next(struct ob_rrtext *text, const unsigned char **bytes, size_t *count,
                    struct ob_rrtext_item *item_out);

/* The file is over: call until false. Then err is OB_OK when there was at least one interval. */
bool ob_rrtext_last(struct ob_rrtext *text, struct ob_rrtext_item *item_out);

/* A sentence for people about what was wrong or left out; empty when nothing was. Returns its length. */
size_t ob_rrtext_sentence(const struct ob_rrtext *text, char *sentence_out, size_t size);

#endif
