/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath analyze on what sensors and disks can do to a recording: every metric a number, or null with a reason, and
 * a caution wherever the numbers are not to be relied on. */
#include "base/maths.h"
#include "base/rng.h"
#include "program.h"

#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define FS_HZ   250
#define SECONDS 90
#define SAMPLES (SECONDS * FS_HZ)

static const char *folder;
static double x[SAMPLES];

/* 75 beats a minute, R of 1 mV, a little noise. */
static void clean(void)
{
    struct ob_rng rng;
    ob_rng_init(&rng, 1, 0);
    for (int i = 0; i < SAMPLES; i++) {
        const double d = fmod((double)i / FS_HZ, 0.8) - 0.4;
        x[i] = 0.1 * exp(-0.5 * pow((d + 0.16) / 0.022, 2.0)) + exp(-0.5 * pow(d / 0.011, 2.0)) -
               0.2 * exp(-0.5 * pow((d - 0.028) / 0.009, 2.0)) + 0.25 * exp(-0.5 * pow((d - 0.26) / 0.045, 2.0)) +
               0.01 * ob_rng_normal(&rng);
    }
}

static void fill(double value)
{
    for (int i = 0; i < SAMPLES; i++)
        x[i] = value;
}

static void write_samples(const char *name, int count)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "# fs = %d\nECG\n", FS_HZ);
    for (int i = 0; i < count; i++)
        fprintf(file, "%.5f\n", x[i]); /* "nan", "inf" where they are */
    fclose(file);
}

/* Whatever came in: no value is NaN or infinite, each null has its reason, and the share of artefacts is there. */
static void check_metrics(void)
{
    static const char *const keys[] = {"hr_bpm", "rmssd_ms", "sdnn_ms",    "pnn50_pct",  "sd1_ms",
                                       "sd2_ms", "vlf_ms2",  "lf_ms2",     "hf_ms2",     "total_ms2",
                                       "sampen", "apen",     "lf_peak_hz", "hf_peak_hz", "dfa_alpha1"};
    assert_non_null(strstr(printed(), "\"artefact_share\": "));
    assert_null(strstr(printed(), ": nan"));
    assert_null(strstr(printed(), ": -nan"));
    assert_null(strstr(printed(), ": inf"));
    assert_null(strstr(printed(), ": -inf"));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char null[64], reason[64];
        snprintf(null, sizeof null, "\"%s\": null", keys[i]);
        snprintf(reason, sizeof reason, "\"%s\": \"", keys[i]);
        assert_int_equal(strstr(printed(), null) != NULL, strstr(printed(), reason) != NULL);
        assert_true(strstr(printed(), null) || isfinite(printed_number(keys[i])));
    }
}

static void analyse(const char *name, int count)
{
    write_samples(name, count);
    assert_int_equal(run_program("analyze %s/%s --json", folder, name), 0);
    check_metrics();
}

static void nothing_gives_no_numbers(void **state)
{
    (void)state;
    static const double levels[] = {0.0, NAN, INFINITY, -INFINITY, 3.3, -2048.0, 1e29};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        fill(levels[i]);
        analyse("level.csv", SAMPLES);
        assert_true(isnan(printed_number("hr_bpm")));
        assert_true(printed_number("intervals") == 0.0);
        assert_non_null(strstr(printed(), "\"usable\": false"));
    }
    clean();
    for (int count = 1; count <= 3; count++) {
        analyse("few.csv", count);
        assert_true(isnan(printed_number("hr_bpm")));
    }
    write_samples("none.csv", 0);
    assert_int_equal(run_program("analyze %s/none.csv --json", folder), 3);
    assert_non_null(strstr(said(), "There are no numbers in the file."));
    assert_int_equal(run_program("analyze /dev/null --json"), 3);
}

static void hum_and_drift_change_nothing(void **state)
{
    (void)state;
    for (int hum_hz = 50; hum_hz <= 60; hum_hz += 10) {
        clean();
        for (int i = 0; i < SAMPLES; i++)
            x[i] += 0.3 * sin(OB_TAU * hum_hz * i / FS_HZ) + 2.0 * sin(OB_TAU * 0.2 * i / FS_HZ);
        analyse("hum.csv", SAMPLES);
        assert_true(fabs(printed_number("hr_bpm") - 75.0) < 0.2);
        assert_true(printed_number("artefact_share") < 0.02);
    }
}

/* Missing, or at the end of the converter: no beats there, no interval across, and it is told. */
static void leads_off_is_a_gap(void **state)
{
    (void)state;
    static const double off[] = {NAN, INFINITY, 3.3};
    for (size_t k = 0; k < sizeof off / sizeof *off; k++) {
        clean();
        for (int i = 30 * FS_HZ; i < 50 * FS_HZ; i++)
            x[i] = off[k];
        analyse("off.csv", SAMPLES);
        assert_true(fabs(printed_number("hr_bpm") - 75.0) < 0.5);
        assert_true(printed_number("seconds") > 64.0 && printed_number("seconds") < 70.5);
        assert_true(fabs(printed_number("covered_share") - printed_number("seconds") / SECONDS) < 0.01);
        assert_true(printed_number("rmssd_ms") < 5.0);
        assert_non_null(strstr(printed(), "more than 5% of the time has no intervals"));
    }
}

