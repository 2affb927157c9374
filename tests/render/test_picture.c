/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the picture tells: the breath, the reward, the numbers; and that it always tells the same. */
#include "base/time.h"
#include "canvas.h"
#include "render/hud.h"
#include "render/scene.h"
#include "scenario.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ob_snapshot snapshot;
static unsigned char one[CANVAS_BYTES], other[CANVAS_BYTES], third[CANVAS_BYTES];

/* Moments of the breath in turns: full is at 0.4, empty at 0. Each a still, far from the one before. */
static double still(struct ob_render *render, double turns, unsigned char *pixels_out)
{
    static int64_t breaths;
    breaths++;
    const struct ob_params params = snapshot.params;
    const bool simulated = snapshot.simulated;
    scenario_fill(&snapshot, 10.0 * turns);
    snapshot.params = params;
    snapshot.simulated = simulated;
    /* The time of the session stays, that of the viewing goes on: only the breath and the inputs differ. */
    snapshot.begin_ns = breaths * 100 * OB_NS_PER_S;
    snapshot.pacer.start_ns = snapshot.begin_ns;
    const int64_t seen_ns = snapshot.begin_ns + ob_ns_from_s(10.0 * turns);
    canvas_draw(render, &snapshot, NULL, seen_ns, pixels_out);
    return canvas_luminance(pixels_out);
}

static int begin(void **state)
{
    scenario_fill(&snapshot, 0.0);
    *state = canvas_open(NULL, NULL);
    return *state ? 0 : -1;
}

static int end(void **state)
{
    ob_render_destroy(*state);
    return 0;
}

/* Height (share of the screen from below) of the row that stands out most from those around it: the foam. */
static double foam_01(const unsigned char *pixels)
{
    double rows[CANVAS_HEIGHT] = {0}, best = -1e9;
    int best_row = 0;
    for (int y = 0; y < CANVAS_HEIGHT; y++)
        for (int x = 0; x < CANVAS_WIDTH; x++)
            rows[y] += pixels[4 * (y * CANVAS_WIDTH + x) + 1];
    for (int y = 8; y < CANVAS_HEIGHT / 2; y++) {
        const double stands_out = rows[y] - 0.5 * (rows[y - 8] + rows[y + 8]);
        if (stands_out > best) {
            best = stands_out;
            best_row = y;
        }
    }
    return (double)best_row / CANVAS_HEIGHT;
}

static void the_tide_is_the_breath(void **state)
{
    struct ob_render *render = *state;
    const double empty = still(render, 0.02, one);
    const double full = still(render, 0.40, other);
    still(render, 0.70, third);
    print_message("luminance empty %.4f full %.4f; foam at %.3f half %.3f full %.3f\n", empty, full, foam_01(one),
                  foam_01(third), foam_01(other));
    assert_true(full > 1.05 * empty); /* the light rises with the inhale */
    assert_true(canvas_difference(one, other) > 8.0);
    assert_true(foam_01(other) < foam_01(third) - 0.08); /* and the water comes towards you */
    assert_true(foam_01(third) < foam_01(one) - 0.05);
}

static void a_slower_heart_leaves_more_light(void **state)
{
    struct ob_render *render = *state;
    snapshot.params.exhale_01 = 0.0f;
    snapshot.params.tail_01 = 0.3f;
    const double none = still(render, 0.85, one);
    snapshot.params.exhale_01 = 0.5f;
    const double some = still(render, 0.85, other);
    snapshot.params.exhale_01 = 1.0f;
    const double much = still(render, 0.85, other);
    snapshot.params.tail_01 = 1.0f;
    const double longer = still(render, 0.85, other);
    print_message("luminance for exhale 0, 0.5, 1: %.4f %.4f %.4f, with a long tail %.4f\n", none, some, much, longer);
    assert_true(some > 1.02 * none);
    assert_true(much > 1.02 * some);
    assert_true(longer > 1.02 * much);
    /* It lies on the shore: the sky knows nothing of it. */
    const size_t sky = (size_t)(0.65 * CANVAS_HEIGHT) * CANVAS_WIDTH * 4;
    assert_memory_equal(one + sky, other + sky, CANVAS_BYTES - sky);
}

