/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Walks through every page of the program with a window, by keyboard alone, by mouse alone, by touch alone and by a
 * game controller alone: SDL's events go in, and where one arrives is seen in the shell. Drawn offscreen; skips without
 * GL. */
#include "app/options.h"
#include "app/places/appointment.h"
#include "app/places/practice.h"
#include "app/window/shell.h"
#include "app/window/surroundings.h"
#include "os/tr.h"
#include "ui/during_screen.h"
#include "ui/end_screen.h"
#include "ui/first_screen.h"
#include "ui/home_screen.h"
#include "ui/list_screen.h"
#include "ui/seen_screen.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

enum hand { HAND_KEYS, HAND_MOUSE, HAND_TOUCH, HAND_CONTROLLER, HANDS };

static const char *const hand_names[] = {"keyboard", "mouse", "touch", "controller"};

static struct ob_shell *shell;
static char folder[64];
static int actions; /* since somebody began to count */

static void push_key(SDL_Keycode key)
{
    SDL_Event event = {.type = SDL_KEYDOWN};
    event.key.keysym.sym = key;
    SDL_PushEvent(&event);
}

static void push_button(Uint8 button)
{
    SDL_Event event = {.type = SDL_CONTROLLERBUTTONDOWN};
    event.cbutton.button = button;
    SDL_PushEvent(&event);
}

static void frames(int count)
{
    for (int i = 0; i < count && !shell->leave; i++)
        assert_true(ob_shell_frame(shell) || shell->leave);
}

/* One step of the focus. */
static void step_focus(enum hand hand)
{
    if (hand == HAND_KEYS)
        push_key(SDLK_TAB);
    else
        push_button(SDL_CONTROLLER_BUTTON_RIGHTSHOULDER);
    frames(2);
}

static const struct ob_ui_box *box_of(uint64_t key)
{
    for (int i = 0; i < shell->host.focus.count; i++)
        if (shell->host.focus.item[i].key == key)
            return &shell->host.focus.item[i].box;
    return NULL;
}

static void press_at(enum hand hand, double x, double y)
{
    SDL_Event event = {0};
    if (hand == HAND_MOUSE) {
        event.type = SDL_MOUSEBUTTONDOWN;
        event.button.button = SDL_BUTTON_LEFT;
        event.button.windowID = SDL_GetWindowID(SDL_GL_GetCurrentWindow());
        event.button.x = (Sint32)x;
        event.button.y = (Sint32)y;
    } else {
        event.type = SDL_FINGERDOWN;
        event.tfinger.x = (float)(x / shell->host.width);
        event.tfinger.y = (float)(y / shell->host.height);
    }
    SDL_PushEvent(&event);
}

/* Scrolls until the item is in sight. */
static void bring_into_sight(enum hand hand, uint64_t key)
{
    for (int i = 0; i < 60; i++) {
        const struct ob_ui_box *box = box_of(key);
        assert_non_null(box);
        if (box->y >= 0.0 && box->y + box->height <= shell->host.height)
            return;
        SDL_Event event = {0};
        const bool down = box->y > 0.0;
        if (hand == HAND_MOUSE) {
            event.type = SDL_MOUSEWHEEL;
            event.wheel.y = down ? -1 : 1;
        } else {
            event.type = SDL_FINGERMOTION;
            event.tfinger.dy = down ? -0.1f : 0.1f;
        }
        SDL_PushEvent(&event);
        frames(2);
    }
    fail_msg("an item can't be brought into sight");
}

/* Chooses an item, by whatever the hand has. */
static void choose(enum hand hand, uint64_t key)
{
    frames(3);
    actions++;
    if (hand == HAND_MOUSE || hand == HAND_TOUCH) {
        bring_into_sight(hand, key);
        const struct ob_ui_box *box = box_of(key);
        press_at(hand, box->x + 0.5 * box->width, box->y + 0.5 * box->height);
    } else {
        for (int i = 0; i < 100 && shell->host.focus.at != key; i++)
            step_focus(hand);
        assert_true(shell->host.focus.at == key);
        if (hand == HAND_KEYS)
            push_key(SDLK_RETURN);
        else
            push_button(SDL_CONTROLLER_BUTTON_A);
    }
    frames(4);
}

static void expect_place(const struct ob_place *place)
{
    frames(2);
    if (shell->place != place)
        fail_msg("expected to be at '%s', am at '%s'", place ? place->name : "a session",
                 shell->place ? shell->place->name : "a session");
}

