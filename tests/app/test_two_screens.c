/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Displays come and go under a session that goes on: the displays are the test's own, SDL's events say that they have
 * changed, and what becomes of the windows is seen in the shell. Drawn offscreen; skips without GL. On real displays of
 * a compositor: tests/live/two_screens.py. */
#include "app/options.h"
#include "app/window/shell.h"
#include "base/mark.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct ob_shell *shell;
static char folder[64];

static const struct ob_screen desk = {"Desk", 0, 0, 1920, 1080}, beamer = {"Beamer", 1920, 0, 1024, 768};
static struct ob_screen there[OB_SCREENS];
static int count;

static int list(struct ob_screen list_out[OB_SCREENS])
{
    memcpy(list_out, there, sizeof there);
    return count;
}

static void frames(int number)
{
    for (int i = 0; i < number && !shell->leave; i++)
        assert_true(ob_shell_frame(shell) || shell->leave);
}

/* The displays are these now, and SDL says so. */
static void now(const struct ob_screen *first, const struct ob_screen *second)
{
    SDL_Event event = {.type = SDL_DISPLAYEVENT};
    const int had = count;
    memset(there, 0, sizeof there);
    count = 0;
    if (first)
        there[count++] = *first;
    if (second)
        there[count++] = *second;
    event.display.event = count < had ? SDL_DISPLAYEVENT_DISCONNECTED : SDL_DISPLAYEVENT_CONNECTED;
    SDL_PushEvent(&event);
    frames(2);
}

static bool sits(void)
{
    return !shell->leave && shell->sitting.runs && !shell->sitting.ended_ns;
}

/* Not offscreen's fault: there is no GL. */
static bool begin(const char *picture, const char *page)
{
    snprintf(folder, sizeof folder, "/tmp/outbreath-screens-XXXXXX");
    assert_non_null(mkdtemp(folder));
    shell = calloc(1, sizeof *shell);
    assert_non_null(shell);
    struct ob_settings over;
    ob_settings_init(&over);
    ob_settings_take(&over, OB_SET_SOUND_MUTE, "true", OB_LAYER_COMMAND_LINE, 0);
    ob_settings_take(&over, OB_SET_DISPLAY_WIDTH, "480", OB_LAYER_COMMAND_LINE, 0);
    ob_settings_take(&over, OB_SET_DISPLAY_HEIGHT, "270", OB_LAYER_COMMAND_LINE, 0);
    ob_settings_take(&over, OB_SET_DISPLAY_SCREEN, picture, OB_LAYER_COMMAND_LINE, 0);
    ob_settings_take(&over, OB_SET_CONSOLE_SCREEN, page, OB_LAYER_COMMAND_LINE, 0);
    assert_true(ob_settings_load("none", &over, &shell->loaded));
    shell->options.config = "none";
    shell->options.data = folder;
    shell->options.offscreen = true;
    shell->options.demo = true;
    shell->screens.list = list;
    memset(there, 0, sizeof there);
    there[0] = desk;
    there[1] = beamer;
    count = 2;
    assert_int_equal(ob_shell_open_heart(shell), OB_EXIT_DONE);
    assert_int_equal(ob_shell_prepare(shell), OB_EXIT_DONE);
    const int code = ob_shell_open(shell, NULL);
    if (code == OB_EXIT_DEVICE)
        return false;
    assert_int_equal(code, OB_EXIT_DONE);
    assert_int_equal(ob_shell_arrive(shell), OB_EXIT_DONE);
    frames(3);
    return true;
}

