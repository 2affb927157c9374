/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/detect.h"

#include "format/channel.h"
#include "format/lines.h"

#include <math.h>
#include <string.h>

#define ROWS_MAX    128
#define COLUMNS_MAX 12

static const char *const kind_names[OB_FILE_KINDS] = {
    "unknown", "empty", "rr", "csv", "wfdb", "wfdb-signal", "wfdb-annotations", "oblog", "edf", "binary"};

const char *ob_file_kind_name(enum ob_file_kind kind)
{
    return (unsigned)kind < OB_FILE_KINDS ? kind_names[kind] : kind_names[OB_FILE_UNKNOWN];
}

bool ob_file_kind_from_name(const char *name, enum ob_file_kind *kind_out)
{
    for (int i = OB_FILE_RR; i < OB_FILE_BINARY; i++)
        if (ob_text_is(name, kind_names[i])) {
            *kind_out = (enum ob_file_kind)i;
            return true;
        }
    return false;
}

static bool ends_with(const char *name, const char *end)
{
    const size_t length = strlen(name), end_length = strlen(end);
    return length >= end_length && ob_text_is(name + length - end_length, end);
}

static bool is_binary(const unsigned char *bytes, size_t count)
{
    size_t strange = 0;
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] == 0)
            return true;
        strange += bytes[i] < 32 && !strchr("\t\n\r\f\v", bytes[i]);
    }
    return strange * 50 > count;
}

/* What the numbers of the first lines look like. */
struct rows {
    int lines;               /* that are no comments */
    int lone;                /* lines of exactly one number */
    int tabled;              /* lines of several columns with a number in one of them */
    double values[ROWS_MAX]; /* of the lone numbers */
    bool rr_named, signal_named, beats_named;
    int pairs; /* lines of exactly two numbers */
    double pair[ROWS_MAX][2];
};

static void look_at_name(struct rows *rows, const char *field)
{
    if (ob_text_is(field, "rr") || ob_text_has(field, "ibi") || ob_text_has(field, "interval") ||
        ob_text_has(field, "rr_") || ob_text_has(field, "rr ") || ob_text_has(field, "rr(") ||
        ob_text_has(field, "rr[") || ob_text_is(field, "nn") || ob_text_is(field, "event"))
        rows->rr_named = true;
    else if (ob_text_is(field, "symbol"))
        rows->beats_named = true;
    else if (ob_channel_kind(field) >= 0)
        rows->signal_named = true;
}

static void look_at_line(struct rows *rows, char *line)
{
    char separator = strchr(line, '\t') ? '\t' : strchr(line, ';') ? ';' : strchr(line, ',') ? ',' : ' ';
    double x;
    if (separator == ',' && ob_number_parse(line, ',', &x) == OB_NUMBER && (x < 10.0 || x >= 200.0))
        separator = ' '; /* a decimal comma */
    char *fields[COLUMNS_MAX];
    const int count = ob_fields_split(line, separator, fields, COLUMNS_MAX);
    bool any = false;
    for (int i = 0; i < count; i++)
        any = any || ob_number_parse(fields[i], '.', &x) == OB_NUMBER;
    rows->tabled += any && count >= 2;
    if (count == 2 && ob_number_parse(fields[0], '.', &rows->pair[rows->pairs][0]) == OB_NUMBER &&
        ob_number_parse(fields[1], '.', &rows->pair[rows->pairs][1]) == OB_NUMBER)
        rows->pairs++;
    if (count == 1 &&
        (ob_number_parse(fields[0], '.', &x) == OB_NUMBER || ob_number_parse(fields[0], ',', &x) == OB_NUMBER))
        rows->values[rows->lone++] = x;
    else if (rows->lines == 0)
        for (int i = 0; i < count; i++)
            look_at_name(rows, fields[i]);
    rows->lines++;
}

/* One number a line: intervals, or the samples of a signal? Most intervals lie in a narrow band, and successive ones
 * are seldom as equal as the samples of a converter at rest. */
static bool looks_like_intervals(struct rows *rows)
{
    int milliseconds = 0, seconds = 0, equal = 0;
    for (int i = 0; i < rows->lone; i++) {
        const double x = rows->values[i];
        milliseconds += x >= 200.0 && x <= 3000.0;
        seconds += x >= 0.2 && x <= 3.0;
        equal += i > 0 && fabs(x - rows->values[i - 1]) < 0.0005 * fabs(x);
    }
    const int good = milliseconds > seconds ? milliseconds : seconds;
    if (rows->lone < 20)
        return good > 0;
    return good * 10 >= rows->lone * 7 && equal * 10 < rows->lone * 9;
}

