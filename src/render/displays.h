/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The displays of the desktop, and SDL windows that fill one of them. Private to the room; main
 * thread. */
#ifndef OB_RENDER_DISPLAYS_H
#define OB_RENDER_DISPLAYS_H

#include "render/screens.h"

#include <SDL.h>

/* In SDL's order, which is that of display indices. Needs SDL's video to be up. */
int ob_displays_list(struct ob_screen list_out[OB_SCREENS]);

/* The display that a window is on; 0 where that can't be told. */
int ob_displays_of(SDL_Window *window);

/* A window on its way to fill a display. Begun small: one that is larger than its display is not always let fill it.
 * NULL: the desktop refuses. */
SDL_Window *ob_displays_open(const char *title, int display, bool offscreen);

/* Lets a window fill a display, and be seen: also one that SDL believes to fill it already, since the display may have
 * come and gone. */
void ob_displays_fill(SDL_Window *window, int display);

#endif
