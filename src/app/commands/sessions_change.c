/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/commands/sessions_change.h"

#include "app/commands/kept.h"
#include "app/commands/text_file.h"
#include "app/options.h"
#include "app/say.h"
#include "app/session/mark_list.h"
#include "base/time.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int ob_sessions_mark(struct ob_store *store, const struct ob_sessions_change *c)
{
    char problem[256] = "", words[OB_MARK_WORDS];
    struct ob_item_mark mark = {.time_ns = 0};
    if (!c->session || !c->at || !c->label)
        return ob_say(OB_EXIT_USAGE, "say which session, when and what: sessions mark SESSION --at 12:40 --label sigh");
    if (!ob_mark_time(c->at, &mark.time_ns))
        return ob_say(OB_EXIT_USAGE, "--at takes a time since the beginning, such as 12:40");
    const int label = ob_mark_of(c->label);
    if (label < 0) {
        snprintf(problem, sizeof problem, "--label is one of %.200s", ob_mark_list_labels());
        return ob_say(OB_EXIT_USAGE, problem);
    }
    if (!ob_text_given(c->words, c->words_file, "--words", words, sizeof words))
        return OB_EXIT_USAGE;
    if (label == OB_MARK_TEXT && !words[0])
        return ob_say(OB_EXIT_USAGE, "a mark of the kind text wants words: --words or --words-file");
    snprintf(mark.kind, sizeof mark.kind, "%s", ob_mark_name((unsigned)label));
    ob_mark_words(words, mark.words, sizeof mark.words);
    struct ob_session_row row;
    struct ob_key *key = NULL;
    int code = ob_kept_session(store, c->session, NULL, c->passphrase_file, &key, &row);
    if (code == OB_EXIT_DONE && ob_s_from_ns(mark.time_ns) > ceil(row.duration_s)) {
        snprintf(problem, sizeof problem, "the session was %.0f s long: --at lies behind its end", row.duration_s);
        code = ob_say(OB_EXIT_USAGE, problem);
    }
    if (code == OB_EXIT_DONE) {
        const enum ob_err err = ob_store_session_mark(store, key, &row.id, &mark, problem, sizeof problem);
        code = err ? ob_say(ob_kept_code(err), problem) : OB_EXIT_DONE;
    }
    if (code == OB_EXIT_DONE)
        printf("Session %" PRIu64 ": %s at %s.\n", row.number, mark.kind, c->at);
    explicit_bzero(&mark, sizeof mark);
    explicit_bzero(words, sizeof words);
    ob_key_destroy(key);
    return code;
}

int ob_sessions_set(struct ob_store *store, const struct ob_sessions_change *c)
{
    struct ob_session_row row;
    struct ob_key *key = NULL;
    if (!c->session || (!c->posture && !(c->before >= 0.0) && !(c->after >= 0.0)))
        return ob_say(OB_EXIT_USAGE, "say which session, and what to set: --posture, --before or --after");
    if (c->posture && strlen(c->posture) >= sizeof row.posture)
        return ob_say(OB_EXIT_USAGE, "a posture is a word or two: at most 31 bytes");
    int code = ob_kept_session(store, c->session, NULL, c->passphrase_file, &key, &row);
    if (code == OB_EXIT_DONE) {
        char problem[256] = "";
        if (c->posture)
            ob_mark_words(c->posture, row.posture, sizeof row.posture);
        if (c->before >= 0.0)
            row.checkin[0] = 1u + (uint32_t)c->before;
        if (c->after >= 0.0)
            row.checkin[1] = 1u + (uint32_t)c->after;
        enum ob_err err = ob_store_lock(store, problem, sizeof problem);
        if (err)
            code = ob_say(ob_kept_code(err), problem);
        else if ((err = ob_store_session_put(store, key, &row)) != OB_OK)
            code = ob_say(ob_kept_code(err), ob_err_text(err));
        else
            printf("Session %" PRIu64 " is changed.\n", row.number);
    }
    ob_key_destroy(key);
    return code;
}
