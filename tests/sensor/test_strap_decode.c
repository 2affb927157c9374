/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/hrs_decode.h"
#include "sensor/pmd_decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

/* Each packet lies at the very end of its own memory: the address sanitizer sees one byte too many. */
static bool hrs(struct ob_hrs_packet *out, size_t count, const unsigned char *bytes)
{
    unsigned char *copy = malloc(count + !count);
    assert_non_null(copy);
    memcpy(copy, bytes, count);
    const bool good = ob_hrs_decode(copy, count, out);
    free(copy);
    return good;
}

#define HRS(out, ...) hrs(out, sizeof((unsigned char[]){__VA_ARGS__}), (unsigned char[]){__VA_ARGS__})

static void measurements_decode_to_their_known_values(void **state)
{
    (void)state;
    struct ob_hrs_packet p;
    /* a chest strap at rest: 60 bpm, one interval of 1038 ticks */
    assert_true(HRS(&p, 0x10, 0x3C, 0x0E, 0x04));
    assert_int_equal(p.hr_bpm, 60);
    assert_int_equal(p.rr_count, 1);
    assert_int_equal(p.rr_ticks[0], 1038);
    assert_true(p.has_rr && !p.contact_supported && !p.has_energy && !p.odd);
    /* contact known and made, two intervals */
    assert_true(HRS(&p, 0x16, 0x48, 0x58, 0x03, 0x5F, 0x03));
    assert_true(p.contact_supported && p.touching && p.hr_bpm == 72 && p.rr_count == 2);
    assert_true(p.rr_ticks[0] == 856 && p.rr_ticks[1] == 863);
    /* everything at once: u16 rate, energy, contact lost */
    assert_true(HRS(&p, 0x1D, 0x2C, 0x01, 0x34, 0x12, 0x00, 0x04));
    assert_true(p.hr_bpm == 300 && p.has_energy && p.energy == 0x1234 && p.rr_count == 1 && p.rr_ticks[0] == 1024);
    assert_true(p.contact_supported && !p.touching);
    /* rate alone; intervals announced but none there; reserved bits */
    assert_true(HRS(&p, 0x00, 0x00) && p.hr_bpm == 0 && !p.has_rr);
    assert_true(HRS(&p, 0x10, 0x3C) && p.has_rr && p.rr_count == 0);
    assert_true(HRS(&p, 0xE0, 0x41) && p.hr_bpm == 65 && p.reserved == 7);
}

static void a_packet_may_be_cut_anywhere(void **state)
{
    (void)state;
    static const unsigned char whole[] = {0x19, 0x2C, 0x01, 0x34, 0x12, 0x00, 0x04, 0x01, 0x04};
    struct ob_hrs_packet p;
    for (size_t n = 0; n <= sizeof whole; n++) {
        assert_int_equal(hrs(&p, n, whole), n >= 5);
        assert_int_equal(p.rr_count, n >= 9 ? 2 : n >= 7 ? 1 : 0);
        assert_int_equal(p.odd, n == 6 || n == 8);
    }
    unsigned char longest[513] = {0x10, 60};
    assert_true(hrs(&p, 512, longest) && p.rr_count == 255);
    assert_false(hrs(&p, 513, longest));
}

static struct ob_pmd_frame frame;

static bool pmd(size_t count, const unsigned char *bytes)
{
    unsigned char *copy = malloc(count + !count);
    assert_non_null(copy);
    memcpy(copy, bytes, count);
    const bool good = ob_pmd_decode(copy, count, &frame);
    free(copy);
    return good;
}

#define STAMP          0xEA, 0x54, 0xA2, 0x42, 0x8B, 0x45, 0x52, 0x08
#define PMD(...)       pmd(sizeof((unsigned char[]){__VA_ARGS__}), (unsigned char[]){__VA_ARGS__})
#define ANSWER(a, ...) ob_pmd_decode_answer((unsigned char[]){__VA_ARGS__}, sizeof((unsigned char[]){__VA_ARGS__}), a)

