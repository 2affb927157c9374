/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/rrtext.h"

#include "base/maths.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define COLUMNS_MAX    12
#define LONGEST_GAP_MS 86400000.0

void ob_rrtext_init(struct ob_rrtext *text)
{
    memset(text, 0, sizeof *text);
    ob_lines_init(&text->lines);
    text->event_column = -1;
}

/* ---- finding out how the file is laid out, from its first lines ---- */

static int split_copy(const char *line, char separator, char *copy, char **fields)
{
    snprintf(copy, OB_RRTEXT_FIRST_SIZE, "%s", line);
    return ob_fields_split(copy, separator, fields, COLUMNS_MAX);
}

static bool any_line_has(const struct ob_rrtext *text, char c)
{
    for (int i = 0; i < text->held; i++)
        if (strchr(text->first[i], c))
            return true;
    return false;
}

/* "0,812" or "812,5": one number with a decimal comma, or two columns? A number, when every line reads as seconds or as
 * milliseconds that way; an index or a time in front would leave these ranges within 128 lines. */
static bool comma_is_decimal(const struct ob_rrtext *text)
{
    int seconds = 0, milliseconds = 0, lines = 0;
    for (int i = 0; i < text->held; i++) {
        const char *line = text->first[i];
        double x;
        if (ob_number_parse(line, ',', &x) != OB_NUMBER) {
            if (strchr(line, ','))
                return false;
            continue;
        }
        if (!strchr(line, ','))
            continue;
        lines++;
        seconds += x >= 0.0 && x < 10.0;
        milliseconds += x >= OB_RRTEXT_LOWEST_MS && x <= OB_RRTEXT_HIGHEST_MS;
    }
    return lines > 0 && (seconds == lines || milliseconds == lines);
}

static bool is_beat_word(const char *name)
{
    static const char *const whole[] = {"rr", "r-r", "nn", "ibi", "ppi", "rri", "nni", "pp"};
    static const char *const parts[] = {"rr_",      "rr ", "rr(", "rr[", "rr-", "ibi", "interbeat", "inter-beat",
                                        "interval", "nn_", "nn ", "nni", "rri", "ppi", "_rr"};
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (ob_text_is(name, whole[i]))
            return true;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (ob_text_has(name, parts[i]))
            return true;
    return false;
}

/* 1: the name says milliseconds, -1: seconds, 0: nothing. */
static int unit_in_name(const char *name)
{
    if (ob_text_has(name, "ms") || ob_text_has(name, "milli"))
        return 1;
    const size_t length = strlen(name);
    if (ob_text_has(name, "(s)") || ob_text_has(name, "[s]") || ob_text_has(name, "sec") ||
        (length > 2 && strcmp(name + length - 2, "_s") == 0))
        return -1;
    return 0;
}

static bool has_letter(const char *field)
{
    for (; *field; field++)
        if ((*field >= 'a' && *field <= 'z') || (*field >= 'A' && *field <= 'Z'))
            return true;
    return false;
}

/* The first line names the columns when it has a word in it and no number anywhere. */
static bool read_names(struct ob_rrtext *text, int *unit_out)
{
    char copy[OB_RRTEXT_FIRST_SIZE];
    char *fields[COLUMNS_MAX];
    const int count = split_copy(text->first[0], text->separator, copy, fields);
    bool word = false;
    double x;
    for (int i = 0; i < count; i++) {
        if (ob_number_parse(fields[i], text->decimal, &x) == OB_NUMBER)
            return false;
        word = word || has_letter(fields[i]);
    }
    if (!word)
        return false;
    text->rr_column = -1;
    int value = -1, event = -1;
    for (int i = count - 1; i >= 0; i--) {
        if (is_beat_word(fields[i])) {
            text->rr_column = i;
            *unit_out = unit_in_name(fields[i]);
        }
        if (ob_text_is(fields[i], "value"))
            value = i;
        if (ob_text_is(fields[i], "event"))
            event = i;
    }
    if (text->rr_column < 0 && value >= 0 && event >= 0) {
        text->rr_column = value;
        text->event_column = event;
    }
    return true;
}

