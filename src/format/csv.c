/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/csv.h"

#include "format/csv_layout.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define DAY_S 86400.0

void ob_csv_init(struct ob_csv *csv, double fs_hz)
{
    memset(csv, 0, sizeof *csv);
    ob_lines_init(&csv->lines);
    csv->asked_fs_hz = fs_hz;
    csv->time_column = -1;
}

/* Frames that the clock says are missing before this one. Small unevenness of the stamps is none. */
static uint32_t find_hole(struct ob_csv *csv, const char *cell)
{
    double t;
    bool clock;
    if (!ob_csv_parse_time(cell, csv->decimal, &t, &clock))
        return 0;
    t *= csv->time_unit_s;
    double step = t - csv->time_before_s;
    if (clock && step < -DAY_S / 2.0)
        step += DAY_S;
    const bool known = csv->have_time_before;
    csv->have_time_before = true;
    csv->time_before_s = t;
    if (!known || !(step > 2.5 / csv->fs_hz) || step < 0.05)
        return 0;
    csv->holes++;
    step = step < OB_CSV_HOLE_MAX_S ? step : OB_CSV_HOLE_MAX_S;
    return (uint32_t)(step * csv->fs_hz - 0.5);
}

/* The cell of a channel holds a word for nothing. */
static bool says_missing(const struct ob_csv *csv, char *const *cell, int count, int channel)
{
    return csv->column[channel] < count &&
           strspn(cell[csv->column[channel]], " \t-") < strlen(cell[csv->column[channel]]);
}

/* False: the line holds neither a number nor a word for a missing one in any channel, and is dropped. */
static bool take_line(struct ob_csv *csv, char *line, struct ob_csv_frame *frame_out)
{
    char *cell[OB_CSV_COLUMNS];
    const int count = ob_fields_split(line, csv->separator, cell, OB_CSV_COLUMNS);
    bool any = false;
    for (int i = 0; i < csv->channels; i++) {
        double x = 0.0;
        const enum ob_number kind =
            csv->column[i] < count ? ob_number_parse(cell[csv->column[i]], csv->decimal, &x) : OB_NUMBER_MISSING;
        csv->bad_cells += kind == OB_NUMBER_NOT;
        /* "nan" is a sample that is missing, an empty line no sample at all */
        any = any || kind == OB_NUMBER || (kind == OB_NUMBER_MISSING && says_missing(csv, cell, count, i));
        /* what a float can't hold is no measurement */
        x *= csv->scale[i];
        frame_out->values[i] = kind == OB_NUMBER && fabs(x) < 1e30 ? (float)x : (float)NAN;
    }
    const bool timed = csv->has_time && csv->time_column < count;
    frame_out->hole = timed ? find_hole(csv, cell[csv->time_column]) : 0;
    /* a line of words (a remark, names repeated) is no frame; a line of missing cells in time is */
    if (!any && !timed)
        return false;
    csv->frames++;
    return true;
}

static bool give_held(struct ob_csv *csv, struct ob_csv_frame *frame_out)
{
    while (!csv->err && csv->given < csv->held)
        if (take_line(csv, csv->pool + csv->held_at[csv->given++], frame_out))
            return true;
    return false;
}

static bool accept_line(struct ob_csv *csv, struct ob_csv_frame *frame_out)
{
    if (csv->lines.binary) {
        csv->err = OB_ERR_FORMAT;
        return false;
    }
    if (ob_line_is_comment(csv->lines.text)) {
        if (!csv->decided && csv->fs_hz <= 0.0)
            csv->fs_hz = ob_csv_rate_in_comment(csv->lines.text);
        return false;
    }
    if (csv->decided)
        return take_line(csv, csv->lines.text, frame_out);
    csv->held_at[csv->held++] = (uint16_t)csv->pool_used;
    memcpy(csv->pool + csv->pool_used, csv->lines.text, csv->lines.length + 1);
    csv->pool_used += csv->lines.length + 1;
    if (csv->held < OB_CSV_FIRST && csv->pool_used + OB_LINE_MAX + 1 <= sizeof csv->pool)
        return false;
    ob_csv_find_layout(csv);
    return give_held(csv, frame_out);
}

bool ob_csv_next(struct ob_csv *csv, const unsigned char **bytes, size_t *count, struct ob_csv_frame *frame_out)
{
    if (csv->err)
        return false;
    if (csv->decided && give_held(csv, frame_out))
        return true;
    while (!csv->err && ob_lines_next(&csv->lines, bytes, count))
        if (accept_line(csv, frame_out))
            return true;
    if (csv->lines.binary)
        csv->err = OB_ERR_FORMAT;
    return false;
}

bool ob_csv_last(struct ob_csv *csv, struct ob_csv_frame *frame_out)
{
    if (csv->err)
        return false;
    if (ob_lines_last(&csv->lines) && accept_line(csv, frame_out))
        return true;
    if (!csv->err && !csv->decided)
        ob_csv_find_layout(csv);
    if (give_held(csv, frame_out))
        return true;
    if (!csv->err && csv->frames == 0)
        csv->err = OB_ERR_FORMAT;
    return false;
}

size_t ob_csv_sentence(const struct ob_csv *csv, char *sentence_out, size_t size)
{
    int n = 0;
    if (size > 0)
        sentence_out[0] = 0;
    if (csv->lines.utf16)
        n = snprintf(sentence_out, size, "The file is UTF-16 text; save it as UTF-8.");
    else if (csv->lines.binary)
        n = snprintf(sentence_out, size, "The file is binary, not a table of signals.");
    else if (csv->err == OB_ERR_EMPTY)
        n = snprintf(sentence_out, size, "There is nothing in the file.");
    else if (csv->err == OB_ERR_RANGE && csv->fs_hz > 0.0)
        n = snprintf(sentence_out, size, "A sampling rate of %g Hz is outside 1-20000 Hz.", csv->fs_hz);
    else if (csv->err == OB_ERR_RANGE)
        n = snprintf(
            sentence_out, size,
            "The numbers are no RR intervals, and for a signal there is neither a sampling rate nor a column of "
            "times; say the rate (--fs).");
    else if (csv->err)
        n = snprintf(sentence_out, size, "There are no numbers in the file.");
    else if (csv->bad_cells > 0)
        n = snprintf(sentence_out, size, "%" PRIu64 " cells were not numbers and count as missing.", csv->bad_cells);
    return n > 0 && (size_t)n < size ? (size_t)n : size > 0 && n > 0 ? size - 1 : 0;
}
