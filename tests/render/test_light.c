/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The light limiter, on the pixels that are shown: scenes that flash are clamped, and ours keeps its own stricter
 * limits in the worst of its inputs. Frames are 1/60 s apart. */
#include "base/time.h"
#include "canvas.h"
#include "extremes.h"
#include "render/scene.h"
#include "render/shelf.h"
#include "scenario.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FRAME_NS   (OB_NS_PER_S / 60)
#define FRAMES     120
#define WINDOW     60 /* frames in a second */
#define FLASH_STEP 0.10
#define DARK_BELOW 0.80
#define FIELD_CELLS                                                                                                    \
    24                /* a 10 degree field, 341 x 256 pixels of 1024 x 768, as WCAG 2.3.1 counts (24 high: stricter)   \
                       */
#define AREA_CELLS 12 /* an area of 12 x 12 cells is a quarter of it */

static struct ob_snapshot snapshot;
static unsigned char pixels[CANVAS_BYTES];
static double cells[FRAMES][OB_LIGHT_ROWS][OB_LIGHT_COLUMNS];

struct seen {
    double whole_per_s; /* fastest change of the whole screen, shares of white a second, over 0.1 s */
    double area_1s;     /* largest change of any area of 12 x 12 cells within a second */
    int flashes;        /* most pairs of opposing changes of an area in any second */
    int flashing_cells; /* most cells of any field that flash more than three times in a second, each for itself */
    double range;       /* of the whole screen, to see that something was shown at all */
};

/* Pairs of opposing changes of at least FLASH_STEP, the darker below DARK_BELOW, in the worst second. */
static int count_flashes(const double *series, size_t stride)
{
    double extreme = series[0];
    int direction = 0, turns = 0, worst = 0, at[FRAMES];
    for (int i = 1; i < FRAMES; i++) {
        const double v = series[(size_t)i * stride];
        if ((direction >= 0 && v > extreme) || (direction <= 0 && v < extreme)) {
            if (direction == 0 && fabs(v - extreme) >= FLASH_STEP && fmin(v, extreme) < DARK_BELOW) {
                direction = v > extreme ? 1 : -1;
                at[turns++] = i;
                extreme = v;
            } else if (direction != 0) {
                extreme = v;
            }
        } else if (fabs(v - extreme) >= FLASH_STEP && fmin(v, extreme) < DARK_BELOW) {
            direction = -direction;
            at[turns++] = i;
            extreme = v;
        }
    }
    for (int i = 0; i < turns; i++) {
        int within = 0;
        for (int k = i; k < turns && at[k] - at[i] < WINDOW; k++)
            within++;
        worst = within / 2 > worst ? within / 2 : worst;
    }
    return worst;
}

static struct seen judge(void)
{
    static double areas[FRAMES][OB_LIGHT_ROWS / 6][OB_LIGHT_COLUMNS / 6];
    static double whole[FRAMES];
    struct seen seen = {0};
    double least = 1.0, most = 0.0;
    memset(areas, 0, sizeof areas);
    for (int f = 0; f < FRAMES; f++) {
        whole[f] = 0.0;
        for (int y = 0; y < OB_LIGHT_ROWS; y++)
            for (int x = 0; x < OB_LIGHT_COLUMNS; x++)
                whole[f] += cells[f][y][x] / (OB_LIGHT_ROWS * OB_LIGHT_COLUMNS);
        least = fmin(least, whole[f]);
        most = fmax(most, whole[f]);
        /* Areas overlap by half, so that none hides between two. */
        for (int ay = 0; ay + AREA_CELLS <= OB_LIGHT_ROWS; ay += 6)
            for (int ax = 0; ax + AREA_CELLS <= OB_LIGHT_COLUMNS; ax += 6)
                for (int y = 0; y < AREA_CELLS; y++)
                    for (int x = 0; x < AREA_CELLS; x++)
                        areas[f][ay / 6][ax / 6] += cells[f][ay + y][ax + x] / (AREA_CELLS * AREA_CELLS);
    }
    for (int f = 6; f < FRAMES; f++) {
        seen.whole_per_s = fmax(seen.whole_per_s, fabs(whole[f] - whole[f - 6]) / 0.1);
        for (int ay = 0; ay < OB_LIGHT_ROWS / 6 - 1; ay++)
            for (int ax = 0; ax < OB_LIGHT_COLUMNS / 6 - 1; ax++)
                for (int back = 1; back <= WINDOW && back <= f; back += 7)
                    seen.area_1s = fmax(seen.area_1s, fabs(areas[f][ay][ax] - areas[f - back][ay][ax]));
    }
    for (int ay = 0; ay < OB_LIGHT_ROWS / 6 - 1; ay++)
        for (int ax = 0; ax < OB_LIGHT_COLUMNS / 6 - 1; ax++) {
            const int n = count_flashes(&areas[0][ay][ax], sizeof areas[0] / sizeof(double));
            seen.flashes = n > seen.flashes ? n : seen.flashes;
        }
    static bool flashing[OB_LIGHT_ROWS][OB_LIGHT_COLUMNS];
    for (int y = 0; y < OB_LIGHT_ROWS; y++)
        for (int x = 0; x < OB_LIGHT_COLUMNS; x++)
            flashing[y][x] = count_flashes(&cells[0][y][x], sizeof cells[0] / sizeof(double)) > 3;
    for (int fy = 0; fy + FIELD_CELLS <= OB_LIGHT_ROWS; fy += 6)
        for (int fx = 0; fx + FIELD_CELLS <= OB_LIGHT_COLUMNS; fx += 6) {
            int n = 0;
            for (int y = 0; y < FIELD_CELLS; y++)
                for (int x = 0; x < FIELD_CELLS; x++)
                    n += flashing[fy + y][fx + x];
            seen.flashing_cells = n > seen.flashing_cells ? n : seen.flashing_cells;
        }
    seen.range = most - least;
    return seen;
}

