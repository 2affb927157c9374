/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/tongue.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *ob_in(const struct ob_tongue *tongue, const char *text)
{
    return ob_words_in(tongue ? tongue->tr : NULL, text);
}

void ob_in_number(const struct ob_tongue *tongue, double value, int decimals, int with_plus, char *out, size_t size)
{
    char digits[48];
    out[0] = '\0';
    if (!isfinite(value) || fabs(value) > 1e12)
        return;
    const double unit = pow(10.0, decimals), rounded = round(value * unit) / unit;
    snprintf(digits, sizeof digits, "%.*f", decimals, fabs(rounded));
    for (char *p = digits; *p; p++)
        if (*p == '.' || *p == ',')
            *p = tongue && tongue->decimal ? tongue->decimal : '.';
    snprintf(out, size, "%s%s", rounded < 0.0 ? "\xe2\x88\x92" : with_plus && rounded > 0.0 ? "+" : "", digits);
}

void ob_in_clock(double seconds, char *out, size_t size)
{
    const long whole = seconds > 0.0 && seconds < 1e9 ? (long)floor(seconds) : 0;
    if (whole >= 3600)
        snprintf(out, size, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
    else
        snprintf(out, size, "%ld:%02ld", whole / 60, whole % 60);
}
