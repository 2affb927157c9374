/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A desktop that shows notifications, and the systemd of a person, on a private bus (../bus/fake_bus.h): what the first
 * does with a notification is ordered, what the second is told is written down. */
#ifndef OB_TESTS_OS_FAKE_DESKTOP_H
#define OB_TESTS_OS_FAKE_DESKTOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fake_desktop_mood {
    FAKE_PRESSES,
    FAKE_PRESSES_AT_ONCE, /* before it has told the number */
    FAKE_PUTS_AWAY,
    FAKE_PRESSES_ANOTHER, /* somebody else's, and then nothing */
    FAKE_LOOKS_ELSEWHERE,
    FAKE_KNOWS_NO_BUTTONS,
    FAKE_REFUSES, /* shows none */
};

struct fake_shown {
    int count, taken_back;
    char title[128], body[256], action[64], key[32];
    uint32_t urgency;
};

bool fake_desktop_start(const char *address, enum fake_desktop_mood mood);
void fake_desktop_stop(void);

struct fake_shown fake_desktop_shown(void);

/* What systemd was told so far, such as "StopUnit outbreath-remind.timer, Reload". */
void fake_desktop_told(char *out, size_t size);

#endif
