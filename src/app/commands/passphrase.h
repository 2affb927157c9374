/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A passphrase from where it may come: a file, the environment, or somebody who types it without echo. Main thread. */
#ifndef OB_APP_PASSPHRASE_H
#define OB_APP_PASSPHRASE_H

#include "store/key.h"

#include <stdbool.h>
#include <stddef.h>

struct ob_passphrase {
    char text[OB_PASSPHRASE_MAX + 1];
    size_t size;
};

/* file: its first line, or NULL; else $OUTBREATH_PASSPHRASE; else asked for at the terminal with the question, twice
 * when it is a new one. False after a sentence on stderr, or silently where nobody is there to be asked (given_out
 * false). Wipe with ob_passphrase_wipe. */
bool ob_passphrase_get(const char *file, const char *question, bool anew, struct ob_passphrase *out, bool *given_out);

void ob_passphrase_wipe(struct ob_passphrase *passphrase);

/* Somebody is at the terminal and can answer. */
bool ob_somebody_is_here(void);

/* A line that has to be typed to go on; false otherwise. */
bool ob_confirm(const char *question, const char *answer);

#endif
