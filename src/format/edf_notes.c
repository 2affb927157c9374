/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/edf.h"

#include "format/lines.h"

#include <string.h>

#define AFTER_TEXT    0x14
#define BEFORE_LENGTH 0x15
#define SECONDS_MOST  1000000000 /* 31 years */
#define NS_PER_S      1000000000
#define SAMPLE_BYTES  2

/* Decimal seconds as whole nanoseconds, so that what was written with seven digits is read to the digit. */
static bool take_seconds(const unsigned char *p, const unsigned char *end, int64_t *ns_out)
{
    int64_t seconds = 0, part = 0, unit = NS_PER_S / 10;
    const unsigned char *first = p;
    for (; p < end && *p >= '0' && *p <= '9'; p++) {
        seconds = 10 * seconds + (*p - '0');
        if (seconds > SECONDS_MOST)
            return false;
    }
    bool any = p > first;
    if (p < end && *p == '.')
        for (p++; p < end && *p >= '0' && *p <= '9'; p++, unit /= 10) {
            part += unit * (*p - '0');
            any = true;
        }
    *ns_out = seconds * NS_PER_S + part;
    return any && p == end;
}

void ob_edf_notes_init(struct ob_edf_notes *notes, const struct ob_edf_header *header, const unsigned char *record)
{
    memset(notes, 0, sizeof *notes);
    notes->header = header;
    notes->record = record;
    notes->signal = -1;
}

static bool next_signal(struct ob_edf_notes *notes)
{
    const bool none_before = notes->signal < 0;
    while (++notes->signal < notes->header->signals) {
        const struct ob_edf_signal *signal = &notes->header->signal[notes->signal];
        if (!signal->annotations)
            continue;
        notes->at = notes->record + signal->offset;
        notes->end = notes->at + SAMPLE_BYTES * (size_t)signal->samples;
        notes->in_list = false;
        notes->first = none_before;
        return true;
    }
    notes->signal = notes->header->signals;
    return false;
}

static const unsigned char *find(const unsigned char *p, const unsigned char *end, int byte)
{
    return memchr(p, byte, (size_t)(end - p));
}

/* "+12.5 (15) 0.3 (14)": onset and, behind 15, the duration. False: there is no list here any more. */
static bool begin_list(struct ob_edf_notes *notes)
{
    while (notes->at < notes->end && *notes->at == 0)
        notes->at++;
    if (notes->at == notes->end)
        return false;
    const unsigned char *stop = find(notes->at, notes->end, AFTER_TEXT);
    if ((*notes->at != '+' && *notes->at != '-') || !stop) {
        notes->bad = true;
        return false;
    }
    const unsigned char *length = find(notes->at, stop, BEFORE_LENGTH);
    const unsigned char *onset_end = length ? length : stop;
    notes->duration_ns = -1;
    if (!take_seconds(notes->at + 1, onset_end, &notes->onset_ns) ||
        (length && !take_seconds(length + 1, stop, &notes->duration_ns))) {
        notes->bad = true;
        return false;
    }
    if (*notes->at == '-')
        notes->onset_ns = -notes->onset_ns;
    notes->at = stop + 1;
    notes->in_list = true;
    return true;
}

/* The next text of a list; false: the list is over. */
static bool next_text(struct ob_edf_notes *notes, struct ob_edf_note *note)
{
    if (notes->at == notes->end || *notes->at == 0) {
        notes->in_list = false;
        return false;
    }
    const unsigned char *stop = find(notes->at, notes->end, AFTER_TEXT);
    if (!stop) {
        notes->bad = true;
        notes->at = notes->end;
        notes->in_list = false;
        return false;
    }
    size_t length = (size_t)(stop - notes->at);
    length = length < OB_EDF_TEXT_MAX ? length : OB_EDF_TEXT_MAX;
    for (size_t i = 0; i < length; i++)
        note->text[i] = notes->at[i] < 32 || notes->at[i] == 127 ? ' ' : (char)notes->at[i];
    note->text[length] = 0;
    note->length = length;
    note->onset_ns = notes->onset_ns;
    note->duration_ns = notes->duration_ns;
    note->record_start = notes->first && length == 0;
    notes->first = false;
    notes->at = stop + 1;
    return true;
}

bool ob_edf_notes_next(struct ob_edf_notes *notes, struct ob_edf_note *note_out)
{
    for (;;) {
        if (notes->in_list) {
            if (next_text(notes, note_out))
                return true;
        } else if (notes->at == notes->end || !begin_list(notes)) {
            if (!next_signal(notes))
                return false;
        }
    }
}

bool ob_edf_record_start(const struct ob_edf_header *header, const unsigned char *record, int64_t *start_ns_out)
{
    struct ob_edf_notes notes;
    struct ob_edf_note note;
    ob_edf_notes_init(&notes, header, record);
    if (!ob_edf_notes_next(&notes, &note) || !note.record_start)
        return false;
    *start_ns_out = note.onset_ns;
    return true;
}

static bool is_word(const struct ob_edf_note *note, const char *word)
{
    const char *text = note->text;
    while (*text == ' ')
        text++;
    const size_t length = strcspn(text, " ");
    char first[16];
    if (length >= sizeof first)
        return false;
    memcpy(first, text, length);
    first[length] = 0;
    return ob_text_is(first, word);
}

bool ob_edf_is_beat(const struct ob_edf_note *note)
{
    static const char *const words[] = {"R", "N", "QRS", "R peak", "R-peak", "Rpeak", "heartbeat", "NN", "RR"};
    if (is_word(note, "beat") || is_word(note, "pulse"))
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (ob_text_is(note->text, words[i]))
            return true;
    return false;
}

bool ob_edf_is_pulse(const struct ob_edf_note *note)
{
    return is_word(note, "pulse");
}

bool ob_edf_is_gap(const struct ob_edf_note *note)
{
    return is_word(note, "gap");
}
