/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The look at what was shown: its judge, and what it does about a picture that flashes although it should not. */
#include "base/time.h"
#include "canvas.h"
#include "extremes.h"
#include "render/flicker.h"
#include "scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FRAME_NS (OB_NS_PER_S / 60)

static struct ob_snapshot snapshot;
static unsigned char pixels[CANVAS_BYTES];
static float cells[OB_LIGHT_ROWS][OB_LIGHT_COLUMNS][3];

/* A square of so many cells a side changes between two colours, so many frames each. */
static struct ob_flicker judged(int side, int hold, const float a[3], const float b[3])
{
    struct ob_flicker flicker;
    ob_flicker_init(&flicker);
    for (int f = 0; f < 120; f++) {
        for (int y = 0; y < side; y++)
            for (int x = 0; x < side; x++)
                memcpy(cells[y][x], f / hold % 2 ? a : b, sizeof cells[y][x]);
        ob_flicker_frame(&flicker, cells, f * FRAME_NS);
    }
    memset(cells, 0, sizeof cells);
    return flicker;
}

static void the_judge_counts_as_wcag_does(void **state)
{
    (void)state;
    const float black[3] = {0, 0, 0}, dim[3] = {0.11f, 0.11f, 0.11f}, less[3] = {0.09f, 0.09f, 0.09f};
    const float bright[3] = {1, 1, 1}, light[3] = {0.82f, 0.82f, 0.82f}, red[3] = {0.3f, 0, 0},
                green[3] = {0, 0.09f, 0};
    assert_int_equal(judged(24, 6, dim, black).flashes, 5);
    assert_true(ob_flicker_fails(&(struct ob_flicker){.flashes = 4}));
    assert_int_equal(judged(24, 10, dim, black).flashes, 3); /* WCAG lets three pass */
    assert_false(ob_flicker_fails(&(struct ob_flicker){.flashes = 3}));
    assert_int_equal(judged(24, 6, less, black).flashes, 0);
    assert_int_equal(judged(24, 6, bright, light).flashes, 0); /* the darker is light already */
    assert_int_equal(judged(6, 6, bright, black).flashes, 5);  /* a quarter of an area, but by more than four times */
    assert_int_equal(judged(3, 6, bright, black).flashes, 0);  /* too small */
    assert_int_equal(judged(24, 6, red, black).red_flashes, 5);
    assert_int_equal(judged(24, 6, green, black).red_flashes, 0);
    assert_int_equal(judged(96 / 2, 60, bright, black).flashes, 0); /* one change a second */
    assert_true(judged(54, 60, bright, black).whole_per_s > 1.0);
    assert_true(judged(54, 120, bright, black).whole_per_s < 1e-9);
}

/* Plays a flashing scene; the judge of the frames from `from` on. dimmed_out: times that the guard had to dim. */
static struct ob_flicker played(const char *path, enum ob_guard guard, int frames, int from, int *dimmed_out)
{
    const struct ob_render_desc desc = {
        .width = CANVAS_WIDTH, .height = CANVAS_HEIGHT, .offscreen = true, .scene = path, .guard = guard};
    static struct ob_render_info info;
    char problem[300];
    struct ob_flicker flicker;
    enum ob_err err;
    struct ob_render *render = canvas_create(&desc, problem, sizeof problem, &err);
    assert_int_equal(err, OB_OK);
    ob_flicker_init(&flicker);
    for (int f = 0; f < frames; f++) {
        scenario_fill(&snapshot, 0.0);
        canvas_draw(render, &snapshot, NULL, (f + 1) * FRAME_NS, pixels);
        if (f < from)
            continue;
        canvas_colours(pixels, cells);
        ob_flicker_frame(&flicker, cells, (f + 1) * FRAME_NS);
    }
    ob_render_info(render, &info);
    *dimmed_out = info.dimmed;
    ob_render_destroy(render);
    return flicker;
}

/* A planted strobe: without the guard it fails, with the limiter it is held, and should the limiter not work, the look
 * at what was shown dims it within little more than a second. */
static void a_planted_strobe(void **state)
{
    (void)state;
    char *folder = canvas_folder(), path[200];
    int dimmed;
    snprintf(path, sizeof path, "%s/strobe.glsl", folder);
    canvas_write(path, flashing_scenes[0].text);
    struct ob_flicker flicker = played(path, OB_GUARD_NONE, 90, 0, &dimmed);
    print_message("nothing guards:  %d flashes in a second, %.2f/s\n", flicker.flashes, flicker.whole_per_s);
    assert_true(ob_flicker_fails(&flicker));
    assert_true(flicker.whole_per_s > 1.0);
    flicker = played(path, OB_GUARD_VERIFIER, 180, 100, &dimmed);
    print_message("looked at only:  %d flashes after 1.7 s, dimmed %d times\n", flicker.flashes, dimmed);
    assert_int_equal(dimmed, 1);
    assert_int_equal(flicker.flashes, 0);
    assert_true(flicker.most > 0.005); /* dimmed, not black */
    flicker = played(path, OB_GUARD_ALL, 120, 0, &dimmed);
    print_message("limited as well: %d flashes, %.2f/s, dimmed %d times\n", flicker.flashes, flicker.whole_per_s,
                  dimmed);
    assert_int_equal(dimmed, 0);
    assert_int_equal(flicker.flashes, 0);
    assert_true(flicker.whole_per_s < OB_FLICKER_PER_S);
    canvas_remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_judge_counts_as_wcag_does),
        cmocka_unit_test(a_planted_strobe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
