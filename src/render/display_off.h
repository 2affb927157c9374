/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ways to put the display off, and back on. Private to the room; main thread.
 *
 * X11 with a display that can be switched (its DPMS extension): off, and the server itself switches it on again at the
 * next key, touch or movement of the mouse, also when the program is gone. What the settings of its own timers were is
 * put back. Everywhere else the display stays on and what is on it is black. A Wayland compositor has no such way for
 * everyone: the protocol for it (wlr-output-power-management) leaves the display off when a program is killed, and no
 * key brings it back, so it is not used. */
#ifndef OB_RENDER_DISPLAY_OFF_H
#define OB_RENDER_DISPLAY_OFF_H

#include <stdbool.h>

struct ob_display_way;

struct ob_display_off {
    const struct ob_display_way *way;
    void *connection; /* the way's own */
    bool off;
    bool timers; /* the display's own timers were on before */
    unsigned short timer_s[3];
};

/* Finds the way for a video driver as SDL names it; there is always one. Asks the display server, and waits for it. */
void ob_display_off_init(struct ob_display_off *display, const char *driver);

/* Leaves the display as it is: one that is off comes back by a key. */
void ob_display_off_finish(struct ob_display_off *display);

/* Whether the display itself can be switched; false: black is all. */
bool ob_display_off_switches(const struct ob_display_off *display);
void ob_display_off_set(struct ob_display_off *display, bool off);

/* For people, of what will be or is. Static memory. */
const char *ob_display_off_sentence(const struct ob_display_off *display);

#endif
