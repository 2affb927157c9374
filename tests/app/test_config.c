/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath config, and what the settings do to a session, run as a person runs them. */
#include "program.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static const char *folder;
static char file[600]; /* the person's file */

static void write_file(const char *path, const char *text)
{
    FILE *out = fopen(path, "wb");
    assert_non_null(out);
    fwrite(text, 1, strlen(text), out);
    fclose(out);
}

static int fresh(void **state)
{
    (void)state;
    folder = scratch_folder();
    snprintf(file, sizeof file, "%s/xdg/outbreath/outbreath.yaml", folder);
    char config[600];
    snprintf(config, sizeof config, "%s/xdg", folder);
    setenv("XDG_CONFIG_HOME", config, 1);
    snprintf(config, sizeof config, "%s/system", folder);
    setenv("XDG_CONFIG_DIRS", config, 1);
    unsetenv("OUTBREATH_CONFIG");
    return 0;
}

static void a_file_is_made_changed_and_emptied(void **state)
{
    (void)state;
    assert_int_equal(run_program("config path"), 0);
    assert_non_null(strstr(printed(), file));
    assert_int_equal(run_program("config check"), 0);
    assert_int_equal(run_program("config set sound.volume_01 0.25"), 0);
    assert_string_equal(text_of(file), "version: 1\n\nsound:\n  volume_01: 0.25\n");
    write_file(file, "# mine\nsound:\n  volume_01: 0.25 # soft\n");
    assert_int_equal(run_program("config set sound.mute on"), 0);
    assert_int_equal(run_program("config set sound.volume_01 0.5"), 0);
    assert_string_equal(text_of(file), "# mine\nsound:\n  volume_01: 0.5 # soft\n  mute: true\n");
    assert_int_equal(run_program("config get sound.mute"), 0);
    assert_string_equal(printed(), "true\n");
    assert_int_equal(run_program("config unset sound.volume_01"), 0);
    assert_string_equal(text_of(file), "# mine\nsound:\n  mute: true\n");
    assert_int_equal(run_program("config unset sound.volume_01"), 2);
    assert_int_equal(run_program("config set sound.volume_01 loud"), 2);
    assert_non_null(strstr(said(), "a number from 0 to 1"));
    assert_int_equal(run_program("config set sound.volum_01 0.1"), 2);
    assert_non_null(strstr(said(), "did you mean sound.volume_01?"));
    assert_string_equal(text_of(file), "# mine\nsound:\n  mute: true\n");
}