static void report(const char *name, struct seen seen)
{
    print_message("%-22s whole %.3f/s  an area in 1 s %.3f  flashes %d  flashing cells of a field %d  range %.3f\n",
                  name, seen.whole_per_s, seen.area_1s, seen.flashes, seen.flashing_cells, seen.range);
}

static void check_less(double value, double limit, const char *what)
{
    if (value >= limit)
        fail_msg("%s: %.4f, the limit is %.4f", what, value, limit);
}

/* The judge itself: what the strobes would be without the limiter fails every limit. */
static void the_judge_sees_flashes(void **state)
{
    (void)state;
    for (int f = 0; f < FRAMES; f++)
        for (int y = 0; y < OB_LIGHT_ROWS; y++)
            for (int x = 0; x < OB_LIGHT_COLUMNS; x++)
                cells[f][y][x] = f / 6 % 2 && x < 24 && y < 24 ? 0.12 : 0.0; /* five pairs a second, just seen */
    const struct seen seen = judge();
    report("unlimited, small, dim", seen);
    assert_int_equal(seen.flashes, 5);
    assert_int_equal(seen.flashing_cells, 24 * 24);
    assert_true(seen.area_1s > 0.11);
}

static void a_strobe_is_clamped(void **state)
{
    (void)state;
    char *folder = canvas_folder();
    char path[200];
    snprintf(path, sizeof path, "%s/strobe.glsl", folder);
    for (size_t i = 0; flashing_scenes[i].name; i++) {
        canvas_write(path, flashing_scenes[i].text);
        struct ob_render *render = canvas_open(path, NULL);
        assert_non_null(render);
        double red_share = 0.0;
        for (int f = 0; f < FRAMES; f++) {
            scenario_fill(&snapshot, 0.0);
            canvas_draw(render, &snapshot, NULL, (f + 1) * FRAME_NS, pixels);
            canvas_cells(pixels, cells[f]);
            for (int k = 0; k < CANVAS_BYTES; k += 4 * 97)
                if (pixels[k] > 40) {
                    const double r = canvas_linear(pixels[k]), g = canvas_linear(pixels[k + 1]),
                                 b = canvas_linear(pixels[k + 2]);
                    red_share = fmax(red_share, r / (r + g + b));
                }
        }
        ob_render_destroy(render);
        const struct seen seen = judge();
        report(flashing_scenes[i].name, seen);
        check_less(seen.whole_per_s, 0.15, "the whole screen");
        check_less(seen.area_1s, 0.21, "an area");
        assert_int_equal(seen.flashes, 0);
        assert_true(seen.flashing_cells < AREA_CELLS * AREA_CELLS);
        check_less(red_share, 0.8, "red");
    }
    canvas_remove_folder(folder);
}

