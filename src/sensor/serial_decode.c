/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/serial_decode.h"

#include "format/lines.h"

#include <string.h>

#define NUMBERS_TO_BELIEVE 4  /* plain numbers in a row before they are taken for a signal */
#define FRAMES_TO_BELIEVE  3  /* frames without a byte between them before they are no chance */
#define SKIPPED_A_LINE     16 /* so many bytes between frames are as bad as a line that is not understood */
#define TRUSTED_01         0.5f
#define CLEAN_TO_TRUST     6   /* understood lines in a row end the distrust */
#define OTHERS_TO_CHANGE   8   /* lines of another kind in a row before a format is given up */
#define SAMPLE_LIMIT       1e9 /* no converter says more */
#define RR_LOWEST_MS       200.0
#define RR_HIGHEST_MS      3000.0

void ob_serial_decode_init(struct ob_serial_decode *decode, enum ob_serial_format format)
{
    memset(decode, 0, sizeof *decode);
    decode->format = format;
    decode->fixed = format != OB_SERIAL_AUTO;
    decode->good_01 = 1.0f;
    ob_protocentral_init(&decode->frames);
}

void ob_serial_decode_break(struct ob_serial_decode *decode)
{
    decode->length = 0;
    decode->overlong = false;
    decode->numbers_in_row = decode->others_in_row = decode->frames_in_row = 0;
    ob_protocentral_break(&decode->frames);
}

static void put(struct ob_serial_decode *decode, enum ob_serial_item_kind kind, double value)
{
    decode->queue[decode->queued++] = (struct ob_serial_item){.kind = kind, .value = (float)value};
}

static void put_interval(struct ob_serial_decode *decode, enum ob_serial_item_kind kind, double ms)
{
    if (ms >= RR_LOWEST_MS && ms <= RR_HIGHEST_MS) {
        put(decode, kind, ms);
    } else if (kind == OB_SERIAL_INTERVAL) {
        decode->bad_intervals++;
        put(decode, OB_SERIAL_NO_INTERVAL, 0.0);
    }
    /* a plotter says 0 until its first beat: that is no fault */
}

/* What a line is by its looks, and its numbers. AUTO: none of them. */
static enum ob_serial_format classify(char *line, double values_out[3], bool *leads_off_out)
{
    *leads_off_out = strcmp(line, "!") == 0;
    if (*leads_off_out)
        return OB_SERIAL_NUMBERS;
    if (line[0] == 'S' || line[0] == 'B' || line[0] == 'Q')
        return ob_number_parse(line + 1, '.', values_out) == OB_NUMBER ? OB_SERIAL_PULSESENSOR : OB_SERIAL_AUTO;
    if (ob_number_parse(line, '.', values_out) == OB_NUMBER)
        return OB_SERIAL_NUMBERS;
    char *fields[4];
    if (ob_fields_split(line, ',', fields, 4) != 3)
        return OB_SERIAL_AUTO;
    for (int i = 0; i < 3; i++)
        if (ob_number_parse(fields[i], '.', &values_out[i]) != OB_NUMBER)
            return OB_SERIAL_AUTO;
    return OB_SERIAL_PLOTTER;
}

/* Whether a line of this kind is to be believed now; settles on a format, and on another when the board changes. */
static bool believe(struct ob_serial_decode *decode, enum ob_serial_format kind)
{
    decode->numbers_in_row = kind == OB_SERIAL_NUMBERS ? decode->numbers_in_row + 1 : 0;
    if (kind == decode->format) {
        decode->others_in_row = 0;
        return true;
    }
    if (decode->fixed)
        return false;
    const bool first = decode->format == OB_SERIAL_AUTO;
    if (!first && ++decode->others_in_row < OTHERS_TO_CHANGE)
        return false;
    if (kind == OB_SERIAL_NUMBERS && decode->numbers_in_row < NUMBERS_TO_BELIEVE)
        return false;
    decode->format = kind;
    decode->others_in_row = 0;
    decode->pulse = false;
    decode->board = NULL;
    return true;
}

static void judge(struct ob_serial_decode *decode, bool good)
{
    decode->lines += good;
    decode->bad_lines += !good;
    decode->good_01 += ((good ? 1.0f : 0.0f) - decode->good_01) * 0.02f;
    decode->clean_in_row = good ? decode->clean_in_row + 1 : 0;
}

bool ob_serial_decode_trusted(const struct ob_serial_decode *decode)
{
    return decode->format != OB_SERIAL_AUTO &&
           (decode->good_01 >= TRUSTED_01 || decode->clean_in_row >= CLEAN_TO_TRUST);
}