/* What a voice was given to read. */
static void expect_words(const char *words)
{
    frames(2);
    if (!strstr(shell->reading.words, words))
        fail_msg("expected to hear '%s', hear '%s'", words, shell->reading.words);
}

static void go_back(enum hand hand)
{
    actions++;
    if (hand == HAND_CONTROLLER)
        push_button(SDL_CONTROLLER_BUTTON_B);
    else
        push_key(SDLK_ESCAPE);
    frames(4);
}

/* The page over a session, by each hand. */
static void ask_for_choices(enum hand hand)
{
    actions++;
    if (hand == HAND_KEYS)
        push_key(SDLK_RETURN);
    else if (hand == HAND_CONTROLLER)
        push_button(SDL_CONTROLLER_BUTTON_START);
    else
        press_at(hand, 100.0, 100.0);
    frames(4);
}

/* Down and, where that was the end, up again. */
static void change_value(enum hand hand, uint64_t key, const char *what, double (*value)(void))
{
    const double before = value();
    if (hand == HAND_MOUSE || hand == HAND_TOUCH) {
        frames(3);
        bring_into_sight(hand, key);
        const struct ob_ui_box *box = box_of(key);
        press_at(hand, box->x + 0.68 * box->width, box->y + 0.5 * box->height);
    } else {
        for (int i = 0; i < 100 && shell->host.focus.at != key; i++)
            step_focus(hand);
        if (hand == HAND_KEYS)
            push_key(SDLK_LEFT);
        else
            push_button(SDL_CONTROLLER_BUTTON_DPAD_LEFT);
    }
    frames(3);
    if (!(value() < before))
        fail_msg("%s: %s does not go down", hand_names[hand], what);
    if (hand == HAND_MOUSE || hand == HAND_TOUCH) {
        const struct ob_ui_box *box = box_of(key);
        press_at(hand, box->x + 0.97 * box->width, box->y + 0.5 * box->height);
    } else if (hand == HAND_KEYS)
        push_key(SDLK_RIGHT);
    else
        push_button(SDL_CONTROLLER_BUTTON_DPAD_RIGHT);
    frames(3);
    if (!(value() > before - 1e-6))
        fail_msg("%s: %s does not go up", hand_names[hand], what);
}

/* A session runs after so many actions from a page: at most so many. */
static void expect_session_from(const char *page, int further, int most)
{
    print_message("from '%s' to a running session: %d action%s\n", page, actions + further,
                  actions + further == 1 ? "" : "s");
    assert_true(actions + further <= most);
}

static double volume(void)
{
    return ob_sound_volume_01(&shell->sound);
}

static const char *scene_set; /* what a file of settings says of it; NULL: nothing */

static void begin_shell(void)
{
    shell = calloc(1, sizeof *shell);
    assert_non_null(shell);
    struct ob_settings over;
    ob_settings_init(&over);
    ob_settings_take(&over, OB_SET_SOUND_MUTE, "true", OB_LAYER_COMMAND_LINE, 0);
    ob_settings_take(&over, OB_SET_DISPLAY_WIDTH, "480", OB_LAYER_COMMAND_LINE, 0);
    ob_settings_take(&over, OB_SET_DISPLAY_HEIGHT, "270", OB_LAYER_COMMAND_LINE, 0);
    ob_settings_take(&over, OB_SET_SENSOR_PREFER, "none", OB_LAYER_COMMAND_LINE, 0);
    assert_true(ob_settings_load("none", &over, &shell->loaded));
    shell->options.config = "none";
    shell->options.offscreen = true;
    shell->at_home = true;
    assert_int_equal(ob_shell_open_heart(shell), OB_EXIT_DONE);
    if (scene_set)
        ob_settings_take(&shell->loaded.settings, OB_SET_DISPLAY_SCENE, scene_set, OB_LAYER_USER, 1);
    ob_surroundings_recall(shell);
    const int code = ob_shell_open(shell, ob_settings_text(&shell->loaded.settings, OB_SET_DISPLAY_SCENE));
    if (code == OB_EXIT_DEVICE) {
        printf("no GL to draw with offscreen: skipped\n");
        ob_shell_close(shell, code);
        free(shell);
        shell = NULL;
        skip();
    }
    assert_int_equal(code, OB_EXIT_DONE);
    assert_int_equal(ob_shell_arrive(shell), OB_EXIT_DONE);
    frames(3);
}