static bool is_plausible(double x)
{
    return (x >= OB_RRTEXT_LOWEST_MS && x <= OB_RRTEXT_HIGHEST_MS) || (x >= 0.2 && x <= 3.0);
}

/* Without names: the column most of whose values could be intervals; one that only grows is a time or a number. */
static int find_column(const struct ob_rrtext *text, int from)
{
    int numbers[COLUMNS_MAX] = {0}, plausible[COLUMNS_MAX] = {0}, falls[COLUMNS_MAX] = {0};
    double before[COLUMNS_MAX] = {0};
    for (int i = from; i < text->held; i++) {
        char copy[OB_RRTEXT_FIRST_SIZE];
        char *fields[COLUMNS_MAX];
        const int count = split_copy(text->first[i], text->separator, copy, fields);
        for (int c = 0; c < count; c++) {
            double x;
            if (ob_number_parse(fields[c], text->decimal, &x) != OB_NUMBER)
                continue;
            falls[c] += numbers[c] > 0 && x <= before[c];
            plausible[c] += is_plausible(x);
            numbers[c]++;
            before[c] = x;
        }
    }
    int best = 0;
    double best_score = -1.0;
    for (int c = 0; c < COLUMNS_MAX; c++) {
        if (numbers[c] == 0)
            continue;
        const double score = (double)plausible[c] / numbers[c] + (falls[c] > 0 ? 1.0 : 0.0);
        if (score > best_score) {
            best = c;
            best_score = score;
        }
    }
    return best;
}

/* The number in the interval column of a line, in the file's unit. */
static enum ob_number read_value(const struct ob_rrtext *text, char *line, double *value_out, bool *other_out)
{
    char *fields[COLUMNS_MAX];
    *other_out = false;
    const int count = ob_fields_split(line, text->separator, fields, COLUMNS_MAX);
    if (text->event_column >= 0 && text->event_column < count && !is_beat_word(fields[text->event_column])) {
        *other_out = true;
        return OB_NUMBER_NOT;
    }
    if (text->rr_column >= count)
        return OB_NUMBER_NOT;
    return ob_number_parse(fields[text->rr_column], text->decimal, value_out);
}

static bool find_seconds(const struct ob_rrtext *text, int from)
{
    double values[OB_RRTEXT_FIRST];
    size_t count = 0;
    for (int i = from; i < text->held; i++) {
        char copy[OB_RRTEXT_FIRST_SIZE];
        double x;
        bool other;
        memcpy(copy, text->first[i], sizeof copy);
        if (read_value(text, copy, &x, &other) == OB_NUMBER && x > 0.0)
            values[count++] = x;
    }
    return count > 0 && ob_median(values, count) < 10.0;
}

static void decide(struct ob_rrtext *text)
{
    text->decided = true;
    if (text->held == 0)
        return;
    text->decimal = '.';
    if (any_line_has(text, '\t'))
        text->separator = '\t';
    else if (any_line_has(text, ';'))
        text->separator = ';';
    else if (any_line_has(text, ',') && !comma_is_decimal(text))
        text->separator = ',';
    else
        text->separator = ' ';
    if (text->separator != ',' && any_line_has(text, ',') && !any_line_has(text, '.'))
        text->decimal = ',';
    int unit = 0;
    int from = 0;
    if (read_names(text, &unit)) {
        from = 1;
        text->given = 1;
    }
    if (from == 0 || text->rr_column < 0)
        text->rr_column = find_column(text, from);
    text->seconds = unit != 0 ? unit < 0 : find_seconds(text, from);
    text->have_layout = true;
}

/* ---- handing out ---- */

static bool take_line(struct ob_rrtext *text, char *line, uint64_t number, struct ob_rrtext_item *item_out)
{
    double x = 0.0;
    bool other;
    const enum ob_number kind = read_value(text, line, &x, &other);
    if (other) {
        text->other++;
        return false;
    }
    const double ms = text->seconds ? x * 1000.0 : x;
    *item_out = (struct ob_rrtext_item){.line = number, .gap = true};
    if (kind == OB_NUMBER && ms >= OB_RRTEXT_LOWEST_MS && ms <= OB_RRTEXT_HIGHEST_MS) {
        item_out->rr_ms = ms;
        item_out->gap = false;
        text->intervals++;
    } else if (kind == OB_NUMBER && ms > OB_RRTEXT_HIGHEST_MS && ms <= LONGEST_GAP_MS) {
        item_out->rr_ms = ms;
        text->gaps++;
    } else {
        /* too short an interval still took its time */
        if (kind == OB_NUMBER && ms > 0.0 && ms < OB_RRTEXT_LOWEST_MS)
            item_out->rr_ms = ms;
        if (text->rejected++ == 0)
            text->first_rejected_line = number;
    }
    return true;
}

