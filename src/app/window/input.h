/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SDL's keyboard, game controller, mouse and touch as what screens understand. Main thread. */
#ifndef OB_APP_INPUT_H
#define OB_APP_INPUT_H

#include "ui/focus.h"

#include <SDL2/SDL.h>
#include <stdbool.h>

struct ob_input {
    SDL_GameController *controller; /* the first that is there; NULL: none */
    bool stick_away;                /* the left stick was pushed and has not come back */
};

struct ob_pointer {
    bool moved;
    bool pressed;
    double x_01, y_01; /* of the window, from the upper left */
};

/* Needs SDL's video to be up; controllers come and go. */
void ob_input_init(struct ob_input *input);
void ob_input_finish(struct ob_input *input);

/* What an event means for a screen. pointer_out says where the mouse or finger is, if it is about that. */
enum ob_ui_input ob_input_take(struct ob_input *input, const SDL_Event *event, struct ob_pointer *pointer_out);

/* Whether the event asks for the sensor screen: the key S, or Y (the upper button) of a controller. */
bool ob_input_asks_for_sensors(const SDL_Event *event);

#endif
