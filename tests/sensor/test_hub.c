/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several sources at once: what the session takes of each, and what is seen of them. */
#include "base/time.h"
#include "os/clock.h"
#include "sensor/hub.h"
#include "sensor/person_source.h"
#include "sensor/view.h"

#include "heard.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct heard heard;

static struct ob_sensor *person(const char *text, enum ob_person_feed feed, bool with_resp)
{
    struct ob_person_source_desc desc = {.feed = feed, .with_resp = with_resp};
    char problem[200];
    ob_person_desc_init(&desc.person);
    assert_int_equal(ob_person_desc_parse(text, &desc.person, problem, sizeof problem), OB_OK);
    struct ob_sensor *sensor = ob_person_source_create(&desc);
    assert_non_null(sensor);
    return sensor;
}

static struct ob_hub *create(void)
{
    struct ob_hub *hub;
    assert_int_equal(ob_hub_create(&(struct ob_hub_desc){.emit = hear_event, .emit_user = &heard}, &hub), OB_OK);
    heard.count = 0;
    return hub;
}

static void run(struct ob_hub *hub, int64_t *now_ns, double seconds)
{
    const int64_t end_ns = *now_ns + ob_ns_from_s(seconds);
    for (; *now_ns < end_ns; *now_ns += 20 * OB_NS_PER_MS)
        ob_hub_service(hub, *now_ns);
}

struct count {
    int heart, breath, gaps, contacts;
};

static struct count count_of(uint32_t source)
{
    struct count c = {0};
    for (size_t i = 0; i < heard.count; i++) {
        const struct ob_event *e = &heard.event[i];
        if (e->source != source)
            continue;
        const bool samples = e->kind == OB_EVENT_SAMPLES;
        const bool breath = samples && e->u.samples.signal == OB_SIGNAL_RESP;
        c.breath += breath;
        c.heart += e->kind == OB_EVENT_RR || (samples && !breath);
        c.gaps += e->kind == OB_EVENT_GAP;
        c.contacts += e->kind == OB_EVENT_CONTACT;
    }
    return c;
}

static void the_heart_of_one_and_the_breath_of_another(void **state)
{
    (void)state;
    struct ob_hub *hub = create();
    int64_t now = OB_NS_PER_S;
    assert_int_equal(ob_hub_add(hub, person("seed=1", OB_PERSON_FEED_ECG, true), OB_HUB_HEART), 1);
    /* the belt is lost for a while: that is no gap of the heart's */
    assert_int_equal(
        ob_hub_add(hub, person("seed=2,dropout_at_min=0.1,dropout_s=5", OB_PERSON_FEED_RR, true), OB_HUB_BREATH), 2);
    run(hub, &now, 30);
    const struct count a = count_of(1), b = count_of(2);
    assert_true(a.heart > 500 && a.breath == 0 && a.contacts == 1 && a.gaps == 0);
    assert_true(b.heart == 0 && b.breath > 100 && b.contacts == 0 && b.gaps == 0);
    assert_true(ob_hub_events(hub) > heard.count);
    ob_hub_destroy(hub);
}

static void another_heart_begins_behind_a_gap(void **state)
{
    (void)state;
    struct ob_hub *hub = create();
    int64_t now = OB_NS_PER_S;
    ob_hub_add(hub, person("seed=1", OB_PERSON_FEED_RR, false), OB_HUB_ALL);
    ob_hub_add(hub, person("seed=2", OB_PERSON_FEED_RR, false), OB_HUB_NOTHING);
    run(hub, &now, 20);
    assert_true(count_of(1).heart > 10 && count_of(1).gaps == 0);
    assert_int_equal(count_of(2).heart + count_of(2).contacts, 0);
    assert_int_equal(ob_hub_taken(hub, 2), OB_HUB_NOTHING);
    ob_hub_take(hub, 1, OB_HUB_NOTHING);
    ob_hub_take(hub, 2, OB_HUB_ALL);
    heard.count = 0;
    run(hub, &now, 20);
    assert_true(heard.count > 10);
    assert_true(heard.event[0].kind == OB_EVENT_GAP && heard.event[0].source == 2);
    assert_int_equal(count_of(2).gaps, 1);
    assert_int_equal(count_of(1).heart, 0);
    /* and one that is added later */
    ob_hub_take(hub, 2, OB_HUB_NOTHING);
    assert_int_equal(ob_hub_add(hub, person("seed=3", OB_PERSON_FEED_RR, false), OB_HUB_ALL), 3);
    heard.count = 0;
    run(hub, &now, 20);
    assert_int_equal(heard.event[0].kind, OB_EVENT_GAP);
    assert_int_equal(count_of(3).gaps, 1);
    /* what asks for the same again is no change */
    ob_hub_take(hub, 3, OB_HUB_ALL);
    heard.count = 0;
    run(hub, &now, 10);
    assert_int_equal(count_of(3).gaps, 0);
    ob_hub_destroy(hub);
}

