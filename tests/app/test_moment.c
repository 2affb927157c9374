/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A headless session whose simulated person lets go in minute 11: the mark, and what answers it in sound and picture.
 * The same person without that moment has neither. */
#include "base/maths.h"
#include "base/time.h"
#include "engine/engine.h"
#include "format/oblog.h"
#include "program.h"
#include "render/render.h"
#include "synth/synth.h"

#include <math.h>
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

#define RATE_HZ   48000
#define STEP_S    0.01
#define FRAMES    480 /* of a step */
#define HALF      (RATE_HZ / 2)
#define TONE_HZ   1760.0 /* A6: the loudest of the bloom's tones */
#define SHIFT_S   660.0
#define WIDTH     160
#define HEIGHT    90
#define DIFFERENT 3.0 /* mean difference of two pictures, in steps of 8 bits; one second to the next makes 0.8 */

static const char *folder;

/* Power at a frequency, half a second after half a second (Goertzel 1958, doi:10.2307/2310304). */
struct tone {
    double a, b;
    int n;
};

static double tone_power(struct tone *tone, const float *block)
{
    const double turn = 2.0 * cos(OB_TAU * TONE_HZ / RATE_HZ);
    double power = 0.0;
    for (int i = 0; i < FRAMES; i++) {
        const double hann = 0.5 - 0.5 * cos(OB_TAU * tone->n / HALF);
        const double s = hann * (double)(block[2 * i] + block[2 * i + 1]) + turn * tone->a - tone->b;
        tone->b = tone->a;
        tone->a = s;
        if (++tone->n < HALF)
            continue;
        power = tone->a * tone->a + tone->b * tone->b - turn * tone->a * tone->b;
        *tone = (struct tone){0};
    }
    return power;
}

/* What became of a session when its log is lived through again. */
struct walk {
    double from_s, until_s; /* the bloom; 0: there was none */
    double most;            /* of the bloom */
    double loudest_db;      /* of what the protocol wants of the sound; 0: as loud as chosen */
    double tone[2];         /* power of the bloom's tone in the minute after known_s, and what it is without */
    double light;           /* how much the bloom changes the picture at its height */
    struct tone hearing[2];
};

/* The same moment with and without its bloom. */
static double bloom_in_picture(struct ob_render *render, const struct ob_snapshot *shot)
{
    static unsigned char pixels[2][WIDTH * HEIGHT * 4];
    static struct ob_snapshot plain;
    const struct ob_overlay none = {0};
    int width, height;
    plain = *shot;
    plain.params.bloom_01 = 0.0f;
    for (int i = 0; i < 2; i++) {
        /* Light changes slowly whatever happens; seconds later the picture is what the moment wants. */
        for (int k = 0; k < 12; k++)
            assert_int_equal(ob_render_frame(render, i ? &plain : shot, &none, shot->now_ns + k * OB_NS_PER_S), OB_OK);
        assert_int_equal(ob_render_read(render, pixels[i], sizeof pixels[i], &width, &height), OB_OK);
    }
    double sum = 0;
    for (int i = 0; i < WIDTH * HEIGHT * 4; i++)
        sum += abs(pixels[0][i] - pixels[1][i]);
    return sum / (WIDTH * HEIGHT * 3);
}

/* Each step of the session after what came in before it. From a minute before known_s to one after, it is heard. */
static void take_step(struct walk *w, struct ob_engine *engine, struct ob_synth *synth[2], struct ob_render *render,
                      double t_s, double known_s)
{
    static float block[2 * FRAMES];
    const struct ob_snapshot *s = ob_engine_snapshot(engine);
    const double bloom = (double)s->params.bloom_01;
    w->from_s = bloom > 0.0 && w->from_s <= 0.0 ? t_s : w->from_s;
    w->until_s = bloom > 0.0 ? t_s : w->until_s;
    if (fabs(t_s - known_s - 13.0) < 0.5 * STEP_S && render)
        w->light = bloom_in_picture(render, s);
    w->most = fmax(w->most, bloom);
    w->loudest_db = fmax(w->loudest_db, s->sound_db);
    if (fabs(t_s - known_s) > 60.0)
        return;
    struct ob_synth_input input = {.pacer = s->pacer, .params = s->params, .volume_01 = 0.6f};
    for (int i = 0; i < 2; i++) {
        ob_synth_render(synth[i], &input, s->now_ns, 1e9 / RATE_HZ, block, FRAMES);
        const double power = tone_power(&w->hearing[i], block);
        if (t_s > known_s)
            w->tone[i] += power;
        input.params.bloom_01 = 0.0f;
    }
}

