/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The breath in the hands: breath/rumble.h on the motors of a game controller, twenty times a second. Main thread.
 *
 * Each order to the motors holds for OB_HAPTICS_HOLD_MS only, so they stop soon whatever becomes of the program. A
 * controller without motors, or none, is fine. */
#ifndef OB_APP_HAPTICS_H
#define OB_APP_HAPTICS_H

#include "config/settings.h"
#include "engine/snapshot.h"

#include <SDL2/SDL.h>
#include <stdbool.h>
#include <stdint.h>

#define OB_HAPTICS_EVERY_MS 50
#define OB_HAPTICS_HOLD_MS  250

struct ob_haptics {
    bool dark, lit;    /* whether they move while a protocol keeps the picture dark, and otherwise */
    float strength_01; /* chosen */
    int64_t sent_ns;   /* the newest order; 0: none */
    bool moving;
};

void ob_haptics_init(struct ob_haptics *haptics, const struct ob_settings *settings);

/* Call at least every OB_HAPTICS_EVERY_MS; it does as much as is due. dark: the protocol wants no picture. The motors
 * follow the sound where a protocol fades or silences it, and not where the person has muted it. */
void ob_haptics_step(struct ob_haptics *haptics, SDL_GameController *controller, const struct ob_snapshot *snapshot,
                     bool dark, int64_t now_ns);

/* At once. */
void ob_haptics_stop(struct ob_haptics *haptics, SDL_GameController *controller);

#endif
