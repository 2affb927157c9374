/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/lines.h"

#include <string.h>

void ob_lines_init(struct ob_lines *lines)
{
    memset(lines, 0, sizeof *lines);
}

/* A byte order mark stands only at the very start, so it is looked for before a byte enters a line. */
static bool swallow_mark(struct ob_lines *lines, unsigned char byte)
{
    if (lines->bytes < 3)
        lines->start[lines->bytes] = byte;
    lines->bytes++;
    if (lines->bytes == 2 && ((lines->start[0] == 0xff && byte == 0xfe) || (lines->start[0] == 0xfe && byte == 0xff)))
        lines->binary = lines->utf16 = true;
    if (lines->bytes == 3 && memcmp(lines->start, "\xef\xbb\xbf", 3) == 0) {
        lines->length = 0;
        return true;
    }
    return false;
}

static bool end_line(struct ob_lines *lines)
{
    lines->text[lines->length] = 0;
    lines->number++;
    lines->whole = true;
    return true;
}

bool ob_lines_next(struct ob_lines *lines, const unsigned char **bytes, size_t *count)
{
    if (lines->whole) {
        lines->whole = lines->cut = false;
        lines->length = 0;
    }
    while (*count > 0) {
        const unsigned char byte = *(*bytes)++;
        (*count)--;
        const bool second_half = lines->after_cr && byte == '\n';
        lines->after_cr = byte == '\r';
        if (swallow_mark(lines, byte) || second_half)
            continue;
        if (byte == '\n' || byte == '\r')
            return end_line(lines);
        if (byte == 0)
            lines->binary = true;
        if (lines->length < OB_LINE_MAX)
            lines->text[lines->length++] = byte ? (char)byte : ' ';
        else
            lines->cut = true;
    }
    return false;
}

bool ob_lines_last(struct ob_lines *lines)
{
    if (lines->whole || lines->length == 0)
        return false;
    return end_line(lines);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\f' || c == '\v';
}

static char *strip(char *field)
{
    while (is_blank(*field))
        field++;
    size_t length = strlen(field);
    while (length > 0 && is_blank(field[length - 1]))
        length--;
    field[length] = 0;
    if (length >= 2 && (field[0] == '"' || field[0] == '\'') && field[length - 1] == field[0]) {
        field[length - 1] = 0;
        field++;
    }
    return field;
}

int ob_fields_split(char *line, char separator, char **fields_out, int max)
{
    int count = 0;
    if (separator == ' ') {
        char *p = line;
        while (count < max) {
            while (is_blank(*p))
                p++;
            if (!*p)
                break;
            fields_out[count++] = p;
            while (*p && !is_blank(*p))
                p++;
            if (!*p)
                break;
            *p++ = 0;
        }
        for (int i = 0; i < count; i++)
            fields_out[i] = strip(fields_out[i]);
        return count;
    }
    char *begin = line;
    bool quoted = false;
    for (char *p = line; count < max; p++) {
        if (*p == '"')
            quoted = !quoted;
        if (*p && (*p != separator || quoted))
            continue;
        const bool last = !*p;
        *p = 0;
        fields_out[count++] = strip(begin);
        begin = p + 1;
        if (last)
            break;
    }
    return count;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool ob_text_is(const char *text, const char *word)
{
    while (*text && lower(*text) == lower(*word)) {
        text++;
        word++;
    }
    return !*text && !*word;
}

bool ob_text_has(const char *text, const char *word)
{
    for (; *text; text++) {
        size_t i = 0;
        while (word[i] && lower(text[i]) == lower(word[i]))
            i++;
        if (!word[i])
            return true;
    }
    return false;
}

static double scale_by_ten(double x, int power)
{
    static const double exact[23] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                     1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    while (power > 22) {
        x *= 1e22;
        power -= 22;
    }
    while (power < -22) {
        x /= 1e22;
        power += 22;
    }
    return power < 0 ? x / exact[-power] : x * exact[power];
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

enum ob_number ob_number_parse(const char *text, char decimal, double *value_out)
{
    static const char *const nothing[] = {"nan", "na", "n/a", "null", "none", "-", "inf", "-inf", "+inf"};
    const char *p = text;
    while (is_blank(*p))
        p++;
    size_t length = strlen(p);
    while (length > 0 && is_blank(p[length - 1]))
        length--;
    if (length == 0)
        return OB_NUMBER_MISSING;
    if (length <= 4) {
        char word[8] = {0};
        memcpy(word, p, length);
        for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
            if (ob_text_is(word, nothing[i]))
                return OB_NUMBER_MISSING;
    }
    const char *const end = p + length;
    bool negative = false;
    if (*p == '-' || *p == '+')
        negative = *p++ == '-';
    uint64_t mantissa = 0;
    int digits = 0, kept = 0, power = 0;
    bool after_point = false;
    for (; p < end; p++) {
        if (*p == decimal && !after_point) {
            after_point = true;
            continue;
        }
        if (!is_digit(*p))
            break;
        digits++;
        if (kept < 19) {
            mantissa = mantissa * 10 + (uint64_t)(*p - '0');
            kept += mantissa > 0;
            power -= after_point;
        } else {
            power += !after_point;
        }
    }
    if (digits == 0)
        return OB_NUMBER_NOT;
    if (p < end && (*p == 'e' || *p == 'E')) {
        const char *q = p + 1;
        bool small = false;
        if (q < end && (*q == '-' || *q == '+'))
            small = *q++ == '-';
        if (q == end || !is_digit(*q))
            return OB_NUMBER_NOT;
        int exponent = 0;
        for (; q < end && is_digit(*q); q++)
            exponent = exponent < 10000 ? exponent * 10 + (*q - '0') : exponent;
        power += small ? -exponent : exponent;
        p = q;
    }
    if (p != end)
        return OB_NUMBER_NOT;
    /* beyond these the result is 0 or too large in any case: no need to multiply for long */
    power = power > 400 ? 400 : power < -400 ? -400 : power;
    const double value = mantissa == 0 ? 0.0 : scale_by_ten((double)mantissa, power);
    if (!(value <= 1e300))
        return OB_NUMBER_NOT;
    *value_out = negative ? -value : value;
    return OB_NUMBER;
}

bool ob_line_is_comment(const char *line)
{
    while (is_blank(*line))
        line++;
    return *line == 0 || *line == '#' || *line == '%' || *line == ';' || (line[0] == '/' && line[1] == '/');
}