static bool framed(const struct ob_serial_decode *decode)
{
    return decode->format == OB_SERIAL_PROTOCENTRAL;
}

static void take_frame(struct ob_serial_decode *decode, const struct ob_protocentral_frame *frame)
{
    struct ob_protocentral_values values;
    const bool known = ob_protocentral_values(frame, &values);
    decode->strange_frames += !known;
    decode->frames_in_row = frame->follows ? decode->frames_in_row + 1 : 1;
    if (!framed(decode)) {
        if (decode->fixed || decode->frames_in_row < FRAMES_TO_BELIEVE)
            return;
        decode->format = OB_SERIAL_PROTOCENTRAL;
        decode->good_01 = 1.0f; /* what was said of its frames as lines does not count */
        decode->skipped_judged = decode->frames.skipped;
    }
    decode->others_in_row = 0;
    judge(decode, true);
    if (!known)
        return;
    decode->pulse = values.pulse;
    decode->board = values.name;
    put(decode, OB_SERIAL_SAMPLE, (double)values.heart);
    if (values.has_breath)
        put(decode, OB_SERIAL_BREATH, (double)values.breath);
}

static void take_byte_of_frame(struct ob_serial_decode *decode, unsigned char byte)
{
    const unsigned char *p = &byte;
    size_t one = 1;
    struct ob_protocentral_frame frame;
    while (ob_protocentral_next(&decode->frames, &p, &one, &frame))
        take_frame(decode, &frame);
    while (framed(decode) && decode->frames.skipped - decode->skipped_judged >= SKIPPED_A_LINE) {
        decode->skipped_judged += SKIPPED_A_LINE;
        judge(decode, false);
    }
}

static void take_line(struct ob_serial_decode *decode)
{
    decode->line[decode->length] = 0;
    char *line = decode->line + strspn(decode->line, " \t");
    if (!*line && !decode->overlong)
        return;
    double values[3] = {0};
    bool leads_off = false;
    const char letter = *line;
    const enum ob_serial_format kind = decode->overlong ? OB_SERIAL_AUTO : classify(line, values, &leads_off);
    if (!framed(decode)) /* bytes of frames are no bad lines */
        judge(decode, kind != OB_SERIAL_AUTO);
    if (kind == OB_SERIAL_AUTO) {
        decode->numbers_in_row = 0;
        return;
    }
    if (!believe(decode, kind))
        return;
    const double sample = values[kind == OB_SERIAL_PLOTTER ? 2 : 0];
    const bool sane = sample <= SAMPLE_LIMIT && sample >= -SAMPLE_LIMIT;
    if (leads_off) {
        put(decode, OB_SERIAL_LEADS_OFF, 0.0);
    } else if (kind == OB_SERIAL_PLOTTER) {
        put_interval(decode, OB_SERIAL_INTERVAL_STATE, values[1]);
        if (sane)
            put(decode, OB_SERIAL_SAMPLE, sample);
    } else if (kind == OB_SERIAL_PULSESENSOR && letter == 'Q') {
        put_interval(decode, OB_SERIAL_INTERVAL, values[0]);
    } else if (sane && !(kind == OB_SERIAL_PULSESENSOR && letter == 'B')) {
        put(decode, OB_SERIAL_SAMPLE, sample);
    }
}

bool ob_serial_decode_next(struct ob_serial_decode *decode, const unsigned char **bytes, size_t *count,
                           struct ob_serial_item *item_out)
{
    for (;;) {
        if (decode->given < decode->queued) {
            *item_out = decode->queue[decode->given++];
            return true;
        }
        decode->given = decode->queued = 0;
        if (*count == 0)
            return false;
        const unsigned char byte = *(*bytes)++;
        (*count)--;
        take_byte_of_frame(decode, byte);
        if (byte == '\n' || byte == '\r') {
            take_line(decode);
            decode->length = 0;
            decode->overlong = false;
        } else if (decode->length < OB_SERIAL_LINE_MAX) {
            decode->line[decode->length++] = byte ? (char)byte : '?'; /* a 0 byte must not end the text early */
        } else {
            decode->overlong = true;
        }
    }
}

const char *ob_serial_format_name(enum ob_serial_format format)
{
    switch (format) {
    case OB_SERIAL_PULSESENSOR:
        return "PulseSensor";
    case OB_SERIAL_PLOTTER:
        return "PulseSensor plotter";
    case OB_SERIAL_NUMBERS:
        return "one number a line";
    case OB_SERIAL_PROTOCENTRAL:
        return "ProtoCentral frames";
    case OB_SERIAL_AUTO:
        break;
    }
    return "not known yet";
}
