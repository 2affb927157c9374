/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/crc32c.h"
#include "base/err.h"
#include "base/histogram.h"
#include "base/mark.h"
#include "base/maths.h"
#include "base/nearest.h"
#include "base/ring.h"
#include "base/rng.h"
#include "base/time.h"
#include "base/triple.h"
#include "base/utf8.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static void every_error_has_a_sentence(void **state)
{
    (void)state;
    for (int i = 0; i < OB_ERR_COUNT; i++)
        assert_true(strlen(ob_err_text((enum ob_err)i)) > 5);
    assert_non_null(ob_err_text((enum ob_err) - 3));
    assert_non_null(ob_err_text((enum ob_err)9999));
}

static void crc_gives_the_published_check_value(void **state)
{
    (void)state;
    assert_int_equal(ob_crc32c(0, "123456789", 9), 0xE3069283);
    assert_int_equal(ob_crc32c(ob_crc32c(0, "1234", 4), "56789", 5), 0xE3069283);
}

static void seconds_round_and_saturate(void **state)
{
    (void)state;
    assert_true(ob_ns_from_s(1.5) == 1500 * OB_NS_PER_MS);
    assert_true(ob_ns_from_s(-1.5) == -1500 * OB_NS_PER_MS);
    assert_true(ob_ns_from_s(1e300) == 9000000000 * OB_NS_PER_S);
    assert_true(ob_ns_from_s(0.0 / 0.0 * 1.0) == -9000000000 * OB_NS_PER_S);
}

static void percentiles_interpolate(void **state)
{
    (void)state;
    double a[] = {4, 1, 3, 2};
    assert_true(ob_median(a, 4) == 2.5);
    double b[] = {10, 20, 30};
    assert_true(ob_percentile(b, 3, 0.75) == 25.0);
    assert_true(ob_median(NULL, 0) == 0.0);
    assert_true(ob_fract(-0.25) == 0.75);
    assert_true(ob_fract(-1e-300) < 1.0);
}

/* Of any number of values, with many equal ones, against ranks that are counted. */
static void percentiles_are_those_of_the_sorted_values(void **state)
{
    (void)state;
    struct ob_rng rng;
    ob_rng_init(&rng, 3, 0);
    for (int trial = 0; trial < 3000; trial++) {
        double values[300], sorted[300];
        const int count = 1 + (int)(ob_rng_uniform(&rng) * (trial % 10 ? 40.0 : 299.0));
        const double kinds = 1.0 + ob_rng_uniform(&rng) * 60.0;
        for (int i = 0; i < count; i++) {
            values[i] = (double)(int)(ob_rng_uniform(&rng) * kinds) - 7.5;
            int k = i;
            for (; k > 0 && sorted[k - 1] > values[i]; k--)
                sorted[k] = sorted[k - 1];
            sorted[k] = values[i];
        }
        const double p01 = trial % 7 == 0 ? (double)(trial % 2) : ob_rng_uniform(&rng), rank = p01 * (count - 1);
        const int low = (int)rank;
        const double want = low + 1 < count ? ob_lerp(sorted[low], sorted[low + 1], rank - low) : sorted[count - 1];
        assert_true(ob_percentile(values, (size_t)count, p01) == want);
    }
}

static void random_numbers_are_seeded_and_plausible(void **state)
{
    (void)state;
    struct ob_rng a, b, c;
    ob_rng_init(&a, 42, 54);
    ob_rng_init(&b, 42, 54);
    ob_rng_init(&c, 42, 55);
    /* first output of the PCG32 reference program for this seed and stream */
    assert_int_equal(ob_rng_u32(&a), 0xa15c02b7);
    ob_rng_u32(&b);
    int same = 0;
    double sum = 0, square = 0;
    for (int i = 0; i < 20000; i++) {
        same += ob_rng_u32(&b) == ob_rng_u32(&c);
        const double x = ob_rng_normal(&a);
        sum += x;
        square += x * x;
    }
    assert_true(same < 3);
    assert_true(sum / 20000 > -0.03 && sum / 20000 < 0.03);
    assert_true(square / 20000 > 0.97 && square / 20000 < 1.03);
}

