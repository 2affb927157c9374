/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/rng.h"
#include "sensor/protocentral.h"
#include "sensor/serial_decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct ob_protocentral decoder;
static struct ob_protocentral_frame frames[64];

static size_t feed(const void *bytes, size_t size)
{
    const unsigned char *p = bytes;
    size_t n = 0;
    while (n < 64 && ob_protocentral_next(&decoder, &p, &size, &frames[n]))
        n++;
    return n;
}

/* Values by hand, as the makers' programs put them into the bytes. */
static void each_board_s_frame_says_what_it_says(void **state)
{
    (void)state;
    static const unsigned char max30003[] = {0x0A, 0xFA, 0x0C, 0x00, 0x02, 0x40, 0xE2, 0x01, 0x00, 0x20,
                                             0x03, 0x00, 0x00, 0x4B, 0x00, 0x00, 0x00, 0x00, 0x0B};
    static const unsigned char ads1292r[] = {0x0A, 0xFA, 0x09, 0x00, 0x02, 0xFE, 0xFF, 0x2C,
                                             0x01, 0x0F, 0x00, 0x46, 0x00, 0x00, 0x00, 0x0B};
    static const unsigned char max30102[] = {0x0A, 0xFA, 0x08, 0x00, 0x02, 0x10, 0x27, 0x00,
                                             0x00, 0xA0, 0x86, 0x01, 0x00, 0x00, 0x0B};
    static const unsigned char max86150[] = {0x0A, 0xFA, 0x06, 0x00, 0x02, 0x18, 0xFC,
                                             0x00, 0x80, 0x01, 0x80, 0x00, 0x0B};
    unsigned char healthypi[27] = {0x0A, 0xFA, 20, 0, 2, 0x9C, 0xFF, 0xFF, 0xFF};
    healthypi[13] = 0xFF;
    healthypi[26] = 0x0B;
    struct ob_protocentral_values v;
    ob_protocentral_init(&decoder);
    assert_int_equal(feed(max30003, sizeof max30003), 1);
    assert_true(ob_protocentral_values(&frames[0], &v) && v.heart == 123456.0f && !v.pulse && !v.has_breath);
    assert_int_equal(feed(ads1292r, sizeof ads1292r), 1);
    assert_true(frames[0].follows);
    assert_true(ob_protocentral_values(&frames[0], &v) && v.heart == -2.0f && v.has_breath && v.breath == 300.0f);
    assert_int_equal(feed(max30102, sizeof max30102), 1);
    assert_true(ob_protocentral_values(&frames[0], &v) && v.pulse && v.heart == 100000.0f);
    assert_int_equal(feed(max86150, sizeof max86150), 1);
    assert_true(ob_protocentral_values(&frames[0], &v) && !v.pulse && v.heart == -1000.0f);
    assert_int_equal(feed(healthypi, sizeof healthypi), 1);
    assert_true(ob_protocentral_values(&frames[0], &v) && v.heart == -100.0f);
    healthypi[13] = 0x37; /* the older order of values */
    assert_int_equal(feed(healthypi, sizeof healthypi), 1);
    assert_false(ob_protocentral_values(&frames[0], &v));
    healthypi[13] = 0;
    healthypi[4] = 1; /* no samples */
    assert_int_equal(feed(healthypi, sizeof healthypi), 1);
    assert_false(ob_protocentral_values(&frames[0], &v));
    assert_int_equal(decoder.skipped, 0);
}

static void a_false_head_hides_nothing(void **state)
{
    (void)state;
    static const unsigned char good[] = {0x0A, 0xFA, 1, 0, 2, 0x55, 0, 0x0B};
    unsigned char bytes[5 + 5 * sizeof good + 64];
    /* a head that promises 40 bytes, and in them five good frames */
    memcpy(bytes, "\x0A\xFA\x28\x00\x02", 5);
    for (int i = 0; i < 5; i++)
        memcpy(bytes + 5 + i * (int)sizeof good, good, sizeof good);
    memset(bytes + 5 + 5 * sizeof good, 0x77, 64);
    ob_protocentral_init(&decoder);
    assert_int_equal(feed(bytes, sizeof bytes), 5);
    assert_true(!frames[0].follows && frames[1].follows && frames[4].follows);
    assert_int_equal(decoder.skipped, 5 + 64);
    /* the payload may be a head itself */
    static const unsigned char nested[] = {0x0A, 0xFA, 6, 0, 2, 0x0A, 0xFA, 1, 0, 2, 9, 0, 0x0B};
    assert_int_equal(feed(nested, sizeof nested), 1);
    assert_int_equal(frames[0].length, 6);
    /* cut off in the midst */
    assert_int_equal(feed(good, 6), 0);
    ob_protocentral_break(&decoder);
    assert_int_equal(feed(good, sizeof good), 1);
    assert_false(frames[0].follows);
}

static void a_hundred_frames_are_found_in_noise(void **state)
{
    (void)state;
    struct ob_rng rng;
    ob_rng_init(&rng, 4, 1);
    ob_protocentral_init(&decoder);
    for (int i = 0; i < 100; i++) {
        unsigned char noise[200];
        const size_t length = ob_rng_u32(&rng) % sizeof noise;
        for (size_t k = 0; k < length; k++)
            noise[k] = (unsigned char)ob_rng_u32(&rng);
        feed(noise, length);
        const unsigned char good[] = {0x0A, 0xFA, 2, 0, 2, (unsigned char)i, 0xAA, 0, 0x0B};
        feed(good, sizeof good);
    }
    unsigned char end[OB_PROTOCENTRAL_FRAME_MAX];
    memset(end, 0x77, sizeof end); /* what is behind a false head is seen when its promise is broken */
    feed(end, sizeof end);
    assert_true(decoder.frames >= 100 && decoder.frames <= 101);
}

static void frames_are_believed_when_three_follow_each_other(void **state)
{
    (void)state;
    static const unsigned char good[] = {0x0A, 0xFA, 6, 0, 2, 0x18, 0xFC, 0, 0, 0, 0, 0, 0x0B};
    struct ob_serial_decode decode;
    struct ob_serial_item item;
    ob_serial_decode_init(&decode, OB_SERIAL_AUTO);
    int items = 0;
    for (int i = 0; i < 10; i++) {
        const unsigned char *p = good;
        size_t count = sizeof good;
        while (ob_serial_decode_next(&decode, &p, &count, &item))
            items += item.kind == OB_SERIAL_SAMPLE && item.value == -1000.0f;
        assert_int_equal(items, i < 2 ? 0 : i - 1);
        assert_int_equal(decode.format, i < 2 ? OB_SERIAL_AUTO : OB_SERIAL_PROTOCENTRAL);
    }
    assert_true(ob_serial_decode_trusted(&decode) && decode.good_01 == 1.0f);
    assert_string_equal(decode.board, "MAX86150");
    /* another board in its place is seen */
    static const char other[] = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n";
    const unsigned char *p = (const unsigned char *)other;
    size_t count = strlen(other);
    items = 0;
    while (ob_serial_decode_next(&decode, &p, &count, &item))
        items++;
    assert_int_equal(decode.format, OB_SERIAL_NUMBERS);
    assert_true(items >= 6 && item.value == 14.0f && !decode.board);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_board_s_frame_says_what_it_says),
        cmocka_unit_test(a_false_head_hides_nothing),
        cmocka_unit_test(a_hundred_frames_are_found_in_noise),
        cmocka_unit_test(frames_are_believed_when_three_follow_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
