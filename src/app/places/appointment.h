/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The next massage, a quiet line at home: kept with the person, and gone by itself when it is over. Main thread. */
#ifndef OB_APP_APPOINTMENT_H
#define OB_APP_APPOINTMENT_H

#include "store/keepsake.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether there is one that is not over: until its minute, or, where only the day is known, until that has ended. */
bool ob_appointment_is_to_come(const struct ob_keepsake *keepsake, int64_t now_s);

/* When that is, in the person's language: "today at 15:30", "Thursday 3 December". now_s 0: never today or tomorrow, as
 * for paper. */
void ob_appointment_words(const struct ob_keepsake *keepsake, int64_t now_s, char *out, size_t size);

/* Reads "2026-12-03 15:30" or "2026-12-03", local time. False: it is neither, and nothing changes. */
bool ob_appointment_read(const char *text, struct ob_keepsake *keepsake);

/* Moves it by so many days or minutes as the calendar goes; one that is not there becomes a week from now at 15:00, and
 * one that would be over is none. For a hand that turns it. */
void ob_appointment_turn(struct ob_keepsake *keepsake, int days, int minutes, int64_t now_s);

/* Keeps the appointment of this keepsake with somebody (as in ob_keeper_person()); the rest of what is kept stays. An
 * exit code, after a sentence. */
int ob_appointment_put(const char *data, const char *who, const char *passphrase_file,
                       const struct ob_keepsake *keepsake);

/* 0 January to 11 December, in the person's language. */
const char *ob_month_name(int month);

#endif
