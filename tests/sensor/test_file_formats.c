/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same beats in the forms in which other programs save them: each is recognised, and gives the same intervals. */
#include "base/event.h"
#include "sensor/recording.h"

#include "scratch.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define BEATS 200

static char text[1 << 20];
static size_t length;
static char sentence[OB_RECORDING_SENTENCE_MAX];

static void put(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void put(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    length += (size_t)vsnprintf(text + length, sizeof text - length, format, arguments);
    va_end(arguments);
}

static int rr_of(int i)
{
    return 900 + (int)(70.0 * sin(i * 0.6)) + i % 7;
}

/* Wall time of a beat, as a clock. */
static void put_clock(int ms)
{
    put("2024-03-01 08:%02d:%02d", ms / 60000, ms / 1000 % 60);
}

static void write_as(int form)
{
    length = 0;
    int ms = 0;
    if (form == 3)
        put("date, rr, since start\n");
    if (form == 4)
        put("event,value,timestamp\n");
    if (form == 6)
        put("# Kubios\n%% saved by hand\n");
    if (form == 8)
        put("Time (s);RR interval (ms)\r\n");
    for (int i = 0; i < BEATS; i++) {
        const int rr = rr_of(i);
        ms += rr;
        if (form == 0) /* Elite HRV, and most others */
            put("%d\n", rr);
        else if (form == 1) /* Kubios, seconds */
            put("%.3f\r\n", rr / 1000.0);
        else if (form == 2) /* a decimal comma */
            put("%d,%03d\n", rr / 1000, rr % 1000);
        else if (form == 3) { /* HRV Logger */
            put_clock(ms);
            put(" +0000, %d, %d\n", rr, ms);
        } else if (form == 4) { /* OpenHRV */
            put("InterBeatInterval,%d,", rr);
            put_clock(ms);
            put(".%03d\n", ms % 1000);
            if (i % 5 == 0)
                put("BreathingPacerRate,6.0,2024-03-01 08:00:00.000\nHrv,%d,2024-03-01 08:00:00.000\n", 800 + i);
        } else if (form == 5) /* Kubios, time and interval */
            put("%10.4f\t%8.4f\n", ms / 1000.0, rr / 1000.0);
        else if (form == 6)
            put("  %d\n", rr);
        else if (form == 7) /* time of the beat that begins the interval, milliseconds */
            put("%d %d\n", ms - rr, rr);
        else
            put("%.3f;%d\r\n", ms / 1000.0, rr);
    }
}

static void intervals_are_the_same_in_every_form(void **state)
{
    (void)state;
    for (int form = 0; form < 9; form++) {
        write_as(form);
        struct ob_recording *r = NULL;
        const struct ob_recording_desc desc = {.path = scratch_write("2024-03-01 08-00-00.txt", text, length)};
        if (ob_recording_open(&desc, &r, sentence, sizeof sentence) != OB_OK)
            print_error("form %d: %s\n", form, sentence);
        assert_non_null(r);
        assert_true(ob_recording_info(r)->kind == OB_FILE_RR && ob_recording_info(r)->intervals);
        struct ob_recording_rr rr[BEATS + 10];
        assert_int_equal(ob_recording_read_rr(r, rr, BEATS + 10), BEATS);
        for (int i = 0; i < BEATS; i++) {
            if (rr[i].gap || fabs(rr[i].rr_ms - rr_of(i)) > 1e-6)
                print_error("form %d, beat %d: %f instead of %d\n", form, i, rr[i].rr_ms, rr_of(i));
            assert_true(!rr[i].gap && fabs(rr[i].rr_ms - rr_of(i)) <= 1e-6);
        }
        assert_int_equal(ob_recording_outcome(r, sentence, sizeof sentence), OB_OK);
        assert_string_equal(sentence, "");
        ob_recording_close(r);
    }
}

/* A signal whose values look like intervals is taken for them until somebody says what it is. */
static void a_wrong_guess_is_put_right(void **state)
{
    (void)state;
    length = 0;
    for (int i = 0; i < 2000; i++)
        put("%d\n", 800 + (int)(150.0 * sin(i * 0.05)));
    const char *path = scratch_write("values.txt", text, length);
    static const struct {
        const char *word;
        double fs_hz;
        enum ob_err err;
        enum ob_file_kind kind;
    } ways[] = {{NULL, 0, OB_OK, OB_FILE_RR},     {"rr", 250, OB_OK, OB_FILE_RR},  {"csv", 250, OB_OK, OB_FILE_CSV},
                {"ecg", 250, OB_OK, OB_FILE_CSV}, {NULL, 250, OB_OK, OB_FILE_CSV}, {"ppg", 0, OB_ERR_RANGE, 0},
                {"edf", 0, OB_ERR_FORMAT, 0},     {"wfdb", 0, OB_ERR_FORMAT, 0}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct ob_recording_desc desc = {.path = path, .fs_hz = ways[i].fs_hz};
        int signal;
        assert_true(ob_recording_kind(ways[i].word, &desc.kind, &signal));
        desc.signal = signal >= 0;
        struct ob_recording *r;
        assert_int_equal(ob_recording_open(&desc, &r, sentence, sizeof sentence), ways[i].err);
        if (r)
            assert_int_equal(ob_recording_info(r)->kind, ways[i].kind);
        ob_recording_close(r);
    }
    enum ob_file_kind kind;
    int signal;
    assert_false(ob_recording_kind("ekg", &kind, &signal));
    assert_true(ob_recording_kind("resp", &kind, &signal) && signal == OB_SIGNAL_RESP);
}

static void tables_of_signals_are_recognised(void **state)
{
    (void)state;
    static const struct {
        const char *head, *before; /* of the line's time */
        double unit;               /* of the time; 0: the sample's number */
        char separator;
        double fs_hz;
        int kind;
    } tables[] = {
        {"Phone timestamp;sensor timestamp [ns];timestamp [ms];ecg [uV]\n", ";", 1e3, ';', 130, OB_SIGNAL_ECG},
        {"# fs = 250\nsample,ECG\n", "", 0, ',', 250, OB_SIGNAL_ECG},
        {"time_s,ppg\n", "", 1, ',', 100, OB_SIGNAL_PPG},
        {"Zeit;PPG\n", "", 1, ';', 100, OB_SIGNAL_PPG},
    };
    for (size_t k = 0; k < sizeof tables / sizeof *tables; k++) {
        length = 0;
        put("%s", tables[k].head);
        for (int i = 0; i < 1500; i++) {
            const double t = tables[k].unit > 0.0 ? i / tables[k].fs_hz * tables[k].unit : i;
            if (k == 0) { /* a clock, and the sensor's own nanoseconds */
                put_clock((int)t);
                put(".%03d;%.0f", (int)t % 1000, 599616000e9 + t * 1e6);
            }
            put("%s%.*f%c%d\n", tables[k].before, tables[k].unit > 0.0 ? 5 : 0, t, tables[k].separator, i % 300);
        }
        struct ob_recording *r;
        const struct ob_recording_desc desc = {.path = scratch_write("table.txt", text, length)};
        if (ob_recording_open(&desc, &r, sentence, sizeof sentence) != OB_OK)
            print_error("%s: %s\n", tables[k].head, sentence);
        assert_non_null(r);
        assert_true(ob_recording_info(r)->kind == OB_FILE_CSV);
        assert_true(fabs(ob_recording_info(r)->fs_hz / tables[k].fs_hz - 1.0) < 1e-3);
        assert_true(ob_recording_choose(r, NULL, tables[k].kind) >= 0);
        ob_recording_close(r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_are_the_same_in_every_form),
        cmocka_unit_test(a_wrong_guess_is_put_right),
        cmocka_unit_test(tables_of_signals_are_recognised),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
