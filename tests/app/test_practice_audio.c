/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath practice-audio, as a person runs it: the breath in the sound is the protocol's, the words are there, and
 * what can't be made is told and leaves nothing behind. */
#include "app/commands/protocol_files.h"
#include "app/commands/protocol_length.h"
#include "breath_ear.h"
#include "meant.h"
#include "program.h"
#include "soundfile/soundfile.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define COMES_IN_S 9.0 /* out of silence, with the six seconds of a gentle start */

static const char *folder;
static char mine[600];
static struct ob_protocol protocol;

/* A paced phase from 8 breaths/min down, by 0.8 each minute. */
static int make_protocol(double seconds)
{
    static struct ob_problems problems;
    folder = scratch_folder();
    snprintf(mine, sizeof mine, "%s/mine.yaml", folder);
    FILE *file = fopen(mine, "w");
    assert_non_null(file);
    fputs("version: 1\ntitle: A short one\nphases:\n  - kind: paced\n", file);
    fprintf(file, "    seconds: %g\n    from_brpm: 8\n    to_brpm: %g\n", seconds, 8.0 - seconds / 75.0);
    fclose(file);
    return ob_protocol_file_read(mine, &protocol, &problems);
}

static int begin(void **state)
{
    (void)state;
    return make_protocol(75.0);
}

static int begin_short(void **state)
{
    (void)state;
    return make_protocol(24.0);
}

static void the_breath_in_the_sound_is_the_protocols(void **state)
{
    (void)state;
    static double meant[64], heard[64];
    struct ob_sound sound;
    const char *path = in_folder("a.wav");
    assert_int_equal(run_program("practice-audio %s --out %s --voice off --config none", mine, path), 0);
    print_message("%s", printed());
    assert_non_null(strstr(printed(), "LUFS"));
    assert_int_equal(ob_soundfile_read(path, 200.0, &sound), OB_OK);
    assert_true(fabs((double)sound.frames / sound.sample_rate_hz - 88.0) < 6.0);
    assert_true(fabsf(sound.stereo[2 * sound.frames - 2]) < 1e-4f);
    const size_t all = meant_exhales(&protocol, meant, 64);
    size_t early = 0;
    while (early < all && meant[early] < COMES_IN_S)
        early++;
    const size_t ears = ear_exhales(sound.stereo, sound.frames, sound.sample_rate_hz, heard, 64);
    const struct ear_score score = ear_compare(meant + early, all - early, heard, ears);
    print_message(
        "%zu of %zu exhales heard, %.2f s after the pacer's, spread %.2f s, a breath's length off by %.1f%%\n",
        score.found, score.meant, score.offset_s, score.spread_s, 100.0 * score.rate_error_01);
    assert_true(score.meant >= 7);
    assert_true(score.found + 1 >= score.meant && score.heard <= all + 1);
    assert_true(fabs(score.offset_s) < 0.4);
    assert_true(score.rate_error_01 < 0.03);
    ob_sound_free(&sound);
}

static void it_is_the_same_file_each_time(void **state)
{
    (void)state;
    const char *path = in_folder("a.wav");
    assert_int_equal(run_program("practice-audio %s --out %s --voice off --config none", mine, path), 0);
    assert_int_equal(run_program("practice-audio %s --out %s --voice off --config none", mine, path), 1);
    assert_non_null(strstr(said(), "there already"));
    assert_int_equal(run_program("practice-audio %s --out %s --voice off --config none", mine, in_folder("b.wav")), 0);
    assert_true(same_bytes(in_folder("a.wav"), in_folder("b.wav")));
}

static double level_db(const struct ob_sound *sound, double from_s, double to_s)
{
    double power = 0.0, count = 0.0;
    for (size_t i = (size_t)(from_s * sound->sample_rate_hz);
         i < (size_t)(to_s * sound->sample_rate_hz) && i < sound->frames; i++, count++)
        power += (double)sound->stereo[2 * i] * (double)sound->stereo[2 * i];
    return 10.0 * log10(power / count + 1e-20);
}

