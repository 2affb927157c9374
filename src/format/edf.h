/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings in the European Data Format: EDF (1992) and EDF+ (2003), whoever wrote them.
 *
 * A file is a header in ASCII, 256 bytes and 256 more a signal, and then data records of equal length, each with the
 * samples of all signals one after the other (16 bits, little-endian). In EDF+ one or more of the signals hold text:
 * time-stamped annotation lists (TALs), whose first one in each record says when the record begins. EDF+C is
 * continuous, EDF+D may have gaps between its records.
 * Kemp et al. 1992, doi:10.1016/0013-4694(92)90009-7; Kemp and Olivan 2003, doi:10.1016/S1388-2457(03)00123-8.
 *
 * Reading is our own and not libedf's: it must survive any bytes, be cut short, run on several threads and know EDF+D;
 * writing is in edf/. What makers get wrong and what does no harm is read (decimal commas, a start without a date, a
 * physical range of nothing); what would give wrong numbers is refused in words.
 *
 * Pure, caller's memory, one thread at a time. */
#ifndef OB_FORMAT_EDF_H
#define OB_FORMAT_EDF_H

#include "base/err.h"
#include "format/channel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_EDF_SIGNALS_MAX 256                              /* more are refused */
#define OB_EDF_RECORD_MAX  (16u << 20)                      /* bytes of one data record; more are refused */
#define OB_EDF_HEADER_MAX  (256 * (1 + OB_EDF_SIGNALS_MAX)) /* bytes */
#define OB_EDF_TEXT_MAX    512                              /* bytes kept of an annotation's text */

/* In a signal's filter field: its lowest step stands for a sample that is not there. Our own convention. */
#define OB_EDF_LOWEST_MISSING "lowest: missing"

enum ob_edf_kind { OB_EDF_PLAIN, OB_EDF_PLUS_CONTINUOUS, OB_EDF_PLUS_GAPS };

struct ob_edf_signal {
    char name[OB_CHANNEL_NAME_MAX]; /* the label, without blanks around */
    char unit[OB_CHANNEL_UNIT_MAX]; /* as scaled: voltages are mV; empty where the file's scale makes no sense */
    bool annotations;               /* holds text, no samples */
    int samples;                    /* in one record */
    size_t offset;                  /* of its first byte in a record */
    double gain, base;              /* value = gain * step + base */
    int lowest, highest;            /* steps outside are no measurement; both 0: not said */
};

struct ob_edf_header {
    enum ob_edf_kind kind;
    char patient[81], recording[81]; /* the fields as they stand, blanks at the end cut */
    int year, month, day;            /* of the start, local time of whoever recorded it; year 0: not said */
    int hour, minute, second;
    int64_t records; /* as promised; -1: the writer did not get to say (an unclosed file) */
    double record_s; /* length of a record, 1 us to a day; 0 where there are nothing but annotations */
    size_t record_bytes;
    size_t header_bytes;
    int signals;
    struct ob_edf_signal signal[OB_EDF_SIGNALS_MAX];
};

/* Whether bytes begin like an EDF header. */
bool ob_edf_looks_like(const unsigned char *bytes, size_t count);

/* How many bytes the header has, from its first 256 (fewer: 0). 0: it is none, or has too many signals. */
size_t ob_edf_header_size(const unsigned char *bytes, size_t count);

/* Reads a whole header. On an error a sentence for people, which does not name the file, is in sentence_out.
 * OB_ERR_FORMAT, OB_ERR_TRUNCATED, OB_ERR_UNSUPPORTED (too large), OB_ERR_EMPTY (no signals). */
enum ob_err ob_edf_parse_header(const unsigned char *bytes, size_t count, struct ob_edf_header *header_out,
                                char *sentence_out, size_t sentence_size);

/* Sampling rate of a signal; 0 for annotations. */
double ob_edf_rate_hz(const struct ob_edf_header *header, int signal);

/* The i-th sample of a signal in a record of record_bytes, in the signal's unit; NaN outside the range that the header
 * gives. */
float ob_edf_sample(const struct ob_edf_signal *signal, const unsigned char *record, int i);

/* One annotation. */
struct ob_edf_note {
    int64_t onset_ns;    /* from the start of the recording; may be negative */
    int64_t duration_ns; /* -1: not said */
    bool record_start;   /* empty text and the first of its record: when the record begins */
    size_t length;
    char text[OB_EDF_TEXT_MAX + 1]; /* UTF-8 as far as the writer kept to it; control characters are blanks */
};

/* The annotations of one record, in the order in which they stand there. */
struct ob_edf_notes {
    const unsigned char *at, *end;
    bool bad; /* bytes that are no annotations were left out */
    /* private */
    const struct ob_edf_header *header;
    const unsigned char *record;
    int signal;
    bool in_list, first;
    int64_t onset_ns, duration_ns;
};

/* record: record_bytes bytes that stay valid as long as notes are asked for. */
void ob_edf_notes_init(struct ob_edf_notes *notes, const struct ob_edf_header *header, const unsigned char *record);
bool ob_edf_notes_next(struct ob_edf_notes *notes, struct ob_edf_note *note_out);

/* When a record begins, from its own annotation, ns from the start of the recording; false: it does not say. */
bool ob_edf_record_start(const struct ob_edf_header *header, const unsigned char *record, int64_t *start_ns_out);

/* Whether an annotation marks a heart beat: "beat" or "pulse" and what follows a blank behind it, R, N, QRS, "R peak",
 * "R-peak", "Rpeak", "heartbeat", "NN", "RR"; without regard to case. */
bool ob_edf_is_beat(const struct ob_edf_note *note);

/* Whether such a beat is one of the pulse ("pulse" and what follows a blank behind it): pulse rate variability then. */
bool ob_edf_is_pulse(const struct ob_edf_note *note);

/* Whether it says that beats before and after it are no neighbours: "gap" and what follows a blank behind it. */
bool ob_edf_is_gap(const struct ob_edf_note *note);

#endif
