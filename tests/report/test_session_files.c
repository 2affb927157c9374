/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/edf.h"
#include "format/lines.h"
#include "format/rrtext.h"
#include "report/read_csv.h"
#include "report/read_json.h"
#include "report/write.h"

#include "../sensor/scratch.h"
#include "made.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static char sentence[600];

static void json_loses_nothing(void **state)
{
    (void)state;
    struct ob_copy copy = made_session(OB_BEATS_RR), back;
    struct ob_sheet text = {0}, again = {0};
    ob_write_json(&text, &copy);
    assert_false(text.failed);
    assert_true(ob_json_is(text.bytes, text.size, "outbreath-session"));
    assert_false(ob_json_is(text.bytes, text.size, "outbreath-person"));
    const enum ob_err err = ob_read_json(&back, text.bytes, text.size, sentence, sizeof sentence);
    if (err)
        print_error("%s\n", sentence);
    assert_int_equal(err, OB_OK);
    assert_true(ob_copy_same(&copy, &back));
    assert_int_equal(back.second_count, copy.second_count);
    for (size_t i = 0; i < copy.second_count; i++)
        for (int f = 0; f < OB_FEATURES; f++) {
            const float a = copy.seconds[i].values[f], b = back.seconds[i].values[f];
            assert_true(isnan(a) ? isnan(b) : a == b);
        }
    assert_int_equal(back.start_wall_ns, copy.start_wall_ns);
    assert_string_equal(back.marks[0].words, copy.marks[0].words);
    assert_string_equal(back.source, copy.source);
    assert_true(back.checkin[0] == 0 && back.checkin[1] == 7 && back.duration_s == copy.duration_s);
    /* written again it is the same text */
    ob_write_json(&again, &back);
    assert_true(again.size == text.size && memcmp(again.bytes, text.bytes, text.size) == 0);
    /* one beat a millionth of a millisecond later is another recording */
    back.beats[300].time_ns++;
    assert_false(ob_copy_same(&copy, &back));
    ob_copy_finish(&copy);
    ob_copy_finish(&back);
    ob_sheet_finish(&text);
    ob_sheet_finish(&again);
}

static void broken_json_is_refused_in_words(void **state)
{
    (void)state;
    struct ob_copy copy = made_session(OB_BEATS_RR), back;
    struct ob_sheet text = {0};
    ob_write_json(&text, &copy);
    for (size_t size = 0; size + 1 < text.size; size += 997) {
        assert_int_equal(ob_read_json(&back, text.bytes, size, sentence, sizeof sentence), OB_ERR_FORMAT);
        assert_true(strlen(sentence) > 15 && back.beats == NULL);
    }
    ob_sheet_finish(&text);
    ob_copy_finish(&copy);
#define ABOUT "\"version\":1,\"simulated\":false,\"imported\":false,\"session\":{}"
#define LISTS ",\"features\":[],\"marks\":[]}"
    static const struct {
        const char *json;
        enum ob_err err;
    } texts[] = {
        {"{\"format\":\"outbreath-session\"," ABOUT ",\"beats\":[]" LISTS, OB_OK},
        {"{\"format\":\"outbreath-session\"," ABOUT ",\"beats\":[],\"new\":[{}]" LISTS, OB_OK},
        {"\xef\xbb\xbf{\"format\":\"outbreath-session\"," ABOUT ",\"beats\":[]" LISTS "\r\n", OB_OK},
        {"{\"format\":\"outbreath-session\",\"version\":2}", OB_ERR_NEWER},
        {"{\"format\":\"other\",\"version\":1}", OB_ERR_FORMAT},
        {"{\"format\":\"outbreath-session\",\"version\":1}", OB_ERR_FORMAT},
        {"[]", OB_ERR_FORMAT},
        {"3", OB_ERR_FORMAT},
        {"", OB_ERR_FORMAT},
        {"{\"format\":\"outbreath-session\"," ABOUT ",\"beats\":[]" LISTS "x", OB_ERR_FORMAT},
        {"{\"format\":\"outbreath-session\"," ABOUT ",\"beats\":[{\"time_ns\":1.5,\"rr_ms\":800}]" LISTS,
         OB_ERR_FORMAT},
        {"{\"format\":\"outbreath-session\"," ABOUT ",\"beats\":[{\"time_ns\":1,\"rr_ms\":-800}]" LISTS, OB_ERR_RANGE},
        {"{\"format\":\"outbreath-session\"," ABOUT ",\"beats\":[{\"time_ns\":1}]" LISTS, OB_ERR_RANGE},
        {"{\"format\":\"outbreath-session\"," ABOUT ",\"beats\":[{\"time_ns\":1,\"rr_ms\":8,\"flag\":\"odd\"}]" LISTS,
         OB_ERR_FORMAT},
        {"{\"format\":\"outbreath-session\"," ABOUT
         ",\"beats\":[{\"time_ns\":9,\"rr_ms\":8},{\"time_ns\":1,\"rr_ms\":8}]" LISTS,
         OB_ERR_FORMAT},
        {"[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]", OB_ERR_RANGE},
        {"{\"a\":\"\\u0000\"}", OB_ERR_FORMAT},
        {"{\"a\":\"\\ud800\"}", OB_ERR_FORMAT},
        {"{\"a\":01}", OB_ERR_FORMAT},
        {"{\"a\":1.}", OB_ERR_FORMAT},
        {"{\"a\" 1}", OB_ERR_FORMAT},
        {"{\"a\":1,}", OB_ERR_FORMAT},
        {"\"\x01\"", OB_ERR_FORMAT},
        {"{\"a\":\"\xff\"}", OB_ERR_FORMAT}, /* JSON is UTF-8 */
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const enum ob_err err = ob_read_json(&back, texts[i].json, strlen(texts[i].json), sentence, sizeof sentence);
        if (err != texts[i].err)
            print_error("%s: %s\n", texts[i].json, sentence);
        assert_int_equal(err, texts[i].err);
        ob_copy_finish(&back);
    }
}