static int end(void **state)
{
    (void)state;
    if (shell)
        ob_shell_close(shell, OB_EXIT_DONE);
    free(shell);
    shell = NULL;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

#define BEGIN(picture, page)                                                                                           \
    do {                                                                                                               \
        if (!begin(picture, page)) {                                                                                   \
            printf("no GL to draw with offscreen: skipped\n");                                                         \
            skip();                                                                                                    \
        }                                                                                                              \
    } while (0)

static void the_projector_goes_and_comes_back(void **state)
{
    (void)state;
    BEGIN("beamer", "");
    assert_string_equal(shell->screens.picture_on, "Beamer");
    now(&desk, NULL);
    assert_true(sits());
    assert_string_equal(shell->screens.picture_on, "Desk");
    assert_non_null(strstr(shell->overlay.notice, "beamer is not there"));
    now(NULL, NULL); /* a dock is pulled out */
    assert_true(sits());
    now(&beamer, NULL);
    assert_true(sits());
    assert_string_equal(shell->screens.picture_on, "Beamer");
    assert_non_null(strstr(shell->overlay.notice, "Beamer is there again"));
    now(&desk, &beamer);
    assert_true(sits());
    assert_string_equal(shell->screens.picture_on, "Beamer");
    /* Somebody changes their mind, and wishes for none. */
    ob_settings_take(&shell->loaded.settings, OB_SET_DISPLAY_SCREEN, "", OB_LAYER_USER, 0);
    ob_two_screens_begin(shell);
    frames(1);
    assert_int_equal(shell->screens.plan.picture, OB_SCREEN_ANY);
    now(&beamer, NULL);
    now(NULL, NULL);
    now(&desk, &beamer);
    assert_true(sits() && !shell->screens.page.open && !shell->screens.waits);
}

static uint64_t picture_frames(void)
{
    struct ob_render_info info;
    ob_render_info(shell->render, &info);
    return info.frames;
}

static void push_key(SDL_Keycode key)
{
    SDL_Event event = {.type = SDL_KEYDOWN};
    event.key.keysym.sym = key;
    event.key.windowID = ob_render_page_window(shell->render);
    SDL_PushEvent(&event);
    frames(2);
}

static void the_picture_waits_while_the_page_stays(void **state)
{
    (void)state;
    BEGIN("Beamer", "Desk");
    assert_true(shell->screens.page.open);
    now(&desk, NULL);
    assert_true(shell->screens.waits && shell->screens.page.open);
    assert_int_equal(ob_render_picture_window(shell->render), 0);
    const uint64_t before = picture_frames();
    frames(3);
    assert_int_equal(picture_frames(), before);
    assert_true(sits());
    assert_non_null(strstr(shell->desk.view.notice, "Beamer is not there"));
    /* A page that somebody opens is shown where there is a display, and the therapist's comes back after it. */
    push_key(SDLK_RETURN);
    assert_ptr_equal(shell->place, &ob_place_during);
    assert_true(!shell->screens.waits && !shell->screens.page.open);
    push_key(SDLK_ESCAPE);
    assert_null(shell->place);
    assert_true(shell->screens.waits && shell->screens.page.open);
    /* Nothing is there at all: what is shown to whoever comes first is nothing. */
    now(NULL, NULL);
    assert_true(shell->screens.page.blind && sits());
    now(&beamer, NULL);
    assert_true(!shell->screens.waits && !shell->screens.page.open && sits());
    assert_string_equal(shell->screens.picture_on, "Beamer");
    now(&desk, &beamer);
    assert_true(!shell->screens.waits && shell->screens.page.open && !shell->screens.page.blind);
    frames(3);
    assert_true(picture_frames() > before);
    assert_true(sits());
    /* With two windows SDL does not say that the program is to end. */
    SDL_Event event = {.type = SDL_WINDOWEVENT};
    event.window.event = SDL_WINDOWEVENT_CLOSE;
    event.window.windowID = ob_render_picture_window(shell->render);
    SDL_PushEvent(&event);
    frames(3);
    assert_true(shell->leave);
}

static const struct ob_ui_box *box_of(const char *words)
{
    const struct ob_second_page *page = &shell->screens.page;
    uint64_t key = 0;
    for (int i = 0; i < page->model.labels; i++)
        if (strcmp(page->model.label[i].words, words) == 0)
            key = page->model.label[i].key;
    for (int i = 0; i < page->model.ways; i++)
        if (strcmp(page->model.way[i].words, words) == 0)
            key = page->model.way[i].key;
    for (int i = 0; key && i < page->host.focus.count; i++)
        if (page->host.focus.item[i].key == key)
            return &page->host.focus.item[i].box;
    return NULL;
}

static void press(const char *words)
{
    shell->screens.page.painted_ns = 0;
    frames(1);
    const struct ob_ui_box *box = box_of(words);
    if (!box)
        fail_msg("there is no button '%s'", words);
    SDL_Event event = {.type = SDL_MOUSEBUTTONDOWN};
    event.button.button = SDL_BUTTON_LEFT;
    event.button.windowID = ob_render_page_window(shell->render);
    event.button.x = (Sint32)(box->x + 0.5 * box->width);
    event.button.y = (Sint32)(box->y + 0.5 * box->height);
    SDL_PushEvent(&event);
    frames(2);
}

static void its_buttons_are_the_desks(void **state)
{
    (void)state;
    BEGIN("", "auto");
    const struct ob_console_view *view = &shell->desk.view;
    assert_true(shell->screens.page.open);
    press("Turned over");
    press("Sigh");
    assert_int_equal(view->mark_count, 2);
    assert_int_equal(view->marks[1].label, OB_MARK_SIGH);
    push_key(SDLK_PAGEDOWN); /* a presenter, while the page's window has the keys */
    assert_int_equal(view->mark_count, 3);
    press("Pause");
    assert_true(shell->sitting.paused);
    press("Go on");
    assert_false(shell->sitting.paused);
    press("The client has: light and sound");
    press("The client has: light only");
    assert_true(shell->sitting.unlit && shell->sitting.wordless);
    press("The client has: nothing");
    assert_false(shell->sitting.unlit);
    press("Note the consent");
    assert_true(view->consent);
    assert_null(shell->place); /* a press beside the picture is none on it */
    const uint64_t sitting = view->sitting;
    press("Next client");
    assert_int_equal(view->sitting, sitting);
    press("Press again: this client goes");
    frames(3);
    assert_int_equal(view->sitting, sitting + 1);
    assert_int_equal(view->mark_count, 0);
    assert_false(view->consent);
    assert_true(shell->nobody);
    /* Its window is closed by hand: it stays so, and the session goes on. */
    SDL_Event event = {.type = SDL_WINDOWEVENT};
    event.window.event = SDL_WINDOWEVENT_CLOSE;
    event.window.windowID = ob_render_page_window(shell->render);
    SDL_PushEvent(&event);
    frames(3);
    assert_true(!shell->screens.page.open && sits());
    now(&beamer, NULL);
    now(&desk, &beamer);
    assert_true(!shell->screens.page.open && sits());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_projector_goes_and_comes_back, end),
        cmocka_unit_test_teardown(the_picture_waits_while_the_page_stays, end),
        cmocka_unit_test_teardown(its_buttons_are_the_desks, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
