/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/haptics.h"

#include "app/session/plan.h"
#include "base/time.h"
#include "breath/rumble.h"

#include <string.h>

enum { WHEN_DARK, WHEN_ALWAYS, WHEN_NEVER }; /* the words of haptics.when */

void ob_haptics_init(struct ob_haptics *haptics, const struct ob_settings *settings)
{
    const int when = (int)ob_settings_number(settings, OB_SET_HAPTICS_WHEN);
    *haptics = (struct ob_haptics){
        .dark = when != WHEN_NEVER,
        .lit = when == WHEN_ALWAYS,
        .strength_01 = (float)ob_settings_number(settings, OB_SET_HAPTICS_STRENGTH),
    };
}

static Uint16 motor(float strength_01)
{
    return (Uint16)(strength_01 * 65535.0f + 0.5f);
}

void ob_haptics_step(struct ob_haptics *haptics, SDL_GameController *controller, const struct ob_snapshot *snapshot,
                     bool dark, int64_t now_ns)
{
    if (!controller || (haptics->sent_ns && now_ns - haptics->sent_ns < OB_HAPTICS_EVERY_MS * OB_NS_PER_MS))
        return;
    struct ob_rumble rumble = {0};
    if (dark ? haptics->dark : haptics->lit)
        rumble = ob_rumble_at(&snapshot->pacer, &snapshot->params,
                              ob_plan_volume_01(haptics->strength_01, snapshot->sound_db), now_ns);
    const Uint16 slow = motor(rumble.slow_01), fast = motor(rumble.fast_01);
    if (!slow && !fast) {
        ob_haptics_stop(haptics, controller);
        return;
    }
    SDL_GameControllerRumble(controller, slow, fast, OB_HAPTICS_HOLD_MS);
    haptics->moving = true;
    haptics->sent_ns = now_ns;
}

void ob_haptics_stop(struct ob_haptics *haptics, SDL_GameController *controller)
{
    if (haptics->moving && controller)
        SDL_GameControllerRumble(controller, 0, 0, 0);
    haptics->moving = false;
}
