/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When it is dark, and which keys are what in the dark. */
#include "app/window/away.h"
#include "app/window/darkness.h"
#include "base/time.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define BEGIN_NS (7 * OB_NS_PER_S)
#define FRAME_NS (OB_NS_PER_S / 60)

static struct ob_darkness d;
static int64_t now_ns;

static int setup(void **state)
{
    (void)state;
    ob_darkness_init(&d);
    now_ns = BEGIN_NS;
    return 0;
}

static void run(double seconds, bool wanted)
{
    for (const int64_t end_ns = now_ns + ob_ns_from_s(seconds); now_ns < end_ns; now_ns += FRAME_NS) {
        const float before = d.light_01;
        ob_darkness_step(&d, wanted, now_ns);
        assert_true(fabsf(d.light_01 - before) <= 1.05f / 60.0f / (float)OB_DARKNESS_RISE_S); /* nothing jumps */
    }
}

static void dark_within_ten_seconds(void **state)
{
    (void)state;
    run(5.9, true);
    assert_true(d.light_01 == 1.0f);
    run(4.1, true);
    assert_true(d.light_01 == 0.0f);
    assert_true(d.dark);
    run(3000.0, true);
    assert_true(d.dark);
}

static void no_dark_where_none_is_wanted(void **state)
{
    (void)state;
    run(100.0, false);
    assert_true(d.light_01 == 1.0f && !d.dark);
    run(20.0, true);
    assert_true(d.dark);
    run(0.1, false); /* a pause */
    assert_false(d.dark);
    run(2.0, false);
    assert_true(d.light_01 == 1.0f);
    run(5.0, true); /* behind it the light has its time again */
    assert_true(d.light_01 == 1.0f);
    run(5.0, true);
    assert_true(d.dark);
}

static void a_touch_brings_the_light(void **state)
{
    (void)state;
    run(20.0, true);
    assert_true(d.dark);
    assert_true(ob_darkness_touch(&d, false));
    assert_false(d.dark);
    run(OB_DARKNESS_RISE_S + 0.1, true);
    assert_true(d.light_01 == 1.0f);
    assert_false(ob_darkness_touch(&d, false)); /* it was light already, and stays so for longer */
    run(5.9, true);
    assert_true(d.light_01 == 1.0f);
    run(4.1, true);
    assert_true(d.dark);
}

static void a_window_that_moves_is_no_mouse(void **state)
{
    (void)state;
    while (!d.dark)
        run(0.02, true);
    assert_false(ob_darkness_touch(&d, true));
    assert_true(d.dark);
    run(0.5, true);
    assert_false(ob_darkness_touch(&d, true));
    run(1.0, true);
    assert_true(ob_darkness_touch(&d, true));
    assert_false(d.dark);
}

/* What an event means while it is dark, and that nothing is changed in the light. */
static void keys_in_the_dark(void **state)
{
    (void)state;
    static struct ob_sitting sitting;
    struct ob_away away = {0};
    const struct {
        SDL_Event event;
        enum ob_away_event means;
        bool lights;
    } cases[] = {
        {{.key = {.type = SDL_KEYDOWN, .keysym.sym = SDLK_n}}, OB_AWAY_LIGHT, true},
        {{.key = {.type = SDL_KEYDOWN, .keysym.sym = SDLK_q}}, OB_AWAY_LIGHT, true},
        {{.key = {.type = SDL_KEYDOWN, .keysym.sym = SDLK_m}}, OB_AWAY_USUAL, false}, /* heard, not seen */
        {{.key = {.type = SDL_KEYDOWN, .keysym.sym = SDLK_KP_MINUS}}, OB_AWAY_USUAL, false},
        {{.key = {.type = SDL_KEYDOWN, .keysym.sym = SDLK_ESCAPE}}, OB_AWAY_USUAL, true},
        {{.key = {.type = SDL_KEYDOWN, .keysym.sym = SDLK_SPACE}}, OB_AWAY_USUAL, true},
        {{.key = {.type = SDL_KEYDOWN, .keysym.sym = SDLK_d}}, OB_AWAY_USUAL, true},
        {{.key = {.type = SDL_KEYUP, .keysym.sym = SDLK_d}}, OB_AWAY_USUAL, false},
        {{.cbutton = {.type = SDL_CONTROLLERBUTTONDOWN, .button = SDL_CONTROLLER_BUTTON_A}}, OB_AWAY_LIGHT, true},
        {{.cbutton = {.type = SDL_CONTROLLERBUTTONDOWN, .button = SDL_CONTROLLER_BUTTON_Y}}, OB_AWAY_LIGHT, true},
        {{.cbutton = {.type = SDL_CONTROLLERBUTTONDOWN, .button = SDL_CONTROLLER_BUTTON_START}}, OB_AWAY_END, true},
        {{.cbutton = {.type = SDL_CONTROLLERBUTTONDOWN, .button = SDL_CONTROLLER_BUTTON_BACK}}, OB_AWAY_END, true},
        {{.caxis = {.type = SDL_CONTROLLERAXISMOTION, .value = 300}}, OB_AWAY_USUAL, false},
        {{.caxis = {.type = SDL_CONTROLLERAXISMOTION, .value = -20000}}, OB_AWAY_LIGHT, true},
        {{.motion = {.type = SDL_MOUSEMOTION, .xrel = 1, .yrel = -1}}, OB_AWAY_USUAL, false},
        {{.motion = {.type = SDL_MOUSEMOTION, .xrel = -30, .yrel = 4}}, OB_AWAY_LIGHT, true},
        {{.button = {.type = SDL_MOUSEBUTTONDOWN}}, OB_AWAY_LIGHT, true},
        {{.tfinger = {.type = SDL_FINGERDOWN}}, OB_AWAY_LIGHT, true},
        {{.window = {.type = SDL_WINDOWEVENT, .event = SDL_WINDOWEVENT_EXPOSED}}, OB_AWAY_USUAL, false},
    };
    run(20.0, true);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sitting.darkness = d;
        away.dark = true;
        assert_int_equal(ob_away_event(&away, &sitting, &cases[i].event), cases[i].means);
        assert_int_equal(!sitting.darkness.dark, cases[i].lights);
        away.dark = false;
        assert_int_equal(ob_away_event(&away, &sitting, &cases[i].event), OB_AWAY_USUAL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(dark_within_ten_seconds, setup),
        cmocka_unit_test_setup(no_dark_where_none_is_wanted, setup),
        cmocka_unit_test_setup(a_touch_brings_the_light, setup),
        cmocka_unit_test_setup(a_window_that_moves_is_no_mouse, setup),
        cmocka_unit_test_setup(keys_in_the_dark, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
