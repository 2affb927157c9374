/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocols from their files: what they say, and what is said about those that say it wrongly. */
#include "config/protocol_file.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct ob_protocol protocol;
static struct ob_problems problems;

static enum ob_err read_text(const char *text)
{
    return ob_protocol_read("mine", text, strlen(text), &problems, &protocol);
}

static void expect(const char *text, int line, const char *key, const char *said)
{
    assert_int_equal(read_text(text), OB_ERR_FORMAT);
    for (size_t i = 0; i < problems.kept; i++)
        if (problems.list[i].line == line && strcmp(problems.list[i].key, key) == 0 &&
            strstr(problems.list[i].text, said))
            return;
    for (size_t i = 0; i < problems.kept; i++)
        print_message("%d: %s: %s\n", problems.list[i].line, problems.list[i].key, problems.list[i].text);
    fail_msg("no mistake in line %d about %s that says '%s' in:\n%s", line, key, said, text);
}

#define HEAD "version: 1\ntitle: T\nphases:\n"

static void a_protocol_says_what_it_says(void **state)
{
    (void)state;
    const enum ob_err err = read_text(
        "version: 1\ntitle: \"A: b\"\nabout: words\nscene: tide\nsoundscape: bowls\nscreen: off\nsound: off\nend: "
        "leave\n"
        "search: sliding\n"
        "phases:\n"
        "  - {kind: unpaced, seconds: 30, measured: on, sound: on}\n"
        "  - kind: paced\n    minutes: 15\n    from_brpm: 6.75\n    to_brpm: 4.25\n    ramp: by-breath\n    feedback: "
        "off\n"
        "    captions:\n      - {at_s: 1, text: one}\n      - {at_s: 5, for_s: 9, text: two}\n"
        "  - kind: paced\n    minutes: 4\n    pattern_s: [4, 7, 8, 0]\n    sound_from_db: -3\n    sound_to_db: -60\n"
        "  - kind: unpaced\n    minutes: 1\n    sound_db: -12\n");
    for (size_t i = 0; i < problems.kept; i++)
        print_message("%d: %s: %s\n", problems.list[i].line, problems.list[i].key, problems.list[i].text);
    assert_int_equal(err, OB_OK);
    const struct ob_protocol *p = &protocol;
    assert_string_equal(p->name, "mine");
    assert_string_equal(p->title, "A: b");
    assert_string_equal(p->soundscape, "bowls");
    assert_true(p->dark && p->end == OB_END_LEAVE && p->search == OB_SEARCH_SLIDING && !p->kiosk);
    assert_int_equal(p->phase_count, 4);
    assert_true(p->phases[0].flags == OB_PHASE_MEASURED && p->phases[0].seconds == 30 && p->phases[0].sound_to_db == 0);
    assert_true(p->phases[1].flags == (OB_PHASE_BY_BREATH | OB_PHASE_NO_FEEDBACK) && p->phases[1].to_brpm == 4.25);
    assert_true(p->phases[1].sound_from_db == OB_SILENT_DB);
    assert_true(fabs(p->phases[2].from_brpm - 60.0 / 19.0) < 1e-12 && p->phases[2].hold_in_s == 7);
    assert_true(fabs(p->phases[2].inhale_share - 1.0 / 3.0) < 1e-12);
    assert_true(p->phases[2].sound_from_db == -3 && p->phases[2].sound_to_db == -60);
    assert_true(p->phases[3].sound_from_db == -12 && p->phases[3].sound_to_db == -12);
    assert_int_equal(p->caption_count, 2);
    assert_true(p->captions[1].phase == 1 && p->captions[1].at_s == 5 && p->captions[1].for_s == 9);
    assert_true(p->captions[0].for_s == 20 && strcmp(p->captions[0].text, "one") == 0);
}

static void sleepers_are_let_go_where_it_says_so(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEAD "  - {kind: guided, minutes: 5}\n"), OB_OK);
    assert_int_equal(protocol.phases[0].flags & OB_PHASE_STAY, 0);
    assert_int_equal(read_text("version: 1\ntitle: T\nasleep: let-go\nphases:\n  - {kind: guided, minutes: 5}\n"),
                     OB_OK);
    assert_int_equal(protocol.phases[0].flags & OB_PHASE_STAY, 0);
    assert_int_equal(read_text("version: 1\ntitle: T\nasleep: stay\nphases:\n  - {kind: guided, minutes: 5}\n"
                               "  - {kind: guided, minutes: 5}\n"),
                     OB_OK);
    assert_true((protocol.phases[0].flags & protocol.phases[1].flags & OB_PHASE_STAY) != 0);
}

