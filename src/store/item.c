/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/item.h"

#include "format/bytes.h"

#include <math.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the parts before anything that may vary. */
enum { HEAD = 3, BEAT = 8 + 8 + 4 + 4 + 1, FEATURES_HEAD = 8 + 1 + 1, MARK_HEAD = 8 + 1 };

/* ---- text ------------------------------------------------------------------------------------------------------- */

static size_t sequence_length(const unsigned char *s, size_t left)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const size_t n = s[0] < 0x80             ? 1
                     : (s[0] & 0xe0) == 0xc0 ? 2
                     : (s[0] & 0xf0) == 0xe0 ? 3
                     : (s[0] & 0xf8) == 0xf0 ? 4
                                             : 0;
    if (n == 0 || n > left)
        return 0;
    if (n == 1)
        return s[0] >= 0x20 && s[0] != 0x7f ? 1 : (s[0] == '\n' || s[0] == '\t') ? 1 : 0;
    uint32_t point = s[0] & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (s[i] & 0x3f);
    }
    const bool control = point >= 0x80 && point < 0xa0;
    const bool surrogate = point >= 0xd800 && point < 0xe000;
    return point < least[n] || point > 0x10ffff || surrogate || control ? 0 : n;
}

bool ob_text_is_fine(const char *text, size_t length)
{
    const unsigned char *s = (const unsigned char *)text;
    for (size_t at = 0; at < length;) {
        const size_t n = sequence_length(s + at, length - at);
        if (n == 0)
            return false;
        at += n;
    }
    return true;
}

static bool bounded(const char *text, size_t size, size_t *length_out)
{
    const char *end = memchr(text, 0, size);
    if (!end)
        return false;
    *length_out = (size_t)(end - text);
    return ob_text_is_fine(text, *length_out);
}

/* ---- to bytes --------------------------------------------------------------------------------------------------- */

static unsigned char *put_i64(unsigned char *p, int64_t x)
{
    return ob_put_u64(p, (uint64_t)x);
}

static unsigned char *encode_beat(const struct ob_item_beat *beat, unsigned char *p)
{
    if (beat->flag >= OB_BEAT_FLAGS)
        return NULL;
    p = put_i64(p, beat->time_ns);
    p = put_i64(p, beat->age_ns);
    p = ob_put_f32(p, beat->rr_ms);
    p = ob_put_f32(p, beat->nn_ms);
    *p++ = (unsigned char)beat->flag;
    return p;
}

static unsigned char *encode_features(const struct ob_item_features *features, unsigned char *p)
{
    if (features->stage >= OB_STAGES)
        return NULL;
    p = put_i64(p, features->time_ns);
    *p++ = (unsigned char)features->stage;
    *p++ = OB_FEATURES;
    for (int i = 0; i < OB_FEATURES; i++)
        p = ob_put_f32(p, features->values[i]);
    return p;
}

static unsigned char *encode_mark(const struct ob_item_mark *mark, unsigned char *p)
{
    size_t kind = 0, words = 0;
    if (!bounded(mark->kind, sizeof mark->kind, &kind) || !bounded(mark->words, sizeof mark->words, &words) ||
        kind == 0)
        return NULL;
    p = put_i64(p, mark->time_ns);
    *p++ = (unsigned char)kind;
    memcpy(p, mark->kind, kind);
    memcpy(p + kind, mark->words, words);
    return p + kind + words;
}

size_t ob_item_encode(const struct ob_item *item, unsigned char out[OB_ITEM_MAX])
{
    unsigned char *end = item->kind == OB_ITEM_BEAT       ? encode_beat(&item->u.beat, out + HEAD)
                         : item->kind == OB_ITEM_FEATURES ? encode_features(&item->u.features, out + HEAD)
                         : item->kind == OB_ITEM_MARK     ? encode_mark(&item->u.mark, out + HEAD)
                                                          : NULL;
    if (!end)
        return 0;
    out[0] = (unsigned char)item->kind;
    ob_put_u16(out + 1, (uint16_t)(end - out - HEAD));
    return (size_t)(end - out);
}

/* ---- a recording ------------------------------------------------------------------------------------------------ */

static void *room_for_one(void *array, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return array;
    const size_t more = *room ? 2 * *room : 256;
    if (more > SIZE_MAX / 2 / size)
        return NULL;
    /* Not realloc: what is left behind would stay in freed memory. */
    void *larger = malloc(more * size);
    if (!larger)
        return NULL;
    if (count > 0)
        memcpy(larger, array, count * size);
    if (array)
        sodium_memzero(array, *room * size);
    free(array);
    *room = more;
    return larger;
}

