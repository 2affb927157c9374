/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing of EDF+ recordings through libedf: signals with units and rates, and annotations.
 *
 *   struct ob_edf_channel channels[] = {{.name = "ECG", .unit = "mV", .rate_hz = 130, .low = -5, .high = 5}};
 *   struct ob_edf_desc desc = {.path = "a.edf", .channels = channels, .count = 1};
 *   struct ob_edf *edf;
 *   if (ob_edf_create(&desc, &edf, sentence, sizeof sentence)) ...
 *   ob_edf_put(edf, 0, block, n);              (as they come, any number at a time)
 *   ob_edf_annotate(edf, beat_ns, -1, "beat");
 *   err = ob_edf_finish(edf, sentence, sizeof sentence);
 *
 * libedf keeps one annotation a data record and annotation signal and drops the rest without a word: of 354 beats in
 * 300 records it kept 300. So three annotation signals are asked for, more where three do not hold all. And nothing is
 * believed: the finished file is read again with our own reader (format/edf.h), every sample and every annotation is
 * compared, and only then does the file get its name. Until then it lies beside it under a temporary one, so that there
 * is never half a file.
 *
 * Everything is kept in memory until finish (2 bytes a sample): an hour of a 250 Hz signal takes 1.8 MB. Annotations
 * are kept to 0.1 ms, which is libedf's resolution, and to 40 bytes of text. A sample that is not there (NaN) is
 * written as the lowest step, which the filter field says (OB_EDF_LOWEST_MISSING). Signals of unequal length are filled
 * up with such samples, and so is the last record.
 *
 * libedf's list of open files is global; a lock in here guards it, so different writers may be on different threads.
 * One writer is for one thread at a time. May block on the disk. Files are made with mode 0600. */
#ifndef OB_EDF_EDF_H
#define OB_EDF_EDF_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_EDF_CHANNELS_MAX 32
#define OB_EDF_NOTE_MAX     40 /* bytes of an annotation's text; a longer one is cut between letters */
#define OB_EDF_SENTENCE_MAX 512
#define OB_EDF_NOTE_TICK_NS 100000 /* times of annotations are rounded to this */
#define OB_EDF_HOURS_MOST   240    /* a longer recording is refused */

struct ob_edf;

struct ob_edf_channel {
    const char *name;   /* label, up to 16 letters of ASCII: "ECG", "PPG", "Resp", "HR" */
    const char *unit;   /* up to 8: "mV", "uV", "bpm", "ms"; may be NULL */
    const char *sensor; /* where it comes from, up to 80; may be NULL */
    double rate_hz;     /* 0.1-1000; together the rates need a record of 1-10 s with whole numbers of samples */
    double low, high;   /* physical range; samples outside are cut to it and counted */
};

struct ob_edf_desc {
    const char *path;
    const struct ob_edf_channel *channels;
    int count;            /* 1 to OB_EDF_CHANNELS_MAX */
    int year, month, day; /* of the start; year 0: none is told (1985-01-01 00:00:00, as is the custom) */
    int hour, minute, second;
    const char *patient_code; /* NULL: X. The name, sex and birthday fields are always X */
    const char *about;        /* of the recording, up to 24 letters of ASCII: "simulated person" */
    const char *equipment;    /* up to 20; NULL: Outbreath and its version */
    bool replace;             /* a file of that name is replaced; else it is refused */
};

/* OB_ERR_RANGE, _NO_MEMORY, _EXISTS, or what the folder says; then *edf_out is NULL and a sentence for people is in
 * sentence_out (NULL with size 0: none wanted). */
enum ob_err ob_edf_create(const struct ob_edf_desc *desc, struct ob_edf **edf_out, char *sentence_out, size_t size);

/* The next samples of a channel, in its unit. OB_ERR_NO_MEMORY, OB_ERR_RANGE (too long a recording). */
enum ob_err ob_edf_put(struct ob_edf *edf, int channel, const float *values, size_t count);

/* An annotation, in any order. onset_ns from the start, 0 or later; duration_ns -1: none. text: UTF-8. Without memory
 * OB_ERR_NO_MEMORY. OB_ERR_RANGE: before the start or too late. A recording shorter than its last annotation is filled
 * up with missing samples. */
enum ob_err ob_edf_annotate(struct ob_edf *edf, int64_t onset_ns, int64_t duration_ns, const char *text);

/* Samples cut to the range so far. */
uint64_t ob_edf_cut(const struct ob_edf *edf);

/* Writes, reads again, compares, gives it its name, and frees the writer whatever happens. On an error there is no
 * file, an older one is untouched, and the sentence says why. */
enum ob_err ob_edf_finish(struct ob_edf *edf, char *sentence_out, size_t size);

/* Frees without writing. NULL is fine. */
void ob_edf_abandon(struct ob_edf *edf);

#endif
