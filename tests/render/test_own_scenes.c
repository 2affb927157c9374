/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person's own scenes: found in their folder, told apart from the program's, tried before they are shown, and left
 * when they hold up the picture. */
#include "base/time.h"
#include "canvas.h"
#include "os/clock.h"
#include "os/file.h"
#include "render/shelf.h"
#include "render/watch.h"
#include "scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define PLAIN "vec3 scene(vec2 at) { return vec3(0.3, 0.4, 0.5) * u_volume; }"

static struct ob_snapshot snapshot;
static unsigned char pixels[CANVAS_BYTES];
static char *folder;

static int set_up(void **state)
{
    (void)state;
    folder = canvas_folder();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    canvas_remove_folder(folder);
    return 0;
}

static struct ob_render *open_own(const char *scene, char *problem, int size, enum ob_err *err_out)
{
    const struct ob_render_desc desc = {
        .width = CANVAS_WIDTH, .height = CANVAS_HEIGHT, .offscreen = true, .scene = scene, .own_scenes = folder};
    return canvas_create(&desc, problem, size, err_out);
}

static void only_scenes_are_listed(void **state)
{
    (void)state;
    struct ob_shelf shelf;
    char title[60], path[300], sentence[600];
    canvas_write(canvas_file(folder, "zebra.glsl"), "// name: Stripes of a z\xc3\xa9"
                                                    "bra  \n" PLAIN);
    canvas_write(canvas_file(folder, "a-1.glsl"), PLAIN);
    canvas_write(canvas_file(folder, "bad.glsl"), "// name: \xff\xfe not to be read\n" PLAIN);
    canvas_write(canvas_file(folder, "tide.glsl"), PLAIN);      /* the program has one */
    canvas_write(canvas_file(folder, "two words.glsl"), PLAIN); /* no name of a scene */
    canvas_write(canvas_file(folder, ".glsl"), PLAIN);
    canvas_write(canvas_file(folder, "notes.txt"), "words");
    assert_int_equal(mkdir(canvas_file(folder, "dir.glsl"), 0777), 0);
    assert_int_equal(mkfifo(canvas_file(folder, "pipe.glsl"), 0666), 0);
    ob_shelf_list(folder, &shelf);
    assert_int_equal(shelf.count - shelf.in_program, 3);
    assert_true(shelf.in_program >= 5);
    const char *const own[] = {"a-1", "bad", "zebra"};
    for (int i = 0; i < 3; i++)
        assert_string_equal(shelf.names[shelf.in_program + i], own[i]);
    assert_true(ob_shelf_find(folder, "zebra", path, sizeof path));
    assert_string_equal(path, canvas_file(folder, "zebra.glsl"));
    assert_false(ob_shelf_find(folder, "tide", path, sizeof path));
    assert_false(ob_shelf_find(folder, "pipe", path, sizeof path));
    assert_string_equal(ob_shelf_title(folder, "zebra", title, sizeof title), "Stripes of a z\xc3\xa9"
                                                                              "bra");
    assert_string_equal(ob_shelf_title(folder, "bad", title, sizeof title), "bad");
    assert_string_equal(ob_shelf_title(folder, "a-1", title, sizeof title), "a-1");
    assert_string_equal(ob_shelf_title(folder, "ink", title, sizeof title), "Ink in still water");
    ob_shelf_unknown(folder, "zebro", sentence, sizeof sentence);
    assert_non_null(strstr(sentence, "did you mean 'zebra'?"));
    ob_shelf_list("/nowhere/at/all", &shelf);
    assert_int_equal(shelf.count, shelf.in_program);

    /* More than anybody looks through: the first of the alphabet. */
    char name[40];
    for (int i = 2 * OB_SHELF_MOST; i >= 0; i--) {
        snprintf(name, sizeof name, "n%03d.glsl", i);
        canvas_write(canvas_file(folder, name), PLAIN);
    }
    ob_shelf_list(folder, &shelf);
    assert_int_equal(shelf.count - shelf.in_program, OB_SHELF_MOST);
    assert_string_equal(shelf.names[shelf.count - 1], "n061");
}

