/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath analyze and beats, run as a person runs them. */
#include "program.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static const char *folder;

/* Slow breathing at 6/min; every 40th interval is early, with its pause, when ectopic. */
static void write_rr(const char *name, int count, bool ectopic)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    double time_s = 0.0;
    for (int i = 0; i < count; i++) {
        double nn = 900.0 + 40.0 * sin(0.2 * 3.14159265 * time_s) + 5.0 * sin(2.1 * i);
        double shift = !ectopic ? 0.0 : i % 40 == 20 ? -300.0 : i % 40 == 21 ? 300.0 : 0.0;
        fprintf(file, "%.3f\n", nn + shift);
        time_s += nn / 1000.0;
    }
    fclose(file);
}

/* An ECG of sharp strokes, 250 Hz, in a file that says what it says. */
static void write_ecg_said(const char *name, double seconds, int said_hz)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "# fs = %d\nECG\n", said_hz);
    for (int i = 0; i < (int)(seconds * 250.0); i++) {
        double phase = fmod(i / 250.0, 0.8) - 0.4;
        double stroke = exp(-0.5 * pow(phase / 0.012, 2.0)) - 0.15 * exp(-0.5 * pow((phase - 0.03) / 0.012, 2.0));
        fprintf(file, "%.5f\n", stroke + 0.2 * exp(-0.5 * pow((phase - 0.25) / 0.05, 2.0)));
    }
    fclose(file);
}

static void write_ecg(const char *name, double seconds)
{
    write_ecg_said(name, seconds, 250);
}

/* An ECG without breath in it, beside a belt that rises and falls 13.5 times a minute. */
static void write_ecg_and_belt(const char *name, double seconds)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "# fs = 100\nECG,RESP\n");
    for (int i = 0; i < (int)(seconds * 100.0); i++) {
        double phase = fmod(i / 100.0, 0.8) - 0.4;
        fprintf(file, "%.5f,%.5f\n", exp(-0.5 * pow(phase / 0.015, 2.0)), sin(6.283185307 * 13.5 / 60.0 * i / 100.0));
    }
    fclose(file);
}

static void metrics_come_as_json(void **state)
{
    (void)state;
    write_rr("clean.txt", 400, false);
    assert_int_equal(run_program("analyze %s/clean.txt --json", folder), 0);
    double rmssd = printed_number("rmssd_ms"), lf = printed_number("lf_ms2");
    assert_true(fabs(printed_number("hr_bpm") - 66.7) < 0.2);
    assert_true(fabs(lf - 800.0) < 40.0); /* 40 ms of amplitude */
    assert_true(fabs(printed_number("lf_peak_hz") - 0.1) < 0.002);
    assert_true(isnan(printed_number("resp_ms2")));
    assert_non_null(strstr(printed(), "\"resp_ms2\": \"the breathing rate was not measured\""));
    assert_non_null(strstr(printed(), "\"label\": \"HRV\""));
    assert_true(printed_number("artefact_share") == 0.0);
    assert_int_equal(run_program("analyze %s/clean.txt --json --breath 6", folder), 0);
    assert_true(fabs(printed_number("resp_ms2") - lf) < 0.05 * lf);

    write_rr("ectopic.txt", 400, true);
    assert_int_equal(run_program("analyze %s/ectopic.txt --json", folder), 0);
    assert_true(fabs(printed_number("artefact_share") - 0.025) < 1e-9);
    assert_true(fabs(printed_number("rmssd_ms") - rmssd) < 0.05 * rmssd);
    assert_non_null(strstr(printed(), "more than 2% of the beats"));
    assert_int_equal(run_program("analyze %s/ectopic.txt --json --raw", folder), 0);
    assert_true(printed_number("rmssd_ms") > 3.0 * rmssd);
    assert_non_null(strstr(printed(), "\"corrected\": false"));
}

