/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somewhere to be in the program with a window, other than a session: home, a list of sessions, the settings. A place
 * fills the model of a screen of ui/ and does what is chosen on it. Main thread. */
#ifndef OB_APP_PLACE_H
#define OB_APP_PLACE_H

#include "ui/host.h"

#include <stdbool.h>
#include <stdint.h>

struct ob_shell;

struct ob_place {
    const char *name; /* for tests and for the gallery */
    /* Comes in: memory for what it needs, or NULL. Goes out: gives it back. Either may be NULL. */
    void *(*enter)(struct ob_shell *shell);
    void (*leave)(void *state);
    /* Each frame. True: what it shows has changed. NULL: nothing changes by itself. */
    bool (*step)(void *state, int64_t now_ns);
    bool over_session;              /* it lies over a session that goes on */
    struct ob_ui_screen screen;     /* its user is the state */
    uint64_t (*first)(void *state); /* what has the focus at first; NULL: the first item */
};

/* Whether the page of the first start has not been read on this machine yet. */
bool ob_place_first_is_due(void);

extern const struct ob_place ob_place_first, ob_place_home, ob_place_choose, ob_place_settings, ob_place_history,
    ob_place_end, ob_place_during, ob_place_seen;

/* Of the kiosk, in the order in which a visitor comes to them; and the two of the staff. */
extern const struct ob_place ob_place_kiosk_attract, ob_place_kiosk_ask, ob_place_kiosk_settle, ob_place_kiosk_during,
    ob_place_kiosk_end, ob_place_kiosk_pin, ob_place_kiosk_staff;

#endif