static void what_is_left_open_is_the_persons_own(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEAD "  - {kind: guided, minutes: 5}\n  - {kind: guided, minutes: 5, start_brpm: 5}\n"
                                    "  - {kind: guided, minutes: 5, target_brpm: 9.5, inhale_percent: 50}\n"),
                     OB_OK);
    ob_protocol_fill(&protocol, 8, 5.5, 0.45);
    assert_true(protocol.phases[0].from_brpm == 8 && protocol.phases[0].to_brpm == 5.5);
    assert_true(protocol.phases[1].from_brpm == 5 && protocol.phases[1].to_brpm == 5);
    assert_true(protocol.phases[2].from_brpm == 9.5 && protocol.phases[2].to_brpm == 9.5);
    assert_true(protocol.phases[0].inhale_share == 0.45 && protocol.phases[2].inhale_share == 0.5);
}

static void every_mistake_has_its_line_and_its_key(void **state)
{
    (void)state;
    expect(HEAD "  - kind: paced\n    minutes: 2\n    rate_brpm: 40\n", 6, "phases.1.rate_brpm", "from 3 to 12");
    expect(HEAD "  - kind: paced\n    minutes: 2\n    rate_brpm: 2\n", 6, "phases.1.rate_brpm", "from 3 to 12");
    expect(HEAD "  - kind: paced\n    seconds: 3\n    from_brpm: 9\n    to_brpm: 6\n", 7, "phases.1.to_brpm",
           "60 breaths/min each minute; the limit is 1.5");
    expect(HEAD "  - {kind: paced, minutes: 2, rate_brpm: 6}\n  - kind: paced\n    minutes: 1\n    rate_brpm: 9\n", 7,
           "phases.2.rate_brpm", "takes 120 s");
    expect(HEAD "  - kind: guided\n    minutes: 2\n    target_brpm: 4\n", 6, "phases.1.target_brpm", "from 4.5 to 10");
    expect(HEAD "  - kind: gided\n    minutes: 2\n", 4, "phases.1.kind", "one of unpaced, paced, guided, not 'gided'");
    expect(HEAD "  - minutes: 2\n", 4, "phases.1.kind", "missing");
    expect(HEAD "  - kind: unpaced\n    minuts: 2\n", 5, "phases.1.minuts", "did you mean minutes?");
    expect(HEAD "  - kind: unpaced\n", 4, "phases.1", "how long");
    expect(HEAD "  - kind: unpaced\n    minutes: two\n", 5, "phases.1.minutes", "a number, not 'two'");
    expect(HEAD "  - kind: unpaced\n    minutes: .nan\n", 5, "phases.1.minutes", "a number");
    expect(HEAD "  - kind: unpaced\n    seconds: 2\n", 5, "phases.1.seconds", "from 10 s");
    expect(HEAD "  - kind: unpaced\n    minutes: 2\n    seconds: 3\n", 6, "phases.1.seconds", "minutes says this");
    expect(HEAD "  - kind: unpaced\n    minutes: 2\n    rate_brpm: 6\n", 6, "phases.1.rate_brpm", "does not have this");
    expect(HEAD "  - kind: paced\n    minutes: 2\n    start_brpm: 6\n    rate_brpm: 6\n", 6, "phases.1.start_brpm",
           "does not have this");
    expect(HEAD "  - kind: paced\n    minutes: 2\n", 4, "phases.1", "a paced phase says");
    expect(HEAD "  - kind: paced\n    minutes: 2\n    pattern_s: [4, 4]\n", 6, "phases.1.pattern_s", "four numbers");
    expect(HEAD "  - kind: paced\n    minutes: 2\n    pattern_s: [4, 4, 4, 4, 4]\n", 6, "phases.1.pattern_s", "four");
    expect(HEAD "  - kind: paced\n    minutes: 2\n    pattern_s: [4, 20, 4, 4]\n", 6, "phases.1.pattern_s",
           "from 3 to 12");
    expect(HEAD "  - kind: paced\n    minutes: 2\n    pattern_s: [4, 9, 4, 1]\n", 6, "phases.1.pattern_s",
           "more than half");
    expect(HEAD "  - kind: paced\n    minutes: 2\n    rate_brpm: 6\n    inhale_percent: 70\n", 7,
           "phases.1.inhale_percent", "one third to half");
    expect(HEAD "  - kind: unpaced\n    minutes: 2\n    sound_db: 6\n", 6, "phases.1.sound_db", "as loud as chosen");
    expect(HEAD "  - kind: unpaced\n    minutes: 2\n    feedback: loud\n", 6, "phases.1.feedback", "on or off");
    expect("version: 1\ntitle: T\nasleep: wake\nphases:\n  - {kind: guided, minutes: 5}\n", 3, "asleep",
           "let-go, stay");
    expect(HEAD "  - kind: unpaced\n    minutes: 2\n    captions:\n      - at_s: 500\n        text: x\n", 7,
           "phases.1.captions.1", "phase's end at 120 s");
    expect(HEAD "  - kind: unpaced\n    minutes: 2\n    captions:\n      - at_s: 5\n        txt: x\n", 8,
           "phases.1.captions.1.txt", "did you mean text?");
    expect(HEAD "  - kind: unpaced\n    minutes: 200\n", 5, "phases.1.minutes", "128 minutes");
    expect(HEAD "  - {kind: unpaced, minutes: 100}\n  - {kind: unpaced, minutes: 100}\n", 4, "phases",
           "the limit is 128");
    expect("version: 1\ntitle: T\nkiosk: on\nphases:\n  - kind: paced\n    minutes: 3\n    pattern_s: [4, 4, 4, 4]\n",
           7, "phases.1.pattern_s", "kiosk");
    expect("version: 1\ntitle: T\nkiosk: on\nphases:\n  - {kind: guided, minutes: 9}\n", 5, "phases", "from 2 to 5");
    expect("version: 1\ntitle: T\nphass: 1\n", 3, "phass", "did you mean phases?");
    expect("version: 1\ntitle: T\n", 1, "phases", "list of phases");
    expect("version: 1\ntitle: T\nphases: []\n", 3, "phases", "at least one");
    expect("title: T\nphases: []\n", 1, "version", "missing");
    expect("version: 2\ntitle: T\nphases: []\n", 1, "version", "newer Outbreath");
    expect("version: 1\nphases: []\n", 1, "title", "missing");
    expect("version: 1\ntitle: T\ntitle: U\nphases:\n  - {kind: unpaced, minutes: 1}\n", 3, "title", "twice");
    expect("- 1\n", 1, "", "expected keys");
    expect("a: *b\n", 1, "a", "aliases");
}

