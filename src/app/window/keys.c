/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/keys.h"

#include "app/window/desk_serve.h"
#include "os/clock.h"
#include "os/tr.h"

static void change_volume(struct ob_shell *s, double by)
{
    ob_sound_change_volume(&s->sound, by);
    ob_notice_say(&s->notice, ob_clock_monotonic_ns(), 2.0, ob_tr("Volume %.0f%%"),
                  100.0 * ob_sound_volume_01(&s->sound));
}

static void next_scene(struct ob_shell *s)
{
    char title[80];
    if (ob_render_next_scene(s->render, 1, title, sizeof title) == OB_OK)
        ob_notice_say(&s->notice, ob_clock_monotonic_ns(), 4.0, "%s", ob_tr(title));
}

static void next_soundscape(struct ob_shell *s)
{
    const char *title = ob_sound_next(&s->sound, 1);
    ob_notice_say(&s->notice, ob_clock_monotonic_ns(), 4.0, "%s", ob_tr(title));
}

static void turn_voice(struct ob_shell *s)
{
    ob_speaker_turn(&s->speaker, !s->speaker.on);
    ob_notice_say(&s->notice, ob_clock_monotonic_ns(), 2.0, "%s",
                  s->speaker.on ? ob_tr("The voice is on.")
                                : ob_tr("The voice is off; its words are still written here."));
}

static void take_key(struct ob_shell *s, SDL_Keycode key)
{
    switch (key) {
    case SDLK_SPACE:
        ob_sitting_pause(&s->sitting);
        break;
    case SDLK_b:
        ob_sitting_just_breathe(&s->sitting);
        break;
    case SDLK_d:
        ob_sitting_feel_dizzy(&s->sitting);
        break;
    case SDLK_h:
        s->overlay.hud = !s->overlay.hud;
        break;
    case SDLK_i:
        s->overlay.formulas = !s->overlay.formulas;
        s->overlay.hud |= s->overlay.formulas;
        break;
    case SDLK_n:
        ob_sitting_next_part(&s->sitting);
        break;
    case SDLK_c:
        next_scene(s);
        break;
    case SDLK_v:
        turn_voice(s);
        break;
    case SDLK_m:
        next_soundscape(s);
        break;
    case SDLK_f:
        ob_render_toggle_fullscreen(s->render);
        break;
    case SDLK_QUESTION:
    case SDLK_SLASH:
    case SDLK_F1:
        s->overlay.help = !s->overlay.help;
        break;
    case SDLK_PLUS:
    case SDLK_EQUALS:
    case SDLK_KP_PLUS:
        change_volume(s, 0.05);
        break;
    case SDLK_MINUS:
    case SDLK_KP_MINUS:
        change_volume(s, -0.05);
        break;
    case SDLK_a:
        ob_desk_new_address(s);
        break;
    case SDLK_ESCAPE:
        ob_shell_end(s);
        break;
    default:
        if (s->sitting.ended_ns)
            ob_shell_end(s);
        break;
    }
}

/* R reads pages aloud, and stops it. */
static bool turned_reading(struct ob_shell *s, const SDL_Event *event)
{
    if (event->type != SDL_KEYDOWN || event->key.keysym.sym != SDLK_r || event->key.repeat)
        return false;
    ob_shell_keep_reading(s, !ob_settings_is(&s->loaded.settings, OB_SET_DISPLAY_SPEAK));
    return true;
}

/* While the sensor screen is there, it has the keys; but the one for dizziness is heard at any time, and full screen
 * belongs to the window. */
static void take_screen_event(struct ob_shell *s, const SDL_Event *event)
{
    if (event->type == SDL_KEYDOWN && event->key.keysym.sym == SDLK_d && s->sitting.runs) {
        ob_sensor_panel_close(&s->sensors);
        take_key(s, SDLK_d);
        return;
    }
    if (event->type == SDL_KEYDOWN && event->key.keysym.sym == SDLK_f) {
        take_key(s, SDLK_f);
        return;
    }
    if (turned_reading(s, event))
        return;
    struct ob_pointer pointer;
    const enum ob_ui_input input = ob_input_take(&s->input, event, &pointer);
    bool chosen = false;
    if (input != OB_UI_NOTHING)
        chosen = ob_sensor_panel_input(&s->sensors, input);
    else if (pointer.moved)
        chosen = ob_sensor_panel_pointer(&s->sensors, pointer.x_01, pointer.y_01, pointer.pressed);
    if (chosen) {
        if (s->sitting.runs)
            ob_sitting_sensor_changed(&s->sitting);
        s->strap_noted = false;
    }
}

