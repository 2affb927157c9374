/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/hours.h"

#include <stdio.h>
#include <string.h>

/* "08:05" at the beginning of text; -1: it does not begin so. */
static int minutes_of(const char *text, int *used_out)
{
    int hour, minute;
    if (sscanf(text, "%2d:%2d%n", &hour, &minute, used_out) != 2 || hour < 0 || hour > 24 || minute < 0 ||
        minute > 59 || hour * 60 + minute > OB_DAY_MIN)
        return -1;
    return hour * 60 + minute;
}

bool ob_hours_read(const char *text, struct ob_hours *hours_out)
{
    if (strcmp(text, "always") == 0 || !text[0]) {
        *hours_out = (struct ob_hours){0, 0};
        return true;
    }
    int used = 0, rest = 0;
    const int from = minutes_of(text, &used);
    if (from < 0 || text[used] != '-')
        return false;
    const int to = minutes_of(text + used + 1, &rest);
    if (to < 0 || text[used + 1 + rest] || from == to)
        return false;
    *hours_out = (struct ob_hours){from, to};
    return true;
}

bool ob_hours_hold(const struct ob_hours *hours, int now_min)
{
    if (hours->from_min == hours->to_min)
        return true;
    if (hours->from_min < hours->to_min)
        return now_min >= hours->from_min && now_min < hours->to_min;
    return now_min >= hours->from_min || now_min < hours->to_min;
}

int ob_hours_minutes(const struct ob_hours *hours)
{
    const int minutes = hours->to_min - hours->from_min;
    return minutes > 0 ? minutes : minutes + OB_DAY_MIN;
}
