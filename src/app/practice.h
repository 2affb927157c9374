/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When somebody practised, for home and the history: read quietly from the store. Where nothing is kept, or it is
 * locked by a passphrase, there is nothing to say. Main thread. */
#ifndef OB_APP_PRACTICE_H
#define OB_APP_PRACTICE_H

#include "store/store.h"

#include <stddef.h>
#include <stdint.h>

struct ob_practice {
    size_t count;
    struct ob_session_row *sessions; /* newest first */
};

/* who: a name, number or id; NULL: the only person there is. Finish it in any case. */
void ob_practice_read(struct ob_practice *practice, const char *data, const char *who);
void ob_practice_finish(struct ob_practice *practice);

/* The local day of a session, counted from 1970. */
int64_t ob_practice_day(const struct ob_session_row *session);

/* On how many of the last 7 days, today among them, there was a session of a minute or more. */
int ob_practice_days_of_7(const struct ob_practice *practice, int64_t today);

/* Today's number in the same count, by the local clock. */
int64_t ob_practice_today(void);

#endif
