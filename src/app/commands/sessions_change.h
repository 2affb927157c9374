/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath sessions mark, outbreath sessions set: what is added to a session that is over. Main thread. */
#ifndef OB_APP_SESSIONS_CHANGE_H
#define OB_APP_SESSIONS_CHANGE_H

#include "store/store.h"

struct ob_sessions_change {
    const char *session; /* a number or an id */
    const char *passphrase_file;
    const char *at, *label, *words, *words_file; /* mark */
    const char *posture;                         /* set; NULL: as it is */
    double before, after;                        /* set: check-in of 0 to 10, less: as it is */
};

/* Each says what is wrong and returns an exit code. */
int ob_sessions_mark(struct ob_store *store, const struct ob_sessions_change *change);
int ob_sessions_set(struct ob_store *store, const struct ob_sessions_change *change);

#endif