static void feedback_is_never_less_than_neutral(void **state)
{
    struct ob_render *render = *state;
    const double turns[] = {0.0, 0.2, 0.4, 0.7};
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
        snapshot.params.feedback_01 = 0.5f;
        const double neutral = still(render, turns[i], one);
        snapshot.params.feedback_01 = 1.0f;
        const double best = still(render, turns[i], other);
        assert_true(best > 1.02 * neutral);
    }
}

static void every_input_shows(void **state)
{
    struct ob_render *render = *state;
    struct ob_params *p = &snapshot.params;
    float *inputs[] = {&p->pulse_01, &p->bloom_01, &p->signal_01, &p->presence_01};
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        const float before = *inputs[i];
        *inputs[i] = 1.0f;
        still(render, 0.3, one);
        *inputs[i] = 0.0f;
        still(render, 0.3, other);
        *inputs[i] = before;
        int pixels = 0;
        for (int k = 0; k < CANVAS_BYTES; k += 4)
            pixels += memcmp(one + k, other + k, 3) != 0;
        print_message("input %zu changes %d pixels\n", i, pixels);
        assert_true(pixels > 20);
        if (inputs[i] == &p->pulse_01)
            assert_true(pixels < CANVAS_WIDTH * CANVAS_HEIGHT / 25); /* what a heart drives is small */
        if (inputs[i] == &p->presence_01)
            assert_true(canvas_luminance(other) < 0.001);
    }
}

static void unguided_is_not_a_pace(void **state)
{
    (void)state;
    scenario_fill(&snapshot, 0.0);
    snapshot.params.guidance_01 = 0.0f;
    float least = 1.0f, most = 0.0f, fastest = 0.0f, before = -1.0f;
    for (int i = 0; i < 3000; i++) {
        const float volume = ob_scene_inputs_of(&snapshot, false, i * 100 * OB_NS_PER_MS).volume_01;
        least = fminf(least, volume);
        most = fmaxf(most, volume);
        if (before >= 0.0f)
            fastest = fmaxf(fastest, fabsf(volume - before) / 0.1f);
        before = volume;
    }
    assert_true(most - least < 0.4f);
    assert_true(fastest < 0.04f); /* a breath at 6/min goes at up to 0.39 of its volume a second */
}

static void the_same_session_gives_the_same_pixels(void **state)
{
    struct ob_render *render = *state;
    struct ob_render *again = canvas_open(NULL, NULL);
    const struct ob_overlay overlay = {.hud = true, .caption = "Follow the water", .notice = "No sound device"};
    for (int i = 0; i < 40; i++) {
        scenario_fill(&snapshot, 100.0 + i / 30.0);
        snapshot.simulated = true;
        canvas_draw(render, &snapshot, &overlay, snapshot.now_ns + OB_NS_PER_S / 60, one);
        /* The first has drawn other pictures before this test: give its fades time to end. */
        canvas_draw(again, &snapshot, &overlay, snapshot.now_ns + OB_NS_PER_S / 60, other);
    }
    ob_render_destroy(again);
    struct ob_render *twin = canvas_open(NULL, NULL);
    for (int i = 0; i < 40; i++) {
        scenario_fill(&snapshot, 100.0 + i / 30.0);
        snapshot.simulated = true;
        canvas_draw(twin, &snapshot, &overlay, snapshot.now_ns + OB_NS_PER_S / 60, third);
    }
    ob_render_destroy(twin);
    assert_memory_equal(other, third, CANVAS_BYTES);
}

static void simulated_is_said_in_every_frame(void **state)
{
    (void)state;
    scenario_fill(&snapshot, 100.0);
    for (int shown = 0; shown < 2; shown++) {
        struct ob_render *render = canvas_open(NULL, NULL);
        snapshot.simulated = shown;
        canvas_draw(render, &snapshot, NULL, snapshot.now_ns, shown ? one : other); /* the very first frame */
        ob_render_destroy(render);
    }
    int lettered = 0;
    for (int y = 0; y < CANVAS_HEIGHT / 8; y++)
        for (int x = 3 * CANVAS_WIDTH / 4; x < CANVAS_WIDTH; x++) {
            const int k = 4 * (y * CANVAS_WIDTH + x);
            lettered += one[k + 1] > other[k + 1] + 60;
        }
    assert_true(lettered > 40);
}

