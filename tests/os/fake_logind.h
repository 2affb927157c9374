/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A logind and a desktop's screen saver on a private bus (../bus/fake_bus.h), as far as keeping a machine awake goes.
 * They answer on a thread of their own, refuse or stay silent on command, and know what is held now: a hold of logind's
 * ends when its descriptor is closed by the last who has it, one of the desktop's when its owner leaves the bus. */
#ifndef OB_TESTS_OS_FAKE_LOGIND_H
#define OB_TESTS_OS_FAKE_LOGIND_H

#include <stdbool.h>
#include <stddef.h>

enum fake_logind_mood {
    FAKE_WILLING,
    FAKE_NOT_THE_LID, /* refuses what touches the lid */
    FAKE_IDLE_ONLY,
    FAKE_UNWILLING,
    FAKE_SILENT, /* never answers */
};

bool fake_logind_start(const char *address, enum fake_logind_mood mood);
void fake_logind_stop(void); /* the holds die with it, as those of a logind that ends */

/* How many holds there are now, and what the newest of all was for ("" at first). */
int fake_logind_holds(char *what_out, size_t size);
int fake_desktop_holds(void);
int fake_logind_calls(void); /* of Inhibit, refused ones included */

#endif