static void swapped_leads_are_followed(void **state)
{
    (void)state;
    clean();
    for (int i = SAMPLES / 2; i < SAMPLES; i++)
        x[i] *= -0.6;
    analyse("swap.csv", SAMPLES);
    assert_true(fabs(printed_number("hr_bpm") - 75.0) < 1.0);
    assert_true(printed_number("artefact_share") < 0.03);
}

static void what_is_not_the_heart_is_doubted(void **state)
{
    (void)state;
    struct ob_rng rng;
    ob_rng_init(&rng, 3, 0);
    for (int kind = 0; kind < 4; kind++) {
        double swing = 0.0;
        clean();
        for (int i = 0; i < SAMPLES; i++) {
            const double t = (double)i / FS_HZ;
            swing = 0.98 * swing + ob_rng_normal(&rng);
            if (kind == 0)
                x[i] = ob_rng_normal(&rng);
            else if (kind == 1) /* 300 a minute */
                x[i] = sin(OB_TAU * 5.0 * t) + 0.3 * ob_rng_normal(&rng);
            else if (kind == 2) /* a hand across the electrodes */
                x[i] += t > 20.0 && t < 60.0 ? swing : 0.0;
            else /* driven to both ends of the converter */
                x[i] = ob_clamp(x[i] + 2.0 * sin(OB_TAU * 0.3 * t), -0.05, 0.3);
        }
        analyse("doubt.csv", SAMPLES);
        print_message("kind %d: %g intervals, artefacts %.2f, unsure %.2f, covered %.2f\n", kind,
                      printed_number("intervals"), printed_number("artefact_share"), printed_number("unsure_share"),
                      printed_number("covered_share"));
        assert_null(strstr(printed(), "\"cautions\": []"));
    }
}

/* Electrodes that are dry for the first 40 s: what is found in the noise makes no interval. */
static void beats_in_noise_are_left_out(void **state)
{
    (void)state;
    struct ob_rng rng;
    ob_rng_init(&rng, 5, 0);
    clean();
    for (int i = 0; i < 40 * FS_HZ; i++)
        x[i] = 0.2 * x[i] + 0.35 * ob_rng_normal(&rng);
    analyse("dry.csv", SAMPLES);
    print_message("dry electrodes: SDNN %.1f ms, unsure %.2f, covered %.2f\n", printed_number("sdnn_ms"),
                  printed_number("unsure_share"), printed_number("covered_share"));
    assert_true(printed_number("sdnn_ms") < 20.0);
    assert_true(fabs(printed_number("hr_bpm") - 75.0) < 1.0);
}

static void lists_of_rr_with_anything_in_them(void **state)
{
    (void)state;
    static const char *const lists[] = {"800\nnan\n810\ninf\n-5\n0\n820\n830\n1e400\n840\n", "800\n",
                                        "0.8\n0.81\n0.79\n0.8\n0.8\n0.8\n0.82\n0.8\n0.8\n0.8\n0.8\n0.8\n0.83\n"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/list.txt", folder);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(lists[i], file);
        fclose(file);
        static const char *const ways[] = {"", "--raw"};
        for (int way = 0; way < 2; way++) {
            assert_int_equal(run_program("analyze %s --json %s", path, ways[way]), 0);
            check_metrics();
        }
    }
    /* all alike: no variability is a number, what needs some has its reason */
    char path[512];
    snprintf(path, sizeof path, "%s/alike.txt", folder);
    FILE *file = fopen(path, "w");
    for (int i = 0; i < 500; i++)
        fputs("800\n", file);
    fclose(file);
    assert_int_equal(run_program("analyze %s --json --kind rr", path), 0);
    check_metrics();
    assert_true(printed_number("rmssd_ms") == 0.0 && printed_number("hr_bpm") == 75.0);
    assert_true(isnan(printed_number("sampen")) && isnan(printed_number("dfa_alpha1")));
}

