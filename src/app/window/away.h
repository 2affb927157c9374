/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a session does for somebody who does not look: the machine is kept awake as long as it runs, the screen goes off
 * where the protocol wants no picture, and a game controller carries the breath. Main thread. */
#ifndef OB_APP_AWAY_H
#define OB_APP_AWAY_H

#include "app/session/sitting.h"
#include "app/window/haptics.h"
#include "config/settings.h"
#include "os/awake.h"
#include "render/render.h"

#include <SDL2/SDL.h>
#include <stdbool.h>
#include <stdint.h>

struct ob_away {
    struct ob_awake *awake;
    struct ob_haptics haptics;
    bool dark;        /* nothing is drawn now */
    bool stays;       /* and it stays so when the session is over, until somebody touches something */
    int64_t since_ns; /* of this dark */
    int64_t dark_ns;  /* of all before */
    bool display_off; /* the display itself was, at some time */
};

/* What an event is to somebody in the dark. */
enum ob_away_event {
    OB_AWAY_USUAL, /* what it always is */
    OB_AWAY_LIGHT, /* it only brought the light back */
    OB_AWAY_END,   /* the session is over */
};

void ob_away_init(struct ob_away *away, const struct ob_settings *settings);
void ob_away_finish(struct ob_away *away); /* the machine may sleep again */

/* Each event goes through here first; sitting: NULL where nobody sits in a session. In the dark every key, button and
 * touch brings the light back and does nothing else, but for those that somebody finds without eyes: escape ends it,
 * space pauses, d is for dizziness; on a controller start and back end it. The next sound, the voice and the volume
 * are heard, and bring no light. */
enum ob_away_event ob_away_event(struct ob_away *away, struct ob_sitting *sitting, const SDL_Event *event);

/* Once a turn of the loop, before drawing; sitting may be NULL here and below. True: nothing is to be drawn in this
 * turn; it has waited for a twentieth of a second instead. */
bool ob_away_step(struct ob_away *away, struct ob_sitting *sitting, struct ob_render *render);

/* Once a turn, after ob_sitting_look(). */
void ob_away_feel(struct ob_away *away, const struct ob_sitting *sitting, SDL_GameController *controller,
                  int64_t now_ns);

/* What can go wrong for somebody who does not look; "" when all is well. */
const char *ob_away_trouble(const struct ob_away *away, const struct ob_sitting *sitting);

double ob_away_dark_s(const struct ob_away *away); /* so far */

/* How long it was dark and how, for logs; nothing if it never was. */
void ob_away_print(const struct ob_away *away);

#endif
