/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys, game controller and finger mean the same to a screen. */
#include "app/window/input.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct ob_input input;
static struct ob_pointer pointer;

static enum ob_ui_input key(SDL_Keycode code, Uint16 modifiers, bool repeat)
{
    SDL_Event event = {.type = SDL_KEYDOWN};
    event.key.keysym.sym = code;
    event.key.keysym.mod = modifiers;
    event.key.repeat = repeat;
    return ob_input_take(&input, &event, &pointer);
}

static enum ob_ui_input button(Uint8 which)
{
    SDL_Event event = {.type = SDL_CONTROLLERBUTTONDOWN};
    event.cbutton.button = which;
    return ob_input_take(&input, &event, &pointer);
}

static enum ob_ui_input stick(Uint8 axis, Sint16 value)
{
    SDL_Event event = {.type = SDL_CONTROLLERAXISMOTION};
    event.caxis.axis = axis;
    event.caxis.value = value;
    return ob_input_take(&input, &event, &pointer);
}

static void every_hand_has_every_step(void **state)
{
    (void)state;
    static const struct {
        SDL_Keycode code;
        Uint8 pad;
        enum ob_ui_input means;
    } rows[] = {{SDLK_UP, SDL_CONTROLLER_BUTTON_DPAD_UP, OB_UI_UP},
                {SDLK_DOWN, SDL_CONTROLLER_BUTTON_DPAD_DOWN, OB_UI_DOWN},
                {SDLK_LEFT, SDL_CONTROLLER_BUTTON_DPAD_LEFT, OB_UI_LEFT},
                {SDLK_RIGHT, SDL_CONTROLLER_BUTTON_DPAD_RIGHT, OB_UI_RIGHT},
                {SDLK_RETURN, SDL_CONTROLLER_BUTTON_A, OB_UI_CHOOSE},
                {SDLK_ESCAPE, SDL_CONTROLLER_BUTTON_B, OB_UI_BACK}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(key(rows[i].code, 0, false), rows[i].means);
        assert_int_equal(button(rows[i].pad), rows[i].means);
    }
    assert_int_equal(key(SDLK_TAB, 0, false), OB_UI_NEXT);
    assert_int_equal(key(SDLK_TAB, KMOD_LSHIFT, false), OB_UI_PREVIOUS);
    assert_int_equal(key(SDLK_DOWN, 0, true), OB_UI_DOWN);      /* a list is run through by holding */
    assert_int_equal(key(SDLK_RETURN, 0, true), OB_UI_NOTHING); /* nothing is chosen by that */
    assert_int_equal(key(SDLK_s, 0, true), OB_UI_NOTHING);      /* nor left by the key that opened it */
    assert_int_equal(key(SDLK_q, 0, false), OB_UI_NOTHING);
    assert_false(pointer.moved);
}

static void a_push_of_the_stick_is_one_step(void **state)
{
    (void)state;
    assert_int_equal(stick(SDL_CONTROLLER_AXIS_LEFTY, 12000), OB_UI_NOTHING);
    assert_int_equal(stick(SDL_CONTROLLER_AXIS_LEFTY, 30000), OB_UI_DOWN);
    assert_int_equal(stick(SDL_CONTROLLER_AXIS_LEFTY, 32767), OB_UI_NOTHING);
    assert_int_equal(stick(SDL_CONTROLLER_AXIS_LEFTY, 1000), OB_UI_NOTHING);
    assert_int_equal(stick(SDL_CONTROLLER_AXIS_LEFTY, -32768), OB_UI_UP);
    assert_int_equal(stick(SDL_CONTROLLER_AXIS_LEFTY, 0), OB_UI_NOTHING);
    assert_int_equal(stick(SDL_CONTROLLER_AXIS_LEFTX, -20000), OB_UI_LEFT);
    assert_int_equal(stick(SDL_CONTROLLER_AXIS_LEFTX, 0), OB_UI_NOTHING);
    assert_int_equal(stick(SDL_CONTROLLER_AXIS_RIGHTX, 30000), OB_UI_NOTHING);
}

static void a_finger_is_a_press_and_counts_once(void **state)
{
    (void)state;
    SDL_Event event = {.type = SDL_FINGERDOWN};
    event.tfinger.x = 0.25f;
    event.tfinger.y = 0.75f;
    assert_int_equal(ob_input_take(&input, &event, &pointer), OB_UI_NOTHING);
    assert_true(pointer.moved && pointer.pressed && pointer.x_01 == 0.25 && pointer.y_01 == 0.75);
    event = (SDL_Event){.type = SDL_MOUSEBUTTONDOWN}; /* what SDL makes of the same finger */
    event.button.which = SDL_TOUCH_MOUSEID;
    event.button.button = SDL_BUTTON_LEFT;
    ob_input_take(&input, &event, &pointer);
    assert_false(pointer.moved || pointer.pressed);
}

static void one_key_asks_for_the_sensors(void **state)
{
    (void)state;
    SDL_Event event = {.type = SDL_KEYDOWN};
    event.key.keysym.sym = SDLK_s;
    assert_true(ob_input_asks_for_sensors(&event));
    event.key.repeat = 1;
    assert_false(ob_input_asks_for_sensors(&event));
    event = (SDL_Event){.type = SDL_CONTROLLERBUTTONDOWN};
    event.cbutton.button = SDL_CONTROLLER_BUTTON_Y;
    assert_true(ob_input_asks_for_sensors(&event));
    event.cbutton.button = SDL_CONTROLLER_BUTTON_A;
    assert_false(ob_input_asks_for_sensors(&event));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_hand_has_every_step),
        cmocka_unit_test(a_push_of_the_stick_is_one_step),
        cmocka_unit_test(a_finger_is_a_press_and_counts_once),
        cmocka_unit_test(one_key_asks_for_the_sensors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