static void somebody_speaks_or_it_says_why_not(void **state)
{
    (void)state;
    struct ob_sound sound;
    char bytes[4096];
    /* A recording of "welcome" replaces what would be made: a second of a hum, and nothing like it. */
    char command[1400];
    snprintf(command, sizeof command, "mkdir -p %s/data/voice/de", folder);
    assert_int_equal(system(command), 0);
    snprintf(command, sizeof command, "%s/data/voice/de/welcome.wav", folder);
    struct ob_soundfile *file;
    const struct ob_soundfile_desc desc = {.path = command, .sample_rate_hz = 48000, .replace = true};
    assert_int_equal(ob_soundfile_create(&desc, &file), OB_OK);
    for (int i = 0; i < 48000; i++) {
        const float x = 0.2f * sinf(0.13f * (float)i);
        ob_soundfile_write(file, (float[]){x, x}, 1);
    }
    assert_int_equal(ob_soundfile_close(file, true), OB_OK);

    assert_int_equal(run_program("practice-audio %s --out %s --lang de --config none --data %s/data", mine,
                                 in_folder("c.flac"), folder),
                     0);
    print_message("%s%s", printed(), said());
    assert_non_null(strstr(printed(), "lines are spoken (de)"));
    assert_true(strstr(said(), "There is no voice") || !strstr(printed(), "\n1 lines"));
    assert_int_equal(ob_soundfile_read(in_folder("c.flac"), 200.0, &sound), OB_OK);
    /* The hum of 1 s begins at 1.5 s, at about the level of the rest: louder than just before and after it. */
    const double before = level_db(&sound, 0.8, 1.0), hum = level_db(&sound, 1.7, 2.3),
                 after = level_db(&sound, 3.2, 3.5);
    print_message("before %.1f dB, in it %.1f dB, after %.1f dB\n", before, hum, after);
    assert_true(hum > before + 6.0 && hum > after + 3.0);
    ob_sound_free(&sound);
    FILE *flac = fopen(in_folder("c.flac"), "rb");
    const size_t got = fread(bytes, 1, sizeof bytes, flac);
    fclose(flac);
    assert_non_null(memmem(bytes, got, "A short one", 11));
    assert_non_null(memmem(bytes, got, "nicht tief", 10));
}

static void what_cannot_be_made_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *arguments, *part;
        int code;
    } cases[] = {
        {"stillness --out %s/x.ogg", "silent", 3},
        {"home-5-quick", "--out", 2},
        {"--out %s/x.ogg", "name of one protocol", 2},
        {"box home-5-quick --out %s/x.ogg", "not expected", 2},
        {"home-5-quick --out %s/x.mp3", ".ogg, .flac or .wav", 2},
        {"home-5-quik --out %s/x.ogg", "home-5-quick", 3},
        {"home-5-quick --out %s/none/x.ogg", "not there", 1},
        {"home-5-quick --out %s/x.ogg --soundscape sea", "shore, bowls, pad", 3},
        {"home-5-quick --out %s/x.ogg --voice loud", "on or off", 2},
        {"home-5-quick --out %s/x.ogg --lang tlh", "en and de", 2},
        {"body-awareness --out %s/x.ogg --minutes 2", "apart", 2},
        {"home-5-measured --out %s/x.ogg --minutes 4", "other parts", 2},
        {"home-5-quick --out %s/x.ogg --minutes 500", "minutes", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char arguments[800] = "practice-audio --config none ";
        snprintf(arguments + strlen(arguments), sizeof arguments - strlen(arguments), cases[i].arguments, folder);
        const int code = run_program("%s", arguments);
        if (code != cases[i].code || !strstr(said(), cases[i].part))
            fail_msg("%s: status %d, %s", arguments, code, said());
    }
    assert_int_not_equal(access(in_folder("x.ogg"), F_OK), 0);
}

static void another_length_moves_the_words(void **state)
{
    (void)state;
    static struct ob_problems problems;
    static struct ob_protocol body;
    char clause[200];
    assert_int_equal(ob_protocol_file_read(OB_SOURCE_DIR "/config/protocols/body-awareness.yaml", &body, &problems), 0);
    const struct ob_protocol before = body;
    assert_true(ob_protocol_make_minutes(&body, 20.0, clause, sizeof clause));
    assert_true(fabs(ob_protocol_seconds(&body) - 1200.0) < 1e-6);
    assert_true(fabs(body.captions[3].at_s - 2.0 * before.captions[3].at_s) < 1e-6);
    body = before;
    assert_false(ob_protocol_make_minutes(&body, 3.0, clause, sizeof clause));
    assert_memory_equal(&body, &before, sizeof body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_breath_in_the_sound_is_the_protocols, begin),
        cmocka_unit_test_setup(it_is_the_same_file_each_time, begin_short),
        cmocka_unit_test_setup(somebody_speaks_or_it_says_why_not, begin_short),
        cmocka_unit_test_setup(what_cannot_be_made_is_told, begin_short),
        cmocka_unit_test(another_length_moves_the_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
