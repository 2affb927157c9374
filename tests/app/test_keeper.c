/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one session leaves for the next: the baseline, a gentle start after the dizziness key; and who is never kept. */
#include "app/options.h"
#include "app/session/keeper.h"
#include "base/mark.h"
#include "base/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char folder[256];

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "%s/outbreath-keeper-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    return mkdtemp(folder) ? 0 : 1;
}

static int tear_down(void **state)
{
    (void)state;
    char command[300];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) != 0;
}

/* Two guided minutes with a beat a second and this RSA amplitude; the dizziness key in the middle, or not. Returns the
 * plan as the keeper left it. */
static struct ob_engine *engine; /* what is learnt comes from here, where there is one */
static bool past_known;

static struct ob_session_plan live(double rsa_bpm, bool dizzy)
{
    static struct ob_snapshot s;
    const struct ob_keeper_desc desc = {.data = folder, .source = "a test"};
    struct ob_session_plan plan = {.minutes = 10.0, .start_brpm = 9.0, .target_brpm = 6.0, .hold_in_s = 1.0};
    struct ob_keeper *keeper = NULL;
    assert_int_equal(ob_keeper_begin(&desc, &plan, &keeper), OB_EXIT_DONE);
    struct ob_event past;
    past_known = ob_keeper_past(keeper, &past);
    memset(&s, 0, sizeof s);
    s.stage = OB_STAGE_GUIDED;
    s.begin_ns = 5 * OB_NS_PER_S;
    for (int i = 1; i <= 120; i++) {
        s.now_ns = s.begin_ns + i * OB_NS_PER_S;
        s.rsa_bpm = (struct ob_value){.value = rsa_bpm, .valid = rsa_bpm > 0.0};
        s.beats[s.beat_count % OB_SNAPSHOT_BEATS] =
            (struct ob_snapshot_beat){.time_ns = s.now_ns, .rr_ms = 1000.0f, .nn_ms = 1000.0f};
        s.beat_count++;
        ob_keeper_look(keeper, &s);
        if (dizzy && i == 50) {
            struct ob_event event = {.kind = OB_EVENT_MARK, .applied_ns = s.now_ns};
            event.u.mark.label = OB_MARK_TEXT;
            ob_mark_words("die Schultern sinken", event.u.mark.words, sizeof event.u.mark.words);
            ob_keeper_event(keeper, &event);
            event.u.mark.label = OB_MARK_TURNED_OVER;
            event.u.mark.words[0] = '\0';
            ob_keeper_event(keeper, &event);
            s.marks[s.mark_count++ % OB_SNAPSHOT_MARKS] =
                (struct ob_settling_mark){.at_ns = s.begin_ns + 20 * OB_NS_PER_S,
                                          .known_ns = s.now_ns,
                                          .heart_bpm = -3.26,
                                          .swing_percent = 55.0};
        }
        if (dizzy && i == 60) {
            struct ob_event event = {.kind = OB_EVENT_COMMAND, .applied_ns = s.now_ns};
            event.u.command.code = OB_COMMAND_DIZZY;
            event.u.command.value = 1.0;
            ob_keeper_event(keeper, &event);
        }
    }
    s.stage = OB_STAGE_ENDED;
    ob_keeper_look(keeper, &s);
    s.beat_count += 50; /* after the end: nobody's */
    ob_keeper_look(keeper, &s);
    if (engine)
        ob_keeper_learn(keeper, engine);
    assert_int_equal(ob_keeper_end(keeper, OB_EXIT_DONE, NULL), OB_EXIT_DONE);
    return plan;
}

static struct ob_store *opened(void)
{
    char problem[300];
    struct ob_store *store = NULL;
    const struct ob_store_desc desc = {.folder = folder, .existing = true};
    if (ob_store_open(&desc, &store, problem, sizeof problem))
        fail_msg("%s", problem);
    return store;
}

static void test_the_baseline_is_of_before(void **state)
{
    (void)state;
    assert_true(live(8.0, false).baseline_rsa_bpm == 0.0);
    assert_true(live(4.0, false).baseline_rsa_bpm == 8.0);
    assert_true(live(0.0, false).baseline_rsa_bpm == 7.0); /* a quarter of the way from 8 to 4 */
    assert_true(live(4.0, false).baseline_rsa_bpm == 7.0); /* a session without numbers says nothing */
    struct ob_store *store = opened();
    struct ob_person_row *people = NULL;
    size_t count = 0;
    assert_int_equal(ob_store_people(store, &people, &count), OB_OK);
    assert_int_equal(count, 1);
    assert_int_equal(people[0].sessions, 4);
    free(people);
    ob_store_close(store);
}

