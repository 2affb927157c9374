/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person's own scene in a process of its own: one that hangs is ended and refused while the picture goes on, one that
 * is fine comes, and an edit that hangs leaves the last good text. The child is this program. */
#include "base/time.h"
#include "canvas.h"
#include "os/clock.h"
#include "render/trial.h"
#include "scenario.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#define SHORT_S  0.2  /* of it, where it is known to hang */
#define DRAW_S   2.0  /* of processor time; a good scene needs a small part of it */
#define LONGEST  60.0 /* that a test waits for a child at all */
#define GOOD     "vec3 scene(vec2 at) { return vec3(0.1, 0.5, 0.1); }"
#define GOOD_TOO "vec3 scene(vec2 at) { return vec3(0.6, 0.05, 0.05); }"
/* Software GL counts the turns of a loop and leaves it after 65535: then it is only as good as endless, a quarter of an
 * hour for a whole picture. */
#define HANGS "vec3 scene(vec2 at) { float x = at.x + 0.3; while (x > -1.0) x = abs(sin(x * 91.7)); return vec3(x); }"

static struct ob_snapshot snapshot;
static unsigned char pixels[CANVAS_BYTES];
static char *folder;

static int set_up(void **state)
{
    (void)state;
    folder = canvas_folder();
    scenario_fill(&snapshot, 100.0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    canvas_remove_folder(folder);
    return 0;
}

static struct ob_render *open_trying(const char *scene, double trial_s, char *problem, int size, enum ob_err *err_out)
{
    const struct ob_render_desc desc = {.width = CANVAS_WIDTH,
                                        .height = CANVAS_HEIGHT,
                                        .offscreen = true,
                                        .scene = scene,
                                        .own_scenes = folder,
                                        .trial_program = "/proc/self/exe",
                                        .trial_s = trial_s};
    return canvas_create(&desc, problem, size, err_out);
}

/* A frame, some time after the one before. */
static void frame(struct ob_render *render, struct ob_render_info *info_out)
{
    canvas_draw(render, &snapshot, NULL, snapshot.now_ns += OB_NS_PER_S / 10, pixels);
    ob_render_info(render, info_out);
}

static const unsigned char *middle(void)
{
    return pixels + 4 * (CANVAS_WIDTH * CANVAS_HEIGHT / 2 + CANVAS_WIDTH / 2);
}

static void no_child_is_left(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

/* Frames until a notice has these words; how many. */
static int frames_until(struct ob_render *render, const char *words)
{
    struct ob_render_info info = {.problem = ""};
    const int64_t until_ns = ob_clock_monotonic_ns() + ob_ns_from_s(LONGEST);
    int count = 0;
    while (!strstr(info.problem, words) && ob_clock_monotonic_ns() < until_ns) {
        frame(render, &info);
        ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + 10 * OB_NS_PER_MS);
        count++;
    }
    print_message("%d frames until '%s'\n", count, info.problem);
    assert_non_null(strstr(info.problem, words));
    return count;
}

static void a_scene_that_hangs_is_not_begun(void **state)
{
    (void)state;
    char problem[512] = "";
    enum ob_err err;
    canvas_write(canvas_file(folder, "hangs.glsl"), HANGS);
    assert_null(open_trying("hangs", SHORT_S, problem, sizeof problem, &err));
    print_message("%s\n", problem);
    assert_int_equal(err, OB_ERR_SHADER);
    assert_non_null(strstr(problem, "'hangs' is not shown: even a tiny picture of it takes more than 0.2 seconds"));
    no_child_is_left();
}

static void one_that_is_fine_is_there_at_once(void **state)
{
    (void)state;
    char problem[512] = "";
    struct ob_render_info info;
    enum ob_err err;
    canvas_write(canvas_file(folder, "good.glsl"), GOOD);
    struct ob_render *render = open_trying("good", DRAW_S, problem, sizeof problem, &err);
    print_message("%s\n", problem);
    assert_int_equal(err, OB_OK);
    no_child_is_left();
    frame(render, &info);
    assert_true(middle()[1] > 2 * middle()[0]);
    ob_render_destroy(render);
    /* What does not compile is told in the compiler's words, as ever. */
    canvas_write(canvas_file(folder, "broken.glsl"), "vec3 scene(vec2 at) { return 1.0 }");
    assert_null(open_trying("broken", DRAW_S, problem, sizeof problem, &err));
    assert_int_equal(err, OB_ERR_SHADER);
    assert_non_null(strstr(problem, "'broken' can't be shown"));
    no_child_is_left();
}

static void the_picture_goes_on_and_the_key_passes_over_it(void **state)
{
    (void)state;
    char problem[512] = "", title[80] = "";
    enum ob_err err;
    canvas_write(canvas_file(folder, "a-good.glsl"), GOOD);
    canvas_write(canvas_file(folder, "b-hangs.glsl"), HANGS);
    canvas_write(canvas_file(folder, "c-good.glsl"), GOOD_TOO);
    struct ob_render *render = open_trying("a-good", DRAW_S, problem, sizeof problem, &err);
    assert_int_equal(err, OB_OK);
    assert_int_equal(ob_render_next_scene(render, 1, title, sizeof title), OB_OK);
    assert_string_equal(title, "b-hangs");
    assert_string_equal(ob_render_scene(render), "b-hangs"); /* it is on its way */
    assert_true(frames_until(render, "'b-hangs' is not shown") > 2);
    assert_string_equal(ob_render_scene(render), "c-good");
    const int64_t until_ns = ob_clock_monotonic_ns() + ob_ns_from_s(LONGEST);
    struct ob_render_info info;
    do
        frame(render, &info);
    while (middle()[0] < 100 && ob_clock_monotonic_ns() < until_ns);
    assert_true(middle()[0] > 2 * middle()[1]);
    no_child_is_left();
    ob_render_destroy(render);
}

static void an_edit_that_hangs_leaves_the_last_good_text(void **state)
{
    (void)state;
    char problem[512] = "";
    struct ob_render_info info;
    enum ob_err err;
    canvas_write(canvas_file(folder, "edited.glsl"), GOOD);
    struct ob_render *render = open_trying("edited", DRAW_S, problem, sizeof problem, &err);
    assert_int_equal(err, OB_OK);
    frame(render, &info);
    canvas_write(canvas_file(folder, "edited.glsl"), HANGS);
    assert_true(frames_until(render, "'edited' is not shown") > 2);
    assert_true(middle()[1] > 2 * middle()[0]); /* still green */
    canvas_write(canvas_file(folder, "edited.glsl"), GOOD_TOO);
    const int64_t until_ns = ob_clock_monotonic_ns() + ob_ns_from_s(LONGEST);
    do {
        frame(render, &info);
        ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + 10 * OB_NS_PER_MS);
    } while (middle()[0] < 100 && ob_clock_monotonic_ns() < until_ns);
    assert_true(middle()[0] > 2 * middle()[1]);
    assert_string_equal(info.problem, "");
    no_child_is_left();
    ob_render_destroy(render);
}

/* Whoever leaves does not wait for a child, and leaves none behind. */
static void leaving_ends_the_child(void **state)
{
    (void)state;
    char problem[512] = "", title[80] = "";
    struct ob_render_info info;
    enum ob_err err;
    canvas_write(canvas_file(folder, "hangs.glsl"), HANGS);
    struct ob_render *render = open_trying(NULL, DRAW_S, problem, sizeof problem, &err);
    assert_int_equal(err, OB_OK);
    for (int i = 0; i < 20 && strcmp(title, "hangs") != 0; i++)
        assert_int_equal(ob_render_next_scene(render, 1, title, sizeof title), OB_OK);
    assert_string_equal(title, "hangs");
    frame(render, &info);
    ob_render_destroy(render);
    no_child_is_left();
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], OB_TRIAL_COMMAND) == 0)
        return ob_trial_child(argv[2], strcmp(argv[3], "es") == 0);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_scene_that_hangs_is_not_begun, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_that_is_fine_is_there_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_picture_goes_on_and_the_key_passes_over_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_edit_that_hangs_leaves_the_last_good_text, set_up, tear_down),
        cmocka_unit_test_setup_teardown(leaving_ends_the_child, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