static void frames_decode_to_their_known_values(void **state)
{
    (void)state;
    /* the examples of the maker's specification */
    assert_true(PMD(0x02, STAMP, 0x01, 0x45, 0xFF, 0xE4, 0xFF, 0xB5, 0x03, 0x45, 0xFF, 0xE4, 0xFF, 0xB8, 0x03));
    assert_true(frame.last_ns == UINT64_C(599618164814402794));
    assert_true(frame.type == OB_PMD_ACC && frame.frames == 2 && frame.channels == 3 && !frame.in_g);
    assert_int_equal(frame.values[0], -187);
    assert_int_equal(frame.values[1], -28);
    assert_int_equal(frame.values[2], 949);
    assert_int_equal(frame.values[5], 952);
    assert_true(PMD(0x00, STAMP, 0x00, 0xFF, 0xFF, 0xFF, 0x00, 0x00, 0x10, 0x00, 0x00, 0x80));
    assert_true(frame.type == OB_PMD_ECG && frame.frames == 3 && frame.channels == 1);
    assert_int_equal(frame.values[0], -1);
    assert_int_equal(frame.values[1], 1 << 20);
    assert_int_equal(frame.values[2], -(1 << 23));
    assert_true(PMD(0xC3, 0, 0, 0, 0, 0, 0, 0, 0, 0x00, 0x3C, 0xE8, 0x03, 0x0A, 0x00, 0x06));
    assert_true(frame.type == OB_PMD_PPI && frame.frames == 1 && frame.ppi[0].hr_bpm == 60);
    assert_true(frame.ppi[0].interval_ms == 1000 && frame.ppi[0].error_ms == 10);
    assert_true(!frame.ppi[0].moving && frame.ppi[0].touching && frame.ppi[0].contact_supported);
}

static void differences_add_up(void **state)
{
    (void)state;
    /* reference (-1, 2, 1000); two samples of 3-bit differences (1,-1,3) (-4,0,2): 0b001 111 011 100 000 010 from low
     */
    assert_true(PMD(0x02, STAMP, 0x81, 0xFF, 0xFF, 0x02, 0x00, 0xE8, 0x03, 3, 2, 0xF9, 0x08, 0x01));
    static const int32_t expected[] = {-1, 2, 1000, 0, 1, 1003, -4, 1, 1005};
    assert_int_equal(frame.frames, 3);
    assert_memory_equal(frame.values, expected, sizeof expected);
    assert_false(frame.in_g);
    assert_true(PMD(0x02, STAMP, 0x80, 1, 0, 2, 0, 3, 0) && frame.in_g && frame.frames == 1);
    /* a second block */
    assert_true(PMD(0x02, STAMP, 0x81, 0, 0, 0, 0, 0, 0, 8, 1, 1, 2, 0xFF, 16, 1, 0, 1, 0, 0, 0, 0x80));
    assert_true(frame.frames == 3 && frame.values[6] == 257 && frame.values[7] == 2 && frame.values[8] == -32769);
    /* too short, no bits, too many bits, nothing in a block, half a block head */
    assert_false(PMD(0x02, STAMP, 0x81, 0, 0, 0, 0, 0, 0, 8, 1, 1, 2));
    assert_false(PMD(0x02, STAMP, 0x81, 0, 0, 0, 0, 0, 0, 0, 200));
    assert_false(PMD(0x02, STAMP, 0x81, 0, 0, 0, 0, 0, 0, 33, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13));
    assert_false(PMD(0x02, STAMP, 0x81, 0, 0, 0, 0, 0, 0, 8, 0));
    assert_false(PMD(0x02, STAMP, 0x81, 0, 0, 0, 0, 0, 0, 8));
    assert_false(PMD(0x02, STAMP, 0x81, 0, 0, 0, 0, 0));
}

