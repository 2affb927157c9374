/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath protocols and sessions that follow one, run as a person runs them. */
#include "program.h"
#include "wav.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static const char *folder;

static const char *write_protocol(const char *name, const char *phases)
{
    static char path[600];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    fprintf(out, "version: 1\ntitle: Mine\n%s", phases);
    fclose(out);
    return path;
}

static const char *const shipped[] = {"home-5-quick",
                                      "home-10-quick",
                                      "home-20-quick",
                                      "home-5-measured",
                                      "home-10-measured",
                                      "home-20-measured",
                                      "stillness",
                                      "body-awareness",
                                      "screen-free",
                                      "pause",
                                      "sleep",
                                      "box",
                                      "4-7-8",
                                      "search-stepped-2",
                                      "search-stepped-3",
                                      "search-sliding",
                                      "treatment-long",
                                      "treatment-short",
                                      "kiosk"};

static void the_shipped_ones_are_there_and_sound(void **state)
{
    (void)state;
    assert_int_equal(run_program("protocols check '%s'/config/protocols/*.yaml", OB_SOURCE_DIR), 0);
    assert_int_equal(run_program("protocols --json"), 0);
    for (size_t i = 0; i < sizeof shipped / sizeof *shipped; i++) {
        char wanted[80];
        snprintf(wanted, sizeof wanted, "\"name\": \"%s\"", shipped[i]);
        if (!strstr(printed(), wanted))
            fail_msg("%s is not among the protocols", shipped[i]);
    }
    assert_non_null(strstr(printed(), "\"mistakes\": 0"));
    assert_int_equal(run_program("protocols show sleep"), 0);
    assert_non_null(strstr(printed(), "sound 0 to -60 dB"));
    assert_int_equal(run_program("protocols show nothing"), 3);
    assert_int_equal(run_program("protocols lits"), 2);
}

static void mistakes_are_told_with_line_and_key(void **state)
{
    (void)state;
    const char *path =
        write_protocol("bad.yaml", "phases:\n  - kind: paced\n    minutes: 2\n    rate_brpm: 40\n"
                                   "  - kind: paced\n    minutes: 2\n    rate_brpm: 2\n"
                                   "  - kind: paced\n    seconds: 3\n    from_brpm: 9\n    to_brpm: 6\n");
    assert_int_equal(run_program("protocols check %s", path), 3);
    assert_non_null(strstr(printed(), "bad.yaml:6: phases.1.rate_brpm: 40 breaths/min is outside of the limits"));
    assert_non_null(strstr(printed(), "bad.yaml:9: phases.2.rate_brpm: 2 breaths/min"));
    assert_non_null(strstr(printed(), "bad.yaml:13: phases.3.to_brpm: from 9 to 6 in 3 s"));
    assert_int_equal(run_program("headless --no-frames --protocol %s --out %s/x", path, folder), 3);
    assert_non_null(strstr(said(), "from 3 to 12"));
    assert_int_equal(run_program("headless --no-frames --protocol bxo --out %s/x", folder), 3);
    assert_non_null(strstr(said(), "did you mean box?"));
    assert_int_equal(run_program("headless --no-frames --protocol box --pace 6 --out %s/x", folder), 2);
}

