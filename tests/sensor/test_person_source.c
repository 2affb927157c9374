/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/time.h"
#include "sensor/hub.h"
#include "sensor/person_source.h"

#include "heard.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct heard heard, again;

static bool hear_six(void *user, int64_t now_ns, struct ob_person_cue *cue_out)
{
    (void)user;
    *cue_out = (struct ob_person_cue){
        .phase_turns = fmod((double)now_ns * 1e-10, 1.0), .rate_brpm = 6.0, .inhale_01 = 0.4, .audible_01 = 1.0};
    return true;
}

static struct ob_hub *run(const char *text, enum ob_person_feed feed, double seconds, int64_t step_ns,
                          struct heard *into)
{
    struct ob_person_source_desc desc = {.feed = feed, .hear = hear_six, .with_resp = true, .with_acc = true};
    char problem[200];
    ob_person_desc_init(&desc.person);
    assert_int_equal(ob_person_desc_parse(text, &desc.person, problem, sizeof problem), OB_OK);
    struct ob_hub *hub;
    assert_int_equal(ob_hub_create(&(struct ob_hub_desc){.emit = hear_event, .emit_user = into}, &hub), OB_OK);
    ob_hub_add(hub, ob_person_source_create(&desc), OB_HUB_ALL);
    into->count = 0;
    for (int64_t now = 0; now <= ob_ns_from_s(seconds); now += step_ns)
        ob_hub_service(hub, now);
    return hub;
}

static void a_simulated_heart_streams_and_says_so(void **state)
{
    (void)state;
    struct ob_hub *hub = run("seed=7", OB_PERSON_FEED_ECG, 60, 20 * OB_NS_PER_MS, &heard);
    double frames[OB_SIGNAL_KINDS] = {0};
    for (size_t i = 0; i < heard.count; i++)
        if (heard.event[i].kind == OB_EVENT_SAMPLES)
            frames[heard.event[i].u.samples.signal] += heard.event[i].u.samples.frames;
    assert_true(fabs(frames[OB_SIGNAL_ECG] - 60 * 130) < 30);
    assert_true(fabs(frames[OB_SIGNAL_RESP] - 60 * 25) < 10);
    assert_true(fabs(frames[OB_SIGNAL_ACC] - 60 * 50) < 20);
    assert_true(frames[OB_SIGNAL_PPG] == 0);
    assert_int_equal(heard_of(&heard, OB_EVENT_CONTACT), 1);
    assert_int_equal(heard_of(&heard, OB_EVENT_RR), 0);
    assert_int_equal(heard_of(&heard, OB_EVENT_GAP), 0);
    struct ob_sensor_status status;
    ob_hub_status(hub, 0, &status);
    assert_true(status.simulated && status.state == OB_SOURCE_STREAMING);
    assert_non_null(strstr(status.sentence, "imulated"));
    ob_hub_destroy(hub);
}

static void intervals_and_losses_come_through(void **state)
{
    (void)state;
    struct ob_hub *hub = run("seed=3,dropout_at_min=0.5,dropout_s=8", OB_PERSON_FEED_RR, 90, 20 * OB_NS_PER_MS, &heard);
    const size_t beats = heard_of(&heard, OB_EVENT_RR);
    assert_true(beats > 60 && beats < 120);
    assert_int_equal(heard_of(&heard, OB_EVENT_GAP), 1);
    for (size_t i = 0; i < heard.count; i++)
        assert_true(heard.event[i].arrived_ns >= heard.event[i].measured_ns);
    ob_hub_destroy(hub);
}

static void it_does_not_matter_how_late_the_hub_calls(void **state)
{
    (void)state;
    ob_hub_destroy(run("seed=5", OB_PERSON_FEED_RR, 60, 20 * OB_NS_PER_MS, &heard));
    ob_hub_destroy(run("seed=5", OB_PERSON_FEED_RR, 60, 300 * OB_NS_PER_MS, &again));
    assert_int_equal(heard.count, again.count);
    for (size_t i = 0; i < heard.count; i++) {
        assert_int_equal(heard.event[i].kind, again.event[i].kind);
        assert_true(heard.event[i].measured_ns == again.event[i].measured_ns);
        assert_memory_equal(&heard.event[i].u, &again.event[i].u, sizeof heard.event[i].u);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_simulated_heart_streams_and_says_so),
        cmocka_unit_test(intervals_and_losses_come_through),
        cmocka_unit_test(it_does_not_matter_how_late_the_hub_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