/* Times of beats and beside each the interval that ends or begins there, as Kubios saves them; either in seconds or in
 * milliseconds. */
static bool looks_like_times_and_intervals(const struct rows *rows)
{
    int good = 0;
    for (int i = 1; i < rows->pairs; i++) {
        const double step = rows->pair[i][0] - rows->pair[i - 1][0];
        for (double unit = 1e-3; unit < 2e3; unit *= 1e3) {
            const double before = rows->pair[i - 1][1] * unit, after = rows->pair[i][1] * unit;
            const bool ms = (step >= 200.0 && step <= 3000.0), s = (step >= 0.2 && step <= 3.0);
            if ((ms || s) && (fabs(before - step) < 0.005 * step || fabs(after - step) < 0.005 * step)) {
                good++;
                break;
            }
        }
    }
    return rows->pairs >= 5 && good * 10 >= (rows->pairs - 1) * 7;
}

/* "100 2 360 650000": a record's name, which may be a number, and two numbers; its second line names a .dat file. */
static bool looks_like_wfdb_header(const char *line, const char *all)
{
    char copy[OB_LINE_MAX + 1];
    memcpy(copy, line, strlen(line) + 1);
    char *fields[4];
    const int count = ob_fields_split(copy, ' ', fields, 4);
    double x;
    return count >= 2 && ob_number_parse(fields[1], '.', &x) == OB_NUMBER && x >= 1 && x <= 100 &&
           strstr(all, ".dat ") != NULL;
}

enum ob_file_kind ob_detect(const char *name, const unsigned char *bytes, size_t count)
{
    name = name ? name : "";
    if (count == 0)
        return OB_FILE_EMPTY;
    if (count >= 5 && memcmp(bytes, "OBLOG", 5) == 0)
        return OB_FILE_OBLOG;
    if (count >= 8 && memcmp(bytes, "0       ", 8) == 0)
        return OB_FILE_EDF;
    if (ends_with(name, ".hea"))
        return OB_FILE_WFDB;
    if (ends_with(name, ".dat"))
        return OB_FILE_WFDB_SIGNAL;
    if (ends_with(name, ".atr") || ends_with(name, ".qrs") || ends_with(name, ".ecg"))
        return is_binary(bytes, count) ? OB_FILE_WFDB_BEATS : OB_FILE_CSV;
    const bool whole = count < OB_DETECT_BYTES;
    count = whole ? count : OB_DETECT_BYTES;
    const bool utf16 = count >= 2 && ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff));
    if (utf16 || is_binary(bytes, count))
        return OB_FILE_BINARY;
    char start[OB_DETECT_BYTES + 1];
    memcpy(start, bytes, count);
    start[count] = 0;
    struct rows rows = {0};
    struct ob_lines lines;
    ob_lines_init(&lines);
    while (rows.lines < ROWS_MAX && (ob_lines_next(&lines, &bytes, &count) || (whole && ob_lines_last(&lines)))) {
        if (ob_line_is_comment(lines.text))
            continue;
        if (rows.lines == 0 && looks_like_wfdb_header(lines.text, start))
            return OB_FILE_WFDB;
        look_at_line(&rows, lines.text);
    }
    if (rows.lines == 0)
        return OB_FILE_UNKNOWN;
    if (rows.beats_named)
        return OB_FILE_UNKNOWN;
    if (!rows.signal_named && (rows.rr_named || looks_like_times_and_intervals(&rows)))
        return OB_FILE_RR;
    if (rows.signal_named)
        return OB_FILE_CSV;
    const char *slash = strrchr(name, '/');
    const char *last = slash ? slash + 1 : name;
    if (ob_text_has(last, ".rr") || ob_text_has(last, "_rr") || ob_text_has(last, "rr_") || ob_text_has(last, "ibi"))
        return OB_FILE_RR;
    if (ob_text_has(last, "ecg") || ob_text_has(last, "ekg") || ob_text_has(last, "ppg") || ob_text_has(last, "pleth"))
        return OB_FILE_CSV;
    if (rows.lone * 10 >= rows.lines * 7)
        return looks_like_intervals(&rows) ? OB_FILE_RR : OB_FILE_CSV;
    return rows.tabled * 2 >= rows.lines ? OB_FILE_CSV : OB_FILE_UNKNOWN;
}
