/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath headless and replay, run as a person runs them. */
#include "program.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static const char *folder;

static void a_session_leaves_its_files(void **state)
{
    (void)state;
    assert_int_equal(run_program("headless --person seed=7,rf=5.4 --minutes 3 --no-frames --out %s/a", folder), 0);
    static double beats[1000], rr[1000], hr[400], phase[400], fit[400], feedback[400];
    const size_t n = csv_column(in_folder("a/session.csv"), "time_s", beats, 1000);
    assert_true(n > 120 && n < 300);
    assert_int_equal(csv_column(in_folder("a/session.csv"), "rr_ms", rr, 1000), n);
    for (size_t i = 1; i < n; i++)
        assert_true(beats[i] > beats[i - 1] && fabs((beats[i] - beats[i - 1]) * 1e3 - rr[i]) < 20.0);
    assert_int_equal(csv_column(in_folder("a/features.csv"), "hr_bpm", hr, 400), 180);
    assert_int_equal(csv_column(in_folder("a/features.csv"), "pacer_phase_rad", phase, 400), 180);
    assert_int_equal(csv_column(in_folder("a/features.csv"), "pacer_fit", fit, 400), 180);
    assert_int_equal(csv_column(in_folder("a/features.csv"), "feedback_01", feedback, 400), 180);
    assert_true(isnan(hr[5]) && hr[30] > 50 && hr[30] < 90); /* not valid yet: empty */
    assert_true(isnan(fit[20]) && fit[100] >= 0 && fit[100] <= 1);
    for (int i = 0; i < 180; i++)
        assert_true(feedback[i] >= 0.5 && feedback[i] <= 1.0);
    assert_int_equal(strncmp(text_of(in_folder("a/session.csv")), "time_s,rr_ms,nn_ms,flag,age_ms\n", 31), 0);
    const char *heading =
        "time_s,hr_bpm,rsa_bpm,rsa_ms,breath_brpm,pacer_brpm,pacer_phase_rad,pacer_fit,concentration,coherence,"
        "rmssd_ms,artefact_share,feedback_01,quality_01,age_ms\n";
    assert_int_equal(strncmp(text_of(in_folder("a/features.csv")), heading, strlen(heading)), 0);
    const char *summary = text_of(in_folder("a/summary.json"));
    const char *const keys[] = {"\"program\": \"outbreath\"",
                                "\"version\"",
                                "\"seed\": 7",
                                "\"simulated\": true",
                                "\"duration_s\": 180",
                                "\"pacer\"",
                                "\"medians\"",
                                "\"artefact_share\"",
                                "\"marks\"",
                                "\"latency\""};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (!strstr(summary, keys[i]))
            fail_msg("summary.json has no %s", keys[i]);
}

static void the_same_seed_leaves_the_same_bytes(void **state)
{
    (void)state;
    assert_int_equal(run_program("headless --person seed=7,rf=5.4 --minutes 3 --no-frames --out %s/b", folder), 0);
    const char *const files[] = {"session.csv", "features.csv", "events.oblog", "sound.wav"};
    for (int i = 0; i < 4; i++) {
        char a[512], b[512];
        snprintf(a, sizeof a, "%s/a/%s", folder, files[i]);
        snprintf(b, sizeof b, "%s/b/%s", folder, files[i]);
        if (!same_bytes(a, b))
            fail_msg("%s differs between two runs of one seed", files[i]);
    }
    assert_int_equal(
        run_program("headless --person seed=8,rf=5.4 --minutes 3 --no-frames --no-sound --out %s/b", folder), 0);
    assert_false(same_bytes(in_folder("a/session.csv"), in_folder("b/session.csv")));
}

static void a_replay_gives_the_same_hash_and_the_same_files(void **state)
{
    (void)state;
    char first[64];
    assert_int_equal(run_program("replay %s/a/events.oblog --hash", folder), 0);
    snprintf(first, sizeof first, "%.60s", printed());
    assert_int_equal(strlen(first), 17);
    assert_int_equal(run_program("replay %s/a/events.oblog --hash --out %s/again", folder, folder), 0);
    assert_string_equal(printed(), first);
    assert_true(same_bytes(in_folder("a/session.csv"), in_folder("again/session.csv")));
    assert_true(same_bytes(in_folder("a/features.csv"), in_folder("again/features.csv")));
    assert_true(same_bytes(in_folder("a/events.oblog"), in_folder("again/events.oblog")));
    assert_int_equal(run_program("replay %s/b/events.oblog --hash", folder), 0);
    assert_string_not_equal(printed(), first);
}