static void breath_is_measured_where_it_shows(void **state)
{
    (void)state;
    write_ecg_and_belt("belt.csv", 180.0);
    assert_int_equal(run_program("analyze %s/belt.csv --json", folder), 0);
    assert_true(fabs(printed_number("breath_brpm") - 13.5) < 0.1);
    assert_true(isfinite(printed_number("resp_ms2")));
    assert_int_equal(run_program("analyze %s/belt.csv --json --breath 10", folder), 0);
    assert_true(fabs(printed_number("breath_brpm") - 10.0) < 1e-6);
    write_ecg("still.csv", 120.0);
    assert_int_equal(run_program("analyze %s/still.csv --json", folder), 0);
    assert_true(isnan(printed_number("breath_brpm")) && isnan(printed_number("resp_ms2")));
    assert_non_null(strstr(printed(), "\"breath_brpm\": \"breathing does not show clearly enough in this signal\""));
}

static void a_part_is_a_part(void **state)
{
    (void)state;
    write_rr("long.txt", 900, false);
    assert_int_equal(run_program("analyze %s/long.txt --json --from 100 --to 400", folder), 0);
    assert_true(fabs(printed_number("seconds") - 300.0) < 2.0);
    assert_int_equal(run_program("analyze %s/long.txt --json --from 400 --to 100", folder), 2);
    assert_int_equal(run_program("analyze %s/long.txt --json --from 100000", folder), 0);
    assert_true(isnan(printed_number("hr_bpm"))); /* nothing there: null, with a reason */
    assert_non_null(strstr(printed(), "\"hr_bpm\": \"there are fewer than 2 intervals\""));
}

static void many_files_at_a_time(void **state)
{
    (void)state;
    write_rr("one.txt", 300, false);
    write_rr("two.txt", 500, true);
    assert_int_equal(run_program("analyze %s/one.txt %s/nothing.txt %s/two.txt --csv", folder, folder, folder), 3);
    const char *at = printed();
    int rows = 0, commas[4] = {0};
    for (; *at; at++) {
        rows += *at == '\n';
        if (*at == ',' && rows < 4)
            commas[rows]++;
    }
    assert_int_equal(rows, 4);
    assert_true(commas[0] > 25 && commas[1] == commas[0] && commas[3] == commas[0]);
    assert_non_null(strstr(said(), "nothing.txt"));
    assert_int_equal(run_program("analyze %s/one.txt %s/two.txt", folder, folder), 0);
    assert_non_null(strstr(printed(), "RMSSD"));
}

static void pictures_are_left(void **state)
{
    (void)state;
    write_rr("shown.txt", 400, true);
    static const char *const names[] = {"p.png", "p.pdf", "p.SVG"};
    for (int i = 0; i < 3; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        assert_int_equal(run_program("analyze %s/shown.txt --plot %s", folder, path), 0);
        struct stat info;
        assert_int_equal(stat(path, &info), 0);
        assert_true(info.st_size > 1000);
    }
    assert_int_equal(run_program("analyze %s/shown.txt --plot %s/p.jpg", folder, folder), 2);
    assert_int_equal(run_program("analyze %s/shown.txt --plot %s/no/p.png", folder, folder), 1);
}

static void beats_are_told_with_their_decision(void **state)
{
    (void)state;
    write_ecg("ecg.csv", 30.0);
    assert_int_equal(run_program("beats %s/ecg.csv --json", folder), 0);
    assert_non_null(strstr(printed(), "\"fs_hz\":250,\"kind\":\"ecg\""));
    int beats = 0;
    double before_s = 0.0;
    for (const char *at = printed(); (at = strstr(at, "{\"t_s\":")) != NULL; at++) {
        double t_s, decided_s, confidence;
        assert_int_equal(
            sscanf(at, "{\"t_s\":%lf,\"decided_s\":%lf,\"confidence_01\":%lf}", &t_s, &decided_s, &confidence), 3);
        assert_true(decided_s >= t_s && (decided_s < 3.5 || decided_s < t_s + 0.5));
        if (beats > 2)
            assert_true(fabs(t_s - before_s - 0.8) < 0.004);
        before_s = t_s;
        beats++;
    }
    assert_true(beats >= 33 && beats <= 38);
    assert_int_equal(run_program("analyze %s/ecg.csv --json", folder), 0);
    assert_true(fabs(printed_number("hr_bpm") - 75.0) < 0.1);
    assert_non_null(strstr(printed(), "\"kind\": \"ecg\""));
}

