/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the desktop says of itself: light or dark, high contrast (both from the portal's settings, also when they
 * change), and whether a screen reader runs (from the accessibility bus, looked at once, and not started for it).
 *
 * Asked over D-Bus without waiting: ob_desktop_step() sends and reads what is there and returns. Where nobody answers
 * all stays unknown. One thread. */
#ifndef OB_OS_DESKTOP_H
#define OB_OS_DESKTOP_H

#include <stdbool.h>

enum ob_desktop_scheme { OB_DESKTOP_UNKNOWN, OB_DESKTOP_DARK, OB_DESKTOP_LIGHT };

struct ob_desktop_says {
    enum ob_desktop_scheme scheme;
    bool contrast;      /* high contrast is asked for */
    bool screen_reader; /* one is running */
};

struct ob_desktop;

/* NULL: no memory. All functions accept NULL, and all is unknown then. */
struct ob_desktop *ob_desktop_create(void);
void ob_desktop_destroy(struct ob_desktop *desktop);

/* True: it says something new. Call it now and then. */
bool ob_desktop_step(struct ob_desktop *desktop);

struct ob_desktop_says ob_desktop_says(const struct ob_desktop *desktop);

#endif
