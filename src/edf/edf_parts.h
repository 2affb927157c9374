/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the writer holds, for itself and for the check of what it wrote. Private to this room. */
#ifndef OB_EDF_EDF_PARTS_H
#define OB_EDF_EDF_PARTS_H

#include "edf/edf.h"

#define OB_EDF_STEPS   32767 /* steps from -32767 to 32767; the lowest of all, -32768, stands for a missing sample */
#define OB_EDF_MISSING (-32768)

struct ob_edf_kept_note {
    int64_t tick;       /* onset in OB_EDF_NOTE_TICK_NS */
    int64_t long_ticks; /* -1: no duration */
    uint64_t order;
    char text[OB_EDF_NOTE_MAX + 1];
};

struct ob_edf_track {
    char name[17], unit[9], sensor[81];
    double rate_hz, low, high; /* the range as its eight characters in the header say it */
    int in_record;
    short *steps;
    size_t count, capacity;
};

struct ob_edf {
    char *path, *temporary;
    int year, month, day, hour, minute, second;
    char patient_code[41], about[41], equipment[41];
    bool replace;
    int channels;
    int record_s;
    struct ob_edf_track track[OB_EDF_CHANNELS_MAX];
    struct ob_edf_kept_note *notes;
    size_t note_count, note_capacity;
    uint64_t cut;
};

/* Reads the file at `temporary` and compares it with what was to be written. notes are sorted. On a difference
 * OB_ERR_IO and a clause in clause_out. */
enum ob_err ob_edf_check(const struct ob_edf *edf, size_t records, char *clause_out, size_t size);

#endif
