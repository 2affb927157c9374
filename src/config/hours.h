/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A part of the day, as settings have it: "08:00-20:00", "always", or over midnight "18:00-02:00". Pure. */
#ifndef OB_CONFIG_HOURS_H
#define OB_CONFIG_HOURS_H

#include <stdbool.h>

#define OB_DAY_MIN (24 * 60)

struct ob_hours {
    int from_min, to_min; /* minutes since midnight, 0 to 1440, the end not included; both the same: always */
};

/* "" is always as well. False: neither, and nothing is written. */
bool ob_hours_read(const char *text, struct ob_hours *hours_out);

/* Whether this minute of the day, 0 to 1439, lies in it. */
bool ob_hours_hold(const struct ob_hours *hours, int now_min);

/* How many minutes it is long; 1440 where it is always. */
int ob_hours_minutes(const struct ob_hours *hours);

#endif
