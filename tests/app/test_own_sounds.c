/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which soundscape is heard: by setting, by key, from a folder of somebody's own files, of which some are no sounds. */
#include "app/session/sound.h"
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
#include <time.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static char folder[512];

static void write_tone(const char *name, uint32_t rate_hz, double seconds, double level)
{
    char path[700];
    snprintf(path, sizeof path, "%s/sounds/%s", folder, name);
    assert_int_equal(wav_write_tone(path, rate_hz, seconds, level), 0);
}

static void write_text(const char *name, const char *text)
{
    char path[700];
    snprintf(path, sizeof path, "%s/sounds/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int make_folder(void **state)
{
    (void)state;
    char sounds[600];
    snprintf(folder, sizeof folder, "%s", scratch_folder());
    snprintf(sounds, sizeof sounds, "%s/sounds", folder);
    assert_int_equal(ob_paths_make(sounds), OB_OK);
    write_tone("brook.wav", 22050, 10.0, 0.4);
    write_tone("wind.WAV", 48000, 9.0, 0.1);
    write_tone("still.wav", 8000, 10.0, 0.0);
    write_tone("moment.wav", 8000, 2.0, 0.3);
    write_text("letter.wav", "Dear reader, this is no sound at all, and longer than a header of forty-four bytes.");
    write_text("cover.jpg", "no sound either, and nobody says that it is");
    return 0;
}

static void the_folder_is_listed_by_name(void **state)
{
    (void)state;
    struct ob_own_sounds *own = malloc(sizeof *own);
    ob_own_sounds_init(own, folder);
    static const char *const names[] = {"brook", "letter", "moment", "still", "wind"};
    assert_int_equal(own->count, 5);
    for (uint32_t i = 0; i < 5; i++)
        assert_string_equal(own->list[i].name, names[i]);
    uint32_t which = 99;
    char problem[320];
    assert_true(ob_own_sounds_resolve(own, "bowls", &which, problem, sizeof problem));
    assert_int_equal(which, OB_SOUNDSCAPE_BOWLS);
    assert_true(ob_own_sounds_resolve(own, "wind", &which, problem, sizeof problem));
    assert_int_equal(which, OB_SOUNDSCAPE_OWN + 4);
    assert_string_equal(ob_own_sounds_title(own, which), "wind");
    assert_false(ob_own_sounds_resolve(own, "brok", &which, problem, sizeof problem));
    assert_non_null(strstr(problem, "did you mean \"brook\"?"));
    assert_false(ob_own_sounds_resolve(own, "something else", &which, problem, sizeof problem));
    assert_non_null(strstr(problem, "shore, bowls, pad"));
    ob_own_sounds_finish(own);
    ob_own_sounds_init(own, "/nonexistent/place");
    assert_int_equal(own->count, 0);
    ob_own_sounds_finish(own);
    free(own);
}

static void each_file_that_is_no_bed_says_why(void **state)
{
    (void)state;
    static const char *const said_of[] = {NULL, "can't be read; WAV, FLAC and Ogg can", "from 8 seconds to 5 minutes",
                                          "is silent", NULL};
    struct ob_own_sounds *own = malloc(sizeof *own);
    ob_own_sounds_init(own, folder);
    for (uint32_t i = 0; i < own->count; i++) {
        const enum ob_err err = ob_own_sounds_load(own, i);
        if (said_of[i]) {
            print_message("%s\n", own->list[i].problem);
            assert_int_not_equal(err, OB_OK);
            assert_non_null(strstr(own->list[i].problem, said_of[i]));
            assert_int_equal(own->loops[i].frames, 0);
        } else {
            assert_int_equal(err, OB_OK);
            assert_true(own->loops[i].frames > 6 * 48000);
        }
    }
    remove(own->list[4].path);
    struct ob_own_sounds *again = malloc(sizeof *again);
    *again = *own; /* as it was listed before the file went */
    again->loops[4] = (struct ob_loop){0};
    again->list[4].state = OB_OWN_LISTED;
    assert_int_not_equal(ob_own_sounds_load(again, 4), OB_OK);
    print_message("%s\n", again->list[4].problem);
    assert_true(strlen(again->list[4].problem) > 10);
    free(again);
    ob_own_sounds_finish(own);
    free(own);
    write_tone("wind.WAV", 48000, 9.0, 0.1);
}

static void wait_a_little(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
}

/* Frames until the wanted soundscape is heard or something is said. */
static bool step(struct ob_sound *sound, char *text, size_t size)
{
    for (int i = 0; i < 12000; i++) {
        if (ob_sound_step(sound, text, size))
            return true;
        if (sound->soundscape == sound->wanted)
            return false;
        wait_a_little();
    }
    fail_msg("an own sound is not loaded after a minute");
    return false;
}

static void a_key_goes_round_them_all(void **state)
{
    (void)state;
    struct ob_sound *sound = calloc(1, sizeof *sound);
    struct ob_wires *wires = calloc(1, sizeof *wires);
    char text[320] = "";
    assert_int_equal(ob_wires_init(wires), OB_OK);
    const struct ob_sound_desc desc = {
        .wires = wires, .mute = true, .volume_01 = 0.9, .maximum_01 = 0.5, .data = folder};
    assert_int_equal(ob_sound_init(sound, &desc), OB_OK);
    assert_true(ob_sound_choose(sound, "pad", text, sizeof text));
    assert_int_equal(sound->soundscape, OB_SOUNDSCAPE_PAD);
    /* A session of a protocol with a soundscape of its own, and one after it. */
    ob_sound_begin(sound, "bowls");
    assert_int_equal(sound->soundscape, OB_SOUNDSCAPE_BOWLS);
    ob_sound_begin(sound, "");
    assert_int_equal(sound->soundscape, OB_SOUNDSCAPE_PAD);
    assert_false(ob_sound_choose(sound, "nothing like it", text, sizeof text));

    assert_string_equal(ob_sound_next(sound, 1), "brook");
    assert_int_equal(sound->soundscape, OB_SOUNDSCAPE_PAD); /* until it is loaded */
    assert_false(step(sound, text, sizeof text));
    assert_int_equal(sound->soundscape, OB_SOUNDSCAPE_OWN);
    assert_string_equal(ob_sound_next(sound, 1), "letter");
    assert_true(step(sound, text, sizeof text));
    assert_non_null(strstr(text, "letter"));
    assert_int_equal(sound->soundscape, OB_SOUNDSCAPE_OWN); /* it stays */
    /* Those that fail step back; on from them all the same. */
    static const char *const rest[] = {"moment", "still", "wind", "Shore", "Singing bowls", "Warm pad", "brook"};
    for (size_t i = 0; i < sizeof rest / sizeof *rest; i++) {
        assert_string_equal(ob_sound_next(sound, 1), rest[i]);
        assert_int_equal(step(sound, text, sizeof text), i < 2);
    }
    assert_int_equal(sound->soundscape, OB_SOUNDSCAPE_OWN);

    /* No key passes the maximum. */
    assert_true(fabs(ob_sound_volume_01(sound) - 0.5) < 1e-6);
    ob_sound_change_volume(sound, 0.05);
    assert_true(ob_sound_volume_01(sound) <= 0.5);
    ob_sound_change_volume(sound, -0.2);
    assert_true(fabs(ob_sound_volume_01(sound) - 0.3) < 1e-6);
    ob_sound_change_volume(sound, 1.0);
    assert_true(ob_sound_volume_01(sound) <= 0.5);
    ob_sound_finish(sound);
    ob_wires_finish(wires);
    free(wires);
    free(sound);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_folder_is_listed_by_name),
        cmocka_unit_test(each_file_that_is_no_bed_says_why),
        cmocka_unit_test(a_key_goes_round_them_all),
    };
    return cmocka_run_group_tests(tests, make_folder, NULL);
}
