/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a page is told: only what is known, each beat once, always JSON. */
#include "stream/message.h"

#include "base/time.h"
#include "breath/moment.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ob_snapshot s;
static struct ob_console_view v;
static char out[OB_MESSAGE_MAX];

static int fresh(void **state)
{
    (void)state;
    memset(&s, 0, sizeof s);
    memset(&v, 0, sizeof v);
    s.begin_ns = 5 * OB_NS_PER_S;
    s.now_ns = 17 * OB_NS_PER_S;
    s.end_ns = 605 * OB_NS_PER_S;
    return 0;
}

static void beat(double at_s, float rr_ms, float nn_ms, enum ob_beat_flag flag)
{
    s.beats[s.beat_count++ % OB_SNAPSHOT_BEATS] =
        (struct ob_snapshot_beat){.time_ns = ob_ns_from_s(at_s), .rr_ms = rr_ms, .nn_ms = nn_ms, .flag = flag};
}

static void has(const char *piece)
{
    if (!strstr(out, piece))
        fail_msg("%s is not in %s", piece, out);
}

static void hasnt(const char *piece)
{
    if (strstr(out, piece))
        fail_msg("%s is in %s", piece, out);
}

static void test_beats_are_told_once(void **state)
{
    (void)state;
    uint64_t told = 0;
    s.last_arrived_ns = 123456789012345;
    s.newest_ns = ob_ns_from_s(7.5);
    s.newest_rr_ms = 700.0;
    beat(6.0, 1000.0f, 1000.0f, OB_BEAT_NORMAL);
    beat(6.8125, 812.5f, 0.0f, OB_BEAT_GAP);
    assert_true(ob_message_beats(&s, &told, out, sizeof out) > 0);
    assert_string_equal(out, "{\"is\":\"beats\",\"at\":123456789012345,\"beats\":[[1,1000,1000,\"normal\"],"
                             "[1.813,812.500,null,\"gap\"]],\"newest\":[2.500,700]}");
    assert_int_equal(told, 2);
    beat(7.5, 700.0f, 700.0f, OB_BEAT_NORMAL);
    ob_message_beats(&s, &told, out, sizeof out);
    has("\"beats\":[[2.500,700,700,\"normal\"]]");
    assert_int_equal(told, 3);
}

static void test_beats_that_are_gone_are_left_out(void **state)
{
    (void)state;
    uint64_t told = 1;
    for (int i = 0; i < OB_SNAPSHOT_BEATS + 10; i++)
        beat(6.0 + i, 1000.0f, 1000.0f, OB_BEAT_NORMAL);
    const size_t length = ob_message_beats(&s, &told, out, sizeof out);
    assert_int_equal(length, strlen(out));
    has("\"beats\":[[11,1000"); /* the eleventh is the oldest that there is */
    assert_int_equal(told, OB_SNAPSHOT_BEATS + 10);
    told = 100000; /* of a session before */
    ob_message_beats(&s, &told, out, sizeof out);
    has("[11,1000");
}

static void test_what_is_not_known_is_null(void **state)
{
    (void)state;
    uint64_t told = 0;
    s.hr_bpm = (struct ob_value){.value = 62.3};
    s.breath_brpm = (struct ob_value){.value = 7.25, .valid = true};
    s.stage = OB_STAGE_UNPACED;
    ob_message_now(&s, &told, NULL, out, sizeof out);
    has("\"heart\":null");
    has("\"breath\":7.250");
    has("\"pace\":null");
    has("\"stage\":\"unpaced\"");
    has("\"s\":12,");
    has("\"end\":600,");
    hasnt("62.3");
    s.stage = OB_STAGE_GUIDED;
    s.pacer.rate_brpm = 6.0;
    s.pacer.shape = ob_breath_shape_make(0.4, 6.0, 0.0, 0.0);
    s.hr_bpm.valid = true;
    ob_message_now(&s, &told, NULL, out, sizeof out);
    has("\"heart\":62.300");
    has("\"pace\":6,");
}

static void test_the_breath_is_told_once(void **state)
{
    (void)state;
    uint64_t told = 0;
    s.trace[0] = 0.5f;
    s.trace[1] = -1.0f;
    s.trace_count = 2;
    s.trace_last_ns = 16 * OB_NS_PER_S;
    ob_message_now(&s, &told, NULL, out, sizeof out);
    has("\"traced\":11,\"trace\":[0.500,-1]}");
    s.trace[2] = 0.25f;
    s.trace_count = 3;
    ob_message_now(&s, &told, NULL, out, sizeof out);
    has("\"trace\":[0.250]}");
}

