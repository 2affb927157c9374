/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Offers something on the desktop and waits for what becomes of it: one notification with one button, over
 * org.freedesktop.Notifications (Desktop Notifications Specification 1.2). It asks for no sound and stays in the
 * desktop's list until it is taken, put away or taken back. */
#ifndef OB_OS_NOTIFY_H
#define OB_OS_NOTIFY_H

#include <stdbool.h>

struct ob_notify_desc {
    const char *title, *body; /* plain words, without < and & */
    const char *way;          /* stands behind the body where the desktop knows no buttons: what to do instead */
    const char *action;       /* the button's words; pressing the notification itself is the same */
    double patience_s;        /* then it is taken back */
    bool (*give_up)(void);    /* asked a few times a second: true takes it back at once; may be NULL */
};

enum ob_notify_answer {
    OB_NOTIFY_ABSENT, /* nobody here shows notifications */
    OB_NOTIFY_MUTE,   /* it is shown, and can't be answered */
    OB_NOTIFY_TAKEN,  /* the button */
    OB_NOTIFY_LEFT,   /* put away, taken back, or the desktop is gone */
};

/* Blocks, at most for patience_s and some seconds more for a desktop that does not answer. Any thread. */
enum ob_notify_answer ob_notify(const struct ob_notify_desc *desc);

/* Whether somebody shows notifications now; nothing is started to find out. */
bool ob_notify_is_there(void);

#endif
