/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What somebody has practised, for home and the history: read quietly from the store. Where nothing is kept, or it is
 * locked by a passphrase, there is nothing to say. Main thread. */
#ifndef OB_APP_PRACTICE_H
#define OB_APP_PRACTICE_H

#include "breath/pace.h"
#include "report/summary.h"
#include "report/usual.h"
#include "store/keepsake.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_PRACTICE_PAST     24   /* the newest measured sessions that are looked at */
#define OB_PRACTICE_COUNTS_S 60.0 /* shorter ones are no practice */

struct ob_practice {
    size_t count;
    struct ob_session_row *sessions; /* newest first */
    bool locked;                     /* there is something, behind a passphrase */
    bool several;                    /* people are kept here, and none was named */
    bool pace_known;
    struct ob_own_pace pace;
    struct ob_past_session *past; /* of measured sessions, oldest first */
    size_t past_count;
    struct ob_keepsake keepsake; /* zeroed where nothing is known */
    bool last_known;             /* the newest session that has beats */
    struct ob_summary last;
};

/* who: a name, number or id; NULL: the only person there is, simulated ones apart. whole: with pace, past and last,
 * which takes a moment. Finish it in any case. */
void ob_practice_read(struct ob_practice *practice, const char *data, const char *who, bool whole);
void ob_practice_finish(struct ob_practice *practice);

/* The minutes of each of the last days, oldest first, today last; sessions under a minute do not count. Returns on how
 * many of them there was practice. weekday_out: of today, 0 Monday; may be NULL. */
int ob_practice_days(const struct ob_practice *practice, double *minutes_out, int days, int *weekday_out);

/* "4 of the last 7 days"; "" where there is no day to tell of. */
void ob_practice_week(const struct ob_practice *practice, char *out, size_t size);

#endif
