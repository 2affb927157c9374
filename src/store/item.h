/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is kept of a session, piece by piece: beats with their flags, a row of numbers a second, marks with words; and
 * the bytes that they become before they are sealed.
 *
 *   payload  records one after the other, little-endian:
 *            u8 kind, u16 length of what follows, then by kind (times are ns since the session's beginning):
 *              1 beat      i64 time, i64 age, f32 rr_ms, f32 nn_ms, u8 flag
 *              2 features  i64 time, u8 stage, u8 n, f32 values[n] (NaN: not known)
 *              3 mark      i64 time, u8 length of kind, kind, words to the end (UTF-8, no 0)
 *
 * A record of an unknown kind is skipped, a longer known one is read as far as it is known: a newer program may add.
 * Pure; any thread; caller's memory. */
#ifndef OB_STORE_ITEM_H
#define OB_STORE_ITEM_H

#include "base/err.h"
#include "engine/features.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ob_item_kind { OB_ITEM_NONE, OB_ITEM_BEAT, OB_ITEM_FEATURES, OB_ITEM_MARK, OB_ITEM_KINDS };

struct ob_item_beat {
    int64_t time_ns; /* of the beat that ends the interval, measured, since the session's beginning */
    int64_t age_ns;  /* arrived minus measured */
    float rr_ms;     /* as measured */
    float nn_ms;     /* after correction; 0: none */
    uint32_t flag;   /* enum ob_beat_flag */
};

struct ob_item_features {
    int64_t time_ns;
    uint32_t stage;            /* enum ob_stage */
    float values[OB_FEATURES]; /* NaN: not known */
};

#define OB_MARK_KIND  24  /* bytes with the 0: "pause", "dizzy", "gap", "turned over", "text", ... */
#define OB_MARK_WORDS 208 /* bytes with the 0 of somebody's own words, UTF-8 */

struct ob_item_mark {
    int64_t time_ns;
    char kind[OB_MARK_KIND]; /* base/mark.h, or what a session did: "pause", "dizzy", "gap", ... */
    char words[OB_MARK_WORDS];
};

struct ob_item {
    uint32_t kind; /* enum ob_item_kind */
    union {
        struct ob_item_beat beat;
        struct ob_item_features features;
        struct ob_item_mark mark;
    } u;
};

#define OB_ITEM_MAX 300 /* bytes of the longest record */

/* Writes one record; returns its length, 0 for an item that breaks its own limits (unknown kind, flag or stage, text
 * without end or not UTF-8). */
size_t ob_item_encode(const struct ob_item *item, unsigned char out[OB_ITEM_MAX]);

/* A whole session, or a part of it, in memory. Zero-initialise; finish frees. */
struct ob_recording {
    struct ob_item_beat *beats;
    size_t beat_count;
    struct ob_item_features *features;
    size_t feature_count;
    struct ob_item_mark *marks;
    size_t mark_count;
    /* private */
    size_t beat_room, feature_room, mark_room;
};

/* Appends a copy. OB_ERR_NO_MEMORY, OB_ERR_RANGE for an unknown kind. */
enum ob_err ob_recording_add(struct ob_recording *recording, const struct ob_item *item);

/* Appends the records of a payload. Survives any bytes: OB_ERR_FORMAT at the first record that makes no sense, what
 * came before it is kept. */
enum ob_err ob_recording_decode(struct ob_recording *recording, const unsigned char *bytes, size_t size);

void ob_recording_finish(struct ob_recording *recording);

/* True for valid UTF-8 (no overlong forms, no surrogates, nothing above U+10FFFF) without control characters but
 * newline and tab. */
bool ob_text_is_fine(const char *text, size_t length);

#endif
