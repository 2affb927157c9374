/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/wfdb.h"

#include "format/lines.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_FS_HZ 250.0 /* header(5): "if missing, 250 is assumed" */
#define DEFAULT_GAIN  200.0

struct out {
    char *sentence;
    size_t size;
};

#define fail(out, ...) ob_fail((out)->sentence, (out)->size, __VA_ARGS__)

/* The number at the start of *p, moved behind it: digits, one point, an exponent; a sign if allowed. */
static bool number_at(const char **p, double *value_out)
{
    char piece[48];
    size_t length = strspn(*p, "+-0123456789.eE");
    if (length == 0 || length >= sizeof piece)
        return false;
    memcpy(piece, *p, length);
    /* "16x2": stops by itself; "360/360": too; a trailing e belongs to something else */
    while (length > 0 && strchr("eE+-", piece[length - 1]))
        length--;
    piece[length] = 0;
    if (ob_number_parse(piece, '.', value_out) != OB_NUMBER)
        return false;
    *p += length;
    return true;
}

static bool whole_number_at(const char **p, double low, double high, double *value_out)
{
    return number_at(p, value_out) && *value_out >= low && *value_out <= high && *value_out == floor(*value_out);
}

/* `name signals [fs[/counter[(base)]] [frames [time [date]]]]` */
static enum ob_err parse_record_line(char *line, struct ob_wfdb_header *header, const struct out *out)
{
    char *fields[6];
    const int count = ob_fields_split(line, ' ', fields, 6);
    if (count < 2)
        return fail(out, OB_ERR_FORMAT, "The first line of the WFDB header has no number of signals.");
    char *slash = strchr(fields[0], '/');
    if (slash)
        return fail(out, OB_ERR_UNSUPPORTED, "The WFDB record consists of several segments; open one segment.");
    snprintf(header->record, sizeof header->record, "%.*s", OB_WFDB_FILE_MAX - 1, fields[0]);
    const char *p = fields[1];
    double x;
    if (!whole_number_at(&p, 0, 1e6, &x) || *p)
        return fail(out, OB_ERR_FORMAT, "The WFDB header's number of signals, \"%.20s\", is no number.", fields[1]);
    if (x < 1)
        return fail(out, OB_ERR_EMPTY, "The WFDB record has no signals.");
    if (x > OB_CHANNELS_MAX)
        return fail(out, OB_ERR_UNSUPPORTED, "The WFDB record has %.0f signals; at most %d are read.", x,
                    OB_CHANNELS_MAX);
    header->signals = (int)x;
    header->fs_hz = DEFAULT_FS_HZ;
    if (count > 2) {
        p = fields[2];
        /* what follows the rate is the counter's rate, which counts something else than time */
        if (!number_at(&p, &x) || (*p && *p != '/' && *p != '(') || !(x >= 0.01 && x <= 1e6))
            return fail(out, OB_ERR_FORMAT, "The WFDB header's sampling rate, \"%.20s\", is not one.", fields[2]);
        header->fs_hz = x;
    }
    if (count > 3) {
        p = fields[3];
        if (!whole_number_at(&p, 0, 1e15, &x) || *p)
            return fail(out, OB_ERR_FORMAT, "The WFDB header's length, \"%.20s\", is no number.", fields[3]);
        header->frames = (int64_t)x;
    }
    return OB_OK;
}

/* 212, 16x2 (two samples a frame), 16:3 (skew), 16+512 (bytes before the first sample), in this order. */
static enum ob_err parse_format(const char *field, struct ob_wfdb_signal *signal, const struct out *out)
{
    const char *p = field;
    double x;
    size_t digits = strspn(p, "0123456789");
    int format = 0;
    for (size_t i = 0; i < digits && i < 6; i++)
        format = format * 10 + (p[i] - '0');
    p += digits;
    if (digits == 0)
        return fail(out, OB_ERR_FORMAT, "A signal's format in the WFDB header, \"%.20s\", is no number.", field);
    if (format != 16 && format != 212)
        return fail(out, OB_ERR_UNSUPPORTED, "The WFDB signal format %d is not read here, only 16 and 212 are.",
                    format);
    signal->format = format;
    signal->samples_per_frame = 1;
    if (*p == 'x') {
        p++;
        digits = strspn(p, "0123456789");
        x = 0;
        for (size_t i = 0; i < digits && i < 6; i++)
            x = x * 10 + (p[i] - '0');
        if (!(x >= 1 && x <= OB_WFDB_FRAME_SAMPLES_MAX))
            return fail(out, OB_ERR_UNSUPPORTED, "A WFDB signal has \"%.20s\" samples a frame.", field);
        signal->samples_per_frame = (int)x;
        p += digits;
    }
    if (*p == ':') { /* skew: some samples between leads, of no matter for one lead alone */
        p++;
        p += strspn(p, "-0123456789");
    }
    if (*p == '+') {
        p++;
        if (!whole_number_at(&p, 0, 1e15, &x))
            return fail(out, OB_ERR_FORMAT, "A byte offset in the WFDB header, \"%.20s\", is no number.", field);
        signal->offset_bytes = (int64_t)x;
    }
    if (*p)
        return fail(out, OB_ERR_FORMAT, "A signal's format in the WFDB header, \"%.20s\", is not understood.", field);
    return OB_OK;
}