static void what_does_not_add_up_is_refused(void **state)
{
    (void)state;
    assert_false(PMD(0x00, STAMP, 0x00));                        /* no samples */
    assert_false(PMD(0x00, STAMP, 0x00, 1, 2));                  /* two thirds of one */
    assert_false(PMD(0x00, STAMP, 0x80, 1, 2, 3));               /* ECG has no delta frames */
    assert_false(PMD(0x01, STAMP, 0x00, 1, 2, 3));               /* PPG */
    assert_false(PMD(0x02, STAMP, 0x03, 1, 2, 3, 1, 2, 3));      /* a kind that is not known */
    assert_false(PMD(0x03, STAMP, 0x00, 60, 1, 2, 3, 4));        /* five sixths of an interval */
    assert_false(PMD(0x00, 0xEA, 0x54, 0xA2, 0x42, 0x8B, 0x45)); /* no head */
}

static void the_control_point_is_understood(void **state)
{
    (void)state;
    struct ob_pmd_answer a;
    /* settings of the ECG of a strap: 130 Hz, 14 bit */
    assert_true(ANSWER(&a, 0xF0, 0x01, 0x00, 0x00, 0x00, 0x00, 0x01, 0x82, 0x00, 0x01, 0x01, 0x0E, 0x00));
    assert_true(a.order == 1 && a.type == OB_PMD_ECG && a.error == OB_PMD_DONE && !a.more);
    assert_true(a.values[OB_PMD_RATE] == 1 && a.value[OB_PMD_RATE][0] == 130);
    assert_true(a.values[OB_PMD_RESOLUTION] == 1 && a.value[OB_PMD_RESOLUTION][0] == 14);
    /* of its acceleration: 25, 50, 100, 200 Hz; 16 bit; 2, 4, 8 g */
    assert_true(ANSWER(&a, 0xF0, 0x01, 0x02, 0x00, 0x00, 0x00, 0x04, 0x19, 0x00, 0x32, 0x00, 0x64, 0x00, 0xC8, 0x00,
                       0x01, 0x01, 0x10, 0x00, 0x02, 0x03, 0x02, 0x00, 0x04, 0x00, 0x08, 0x00));
    assert_true(a.values[OB_PMD_RATE] == 4 && a.value[OB_PMD_RATE][1] == 50 && a.value[OB_PMD_RANGE][2] == 8);
    /* started, with a factor of 1.0 */
    assert_true(ANSWER(&a, 0xF0, 0x02, 0x02, 0x00, 0x00, 0x05, 0x01, 0x00, 0x00, 0x80, 0x3F));
    assert_true(a.has_factor && a.factor == 1.0f);
    assert_true(ANSWER(&a, 0xF0, 0x02, 0x00, 0x06) && a.error == OB_PMD_ALREADY);
    assert_true(ANSWER(&a, 0xF0, 0x02, 0x00, 0x0D, 0x00) && a.error == OB_PMD_CHARGING);
    assert_false(ANSWER(&a, 0xF0, 0x01, 0x00));
    assert_false(ANSWER(&a, 0x0F, 0x01, 0x00, 0x00));
    assert_false(ANSWER(&a, 0xF0, 0x01, 0x00, 0x00, 0x00, 0x00, 0x02, 0x82, 0x00));
    assert_false(ANSWER(&a, 0xF0, 0x01, 0x00, 0x00, 0x00, 0x09, 0x01, 0x82, 0x00));
    assert_int_equal(ob_pmd_decode_features((unsigned char[]){0x0F, 0x05, 0, 0}, 4), 5);
    assert_int_equal(ob_pmd_decode_features((unsigned char[]){0xF0, 0x05}, 2), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measurements_decode_to_their_known_values), cmocka_unit_test(a_packet_may_be_cut_anywhere),
        cmocka_unit_test(frames_decode_to_their_known_values),       cmocka_unit_test(differences_add_up),
        cmocka_unit_test(what_does_not_add_up_is_refused),           cmocka_unit_test(the_control_point_is_understood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
