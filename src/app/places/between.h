/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The days between treatments: when the desktop offers a pause, and the one suggestion of a day. Nothing of it is
 * random, so that nobody is surprised: the same settings and the same day give the same. Main thread. */
#ifndef OB_APP_BETWEEN_H
#define OB_APP_BETWEEN_H

#include "app/settings_files.h"
#include "config/settings.h"
#include "os/user_timer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_BETWEEN_MOST     4  /* pauses a day */
#define OB_BETWEEN_LATE_MIN 10 /* a pause that could not be offered by then is not offered any more */
#define OB_BETWEEN_TIMER    "outbreath-remind"

/* Minutes since midnight, none before the one ahead of it but for hours over midnight: the hours of the settings are
 * cut into so many equal parts, and each has its pause in its middle. Returns how many; 0: none are wished. */
size_t ob_between_times(const struct ob_settings *settings, int at_min_out[OB_BETWEEN_MOST]);

/* Whether one is due in this minute of the day, 0 to 1439. */
bool ob_between_is_due(const struct ob_settings *settings, int now_min);

/* The suggestion of a day, counted from any day on: water, movement, stillness in turn, each in its own words, in
 * English (OB_TR). NULL: none is wished. */
const char *ob_between_suggestion(const struct ob_settings *settings, int64_t day);

/* The local day and the minute in it. */
int64_t ob_between_today(int *now_min_out);

/* Sets the timer that the settings wish for, or takes it away. Where they do not come from the person's usual file the
 * timer stays as it is, for it reads that one. state_out may be NULL. */
enum ob_err ob_between_follow(const struct ob_loaded *loaded, enum ob_user_timer_state *state_out);

#endif