static void the_worst_inputs_are_calm_on_screen(void **state)
{
    (void)state;
    char name[64];
    int scenes = 0;
    for (; ob_shelf_name(scenes, name, sizeof name); scenes++) {
        struct ob_render *render = canvas_open(name, NULL);
        struct ob_overlay overlay = {0};
        assert_non_null(render);
        for (int f = 0; f < FRAMES; f++) {
            scenario_fill(&snapshot, 100.0);
            extremes[0].make(&snapshot, &overlay, f);
            canvas_draw(render, &snapshot, &overlay, 100 * OB_NS_PER_S + f * FRAME_NS, pixels);
            canvas_cells(pixels, cells[f]);
        }
        ob_render_destroy(render);
        char what[80];
        snprintf(what, sizeof what, "%s, worst inputs", name);
        const struct seen seen = judge();
        report(what, seen);
        assert_true(seen.range > 0.004); /* dimmed, not hidden */
        check_less(seen.whole_per_s, 0.15, "the whole screen");
        check_less(seen.area_1s, 0.21, "an area");
        assert_int_equal(seen.flashes, 0);
        assert_true(seen.flashing_cells < AREA_CELLS * AREA_CELLS);
    }
    assert_true(scenes > 1);
}

/* Ordinary breathing at the fastest pace, with a reward, an exhale moment that comes and a heart at 75: what a session
 * shows at its liveliest. */
static void lively(struct ob_snapshot *s, double t_s)
{
    scenario_fill(s, t_s);
    s->pacer.rate_brpm = 10.0;
    s->params.exhale_01 = (float)fmax(0.0, fmin(1.0, (fmod(t_s, 6.0) - 2.4) / 3.0));
    s->params.tail_01 = 1.0f;
    s->params.feedback_01 = 1.0f;
    s->params.bloom_01 = (float)fmin(1.0, t_s / 8.0);
    const double beat = fmod(t_s, 0.8) / 0.8;
    s->params.pulse_01 = (float)(beat < 0.25 ? beat / 0.25 : (1.0 - beat) / 0.75);
}

/* The same moment of a session that began later. Further than OB_LIGHT_STILL_S from the frame before, it is a still. */
static void put_off(struct ob_snapshot *s, int64_t by_ns)
{
    s->now_ns += by_ns;
    s->begin_ns += by_ns;
    s->end_ns += by_ns;
    s->pacer.start_ns += by_ns;
}

/* Then each scene stays within its limits by itself, and the limiter has next to nothing to do: what is shown is what
 * is shown when that moment comes alone, which passes unlimited. */
static void each_scene_is_slow_by_itself(void **state)
{
    (void)state;
    enum { EVERY = 8 };
    static double alone[OB_LIGHT_ROWS][OB_LIGHT_COLUMNS];
    char name[64];
    for (int i = 0; ob_shelf_name(i, name, sizeof name); i++) {
        struct ob_render *render = canvas_open(name, NULL);
        int most_held = 0;
        assert_non_null(render);
        for (int f = 0; f < FRAMES; f++) {
            lively(&snapshot, f / 20.0);
            canvas_draw(render, &snapshot, NULL, snapshot.now_ns, pixels);
            canvas_cells(pixels, cells[f]);
        }
        const struct seen seen = judge();
        for (int f = EVERY - 1; f < FRAMES; f += EVERY) {
            lively(&snapshot, f / 20.0);
            put_off(&snapshot, (f + 1) * 100 * OB_NS_PER_S);
            canvas_draw(render, &snapshot, NULL, snapshot.now_ns, pixels);
            canvas_cells(pixels, alone);
            int held = 0;
            for (int y = 0; y < OB_LIGHT_ROWS; y++)
                for (int x = 0; x < OB_LIGHT_COLUMNS; x++)
                    held += fabs(alone[y][x] - cells[f][y][x]) > 0.02;
            most_held = held > most_held ? held : most_held;
        }
        ob_render_destroy(render);
        char what[80];
        snprintf(what, sizeof what, "%s, 10/min x3", name);
        report(what, seen);
        print_message("  the limiter holds back %d of %d cells at most\n", most_held, OB_LIGHT_ROWS * OB_LIGHT_COLUMNS);
        check_less(seen.whole_per_s / 3.0, 0.10, "the whole screen"); /* judge() takes frames for 1/60 s apart */
        assert_true(seen.flashes <= 1);
        assert_true(seen.flashing_cells <=
                    4);              /* at three times the speed, that is: a line of foam crosses a cell quickly */
        assert_true(most_held <= 4); /* more that are held back would be seen, as blocks */
        assert_true(seen.range > 0.004);
    }
}