static void several_mistakes_are_told_at_once(void **state)
{
    (void)state;
    assert_int_equal(read_text(HEAD "  - {kind: paced, minutes: 1, rate_brpm: 40}\n  - {kind: paced, minutes: 1, "
                                    "rate_brpm: 2}\n  - {kind: unpaced}\n"),
                     OB_ERR_FORMAT);
    assert_true(problems.errors >= 3);
    assert_int_equal(read_text(HEAD "  - kind: gided\n    minuts: 3\n"), OB_ERR_FORMAT);
    for (size_t i = 1; i < problems.kept; i++)
        assert_true(problems.list[i - 1].line <= problems.list[i].line);
    assert_int_equal(ob_protocol_read("No Name", "", 0, &problems, &protocol), OB_ERR_FORMAT);
    assert_non_null(strstr(problems.list[0].text, "lower-case"));
}

static void too_many_of_anything_is_refused(void **state)
{
    (void)state;
    static char text[60000];
    size_t used = (size_t)snprintf(text, sizeof text, HEAD);
    for (int i = 0; i < 25; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "  - {kind: unpaced, seconds: 10}\n");
    expect(text, 28, "phases", "at most 24 phases");
    used = (size_t)snprintf(text, sizeof text, HEAD "  - kind: unpaced\n    minutes: 2\n    captions:\n");
    for (int i = 0; i < 97; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "      - {at_s: %d, text: x}\n", i);
    expect(text, 103, "phases.1.captions.97", "at most 96");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_protocol_says_what_it_says),
        cmocka_unit_test(sleepers_are_let_go_where_it_says_so),
        cmocka_unit_test(what_is_left_open_is_the_persons_own),
        cmocka_unit_test(every_mistake_has_its_line_and_its_key),
        cmocka_unit_test(several_mistakes_are_told_at_once),
        cmocka_unit_test(too_many_of_anything_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
