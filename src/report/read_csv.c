/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/read_csv.h"

#include "format/lines.h"
#include "report/sheet.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define CELLS   9
#define HEADING "session,start_utc,label,simulated,time_s,rr_ms,nn_ms,flag,age_ms"

enum { SESSION, START, LABEL, SIMULATED, TIME, RR, NN, FLAG, AGE };

bool ob_csv_is_ours(const char *bytes, size_t size)
{
    return size > sizeof HEADING && memcmp(bytes, HEADING, sizeof HEADING - 1) == 0;
}

/* Decimal digits as whole nanoseconds. */
static bool take_ns(const char *text, int digits, int64_t *ns_out)
{
    const bool negative = *text == '-';
    text += negative;
    int64_t ns = 0;
    int after = -1, figures = 0;
    for (; *text; text++) {
        if (*text == '.' && after < 0) {
            after = 0;
            continue;
        }
        if (*text < '0' || *text > '9' || ns > INT64_MAX / 100 || after == digits)
            return false;
        ns = 10 * ns + (*text - '0');
        after += after >= 0;
        figures++;
    }
    for (after = after < 0 ? 0 : after; after < digits; after++) {
        if (ns > INT64_MAX / 100)
            return false;
        ns *= 10;
    }
    *ns_out = negative ? -ns : ns;
    return figures > 0;
}

static bool take_interval(const char *text, bool may_be_none, float *out)
{
    double value = 0.0;
    const enum ob_number kind = ob_number_parse(text, '.', &value);
    *out = (float)value;
    return kind == OB_NUMBER ? value >= 0.0 && value < 1e9 : may_be_none && kind == OB_NUMBER_MISSING;
}

static bool within(int64_t ns)
{
    return ns >= -OB_COPY_LONGEST_NS && ns <= OB_COPY_LONGEST_NS;
}

/* 1: taken, 0: another session begins here, -1: no such row. */
static int take_row(struct ob_copy *copy, char *line)
{
    char *cell[CELLS];
    struct ob_copy_beat beat = {.time_ns = 0};
    double number;
    if (ob_fields_split(line, ',', cell, CELLS) != CELLS || ob_number_parse(cell[SESSION], '.', &number) != OB_NUMBER ||
        !(number >= 0.0 && number < 1e15))
        return -1;
    if (copy->beat_count > 0 && copy->number != (uint64_t)number)
        return 0;
    int64_t start_ns = 0;
    const int flag = ob_copy_flag_of(cell[FLAG]);
    if ((cell[START][0] && !ob_sheet_utc_parse(cell[START], &start_ns)) || !take_ns(cell[TIME], 9, &beat.time_ns) ||
        !take_interval(cell[RR], false, &beat.rr_ms) || !take_interval(cell[NN], true, &beat.nn_ms) || flag < 0 ||
        !take_ns(cell[AGE], 6, &beat.age_ns) || !within(beat.time_ns) || !within(beat.age_ns) ||
        (strcmp(cell[LABEL], "HRV") != 0 && strcmp(cell[LABEL], "PRV") != 0) ||
        (strcmp(cell[SIMULATED], "0") != 0 && strcmp(cell[SIMULATED], "1") != 0) ||
        (copy->beat_count > 0 && beat.time_ns < copy->beats[copy->beat_count - 1].time_ns))
        return -1;
    beat.flag = (uint32_t)flag;
    copy->number = (uint64_t)number;
    copy->start_wall_ns = start_ns;
    copy->simulated = strcmp(cell[SIMULATED], "1") == 0;
    copy->beats_from = strcmp(cell[LABEL], "PRV") == 0 ? OB_BEATS_PPG : OB_BEATS_RR;
    return ob_copy_add_beat(copy, &beat) ? 1 : -2;
}

enum ob_err ob_read_csv(struct ob_copy *copy, const char *bytes, size_t size, size_t *at, uint64_t *line,
                        char *sentence, size_t sentence_size)
{
    memset(copy, 0, sizeof *copy);
    if (sentence_size > 0)
        sentence[0] = 0;
    while (*at < size) {
        const char *end = memchr(bytes + *at, '\n', size - *at);
        const size_t length = end ? (size_t)(end - bytes) - *at : size - *at;
        char text[OB_LINE_MAX + 1];
        const size_t kept = length < OB_LINE_MAX ? length : OB_LINE_MAX;
        memcpy(text, bytes + *at, kept);
        text[kept] = 0;
        text[strcspn(text, "\r")] = 0;
        int taken = 1;
        if ((*at > 0 || !ob_csv_is_ours(bytes, size)) && text[0])
            taken = take_row(copy, text);
        if (taken == 0)
            return OB_OK;
        ++*line;
        if (taken < 0) {
            ob_copy_finish(copy);
            if (taken == -2)
                snprintf(sentence, sentence_size, "There is not enough memory.");
            else
                snprintf(sentence, sentence_size, "Line %" PRIu64 " is no beat as 'outbreath export' writes it.",
                         *line);
            return taken == -2 ? OB_ERR_NO_MEMORY : OB_ERR_FORMAT;
        }
        *at += length + (end != NULL);
    }
    if (copy->beat_count > 0)
        return OB_OK;
    snprintf(sentence, sentence_size, "There are no beats in it.");
    return OB_ERR_EMPTY;
}
