/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data.h"
#include "format/rrtext.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define MAX_ITEMS 200000

static struct ob_rrtext text;
static struct ob_rrtext_item items[MAX_ITEMS];

/* All items, fed in pieces of `step` bytes. */
static size_t read_all(const void *bytes, size_t size, size_t step)
{
    size_t n = 0;
    ob_rrtext_init(&text);
    for (size_t at = 0; at < size; at += step) {
        const unsigned char *p = (const unsigned char *)bytes + at;
        size_t count = size - at < step ? size - at : step;
        while (n < MAX_ITEMS && ob_rrtext_next(&text, &p, &count, &items[n]))
            n++;
    }
    while (n < MAX_ITEMS && ob_rrtext_last(&text, &items[n]))
        n++;
    return n;
}

static void expect(const char *contents, const double *wanted_ms, size_t wanted)
{
    static const size_t steps[] = {1, 7, 100000};
    for (size_t s = 0; s < 3; s++) {
        const size_t n = read_all(contents, strlen(contents), steps[s]);
        if (n != wanted)
            print_error("in \"%.60s\"\n", contents);
        assert_int_equal(n, wanted);
        for (size_t i = 0; i < n; i++) {
            if (fabs(items[i].rr_ms - wanted_ms[i]) > 1e-9)
                print_error("in \"%.60s\": item %zu is %g, not %g\n", contents, i, items[i].rr_ms, wanted_ms[i]);
            assert_true(fabs(items[i].rr_ms - wanted_ms[i]) <= 1e-9);
        }
        assert_int_equal(text.err, OB_OK);
    }
}

static void every_known_way_of_writing_is_read(void **state)
{
    (void)state;
    static const double three[] = {812, 845, 790};
    static const double fine[] = {812.5, 845.25, 790.125};
    expect("812\n845\n790\n", three, 3);
    expect("812\r\n845\r\n790", three, 3);
    expect("812\r845\r790\r", three, 3);
    expect("\xef\xbb\xbf"
           "812\n845\n790\n",
           three, 3);
    expect("0.812\n0.845\n0.790\n", three, 3);
    expect("0,812\n0,845\n0,790\n", three, 3);
    expect("812,5\n845,25\n790,125\n", fine, 3);
    expect("# Elite HRV\n\n 812 \n\t845\n790\n", three, 3);
    expect("RR\n812\n845\n790\n", three, 3);
    expect("RR-interval [s]\n0.812\n0.845\n0.79\n", three, 3);
    expect("date,rr,since start\n2025-03-11 09:57:38 +0000, 812, 812\n2025-03-11 09:57:39 +0000, 845, 1657\n"
           "2025-03-11 09:57:40 +0000,790,2447\n",
           three, 3);
    expect("event,value,timestamp\nInterBeatInterval,812,2024-01-01T00:00:01\nhrv,40,2024-01-01T00:00:01\n"
           "IBI,845,2024-01-01T00:00:02\nBreathingRate,6,x\nInterBeatInterval,790,y\n",
           three, 3);
    expect("Time (s)\tRR (ms)\n0.8\t812\n1.6\t845\n2.4\t790\n", three, 3);
    expect("0.812 812\n1.657 845\n2.447 790\n", three, 3);
    expect("1;812\n2;845\n3;790\n", three, 3);
    expect("\"rr_ms\";\"n\"\n\"812\";\"1\"\n845;2\n790;3\n", three, 3);
    expect("8.12e2\n845.\n+790\n", three, 3);
}

static void what_is_no_interval_is_kept_out_and_counted(void **state)
{
    (void)state;
    const char *contents = "800\n0\n-1\n1e9\nnan\n810\nhello\n4000\n820\n150\n830\n";
    const size_t n = read_all(contents, strlen(contents), 3);
    assert_int_equal(n, 11);
    assert_int_equal(text.intervals, 4);
    assert_int_equal(text.rejected, 6);
    assert_int_equal(text.gaps, 1);
    assert_int_equal(text.first_rejected_line, 2);
    for (size_t i = 0; i < n; i++)
        assert_true(items[i].gap == !(items[i].rr_ms >= 200 && items[i].rr_ms <= 3000));
    assert_true(items[7].rr_ms == 4000 && items[9].rr_ms == 150 && items[3].rr_ms == 0);
    char sentence[200];
    assert_true(ob_rrtext_sentence(&text, sentence, sizeof sentence) > 0);
    assert_string_equal(sentence, "6 of 11 lines were not intervals between 200 and 3000 ms (the first is line 2).");
}