static void the_other_gl_draws_the_same(void **state)
{
    struct ob_render *render = *state;
    const struct ob_render_desc desc = {
        .width = CANVAS_WIDTH, .height = CANVAS_HEIGHT, .offscreen = true, .gles = true};
    char problem[300];
    struct ob_render *es = NULL;
    if (ob_render_create(&desc, &es, problem, sizeof problem))
        skip();
    struct ob_render_info info;
    ob_render_info(es, &info);
    assert_true(info.gles);
    ob_render_destroy(es);
    (void)render;
    for (int gles = 0; gles < 2; gles++) {
        struct ob_render_desc each = desc;
        each.gles = gles;
        assert_int_equal(ob_render_create(&each, &es, problem, sizeof problem), OB_OK);
        scenario_fill(&snapshot, 103.0);
        snapshot.simulated = true;
        const struct ob_overlay overlay = {.hud = true, .caption = "Follow the water"};
        canvas_draw(es, &snapshot, &overlay, snapshot.now_ns, gles ? one : other);
        ob_render_destroy(es);
    }
    assert_true(canvas_difference(one, other) < 0.2);
}

/* A picture that came and went in between, as the gallery's clips do, leaves this one as it was. */
static void a_picture_within_a_picture(void **state)
{
    struct ob_render *render = *state, *within = NULL;
    const struct ob_render_desc desc = {.width = 160, .height = 90, .offscreen = true, .scene = "embers"};
    char problem[300];
    still(render, 0.1, one);
    const double full = still(render, 0.4, other);
    assert_int_equal(ob_render_create(&desc, &within, problem, sizeof problem), OB_OK);
    const struct ob_overlay nothing = {0};
    assert_int_equal(ob_render_frame(within, &snapshot, &nothing, snapshot.now_ns), OB_OK);
    ob_render_destroy(within);
    memset(third, 0, sizeof third);
    assert_true(fabs(still(render, 0.4, third) - full) < 0.002);
    assert_true(canvas_difference(third, other) < 0.2);
    assert_true(canvas_difference(third, one) > 1.0);
}

static void what_is_not_known_is_a_dash(void **state)
{
    (void)state;
    struct ob_hud_number numbers[OB_HUD_NUMBERS];
    memset(&snapshot, 0, sizeof snapshot);
    ob_hud_numbers(&snapshot, numbers);
    for (int i = 0; i < OB_HUD_NUMBERS; i++) {
        assert_string_equal(numbers[i].value, OB_HUD_NOT_KNOWN);
        assert_string_equal(numbers[i].unit, "");
        assert_true(numbers[i].label[0] != 0);
    }
    scenario_fill(&snapshot, 100.0);
    ob_hud_numbers(&snapshot, numbers);
    const char *const known[OB_HUD_NUMBERS] = {"63", "11.8", "6.1", "82", "3.4", "97", "210", "8:20"};
    for (int i = 0; i < OB_HUD_NUMBERS; i++)
        assert_string_equal(numbers[i].value, known[i]);
    snapshot.sensor = OB_SENSOR_LOST; /* quality and age of data that do not come are not known */
    ob_hud_numbers(&snapshot, numbers);
    assert_string_equal(numbers[5].value, OB_HUD_NOT_KNOWN);
    assert_string_equal(numbers[6].value, OB_HUD_NOT_KNOWN);
}

static void any_shape_of_screen(void **state)
{
    (void)state;
    const int sizes[][2] = {{270, 480}, {860, 240}, {64, 48}, {1, 1}, {33, 600}};
    const struct ob_overlay overlay = {.hud = true,
                                       .formulas = true,
                                       .help = true,
                                       .caption = "A caption that is so long that it has to be broken into several "
                                                  "lines on any screen, whatever its shape may be, and then some",
                                       .notice = "No sound device",
                                       .sensor = "\xff\xfe not UTF-8"};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const struct ob_render_desc desc = {.width = sizes[i][0], .height = sizes[i][1], .offscreen = true};
        char problem[300];
        struct ob_render *render = NULL;
        assert_int_equal(ob_render_create(&desc, &render, problem, sizeof problem), OB_OK);
        scenario_fill(&snapshot, 50.0);
        snapshot.simulated = true;
        for (int frame = 0; frame < 3; frame++)
            assert_int_equal(ob_render_frame(render, &snapshot, &overlay, snapshot.now_ns + frame * OB_NS_PER_S),
                             OB_OK);
        ob_render_destroy(render);
    }
}

