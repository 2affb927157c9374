/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one line that speaks to the person. */
#include "app/window/caption.h"
#include "base/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct ob_protocol protocol;
static struct ob_snapshot snapshot;

static const char *line(bool dizzy)
{
    static char text[160];
    ob_caption(&snapshot, &protocol, dizzy, text, sizeof text);
    return text;
}

/* Second at_s of a phase that began after 120 s of session. */
static void at(int phase, enum ob_stage stage, double at_s)
{
    snapshot.phase = phase;
    snapshot.phase_count = protocol.phase_count;
    snapshot.phase_ns = ob_ns_from_s(at_s);
    snapshot.now_ns = ob_ns_from_s(120.0 + at_s);
    snapshot.stage = stage;
}

static int begin(void **state)
{
    (void)state;
    memset(&protocol, 0, sizeof protocol);
    memset(&snapshot, 0, sizeof snapshot);
    snapshot.sensor = OB_SENSOR_LIVE;
    protocol.phase_count = 2;
    protocol.phases[0].kind = OB_PHASE_UNPACED;
    protocol.phases[1].kind = OB_PHASE_GUIDED;
    protocol.caption_count = 1;
    protocol.captions[0] = (struct ob_protocol_caption){.phase = 1, .at_s = 30, .for_s = 20, .text = "softly now"};
    return 0;
}

static void a_phase_has_its_own_words_at_their_time(void **state)
{
    (void)state;
    at(0, OB_STAGE_UNPACED, 5);
    assert_string_equal(line(false), "Breathe as it comes.");
    at(0, OB_STAGE_UNPACED, 60);
    assert_string_equal(line(false), "");
    at(0, OB_STAGE_UNPACED_BEFORE, 60);
    assert_string_equal(line(false), "");
    at(1, OB_STAGE_GUIDED, 31);
    assert_string_equal(line(false), "Softly now.");
    at(1, OB_STAGE_GUIDED, 51);
    assert_string_equal(line(false), "");
}

static void what_a_led_breath_is_like_is_said_when_it_begins(void **state)
{
    (void)state;
    at(1, OB_STAGE_GUIDED, 3);
    assert_non_null(strstr(line(false), "Easy, not deep"));
    snapshot.sensor = OB_SENSOR_NONE;
    at(1, OB_STAGE_GUIDED, 26);
    assert_string_equal(line(false), "No heart sensor: plain pacing.");
    protocol.phase_count = 0; /* a plain session counts from its own beginning */
    at(0, OB_STAGE_GUIDED, 3);
    assert_string_equal(line(false), "");
    snapshot.now_ns = ob_ns_from_s(3.0);
    assert_non_null(strstr(line(false), "Easy, not deep"));
}

static void what_matters_more_goes_first(void **state)
{
    (void)state;
    at(1, OB_STAGE_NATURAL, 31);
    assert_non_null(strstr(line(true), "It passes"));
    at(1, OB_STAGE_PAUSED, 31);
    assert_non_null(strstr(line(false), "Paused"));
    at(1, OB_STAGE_GUIDED, 31);
    snapshot.sensor = OB_SENSOR_HELD;
    strcpy(snapshot.reason, "signal held");
    assert_string_equal(line(false), "Signal held.");
    at(1, OB_STAGE_ENDED, 31);
    assert_non_null(strstr(line(false), "Thank you"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_phase_has_its_own_words_at_their_time, begin),
        cmocka_unit_test_setup(what_a_led_breath_is_like_is_said_when_it_begins, begin),
        cmocka_unit_test_setup(what_matters_more_goes_first, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
