/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/away.h"

#include "base/time.h"
#include "os/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TURN_NS   (OB_HAPTICS_EVERY_MS * OB_NS_PER_MS)
#define TREMBLE   4    /* pixels: less than that is a mouse on a table that somebody touches */
#define STICK_OUT 9000 /* of 32767: less is a stick that rests badly */

void ob_away_init(struct ob_away *away, const struct ob_settings *settings)
{
    memset(away, 0, sizeof *away);
    away->awake = ob_awake_create();
    ob_haptics_init(&away->haptics, settings);
}

void ob_away_finish(struct ob_away *away)
{
    ob_awake_destroy(away->awake);
    away->awake = NULL;
}

/* What is heard needs no light. */
static bool is_heard(const SDL_Event *event)
{
    if (event->type != SDL_KEYDOWN)
        return false;
    switch (event->key.keysym.sym) {
    case SDLK_m:
    case SDLK_v:
    case SDLK_PLUS:
    case SDLK_EQUALS:
    case SDLK_KP_PLUS:
    case SDLK_MINUS:
    case SDLK_KP_MINUS:
        return true;
    default:
        return false;
    }
}

enum ob_away_event ob_away_event(struct ob_away *away, struct ob_sitting *sitting, const SDL_Event *event)
{
    if (away->dark && sitting && is_heard(event))
        return OB_AWAY_USUAL;
    bool moved = false;
    switch (event->type) {
    case SDL_KEYDOWN:
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEWHEEL:
    case SDL_FINGERDOWN:
    case SDL_CONTROLLERBUTTONDOWN:
        break;
    case SDL_MOUSEMOTION:
        if (abs(event->motion.xrel) + abs(event->motion.yrel) < TREMBLE)
            return OB_AWAY_USUAL;
        moved = true;
        break;
    case SDL_CONTROLLERAXISMOTION:
        if (abs(event->caxis.value) < STICK_OUT)
            return OB_AWAY_USUAL;
        moved = true;
        break;
    default:
        return OB_AWAY_USUAL;
    }
    if (sitting)
        ob_sitting_touch(sitting, moved);
    away->stays = false;
    if (!away->dark)
        return OB_AWAY_USUAL;
    if (!sitting)
        return OB_AWAY_LIGHT;
    if (event->type == SDL_CONTROLLERBUTTONDOWN)
        return event->cbutton.button == SDL_CONTROLLER_BUTTON_START ||
                       event->cbutton.button == SDL_CONTROLLER_BUTTON_BACK
                   ? OB_AWAY_END
                   : OB_AWAY_LIGHT;
    if (event->type != SDL_KEYDOWN)
        return OB_AWAY_LIGHT;
    const SDL_Keycode key = event->key.keysym.sym;
    return key == SDLK_ESCAPE || key == SDLK_SPACE || key == SDLK_d ? OB_AWAY_USUAL : OB_AWAY_LIGHT;
}

/* SDL keeps the desktop's screen saver away as well, by a poke to the X server twice a minute; while the display is off
 * that could wake it, and the desktop has been asked by us. */
static void keep_awake(struct ob_away *away, const struct ob_sitting *sitting, const struct ob_render *render,
                       int64_t now_ns)
{
    const bool wanted = sitting && sitting->runs && !sitting->paused && !sitting->ended_ns;
    ob_awake_want(away->awake, wanted, now_ns);
    ob_awake_step(away->awake, now_ns);
    const bool by_sdl = wanted && !ob_render_display_is_off(render);
    if (by_sdl && SDL_IsScreenSaverEnabled())
        SDL_DisableScreenSaver();
    else if (!by_sdl && !SDL_IsScreenSaverEnabled())
        SDL_EnableScreenSaver();
}

bool ob_away_step(struct ob_away *away, struct ob_sitting *sitting, struct ob_render *render)
{
    const int64_t now_ns = ob_clock_monotonic_ns();
    keep_awake(away, sitting, render, now_ns);
    if (sitting)
        away->stays = sitting->darkness.dark && sitting->protocol.end == OB_END_LEAVE;
    const bool dark = sitting ? sitting->darkness.dark : away->dark && away->stays;
    if (dark != away->dark) {
        away->dark = dark;
        if (away->dark) {
            away->since_ns = now_ns;
            ob_render_darken(render);
        } else {
            away->dark_ns += now_ns - away->since_ns;
            ob_render_lighten(render);
        }
    }
    if (!away->dark)
        return false;
    ob_render_dark_step(render);
    away->display_off = away->display_off || ob_render_display_is_off(render);
    ob_clock_sleep_until_ns(now_ns + TURN_NS);
    return true;
}

void ob_away_feel(struct ob_away *away, const struct ob_sitting *sitting, SDL_GameController *controller,
                  int64_t now_ns)
{
    if (!sitting) {
        ob_haptics_stop(&away->haptics, controller);
        return;
    }
    ob_haptics_step(&away->haptics, controller, sitting->newest, sitting->protocol.dark, now_ns);
}

const char *ob_away_trouble(const struct ob_away *away, const struct ob_sitting *sitting)
{
    const struct ob_awake_status awake = ob_awake_status(away->awake);
    const bool matters = sitting && sitting->protocol.dark && !sitting->paused && !sitting->ended_ns;
    return matters && (awake.state == OB_AWAKE_REFUSED || awake.state == OB_AWAKE_ABSENT) ? awake.sentence : "";
}

double ob_away_dark_s(const struct ob_away *away)
{
    return ob_s_from_ns(away->dark_ns + (away->dark ? ob_clock_monotonic_ns() - away->since_ns : 0));
}

void ob_away_print(const struct ob_away *away)
{
    const double dark_s = ob_away_dark_s(away);
    if (dark_s > 0.0)
        printf("dark: %.1f s, %s\n", dark_s, away->display_off ? "the display off" : "the screen black");
}
