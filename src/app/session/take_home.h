/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session that is kept, on one page to take home: found in the store, summed up beside the sessions before it,
 * written in the program's language. Main thread. */
#ifndef OB_APP_TAKE_HOME_H
#define OB_APP_TAKE_HOME_H

#include "app/session/keeper.h"
#include "report/page.h"
#include "report/summary.h"
#include "store/store.h"

struct ob_take_home_desc {
    const char *words;       /* a therapist's; NULL: none */
    const char *appointment; /* the next one; NULL: the one that the person has noted, if it is to come */
    int suggestion;          /* enum ob_suggestion; negative: it rotates */
    bool no_name;
    bool shows_progress; /* on stderr, as the commands do */
};

/* Sums up a session of this person; finish the summary in any case. damaged_out: how many parts of what was kept do not
 * open and are not in it. OB_ERR_NO_MEMORY, or what the store says of the session itself. */
enum ob_err ob_take_home_summary(struct ob_store *store, const struct ob_key *key, const struct ob_session_row *row,
                                 const struct ob_take_home_desc *desc, struct ob_summary *summary_out,
                                 size_t *damaged_out);

/* The same for the session that has just ended. */
enum ob_err ob_take_home_kept(const struct ob_kept_session *kept, const struct ob_take_home_desc *desc,
                              struct ob_summary *summary_out);

/* The same as a PDF in the person's folder of documents, under a name that tells the day and nobody's name.
 * sentence_out: where it is, or why there is none. */
enum ob_err ob_take_home_save(const struct ob_kept_session *kept, char *sentence_out, size_t size);

/* The language that ob_tr() speaks, as reports want it. */
struct ob_tongue ob_take_home_tongue(void);

/* Overwrites what was written, and frees it. */
void ob_take_home_wipe(struct ob_sheet *sheet);

#endif
