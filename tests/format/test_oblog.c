/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/crc32c.h"
#include "base/mark.h"
#include "base/rng.h"
#include "format/oblog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct ob_event example(uint32_t kind)
{
    struct ob_event e = {.kind = kind, .source = 3, .measured_ns = -5, .arrived_ns = 1LL << 60, .applied_ns = 77};
    switch (kind) {
    case OB_EVENT_BEGIN:
        e.u.plan = (struct ob_session_plan){.minutes = 10,
                                            .start_brpm = 9,
                                            .target_brpm = 5.5,
                                            .inhale_share = 0.4,
                                            .hold_in_s = 0.1,
                                            .hold_out_s = 0.2,
                                            .unpaced_s = 120,
                                            .baseline_rsa_bpm = 8,
                                            .seed = 0xfedcba9876543210u,
                                            .simulated = true};
        break;
    case OB_EVENT_PAST:
        e.u.past.pace[0] = 3;
        e.u.past.pace[OB_EVENT_PAST_MAX - 1] = 77;
        break;
    case OB_EVENT_PHASE:
        e.u.phase = (struct ob_session_phase){.kind = OB_PHASE_PACED,
                                              .flags = OB_PHASE_MEASURED | OB_PHASE_BY_BREATH,
                                              .seconds = 900,
                                              .from_brpm = 6.75,
                                              .to_brpm = 4.25,
                                              .inhale_share = 0.45,
                                              .hold_in_s = 0.25,
                                              .hold_out_s = 0.5,
                                              .sound_from_db = -1,
                                              .sound_to_db = -60};
        break;
    case OB_EVENT_RR:
        e.u.rr.rr_ms = 812.0625;
        e.u.rr.beats = OB_BEATS_PPG;
        e.u.rr.quality_01 = 0.75f;
        break;
    case OB_EVENT_SAMPLES:
        e.u.samples.signal = OB_SIGNAL_ACC;
        e.u.samples.frames = 16;
        e.u.samples.channels = 3;
        e.u.samples.period_ns = 20e6;
        for (int i = 0; i < 48; i++)
            e.u.samples.values[i] = (float)i - 24.5f;
        break;
    case OB_EVENT_CONTACT:
        e.u.contact.supported = true;
        break;
    case OB_EVENT_COMMAND:
        e.u.command.code = OB_COMMAND_RATE_BRPM;
        e.u.command.value = 6.5;
        break;
    case OB_EVENT_MARK:
        e.u.mark.label = OB_MARK_TEXT;
        strcpy(e.u.mark.words, "la mâchoire");
        break;
    default:
        break;
    }
    return e;
}

static size_t make_log(unsigned char *out)
{
    size_t size = ob_oblog_encode_header(out);
    for (uint32_t kind = 0; kind < OB_EVENT_KINDS; kind++) {
        const struct ob_event e = example(kind);
        size += ob_oblog_encode(&e, out + size);
    }
    return size;
}

static void every_kind_comes_back_as_it_was(void **state)
{
    (void)state;
    unsigned char log[4096];
    const size_t size = make_log(log);
    for (size_t step = 1; step < 64; step += 7) {
        struct ob_oblog_decoder d;
        ob_oblog_decoder_init(&d);
        uint32_t kind = 0;
        for (size_t at = 0; at < size; at += step) {
            const unsigned char *p = log + at;
            size_t count = size - at < step ? size - at : step;
            struct ob_event e;
            while (ob_oblog_next(&d, &p, &count, &e)) {
                const struct ob_event wanted = example(kind++);
                unsigned char a[OB_OBLOG_RECORD_MAX], b[OB_OBLOG_RECORD_MAX];
                const size_t n = ob_oblog_encode(&wanted, a);
                assert_int_equal(ob_oblog_encode(&e, b), n);
                assert_memory_equal(a, b, n);
                if (e.kind == OB_EVENT_BEGIN)
                    assert_true(e.u.plan.seed == 0xfedcba9876543210u && e.u.plan.simulated &&
                                e.u.plan.target_brpm == 5.5);
                if (e.kind == OB_EVENT_PHASE)
                    assert_true(e.u.phase.to_brpm == 4.25 && e.u.phase.sound_to_db == -60 && e.u.phase.flags == 5);
                if (e.kind == OB_EVENT_PAST)
                    assert_true(e.u.past.pace[0] == 3 && e.u.past.pace[OB_EVENT_PAST_MAX - 1] == 77);
                if (e.kind == OB_EVENT_RR)
                    assert_true(e.u.rr.rr_ms == 812.0625 && e.u.rr.quality_01 == 0.75f && e.measured_ns == -5);
                if (e.kind == OB_EVENT_MARK)
                    assert_true(e.u.mark.label == OB_MARK_TEXT && strcmp(e.u.mark.words, "la mâchoire") == 0);
                if (e.kind == OB_EVENT_SAMPLES)
                    assert_true(e.u.samples.values[47] == 22.5f && e.u.samples.period_ns == 20e6);
            }
        }
        assert_int_equal(ob_oblog_finish(&d), OB_OBLOG_END);
        assert_int_equal(kind, OB_EVENT_KINDS);
        assert_int_equal(d.good_bytes, size);
    }
}

