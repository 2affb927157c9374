/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes wrong with pictures: no display, broken shaders, files that can't be written. */
#include "base/log.h"
#include "base/time.h"
#include "canvas.h"
#include "os/clock.h"
#include "os/file.h"
#include "scenario.h"

#include <cairo.h>
#include <SDL.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static struct ob_snapshot snapshot;
static unsigned char one[CANVAS_BYTES], other[CANVAS_BYTES];
static int logged;

static void count_log(void *user, enum ob_log_level level, const char *sentence)
{
    (void)user;
    if (level >= OB_LOG_WARNING && strstr(sentence, "glsl"))
        logged++;
}

static void without_a_display_it_says_so(void **state)
{
    (void)state;
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    const char *const drivers[] = {NULL, "offscreen", "dummy", "x11", "no such driver"};
    for (size_t i = 0; i < sizeof drivers / sizeof *drivers; i++) {
        if (drivers[i])
            setenv("SDL_VIDEODRIVER", drivers[i], 1);
        else
            unsetenv("SDL_VIDEODRIVER");
        const struct ob_render_desc desc = {.width = 320, .height = 180};
        char problem[300] = "";
        struct ob_render *render = (struct ob_render *)&snapshot;
        assert_int_equal(ob_render_create(&desc, &render, problem, sizeof problem), OB_ERR_NO_DISPLAY);
        assert_null(render);
        assert_non_null(strstr(problem, "no display"));
        assert_int_equal(problem[strlen(problem) - 1], '.');
    }
    unsetenv("SDL_VIDEODRIVER");
}

/* A driver's name in the environment does not keep headless frames from being drawn. */
static void offscreen_wins_over_the_environment(void **state)
{
    (void)state;
    setenv("SDL_VIDEODRIVER", "x11", 1);
    struct ob_render *render = canvas_open(NULL, NULL);
    assert_non_null(render);
    struct ob_render_info info;
    ob_render_info(render, &info);
    assert_string_equal(info.driver, "offscreen");
    ob_render_destroy(render);
    unsetenv("SDL_VIDEODRIVER");
}

static void a_scene_that_is_not_there(void **state)
{
    (void)state;
    char problem[300];
    struct ob_render *render = NULL;
    struct ob_render_desc desc = {.width = 64, .height = 64, .offscreen = true, .scene = "nothing"};
    assert_int_equal(ob_render_create(&desc, &render, problem, sizeof problem), OB_ERR_NOT_FOUND);
    assert_non_null(strstr(problem, "nothing"));
    desc.scene = "/nowhere/at/all.glsl";
    assert_int_equal(ob_render_create(&desc, &render, problem, sizeof problem), OB_ERR_NOT_FOUND);

    char *folder = canvas_folder();
    char path[200];
    snprintf(path, sizeof path, "%s/mine.glsl", folder);
    const char *const broken[] = {"vec3 scene(vec2 at) { return vec3(1.0) }", "", "\xff\x01", "vec3 scen(vec2 at);",
                                  "vec3 scene(vec2 at) { return undeclared; }"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        canvas_write(path, broken[i]);
        desc.scene = path;
        assert_int_equal(ob_render_create(&desc, &render, problem, sizeof problem), OB_ERR_SHADER);
        assert_null(render);
        assert_non_null(strstr(problem, "mine.glsl"));
    }
    canvas_remove_folder(folder);
}

static void wait_for_refresh(void)
{
    ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + 600 * OB_NS_PER_MS);
}

static void a_broken_shader_keeps_the_last_good_one(void **state)
{
    (void)state;
    char *folder = canvas_folder();
    char scenes[200], path[300];
    snprintf(scenes, sizeof scenes, "%s/scenes", folder);
    assert_int_equal(mkdir(scenes, 0777), 0);
    snprintf(path, sizeof path, "%s/tide.glsl", scenes);
    canvas_write(path, "vec3 scene(vec2 at) { return vec3(0.2, 0.3, 0.5); }");
    struct ob_render *render = canvas_open(NULL, folder);
    struct ob_render_info info;
    scenario_fill(&snapshot, 10.0);
    const int64_t seen_ns = snapshot.now_ns;
    canvas_draw(render, &snapshot, NULL, seen_ns, one);
    assert_in_range(one[CANVAS_BYTES / 2 + 2], 120, 135); /* the file, not the shader in the program */

    canvas_write(path, "vec3 scene(vec2 at) { return vec3(0.9, 0.3, 0.2) and something else; }");
    wait_for_refresh();
    logged = 0;
    canvas_draw(render, &snapshot, NULL, seen_ns + 10 * OB_NS_PER_S, other);
    ob_render_info(render, &info);
    assert_non_null(strstr(info.problem, "tide.glsl"));
    assert_int_equal(logged, 1);
    /* The upper half, where no notice is, has not changed. */
    assert_memory_equal(one + CANVAS_BYTES / 2, other + CANVAS_BYTES / 2, CANVAS_BYTES / 2);
    /* The error can be read. */
    assert_true(canvas_difference(one, other) > 0.05);

    canvas_write(path, "vec3 scene(vec2 at) { return vec3(0.5, 0.6, 0.2); } // mended");
    wait_for_refresh();
    canvas_draw(render, &snapshot, NULL, seen_ns + 20 * OB_NS_PER_S, other);
    ob_render_info(render, &info);
    assert_string_equal(info.problem, "");
    assert_in_range(other[CANVAS_BYTES / 2 + 2], 45, 58);

    remove(path); /* gone: what is in use stays */
    wait_for_refresh();
    canvas_draw(render, &snapshot, NULL, seen_ns + 30 * OB_NS_PER_S, one);
    assert_memory_equal(one, other, CANVAS_BYTES);
    ob_render_destroy(render);

    /* Broken from the start: the scene in the program is drawn instead, and the error is said. */
    canvas_write(path, "no scene at all");
    render = canvas_open(NULL, folder);
    assert_non_null(render);
    ob_render_info(render, &info);
    assert_non_null(strstr(info.problem, "tide.glsl"));
    ob_render_destroy(render);
    canvas_remove_folder(folder);
}