static void places_are_given_again(void **state)
{
    (void)state;
    struct ob_hub *hub = create();
    int64_t now = OB_NS_PER_S;
    struct ob_sensor_status status;
    for (uint32_t i = 1; i <= OB_HUB_SOURCES_MAX; i++)
        assert_int_equal(ob_hub_add(hub, person("seed=1", OB_PERSON_FEED_RR, false), OB_HUB_NOTHING), i);
    assert_int_equal(ob_hub_add(hub, person("seed=1", OB_PERSON_FEED_RR, false), OB_HUB_NOTHING), 0);
    run(hub, &now, 1);
    ob_hub_remove(hub, 3);
    ob_hub_remove(hub, 3);
    ob_hub_remove(hub, 0);
    assert_false(ob_hub_status(hub, 2, &status));
    assert_true(ob_hub_status(hub, 3, &status));
    run(hub, &now, 1);
    assert_int_equal(ob_hub_add(hub, person("seed=9", OB_PERSON_FEED_RR, false), OB_HUB_NOTHING), 3);
    run(hub, &now, 1);
    assert_true(ob_hub_status(hub, 2, &status));
    assert_string_equal(status.id, "person:9");
    ob_hub_destroy(hub);
}

static void a_view_shows_the_wave_and_its_beats(void **state)
{
    (void)state;
    struct ob_hub *hub = create();
    int64_t now = OB_NS_PER_S;
    static struct ob_view good, bad, beats;
    ob_hub_add(hub, person("seed=4,ecg_hz=1000", OB_PERSON_FEED_ECG, true), OB_HUB_ALL);
    ob_hub_add(hub, person("seed=5,ecg_noise_mv=1", OB_PERSON_FEED_ECG, false), OB_HUB_NOTHING);
    ob_hub_add(hub, person("seed=6", OB_PERSON_FEED_RR, false), OB_HUB_NOTHING);
    run(hub, &now, 5);
    assert_false(ob_hub_view(hub, 0, &good)); /* nobody watches */
    ob_hub_watch(hub, true);
    run(hub, &now, 40);
    assert_true(ob_hub_view(hub, 0, &good) && ob_hub_view(hub, 1, &bad) && ob_hub_view(hub, 2, &beats));
    assert_true(good.wave && good.signal == OB_SIGNAL_ECG && good.breath && !bad.breath && !beats.wave);
    assert_true(good.quality_01 > 0.7f && bad.quality_01 < 0.5f);
    assert_true(good.points > 38 * OB_VIEW_HZ && good.points < 42 * OB_VIEW_HZ);
    assert_true(now - good.last_ns < OB_NS_PER_S / 4);
    assert_true(fabs(ob_view_bpm(&good) - 66) < 15 && fabs(ob_view_bpm(&beats) - 66) < 15);
    assert_string_equal(ob_view_advice(&good), "");
    assert_non_null(strstr(ob_view_advice(&bad), "Moisten"));
    /* each beat of the last seconds stands on a point that is higher than nearly all others */
    int seen = 0;
    for (uint64_t i = good.beats - 6; i < good.beats; i++) {
        const int64_t back = (good.last_ns - good.beat_ns[i % OB_VIEW_BEATS]) * OB_VIEW_HZ / OB_NS_PER_S;
        assert_true(back >= 0 && back < OB_VIEW_POINTS - 2);
        float highest = -1e9f;
        for (int64_t k = -1; k <= 1; k++) {
            const int64_t at = (int64_t)good.points - 1 - back + k;
            highest = fmaxf(highest, good.point[(uint64_t)at % OB_VIEW_POINTS]);
        }
        int higher = 0;
        for (int k = 0; k < OB_VIEW_POINTS; k++)
            higher += good.point[k] > highest;
        seen += higher < OB_VIEW_POINTS / 30;
    }
    assert_int_equal(seen, 6);
    struct ob_sensor_status status;
    ob_hub_status(hub, 1, &status);
    assert_true(status.quality_01 < 0.5f && strstr(status.sentence, "Moisten"));
    ob_hub_status(hub, 0, &status);
    assert_true(status.quality_01 > 0.7f && !strstr(status.sentence, "Moisten"));
    ob_hub_watch(hub, false);
    run(hub, &now, 1);
    assert_false(ob_hub_view(hub, 0, &good));
    ob_hub_destroy(hub);
}

static void a_gap_is_seen_in_the_view(void **state)
{
    (void)state;
    struct ob_hub *hub = create();
    int64_t now = OB_NS_PER_S;
    static struct ob_view view;
    ob_hub_watch(hub, true);
    ob_hub_add(hub, person("seed=4,dropout_at_min=0.25,dropout_s=4", OB_PERSON_FEED_ECG, false), OB_HUB_ALL);
    run(hub, &now, 22);
    assert_true(ob_hub_view(hub, 0, &view));
    int holes = 0, bridged = 0;
    for (int i = 0; i < OB_VIEW_POINTS; i++)
        holes += isnan(view.point[i]);
    for (uint64_t i = view.beats > OB_VIEW_BEATS ? view.beats - OB_VIEW_BEATS : 0; i < view.beats; i++)
        bridged += view.rr_ms[i % OB_VIEW_BEATS] > 3000.0f;
    assert_int_equal(holes, 1);
    assert_int_equal(bridged, 0);
    ob_hub_destroy(hub);
}