/* What our own reader, which knows nothing of sessions, makes of the list. */
static void rr_lists_add_up_to_the_time(void **state)
{
    (void)state;
    struct ob_copy copy = made_session(OB_BEATS_ECG);
    for (int nn = 0; nn < 2; nn++) {
        struct ob_sheet text = {0};
        ob_write_rr(&text, &copy, nn);
        static struct ob_rrtext reader;
        struct ob_rrtext_item item;
        ob_rrtext_init(&reader);
        const unsigned char *bytes = (const unsigned char *)text.bytes;
        size_t count = text.size;
        double sum_ms = 0.0;
        bool more = true;
        while (more) {
            more = ob_rrtext_next(&reader, &bytes, &count, &item) || ob_rrtext_last(&reader, &item);
            sum_ms += more ? item.rr_ms : 0.0;
        }
        assert_int_equal(reader.rejected, 0);
        assert_int_equal(reader.gaps, 1); /* the long one; the short one is a long interval */
        assert_int_equal(reader.intervals, nn ? MADE_BEATS + 1 - 1 - 1 : MADE_BEATS);
        const double wanted_ms =
            (double)(copy.beats[MADE_BEATS - 1].time_ns - copy.beats[0].time_ns) * 1e-6 + (double)copy.beats[0].rr_ms;
        assert_true(fabs(sum_ms - wanted_ms) < 0.6); /* 600 lines, each to a thousandth */
        ob_sheet_finish(&text);
    }
    ob_copy_finish(&copy);
}

static void csv_has_a_row_a_beat(void **state)
{
    (void)state;
    struct ob_copy copy = made_session(OB_BEATS_PPG);
    copy.simulated = true;
    struct ob_sheet text = {0};
    ob_write_csv(&text, &copy, true);
    static struct ob_lines lines;
    ob_lines_init(&lines);
    const unsigned char *bytes = (const unsigned char *)text.bytes;
    size_t count = text.size, rows = 0;
    char *cell[64];
    while (ob_lines_next(&lines, &bytes, &count)) {
        assert_int_equal(ob_fields_split(lines.text, ',', cell, 64), 10 + OB_FEATURES - 1);
        if (rows++ == 0) {
            assert_string_equal(cell[5], "rr_ms");
            assert_string_equal(cell[10 + OB_FEATURE_HR_BPM], "hr_bpm");
            continue;
        }
        const struct ob_copy_beat *beat = &copy.beats[rows - 2];
        double x;
        assert_string_equal(cell[1], "2024-02-29T23:59:59.123456789Z");
        assert_string_equal(cell[2], "PRV");
        assert_string_equal(cell[3], "1");
        assert_true(ob_number_parse(cell[4], '.', &x) == OB_NUMBER && fabs(x - (double)beat->time_ns * 1e-9) < 1e-6);
        assert_true(ob_number_parse(cell[5], '.', &x) == OB_NUMBER && fabs(x - (double)beat->rr_ms) < 1e-4);
        assert_int_equal(ob_number_parse(cell[6], '.', &x), beat->nn_ms > 0 ? OB_NUMBER : OB_NUMBER_MISSING);
        assert_string_equal(cell[7], ob_beat_flag_name((enum ob_beat_flag)beat->flag));
        /* nothing that was not known by then */
        if (beat->time_ns < INT64_C(10000000000))
            assert_string_equal(cell[10], "");
        else
            assert_true(ob_number_parse(cell[10], '.', &x) == OB_NUMBER);
    }
    assert_int_equal(rows, MADE_BEATS + 1);
    /* and back, to the last digit: two sessions in one file */
    struct ob_copy back;
    copy.number++;
    ob_write_csv(&text, &copy, false);
    assert_true(ob_csv_is_ours(text.bytes, text.size));
    size_t at = 0;
    uint64_t line = 0;
    for (int k = 0; k < 2; k++) {
        const enum ob_err err = ob_read_csv(&back, text.bytes, text.size, &at, &line, sentence, sizeof sentence);
        if (err)
            print_error("%s\n", sentence);
        assert_int_equal(err, OB_OK);
        assert_true(ob_copy_same(&copy, &back) && back.simulated && back.beats_from == OB_BEATS_PPG);
        assert_true(back.start_wall_ns == copy.start_wall_ns && back.number == (uint64_t)(7 + k));
        ob_copy_finish(&back);
    }
    assert_int_equal(at, text.size);
    size_t last = text.size - 2;
    while (text.bytes[last - 1] != '\n')
        last--;
    text.bytes[last] = 'x';
    at = 0;
    assert_int_equal(ob_read_csv(&back, text.bytes, text.size, &at, &line, sentence, sizeof sentence), OB_OK);
    ob_copy_finish(&back);
    assert_int_equal(ob_read_csv(&back, text.bytes, text.size, &at, &line, sentence, sizeof sentence), OB_ERR_FORMAT);
    ob_sheet_finish(&text);
    ob_copy_finish(&copy);
}

