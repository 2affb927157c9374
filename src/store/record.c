/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The person's record and the session's header, as the bytes that are sealed: u8 version, then the fields in order,
 * little-endian; a text is u32 length and UTF-8. A newer program may add fields at the end. */
#include "format/bytes.h"
#include "store/inner.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { VERSION = 1 };

struct reader {
    const unsigned char *at;
    size_t left;
    bool bad;
};

static const unsigned char *take(struct reader *r, size_t size)
{
    static const unsigned char nothing[8];
    if (r->bad || r->left < size) {
        r->bad = true;
        return nothing;
    }
    const unsigned char *p = r->at;
    r->at += size;
    r->left -= size;
    return p;
}

static unsigned char *put_text(unsigned char *p, const char *text)
{
    const size_t length = strlen(text);
    p = ob_put_u32(p, (uint32_t)length);
    memcpy(p, text, length);
    return p + length;
}

static void take_text(struct reader *r, char *out, size_t size)
{
    const size_t length = ob_get_u32(take(r, 4));
    out[0] = '\0';
    if (r->bad || length >= size || length > r->left) {
        r->bad = true;
        return;
    }
    const char *text = (const char *)take(r, length);
    if (memchr(text, 0, length) || !ob_text_is_fine(text, length)) {
        r->bad = true;
        return;
    }
    memcpy(out, text, length);
    out[length] = '\0';
}

static double take_number(struct reader *r)
{
    const double x = ob_get_f64(take(r, 8));
    return isfinite(x) ? x : (double)NAN;
}

/* ---- a person --------------------------------------------------------------------------------------------------- */

static size_t letters(const char *text)
{
    size_t n = 0;
    for (; *text; text++)
        n += ((unsigned char)*text & 0xc0) != 0x80;
    return n;
}

enum ob_err ob_person_record_check(const struct ob_person_record *record, char *problem_out, size_t problem_size)
{
    const char *name_end = memchr(record->name, 0, sizeof record->name);
    const char *notes_end = memchr(record->notes, 0, sizeof record->notes);
    const char *problem = NULL;
    char text[128];
    if (!name_end || letters(record->name) > OB_NAME_LETTERS)
        snprintf(text, sizeof text, "a name has at most %d characters", OB_NAME_LETTERS), problem = text;
    else if (name_end == record->name)
        problem = "a name has at least one character";
    else if (!ob_text_is_fine(record->name, (size_t)(name_end - record->name)) || strpbrk(record->name, "\n\t"))
        problem = "a name is text in UTF-8, of any script, without line breaks or control characters";
    else if (!notes_end || letters(record->notes) > OB_NOTES_LETTERS)
        snprintf(text, sizeof text, "notes have at most %d characters", OB_NOTES_LETTERS), problem = text;
    else if (!ob_text_is_fine(record->notes, (size_t)(notes_end - record->notes)))
        problem = "notes are text in UTF-8, of any script, without control characters";
    if (!problem)
        return OB_OK;
    snprintf(problem_out, problem_size, "%s", problem);
    return OB_ERR_RANGE;
}

size_t ob_person_record_encode(const struct ob_person_record *record, unsigned char out[OB_PERSON_RECORD_MAX])
{
    unsigned char *p = out;
    *p++ = VERSION;
    p = ob_put_u64(p, (uint64_t)record->since_wall_ns);
    *p++ = (unsigned char)(record->simulated | record->gentle << 1);
    p = put_text(p, record->name);
    p = put_text(p, record->notes);
    return (size_t)(p - out);
}

bool ob_person_record_decode(const unsigned char *bytes, size_t size, struct ob_person_record *record_out)
{
    struct reader r = {bytes, size, false};
    if (*take(&r, 1) != VERSION)
        return false;
    record_out->since_wall_ns = (int64_t)ob_get_u64(take(&r, 8));
    const unsigned char flags = *take(&r, 1);
    record_out->simulated = flags & 1;
    record_out->gentle = flags >> 1 & 1;
    take_text(&r, record_out->name, sizeof record_out->name);
    take_text(&r, record_out->notes, sizeof record_out->notes);
    return !r.bad;
}

/* ---- a session -------------------------------------------------------------------------------------------------- */

const char *ob_session_state_name(enum ob_session_state state)
{
    static const char *const names[OB_SESSION_STATES] = {"running", "ended", "interrupted"};
    return (int)state >= 0 && state < OB_SESSION_STATES ? names[state] : "";
}

bool ob_session_is_trifle(const struct ob_session_row *row)
{
    return row->state != OB_SESSION_RUNNING && row->duration_s < OB_TRIFLE_S && row->beats == 0 &&
           row->checkin[0] == 0 && row->checkin[1] == 0;
}

size_t ob_session_row_encode(const struct ob_session_row *row, unsigned char out[OB_SESSION_ROW_MAX])
{
    unsigned char *p = out;
    *p++ = VERSION;
    *p++ = (unsigned char)row->state;
    p = ob_put_u64(p, (uint64_t)row->start_wall_ns);
    p = ob_put_u32(p, (uint32_t)row->utc_offset_s);
    p = ob_put_f64(p, row->planned_minutes);
    *p++ = (unsigned char)row->beats_from;
    *p++ = (unsigned char)(row->simulated | row->imported << 1);
    *p++ = (unsigned char)row->checkin[0];
    *p++ = (unsigned char)row->checkin[1];
    p = ob_put_f64(p, row->duration_s);
    p = ob_put_u64(p, row->beats);
    p = ob_put_u64(p, row->corrected);
    *p++ = OB_FEATURES;
    for (int i = 0; i < OB_FEATURES; i++)
        p = ob_put_f64(p, row->medians[i]);
    p = put_text(p, row->protocol);
    p = put_text(p, row->posture);
    p = put_text(p, row->source);
    return (size_t)(p - out);
}

bool ob_session_row_decode(const unsigned char *bytes, size_t size, struct ob_session_row *row_out)
{
    struct reader r = {bytes, size, false};
    if (*take(&r, 1) != VERSION)
        return false;
    const unsigned char state = *take(&r, 1);
    row_out->state = (enum ob_session_state)state;
    row_out->start_wall_ns = (int64_t)ob_get_u64(take(&r, 8));
    row_out->utc_offset_s = (int32_t)ob_get_u32(take(&r, 4));
    row_out->planned_minutes = take_number(&r);
    row_out->beats_from = *take(&r, 1);
    const unsigned char flags = *take(&r, 1);
    row_out->simulated = flags & 1;
    row_out->imported = flags >> 1 & 1;
    row_out->checkin[0] = *take(&r, 1);
    row_out->checkin[1] = *take(&r, 1);
    row_out->duration_s = take_number(&r);
    row_out->beats = ob_get_u64(take(&r, 8));
    row_out->corrected = ob_get_u64(take(&r, 8));
    const int count = *take(&r, 1);
    for (int i = 0; i < OB_FEATURES; i++)
        row_out->medians[i] = (double)NAN;
    for (int i = 0; i < count; i++) {
        const double median = take_number(&r);
        if (i < OB_FEATURES)
            row_out->medians[i] = median;
    }
    take_text(&r, row_out->protocol, sizeof row_out->protocol);
    take_text(&r, row_out->posture, sizeof row_out->posture);
    take_text(&r, row_out->source, sizeof row_out->source);
    return !r.bad && state < OB_SESSION_STATES && row_out->beats_from <= OB_BEATS_PPG && row_out->checkin[0] <= 11 &&
           row_out->checkin[1] <= 11;
}