static void refuse(const void *bytes, size_t size, enum ob_err err)
{
    read_all(bytes, size, 4096);
    assert_int_equal(text.err, err);
    char sentence[200];
    assert_true(ob_rrtext_sentence(&text, sentence, sizeof sentence) > 10);
}

static void bad_files_are_refused_in_words(void **state)
{
    (void)state;
    refuse("", 0, OB_ERR_EMPTY);
    refuse("\n\n# nothing\n", 12, OB_ERR_EMPTY);
    refuse("RR\n", 3, OB_ERR_FORMAT);
    refuse("once upon a time\nthere was\n", 27, OB_ERR_FORMAT);
    refuse("0\n-1\n1e9\n", 9, OB_ERR_FORMAT);
    refuse("812\n8\0"
           "45\n",
           9, OB_ERR_FORMAT);
    refuse("\xff\xfe"
           "8\0"
           "1\0"
           "2\0",
           8, OB_ERR_FORMAT);
    static char long_line[3000000];
    memset(long_line, '7', sizeof long_line);
    refuse(long_line, sizeof long_line, OB_ERR_FORMAT);
    char tiny[8];
    assert_int_equal(ob_rrtext_sentence(&text, tiny, sizeof tiny), 7);
    assert_int_equal(strlen(tiny), 7);
}

static void numbers_do_not_depend_on_the_locale(void **state)
{
    (void)state;
    static const double wanted[] = {812.5, 845.5};
    const char *set = setlocale(LC_ALL, "de_DE.UTF-8");
    expect("812.5\n845.5\n", wanted, 2);
    if (set)
        setlocale(LC_ALL, "C");
    double x;
    static const struct {
        const char *text;
        double value;
    } exact[] = {{"0.1", 0.1},
                 {"-123456.789", -123456.789},
                 {"1e22", 1e22},
                 {"0.000001", 1e-6},
                 {"9007199254740991", 9007199254740991.0},
                 {"5e-1", 0.5},
                 {"1.0E+3", 1000}};
    for (size_t i = 0; i < sizeof exact / sizeof *exact; i++) {
        assert_int_equal(ob_number_parse(exact[i].text, '.', &x), OB_NUMBER);
        assert_true(x == exact[i].value);
    }
    static const char *const wrong[] = {"1e", "e5", "1e400", "--1", "1.2.3", "0x10", "info", "1 2", "."};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(ob_number_parse(wrong[i], '.', &x), OB_NUMBER_NOT);
    assert_int_equal(ob_number_parse(" NaN ", '.', &x), OB_NUMBER_MISSING);
    assert_int_equal(ob_number_parse("-Inf", '.', &x), OB_NUMBER_MISSING);
    assert_int_equal(ob_number_parse("", '.', &x), OB_NUMBER_MISSING);
}

static void recordings_are_read_whole(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint64_t intervals, gaps;
    } files[] = {
        {"rr/joegle_02.rr.txt", 12723, 0}, {"rr/h10_dhyb.rr.txt", 620, 0}, {"rr/rr_chf203.rr.txt", 99382 - 412, 412}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        size_t size;
        unsigned char *bytes = read_data(files[i].name, &size);
        if (!bytes)
            skip();
        read_all(bytes, size, 4096);
        free(bytes);
        assert_int_equal(text.intervals + text.gaps + text.rejected, files[i].intervals + files[i].gaps);
        assert_int_equal(text.intervals, files[i].intervals);
        assert_false(text.seconds);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_known_way_of_writing_is_read),
        cmocka_unit_test(what_is_no_interval_is_kept_out_and_counted),
        cmocka_unit_test(bad_files_are_refused_in_words),
        cmocka_unit_test(numbers_do_not_depend_on_the_locale),
        cmocka_unit_test(recordings_are_read_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