static void histogram_percentiles_are_within_a_bucket(void **state)
{
    (void)state;
    struct ob_histogram h;
    ob_histogram_init(&h);
    assert_int_equal(ob_histogram_percentile_ns(&h, 0.5), 0);
    for (int i = 1; i <= 1000; i++)
        ob_histogram_add(&h, i * OB_NS_PER_US);
    const int64_t p50 = ob_histogram_percentile_ns(&h, 0.5);
    assert_true(p50 >= 500 * OB_NS_PER_US && p50 < 525 * OB_NS_PER_US);
    assert_true(ob_histogram_percentile_ns(&h, 1.0) == 1000 * OB_NS_PER_US);
}

static void ring_refuses_when_full_and_counts(void **state)
{
    (void)state;
    struct ob_ring ring;
    int slots[4], value = 0;
    ob_ring_init(&ring, slots, sizeof slots[0], 4);
    assert_false(ob_ring_pop(&ring, &value));
    for (int i = 0; i < 4; i++)
        assert_true(ob_ring_push(&ring, &i));
    assert_false(ob_ring_push(&ring, &value));
    assert_int_equal(ob_ring_refused(&ring), 1);
    for (int i = 0; i < 4; i++) {
        assert_true(ob_ring_pop(&ring, &value));
        assert_int_equal(value, i);
    }
    assert_false(ob_ring_pop(&ring, &value));
}

static void a_typo_finds_its_word(void **state)
{
    (void)state;
    const char *const words[] = {"minutes", "person", "replay", "rf"};
    assert_string_equal(ob_nearest("mintues", words, 4), "minutes");
    assert_string_equal(ob_nearest("persn", words, 4), "person");
    assert_string_equal(ob_nearest("rff", words, 4), "rf");
    assert_null(ob_nearest("telescope", words, 4));
    assert_null(ob_nearest("", words, 0));
}

#define MANY 200000

static void *push_many(void *user)
{
    struct ob_ring *ring = user;
    for (uint32_t i = 0; i < MANY;)
        if (ob_ring_push(ring, &i))
            i++;
    return NULL;
}

static void ring_keeps_order_between_threads(void **state)
{
    (void)state;
    struct ob_ring ring;
    uint32_t slots[64], value;
    ob_ring_init(&ring, slots, sizeof slots[0], 64);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, push_many, &ring), 0);
    for (uint32_t expected = 0; expected < MANY;)
        if (ob_ring_pop(&ring, &value)) {
            if (value != expected)
                fail_msg("got %u where %u was due", value, expected);
            expected++;
        }
    pthread_join(thread, NULL);
}

struct pair {
    uint64_t a, not_a;
};

static void *publish_many(void *user)
{
    struct ob_triple *triple = user;
    for (uint64_t i = 1; i <= MANY; i++) {
        struct pair *p = ob_triple_back(triple);
        p->a = i;
        p->not_a = ~i;
        ob_triple_publish(triple);
    }
    return NULL;
}

static void triple_buffer_never_tears_and_never_goes_back(void **state)
{
    (void)state;
    struct pair slots[3] = {{0, ~UINT64_C(0)}, {0, ~UINT64_C(0)}, {0, ~UINT64_C(0)}};
    struct ob_triple triple;
    ob_triple_init(&triple, slots, sizeof slots[0]);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, publish_many, &triple), 0);
    uint64_t last = 0;
    while (last < MANY) {
        const struct pair *p = ob_triple_read(&triple, NULL);
        if (p->a != ~p->not_a || p->a < last)
            fail_msg("torn or old: %llu %llu after %llu", (unsigned long long)p->a, (unsigned long long)p->not_a,
                     (unsigned long long)last);
        last = p->a;
    }
    pthread_join(thread, NULL);
    bool fresh = true;
    ob_triple_read(&triple, &fresh);
    assert_false(fresh);
}

