/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The therapist's desk: keys that mark, what is asked for becomes what the engine takes, and the next client finds
 * nothing of the one before. */
#include "app/session/desk.h"
#include "base/mark.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct ob_desk desk;
static char problem[512];

static int fresh(void **state)
{
    (void)state;
    memset(&desk, 0, sizeof desk);
    problem[0] = '\0';
    return 0;
}

static void test_keys_mark(void **state)
{
    (void)state;
    assert_true(
        ob_desk_read_keys(&desk, "PageDown=breath-changed,  F5 = turned over ,Keypad 1=jaw,", problem, sizeof problem));
    assert_int_equal(desk.view.key_count, 3);
    assert_int_equal(ob_desk_label_of_key(&desk, "PageDown"), OB_MARK_BREATH_CHANGED);
    assert_int_equal(ob_desk_label_of_key(&desk, "pagedown"), OB_MARK_BREATH_CHANGED);
    assert_int_equal(ob_desk_label_of_key(&desk, "F5"), OB_MARK_TURNED_OVER);
    assert_int_equal(ob_desk_label_of_key(&desk, "Keypad 1"), OB_MARK_JAW);
    assert_int_equal(ob_desk_label_of_key(&desk, "F6"), -1);
    assert_int_equal(ob_desk_label_of_key(&desk, ""), -1);
    assert_true(ob_desk_read_keys(&desk, "", problem, sizeof problem)); /* no key marks */
    assert_int_equal(ob_desk_label_of_key(&desk, "F5"), -1);
}

static void test_keys_that_are_none(void **state)
{
    (void)state;
    static const char *const bad[] = {"PageDown",
                                      "PageDown=",
                                      "=sigh",
                                      "F5=knee",
                                      "F5=text",
                                      "F5=sigh=jaw",
                                      "F5=sigh,PageDown:jaw",
                                      "a key whose name is longer than any=sigh"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        problem[0] = '\0';
        assert_false(ob_desk_read_keys(&desk, bad[i], problem, sizeof problem));
        assert_non_null(strstr(problem, "keys.mark"));
    }
    char many[OB_CONSOLE_KEYS * 8 + 16] = "";
    for (int i = 0; i <= OB_CONSOLE_KEYS; i++)
        strcat(many, "F1=jaw,");
    assert_false(ob_desk_read_keys(&desk, many, problem, sizeof problem));
}

static bool asks(enum ob_request_kind kind, bool on, double value, struct ob_event *event)
{
    const struct ob_request request = {.kind = kind, .on = on, .value = value};
    return ob_desk_event(&desk, &request, 7000, event);
}

static void test_requests_become_events(void **state)
{
    (void)state;
    struct ob_event event;
    ob_desk_sit(&desk, "Anna", true);
    assert_true(asks(OB_REQUEST_PAUSE, true, 0, &event));
    assert_int_equal(event.kind, OB_EVENT_COMMAND);
    assert_int_equal(event.u.command.code, OB_COMMAND_PAUSE);
    assert_float_equal(event.u.command.value, 1.0, 0.0);
    assert_int_equal(event.arrived_ns, 7000);
    assert_true(asks(OB_REQUEST_BREATHE, false, 0, &event));
    assert_int_equal(event.u.command.code, OB_COMMAND_JUST_BREATHE);
    assert_float_equal(event.u.command.value, 0.0, 0.0);
    assert_true(asks(OB_REQUEST_PACE, false, 5.5, &event));
    assert_int_equal(event.u.command.code, OB_COMMAND_RATE_BRPM);
    assert_float_equal(event.u.command.value, 5.5, 0.0);
    assert_true(asks(OB_REQUEST_PART, false, 0, &event));
    assert_int_equal(event.u.command.code, OB_COMMAND_NEXT);
    assert_false(asks(OB_REQUEST_VOLUME, false, 0.5, &event)); /* nothing of the engine's */
    assert_false(asks(OB_REQUEST_SCENE, false, 0, &event));
    assert_false(asks(OB_REQUEST_SILENT, false, 0, &event));
}