static bool give_held(struct ob_rrtext *text, struct ob_rrtext_item *item_out)
{
    while (text->have_layout && text->given < text->held) {
        const int i = text->given++;
        if (take_line(text, text->first[i], text->held_number[i], item_out))
            return true;
    }
    return false;
}

/* A whole line: kept until the layout is known, then read. */
static bool accept_line(struct ob_rrtext *text, struct ob_rrtext_item *item_out)
{
    if (text->lines.binary) {
        text->err = OB_ERR_FORMAT;
        return false;
    }
    if (ob_line_is_comment(text->lines.text))
        return false;
    if (text->decided)
        return take_line(text, text->lines.text, text->lines.number, item_out);
    /* without blanks around: a tab in front of a lone number parts no columns */
    const char *line = text->lines.text + strspn(text->lines.text, " \t");
    size_t length = strlen(line);
    while (length > 0 && strchr(" \t", line[length - 1]))
        length--;
    length = length < OB_RRTEXT_FIRST_SIZE ? length : OB_RRTEXT_FIRST_SIZE - 1;
    memcpy(text->first[text->held], line, length);
    text->first[text->held][length] = 0;
    text->held_number[text->held++] = text->lines.number;
    if (text->held < OB_RRTEXT_FIRST)
        return false;
    decide(text);
    return give_held(text, item_out);
}

bool ob_rrtext_next(struct ob_rrtext *text, const unsigned char **bytes, size_t *count, struct ob_rrtext_item *item_out)
{
    if (text->err)
        return false;
    if (text->decided && give_held(text, item_out))
        return true;
    while (!text->err && ob_lines_next(&text->lines, bytes, count))
        if (accept_line(text, item_out))
            return true;
    if (text->lines.binary)
        text->err = OB_ERR_FORMAT;
    return false;
}

bool ob_rrtext_last(struct ob_rrtext *text, struct ob_rrtext_item *item_out)
{
    if (text->err)
        return false;
    if (ob_lines_last(&text->lines) && accept_line(text, item_out))
        return true;
    if (!text->decided)
        decide(text);
    if (give_held(text, item_out))
        return true;
    if (text->intervals == 0)
        text->err = text->rejected + text->gaps + text->other == 0 && text->held == 0 ? OB_ERR_EMPTY : OB_ERR_FORMAT;
    return false;
}

size_t ob_rrtext_sentence(const struct ob_rrtext *text, char *sentence_out, size_t size)
{
    const uint64_t lines = text->intervals + text->gaps + text->rejected;
    int n = 0;
    if (size > 0)
        sentence_out[0] = 0;
    if (text->lines.utf16)
        n = snprintf(sentence_out, size, "The file is UTF-16 text; save it as UTF-8.");
    else if (text->lines.binary)
        n = snprintf(sentence_out, size, "The file is binary, not a list of RR intervals.");
    else if (text->err == OB_ERR_EMPTY)
        n = snprintf(sentence_out, size, "There are no RR intervals in the file: it is empty.");
    else if (text->err)
        n = snprintf(sentence_out, size,
                     "There are no RR intervals in the file: none of its %" PRIu64 " lines is between 200 and 3000 ms.",
                     lines + text->other);
    else if (text->rejected > 0)
        n = snprintf(sentence_out, size,
                     "%" PRIu64 " of %" PRIu64
                     " lines were not intervals between 200 and 3000 ms (the first is line %" PRIu64 ").",
                     text->rejected, lines, text->first_rejected_line);
    return n > 0 && (size_t)n < size ? (size_t)n : size > 0 && n > 0 ? size - 1 : 0;
}