/* Six breaths a minute and a picture in every ten seconds: not one and the same moment of the breath. */
static void pictures_show_all_of_a_breath(void **state)
{
    (void)state;
    const int code = run_program("headless --pace 6 --minutes 0.5 --no-sound --out %s/usual", folder);
    if (code == 4)
        skip(); /* no GL here */
    assert_int_equal(code, 0);
    assert_int_equal(access(in_folder("usual/frames/frame_00000s_inhale.png"), R_OK), 0);
    assert_int_equal(access(in_folder("usual/frames/frame_00014s_exhale.png"), R_OK), 0);
    assert_int_equal(access(in_folder("usual/frames/frame_00028s_exhale.png"), R_OK), 0);
}

static void pictures_differ_between_inhale_and_exhale(void **state)
{
    (void)state;
    const int code = run_program("headless --pace 6 --minutes 1 --frame-every 3 --no-sound --out %s/frames", folder);
    if (code == 4) {
        print_message("no GL here: skipped (%s)\n", said());
        skip();
    }
    assert_int_equal(code, 0);
    int inhales = 0, exhales = 0;
    for (int s = 12; s < 48; s += 3) {
        char path[512];
        snprintf(path, sizeof path, "%s/frames/frames/frame_%05ds_inhale.png", folder, s);
        inhales += access(path, R_OK) == 0;
        snprintf(path, sizeof path, "%s/frames/frames/frame_%05ds_exhale.png", folder, s);
        exhales += access(path, R_OK) == 0;
    }
    assert_true(inhales >= 3 && exhales >= 5);
    assert_false(same_bytes(in_folder("frames/frames/frame_00033s_inhale.png"),
                            in_folder("frames/frames/frame_00036s_exhale.png")));
}

static void bad_input_gets_a_sentence_and_its_exit_code(void **state)
{
    (void)state;
    char path[512];
    const struct {
        const char *name, *contents;
        size_t size;
    } files[] = {{"empty.txt", "", 0},
                 {"binary.txt", "\x00\x01\x02\xff\xfe\x00\x00\x07\x1b\x00\x99", 11},
                 {"words.txt", "these are\nnot\nintervals\n", 24},
                 {"header.hea", "rec 2 360 1000\nrec.dat 212 200\n", 31}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i].name);
        FILE *out = fopen(path, "wb");
        fwrite(files[i].contents, 1, files[i].size, out);
        fclose(out);
        assert_int_equal(run_program("headless --no-frames --no-sound --replay %s --out %s/bad", path, folder), 3);
        assert_true(strncmp(said(), "outbreath: ", 11) == 0 && strlen(said()) > 30);
        assert_true(strchr(said(), '\n') == said() + strlen(said()) - 1); /* one line */
    }
    assert_int_equal(run_program("headless --replay %s/nothing.txt", folder), 3);
    assert_int_equal(run_program("headless --replay %s", folder), 3);
    assert_int_equal(run_program("replay %s/binary.txt", folder), 3);
    assert_int_equal(run_program("replay %s/nothing.oblog", folder), 3);
    assert_int_equal(run_program("replay"), 2);
    assert_int_equal(run_program("headless --minutes soon"), 2);
    assert_int_equal(run_program("headless --minutes 1e9"), 2);
    assert_int_equal(run_program("headless --minutes"), 2);
    assert_int_equal(run_program("headless --person sed=4"), 2);
    assert_non_null(strstr(said(), "seed"));
    assert_int_equal(run_program("headless --persn seed=4"), 2);
    assert_non_null(strstr(said(), "--person"));
    assert_int_equal(run_program("headles"), 2);
    assert_non_null(strstr(said(), "headless"));
    assert_int_equal(run_program("headless --out /proc/nowhere --no-frames"), 1);
    assert_int_equal(run_program("headless --person help"), 0);
    assert_non_null(strstr(printed(), "shift_at_min"));
    assert_int_equal(run_program("--help"), 0);
    assert_int_equal(run_program("--version"), 0);
}