static void end_shell(void)
{
    ob_shell_close(shell, OB_EXIT_DONE);
    free(shell);
    shell = NULL;
}

static void forget_first_start(void)
{
    char path[160];
    snprintf(path, sizeof path, "%s/outbreath/read-first", folder);
    unlink(path);
}

/* From the first start to a session and its end, home, every page, and out. */
static void walk(enum hand hand)
{
    forget_first_start();
    begin_shell();
    expect_place(&ob_place_first);
    change_value(hand, ob_ui_first_key(OB_UI_FIRST_VOLUME), "the volume", volume);

    choose(hand, ob_ui_first_key(OB_UI_FIRST_READ)); /* aloud: all of it, then what the hand comes to */
    assert_true(ob_settings_is(&shell->loaded.settings, OB_SET_DISPLAY_SPEAK));
    expect_words("Ask a clinician first.");
    expect_words("Stop reading.");
    actions = 0;
    choose(hand, ob_ui_first_key(OB_UI_FIRST_BEGIN));
    expect_place(NULL);
    expect_session_from("first", 0, 1);
    ask_for_choices(hand);
    expect_place(&ob_place_during);
    change_value(hand, ob_ui_during_key(OB_UI_DURING_VOLUME), "the volume", volume);
    choose(hand, ob_ui_during_key(OB_UI_DURING_PAUSE));
    assert_true(shell->sitting.paused);
    choose(hand, ob_ui_during_key(OB_UI_DURING_GO_ON));
    expect_place(NULL);
    assert_false(shell->sitting.paused);
    ask_for_choices(hand);
    choose(hand, ob_ui_during_key(OB_UI_DURING_SEEN));
    expect_place(&ob_place_seen);
    expect_words("No heart is measured");
    choose(hand, ob_ui_seen_back_key());
    expect_place(NULL);
    ask_for_choices(hand);
    choose(hand, ob_ui_during_key(OB_UI_DURING_SEEN));
    go_back(hand);
    expect_place(NULL);
    ask_for_choices(hand);
    choose(hand, ob_ui_during_key(OB_UI_DURING_DIZZY));
    expect_place(NULL);
    assert_true(shell->sitting.dizzy);
    ask_for_choices(hand);
    choose(hand, ob_ui_during_key(OB_UI_DURING_END));
    expect_place(&ob_place_end);

    actions = 0;
    choose(hand, ob_ui_end_key(OB_UI_END_AGAIN));
    expect_place(NULL);
    expect_session_from("end", 0, 1);
    ask_for_choices(hand);
    choose(hand, ob_ui_during_key(OB_UI_DURING_END));
    choose(hand, ob_ui_end_key(OB_UI_END_HOME));
    expect_place(&ob_place_home);

    expect_words("Breathe with me.");
    choose(hand, ob_ui_home_key(OB_UI_HOME_SETTINGS));
    expect_place(&ob_place_settings);
    expect_words("Settings.");
    if (hand == HAND_KEYS) {
        push_key(SDLK_DOWN);
        frames(3);
        expect_words("A look before and after. off. Two quiet minutes");
        assert_null(strstr(shell->reading.words, "Settings."));
        push_key(SDLK_r);
        frames(2);
        assert_false(ob_settings_is(&shell->loaded.settings, OB_SET_DISPLAY_SPEAK));
        push_key(SDLK_r);
        frames(2);
        expect_words("Settings.");
    }
    actions = 0;
    go_back(hand);
    expect_place(&ob_place_home);
    choose(hand, ob_ui_home_key(OB_UI_HOME_BREATHE));
    expect_place(NULL);
    expect_session_from("settings", 0, 2);
    actions--;
    expect_session_from("home", 0, 1);
    ask_for_choices(hand);
    choose(hand, ob_ui_during_key(OB_UI_DURING_END));
    choose(hand, ob_ui_end_key(OB_UI_END_HOME));

    choose(hand, ob_ui_home_key(OB_UI_HOME_CHOOSE));
    expect_place(&ob_place_choose);
    actions = 0;
    choose(hand, ob_ui_list_key(1));
    expect_place(NULL);
    expect_session_from("choose", 0, 1);
    ask_for_choices(hand);
    choose(hand, ob_ui_during_key(OB_UI_DURING_END));
    choose(hand, ob_ui_end_key(OB_UI_END_HOME));
    choose(hand, ob_ui_home_key(OB_UI_HOME_CHOOSE));
    assert_true(shell->host.focus.at == ob_ui_list_key(1)); /* what was chosen last has the focus */
    go_back(hand);

    choose(hand, ob_ui_home_key(OB_UI_HOME_HISTORY));
    expect_place(&ob_place_history);
    actions = 0;
    go_back(hand);
    expect_place(&ob_place_home);
    expect_session_from("history", 1, 2); /* home's is one more */

    choose(hand, ob_ui_home_key(OB_UI_HOME_SENSORS));
    assert_true(shell->sensors.open);
    expect_words("Sensors.");
    actions = 0;
    go_back(hand);
    assert_false(shell->sensors.open);
    expect_session_from("sensors", 1, 2);
    choose(hand, ob_ui_home_key(OB_UI_HOME_LEAVE));
    assert_true(shell->leave);
    end_shell();
}