static void write_text(const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* The clean ECG as WFDB, format 16, and as EDF. */
static void write_other_formats(void)
{
    char path[512], text[300];
    snprintf(text, sizeof text, "same 1 %d %d\nsame.dat 16 1000/mV 16 0 0 0 0 ECG\n", FS_HZ, SAMPLES);
    write_text("same.hea", text);
    snprintf(path, sizeof path, "%s/same.dat", folder);
    FILE *dat = fopen(path, "wb");
    snprintf(path, sizeof path, "%s/same.edf", folder);
    FILE *edf = fopen(path, "wb");
    assert_true(dat && edf);
    fprintf(edf, "%-8s%-80s%-80s%-8s%-8s%-8d%-44s%-8d%-8d%-4d", "0", "X X X X", "Startdate X X X X", "01.01.00",
            "00.00.00", 512, "", SECONDS, 1, 1);
    fprintf(edf, "%-16s%-80s%-8s%-8s%-8s%-8s%-8s%-80s%-8d%-32s", "ECG", "", "mV", "-32.768", "32.767", "-32768",
            "32767", "", FS_HZ, "");
    for (int i = 0; i < SAMPLES; i++) {
        const int value = (int)lrint(1000.0 * x[i]);
        for (int byte = 0; byte < 2; byte++) {
            fputc(value >> (8 * byte) & 255, dat);
            fputc(value >> (8 * byte) & 255, edf);
        }
    }
    fclose(dat);
    fclose(edf);
}

static void formats_agree(void **state)
{
    (void)state;
    clean();
    for (int i = 0; i < SAMPLES; i++)
        x[i] = rint(1000.0 * x[i]) / 1000.0;
    analyse("same.csv", SAMPLES);
    const double hr_bpm = printed_number("hr_bpm"), rmssd_ms = printed_number("rmssd_ms"),
                 count = printed_number("intervals");
    write_other_formats();
    static const char *const names[] = {"same.hea", "same.dat", "same.edf"};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(run_program("analyze %s/%s --json", folder, names[i]), 0);
        check_metrics();
        assert_true(printed_number("intervals") == count && fabs(printed_number("hr_bpm") - hr_bpm) < 1e-3);
        assert_true(fabs(printed_number("rmssd_ms") - rmssd_ms) < 1e-2);
    }
}

/* As many files as a folder may hold, on all processors: the same as one by one, in the order that was asked for. */
static void many_in_parallel_are_the_same(void **state)
{
    (void)state;
    enum { FILES = 24 };
    static char all[65536];
    char arguments[1536];
    int length = 0;
    size_t used = 0;
    for (int f = 0; f < FILES; f++) {
        char name[16], path[512];
        snprintf(name, sizeof name, "%02d.txt", f);
        snprintf(path, sizeof path, "%s/%s", folder, name);
        FILE *file = fopen(path, "w");
        for (int i = 0; i < 150 + 10 * f; i++)
            fprintf(file, "%d\n", 800 + (i * (f + 3)) % 37);
        fclose(file);
        length += snprintf(arguments + length, sizeof arguments - (size_t)length, " %s", name);
        assert_int_equal(run_program("analyze %s --csv", path), 0);
        const char *row = strchr(strchr(printed(), '\n') + 1, ',');
        used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", name, row);
    }
    char here[512];
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(folder), 0);
    const int code = run_program("analyze%s --csv", arguments);
    assert_int_equal(chdir(here), 0);
    assert_int_equal(code, 0);
    assert_string_equal(strchr(printed(), '\n') + 1, all);
}

static long children_peak_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    return usage.ru_maxrss;
}

/* A hole of 400 MB where samples should be, 200 times as long as the one before, needs no more memory. The thread
 * sanitizer counts every access: a twentieth is enough for it. */
#ifdef __SANITIZE_THREAD__
#define HUGE_BYTES 20000000
#else
#define HUGE_BYTES 400000000
#endif

static void a_huge_file_is_streamed(void **state)
{
    (void)state;
    static const long long sizes[] = {2000000, HUGE_BYTES};
    long peak_kib = 0;
    for (int k = 0; k < 2; k++) {
        char path[512], text[200];
        snprintf(text, sizeof text, "huge 1 %d %lld\nhuge.dat 16 200/mV 16 0 0 0 0 ECG\n", FS_HZ, sizes[k] / 2);
        write_text("huge.hea", text);
        snprintf(path, sizeof path, "%s/huge.dat", folder);
        const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        assert_true(file >= 0 && ftruncate(file, (off_t)sizes[k]) == 0);
        close(file);
        assert_int_equal(run_program("analyze %s/huge.hea --json", folder), 0);
        check_metrics();
        assert_true(isnan(printed_number("hr_bpm")));
        if (k == 0)
            peak_kib = children_peak_kib();
        unlink(path);
    }
    print_message("peak memory after 2 MB: %ld KiB, after %d MB: %ld KiB\n", peak_kib, HUGE_BYTES / 1000000,
                  children_peak_kib());
    assert_true(children_peak_kib() <= peak_kib + 4096);
}

int main(void)
{
    folder = scratch_folder();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_gives_no_numbers),
        cmocka_unit_test(hum_and_drift_change_nothing),
        cmocka_unit_test(leads_off_is_a_gap),
        cmocka_unit_test(swapped_leads_are_followed),
        cmocka_unit_test(what_is_not_the_heart_is_doubted),
        cmocka_unit_test(beats_in_noise_are_left_out),
        cmocka_unit_test(lists_of_rr_with_anything_in_them),
        cmocka_unit_test(formats_agree),
        cmocka_unit_test(many_in_parallel_are_the_same),
        cmocka_unit_test(a_huge_file_is_streamed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
