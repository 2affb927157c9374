/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/edf.h"

#include "edf_bytes.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct edf_bytes e;
static struct ob_edf_header h;
static char sentence[300];

static enum ob_err parse(void)
{
    memset(sentence, 'x', sizeof sentence);
    const enum ob_err err = ob_edf_parse_header(e.bytes, e.size, &h, sentence, sizeof sentence);
    assert_true(err ? strlen(sentence) > 15 : sentence[0] == 0);
    return err;
}

static void good_header(void)
{
    edf_begin(&e, 3, "EDF+C", "2", "0,5"); /* a decimal comma, as some makers write */
    edf_signal(&e, "ECG II", "uV", "-5000", "5000", 125);
    edf_signal(&e, "SpO2", "%", "100", "0", 1); /* upside down is allowed */
    edf_signal(&e, "EDF Annotations", "", "-1", "1", 40);
}

static void a_header_says_what_is_in_the_file(void **state)
{
    (void)state;
    good_header();
    assert_true(ob_edf_looks_like(e.bytes, e.size));
    assert_int_equal(ob_edf_header_size(e.bytes, 256), 1024);
    assert_int_equal(parse(), OB_OK);
    assert_true(h.kind == OB_EDF_PLUS_CONTINUOUS && h.records == 2 && h.record_s == 0.5 && h.signals == 3);
    assert_true(h.year == 2002 && h.month == 3 && h.day == 2 && h.hour == 16 && h.minute == 17 && h.second == 18);
    assert_string_equal(h.signal[0].name, "ECG II");
    assert_string_equal(h.signal[0].unit, "mV");
    assert_true(ob_edf_rate_hz(&h, 0) == 250.0 && ob_edf_rate_hz(&h, 1) == 2.0 && ob_edf_rate_hz(&h, 2) == 0.0);
    assert_true(h.signal[2].annotations && !h.signal[1].annotations);
    assert_int_equal(h.record_bytes, 2 * (125 + 1 + 40));
    for (int i = 0; i < 125; i++)
        edf_step(&e, i == 3 ? -1001 : 8 * i - 500);
    edf_step(&e, -1000);
    const unsigned char *record = e.bytes + h.header_bytes;
    assert_true(fabsf(ob_edf_sample(&h.signal[0], record, 0) + 2.5f) < 1e-6f);
    assert_true(fabsf(ob_edf_sample(&h.signal[0], record, 100) - 1.5f) < 1e-6f);
    assert_true(isnan(ob_edf_sample(&h.signal[0], record, 3)));
    assert_true(ob_edf_sample(&h.signal[1], record, 0) == 100.0f);
}

static void what_does_no_harm_is_read(void **state)
{
    (void)state;
    good_header();
    edf_field(e.bytes + 192, 44, "");           /* plain EDF: text is a signal like others */
    edf_field(e.bytes + 168, 8, "xx.yy.zz");    /* no date */
    edf_field(e.bytes + 236, 8, "-1");          /* never closed */
    edf_field(e.bytes + 256 + 3 * 104, 8, "0"); /* a range of nothing */
    edf_field(e.bytes + 256 + 3 * 112, 8, "0");
    e.bytes[256 + 16] = 0xb0; /* a label in Latin-1 */
    assert_int_equal(parse(), OB_OK);
    assert_true(h.kind == OB_EDF_PLAIN && h.year == 0 && h.records == -1 && !h.signal[2].annotations);
    assert_string_equal(h.signal[0].unit, "");
    assert_true(h.signal[0].gain == 1.0 && h.signal[0].base == 0.0);
    assert_string_equal(h.signal[1].name, "?pO2");
    /* the micro sign in Latin-1 */
    good_header();
    e.bytes[256 + 3 * 96] = 0xb5;
    assert_int_equal(parse(), OB_OK);
    assert_string_equal(h.signal[0].unit, "mV");
    /* two digits of a year */
    edf_field(e.bytes + 88, 80, "a recording");
    edf_field(e.bytes + 168, 8, "01-12-85");
    assert_int_equal(parse(), OB_OK);
    assert_true(h.year == 1985 && h.month == 12 && h.day == 1);
}

