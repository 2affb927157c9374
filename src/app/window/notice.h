/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one line about devices and choices at the foot of the picture. Troubles are said once and go: a session is not a
 * place to be reminded; the numbers keep them. What somebody just chose goes before a trouble. Main thread. */
#ifndef OB_APP_NOTICE_H
#define OB_APP_NOTICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ob_notice {
    char trouble[160]; /* the newest, and since when */
    int64_t trouble_ns;
    char said[160]; /* about what somebody just chose */
    int64_t said_until_ns;
};

/* Shown for so many seconds. */
void ob_notice_say(struct ob_notice *notice, int64_t now_ns, double seconds, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* What there is to say now. trouble: "" when all is well. keep: troubles stay as long as they last. */
void ob_notice_line(struct ob_notice *notice, int64_t now_ns, const char *trouble, bool keep, char *line_out,
                    size_t size);

#endif
