/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/input.h"

#include <string.h>

#define PUSHED   18000 /* of 32767 */
#define RELEASED 9000

static void take_controller(struct ob_input *input)
{
    for (int i = 0; !input->controller && i < SDL_NumJoysticks(); i++)
        if (SDL_IsGameController(i))
            input->controller = SDL_GameControllerOpen(i);
}

void ob_input_init(struct ob_input *input)
{
    memset(input, 0, sizeof *input);
    if (SDL_InitSubSystem(SDL_INIT_GAMECONTROLLER) == 0) /* without it keys, mouse and touch are there */
        take_controller(input);
}

void ob_input_finish(struct ob_input *input)
{
    if (input->controller)
        SDL_GameControllerClose(input->controller);
    input->controller = NULL;
    if (SDL_WasInit(SDL_INIT_GAMECONTROLLER))
        SDL_QuitSubSystem(SDL_INIT_GAMECONTROLLER);
}

static enum ob_ui_input of_key(const SDL_KeyboardEvent *key)
{
    switch (key->keysym.sym) {
    case SDLK_UP:
        return OB_UI_UP;
    case SDLK_DOWN:
        return OB_UI_DOWN;
    case SDLK_LEFT:
        return OB_UI_LEFT;
    case SDLK_RIGHT:
        return OB_UI_RIGHT;
    case SDLK_TAB:
        return key->keysym.mod & KMOD_SHIFT ? OB_UI_PREVIOUS : OB_UI_NEXT;
    case SDLK_RETURN:
    case SDLK_KP_ENTER:
    case SDLK_SPACE:
        return key->repeat ? OB_UI_NOTHING : OB_UI_CHOOSE;
    case SDLK_ESCAPE:
    case SDLK_BACKSPACE:
    case SDLK_AC_BACK:
    case SDLK_s:
        return key->repeat ? OB_UI_NOTHING : OB_UI_BACK;
    default:
        return OB_UI_NOTHING;
    }
}

static enum ob_ui_input of_button(Uint8 button)
{
    switch (button) {
    case SDL_CONTROLLER_BUTTON_DPAD_UP:
        return OB_UI_UP;
    case SDL_CONTROLLER_BUTTON_DPAD_DOWN:
        return OB_UI_DOWN;
    case SDL_CONTROLLER_BUTTON_DPAD_LEFT:
        return OB_UI_LEFT;
    case SDL_CONTROLLER_BUTTON_DPAD_RIGHT:
        return OB_UI_RIGHT;
    case SDL_CONTROLLER_BUTTON_RIGHTSHOULDER:
        return OB_UI_NEXT;
    case SDL_CONTROLLER_BUTTON_LEFTSHOULDER:
        return OB_UI_PREVIOUS;
    case SDL_CONTROLLER_BUTTON_A:
        return OB_UI_CHOOSE;
    case SDL_CONTROLLER_BUTTON_B:
    case SDL_CONTROLLER_BUTTON_Y:
    case SDL_CONTROLLER_BUTTON_BACK:
        return OB_UI_BACK;
    default:
        return OB_UI_NOTHING;
    }
}

/* A push of the stick is one step, until it has come back. */
static enum ob_ui_input of_stick(struct ob_input *input, const SDL_ControllerAxisEvent *axis)
{
    const bool sideways = axis->axis == SDL_CONTROLLER_AXIS_LEFTX;
    if (!sideways && axis->axis != SDL_CONTROLLER_AXIS_LEFTY)
        return OB_UI_NOTHING;
    const int away = axis->value < 0 ? -(int)axis->value : axis->value;
    if (away < RELEASED)
        input->stick_away = false;
    if (away < PUSHED || input->stick_away)
        return OB_UI_NOTHING;
    input->stick_away = true;
    return sideways ? (axis->value < 0 ? OB_UI_LEFT : OB_UI_RIGHT) : axis->value < 0 ? OB_UI_UP : OB_UI_DOWN;
}

static void of_mouse(Uint32 window_id, int x, int y, bool pressed, struct ob_pointer *pointer_out)
{
    int width = 0, height = 0;
    SDL_Window *window = SDL_GetWindowFromID(window_id);
    if (window)
        SDL_GetWindowSize(window, &width, &height);
    if (width <= 0 || height <= 0)
        return;
    *pointer_out =
        (struct ob_pointer){.moved = true, .pressed = pressed, .x_01 = (double)x / width, .y_01 = (double)y / height};
}

enum ob_ui_input ob_input_take(struct ob_input *input, const SDL_Event *event, struct ob_pointer *pointer_out)
{
    *pointer_out = (struct ob_pointer){0};
    switch (event->type) {
    case SDL_KEYDOWN:
        return of_key(&event->key);
    case SDL_CONTROLLERBUTTONDOWN:
        return of_button(event->cbutton.button);
    case SDL_CONTROLLERAXISMOTION:
        return of_stick(input, &event->caxis);
    case SDL_CONTROLLERDEVICEADDED:
        take_controller(input);
        return OB_UI_NOTHING;
    case SDL_CONTROLLERDEVICEREMOVED:
        if (input->controller && !SDL_GameControllerGetAttached(input->controller)) {
            SDL_GameControllerClose(input->controller);
            input->controller = NULL;
            take_controller(input);
        }
        return OB_UI_NOTHING;
    case SDL_MOUSEMOTION:
        if (event->motion.which != SDL_TOUCH_MOUSEID)
            of_mouse(event->motion.windowID, event->motion.x, event->motion.y, false, pointer_out);
        return OB_UI_NOTHING;
    case SDL_MOUSEBUTTONDOWN: /* of a finger SDL tells both; one is enough */
        if (event->button.which != SDL_TOUCH_MOUSEID && event->button.button == SDL_BUTTON_LEFT)
            of_mouse(event->button.windowID, event->button.x, event->button.y, true, pointer_out);
        return OB_UI_NOTHING;
    case SDL_MOUSEWHEEL:
        return event->wheel.y > 0 ? OB_UI_UP : event->wheel.y < 0 ? OB_UI_DOWN : OB_UI_NOTHING;
    case SDL_FINGERDOWN:
        *pointer_out = (struct ob_pointer){
            .moved = true, .pressed = true, .x_01 = (double)event->tfinger.x, .y_01 = (double)event->tfinger.y};
        return OB_UI_NOTHING;
    default:
        return OB_UI_NOTHING;
    }
}

bool ob_input_asks_for_sensors(const SDL_Event *event)
{
    if (event->type == SDL_KEYDOWN)
        return event->key.keysym.sym == SDLK_s && !event->key.repeat;
    return event->type == SDL_CONTROLLERBUTTONDOWN && event->cbutton.button == SDL_CONTROLLER_BUTTON_Y;
}
