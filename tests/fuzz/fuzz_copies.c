/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes back by import: a session as JSON, the CSV of a session, an archive. What is taken, written and read again
 * is the same. */
#ifndef _GNU_SOURCE
#define _POSIX_C_SOURCE 200809L /* fmemopen */
#endif
#include "report/archive.h"
#include "report/page.h"
#include "report/read_csv.h"
#include "report/read_json.h"
#include "report/words.h"
#include "report/write.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever a session holds: numbers that are shown are numbers, and windows lie in order. */
static void summarise(const struct ob_copy *copy)
{
    struct ob_summary *s = malloc(sizeof *s);
    struct ob_past_session past;
    struct ob_sheet csv = {.bytes = NULL};
    if (!s || !ob_summary_past(copy, &past))
        abort();
    const struct ob_summary_desc desc = {
        .copy = copy, .past = &past, .past_count = 1, .name = copy->source, .words = copy->protocol, .suggestion = -1};
    if (ob_summary_make(&desc, s) != OB_OK)
        abort();
    const struct ob_window *const windows[2] = {&s->windows.before, &s->windows.after};
    for (int i = 0; i < 2; i++) {
        for (int kind = 0; kind < OB_USUAL_KINDS; kind++)
            if (!isfinite(ob_usual_metric((enum ob_usual_kind)kind, windows[i])->value))
                abort();
        if (windows[i]->there && !(windows[i]->to_s - windows[i]->from_s > 0.0))
            abort();
    }
    for (int row = 0; row < OB_ROWS; row++) {
        struct ob_said_row said;
        ob_said_row(s, NULL, (enum ob_row_of)row, &said);
    }
    struct ob_said said;
    ob_said_change(s, NULL, &said);
    ob_said_moments(s, NULL, &said);
    ob_said_quality(s, NULL, &said);
    ob_said_when(s, NULL, &said);
    ob_said_about(s, NULL, &said);
    ob_write_page_csv(&csv, s);
    if (csv.failed)
        abort();
    ob_sheet_finish(&csv);
    ob_summary_finish(s);
    free(s);
}

static void check(const struct ob_copy *copy)
{
    for (size_t i = 0; i < copy->beat_count; i++)
        if (copy->beats[i].flag >= OB_BEAT_FLAGS || !isfinite(copy->beats[i].rr_ms) ||
            (i > 0 && copy->beats[i].time_ns < copy->beats[i - 1].time_ns))
            abort();
    struct ob_sheet text = {0};
    struct ob_copy again;
    char sentence[300];
    ob_write_json(&text, copy);
    if (ob_read_json(&again, text.bytes, text.size, sentence, sizeof sentence) != OB_OK || !ob_copy_same(copy, &again))
        abort();
    ob_copy_finish(&again);
    ob_write_csv(&text, copy, true);
    ob_write_rr(&text, copy, false);
    ob_write_rr(&text, copy, true);
    ob_sheet_finish(&text);
    summarise(copy);
}

static void read_archive(const uint8_t *data, size_t size)
{
    char sentence[300];
    FILE *stream = size > 0 ? fmemopen((void *)(uintptr_t)data, size, "rb") : NULL;
    struct ob_archive_reader *reader;
    struct ob_tar_entry entry;
    if (!stream)
        return;
    if (ob_archive_open(stream, "x", NULL, 0, &reader, sentence, sizeof sentence) != OB_OK) {
        if (!sentence[0])
            abort();
        return;
    }
    unsigned char bytes[700];
    size_t got;
    while (ob_archive_next(reader, &entry))
        for (uint64_t left = entry.size; (got = ob_archive_read(reader, bytes, sizeof bytes)) > 0; left -= got)
            if (got > left)
                abort();
    if ((ob_archive_outcome(reader, sentence, sizeof sentence) == OB_OK) != (sentence[0] == 0))
        abort();
    ob_archive_done(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ob_copy copy;
    char sentence[300];
    (void)ob_json_is((const char *)data, size, "outbreath-session");
    if (ob_archive_is(data, size) || (size > 262 && memcmp(data + 257, "ustar", 5) == 0)) {
        read_archive(data, size);
        return 0;
    }
    size_t at = 0;
    uint64_t line = 0;
    if (ob_csv_is_ours((const char *)data, size))
        while (at < size &&
               ob_read_csv(&copy, (const char *)data, size, &at, &line, sentence, sizeof sentence) == OB_OK) {
            check(&copy);
            ob_copy_finish(&copy);
        }
    const enum ob_err err = ob_read_json(&copy, (const char *)data, size, sentence, sizeof sentence);
    if (err && !sentence[0])
        abort();
    if (!err)
        check(&copy);
    ob_copy_finish(&copy);
    return 0;
}