static void draw_still(const struct ob_overlay *overlay, unsigned char *pixels)
{
    struct ob_render *r = canvas_open(NULL, NULL);
    canvas_draw(r, &snapshot, overlay, snapshot.now_ns, pixels);
    ob_render_destroy(r);
}

/* The list of keys is shown alone, and the formulas stand below the numbers that they explain. */
static void no_words_over_words(void **state)
{
    (void)state;
    static unsigned char keys[CANVAS_BYTES], numbers[CANVAS_BYTES], both[CANVAS_BYTES], bare[CANVAS_BYTES];
    scenario_fill(&snapshot, 50.0);
    draw_still(&(struct ob_overlay){.help = true}, keys);
    draw_still(&(struct ob_overlay){.help = true, .hud = true, .formulas = true}, both);
    assert_memory_equal(keys, both, CANVAS_BYTES);

    draw_still(NULL, bare);
    draw_still(&(struct ob_overlay){.hud = true}, numbers);
    draw_still(&(struct ob_overlay){.hud = true, .formulas = true}, both);
    int lowest = 0, highest = CANVAS_HEIGHT;
    for (int at = 0; at < CANVAS_BYTES; at++) {
        const int y = CANVAS_HEIGHT - 1 - at / 4 / CANVAS_WIDTH; /* rows come from the bottom */
        if (abs(numbers[at] - bare[at]) > 3)
            lowest = y > lowest ? y : lowest;
        if (abs(both[at] - numbers[at]) > 3)
            highest = y < highest ? y : highest;
    }
    print_message("numbers down to row %d, formulas from row %d on\n", lowest, highest);
    assert_true(lowest > CANVAS_HEIGHT / 10 && highest < CANVAS_HEIGHT);
    assert_true(highest > lowest);
}

/* What a television cuts off has no words in it: the caption alone differs, and only within. */
static void words_keep_away_from_what_is_cut_off(void **state)
{
    (void)state;
    static unsigned char bare[CANVAS_BYTES];
    struct ob_overlay overlay = {.hud = true, .caption = "Follow the light", .overscan_01 = 0.1};
    struct ob_render *r = canvas_open(NULL, NULL);
    int within = 0, outside = 0;
    scenario_fill(&snapshot, 50.0);
    canvas_draw(r, &snapshot, &overlay, snapshot.now_ns, one); /* a still, with its words */
    ob_render_destroy(r);
    r = canvas_open(NULL, NULL);
    canvas_draw(r, &snapshot, NULL, snapshot.now_ns, bare);
    ob_render_destroy(r);
    for (int y = 0; y < CANVAS_HEIGHT; y++)
        for (int x = 0; x < CANVAS_WIDTH; x++) {
            const int at = 4 * (y * CANVAS_WIDTH + x);
            const bool differs = abs(one[at] - bare[at]) > 3 || abs(one[at + 1] - bare[at + 1]) > 3;
            const bool cut = x < CANVAS_WIDTH / 10 || x >= CANVAS_WIDTH - CANVAS_WIDTH / 10 || y < CANVAS_HEIGHT / 10 ||
                             y >= CANVAS_HEIGHT - CANVAS_HEIGHT / 10;
            within += differs && !cut;
            outside += differs && cut;
        }
    print_message("words: %d pixels within, %d in what is cut off\n", within, outside);
    assert_true(within > 2000);
    assert_int_equal(outside, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_tide_is_the_breath, begin, end),
        cmocka_unit_test_setup_teardown(a_slower_heart_leaves_more_light, begin, end),
        cmocka_unit_test_setup_teardown(feedback_is_never_less_than_neutral, begin, end),
        cmocka_unit_test_setup_teardown(every_input_shows, begin, end),
        cmocka_unit_test(unguided_is_not_a_pace),
        cmocka_unit_test_setup_teardown(the_same_session_gives_the_same_pixels, begin, end),
        cmocka_unit_test_setup_teardown(simulated_is_said_in_every_frame, begin, end),
        cmocka_unit_test_setup_teardown(the_other_gl_draws_the_same, begin, end),
        cmocka_unit_test_setup_teardown(a_picture_within_a_picture, begin, end),
        cmocka_unit_test(what_is_not_known_is_a_dash),
        cmocka_unit_test(any_shape_of_screen),
        cmocka_unit_test(no_words_over_words),
        cmocka_unit_test(words_keep_away_from_what_is_cut_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