static void a_session_follows_its_phases_and_replays(void **state)
{
    (void)state;
    static double pace[400];
    char csv[600];
    const char *path = write_protocol("mine.yaml", "phases:\n  - {kind: unpaced, seconds: 30, measured: on}\n"
                                                   "  - {kind: paced, seconds: 60, rate_brpm: 7, sound: off}\n"
                                                   "  - {kind: paced, seconds: 60, from_brpm: 7, to_brpm: 6}\n"
                                                   "  - {kind: unpaced, seconds: 30}\n");
    snprintf(csv, sizeof csv, "%s/s/features.csv", folder);
    assert_int_equal(run_program("headless --person seed=7 --no-frames --protocol %s --out %s/s", path, folder), 0);
    assert_non_null(strstr(printed(), "180 s of session"));
    assert_int_equal(csv_column(csv, "pacer_brpm", pace, 400), 180);
    assert_true(isnan(pace[20]) && pace[40] == 7.0 && fabs(pace[119] - 6.5) < 0.02 && isnan(pace[170]));
    char summary[600], first[64];
    snprintf(summary, sizeof summary, "%s/s/summary.json", folder);
    assert_non_null(strstr(text_of(summary), "\"protocol\": \"mine\""));
    assert_non_null(strstr(text_of(summary), "{\"kind\": \"phase 1\", \"t_s\": 0.00}, {\"kind\": \"phase 2\", \"t_s\": "
                                             "30.0"));
    assert_int_equal(run_program("replay %s/s/events.oblog --hash", folder), 0);
    snprintf(first, sizeof first, "%.60s", printed());
    assert_int_equal(run_program("replay %s/s/events.oblog --hash --out %s/again", folder, folder), 0);
    assert_string_equal(printed(), first);
    char again[600];
    snprintf(again, sizeof again, "%s/again/features.csv", folder);
    assert_true(same_bytes(csv, again));

    /* Silent while it says so: after the second of the fade, nothing. */
    struct wav wav;
    static double loud[200];
    char sound[600];
    snprintf(sound, sizeof sound, "%s/s/sound.wav", folder);
    assert_int_equal(wav_read(sound, &wav), 0);
    const size_t n = wav_envelope(&wav, 1.0, loud, 200);
    free(wav.mono);
    assert_true(n >= 179);
    double quiet = -200.0, heard = -200.0; /* dB */
    for (int s = 40; s < 88; s++)
        quiet = fmax(quiet, loud[s]);
    for (int s = 100; s < 140; s++)
        heard = fmax(heard, loud[s]);
    print_message("silent phase at most %.1f dB, the next one %.1f dB\n", quiet, heard);
    assert_true(quiet < -90.0 && heard > -40.0);
}

static void a_fade_is_linear_in_db(void **state)
{
    (void)state;
    struct wav wav;
    static double loud[400];
    char sound[600];
    const char *path = write_protocol("fade.yaml", "phases:\n  - {kind: paced, minutes: 1, rate_brpm: 6}\n"
                                                   "  - {kind: paced, minutes: 3, rate_brpm: 6, feedback: off, "
                                                   "sound_from_db: 0, sound_to_db: -60}\n");
    assert_int_equal(run_program("headless --person seed=7 --no-frames --protocol %s --out %s/f", path, folder), 0);
    snprintf(sound, sizeof sound, "%s/f/sound.wav", folder);
    assert_int_equal(wav_read(sound, &wav), 0);
    const size_t n = wav_envelope(&wav, 10.0, loud, 400); /* one value a breath */
    free(wav.mono);
    assert_true(n >= 23);
    /* Each breath loses what ten seconds of the fade take away: 3.33 dB. */
    double worst_db = 0.0;
    for (int breath = 9; breath < 20; breath++)
        worst_db = fmax(worst_db, fabs(loud[breath] - loud[breath + 3] - 10.0));
    print_message("three breaths lose 10 dB, off by at most %.2f dB\n", worst_db);
    assert_true(worst_db < 2.5);
    assert_true(loud[3] - loud[22] > 50.0);
}

static void no_feedback_means_none(void **state)
{
    (void)state;
    static double feedback[400];
    char csv[600];
    const char *path =
        write_protocol("still.yaml", "phases:\n  - {kind: paced, minutes: 4, rate_brpm: 6, feedback: off}\n");
    snprintf(csv, sizeof csv, "%s/q/features.csv", folder);
    assert_int_equal(
        run_program("headless --person seed=7 --no-frames --no-sound --protocol %s --out %s/q", path, folder), 0);
    const size_t n = csv_column(csv, "feedback_01", feedback, 400);
    assert_int_equal(n, 240);
    for (size_t i = 0; i < n; i++)
        assert_true(feedback[i] == 0.5);
    write_protocol("still.yaml", "phases:\n  - {kind: paced, minutes: 4, rate_brpm: 6}\n");
    assert_int_equal(
        run_program("headless --person seed=7 --no-frames --no-sound --protocol %s --out %s/q", path, folder), 0);
    assert_int_equal(csv_column(csv, "feedback_01", feedback, 400), 240);
    assert_true(feedback[230] > 0.55);
}

