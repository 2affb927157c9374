/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event log, .oblog: every event that entered the engine, in the order in which it was applied. A log replayed
 * through the same engine gives the same snapshots.
 *
 * Little-endian throughout; doubles and floats as their IEEE 754 bits, so that nothing is rounded.
 *
 *   header   8 bytes  "OBLOG" CR LF 1A (a copy made in text mode breaks it visibly)
 *            u16      major version: another one is refused
 *            u16      minor version: a newer one may have new kinds of records, and longer known ones
 *            u32      CRC-32C of the twelve bytes before
 *   record   u32      length of the payload in bytes
 *            u32      CRC-32C of the length's four bytes and of the payload
 *            payload  u16 kind, u16 zero, u32 source, i64 measured_ns, i64 arrived_ns, i64 applied_ns, then by kind:
 *                     BEGIN    eight f64 in the order of struct ob_session_plan, u64 seed, u8 simulated, u8 fixed_pace,
 * u8 adaptive (minor 2) RR       f64 rr_ms, u32 beats, f32 quality_01 SAMPLES  u32 signal, u16 frames, u16 channels,
 * f64 period_ns, f32 values[frames * channels] CONTACT  u8 supported, u8 touching COMMAND  u32 code, f64 value PHASE
 * u32 kind, u32 flags, eight f64 in the order of struct ob_session_phase (minor 1) PAST     112 bytes of breath/pace.h
 * (minor 2) MARK  u32 label, u16 length of the words, words in UTF-8 without a 0 (minor 3) NONE, GAP, TIME  nothing
 *
 * One event has one encoding (no padding, only the used part of the union), so logs can be compared byte by byte. The
 * log is only appended to. When a program dies in the middle of a record, the reader stops before that record; what
 * came before is whole, and a writer may truncate the file to good_bytes and go on.
 *
 * Pure, caller's memory, one thread at a time. */
#ifndef OB_FORMAT_OBLOG_H
#define OB_FORMAT_OBLOG_H

#include "base/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_OBLOG_MAJOR       1
#define OB_OBLOG_MINOR       3
#define OB_OBLOG_HEADER_SIZE 16
#define OB_OBLOG_RECORD_MAX  256  /* no event of this version takes more bytes */
#define OB_OBLOG_PAYLOAD_MAX 4096 /* no version writes longer payloads: a greater length is damage */

/* Writes the file header; returns OB_OBLOG_HEADER_SIZE. */
size_t ob_oblog_encode_header(unsigned char out[OB_OBLOG_HEADER_SIZE]);

/* Writes one record; returns its length. An event that breaks its own limits (unknown kind, frames * channels over
 * OB_EVENT_VALUES_MAX or channels 0 with frames, unknown label, words without an end) gives 0 and writes nothing. */
size_t ob_oblog_encode(const struct ob_event *event, unsigned char out[OB_OBLOG_RECORD_MAX]);

/* Why the reader stopped. */
enum ob_oblog_stop {
    OB_OBLOG_GOING,     /* it has not: feed more */
    OB_OBLOG_END,       /* the bytes ended between two records */
    OB_OBLOG_EMPTY,     /* there were no bytes at all */
    OB_OBLOG_NOT_A_LOG, /* the magic is not there, or the header is damaged or too short */
    OB_OBLOG_NEWER,     /* another major version wrote it */
    OB_OBLOG_TORN,      /* the bytes ended inside a record */
    OB_OBLOG_DAMAGED,   /* a checksum or a length is wrong */
    OB_OBLOG_STRANGE,   /* the checksum is right, the contents make no sense */
};

struct ob_oblog_decoder {
    enum ob_oblog_stop stop;
    uint64_t good_bytes; /* header and whole records so far: the place to cut a torn tail at */
    uint64_t events;     /* handed out */
    uint64_t skipped;    /* whole records of kinds that this version does not know */
    /* private */
    bool in_records;
    uint16_t minor;
    size_t have;
    unsigned char record[8 + OB_OBLOG_PAYLOAD_MAX];
};

void ob_oblog_decoder_init(struct ob_oblog_decoder *decoder);

/* Takes bytes from *bytes (moving it and *count on) until one event is whole: true, and it is in *event_out, unused
 * parts zero. False: all bytes are taken, or the decoder stopped (see decoder->stop) and takes no more. */
bool ob_oblog_next(struct ob_oblog_decoder *decoder, const unsigned char **bytes, size_t *count,
                   struct ob_event *event_out);

/* The file is over. Sets and returns the reason: END for a whole log. */
enum ob_oblog_stop ob_oblog_finish(struct ob_oblog_decoder *decoder);

/* A lower-case clause for people about a reason. Static memory, never NULL. */
const char *ob_oblog_stop_text(enum ob_oblog_stop stop);

#endif