/* At home and its like the screen has keys, mouse and touch. */
static void take_place_event(struct ob_shell *s, const SDL_Event *event)
{
    struct ob_pointer pointer;
    if (event->type == SDL_KEYDOWN && event->key.keysym.sym == SDLK_f) {
        ob_render_toggle_fullscreen(s->render);
        return;
    }
    if (turned_reading(s, event))
        return;
    if (event->type == SDL_KEYDOWN && event->key.keysym.sym == SDLK_d && s->place->over_session) {
        ob_shell_go(s, NULL);
        take_key(s, SDLK_d);
        return;
    }
    if (event->type == SDL_FINGERMOTION) {
        ob_ui_host_scroll(&s->host, -(double)event->tfinger.dy);
        return;
    }
    if (event->type == SDL_MOUSEWHEEL) {
        ob_ui_host_scroll(&s->host, -0.12 * (double)event->wheel.y);
        return;
    }
    const enum ob_ui_input input = ob_input_take(&s->input, event, &pointer);
    if (input != OB_UI_NOTHING)
        ob_ui_host_input(&s->host, input);
    else if (pointer.moved)
        ob_ui_host_pointer(&s->host, pointer.x_01, pointer.y_01, pointer.pressed);
}

/* A click, a finger, a controller's button or Return in a session: what can be done in it. */
static bool asks_for_choices(const SDL_Event *event)
{
    switch (event->type) {
    case SDL_MOUSEBUTTONDOWN:
    case SDL_FINGERDOWN:
        return true;
    case SDL_CONTROLLERBUTTONDOWN:
        return event->cbutton.button != SDL_CONTROLLER_BUTTON_Y;
    case SDL_KEYDOWN:
        return event->key.keysym.sym == SDLK_RETURN || event->key.keysym.sym == SDLK_KP_ENTER ||
               event->key.keysym.sym == SDLK_TAB || event->key.keysym.sym == SDLK_MENU;
    default:
        return false;
    }
}

void ob_keys_take(struct ob_shell *s)
{
    SDL_Event event;
    if (s->kiosk) {
        ob_kiosk_take(s);
        return;
    }
    while (!s->goes && SDL_PollEvent(&event)) {
        if (ob_two_screens_event(s, &event))
            continue;
        const bool marks = ob_desk_key(s, &event); /* in the dark as well, and without light */
        const enum ob_away_event means =
            marks ? OB_AWAY_USUAL : ob_away_event(&s->away, s->place ? NULL : &s->sitting, &event);
        if (!marks && ((event.type == SDL_KEYDOWN && !event.key.repeat) || event.type == SDL_MOUSEBUTTONDOWN ||
                       event.type == SDL_FINGERDOWN || event.type == SDL_CONTROLLERBUTTONDOWN))
            ob_sitting_awake(&s->sitting);
        if (event.type == SDL_QUIT)
            s->leave = true;
        else if (marks)
            continue;
        else if (means == OB_AWAY_END)
            ob_shell_end(s);
        else if (means == OB_AWAY_LIGHT)
            continue;
        else if (s->sensors.open)
            take_screen_event(s, &event);
        else if (ob_input_asks_for_sensors(&event) && s->hub)
            ob_shell_show_sensors(s);
        else if (s->place)
            take_place_event(s, &event);
        else if (asks_for_choices(&event)) {
            if (s->sitting.ended_ns)
                ob_shell_end(s);
            else
                ob_shell_go(s, &ob_place_during);
        } else if (event.type == SDL_KEYDOWN && !event.key.repeat)
            take_key(s, event.key.keysym.sym == SDLK_SLASH && !(event.key.keysym.mod & KMOD_SHIFT)
                            ? SDLK_UNKNOWN
                            : event.key.keysym.sym);
        else if (event.type == SDL_CONTROLLERDEVICEADDED || event.type == SDL_CONTROLLERDEVICEREMOVED)
            ob_input_take(&s->input, &event, &(struct ob_pointer){0});
    }
}