static void test_names_cannot_break_out(void **state)
{
    (void)state;
    v.sitting = 3;
    strcpy(v.client, "A \"B\" \\ </script> \x01 \xff\xc3 \xc3\xa4");
    v.mark_count = 1;
    v.marks[0] = (struct ob_console_mark){.time_ns = 8 * OB_NS_PER_S, .label = OB_MARK_TEXT, .words = "\"},{"};
    ob_message_view(&v, &s, out, sizeof out);
    has("\"sitting\":3");
    has("\"client\":\"A \\\"B\\\" \\\\ </script>   ?? \xc3\xa4\"");
    has("\"marks\":[[3,\"text\",\"\\\"},{\"]]");
}

static void test_a_view_as_full_as_can_be_fits(void **state)
{
    (void)state;
    memset(&v, 'x', sizeof v);
    v.sitting = 1;
    v.volume_01 = 1.0;
    v.kept = v.consent = v.sound_there = true;
    v.silent = OB_SILENT_LIGHT;
    char *const ends[] = {&v.client[sizeof v.client - 1], &v.scene[sizeof v.scene - 1],
                          &v.sound[sizeof v.sound - 1],   &v.part[sizeof v.part - 1],
                          &v.sensor[sizeof v.sensor - 1], &v.notice[sizeof v.notice - 1]};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        *ends[i] = '\0';
    v.scene_count = v.sound_count = OB_CONSOLE_CHOICES;
    for (int i = 0; i < OB_CONSOLE_CHOICES; i++) {
        v.scenes[i].name[63] = v.sounds[i].name[63] = '\0';
        v.scenes[i].title[63] = v.sounds[i].title[63] = '\0';
    }
    v.key_count = OB_CONSOLE_KEYS;
    for (int i = 0; i < OB_CONSOLE_KEYS; i++) {
        v.keys[i].key[sizeof v.keys[i].key - 1] = '\0';
        v.keys[i].label = OB_MARK_BREATH_CHANGED;
    }
    v.mark_count = 1000;
    for (int i = 0; i < OB_CONSOLE_MARKS; i++) {
        memset(v.marks[i].words, '"', sizeof v.marks[i].words); /* each needs a backslash */
        v.marks[i].words[sizeof v.marks[i].words - 1] = '\0';
        v.marks[i].label = OB_MARK_TEXT;
        v.marks[i].time_ns = 100000 * OB_NS_PER_S;
    }
    assert_true(ob_message_view(&v, &s, out, sizeof out) > 0);
}

static void test_nothing_is_written_behind_the_end(void **state)
{
    (void)state;
    uint64_t told = 0;
    for (int i = 0; i < 40; i++)
        beat(6.0 + i, 1000.0f, 1000.0f, OB_BEAT_NORMAL);
    const size_t whole = ob_message_beats(&s, &told, out, sizeof out);
    for (size_t size = 1; size <= whole + 1; size++) {
        char *exact = malloc(size);
        told = 0;
        const size_t length = ob_message_beats(&s, &told, exact, size);
        assert_int_equal(length, size > whole ? whole : 0);
        assert_int_equal(told, size > whole ? 40 : 0); /* what did not fit was not told */
        free(exact);
    }
}

static void test_a_moment_says_what_was_seen_and_what_chance_does(void **state)
{
    (void)state;
    s.mark_count = 1;
    s.marks[0] = (struct ob_settling_mark){
        .at_ns = 65 * OB_NS_PER_S, .heart_bpm = -3.4, .swing_percent = 22.0, .breath_brpm = -1.5, .breath_known = true};
    ob_message_moments(&s, NULL, out, sizeof out);
    char sentence[OB_MOMENT_TEXT];
    ob_moment_text(&s.marks[0], s.begin_ns, NULL, sentence, sizeof sentence);
    has("[60,\"");
    has(sentence);
    has(ob_moment_chance(NULL));
}

static void test_no_locale_puts_a_comma_into_numbers(void **state)
{
    (void)state;
    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8"))
        skip();
    uint64_t told = 0;
    beat(6.5, 812.5f, 812.5f, OB_BEAT_NORMAL);
    ob_message_beats(&s, &told, out, sizeof out);
    setlocale(LC_NUMERIC, "C");
    has("[1.500,812.500,812.500,");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_beats_are_told_once, fresh),
        cmocka_unit_test_setup(test_beats_that_are_gone_are_left_out, fresh),
        cmocka_unit_test_setup(test_what_is_not_known_is_null, fresh),
        cmocka_unit_test_setup(test_the_breath_is_told_once, fresh),
        cmocka_unit_test_setup(test_names_cannot_break_out, fresh),
        cmocka_unit_test_setup(test_a_view_as_full_as_can_be_fits, fresh),
        cmocka_unit_test_setup(test_nothing_is_written_behind_the_end, fresh),
        cmocka_unit_test_setup(test_a_moment_says_what_was_seen_and_what_chance_does, fresh),
        cmocka_unit_test_setup(test_no_locale_puts_a_comma_into_numbers, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