enum ob_err ob_recording_add(struct ob_recording *r, const struct ob_item *item)
{
    void *array;
    switch (item->kind) {
    case OB_ITEM_BEAT:
        array = room_for_one(r->beats, r->beat_count, &r->beat_room, sizeof *r->beats);
        if (!array)
            return OB_ERR_NO_MEMORY;
        r->beats = array;
        r->beats[r->beat_count++] = item->u.beat;
        return OB_OK;
    case OB_ITEM_FEATURES:
        array = room_for_one(r->features, r->feature_count, &r->feature_room, sizeof *r->features);
        if (!array)
            return OB_ERR_NO_MEMORY;
        r->features = array;
        r->features[r->feature_count++] = item->u.features;
        return OB_OK;
    case OB_ITEM_MARK:
        array = room_for_one(r->marks, r->mark_count, &r->mark_room, sizeof *r->marks);
        if (!array)
            return OB_ERR_NO_MEMORY;
        r->marks = array;
        r->marks[r->mark_count++] = item->u.mark;
        return OB_OK;
    default:
        return OB_ERR_RANGE;
    }
}

/* ---- from bytes ------------------------------------------------------------------------------------------------- */

static bool decode_beat(const unsigned char *p, size_t size, struct ob_item_beat *beat_out)
{
    if (size < BEAT || p[24] >= OB_BEAT_FLAGS)
        return false;
    *beat_out = (struct ob_item_beat){.time_ns = (int64_t)ob_get_u64(p),
                                      .age_ns = (int64_t)ob_get_u64(p + 8),
                                      .rr_ms = ob_get_f32(p + 16),
                                      .nn_ms = ob_get_f32(p + 20),
                                      .flag = p[24]};
    return isfinite(beat_out->rr_ms) && isfinite(beat_out->nn_ms);
}

static bool decode_features(const unsigned char *p, size_t size, struct ob_item_features *features_out)
{
    if (size < FEATURES_HEAD || p[8] >= OB_STAGES || size < FEATURES_HEAD + 4u * p[9])
        return false;
    features_out->time_ns = (int64_t)ob_get_u64(p);
    features_out->stage = p[8];
    for (int i = 0; i < OB_FEATURES; i++) {
        const float value = i < p[9] ? ob_get_f32(p + FEATURES_HEAD + 4 * i) : NAN;
        features_out->values[i] = isfinite(value) ? value : NAN;
    }
    return true;
}

static bool decode_mark(const unsigned char *p, size_t size, struct ob_item_mark *mark_out)
{
    if (size < MARK_HEAD)
        return false;
    const size_t kind = p[8];
    if (kind == 0 || kind >= OB_MARK_KIND || size < MARK_HEAD + kind)
        return false;
    const size_t words = size - MARK_HEAD - kind;
    if (words >= OB_MARK_WORDS)
        return false;
    mark_out->time_ns = (int64_t)ob_get_u64(p);
    memcpy(mark_out->kind, p + MARK_HEAD, kind);
    memcpy(mark_out->words, p + MARK_HEAD + kind, words);
    return ob_text_is_fine(mark_out->kind, kind) && ob_text_is_fine(mark_out->words, words);
}

enum ob_err ob_recording_decode(struct ob_recording *recording, const unsigned char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        if (size - at < HEAD)
            return OB_ERR_FORMAT;
        const size_t length = ob_get_u16(bytes + at + 1);
        const unsigned char *p = bytes + at + HEAD;
        if (size - at - HEAD < length)
            return OB_ERR_FORMAT;
        struct ob_item item = {.kind = bytes[at]};
        bool fine = true, known = true;
        if (item.kind == OB_ITEM_BEAT)
            fine = decode_beat(p, length, &item.u.beat);
        else if (item.kind == OB_ITEM_FEATURES)
            fine = decode_features(p, length, &item.u.features);
        else if (item.kind == OB_ITEM_MARK)
            fine = decode_mark(p, length, &item.u.mark);
        else
            known = false;
        if (!fine || item.kind == OB_ITEM_NONE)
            return OB_ERR_FORMAT;
        const enum ob_err err = known ? ob_recording_add(recording, &item) : OB_OK;
        if (err)
            return err;
        at += HEAD + length;
    }
    return OB_OK;
}

void ob_recording_finish(struct ob_recording *r)
{
    if (r->beats)
        sodium_memzero(r->beats, r->beat_room * sizeof *r->beats);
    if (r->features)
        sodium_memzero(r->features, r->feature_room * sizeof *r->features);
    if (r->marks)
        sodium_memzero(r->marks, r->mark_room * sizeof *r->marks);
    free(r->beats);
    free(r->features);
    free(r->marks);
    memset(r, 0, sizeof *r);
}
