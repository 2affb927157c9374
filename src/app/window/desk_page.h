/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page to take home, asked for at the console once a session is over: made from what was kept of it, if the
 * client's consent is noted, and handed to the console, which forgets it with the next client. Main thread. */
#ifndef OB_APP_DESK_PAGE_H
#define OB_APP_DESK_PAGE_H

#include "stream/request.h"

#include <stdbool.h>

struct ob_shell;

struct ob_desk_page {
    bool due;
    char words[OB_REQUEST_TEXT], appointment[OB_REQUEST_WORDS];
};

/* A session begins: nothing is left of the page before, and another is offered. */
void ob_desk_page_begin(struct ob_shell *shell);

/* The console asks for it. */
void ob_desk_page_ask(struct ob_shell *shell, const struct ob_request *request);

/* Consent is taken back: what was made is gone. */
void ob_desk_page_withdraw(struct ob_shell *shell);

/* Once a frame: makes the page that is due as soon as the session is closed. */
void ob_desk_page_step(struct ob_shell *shell);

#endif