static void test_the_next_client_is_asked_for_once(void **state)
{
    (void)state;
    struct ob_event event;
    ob_desk_sit(&desk, "Anna", true);
    ob_desk_sit(&desk, NULL, false);
    assert_false(asks(OB_REQUEST_NEXT, false, 1, &event)); /* pressed twice: the first one has gone already */
    assert_true(asks(OB_REQUEST_NEXT, false, 2, &event));
    assert_int_equal(event.u.command.code, OB_COMMAND_END);
}

static void test_marks_and_consent_are_shown(void **state)
{
    (void)state;
    struct ob_event event;
    ob_desk_sit(&desk, NULL, false);
    const struct ob_request own = {.kind = OB_REQUEST_MARK, .code = OB_MARK_TEXT, .words = "left hip"};
    assert_true(ob_desk_event(&desk, &own, 9000, &event));
    assert_int_equal(event.kind, OB_EVENT_MARK);
    assert_int_equal(event.u.mark.label, OB_MARK_TEXT);
    assert_string_equal(event.u.mark.words, "left hip");
    assert_int_equal(desk.view.mark_count, 1);
    assert_int_equal(desk.view.marks[0].time_ns, 9000);
    assert_string_equal(desk.view.marks[0].words, "left hip");
    assert_true(asks(OB_REQUEST_CONSENT, true, 0, &event));
    assert_string_equal(event.u.mark.words, "consent noted");
    assert_true(desk.view.consent);
    assert_false(asks(OB_REQUEST_CONSENT, true, 0, &event)); /* it is noted already */
    assert_true(asks(OB_REQUEST_CONSENT, false, 0, &event));
    assert_string_equal(event.u.mark.words, "consent taken back");
    for (int i = 0; i < 3 * OB_CONSOLE_MARKS; i++)
        ob_desk_marked(&desk, i, OB_MARK_SIGH, NULL);
    assert_int_equal(desk.view.mark_count, 3 + 3 * OB_CONSOLE_MARKS);
}

static bool holds(const char *piece)
{
    return memmem(&desk.view, sizeof desk.view, piece, strlen(piece)) != NULL;
}

static void test_nothing_is_left_of_the_one_before(void **state)
{
    (void)state;
    struct ob_event event;
    const struct ob_request own = {.kind = OB_REQUEST_MARK, .code = OB_MARK_TEXT, .words = "left hip"};
    ob_desk_read_keys(&desk, "F5=jaw", problem, sizeof problem);
    ob_desk_sit(&desk, "Anna", true);
    ob_desk_event(&desk, &own, 9000, &event);
    asks(OB_REQUEST_CONSENT, true, 0, &event);
    desk.view.silent = OB_SILENT_DARK;
    assert_true(holds("Anna") && holds("left hip"));
    ob_desk_sit(&desk, "Bo", false);
    assert_false(holds("Anna") || holds("left hip") || holds("consent"));
    assert_false(desk.view.consent || desk.view.kept);
    assert_int_equal(desk.view.sitting, 2);
    assert_int_equal(desk.view.mark_count, 0);
    assert_int_equal(desk.view.silent, OB_SILENT_DARK); /* what the room is like stays */
    assert_int_equal(ob_desk_label_of_key(&desk, "F5"), OB_MARK_JAW);
}

static void test_which_protocols_are_of_a_treatment(void **state)
{
    (void)state;
    assert_true(ob_desk_in_treatment(&(struct ob_protocol){.name = "treatment-long"}));
    assert_true(ob_desk_in_treatment(&(struct ob_protocol){.name = "treatment-short"}));
    assert_false(ob_desk_in_treatment(&(struct ob_protocol){.name = "sleep"}));
    assert_false(ob_desk_in_treatment(&(struct ob_protocol){.name = ""}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_keys_mark, fresh),
        cmocka_unit_test_setup(test_keys_that_are_none, fresh),
        cmocka_unit_test_setup(test_requests_become_events, fresh),
        cmocka_unit_test_setup(test_the_next_client_is_asked_for_once, fresh),
        cmocka_unit_test_setup(test_marks_and_consent_are_shown, fresh),
        cmocka_unit_test_setup(test_nothing_is_left_of_the_one_before, fresh),
        cmocka_unit_test_setup(test_which_protocols_are_of_a_treatment, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