/* From a start to the end page of a short session. */
static void come_to_the_end(void)
{
    begin_shell();
    if (shell->place == &ob_place_first)
        choose(HAND_KEYS, ob_ui_first_key(OB_UI_FIRST_HOME));
    choose(HAND_KEYS, ob_ui_home_key(OB_UI_HOME_BREATHE));
    ask_for_choices(HAND_KEYS);
    choose(HAND_KEYS, ob_ui_during_key(OB_UI_DURING_END));
    expect_place(&ob_place_end);
}

/* Whoever answers how they feel and then closes the window has answered. */
static void an_answer_stays_when_the_window_closes(void **state)
{
    (void)state;
    come_to_the_end();
    choose(HAND_KEYS, ob_ui_end_answer_key(4));
    SDL_Event closed = {.type = SDL_QUIT};
    SDL_PushEvent(&closed);
    frames(3);
    assert_true(shell->leave);
    end_shell();
    struct ob_practice practice;
    ob_practice_read(&practice, NULL, NULL, false);
    assert_true(practice.count > 0);
    assert_int_equal(practice.sessions[0].checkin[1], 1 + 4);
    ob_practice_finish(&practice);
}

/* The end page writes the session as a PDF, with what was answered, and says where it is. */
static void a_page_to_take_home(void **state)
{
    (void)state;
    char path[300], line[700];
    setenv("XDG_CONFIG_HOME", folder, 1);
    setenv("HOME", folder, 1);
    snprintf(path, sizeof path, "%s/user-dirs.dirs", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("# folders\nXDG_DOCUMENTS_DIR=\"$HOME/Papers\"\n", file);
    fclose(file);
    snprintf(path, sizeof path, "%s/Papers", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    come_to_the_end();
    choose(HAND_KEYS, ob_ui_end_answer_key(6));
    choose(HAND_KEYS, ob_ui_end_key(OB_UI_END_PAGE));
    choose(HAND_KEYS, ob_ui_end_key(OB_UI_END_HOME));
    end_shell();
    snprintf(line, sizeof line, "ls %s/outbreath-*.pdf && head -c 5 %s/outbreath-*.pdf", path, path);
    file = popen(line, "r");
    assert_true(fgets(line, sizeof line, file) && strstr(line, "/Papers/outbreath-2"));
    assert_true(fgets(line, sizeof line, file) && strcmp(line, "%PDF-") == 0);
    pclose(file);
    struct ob_practice practice;
    ob_practice_read(&practice, NULL, NULL, false);
    assert_int_equal(practice.sessions[0].checkin[1], 1 + 6);
    ob_practice_finish(&practice);
}

static void sit_for_a_moment(const SDL_Keycode *keys)
{
    choose(HAND_KEYS, ob_ui_home_key(OB_UI_HOME_BREATHE));
    expect_place(NULL);
    for (; *keys; keys++) {
        push_key(*keys);
        frames(2);
    }
    ask_for_choices(HAND_KEYS);
    choose(HAND_KEYS, ob_ui_during_key(OB_UI_DURING_END));
    choose(HAND_KEYS, ob_ui_end_key(OB_UI_END_HOME));
}

/* From a new start to a session in one action, with the picture, the sound and the volume of the last one; and the next
 * appointment stands at home until it is over. */
static void what_somebody_had_comes_again(void **state)
{
    (void)state;
    begin_shell();
    if (shell->place == &ob_place_first)
        choose(HAND_KEYS, ob_ui_first_key(OB_UI_FIRST_HOME));
    char scene[64], sound[64];
    snprintf(scene, sizeof scene, "%s", ob_render_scene(shell->render));
    snprintf(sound, sizeof sound, "%s", ob_sound_name(&shell->sound));
    const double loud = volume();
    sit_for_a_moment((const SDL_Keycode[]){SDLK_c, SDLK_c, SDLK_m, SDLK_MINUS, SDLK_MINUS, 0});
    assert_string_not_equal(scene, ob_render_scene(shell->render));
    assert_string_not_equal(sound, ob_sound_name(&shell->sound));
    assert_true(volume() < loud - 0.08);
    snprintf(scene, sizeof scene, "%s", ob_render_scene(shell->render));
    snprintf(sound, sizeof sound, "%s", ob_sound_name(&shell->sound));
    const double softer = volume();
    end_shell();

    struct ob_keepsake next = {.appointment_s = (int64_t)time(NULL) + 3 * 86400};
    assert_int_equal(ob_appointment_put(NULL, NULL, NULL, &next), OB_EXIT_DONE);
    begin_shell();
    expect_place(&ob_place_home);
    ob_shell_read_pages(shell, true);
    expect_words("Next massage: ");
    assert_string_equal(scene, ob_render_scene(shell->render));
    assert_string_equal(sound, ob_sound_name(&shell->sound));
    assert_true(fabs(volume() - softer) < 0.006);
    actions = 0;
    choose(HAND_KEYS, ob_ui_home_key(OB_UI_HOME_BREATHE));
    expect_place(NULL);
    assert_int_equal(actions, 1);
    assert_string_equal(scene, ob_render_scene(shell->render));
    assert_string_equal(sound, ob_sound_name(&shell->sound));
    end_shell(); /* in the middle of a session: what it had is kept all the same, and so is the appointment */

    struct ob_practice practice;
    ob_practice_read(&practice, NULL, NULL, false);
    assert_string_equal(practice.keepsake.chosen[OB_KEEPSAKE_SCENE].value, scene);
    assert_true(practice.keepsake.appointment_s == next.appointment_s);
    ob_practice_finish(&practice);
    next.appointment_s = (int64_t)time(NULL) - 60;
    assert_int_equal(ob_appointment_put(NULL, NULL, NULL, &next), OB_EXIT_DONE);
    scene_set = "embers"; /* a setting that was changed since goes before */
    begin_shell();
    ob_shell_read_pages(shell, true);
    frames(2);
    assert_null(strstr(shell->reading.words, "Next massage"));
    assert_string_equal(ob_render_scene(shell->render), "embers");
    assert_string_equal(sound, ob_sound_name(&shell->sound));
    sit_for_a_moment((const SDL_Keycode[]){SDLK_c, 0});
    snprintf(scene, sizeof scene, "%s", ob_render_scene(shell->render));
    assert_string_not_equal(scene, "embers");
    end_shell();
    begin_shell(); /* the same setting as then: what came after it counts */
    assert_string_equal(ob_render_scene(shell->render), scene);
    end_shell();
    scene_set = NULL;
}

static void by_keyboard(void **state)
{
    (void)state;
    walk(HAND_KEYS);
}

static void by_mouse(void **state)
{
    (void)state;
    walk(HAND_MOUSE);
}

static void by_touch(void **state)
{
    (void)state;
    walk(HAND_TOUCH);
}

static void by_controller(void **state)
{
    (void)state;
    walk(HAND_CONTROLLER);
}

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/ob-walk.XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    char data[96];
    snprintf(data, sizeof data, "%s/data", folder);
    setenv("XDG_STATE_HOME", folder, 1);
    setenv("OUTBREATH_DATA", data, 1);
    setenv("OUTBREATH_CONFIG", "none", 1);
    setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", 1);
    ob_tr_begin("en");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

/* One hand alone may be named: a process a hand keeps what a GL library holds on to small. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_keyboard),
        cmocka_unit_test(by_mouse),
        cmocka_unit_test(by_touch),
        cmocka_unit_test(by_controller),
        cmocka_unit_test(an_answer_stays_when_the_window_closes),
        cmocka_unit_test(a_page_to_take_home),
        cmocka_unit_test(what_somebody_had_comes_again),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