/* A rate that is wrong by two is told on stderr and among the warnings; a right one is not doubted. */
static void a_wrong_rate_is_doubted(void **state)
{
    (void)state;
    write_ecg_said("right.csv", 60.0, 250);
    write_ecg_said("slow.csv", 60.0, 125);
    write_ecg_said("fast.csv", 60.0, 500);
    assert_int_equal(run_program("beats %s/right.csv --json", folder), 0);
    assert_non_null(strstr(printed(), "\"warnings\":[]"));
    assert_null(strstr(said(), "sampling rate"));
    assert_int_equal(run_program("beats %s/slow.csv --json", folder), 0);
    assert_non_null(strstr(printed(), "\"warnings\":[\"the sampling rate may be wrong by a factor of two: at 125 Hz"));
    assert_non_null(strstr(printed(), "250 Hz would fit\"]}"));
    assert_non_null(strstr(said(), "wrong by a factor of two"));
    assert_int_equal(run_program("analyze %s/fast.csv --json", folder), 0);
    assert_non_null(strstr(printed(), "\"warnings\": [\"the sampling rate may be wrong by a factor of two: at 500 Hz"));
    assert_non_null(strstr(said(), "fast.csv: the sampling rate may be wrong"));
    assert_int_equal(run_program("analyze %s/right.csv --json", folder), 0);
    assert_non_null(strstr(printed(), "\"warnings\": []"));
    assert_null(strstr(said(), "sampling rate"));
    assert_int_equal(run_program("analyze %s/slow.csv", folder), 0);
    assert_non_null(strstr(printed(), "Take care: the sampling rate may be wrong"));
}

/* A pulse wave with its second bump, 75 a minute, at 100 Hz. */
static void write_ppg(const char *name, double seconds)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "# fs = 100\nPPG\n");
    for (int i = 0; i < (int)(seconds * 100.0); i++) {
        double phase = fmod(i / 100.0, 0.8);
        fprintf(file, "%.5f\n",
                exp(-0.5 * pow((phase - 0.2) / 0.06, 2.0)) + 0.3 * exp(-0.5 * pow((phase - 0.45) / 0.07, 2.0)));
    }
    fclose(file);
}

static void pulses_are_labelled_prv(void **state)
{
    (void)state;
    write_ppg("ppg.csv", 40.0);
    assert_int_equal(run_program("analyze %s/ppg.csv --json", folder), 0);
    assert_true(fabs(printed_number("hr_bpm") - 75.0) < 0.5);
    assert_non_null(strstr(printed(), "\"label\": \"PRV\""));
    assert_non_null(strstr(printed(), "\"kind\": \"ppg\""));
    assert_int_equal(run_program("analyze %s/ppg.csv", folder), 0);
    assert_non_null(strstr(printed(), "PRV from ppg"));
    assert_null(strstr(printed(), "HRV from"));
    assert_int_equal(run_program("beats %s/ppg.csv --json --kind ppg", folder), 0);
    assert_non_null(strstr(printed(), "\"kind\":\"ppg\""));
    assert_int_equal(run_program("beats %s/ppg.csv --kind ecg --fs 20", folder), 3);
}

static void mistakes_are_told_in_a_sentence(void **state)
{
    (void)state;
    assert_int_equal(run_program("analyze"), 2);
    assert_non_null(strstr(said(), "wants a file"));
    assert_int_equal(run_program("beats"), 2);
    assert_int_equal(run_program("beats x --kind eeg"), 2);
    assert_int_equal(run_program("analyze x --json --csv"), 2);
    assert_int_equal(run_program("beats %s/none.csv", folder), 3);
    write_rr("rr.txt", 50, false);
    assert_int_equal(run_program("beats %s/rr.txt", folder), 3);
    assert_non_null(strstr(said(), "RR intervals"));
    assert_int_equal(run_program("analyze %s", folder), 3);
}

int main(void)
{
    folder = scratch_folder();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metrics_come_as_json),
        cmocka_unit_test(breath_is_measured_where_it_shows),
        cmocka_unit_test(a_part_is_a_part),
        cmocka_unit_test(many_files_at_a_time),
        cmocka_unit_test(pictures_are_left),
        cmocka_unit_test(beats_are_told_with_their_decision),
        cmocka_unit_test(a_wrong_rate_is_doubted),
        cmocka_unit_test(pulses_are_labelled_prv),
        cmocka_unit_test(mistakes_are_told_in_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