static void the_key_goes_through_them_and_passes_over_a_broken_one(void **state)
{
    (void)state;
    char problem[512] = "", title[80] = "", seen[600] = "";
    struct ob_render_info info;
    enum ob_err err;
    canvas_write(canvas_file(folder, "mine.glsl"), "// name: Mine\n" PLAIN);
    canvas_write(canvas_file(folder, "broken.glsl"), "vec3 scene(vec2 at) { return 1.0 }");
    struct ob_render *render = open_own("mine", problem, sizeof problem, &err);
    assert_int_equal(err, OB_OK);
    scenario_fill(&snapshot, 104.0);
    canvas_draw(render, &snapshot, NULL, snapshot.now_ns, pixels);
    assert_true(pixels[2] > pixels[0]); /* blue, as that file says */
    struct ob_shelf shelf;
    ob_shelf_list(folder, &shelf);
    for (int i = 0; i < shelf.in_program + 1; i++) {
        assert_int_equal(ob_render_next_scene(render, 1, title, sizeof title), OB_OK);
        snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%s;", title);
    }
    assert_non_null(strstr(seen, "Ink in still water;"));
    assert_string_equal(title, "Mine"); /* and round */
    canvas_draw(render, &snapshot, NULL, snapshot.now_ns + OB_NS_PER_S / 60, pixels);
    ob_render_info(render, &info);
    assert_non_null(strstr(info.problem, "'broken' can't be shown"));
    ob_render_destroy(render);
    assert_null(open_own("broken", problem, sizeof problem, &err));
    assert_int_equal(err, OB_ERR_SHADER);
}

static void a_text_without_end_is_not_read(void **state)
{
    (void)state;
    char problem[512];
    enum ob_err err;
    FILE *file = fopen(canvas_file(folder, "long.glsl"), "w");
    assert_non_null(file);
    for (int i = 0; i < 6000; i++)
        fputs("// on and on\n", file);
    fputs(PLAIN, file);
    fclose(file);
    assert_null(open_own("long", problem, sizeof problem, &err));
    assert_int_equal(err, OB_ERR_SHADER);
    assert_non_null(strstr(problem, "64 KiB"));
}

/* A loop that no machine gets through in time at a full size, but which does end at a small one. */
#define SLOW                                                                                                           \
    "vec3 scene(vec2 at) { float x = at.x; for (int i = 0; i < 400000; i++) x = fract(sin(x) * 91.7 + 0.1);"           \
    " return vec3(x); }"

static void a_scene_that_takes_too_long_is_not_begun(void **state)
{
    (void)state;
    char problem[512] = "";
    enum ob_err err;
    canvas_write(canvas_file(folder, "slow.glsl"), SLOW);
    assert_null(open_own("slow", problem, sizeof problem, &err));
    print_message("%s\n", problem);
    assert_int_equal(err, OB_ERR_SHADER);
    assert_non_null(strstr(problem, "'slow' is not shown: one picture of it takes about"));
}

static void a_scene_that_becomes_slow_is_left(void **state)
{
    (void)state;
    char problem[512] = "";
    struct ob_render_info info;
    enum ob_err err;
    /* The better the heart follows, the slower it gets; how slow is too slow, each machine finds out for itself. */
    canvas_write(
        canvas_file(folder, "later.glsl"),
        "vec3 scene(vec2 at) { float x = at.x; int n = int(100.0 * exp2(16.0 * u_fit));"
        " for (int i = 0; i < n; i++) x = fract(sin(x) * 91.7 + 0.1); return vec3(0.9, 0.1, 0.1) + 0.01 * x; }");
    struct ob_render *render = open_own("later", problem, sizeof problem, &err);
    assert_int_equal(err, OB_OK);
    scenario_fill(&snapshot, 100.0);
    snapshot.params.fit_01 = 0.0f;
    canvas_draw(render, &snapshot, NULL, snapshot.now_ns, pixels);
    ob_render_info(render, &info);
    assert_string_equal(info.problem, "");
    while (snapshot.params.fit_01 < 1.0f && !info.problem[0]) {
        snapshot.params.fit_01 += 0.03f;
        snapshot.now_ns += OB_NS_PER_S / 60;
        canvas_draw(render, &snapshot, NULL, snapshot.now_ns, pixels);
        ob_render_info(render, &info);
    }
    print_message("%s\n", info.problem);
    assert_non_null(strstr(info.problem, "'later' was left"));
    /* The program's own is there after the fade. */
    snapshot.now_ns += 20 * OB_NS_PER_S;
    for (int i = 0; i < 40; i++)
        canvas_draw(render, &snapshot, NULL, snapshot.now_ns += OB_NS_PER_S / 10, pixels);
    const int sky = 4 * (CANVAS_WIDTH * (CANVAS_HEIGHT - 20) + CANVAS_WIDTH / 2);
    assert_true(pixels[sky + 2] > pixels[sky]); /* the blue above the tide */
    ob_render_destroy(render);
}