static void captures(void **state)
{
    (void)state;
    struct ob_render *render = canvas_open(NULL, NULL);
    char *folder = canvas_folder();
    char path[200];
    snprintf(path, sizeof path, "%s/frame.png", folder);
    assert_int_equal(ob_render_capture(render, path), OB_ERR_EMPTY);
    scenario_fill(&snapshot, 10.0);
    canvas_draw(render, &snapshot, NULL, snapshot.now_ns, one);
    assert_int_equal(ob_render_capture(render, path), OB_OK);
    cairo_surface_t *png = cairo_image_surface_create_from_png(path);
    assert_int_equal(cairo_surface_status(png), CAIRO_STATUS_SUCCESS);
    assert_int_equal(cairo_image_surface_get_width(png), CANVAS_WIDTH);
    assert_int_equal(cairo_image_surface_get_height(png), CANVAS_HEIGHT);
    assert_int_equal(cairo_image_surface_get_format(png), CAIRO_FORMAT_RGB24);
    const unsigned char *top = cairo_image_surface_get_data(png);
    const unsigned char *last = one + (size_t)(CANVAS_HEIGHT - 1) * CANVAS_WIDTH * 4;
    for (int x = 0; x < CANVAS_WIDTH * 4; x += 4) { /* the first row of the file is the last that was read */
        assert_int_equal(top[x + 2], last[x]);
        assert_int_equal(top[x], last[x + 2]);
    }
    cairo_surface_destroy(png);
    assert_int_equal(ob_render_capture(render, "/nowhere/at/all.png"), OB_ERR_NOT_FOUND);
    FILE *full = fopen("/dev/full", "w");
    if (full) {
        fclose(full);
        assert_int_equal(ob_render_capture(render, "/dev/full"), OB_ERR_DISK_FULL);
    }
    ob_render_destroy(render);
    canvas_remove_folder(folder);
}

static void the_probe_turns_with_each_arrival(void **state)
{
    (void)state;
    const struct ob_render_desc desc = {
        .width = CANVAS_WIDTH, .height = CANVAS_HEIGHT, .offscreen = true, .probe = true};
    char problem[300];
    struct ob_render *render = NULL;
    assert_int_equal(ob_render_create(&desc, &render, problem, sizeof problem), OB_OK);
    scenario_fill(&snapshot, 10.0);
    for (int i = 0; i < 6; i++) {
        snapshot.arrivals = (uint64_t)i;
        canvas_draw(render, &snapshot, NULL, snapshot.now_ns + i * OB_NS_PER_S / 60, one);
        const unsigned char *first = one + (size_t)(CANVAS_HEIGHT - 32) * CANVAS_WIDTH * 4;
        const unsigned char *last = one + ((size_t)(CANVAS_HEIGHT - 1) * CANVAS_WIDTH + 31) * 4;
        const int lit = i & 1 ? 255 : 0;
        assert_int_equal(first[0], lit);
        assert_int_equal(last[1], lit);
        assert_int_not_equal(last[4 * 1 + 1], lit); /* 32 wide, no more */
    }
    ob_render_destroy(render);
}

static void destroying_nothing(void **state)
{
    (void)state;
    ob_render_destroy(NULL);
}

int main(void)
{
    ob_log_set_sink(count_log, NULL);
    ob_render_destroy(canvas_open(NULL, NULL)); /* is there GL at all? */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_display_it_says_so),
        cmocka_unit_test(offscreen_wins_over_the_environment),
        cmocka_unit_test(a_scene_that_is_not_there),
        cmocka_unit_test(a_broken_shader_keeps_the_last_good_one),
        cmocka_unit_test(captures),
        cmocka_unit_test(the_probe_turns_with_each_arrival),
        cmocka_unit_test(destroying_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