/* Sources come and go while the thread polls. */
static void sources_come_and_go_while_it_runs(void **state)
{
    (void)state;
    static struct ob_event slots[4096];
    struct ob_ring ring;
    ob_ring_init(&ring, slots, sizeof slots[0], 4096);
    struct ob_hub *hub;
    assert_int_equal(ob_hub_create(&(struct ob_hub_desc){.ring = &ring}, &hub), OB_OK);
    assert_int_equal(ob_hub_start(hub), OB_OK);
    ob_hub_watch(hub, true);
    static struct ob_view view;
    struct ob_sensor_status status;
    for (int i = 0; i < 50; i++) {
        const uint32_t number = ob_hub_add(hub, person("seed=1,hr=120", OB_PERSON_FEED_ECG, false), OB_HUB_ALL);
        assert_true(number > 0);
        ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + 5 * OB_NS_PER_MS);
        assert_true(ob_hub_status(hub, (int)number - 1, &status));
        ob_hub_view(hub, (int)number - 1, &view);
        if (i % 3)
            ob_hub_remove(hub, number);
        else if (i % 2)
            ob_hub_take(hub, number, OB_HUB_NOTHING);
        if (i % 9 == 8)
            for (uint32_t k = 1; k <= OB_HUB_SOURCES_MAX; k++)
                ob_hub_remove(hub, k);
        struct ob_event event;
        while (ob_ring_pop(&ring, &event))
            assert_true(event.source >= 1 && event.source <= OB_HUB_SOURCES_MAX);
    }
    assert_true(ob_hub_events(hub) > 0);
    ob_hub_destroy(hub);
}

/* A source that is serviced twice within a tenth of a second, then never again; each time it sees one device more. */
struct looker {
    struct ob_sensor sensor;
    int services;
};

static int64_t looker_deadline_ns(const struct ob_sensor *sensor)
{
    const int services = ((const struct looker *)sensor)->services;
    return services == 0 ? INT64_MIN : services == 1 ? OB_NS_PER_S + OB_NS_PER_S / 10 : INT64_MAX;
}

static void looker_service(struct ob_sensor *sensor, int64_t now_ns, const struct pollfd *fds, int count,
                           ob_sensor_emit_fn *emit, void *user)
{
    (void)now_ns;
    (void)fds;
    (void)count;
    (void)emit;
    (void)user;
    ((struct looker *)sensor)->services++;
}

static void looker_status(const struct ob_sensor *sensor, struct ob_sensor_status *status_out)
{
    (void)sensor;
    strcpy(status_out->id, "looker");
}

static int looker_found(const struct ob_sensor *sensor, struct ob_sensor_status *found_out, int max)
{
    const int services = ((const struct looker *)sensor)->services;
    for (int i = 0; i < services && i < max; i++)
        strcpy(found_out[i].name, "a device");
    return services;
}

static void looker_close(struct ob_sensor *sensor)
{
    (void)sensor;
}

static void what_is_in_sight_last_is_listed_too(void **state)
{
    (void)state;
    static const struct ob_sensor_ops ops = {.kind = "looker",
                                             .deadline_ns = looker_deadline_ns,
                                             .service = looker_service,
                                             .status = looker_status,
                                             .found = looker_found,
                                             .close = looker_close};
    struct looker looker = {.sensor = {.ops = &ops}};
    struct ob_sensor_status found[4];
    struct ob_hub *hub = create();
    assert_int_equal(ob_hub_add(hub, &looker.sensor, OB_HUB_NOTHING), 1);
    ob_hub_service(hub, OB_NS_PER_S);
    assert_int_equal(ob_hub_found(hub, 0, found, 4), 1);
    ob_hub_service(hub, ob_hub_deadline_ns(hub));
    assert_int_equal(looker.services, 2);
    const int64_t due_ns = ob_hub_deadline_ns(hub);
    assert_true(due_ns <= 2 * OB_NS_PER_S); /* it has something to tell yet */
    ob_hub_service(hub, due_ns);
    assert_int_equal(ob_hub_found(hub, 0, found, 4), 2);
    assert_string_equal(found[1].name, "a device");
    assert_string_equal(found[1].kind, "looker");
    assert_true(ob_hub_deadline_ns(hub) == INT64_MAX);
    ob_hub_destroy(hub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_in_sight_last_is_listed_too),
        cmocka_unit_test(the_heart_of_one_and_the_breath_of_another),
        cmocka_unit_test(another_heart_begins_behind_a_gap),
        cmocka_unit_test(places_are_given_again),
        cmocka_unit_test(a_view_shows_the_wave_and_its_beats),
        cmocka_unit_test(a_gap_is_seen_in_the_view),
        cmocka_unit_test(sources_come_and_go_while_it_runs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