static void marks_have_names_and_take_any_words(void **state)
{
    (void)state;
    for (unsigned i = 0; i < OB_MARK_LABELS; i++) {
        assert_true(strlen(ob_mark_name(i)) > 0 && strlen(ob_mark_name(i)) < 24);
        assert_int_equal(ob_mark_of(ob_mark_name(i)), i);
    }
    assert_string_equal(ob_mark_name(OB_MARK_LABELS), "");
    assert_int_equal(ob_mark_of("turned-over"), OB_MARK_TURNED_OVER);
    assert_int_equal(ob_mark_of("breath_changed"), OB_MARK_BREATH_CHANGED);
    assert_int_equal(ob_mark_of("sig"), -1);
    assert_int_equal(ob_mark_of("sighs"), -1);
    assert_int_equal(ob_mark_of(""), -1);
    char out[12];
    ob_mark_words("Schultern", out, sizeof out);
    assert_string_equal(out, "Schultern");
    ob_mark_words(NULL, out, sizeof out);
    assert_string_equal(out, "");
    ob_mark_words("a\nb\x1b\xff\xc0\x80\xed\xa0\x80 c", out, sizeof out); /* no UTF-8, an overlong 0, a surrogate */
    assert_string_equal(out, "a b  c");
    ob_mark_words("肩の力が抜けた", out, sizeof out); /* cut between letters */
    assert_string_equal(out, "肩の力");
    ob_mark_words("12345678901234", out, sizeof out);
    assert_string_equal(out, "12345678901");
}

static void test_letters(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t left, length;
    } cases[] = {
        {"a", 1, 1},
        {"", 1, 1}, /* a NUL is one */
        {"a", 0, 0},
        {"\xc3\xa4", SIZE_MAX, 2},
        {"\xc3\xa4", 1, 0},
        {"\xc3", SIZE_MAX, 0},
        {"\xe2\x82\xac", SIZE_MAX, 3},
        {"\xf0\x9f\x8c\x8a", SIZE_MAX, 4},
        {"\xf4\x8f\xbf\xbf", SIZE_MAX, 4}, /* U+10FFFF */
        {"\xf4\x90\x80\x80", SIZE_MAX, 0}, /* the next */
        {"\xf5\x80\x80\x80", SIZE_MAX, 0},
        {"\xc1\xbf", SIZE_MAX, 0}, /* overlong */
        {"\xe0\x9f\xbf", SIZE_MAX, 0},
        {"\xe0\xa0\x80", SIZE_MAX, 3},
        {"\xf0\x8f\xbf\xbf", SIZE_MAX, 0},
        {"\xf0\x90\x80\x80", SIZE_MAX, 4},
        {"\xed\x9f\xbf", SIZE_MAX, 3},
        {"\xed\xa0\x80", SIZE_MAX, 0}, /* a surrogate */
        {"\x80", SIZE_MAX, 0},
        {"\xff", SIZE_MAX, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(ob_utf8_letter(cases[i].bytes, cases[i].left), cases[i].length);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_error_has_a_sentence),
        cmocka_unit_test(crc_gives_the_published_check_value),
        cmocka_unit_test(seconds_round_and_saturate),
        cmocka_unit_test(percentiles_interpolate),
        cmocka_unit_test(percentiles_are_those_of_the_sorted_values),
        cmocka_unit_test(random_numbers_are_seeded_and_plausible),
        cmocka_unit_test(a_typo_finds_its_word),
        cmocka_unit_test(histogram_percentiles_are_within_a_bucket),
        cmocka_unit_test(marks_have_names_and_take_any_words),
        cmocka_unit_test(ring_refuses_when_full_and_counts),
        cmocka_unit_test(ring_keeps_order_between_threads),
        cmocka_unit_test(triple_buffer_never_tears_and_never_goes_back),
        cmocka_unit_test(test_letters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