/* The layout is a promise to files that exist already: these bytes must never change. */
static void the_layout_is_fixed(void **state)
{
    (void)state;
    unsigned char out[OB_OBLOG_RECORD_MAX];
    assert_int_equal(ob_oblog_encode_header(out), 16);
    assert_memory_equal(out, "OBLOG\r\n\x1a\x01\x00\x03\x00", 12);
    const struct ob_event e = {.kind = OB_EVENT_RR,
                               .source = 1,
                               .measured_ns = 2,
                               .arrived_ns = 3,
                               .applied_ns = 4,
                               .u.rr = {.rr_ms = 1.0, .beats = 1, .quality_01 = 1.0f}};
    assert_int_equal(ob_oblog_encode(&e, out), 56);
    static const unsigned char payload[48] = {2, 0, 0, 0, 1, 0, 0,    0,    2, 0, 0, 0, 0, 0, 0,    0,
                                              3, 0, 0, 0, 0, 0, 0,    0,    4, 0, 0, 0, 0, 0, 0,    0,
                                              0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 1, 0, 0, 0, 0, 0, 0x80, 0x3f};
    assert_memory_equal(out, "\x30\0\0\0", 4);
    assert_memory_equal(out + 8, payload, sizeof payload);
}

/* Logs of before minor 2 have a plan that is one byte shorter. */
static void a_plan_of_an_older_log_is_read(void **state)
{
    (void)state;
    unsigned char log[OB_OBLOG_HEADER_SIZE + OB_OBLOG_RECORD_MAX];
    const struct ob_event plan = example(OB_EVENT_BEGIN);
    ob_oblog_encode_header(log);
    log[10] = 0;
    const uint32_t head = ob_crc32c(0, log, 12);
    for (int i = 0; i < 4; i++)
        log[12 + i] = (unsigned char)(head >> (8 * i));
    unsigned char *record = log + OB_OBLOG_HEADER_SIZE;
    const size_t size = ob_oblog_encode(&plan, record) - 1;
    record[0] = (unsigned char)(record[0] - 1);
    const uint32_t crc = ob_crc32c(ob_crc32c(0, record, 4), record + 8, size - 8);
    for (int i = 0; i < 4; i++)
        record[4 + i] = (unsigned char)(crc >> (8 * i));
    struct ob_oblog_decoder d;
    struct ob_event e;
    ob_oblog_decoder_init(&d);
    const unsigned char *p = log;
    size_t count = OB_OBLOG_HEADER_SIZE + size;
    assert_true(ob_oblog_next(&d, &p, &count, &e));
    assert_true(e.kind == OB_EVENT_BEGIN && e.u.plan.target_brpm == 5.5 && !e.u.plan.adaptive);
}

static uint64_t count_events(const unsigned char *log, size_t size, struct ob_oblog_decoder *d)
{
    ob_oblog_decoder_init(d);
    struct ob_event e;
    while (ob_oblog_next(d, &log, &size, &e)) {
    }
    ob_oblog_finish(d);
    return d->events;
}

static void a_torn_tail_is_cut_before_the_first_bad_record(void **state)
{
    (void)state;
    unsigned char log[4096];
    const size_t size = make_log(log);
    struct ob_oblog_decoder d;
    for (size_t cut = 0; cut < size; cut++) {
        const uint64_t events = count_events(log, cut, &d);
        assert_true(d.good_bytes <= cut);
        assert_true(d.stop == (cut == 0                        ? OB_OBLOG_EMPTY
                               : cut < OB_OBLOG_HEADER_SIZE    ? OB_OBLOG_NOT_A_LOG
                               : d.good_bytes == (uint64_t)cut ? OB_OBLOG_END
                                                               : OB_OBLOG_TORN));
        /* what is good so far can be read again whole */
        if (d.good_bytes > 0) {
            struct ob_oblog_decoder again;
            assert_int_equal(count_events(log, (size_t)d.good_bytes, &again), events);
            assert_int_equal(again.stop, OB_OBLOG_END);
        }
    }
}

static void a_flipped_bit_never_passes(void **state)
{
    (void)state;
    unsigned char log[4096];
    const size_t size = make_log(log);
    for (size_t bit = 0; bit < size * 8; bit++) {
        struct ob_oblog_decoder d;
        log[bit / 8] ^= (unsigned char)(1u << bit % 8);
        const uint64_t events = count_events(log, size, &d);
        assert_true(events < OB_EVENT_KINDS);
        assert_true(d.stop != OB_OBLOG_END);
        assert_true(d.good_bytes <= bit / 8);
        log[bit / 8] ^= (unsigned char)(1u << bit % 8);
    }
}

static void sign(unsigned char *record, uint32_t payload)
{
    for (int i = 0; i < 4; i++)
        record[i] = (unsigned char)(payload >> 8 * i);
    const uint32_t crc = ob_crc32c(ob_crc32c(0, record, 4), record + 8, payload);
    for (int i = 0; i < 4; i++)
        record[4 + i] = (unsigned char)(crc >> 8 * i);
}

