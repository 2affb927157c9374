/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/event.h"
#include "format/csv.h"

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

#define MAX_FRAMES 20000

static struct ob_csv csv;
static struct ob_csv_frame frames[MAX_FRAMES];
static char contents[1 << 20];

static size_t read_all(const void *bytes, size_t size, size_t step, double fs_hz)
{
    size_t n = 0;
    ob_csv_init(&csv, fs_hz);
    for (size_t at = 0; at < size; at += step) {
        const unsigned char *p = (const unsigned char *)bytes + at;
        size_t count = size - at < step ? size - at : step;
        while (n < MAX_FRAMES && ob_csv_next(&csv, &p, &count, &frames[n]))
            n++;
    }
    while (n < MAX_FRAMES && ob_csv_last(&csv, &frames[n]))
        n++;
    return n;
}

static void columns_names_units_and_times_are_found(void **state)
{
    (void)state;
    size_t size = (size_t)sprintf(contents, "time_ms,ECG (uV),Resp\n");
    for (int i = 0; i < 3000; i++)
        size += (size_t)sprintf(contents + size, "%d,%d,%.2f\n", (int)(i * 1000.0 / 360.0 + 0.5), i, -i * 0.5);
    for (size_t step = 1; step < 5000; step += 1700) {
        assert_int_equal(read_all(contents, size, step, 0), 3000);
        assert_int_equal(csv.err, OB_OK);
        assert_int_equal(csv.channels, 2);
        assert_string_equal(csv.name[0], "ECG");
        assert_string_equal(csv.unit[0], "mV");
        assert_string_equal(csv.name[1], "Resp");
        assert_true(csv.fs_hz == 360.0);
        assert_int_equal(csv.holes, 0);
        assert_true(fabsf(frames[2999].values[0] - 2.999f) < 1e-6f && frames[2999].values[1] == -1499.5f);
    }
}

static void a_lone_column_needs_a_rate(void **state)
{
    (void)state;
    const char *plain = "512\n513\n511\n";
    read_all(plain, strlen(plain), 2, 0);
    assert_int_equal(csv.err, OB_ERR_RANGE);
    char sentence[200];
    ob_csv_sentence(&csv, sentence, sizeof sentence);
    assert_non_null(strstr(sentence, "--fs"));
    assert_int_equal(read_all(plain, strlen(plain), 2, 250), 3);
    assert_true(csv.fs_hz == 250.0 && frames[1].values[0] == 513.0f);
    const char *said = "# Sampling rate: 125 Hz\nPPG\n1\n2\n\nnan\n4\n";
    assert_int_equal(read_all(said, strlen(said), 1, 0), 4); /* a missing sample takes its time, an empty line none */
    assert_true(csv.fs_hz == 125.0);
    assert_true(isnan(frames[2].values[0]) && frames[3].values[0] == 4.0f);
    assert_string_equal(csv.name[0], "PPG");
    const char *counted = "1;0,5\n2;0,25\n3;-0,5\n4;1\n";
    assert_int_equal(read_all(counted, strlen(counted), 1, 100), 4);
    assert_int_equal(csv.channels, 1);
    assert_true(frames[1].values[0] == 0.25f);
}

static void holes_in_time_are_told(void **state)
{
    (void)state;
    size_t size = (size_t)sprintf(contents, "timestamp\tII\n");
    for (int i = 0; i < 2000; i++) {
        if (i >= 1500 && i < 1750)
            continue;
        const double t = 12.0 * 3600 + 59 * 60 + 57 + i / 250.0;
        const int s = (int)t;
        size += (size_t)sprintf(contents + size, "%02d:%02d:%02d.%03d\t%s\n", s / 3600, s / 60 % 60, s % 60,
                                (int)((t - s) * 1000 + 0.5), i == 77 ? "x" : "1.5");
    }
    assert_int_equal(read_all(contents, size, 999, 0), 1750);
    assert_true(fabs(csv.fs_hz - 250.0) < 1e-9);
    assert_int_equal(csv.holes, 1);
    assert_int_equal(frames[1500].hole, 250);
    assert_int_equal(csv.bad_cells, 1);
    assert_true(isnan(frames[77].values[0]));
}

static void bad_files_are_refused_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        enum ob_err err;
    } bad[] = {{"", 0, OB_ERR_EMPTY},
               {"once upon a time\nthere was\n", 27, OB_ERR_FORMAT},
               {"1,2\n\0,4\n", 8, OB_ERR_FORMAT},
               {"ECG\n", 4, OB_ERR_FORMAT}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        read_all(bad[i].bytes, bad[i].size, 5, 250);
        assert_int_equal(csv.err, bad[i].err);
        char sentence[200];
        assert_true(ob_csv_sentence(&csv, sentence, sizeof sentence) > 10);
    }
    memset(contents, ',', sizeof contents);
    read_all(contents, sizeof contents, 65536, 250);
    assert_int_equal(csv.err, OB_ERR_FORMAT);
}

static void channels_are_known_by_name(void **state)
{
    (void)state;
    char names[5][OB_CHANNEL_NAME_MAX] = {"V5", "MLII", "Resp", "Pleth", "chest ECG"};
    assert_int_equal(ob_channel_best(names, 5, OB_SIGNAL_ECG), 1);
    assert_int_equal(ob_channel_best(names, 5, OB_SIGNAL_PPG), 3);
    assert_int_equal(ob_channel_best(names, 5, OB_SIGNAL_ACC), -1);
    assert_int_equal(ob_channel_find(names, 5, "mlii"), 1);
    assert_int_equal(ob_channel_find(names, 5, "4"), 4);
    assert_int_equal(ob_channel_find(names, 5, "5"), -1);
    assert_int_equal(ob_channel_kind("chest ECG"), OB_SIGNAL_ECG);
    assert_int_equal(ob_channel_kind("temperature"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_names_units_and_times_are_found),
        cmocka_unit_test(a_lone_column_needs_a_rate),
        cmocka_unit_test(holes_in_time_are_told),
        cmocka_unit_test(bad_files_are_refused_in_words),
        cmocka_unit_test(channels_are_known_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