/* 200, 200/mV, 200(1024)/mV. *has_baseline_out: the bracket was there. */
static enum ob_err parse_gain(const char *field, struct ob_wfdb_signal *signal, bool *has_baseline_out,
                              const struct out *out)
{
    const char *p = field;
    double x;
    *has_baseline_out = false;
    if (!number_at(&p, &x) || x < 0)
        return fail(out, OB_ERR_FORMAT, "A gain in the WFDB header, \"%.20s\", is no number.", field);
    signal->gain = x > 0 ? x : DEFAULT_GAIN;
    if (*p == '(') {
        p++;
        if (!number_at(&p, &x) || *p != ')' || !(fabs(x) <= 1e12))
            return fail(out, OB_ERR_FORMAT, "A baseline in the WFDB header, \"%.30s\", is no number.", field);
        p++;
        signal->baseline = x;
        *has_baseline_out = true;
    }
    if (*p == '/')
        snprintf(signal->unit, sizeof signal->unit, "%.*s", OB_CHANNEL_UNIT_MAX - 1, p + 1);
    else if (*p)
        return fail(out, OB_ERR_FORMAT, "A gain in the WFDB header, \"%.30s\", is not understood.", field);
    return OB_OK;
}

/* The description may hold blanks: it is the rest of the line behind the eighth field. */
static const char *rest_of_line(const char *line, int fields_before)
{
    for (int i = 0; i < fields_before; i++) {
        line += strspn(line, " \t");
        line += strcspn(line, " \t");
    }
    return line + strspn(line, " \t");
}

/* `file format [gain [resolution [zero [initial [checksum [block [description]]]]]]]` */
static enum ob_err parse_signal_line(char *line, int index, struct ob_wfdb_signal *signal, const struct out *out)
{
    snprintf(signal->name, sizeof signal->name, "%.*s", OB_CHANNEL_NAME_MAX - 1, rest_of_line(line, 8));
    if (!signal->name[0])
        snprintf(signal->name, sizeof signal->name, "signal %d", index);
    char *fields[5];
    const int count = ob_fields_split(line, ' ', fields, 5);
    if (count < 2)
        return fail(out, OB_ERR_FORMAT, "The WFDB header's line for signal %d has no format.", index);
    if (strlen(fields[0]) >= OB_WFDB_FILE_MAX || strchr(fields[0], '/') || strchr(fields[0], '\\') ||
        strcmp(fields[0], "..") == 0 || strcmp(fields[0], "-") == 0)
        return fail(out, OB_ERR_FORMAT, "The WFDB header names \"%.40s\" as a signal file, which is no plain name.",
                    fields[0]);
    snprintf(signal->file, sizeof signal->file, "%.*s", OB_WFDB_FILE_MAX - 1, fields[0]);
    enum ob_err err = parse_format(fields[1], signal, out);
    if (err)
        return err;
    bool has_baseline = false;
    signal->gain = DEFAULT_GAIN;
    snprintf(signal->unit, sizeof signal->unit, "mV");
    if (count > 2)
        err = parse_gain(fields[2], signal, &has_baseline, out);
    if (!err && count > 4 && !has_baseline) {
        const char *p = fields[4];
        if (!number_at(&p, &signal->baseline) || *p || !(fabs(signal->baseline) <= 1e12))
            err = fail(out, OB_ERR_FORMAT, "A converter zero in the WFDB header, \"%.20s\", is no number.", fields[4]);
    }
    signal->to_unit = 1.0;
    const double to_mv = ob_channel_to_mv(signal->unit);
    if (to_mv > 0.0) {
        signal->to_unit = to_mv;
        snprintf(signal->unit, sizeof signal->unit, "mV");
    }
    return err;
}

enum ob_err ob_wfdb_parse_header(const unsigned char *text, size_t size, struct ob_wfdb_header *header_out,
                                 char *sentence_out, size_t sentence_size)
{
    const struct out out = {sentence_out, sentence_size};
    if (sentence_size > 0)
        sentence_out[0] = 0;
    memset(header_out, 0, sizeof *header_out);
    if (size == 0)
        return fail(&out, OB_ERR_EMPTY, "The WFDB header is empty.");
    if (size > OB_WFDB_HEADER_MAX)
        return fail(&out, OB_ERR_RANGE, "The WFDB header is longer than %d bytes.", OB_WFDB_HEADER_MAX);
    struct ob_lines lines;
    ob_lines_init(&lines);
    int index = -1; /* of the signal line; -1: the record line is still to come */
    while (index < header_out->signals) {
        if (!ob_lines_next(&lines, &text, &size) && !ob_lines_last(&lines))
            break;
        if (lines.binary)
            return fail(&out, OB_ERR_FORMAT, "This is not a WFDB header: it is binary.");
        if (ob_line_is_comment(lines.text))
            continue;
        const enum ob_err err = index < 0 ? parse_record_line(lines.text, header_out, &out)
                                          : parse_signal_line(lines.text, index, &header_out->signal[index], &out);
        if (err)
            return err;
        index++;
    }
    if (index < 0)
        return fail(&out, OB_ERR_EMPTY, "The WFDB header has no record line.");
    if (index < header_out->signals)
        return fail(&out, OB_ERR_TRUNCATED, "The WFDB header describes %d of its %d signals.", index,
                    header_out->signals);
    return OB_OK;
}