static void versions_are_kept_apart(void **state)
{
    (void)state;
    unsigned char log[1024] = {0};
    struct ob_oblog_decoder d;
    for (int newer = 0; newer < 2; newer++) {
        size_t size = ob_oblog_encode_header(log);
        log[10] = (unsigned char)(OB_OBLOG_MINOR + newer);
        const uint32_t crc = ob_crc32c(0, log, 12);
        for (int i = 0; i < 4; i++)
            log[12 + i] = (unsigned char)(crc >> 8 * i);
        const struct ob_event rr = example(OB_EVENT_RR);
        ob_oblog_encode(&rr, log + size);
        log[size + 8] = 200; /* a kind of the future */
        sign(log + size, 48);
        size += 56;
        ob_oblog_encode(&rr, log + size);
        memset(log + size + 56, 9, 5); /* five bytes that a later version put behind it */
        sign(log + size, 53);
        size += 61;
        assert_int_equal(count_events(log, size, &d), newer ? 1 : 0);
        assert_int_equal(d.stop, newer ? OB_OBLOG_END : OB_OBLOG_STRANGE);
        assert_int_equal(d.skipped, newer ? 1 : 0);
    }
    ob_oblog_encode_header(log);
    log[8] = 2;
    const uint32_t crc = ob_crc32c(0, log, 12);
    for (int i = 0; i < 4; i++)
        log[12 + i] = (unsigned char)(crc >> 8 * i);
    count_events(log, 16, &d);
    assert_int_equal(d.stop, OB_OBLOG_NEWER);
}

static void impossible_events_are_not_written(void **state)
{
    (void)state;
    unsigned char out[OB_OBLOG_RECORD_MAX];
    struct ob_event e = example(OB_EVENT_SAMPLES);
    e.u.samples.frames = 17;
    assert_int_equal(ob_oblog_encode(&e, out), 0);
    e.u.samples.frames = 5;
    e.u.samples.channels = 0;
    assert_int_equal(ob_oblog_encode(&e, out), 0);
    e.kind = OB_EVENT_KINDS;
    assert_int_equal(ob_oblog_encode(&e, out), 0);
    e = example(OB_EVENT_MARK);
    e.u.mark.label = OB_MARK_LABELS;
    assert_int_equal(ob_oblog_encode(&e, out), 0);
    e.u.mark.label = OB_MARK_SIGH;
    memset(e.u.mark.words, 'x', sizeof e.u.mark.words);
    assert_int_equal(ob_oblog_encode(&e, out), 0);
    e.u.mark.words[sizeof e.u.mark.words - 1] = '\0'; /* as long as it may be, and it fits */
    assert_true(ob_oblog_encode(&e, out) > OB_EVENT_WORDS_MAX);
}

static void the_bytes_do_not_depend_on_what_the_union_held_before(void **state)
{
    (void)state;
    struct ob_rng rng;
    ob_rng_init(&rng, 1, 1);
    for (uint32_t kind = 0; kind < OB_EVENT_KINDS; kind++) {
        unsigned char clean[OB_OBLOG_RECORD_MAX], dirty[OB_OBLOG_RECORD_MAX];
        const struct ob_event e = example(kind);
        struct ob_event f;
        for (size_t i = 0; i < sizeof f; i++)
            ((unsigned char *)&f)[i] = (unsigned char)ob_rng_u32(&rng);
        const size_t n = ob_oblog_encode(&e, clean);
        const unsigned char *p = clean;
        size_t count = n;
        struct ob_oblog_decoder d;
        unsigned char header[16];
        ob_oblog_decoder_init(&d);
        ob_oblog_encode_header(header);
        const unsigned char *h = header;
        size_t left = 16;
        assert_false(ob_oblog_next(&d, &h, &left, &f));
        assert_true(ob_oblog_next(&d, &p, &count, &f));
        assert_int_equal(ob_oblog_encode(&f, dirty), n);
        assert_memory_equal(clean, dirty, n);
    }
}

static void every_reason_has_a_sentence(void **state)
{
    (void)state;
    for (int i = OB_OBLOG_GOING; i <= OB_OBLOG_STRANGE; i++)
        assert_true(strlen(ob_oblog_stop_text((enum ob_oblog_stop)i)) > 10);
    assert_non_null(ob_oblog_stop_text((enum ob_oblog_stop)99));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_comes_back_as_it_was),
        cmocka_unit_test(the_layout_is_fixed),
        cmocka_unit_test(a_plan_of_an_older_log_is_read),
        cmocka_unit_test(a_torn_tail_is_cut_before_the_first_bad_record),
        cmocka_unit_test(a_flipped_bit_never_passes),
        cmocka_unit_test(versions_are_kept_apart),
        cmocka_unit_test(impossible_events_are_not_written),
        cmocka_unit_test(the_bytes_do_not_depend_on_what_the_union_held_before),
        cmocka_unit_test(every_reason_has_a_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