static void edf_keeps_every_beat(void **state)
{
    (void)state;
    for (int pulse = 0; pulse < 2; pulse++) {
        struct ob_copy copy = made_session(pulse ? OB_BEATS_PPG : OB_BEATS_RR);
        const char *path = scratch_path(pulse ? "b.edf" : "a.edf");
        const enum ob_err err = ob_write_edf(path, &copy, false, sentence, sizeof sentence);
        if (err)
            print_error("%s\n", sentence);
        assert_int_equal(err, OB_OK);
        assert_int_equal(ob_write_edf(path, &copy, false, sentence, sizeof sentence), OB_ERR_EXISTS);
        FILE *file = fopen(path, "rb");
        static unsigned char bytes[4 << 20];
        const size_t size = fread(bytes, 1, sizeof bytes, file);
        fclose(file);
        static struct ob_edf_header h;
        assert_int_equal(ob_edf_parse_header(bytes, size, &h, sentence, sizeof sentence), OB_OK);
        assert_string_equal(h.signal[0].name, "RR");
        assert_non_null(strstr(h.recording, pulse ? "PRV" : "HRV"));
        /* two seconds earlier than the session, since its first beat is, and an hour east of UTC */
        assert_true(h.year == 2024 && h.month == 3 && h.day == 1 && h.hour == 0 && h.minute == 59 && h.second == 57);
        size_t beats = 0, gaps = 0, marks = 0, stages = 0;
        for (int64_t r = 0; r < h.records; r++) {
            const unsigned char *record = bytes + h.header_bytes + (size_t)r * h.record_bytes;
            struct ob_edf_notes notes;
            struct ob_edf_note note;
            ob_edf_notes_init(&notes, &h, record);
            while (ob_edf_notes_next(&notes, &note)) {
                if (ob_edf_is_beat(&note)) {
                    const int64_t exact_ns = copy.beats[beats++].time_ns + INT64_C(2000000000);
                    assert_true(llabs(note.onset_ns - exact_ns) <= 50000);
                    assert_int_equal(ob_edf_is_pulse(&note), pulse);
                }
                gaps += ob_edf_is_gap(&note);
                marks += strncmp(note.text, "mark text: sp\xc3\xa4t", 15) == 0;
                stages += strncmp(note.text, "stage ", 6) == 0;
            }
            /* in the minute without beats there is no interval to show */
            const float rr = ob_edf_sample(&h.signal[0], record, 0);
            if (r > 60 && r < 100)
                assert_true(isnan(rr));
        }
        assert_int_equal(beats, MADE_BEATS);
        assert_true(gaps == 2 && marks == 1 && stages == 2);
        ob_copy_finish(&copy);
    }
}

static void times_are_exact_both_ways(void **state)
{
    (void)state;
    static const int64_t times[] = {0,
                                    1,
                                    -1,
                                    INT64_C(1709251199999999999),
                                    INT64_C(-86400000000001),
                                    INT64_C(4102444800000000000),
                                    INT64_C(9000000000000000000)};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        char text[40];
        int64_t back;
        ob_sheet_utc(times[i], text);
        assert_true(ob_sheet_utc_parse(text, &back) && back == times[i]);
    }
    char text[40];
    int64_t back;
    ob_sheet_utc(INT64_C(1709251199123456789), text);
    assert_string_equal(text, "2024-02-29T23:59:59.123456789Z");
    assert_false(ob_sheet_utc_parse("2024-02-29T23:59:59Z", &back));
    assert_false(ob_sheet_utc_parse("2024-13-29T23:59:59.000000000Z", &back));
    assert_false(ob_sheet_utc_parse("", &back));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_loses_nothing),          cmocka_unit_test(broken_json_is_refused_in_words),
        cmocka_unit_test(rr_lists_add_up_to_the_time), cmocka_unit_test(csv_has_a_row_a_beat),
        cmocka_unit_test(edf_keeps_every_beat),        cmocka_unit_test(times_are_exact_both_ways),
    };
    return cmocka_run_group_tests(tests, scratch_make, scratch_remove);
}
