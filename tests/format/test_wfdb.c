/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data.h"
#include "format/wfdb.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct ob_wfdb_header header;
static char sentence[200];

static enum ob_err parse(const char *text)
{
    return ob_wfdb_parse_header((const unsigned char *)text, strlen(text), &header, sentence, sizeof sentence);
}

static void headers_are_read(void **state)
{
    (void)state;
    assert_int_equal(
        parse("# remark\r\n100 2 360/360(0) 650000 12:00:00 1/1/1990\r\n100.dat 212 200 11 1024 995 -22131 0 "
              "MLII\r\n100.dat 212x1 200(5)/uV 11 1024 1011 20052 0 V5 on the left\r\n# 69 M\r\n"),
        OB_OK);
    assert_int_equal(header.signals, 2);
    assert_true(header.fs_hz == 360.0 && header.frames == 650000);
    assert_string_equal(header.record, "100");
    assert_string_equal(header.signal[0].name, "MLII");
    assert_string_equal(header.signal[1].name, "V5 on the left");
    assert_true(header.signal[0].baseline == 1024 && header.signal[1].baseline == 5);
    assert_true(header.signal[0].gain == 200 && header.signal[1].to_unit == 1e-3);
    assert_string_equal(header.signal[1].unit, "mV");
    assert_int_equal(parse("x 1 116.988\nx.dat 16x4:3+512"), OB_OK);
    assert_true(header.fs_hz == 116.988 && header.frames == 0);
    assert_int_equal(header.signal[0].samples_per_frame, 4);
    assert_int_equal(header.signal[0].offset_bytes, 512);
    assert_true(header.signal[0].gain == 200.0);
    assert_int_equal(parse("x 1\nx.dat 16 1e3(-2.5e2)/V"), OB_OK);
    assert_true(header.fs_hz == 250.0 && header.signal[0].gain == 1000 && header.signal[0].baseline == -250);
}

static void bad_headers_are_refused_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum ob_err err;
    } bad[] = {
        {"", OB_ERR_EMPTY},
        {"# only a remark\n", OB_ERR_EMPTY},
        {"100\n", OB_ERR_FORMAT},
        {"100 two\n", OB_ERR_FORMAT},
        {"100 0 360\n", OB_ERR_EMPTY},
        {"100 -1 360\n", OB_ERR_FORMAT},
        {"100 40 360\n", OB_ERR_UNSUPPORTED},
        {"100/3 2 360\n", OB_ERR_UNSUPPORTED},
        {"100 2 fast\n", OB_ERR_FORMAT},
        {"100 2 0\n", OB_ERR_FORMAT},
        {"100 2 360 -5\n", OB_ERR_FORMAT},
        {"100 2 360\n100.dat 212\n", OB_ERR_TRUNCATED},
        {"100 1 360\n100.dat\n", OB_ERR_FORMAT},
        {"100 1 360\n100.dat 310\n", OB_ERR_UNSUPPORTED},
        {"100 1 360\n100.dat 16x0\n", OB_ERR_UNSUPPORTED},
        {"100 1 360\n100.dat 16 abc\n", OB_ERR_FORMAT},
        {"100 1 360\n100.dat 16 200(x)\n", OB_ERR_FORMAT},
        {"100 1 360\n100.dat 16 200 11 x\n", OB_ERR_FORMAT},
        {"100 1 360\n../../secret.dat 16\n", OB_ERR_FORMAT},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (parse(bad[i].text) != bad[i].err)
            print_error("in \"%s\"\n", bad[i].text);
        assert_int_equal(parse(bad[i].text), bad[i].err);
        assert_true(strlen(sentence) > 10);
    }
    assert_int_equal(ob_wfdb_parse_header((const unsigned char *)"1\0", 2, &header, sentence, sizeof sentence),
                     OB_ERR_FORMAT);
}

/* The two formats as bytes, from whole numbers. */
static size_t pack(int format, const int *samples, size_t count, unsigned char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        const unsigned v = (unsigned)samples[i];
        if (format == 16) {
            out[n++] = v & 255;
            out[n++] = v >> 8 & 255;
        } else if (i % 2 == 0) {
            out[n++] = v & 255;
            out[n++] = v >> 8 & 15;
        } else {
            out[n - 1] |= (unsigned char)((v >> 8 & 15) << 4);
            out[n++] = v & 255;
        }
    }
    return n;
}

static void samples_come_back_in_their_unit(void **state)
{
    (void)state;
    static const int wide[] = {0, 100, -100, 32767, -32768, -32767, 1, -1, 200};
    static const int narrow[] = {0, 100, -100, 2047, -2048, -2047, 1, -1, 200};
    for (int format = 16; format <= 212; format += 196) {
        const int *samples = format == 16 ? wide : narrow;
        unsigned char bytes[64];
        const size_t size = pack(format, samples, 9, bytes);
        char text[200];
        sprintf(text, "x 3 100\nx.dat %d 100(50)/mV\nx.dat %d 1000(0)/uV\nx.dat %d 10/au\n", format, format, format);
        assert_int_equal(parse(text), OB_OK);
        for (size_t step = 1; step <= size; step++) {
            struct ob_wfdb_reader reader;
            assert_int_equal(ob_wfdb_reader_init(&reader, &header, 0), OB_OK);
            int n = 0;
            for (size_t at = 0; at < size; at += step) {
                const unsigned char *p = bytes + at;
                size_t count = size - at < step ? size - at : step;
                float v[3];
                while (ob_wfdb_reader_next(&reader, &p, &count, v)) {
                    for (int c = 0; c < 3; c++) {
                        const int raw = samples[n * 3 + c];
                        if (raw == (format == 16 ? -32768 : -2048)) {
                            assert_true(isnan(v[c]));
                            continue;
                        }
                        const double wanted = c == 0 ? (raw - 50) / 100.0 : c == 1 ? raw / 1e6 : raw / 10.0;
                        assert_true(fabs((double)v[c] - wanted) <= 1e-6 * (1 + fabs(wanted)));
                    }
                    n++;
                }
            }
            assert_int_equal(n, 3);
            assert_int_equal(reader.missing, 1);
            assert_int_equal(ob_wfdb_reader_remainder(&reader), 0);
        }
    }
}