static void walk(const char *name, double known_s, struct ob_render *render, struct walk *w)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s/events.oblog", folder, name);
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    struct ob_engine *engine = ob_engine_create();
    struct ob_synth *synth[2];
    for (int i = 0; i < 2; i++)
        synth[i] = ob_synth_create(&(struct ob_synth_desc){.sample_rate_hz = RATE_HZ, .seed = 1});
    assert_true(engine && synth[0] && synth[1]);
    *w = (struct walk){.loudest_db = OB_SILENT_DB};
    struct ob_oblog_decoder decoder;
    ob_oblog_decoder_init(&decoder);
    unsigned char bytes[8192];
    size_t count;
    int64_t now_ns = 0;
    while ((count = fread(bytes, 1, sizeof bytes, in)) > 0) {
        const unsigned char *at = bytes;
        struct ob_event event;
        while (ob_oblog_next(&decoder, &at, &count, &event)) {
            for (; now_ns + OB_TICK_NS <= event.applied_ns; now_ns += OB_TICK_NS) {
                ob_engine_advance(engine, now_ns + OB_TICK_NS);
                take_step(w, engine, synth, render, ob_s_from_ns(now_ns + OB_TICK_NS), known_s);
            }
            ob_engine_step(engine, &event);
        }
    }
    fclose(in);
    assert_int_equal(ob_oblog_finish(&decoder), OB_OBLOG_END);
    ob_synth_destroy(synth[0]);
    ob_synth_destroy(synth[1]);
    ob_engine_destroy(engine);
}

/* The number behind a key, from the first time on that it stands after a word; NaN where it does not. */
static double number_of(const char *text, const char *after, const char *key)
{
    const char *at = strstr(text, after);
    at = at ? strstr(at, key) : NULL;
    return at ? strtod(at + strlen(key), NULL) : (double)NAN;
}

static double known_s; /* when the first session's mark was known */

static void the_summary_has_the_mark(void **state)
{
    (void)state;
    assert_int_equal(
        run_program("headless --person shift_at_min=11 --minutes 20 --no-frames --no-sound --out %s/lets-go", folder),
        0);
    char path[600];
    snprintf(path, sizeof path, "%s/lets-go/summary.json", folder);
    const double t_s = number_of(text_of(path), "\"exhale_moments\"", "\"t_s\": ");
    known_s = number_of(text_of(path), "\"exhale_moments\"", "\"known_s\": ");
    print_message("lets go at %.0f s: a mark at %.0f s, known at %.0f s\n", SHIFT_S, t_s, known_s);
    assert_true(fabs(t_s - SHIFT_S) <= 90.0);
    assert_true(known_s > t_s && known_s < SHIFT_S + 300.0);

    assert_int_equal(run_program("headless --minutes 20 --no-frames --no-sound --out %s/stays", folder), 0);
    snprintf(path, sizeof path, "%s/stays/summary.json", folder);
    assert_non_null(strstr(text_of(path), "\"exhale_moments\": [],"));
    assert_true(number_of(text_of(path), "\"exhale_moment\"", "\"watched_s\": ") > 300.0); /* it could have seen one */
}

