/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/sheet.h"

#include "base/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_S INT64_C(1000000000)
#define DAY_S    86400

void ob_sheet_finish(struct ob_sheet *text)
{
    free(text->bytes);
    memset(text, 0, sizeof *text);
}

static bool make_room(struct ob_sheet *text, size_t more)
{
    if (text->failed)
        return false;
    if (text->size + more + 1 <= text->room)
        return true;
    size_t room = text->room ? text->room : 4096;
    while (room < text->size + more + 1)
        room *= 2;
    char *bytes = realloc(text->bytes, room);
    if (!bytes) {
        text->failed = true;
        return false;
    }
    text->bytes = bytes;
    text->room = room;
    return true;
}

void ob_sheet_add(struct ob_sheet *text, const char *bytes, size_t size)
{
    if (!make_room(text, size))
        return;
    memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
    text->bytes[text->size] = 0;
}

void ob_sheet_put(struct ob_sheet *text, const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof line)
        text->failed = true;
    else
        ob_sheet_add(text, line, (size_t)length);
}

/* What printf wrote for a number, whatever the locale's decimal sign. */
static void add_with_point(struct ob_sheet *text, char *number)
{
    for (char *p = number; *p; p++)
        if (*p == ',')
            *p = '.';
    ob_sheet_add(text, number, strlen(number));
}

void ob_sheet_number(struct ob_sheet *text, double value, int decimals)
{
    char number[400];
    if (!isfinite(value))
        return;
    snprintf(number, sizeof number, "%.*f", decimals, value);
    size_t length = strlen(number);
    if (decimals > 0) {
        while (number[length - 1] == '0')
            length--;
        if (number[length - 1] == '.' || number[length - 1] == ',')
            length--;
    }
    number[length] = 0;
    add_with_point(text, strcmp(number, "-0") == 0 ? number + 1 : number);
}

void ob_sheet_ns(struct ob_sheet *text, int64_t ns, int digits)
{
    uint64_t unit = 1;
    digits = digits < 0 ? 0 : digits > 18 ? 18 : digits; /* more has no room in 64 bits */
    for (int i = 0; i < digits; i++)
        unit *= 10;
    const uint64_t size = ns < 0 ? -(uint64_t)ns : (uint64_t)ns;
    char part[24] = "";
    if (size % unit > 0) {
        snprintf(part, sizeof part, ".%0*" PRIu64, digits > 19 ? 19 : digits, size % unit);
        for (size_t length = strlen(part); part[length - 1] == '0'; length--)
            part[length - 1] = 0;
    }
    ob_sheet_put(text, "%s%" PRIu64 "%s", ns < 0 ? "-" : "", size / unit, part);
}

void ob_sheet_float(struct ob_sheet *text, float value)
{
    char number[40];
    if (!isfinite(value)) {
        ob_sheet_add(text, "null", 4);
        return;
    }
    snprintf(number, sizeof number, "%.9g", (double)value);
    add_with_point(text, number);
}

void ob_sheet_json(struct ob_sheet *text, const char *string)
{
    if (!string) {
        ob_sheet_add(text, "null", 4);
        return;
    }
    ob_sheet_add(text, "\"", 1);
    for (const unsigned char *p = (const unsigned char *)string; *p;) {
        const size_t length = ob_utf8_letter(p, SIZE_MAX);
        if (length == 0) {
            ob_sheet_add(text, "\\ufffd", 6);
            p++;
            continue;
        }
        if (*p == '"' || *p == '\\')
            ob_sheet_put(text, "\\%c", *p);
        else if (*p < 0x20 || *p == 0x7f)
            ob_sheet_put(text, "\\u%04x", *p);
        else
            ob_sheet_add(text, (const char *)p, length);
        p += length;
    }
    ob_sheet_add(text, "\"", 1);
}

/* Days since 1970 of a date in the Gregorian calendar, and back, by counting whole eras of 400 years. */
static int64_t days_of(int64_t year, int month, int day)
{
    year -= month <= 2;
    const int64_t era = (year >= 0 ? year : year - 399) / 400;
    const int64_t of_era = year - era * 400;
    const int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void ob_sheet_utc(int64_t wall_ns, char out[40])
{
    int64_t seconds = wall_ns / NS_PER_S, ns = wall_ns % NS_PER_S;
    if (ns < 0) {
        ns += NS_PER_S;
        seconds--;
    }
    int64_t day = seconds / DAY_S, rest = seconds % DAY_S;
    if (rest < 0) {
        rest += DAY_S;
        day--;
    }
    const int64_t z = day + 719468, era = (z >= 0 ? z : z - 146096) / 146097, of_era = z - era * 146097;
    const int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int shifted = (int)((5 * of_year + 2) / 153);
    const int month = shifted < 10 ? shifted + 3 : shifted - 9;
    snprintf(out, 40, "%04d-%02d-%02dT%02d:%02d:%02d.%09dZ", (int)(year_of_era + era * 400 + (month <= 2)), month,
             (int)(of_year - (153 * shifted + 2) / 5 + 1), (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60),
             (int)ns);
}

bool ob_sheet_utc_parse(const char *string, int64_t *wall_ns_out)
{
    static const char form[] = "dddd-dd-ddTdd:dd:dd.dddddddddZ";
    int64_t part[7] = {0};
    int at = 0;
    size_t i = 0;
    for (; form[i]; i++) {
        if (form[i] != 'd') {
            if (string[i] != form[i])
                return false;
            at++;
            continue;
        }
        if (string[i] < '0' || string[i] > '9')
            return false;
        part[at] = 10 * part[at] + (string[i] - '0');
    }
    if (string[i] || part[0] < 1678 || part[0] > 2261 || part[1] < 1 || part[1] > 12 || part[2] < 1 || part[2] > 31 ||
        part[3] > 23 || part[4] > 59 || part[5] > 59)
        return false;
    const int64_t days = days_of(part[0], (int)part[1], (int)part[2]);
    *wall_ns_out = ((days * 24 + part[3]) * 60 + part[4]) * 60 * NS_PER_S + part[5] * NS_PER_S + part[6];
    return true;
}