static void test_after_the_dizziness_key_the_next_starts_gently(void **state)
{
    (void)state;
    struct ob_session_plan plan = live(8.0, true);
    assert_true(plan.start_brpm == 9.0 && plan.target_brpm == 6.0 && plan.hold_in_s == 1.0);
    plan = live(8.0, false);
    assert_true(plan.start_brpm == 10.0 && plan.target_brpm == 7.0 && plan.hold_in_s == 0.0);
    plan = live(8.0, false); /* and that one was the last gentle one */
    assert_true(plan.start_brpm == 9.0 && plan.target_brpm == 6.0 && plan.hold_in_s == 1.0);
}

static void test_what_the_engine_learnt_goes_on(void **state)
{
    (void)state;
    engine = ob_engine_create();
    assert_non_null(engine);
    live(8.0, false);
    assert_false(past_known);
    live(8.0, false);
    assert_true(past_known);
    ob_engine_destroy(engine);
    engine = NULL;
}

static void test_what_is_kept_of_it(void **state)
{
    (void)state;
    char problem[300];
    live(8.0, true);
    struct ob_store *store = opened();
    struct ob_person_row *people = NULL;
    struct ob_session_row *rows = NULL;
    struct ob_key *key = NULL;
    size_t count = 0;
    assert_int_equal(ob_store_people(store, &people, &count), OB_OK);
    assert_int_equal(ob_key_load(folder, &people[0].id, NULL, 0, &key, problem, sizeof problem), OB_OK);
    assert_int_equal(ob_store_sessions(store, key, &rows, &count, NULL), OB_OK);
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].beats, 120);
    struct ob_recording recording = {0};
    assert_int_equal(ob_store_session_load(store, key, &rows[0].id, &recording), OB_OK);
    assert_int_equal(recording.beat_count, 120);
    assert_true(recording.beats[0].time_ns == OB_NS_PER_S);
    assert_int_equal(recording.feature_count, 120);
    assert_true(recording.features[119].values[OB_FEATURE_RSA_BPM] == 8.0f);
    assert_int_equal(recording.mark_count, 4);
    assert_string_equal(recording.marks[0].kind, "text");
    assert_string_equal(recording.marks[0].words, "die Schultern sinken");
    assert_true(recording.marks[0].time_ns == 50 * OB_NS_PER_S);
    assert_string_equal(recording.marks[1].kind, "turned over");
    assert_string_equal(recording.marks[2].kind, OB_MOMENT_KIND);
    assert_string_equal(recording.marks[2].words, "known_s=50 heart_bpm=-3.3 swing_pct=55 paced=0");
    assert_true(recording.marks[2].time_ns == 20 * OB_NS_PER_S);
    assert_string_equal(recording.marks[3].kind, "dizzy");
    assert_true(recording.marks[3].time_ns == 60 * OB_NS_PER_S);
    ob_recording_finish(&recording);
    free(rows);
    free(people);
    ob_key_destroy(key);
    ob_store_close(store);
}

static void test_a_simulated_heart_is_nobodys(void **state)
{
    (void)state;
    live(8.0, false);
    struct ob_session_plan plan = {.minutes = 1.0};
    struct ob_keeper *keeper = NULL;
    struct ob_keeper_desc desc = {.data = folder, .who = "Me", .simulated = true};
    assert_int_equal(ob_keeper_begin(&desc, &plan, &keeper), OB_EXIT_USAGE);
    desc.who = NULL;
    assert_int_equal(ob_keeper_begin(&desc, &plan, &keeper), OB_EXIT_DONE);
    assert_int_equal(ob_keeper_end(keeper, OB_EXIT_DONE, NULL), OB_EXIT_DONE);
    desc = (struct ob_keeper_desc){.data = folder, .who = "Simulated person"};
    assert_int_equal(ob_keeper_begin(&desc, &plan, &keeper), OB_EXIT_USAGE);
    live(8.0, false); /* and the only real one is still found without a name */
    /* A session in which nothing happened was not kept. */
    struct ob_store *store = opened();
    struct ob_person_row *people = NULL;
    size_t count = 0;
    assert_int_equal(ob_store_people(store, &people, &count), OB_OK);
    assert_int_equal(count, 2);
    assert_int_equal(people[0].sessions, 2);
    assert_int_equal(people[1].sessions, 0);
    free(people);
    ob_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_the_baseline_is_of_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_after_the_dizziness_key_the_next_starts_gently, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_the_engine_learnt_goes_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_is_kept_of_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_simulated_heart_is_nobodys, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