static void it_is_answered_within_a_breath_and_only_there(void **state)
{
    (void)state;
    struct ob_render *render = NULL;
    char problem[512];
    const struct ob_render_desc desc = {.width = WIDTH, .height = HEIGHT, .offscreen = true};
    if (ob_render_create(&desc, &render, problem, sizeof problem))
        print_message("no GL here: the picture is left out (%s)\n", problem);
    struct walk goes, stays;
    walk("lets-go", known_s, render, &goes);
    walk("stays", known_s, render, &stays);
    const double louder[] = {10 * log10(goes.tone[0] / goes.tone[1]), 10 * log10(stays.tone[0] / stays.tone[1])};
    print_message("the bloom: %.2f to %.2f s, up to %.2f; its tone %+.1f dB (without the moment %+.1f dB)\n",
                  goes.from_s, goes.until_s, goes.most, louder[0], louder[1]);
    assert_true(goes.from_s >= known_s && goes.from_s - known_s < 10.0); /* a breath of 6 a minute */
    assert_true(goes.most > 0.95 && goes.until_s - goes.from_s > 55.0 && goes.until_s - goes.from_s < 65.0);
    assert_true(louder[0] > 1.0 && fabs(louder[1]) < 1e-9);
    assert_true(stays.most <= 0.0);
    if (render) {
        print_message("the picture differs by %.2f steps of 256 (without the moment %.2f)\n", goes.light, stays.light);
        assert_true(goes.light > stays.light + DIFFERENT);
    }
    ob_render_destroy(render);
}

/* A mark, in the words for people, and nothing that answers it. */
static void in_a_treatment_it_is_only_marked(void **state)
{
    (void)state;
    char path[600];
    assert_int_equal(run_program("headless --person seed=3,shift_at_min=14,shift_bpm=-6 --protocol treatment-short "
                                 "--no-frames --no-sound --out %s/treatment",
                                 folder),
                     0);
    snprintf(path, sizeof path, "%s/treatment/summary.json", folder);
    const char *summary = text_of(path);
    const double t_s = number_of(summary, "\"exhale_moments\"", "\"t_s\": ");
    assert_true(fabs(t_s - 840.0) <= 90.0);
    assert_non_null(strstr(summary, "\"answered\": false"));
    assert_null(strstr(summary, "\"answered\": true"));
    char words[64];
    snprintf(words, sizeof words, "A shift around %d:%02d", (int)t_s / 60, (int)t_s % 60);
    assert_non_null(strstr(summary, words));
    assert_non_null(strstr(summary, "About 1 in 20 quiet half-hours show this by chance; the cause is unknown."));
    struct walk w;
    walk("treatment", number_of(summary, "\"exhale_moments\"", "\"known_s\": "), NULL, &w);
    assert_true(w.most <= 0.0 && w.loudest_db <= OB_SILENT_DB);
}

/* What docs/loop.md says of a real recording. */
static void the_recording_of_the_manual_gives_its_figures(void **state)
{
    (void)state;
    char path[600];
    const char *data = getenv("OB_DATA") ? getenv("OB_DATA") : OB_TEST_DATA_DEFAULT;
    snprintf(path, sizeof path, "%s/rr/h10_dhyb.rr.txt", data);
    if (access(path, R_OK) != 0) {
        print_message("skipped: no recordings here (%s)\n", path);
        skip();
    }
    assert_int_equal(
        run_program("headless --replay %s --protocol stillness --no-frames --no-sound --out %s/real", path, folder), 0);
    snprintf(path, sizeof path, "%s/real/summary.json", folder);
    const char *summary = text_of(path);
    assert_true(fabs(number_of(summary, "\"beats\"", ": ") - 617.0) < 0.5);
    assert_non_null(strstr(summary, "\"artefact_share\": 0.00000"));
    assert_true(fabs(number_of(summary, "\"medians\"", "\"hr_bpm\": ") - 62.0) < 0.5);
    assert_true(fabs(number_of(summary, "\"medians\"", "\"rsa_bpm\": ") - 14.2) < 0.5);
    assert_non_null(strstr(summary, "\"exhale_moments\": [],"));
    assert_true(fabs(number_of(summary, "\"exhale_moment\"", "\"watched_s\": ") - 148.0) <= 15.0);
    assert_true(fabs(number_of(summary, "\"exhale_moment\"", "\"too_early_s\": ") - 450.0) <= 15.0);
}

int main(void)
{
    folder = scratch_folder();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_summary_has_the_mark),
        cmocka_unit_test(it_is_answered_within_a_breath_and_only_there),
        cmocka_unit_test(in_a_treatment_it_is_only_marked),
        cmocka_unit_test(the_recording_of_the_manual_gives_its_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