static void ones_own_goes_first(void **state)
{
    (void)state;
    char command[1300];
    snprintf(command, sizeof command, "mkdir -p %s/xdg/outbreath/protocols", folder);
    assert_int_equal(system(command), 0);
    write_protocol("xdg/outbreath/protocols/box.yaml", "phases:\n  - {kind: unpaced, seconds: 12}\n");
    snprintf(command, sizeof command, "%s/xdg", folder);
    setenv("XDG_CONFIG_HOME", command, 1);
    assert_int_equal(run_program("protocols"), 0);
    assert_non_null(strstr(printed(), "Mine (your own)"));
    assert_int_equal(run_program("headless --no-frames --no-sound --protocol box --out %s/own", folder), 0);
    assert_non_null(strstr(printed(), "12 s of session"));
}

static void a_file_that_names_a_wrong_one_stops_nobody(void **state)
{
    (void)state;
    char path[600];
    snprintf(path, sizeof path, "%s/settings.yaml", folder);
    FILE *out = fopen(path, "wb");
    fputs("session: {protocol: nowhere, minutes: 0.5}\n", out);
    fclose(out);
    assert_int_equal(run_program("headless --config %s --no-frames --no-sound --out %s/n", path, folder), 0);
    assert_non_null(strstr(said(), "no protocol 'nowhere'"));
    assert_non_null(strstr(said(), "a plain session runs instead"));
    assert_non_null(strstr(printed(), "30 s of session"));
    assert_int_equal(
        run_program("headless --config %s --protocol nowhere --no-frames --no-sound --out %s/n", path, folder), 3);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The value of a key behind a place in a JSON text; NAN for null and nothing. */
static double number_of(const char *text, const char *key)
{
    const char *at = text ? strstr(text, key) : NULL;
    char *end = NULL;
    const double value = at ? strtod(at + strlen(key), &end) : 0.0;
    return at && end != at + strlen(key) ? value : (double)NAN;
}

static void the_summary_has_a_row_a_phase(void **state)
{
    (void)state;
    static double hr[400];
    char csv[600], summary[600];
    const char *path = write_protocol("rows.yaml", "phases:\n  - {kind: unpaced, seconds: 120, measured: on}\n"
                                                   "  - {kind: paced, seconds: 30, rate_brpm: 6}\n"
                                                   "  - {kind: paced, seconds: 100, rate_brpm: 6}\n");
    assert_int_equal(
        run_program("headless --person seed=7 --no-frames --no-sound --protocol %s --out %s/r", path, folder), 0);
    snprintf(csv, sizeof csv, "%s/r/features.csv", folder);
    snprintf(summary, sizeof summary, "%s/r/summary.json", folder);
    assert_int_equal(csv_column(csv, "hr_bpm", hr, 400), 250);
    const char *text = text_of(summary);
    const char *const rows[] = {strstr(text, "{\"number\": 1, \"kind\": \"unpaced\", \"measured\": true"),
                                strstr(text, "{\"number\": 2, \"kind\": \"paced\", \"measured\": false"),
                                strstr(text, "{\"number\": 3,")};
    for (int i = 0; i < 3; i++)
        assert_non_null(rows[i]);
    assert_true(fabs(number_of(rows[0], "\"to_s\": ") - 120) < 0.05 &&
                fabs(number_of(rows[2], "\"to_s\": ") - 250) < 0.05);
    assert_true(isnan(number_of(rows[1], "\"hr_bpm\": "))); /* too short to be told */
    assert_true(isnan(number_of(rows[0], "\"pacer_brpm\": ")) && number_of(rows[2], "\"pacer_brpm\": ") == 6);
    /* hr[i] is second i + 1: from 75 s into a phase to its end */
    double window[64];
    memcpy(window, hr + 225, 24 * sizeof *window);
    qsort(window, 24, sizeof *window, ascending);
    const double told = number_of(rows[2], "\"hr_bpm\": ");
    print_message("heart rate of the third phase %.3f, median of its rows %.3f\n", told, window[12]);
    assert_true(told >= window[10] && told <= window[13]);
}

static int make_folder(void **state)
{
    (void)state;
    folder = scratch_folder();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_ones_are_there_and_sound),
        cmocka_unit_test(mistakes_are_told_with_line_and_key),
        cmocka_unit_test(a_session_follows_its_phases_and_replays),
        cmocka_unit_test(a_fade_is_linear_in_db),
        cmocka_unit_test(no_feedback_means_none),
        cmocka_unit_test(a_file_that_names_a_wrong_one_stops_nobody),
        cmocka_unit_test(the_summary_has_a_row_a_phase),
        cmocka_unit_test(ones_own_goes_first),
    };
    return cmocka_run_group_tests(tests, make_folder, NULL);
}