/* From scene to scene, asked for again and again: through the dark, and no flash. */
static void going_to_the_next_scene_is_calm(void **state)
{
    (void)state;
    char title[80], problem[300];
    struct ob_render *render = canvas_open("tide", NULL);
    assert_non_null(render);
    double before = 0.0, least = 1.0;
    for (int f = 0; f < FRAMES; f++) {
        scenario_fill(&snapshot, 100.0);
        if (f == 10 || f == 100 || f == 105 || f == 110)
            assert_int_equal(ob_render_next_scene(render, 1, title, sizeof title), OB_OK);
        if (f == 11) /* a scene that is not there changes nothing */
            assert_int_equal(ob_render_show_scene(render, "tode", problem, sizeof problem), OB_ERR_NOT_FOUND);
        if (f == 12)
            assert_int_equal(ob_render_next_scene(render, 1, title, sizeof title), OB_OK);
        canvas_draw(render, &snapshot, NULL, 100 * OB_NS_PER_S + f * FRAME_NS, pixels);
        canvas_cells(pixels, cells[f]);
        const double light = canvas_luminance(pixels);
        before = f == 0 ? light : before;
        least = fmin(least, light);
    }
    ob_render_destroy(render);
    assert_non_null(strstr(problem, "did you mean 'tide'?"));
    const struct seen seen = judge();
    report("from scene to scene", seen);
    assert_true(least < 0.1 * before);
    check_less(seen.whole_per_s, 0.15, "the whole screen");
    check_less(seen.area_1s, 0.21, "an area");
    assert_int_equal(seen.flashes, 0);
    assert_int_equal(seen.flashing_cells, 0);
}

static void a_fade_takes_its_time(void **state)
{
    (void)state;
    struct ob_scene_fade fade = {.seen_01 = 1.0f};
    int64_t now_ns = 0;
    assert_false(ob_scene_fade_step(&fade, now_ns));
    fade.out = true;
    int steps = 1;
    while (!ob_scene_fade_step(&fade, now_ns += FRAME_NS))
        steps++;
    assert_true(fabs(steps / 60.0 - OB_SCENE_FADE_OUT_S) < 0.05);
    for (steps = 0; fade.seen_01 < 1.0f; steps++)
        assert_false(ob_scene_fade_step(&fade, now_ns += FRAME_NS));
    assert_true(fabs(steps / 60.0 - OB_SCENE_FADE_IN_S) < 0.05);
    fade.out = true; /* a stall, or a clock that runs back, is no jump */
    assert_false(ob_scene_fade_step(&fade, now_ns += 60 * OB_NS_PER_S));
    assert_true(fade.seen_01 > 0.9f);
    assert_false(ob_scene_fade_step(&fade, 0));
    assert_true(fade.seen_01 > 0.9f);
}

/* The picture of a scene at one moment, with nobody breathing. */
static void still_of(struct ob_render *render, double t_s, unsigned char *pixels_out)
{
    static int64_t later_ns;
    scenario_fill(&snapshot, t_s);
    snapshot.pacer.rate_brpm = 0.0;
    snapshot.params.bloom_01 = snapshot.params.exhale_01 = snapshot.params.tail_01 = 1.0f;
    put_off(&snapshot, later_ns += 3000 * OB_NS_PER_S);
    canvas_draw(render, &snapshot, NULL, snapshot.now_ns, pixels_out);
}

/* The slow time of the scenes begins anew after 1024 s: what moves goes no further there than at any other moment. */
static void the_slow_time_comes_round_without_a_jump(void **state)
{
    (void)state;
    static unsigned char after[CANVAS_BYTES];
    char name[64];
    for (int i = 0; ob_shelf_name(i, name, sizeof name); i++) {
        struct ob_render *render = canvas_open(name, NULL);
        assert_non_null(render);
        still_of(render, 1000.0, pixels);
        still_of(render, 1000.05, after);
        const double usual = canvas_difference(pixels, after);
        still_of(render, 1023.975, pixels);
        still_of(render, 1024.025, after);
        ob_render_destroy(render);
        const double there = canvas_difference(pixels, after);
        print_message("%-10s in 0.05 s: usually %.3f, where the time begins anew %.3f\n", name, usual, there);
        check_less(there, 2.0 * usual + 0.2, "a jump");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_judge_sees_flashes),
        cmocka_unit_test(a_strobe_is_clamped),
        cmocka_unit_test(the_worst_inputs_are_calm_on_screen),
        cmocka_unit_test(each_scene_is_slow_by_itself),
        cmocka_unit_test(going_to_the_next_scene_is_calm),
        cmocka_unit_test(a_fade_takes_its_time),
        cmocka_unit_test(the_slow_time_comes_round_without_a_jump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
