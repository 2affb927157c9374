/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Starts a command of this program at certain times of the day while the person is signed in, whether the program runs
 * or not: a timer and a service of the person's own systemd, as files in $XDG_CONFIG_HOME/systemd/user (~/.config),
 * with the link by which systemd finds them when the person signs in again.
 *
 * Times that pass while the machine is off or asleep are not made up for. Caller's thread; blocks for the files and for
 * at most some seconds of a systemd that does not answer. */
#ifndef OB_OS_USER_TIMER_H
#define OB_OS_USER_TIMER_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define OB_USER_TIMER_MOST 8

struct ob_user_timer {
    const char *name;               /* of both units, such as "outbreath-remind": letters and dashes */
    const char *about;              /* one line for lists of units, in English */
    const char *words;              /* what follows the program's path in the command: "remind due" */
    const char *program;            /* its path; NULL: this one */
    int at_min[OB_USER_TIMER_MOST]; /* minutes since midnight, local time */
    size_t count;                   /* 0: there is to be no timer, and what there is of it goes */
};

enum ob_user_timer_state {
    OB_USER_TIMER_AS_IT_WAS, /* nothing had to be changed */
    OB_USER_TIMER_NOW,       /* changed, and systemd goes by it now */
    OB_USER_TIMER_LATER,     /* changed; systemd could not be told, and will see when the person signs in again */
};

/* state_out may be NULL. OB_ERR_NOT_FOUND: there is no home folder; OB_ERR_PERMISSION and its like: the files can't be
 * written or removed. */
enum ob_err ob_user_timer_set(const struct ob_user_timer *timer, enum ob_user_timer_state *state_out);

/* Whether its files are there. */
bool ob_user_timer_is_set(const char *name);

#endif
