/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The breath in the hands, against SDL's virtual game controller: what its motors are told is written down here. */
#include "app/window/haptics.h"
#include "app/window/input.h"
#include "base/time.h"
#include "breath/protocol.h"
#include "breath/rumble.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#if SDL_VERSION_ATLEAST(2, 24, 0)

static struct {
    int orders, stops;
    Uint16 slow, fast, slow_most, fast_most;
} told;

static int SDLCALL on_rumble(void *user, Uint16 slow, Uint16 fast)
{
    (void)user;
    told.orders++;
    told.stops += !slow && !fast;
    told.slow = slow;
    told.fast = fast;
    told.slow_most = slow > told.slow_most ? slow : told.slow_most;
    told.fast_most = fast > told.fast_most ? fast : told.fast_most;
    return 0;
}

static struct ob_input input;
static struct ob_haptics haptics;
static struct ob_snapshot snapshot;

static int setup(void **state)
{
    (void)state;
    struct ob_settings settings;
    ob_settings_init(&settings);
    ob_haptics_init(&haptics, &settings);
    memset(&told, 0, sizeof told);
    memset(&snapshot, 0, sizeof snapshot);
    snapshot.stage = OB_STAGE_GUIDED;
    snapshot.params = (struct ob_params){.presence_01 = 1, .guidance_01 = 1};
    snapshot.pacer.rate_brpm = 6.0;
    snapshot.pacer.shape = snapshot.pacer.next = ob_breath_shape_make(0.4, 6.0, 0, 0);
    return 0;
}

/* From that second of the pacer on, called ten times more often than anything is due. */
static void run(double from_s, double to_s, bool dark)
{
    for (int64_t t = ob_ns_from_s(from_s); t < ob_ns_from_s(to_s); t += 5 * OB_NS_PER_MS)
        ob_haptics_step(&haptics, input.controller, &snapshot, dark, t + OB_NS_PER_S);
}

static void a_breath_in_the_hands(void **state)
{
    (void)state;
    run(0.0, 10.0, true);
    assert_in_range(told.orders, 120, 205);      /* twenty a second at most, and none in stillness */
    assert_true(told.fast_most > 0.1 * 65535);   /* the inhale */
    assert_true(told.slow_most > 0.15 * 65535);  /* the exhale */
    assert_true(told.slow_most <= 0.31 * 65535); /* half of the most there is */
    snapshot.pacer.phase_turns = 0.6;            /* amid an exhale */
    run(10.0, 10.1, true);
    assert_true(told.slow > 0);
    const int orders = told.orders, stops = told.stops;
    snapshot.params.presence_01 = 0.0f; /* a pause */
    run(10.1, 15.0, true);
    assert_int_equal(told.stops, stops + 1);
    assert_true(told.orders <= orders + 1);
    assert_int_equal(told.slow + told.fast, 0);
}

static void what_was_chosen_counts(void **state)
{
    (void)state;
    static const struct {
        const char *when;
        bool dark, moves;
    } cases[] = {{"dark", true, true},    {"dark", false, false}, {"always", true, true},
                 {"always", false, true}, {"never", true, false}, {"never", false, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct ob_settings settings;
        ob_settings_init(&settings);
        assert_true(ob_settings_take(&settings, OB_SET_HAPTICS_WHEN, cases[i].when, OB_LAYER_COMMAND_LINE, 0));
        assert_true(ob_settings_take(&settings, OB_SET_HAPTICS_STRENGTH, "1", OB_LAYER_COMMAND_LINE, 0));
        ob_haptics_init(&haptics, &settings);
        memset(&told, 0, sizeof told);
        run(0.0, 10.0, cases[i].dark);
        assert_int_equal(told.orders > 0, cases[i].moves);
        assert_true((float)told.slow_most <= OB_RUMBLE_MAX_01 * 65535.0f + 1.0f);
        ob_haptics_stop(&haptics, input.controller);
        assert_int_equal(told.slow + told.fast, 0);
    }
}

static void a_fade_of_the_protocol_is_felt_too(void **state)
{
    (void)state;
    run(0.0, 10.0, true);
    const Uint16 loud = told.slow_most;
    memset(&told, 0, sizeof told);
    snapshot.sound_db = -20.0;
    run(10.0, 20.0, true);
    assert_in_range(told.slow_most, loud / 4, loud / 2);
    memset(&told, 0, sizeof told);
    snapshot.sound_db = OB_SILENT_DB;
    run(20.0, 30.0, true);
    assert_int_equal(told.slow_most + told.fast_most, 0);
}

static void no_controller_is_fine(void **state)
{
    (void)state;
    ob_haptics_step(&haptics, NULL, &snapshot, true, OB_NS_PER_S);
    ob_haptics_stop(&haptics, NULL);
    assert_int_equal(told.orders, 0);
}

int main(void)
{
    SDL_SetHint(SDL_HINT_JOYSTICK_ALLOW_BACKGROUND_EVENTS, "1");
    SDL_VirtualJoystickDesc desc = {.version = SDL_VIRTUAL_JOYSTICK_DESC_VERSION,
                                    .type = SDL_JOYSTICK_TYPE_GAMECONTROLLER,
                                    .naxes = SDL_CONTROLLER_AXIS_MAX,
                                    .nbuttons = SDL_CONTROLLER_BUTTON_MAX,
                                    .name = "Virtual",
                                    .Rumble = on_rumble};
    SDL_SetHint(SDL_HINT_VIDEODRIVER, "dummy");
    if (SDL_InitSubSystem(SDL_INIT_VIDEO | SDL_INIT_GAMECONTROLLER) || SDL_JoystickAttachVirtualEx(&desc) < 0) {
        printf("skipped: SDL has no virtual game controller here: %s\n", SDL_GetError());
        return 77;
    }
    ob_input_init(&input);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_breath_in_the_hands, setup),
        cmocka_unit_test_setup(what_was_chosen_counts, setup),
        cmocka_unit_test_setup(a_fade_of_the_protocol_is_felt_too, setup),
        cmocka_unit_test_setup(no_controller_is_fine, setup),
    };
    int failed = 1;
    if (input.controller && strcmp(SDL_GameControllerName(input.controller), "Virtual") == 0)
        failed = cmocka_run_group_tests(tests, NULL, NULL);
    else
        printf("the virtual controller is not taken\n");
    ob_input_finish(&input);
    SDL_Quit();
    return failed;
}

#else

int main(void)
{
    printf("skipped: this SDL is older than 2.24 and has no virtual game controller with motors\n");
    return 77;
}

#endif