static void what_would_mislead_is_refused(void **state)
{
    (void)state;
    static const struct {
        size_t at, width;
        const char *text;
        enum ob_err err;
    } faults[] = {
        {0, 8, "1", OB_ERR_FORMAT},
        {0, 8,
         "\xff"
         "BIOSEMI",
         OB_ERR_FORMAT},
        {184, 8, "768", OB_ERR_FORMAT},
        {184, 8, "\x1b[31m", OB_ERR_FORMAT},
        {236, 8, "two", OB_ERR_FORMAT},
        {236, 8, "-2", OB_ERR_FORMAT},
        {244, 8, "", OB_ERR_FORMAT},
        {244, 8, "0", OB_ERR_FORMAT}, /* with signals */
        {244, 8, "-1", OB_ERR_FORMAT},
        {244, 8, "1e300", OB_ERR_FORMAT},
        {244, 8, "1e-300", OB_ERR_FORMAT},
        {252, 4, "", OB_ERR_FORMAT},
        {252, 4, "-3", OB_ERR_FORMAT},
        {252, 4, "0", OB_ERR_EMPTY},
        {252, 4, "9999", OB_ERR_UNSUPPORTED},
        {252, 4, "200", OB_ERR_FORMAT}, /* and the header's length says otherwise */
        {256 + 3 * 216, 8, "lots", OB_ERR_FORMAT},
        {256 + 3 * 216, 8, "1.5", OB_ERR_FORMAT},
        {256 + 3 * 216, 8, "99999999", OB_ERR_UNSUPPORTED},
    };
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        good_header();
        edf_field(e.bytes + faults[i].at, faults[i].width, faults[i].text);
        assert_int_equal(parse(), faults[i].err);
        for (const char *c = sentence; *c; c++)
            assert_true((unsigned char)*c >= 32);
    }
    for (size_t size = 8; size < 1024; size += 7) {
        good_header();
        e.size = size;
        assert_int_equal(parse(), OB_ERR_TRUNCATED);
    }
    good_header();
    for (size_t k = 0; k < 3; k++)
        edf_field(e.bytes + 256 + 3 * 216 + 8 * k, 8, "0");
    assert_int_equal(parse(), OB_ERR_EMPTY);
}

static void annotations_are_read_to_the_digit(void **state)
{
    (void)state;
    edf_begin(&e, 2, "EDF+D", "1", "1");
    edf_signal(&e, "EDF Annotations", "", "-1", "1", 40);
    edf_signal(&e, "EDF Annotations", "", "-1", "1", 20);
    assert_int_equal(parse(), OB_OK);
    edf_text(&e, 40, "+12.5||/+12.1234567~0.25|beat|R peak|/-3|Lights off|/");
    edf_text(&e, 20, "+7|pulse ectopic|");
    const unsigned char *record = e.bytes + h.header_bytes;
    static const struct {
        int64_t onset_ns, duration_ns;
        const char *text;
        bool start, beat;
    } wanted[] = {{12500000000, -1, "", true, false},
                  {12123456700, 250000000, "beat", false, true},
                  {12123456700, 250000000, "R peak", false, true},
                  {-3000000000, -1, "Lights off", false, false},
                  {7000000000, -1, "pulse ectopic", false, true}};
    struct ob_edf_notes notes;
    struct ob_edf_note note;
    ob_edf_notes_init(&notes, &h, record);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        assert_true(ob_edf_notes_next(&notes, &note));
        assert_true(note.onset_ns == wanted[i].onset_ns && note.duration_ns == wanted[i].duration_ns);
        assert_string_equal(note.text, wanted[i].text);
        assert_true(note.record_start == wanted[i].start && ob_edf_is_beat(&note) == wanted[i].beat);
    }
    assert_false(ob_edf_notes_next(&notes, &note));
    assert_false(ob_edf_notes_next(&notes, &note));
    assert_false(notes.bad);
    int64_t start_ns;
    assert_true(ob_edf_record_start(&h, record, &start_ns) && start_ns == 12500000000);
}

static void broken_annotations_end_where_they_break(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int good;
    } lists[] = {{"", 0},
                 {"+1", 0},
                 {"hello", 0},
                 {"+1|beat", 0},
                 {"+1.2.3|beat|", 0},
                 {"+|beat|", 0},
                 {"+1~x|beat|", 0},
                 {"+99999999999|beat|", 0},
                 {"+1|a|b|/rubbish", 2},
                 {"+1||/+2|b|", 2},
                 {"-.5|a|", 1}};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        edf_begin(&e, 1, "EDF+C", "1", "0");
        edf_signal(&e, "EDF Annotations", "", "-1", "1", 10);
        assert_int_equal(parse(), OB_OK);
        edf_text(&e, 10, lists[i].text);
        struct ob_edf_notes notes;
        struct ob_edf_note note;
        int good = 0;
        ob_edf_notes_init(&notes, &h, e.bytes + h.header_bytes);
        while (ob_edf_notes_next(&notes, &note))
            good++;
        assert_int_equal(good, lists[i].good);
        assert_int_equal(notes.bad, i > 0 && i < 9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_says_what_is_in_the_file),       cmocka_unit_test(what_does_no_harm_is_read),
        cmocka_unit_test(what_would_mislead_is_refused),           cmocka_unit_test(annotations_are_read_to_the_digit),
        cmocka_unit_test(broken_annotations_end_where_they_break),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