static void the_watch_waits_for_slow_frames_in_a_row(void **state)
{
    (void)state;
    struct ob_watch watch = {0};
    for (int i = 0; i < 100; i++)
        assert_false(ob_watch_frame(&watch, OB_WATCH_FRAME_NS)); /* five a second, for ever */
    for (int i = 0; i < 100; i++)
        assert_false(ob_watch_frame(&watch, i % 4 == 3 ? 0 : 450 * OB_NS_PER_MS));
    assert_false(ob_watch_frame(&watch, 400 * OB_NS_PER_MS));
    assert_false(ob_watch_frame(&watch, 400 * OB_NS_PER_MS));
    assert_false(ob_watch_frame(&watch, 400 * OB_NS_PER_MS));
    assert_true(ob_watch_frame(&watch, 400 * OB_NS_PER_MS));
    watch.slow_ns = 0;
    assert_true(ob_watch_frame(&watch, 2 * OB_NS_PER_S));
}

static void an_edit_that_takes_too_long_is_left(void **state)
{
    (void)state;
    char problem[512] = "";
    struct ob_render_info info;
    enum ob_err err;
    canvas_write(canvas_file(folder, "edited.glsl"), PLAIN);
    struct ob_render *render = open_own("edited", problem, sizeof problem, &err);
    assert_int_equal(err, OB_OK);
    scenario_fill(&snapshot, 100.0);
    canvas_draw(render, &snapshot, NULL, snapshot.now_ns, pixels);
    canvas_write(canvas_file(folder, "edited.glsl"), SLOW);
    ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + 600 * OB_NS_PER_MS);
    canvas_draw(render, &snapshot, NULL, snapshot.now_ns + OB_NS_PER_S / 60, pixels);
    ob_render_info(render, &info);
    assert_non_null(strstr(info.problem, "'edited' is not shown"));
    ob_render_destroy(render);
}

/* The whole scene of the manual is one. */
static void the_example_of_the_manual_compiles(void **state)
{
    (void)state;
    char problem[512] = "", *text = NULL;
    enum ob_err err;
    unsigned char *page = NULL;
    size_t size = 0;
    assert_int_equal(ob_file_read(OB_SOURCE_DIR "/docs/make-your-own-scene.md", 1 << 20, &page, &size), OB_OK);
    text = strstr((char *)page, "```glsl\n");
    assert_non_null(text);
    text += strlen("```glsl\n");
    char *end = strstr(text, "```");
    assert_non_null(end);
    *end = '\0';
    canvas_write(canvas_file(folder, "disc.glsl"), text);
    struct ob_render *render = open_own("disc", problem, sizeof problem, &err);
    print_message("%s\n", problem);
    assert_int_equal(err, OB_OK);
    const int middle = 4 * (CANVAS_WIDTH * (CANVAS_HEIGHT / 2 + 40) + CANVAS_WIDTH / 2);
    scenario_fill(&snapshot, 100.0); /* empty */
    canvas_draw(render, &snapshot, NULL, snapshot.now_ns, pixels);
    const int empty = pixels[middle + 1];
    scenario_fill(&snapshot, 104.0); /* full */
    canvas_draw(render, &snapshot, NULL, snapshot.now_ns, pixels);
    ob_render_destroy(render);
    free(page);
    assert_true(pixels[middle + 1] > empty + 30); /* the disc reaches further */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(only_scenes_are_listed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_key_goes_through_them_and_passes_over_a_broken_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_text_without_end_is_not_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_scene_that_takes_too_long_is_not_begun, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_scene_that_becomes_slow_is_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_edit_that_takes_too_long_is_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_example_of_the_manual_compiles, set_up, tear_down),
        cmocka_unit_test(the_watch_waits_for_slow_frames_in_a_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