static void a_link_stays_a_link_and_a_file_that_cannot_be_written_stays(void **state)
{
    (void)state;
    char elsewhere[600], command[1300];
    snprintf(elsewhere, sizeof elsewhere, "%s/mine.yaml", folder);
    write_file(elsewhere, "sound:\n  mute: true\n");
    snprintf(command, sizeof command, "mkdir -p %s/xdg/outbreath && ln -s %s %s", folder, elsewhere, file);
    assert_int_equal(system(command), 0);
    assert_int_equal(run_program("config set sound.mute no"), 0);
    struct stat status;
    assert_int_equal(lstat(file, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_string_equal(text_of(elsewhere), "sound:\n  mute: false\n");
    assert_int_equal(run_program("config --config /proc/nothing/x.yaml set sound.mute no"), 1);
}

static void two_writers_take_turns(void **state)
{
    (void)state;
    char command[2048];
    snprintf(command, sizeof command,
             "for i in 1 2 3 4 5 6 7 8; do '%s' config set session.minutes $i & '%s' config set sound.volume_01 0.$i & "
             "done; wait",
             OB_PROGRAM, OB_PROGRAM);
    assert_int_equal(system(command), 0);
    assert_int_equal(run_program("config check"), 0);
    const char *text = text_of(file);
    assert_non_null(strstr(text, "  minutes: "));
    assert_non_null(strstr(text, "  volume_01: 0."));
}

static void each_layer_is_seen_in_show(void **state)
{
    (void)state;
    char system_file[600], command[1300];
    snprintf(system_file, sizeof system_file, "%s/system/outbreath/outbreath.yaml", folder);
    snprintf(command, sizeof command, "mkdir -p %s/system/outbreath %s/xdg/outbreath", folder, folder);
    assert_int_equal(system(command), 0);
    write_file(system_file, "session:\n  minutes: 7\nsound:\n  volume_01: 0.1\n");
    write_file(file, "sound:\n  volume_01: 0.2\n  device: \"Q\\\"uiet\"\n");
    setenv("OUTBREATH_PACER_RATE_BRPM", "5.5", 1);
    assert_int_equal(run_program("config show --origin"), 0);
    char wanted[1400];
    snprintf(wanted, sizeof wanted, "%s:2\n", system_file);
    assert_non_null(strstr(printed(), wanted));
    snprintf(wanted, sizeof wanted, "%s:2\n", file);
    assert_non_null(strstr(printed(), wanted));
    assert_non_null(strstr(printed(), "environment OUTBREATH_PACER_RATE_BRPM\n"));
    assert_int_equal(run_program("config show --json"), 0);
    assert_non_null(strstr(printed(), "\"session.minutes\": {\"value\": 7, \"unit\": \"minutes\""));
    assert_non_null(strstr(printed(), "\"value\": \"Q\\\"uiet\""));
    assert_non_null(strstr(printed(), "\"pacer.rate_brpm\": {\"value\": 5.5,"));
    snprintf(command, sizeof command,
             "python3 -m json.tool %s/stdout >/dev/null 2>&1 || ! command -v python3 >/dev/null", folder);
    assert_int_equal(system(command), 0);
    unsetenv("OUTBREATH_PACER_RATE_BRPM");
    assert_int_equal(run_program("config --config none get session.minutes"), 0);
    assert_string_equal(printed(), "10\n");
    assert_int_equal(run_program("config --config %s/nowhere.yaml show", folder), 3);
}

static void mistakes_are_told_and_a_session_runs_all_the_same(void **state)
{
    (void)state;
    char command[1300];
    snprintf(command, sizeof command, "mkdir -p %s/xdg/outbreath", folder);
    assert_int_equal(system(command), 0);
    write_file(file, "session:\n  minutes: 0.5\npacer:\n  rate_brpm: 40\n  rat_brpm: 5\n");
    assert_int_equal(run_program("config check"), 3);
    assert_non_null(strstr(printed(), ":4: pacer.rate_brpm: expected a number from 3 to 12"));
    assert_non_null(strstr(printed(), ":5: pacer.rat_brpm: there is no such key; did you mean pacer.rate_brpm?"));
    assert_int_equal(run_program("config check --json"), 3);
    assert_non_null(strstr(printed(), "\"mistakes\": 2"));
    assert_int_equal(run_program("headless --no-frames --no-sound --out %s/s", folder), 0);
    assert_non_null(strstr(said(), ":4: pacer.rate_brpm"));
    assert_non_null(strstr(printed(), "30 s of session"));
    write_file(file, "\x01\x02\xff garbage");
    assert_int_equal(run_program("config check"), 3);
    assert_int_equal(run_program("headless --minutes 0.5 --no-frames --no-sound --out %s/s", folder), 0);
    assert_non_null(strstr(said(), "nothing of this file is used"));
    assert_string_equal(text_of(file), "\x01\x02\xff garbage"); /* nobody touches it */
    assert_int_equal(run_program("config set sound.mute yes"), 3);
    setenv("OUTBREATH_SOUND_VOLUM_01", "1", 1);
    assert_int_equal(run_program("config --config none check"), 3);
    assert_non_null(strstr(printed(), "OUTBREATH_SOUND_VOLUME_01"));
    unsetenv("OUTBREATH_SOUND_VOLUM_01");
}

static void settings_reach_the_session_and_the_command_line_wins(void **state)
{
    (void)state;
    static double pace[400];
    char command[1300], csv[600];
    snprintf(command, sizeof command, "mkdir -p %s/xdg/outbreath", folder);
    assert_int_equal(system(command), 0);
    write_file(file, "session: {minutes: 0.5, measured: true}\npacer: {rate_brpm: 5}\n");
    snprintf(csv, sizeof csv, "%s/s/features.csv", folder);
    assert_int_equal(run_program("headless --no-frames --no-sound --out %s/s", folder), 0);
    assert_int_equal(csv_column(csv, "pacer_brpm", pace, 400), 270); /* half a minute and twice two */
    assert_true(pace[135] == 5.0);
    assert_int_equal(run_program("headless --no-measured --pace 6 --no-frames --no-sound --out %s/s", folder), 0);
    assert_int_equal(csv_column(csv, "pacer_brpm", pace, 400), 30);
    assert_true(pace[15] == 6.0);
    assert_int_equal(run_program("headless --pace 40 --no-frames --no-sound --out %s/s", folder), 2);
    assert_non_null(strstr(said(), "--pace takes a number from 3 to 12 (breaths/min), or auto, not '40'"));
    assert_int_equal(run_program("headless --no-mesured"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_file_is_made_changed_and_emptied, fresh),
        cmocka_unit_test_setup(a_link_stays_a_link_and_a_file_that_cannot_be_written_stays, fresh),
        cmocka_unit_test_setup(two_writers_take_turns, fresh),
        cmocka_unit_test_setup(each_layer_is_seen_in_show, fresh),
        cmocka_unit_test_setup(mistakes_are_told_and_a_session_runs_all_the_same, fresh),
        cmocka_unit_test_setup(settings_reach_the_session_and_the_command_line_wins, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
