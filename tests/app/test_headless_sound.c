/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a headless session sounds like: its soundscape and the pacer in it, somebody's own file among them, its closing
 * bowl, the loudest that is allowed, and a protocol that fades. */
#include "program.h"
#include "wav.h"

#include "os/paths.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static const char *folder;

static int make_folder(void **state)
{
    (void)state;
    folder = scratch_folder();
    assert_int_equal(ob_paths_make(in_folder("sounds")), OB_OK);
    assert_int_equal(wav_write_tone(in_folder("sounds/brook.wav"), 22050, 10.0, 0.4), 0);
    return 0;
}

static double level_db(const struct wav *wav, double from_s, double to_s)
{
    double power = 0.0;
    const size_t from = (size_t)(from_s * wav->rate_hz), to = (size_t)(to_s * wav->rate_hz);
    for (size_t i = from; i < to && i < wav->frames; i++)
        power += (double)wav->mono[i] * (double)wav->mono[i] / (double)(to - from);
    return 10.0 * log10(power + 1e-12);
}

static struct wav play(const char *options)
{
    struct wav wav = {0};
    assert_int_equal(run_program("headless --config none --minutes 0.5 --no-frames --data %s --out %s/out %s", folder,
                                 folder, options),
                     0);
    assert_int_equal(wav_read(in_folder("out/sound.wav"), &wav), 0);
    return wav;
}

static void a_headless_session_has_soundscape_and_gong(void **state)
{
    (void)state;
    struct wav with = play("--soundscape bowls"), without = play("--soundscape bowls --no-gong"),
               own = play("--soundscape brook --no-gong");
    /* The same until four seconds before the end; then a bowl rings into what would be all but silence. */
    double worst = 0.0, other = 0.0;
    const size_t same = (size_t)(25.9 * with.rate_hz);
    for (size_t i = 0; i < same; i++) {
        worst = fmax(worst, fabs((double)with.mono[i] - (double)without.mono[i]));
        other = fmax(other, fabs((double)own.mono[i] - (double)without.mono[i]));
    }
    const double with_db = level_db(&with, 29.0, 29.9), without_db = level_db(&without, 29.0, 29.9);
    print_message("in the last second: %.1f dBFS with the closing bowl, %.1f without\n", with_db, without_db);
    assert_true(worst == 0.0 && other > 0.01);
    assert_true(with_db > without_db + 6.0 && with_db < -15.0);
    /* Gentle: the first two seconds are far softer than those of a later breath. */
    assert_true(level_db(&without, 0.0, 2.0) < level_db(&without, 12.0, 22.0) - 12.0);
    free(with.mono);
    free(without.mono);
    free(own.mono);
    assert_int_equal(run_program("headless --config none --minutes 0.5 --no-frames --data %s --out %s/out --soundscape "
                                 "bowl",
                                 folder, folder),
                     3);
    assert_non_null(strstr(said(), "did you mean \"bowls\"?"));
}

static void the_maximum_holds_for_files_too(void **state)
{
    (void)state;
    const char *path = in_folder("studio.yaml");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("version: 1\nsound:\n  maximum_01: 0.3\n  soundscape: pad\n", file);
    fclose(file);
    struct wav usual = play("--soundscape pad --volume 0.3");
    assert_int_equal(run_program("headless --config %s --minutes 0.5 --no-frames --data %s --out %s/out --volume 1",
                                 path, folder, folder),
                     0);
    struct wav held;
    assert_int_equal(wav_read(in_folder("out/sound.wav"), &held), 0);
    assert_int_equal(usual.frames, held.frames);
    assert_memory_equal(usual.mono, held.mono, usual.frames * sizeof *usual.mono);
    free(usual.mono);
    free(held.mono);
}

/* A small winding-down: a soundscape of its own, sound that fades by 60 dB, and nothing that marks the end. */
static void a_protocol_names_its_soundscape_and_fades_it(void **state)
{
    (void)state;
    char path[700];
    snprintf(path, sizeof path, "%s", in_folder("night.yaml"));
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("version: 1\ntitle: Night\nsoundscape: pad\nend: leave\nphases:\n"
          "  - {kind: paced, seconds: 30, rate_brpm: 6}\n"
          "  - {kind: paced, seconds: 60, rate_brpm: 6, sound_from_db: 0, sound_to_db: -60}\n",
          file);
    fclose(file);
    struct wav wav[3];
    static const char *const asked[3] = {"", "--soundscape pad", "--soundscape bowls"};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(run_program("headless --config none --no-frames --data %s --out %s/out --protocol %s %s",
                                     folder, folder, path, asked[i]),
                         0);
        assert_int_equal(wav_read(in_folder("out/sound.wav"), &wav[i]), 0);
    }
    assert_memory_equal(wav[0].mono, wav[1].mono, wav[0].frames * sizeof *wav[0].mono);
    double other = 0.0;
    for (size_t i = 0; i < wav[0].frames; i++)
        other = fmax(other, fabs((double)wav[0].mono[i] - (double)wav[2].mono[i]));
    assert_true(other > 0.01); /* the command line goes before it */
    /* Whole breaths: 10 dB less with each. */
    double before_db = level_db(&wav[0], 20.0, 30.0);
    for (double s = 40.0; s < 79.0; s += 10.0) {
        const double now_db = level_db(&wav[0], s, s + 10.0);
        print_message("%.0f s: %.1f dBFS\n", s, now_db);
        if (s > 40.0)
            assert_true(fabs(before_db - now_db - 10.0) < 2.5);
        before_db = now_db;
    }
    assert_true(level_db(&wav[0], 86.0, 89.5) < -75.0);
    for (int i = 0; i < 3; i++)
        free(wav[i].mono);
}

#define BREATHS 5.0

static void the_tone_has_the_period_of_the_pacer(void **state)
{
    (void)state;
    for (double pace = 5.0; pace <= 7.0; pace += 1.0) {
        assert_int_equal(run_program("headless --pace %g --minutes 4 --no-frames --out %s/tone", pace, folder), 0);
        struct wav wav;
        assert_int_equal(wav_read(in_folder("tone/sound.wav"), &wav), 0);
        static double envelope[2500];
        const double step_s = 0.1;
        const size_t n = wav_envelope(&wav, step_s, envelope, 2500);
        free(wav.mono);
        assert_true(n > 2350);
        /* without the fades at both ends */
        const double expected = 60 / pace / step_s;
        const double one = series_period(envelope + 100, n - 250, 0.7 * expected, 1.4 * expected);
        /* No two breaths sound alike, since each exhale earns its own tail: over several of them that hardly matters.
         */
        const double period_s =
            step_s * series_repeat(envelope + 100, n - 250, (BREATHS - 0.3) * one, (BREATHS + 0.3) * one) / BREATHS;
        print_message("pacer %.1f /min: the tone repeats each %.3f s, %+.2f%%\n", pace, period_s,
                      100 * (period_s / (60 / pace) - 1));
        assert_true(fabs(period_s / (60 / pace) - 1) < 0.01);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_headless_session_has_soundscape_and_gong),
        cmocka_unit_test(the_maximum_holds_for_files_too),
        cmocka_unit_test(the_tone_has_the_period_of_the_pacer),
        cmocka_unit_test(a_protocol_names_its_soundscape_and_fades_it),
    };
    return cmocka_run_group_tests(tests, make_folder, NULL);
}
