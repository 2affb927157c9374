/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fingers on the keyboard of a private X server, through its XTEST extension. */
#ifndef OB_TESTS_FINGERS_H
#define OB_TESTS_FINGERS_H

#include <stdbool.h>

/* Keys of an ordinary PC keyboard, as X counts them. */
enum { FINGERS_ESCAPE = 9, FINGERS_P = 33, FINGERS_SPACE = 65 };

/* display: "DISPLAY=:N". Down and up again. */
bool fingers_press(const char *display, int key);

#endif