static void faster_signals_are_averaged_and_offsets_skipped(void **state)
{
    (void)state;
    assert_int_equal(parse("x 2 100\nx.dat 16x2+4 1(0)/au\nx.dat 16+4 1(0)/au\n"), OB_OK);
    const int samples[] = {9999, 9999, 10, 20, 5, 30, -32768, 6, 7};
    unsigned char bytes[32];
    size_t size = pack(16, samples, 9, bytes);
    const unsigned char *p = bytes;
    struct ob_wfdb_reader reader;
    float v[2];
    assert_int_equal(ob_wfdb_reader_init(&reader, &header, 0), OB_OK);
    assert_true(ob_wfdb_reader_next(&reader, &p, &size, v));
    assert_true(v[0] == 15.0f && v[1] == 5.0f);
    assert_true(ob_wfdb_reader_next(&reader, &p, &size, v));
    assert_true(v[0] == 30.0f && v[1] == 6.0f);
    assert_false(ob_wfdb_reader_next(&reader, &p, &size, v));
    assert_int_equal(ob_wfdb_reader_remainder(&reader), 2);
}

static void annotations_are_read(void **state)
{
    (void)state;
    static const unsigned char bytes[] = {
        18,   28 << 2, /* rhythm at 18 */
        3,    63 << 2,
        '(',  'N',
        0,    0,      /* its note, padded */
        59,   1 << 2, /* N at 77 */
        0,    59 << 2,
        1,    0,
        0,    0x80,         /* skip 0x18000 */
        0,    5 << 2,       /* V there */
        1,    62 << 2,      /* channel */
        0xff, (5 << 2) | 3, /* V 1023 later */
        0,    0,            /* end */
        10,   1 << 2,       /* never read */
    };
    for (size_t step = 1; step <= sizeof bytes; step++) {
        struct ob_wfdb_annotations a;
        ob_wfdb_annotations_init(&a);
        static const int64_t when[] = {18, 77, 77 + 0x18000, 77 + 0x18000 + 1023};
        static const char what[] = "+NVV";
        int n = 0;
        for (size_t at = 0; at < sizeof bytes; at += step) {
            const unsigned char *p = bytes + at;
            size_t count = sizeof bytes - at < step ? sizeof bytes - at : step;
            struct ob_wfdb_annotation one;
            while (ob_wfdb_annotations_next(&a, &p, &count, &one)) {
                assert_true(n < 4);
                assert_true(one.sample == when[n]);
                assert_int_equal(ob_wfdb_symbol(one.code), what[n]);
                assert_int_equal(ob_wfdb_is_beat(one.code), n > 0);
                n++;
            }
        }
        assert_int_equal(n, 4);
        assert_true(a.ended && !a.bad);
    }
    assert_int_equal(ob_wfdb_symbol(-5), ' ');
    assert_int_equal(ob_wfdb_symbol(1000), ' ');
    assert_false(ob_wfdb_is_beat(0));
}

/* Record 100: the header's own initial values and 16-bit checksums over all samples prove every sample. */
static void a_real_record_matches_its_checksums(void **state)
{
    (void)state;
    size_t size = 0, dat_size = 0, atr_size = 0;
    unsigned char *hea = read_data("mitdb/100.hea", &size);
    unsigned char *dat = read_data("mitdb/100.dat", &dat_size);
    unsigned char *atr = read_data("mitdb/100.atr", &atr_size);
    if (!hea || !dat || !atr)
        skip();
    assert_int_equal(ob_wfdb_parse_header(hea, size, &header, sentence, sizeof sentence), OB_OK);
    struct ob_wfdb_reader reader;
    assert_int_equal(ob_wfdb_reader_init(&reader, &header, 0), OB_OK);
    const unsigned char *p = dat;
    float v[2];
    unsigned sum[2] = {0, 0};
    while (ob_wfdb_reader_next(&reader, &p, &dat_size, v))
        for (int c = 0; c < 2; c++)
            sum[c] += (unsigned)(int)lrintf(v[c] * 200.0f + 1024.0f);
    assert_int_equal(reader.frames, 650000);
    assert_int_equal((int16_t)(sum[0] & 0xffff), -22131);
    assert_int_equal((int16_t)(sum[1] & 0xffff), 20052);
    struct ob_wfdb_annotations a;
    struct ob_wfdb_annotation one;
    ob_wfdb_annotations_init(&a);
    p = atr;
    int beats = 0;
    while (ob_wfdb_annotations_next(&a, &p, &atr_size, &one))
        beats += ob_wfdb_is_beat(one.code);
    assert_int_equal(beats, 2273);
    assert_true(a.ended);
    free(hea);
    free(dat);
    free(atr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_read),
        cmocka_unit_test(bad_headers_are_refused_in_words),
        cmocka_unit_test(samples_come_back_in_their_unit),
        cmocka_unit_test(faster_signals_are_averaged_and_offsets_skipped),
        cmocka_unit_test(annotations_are_read),
        cmocka_unit_test(a_real_record_matches_its_checksums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
