/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks at times of a session, as they are written on a command line. */
#ifndef OB_APP_MARK_LIST_H
#define OB_APP_MARK_LIST_H

#include "base/event.h"
#include "base/mark.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_MARK_LIST 256

struct ob_mark_list {
    struct ob_mark_at {
        int64_t at_ns; /* since the session's beginning */
        uint32_t label;
        char words[OB_EVENT_WORDS_MAX];
    } items[OB_MARK_LIST]; /* by time */
    size_t count;
};

/* "12:40", "1:02:00" or "760" (seconds). False: none of these, or over a day. */
bool ob_mark_time(const char *text, int64_t *at_ns_out);

/* "4:30=sigh,12:00=turned-over,15:00=text:softer now": commas part marks, a colon begins own words, in which commas
 * can't be. False after a sentence about the first that is wrong. */
bool ob_mark_list_parse(const char *text, struct ob_mark_list *list_out, char *problem_out, size_t problem_size);

/* All labels in one line, for a sentence: "breath-changed, sigh, ...". Static memory; main thread. */
const char *ob_mark_list_labels(void);

#endif