static void without_a_display_the_session_says_so(void **state)
{
    (void)state;
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    setenv("XDG_RUNTIME_DIR", folder, 1);
    assert_int_equal(run_program("--demo --mute"), 4);
    assert_non_null(strstr(said(), "display"));
}

static void a_torn_log_replays_up_to_the_tear(void **state)
{
    (void)state;
    char command[1500];
    snprintf(command, sizeof command, "head -c 20001 %s/a/events.oblog >%s/torn.oblog", folder, folder);
    assert_int_equal(system(command), 0);
    assert_int_equal(run_program("replay %s/torn.oblog --out %s/torn", folder, folder), 0);
    assert_non_null(strstr(said(), "whole"));
    static double a[400], b[400];
    const size_t n = csv_column(in_folder("torn/session.csv"), "rr_ms", b, 400);
    assert_true(n > 2 && n < csv_column(in_folder("a/session.csv"), "rr_ms", a, 400));
    for (size_t i = 0; i < n; i++)
        assert_true(a[i] == b[i]);
}

static void a_full_disk_is_said_and_what_was_written_stays(void **state)
{
    (void)state;
    /* A limit on the size of a file stands for the end of the disk. */
    struct rlimit whole, little = {300000, 300000};
    getrlimit(RLIMIT_FSIZE, &whole);
    little.rlim_max = whole.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    const int code = run_program("headless --minutes 3 --no-frames --out %s/full", folder);
    setrlimit(RLIMIT_FSIZE, &whole);
    assert_int_equal(code, 1);
    assert_true(strlen(said()) > 20);
    static double full[400];
    const size_t n = csv_column(in_folder("full/session.csv"), "rr_ms", full, 400);
    assert_true(n > 120); /* the session went on to its end */
    assert_non_null(strstr(text_of(in_folder("full/summary.json")), "\"beats\""));
    struct stat status;
    assert_int_equal(stat(in_folder("full/sound.wav"), &status), 0);
    assert_true(status.st_size > 100000);
}

static void loss_and_artefacts_go_through_the_whole_loop(void **state)
{
    (void)state;
    assert_int_equal(
        run_program("headless --person seed=3,ectopic_pct=3,missed_pct=2,dropout_at_min=1.5,dropout_s=20 --minutes 4 "
                    "--no-frames --no-sound --out %s/faults",
                    folder),
        0);
    const char *session = text_of(in_folder("faults/session.csv"));
    assert_non_null(strstr(session, ",ectopic,"));
    const char *summary = text_of(in_folder("faults/summary.json"));
    assert_non_null(strstr(summary, "\"kind\": \"gap\""));
    static double share[400], quality[400];
    const size_t n = csv_column(in_folder("faults/features.csv"), "artefact_share", share, 400);
    assert_int_equal(csv_column(in_folder("faults/features.csv"), "quality_01", quality, 400), n);
    assert_true(share[80] > 0.005);
    assert_true(quality[105] < 0.2 && quality[80] > 0.3);
}

static void a_measured_session_has_its_unpaced_windows(void **state)
{
    (void)state;
    assert_int_equal(run_program("headless --measured --minutes 2 --no-frames --no-sound --out %s/measured", folder),
                     0);
    static double pacer[600];
    const size_t n = csv_column(in_folder("measured/features.csv"), "pacer_brpm", pacer, 600);
    assert_int_equal(n, 360);
    assert_true(isnan(pacer[60]) && isnan(pacer[300]) && pacer[150] > 5);
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
        cmocka_unit_test(a_session_leaves_its_files),
        cmocka_unit_test(the_same_seed_leaves_the_same_bytes),
        cmocka_unit_test(a_replay_gives_the_same_hash_and_the_same_files),
        cmocka_unit_test(pictures_differ_between_inhale_and_exhale),
        cmocka_unit_test(pictures_show_all_of_a_breath),
        cmocka_unit_test(bad_input_gets_a_sentence_and_its_exit_code),
        cmocka_unit_test(without_a_display_the_session_says_so),
        cmocka_unit_test(a_torn_log_replays_up_to_the_tear),
        cmocka_unit_test(a_full_disk_is_said_and_what_was_written_stays),
        cmocka_unit_test(loss_and_artefacts_go_through_the_whole_loop),
        cmocka_unit_test(a_measured_session_has_its_unpaced_windows),
    };
    return cmocka_run_group_tests(tests, make_folder, NULL);
}
