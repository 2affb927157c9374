/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is seen about an exhale moment, and when it can't be told: simulated persons with a belt or the chest's
 * acceleration, through the whole engine. */
#include "app/session/plan.h"
#include "app/session/simulation.h"
#include "app/window/caption.h"
#include "base/time.h"
#include "breath/protocol.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define SHIFT_MIN 14.0

/* A person who breathes alone for half an hour and lets go; seed 3 of the ordinary description. */
static struct ob_simulation_desc lets_go(void)
{
    struct ob_simulation_desc desc = {.feed = OB_PERSON_FEED_RR, .deaf = true, .plan = {.minutes = 24}};
    ob_person_desc_init(&desc.person);
    desc.person.seed = 3;
    desc.person.shift_at_min = SHIFT_MIN;
    desc.person.shift_bpm = -5.0;
    desc.person.sighs_per_h = 0.0;
    return desc;
}

struct seen {
    struct ob_settling_mark mark; /* the newest */
    uint64_t marks;
    double watched_s, blind_s, early_s, blind_after_shift_s, most_bloom;
};

static struct seen live(const struct ob_simulation_desc *desc)
{
    struct seen seen = {0};
    struct ob_simulation *sim = ob_simulation_create(desc);
    assert_non_null(sim);
    if (desc->phase_count == 0)
        ob_engine_step(ob_simulation_engine(sim),
                       &(struct ob_event){.kind = OB_EVENT_COMMAND, .u.command = {OB_COMMAND_JUST_BREATHE, 1.0}});
    double blind_before_s = 0.0;
    const struct ob_snapshot *s = ob_simulation_snapshot(sim);
    while (ob_simulation_tick(sim)) {
        s = ob_simulation_snapshot(sim);
        seen.most_bloom = fmax(seen.most_bloom, (double)s->params.bloom_01);
        if (ob_s_from_ns(s->now_ns) < 60.0 * SHIFT_MIN)
            blind_before_s = s->settling_blind_s;
    }
    seen.marks = s->mark_count;
    if (seen.marks > 0)
        seen.mark = s->marks[(seen.marks - 1) % OB_SNAPSHOT_MARKS];
    seen.watched_s = s->settling_watched_s;
    seen.blind_s = s->settling_blind_s;
    seen.early_s = s->settling_early_s;
    seen.blind_after_shift_s = s->settling_blind_s - blind_before_s;
    const double all_s = ob_s_from_ns(s->now_ns - s->begin_ns);
    if (fabs(seen.watched_s + seen.blind_s + seen.early_s - all_s) > 2.0)
        fail_msg("watched %.0f, blind %.0f and early %.0f s do not make %.0f s", seen.watched_s, seen.blind_s,
                 seen.early_s, all_s);
    ob_simulation_destroy(sim);
    return seen;
}

static void sighs_about_a_mark_are_part_of_it(void **state)
{
    (void)state;
    struct ob_simulation_desc desc = lets_go();
    desc.with_resp = true;
    const struct seen none = live(&desc);
    assert_int_equal(none.marks, 1);
    assert_true(none.mark.sighs_known);
    assert_int_equal(none.mark.sighs, 0);
    desc.person.sighs_per_h = 40.0; /* two about each mark, then */
    const struct seen some = live(&desc);
    assert_int_equal(some.marks, 1);
    assert_true(some.mark.sighs_known);
    assert_in_range(some.mark.sighs, 1, 4);
    assert_true(fabs(ob_s_from_ns(some.mark.sigh_ns - some.mark.at_ns)) < 91.0);
    /* with the heart alone nothing is known of them */
    desc.with_resp = false;
    const struct seen alone = live(&desc);
    assert_int_equal(alone.marks, 1);
    assert_false(alone.mark.sighs_known);
    assert_int_equal(alone.mark.sighs, 0);
}

static void who_moves_is_not_told_anything(void **state)
{
    (void)state;
    struct ob_simulation_desc desc = lets_go();
    desc.with_acc = true;
    const struct seen still = live(&desc);
    assert_int_equal(still.marks, 1);
    assert_true(still.blind_after_shift_s < 60.0);
    desc.person.motion_per_min = 6.0;
    const struct seen restless = live(&desc);
    print_message("moving: %.0f s watched, %.0f s it could not be told (still: %.0f s and %.0f s)\n",
                  restless.watched_s, restless.blind_s, still.watched_s, still.blind_s);
    assert_int_equal(restless.marks, 0);
    assert_true(restless.blind_s > 600.0 && restless.watched_s < 60.0);
    /* soft strokes on a body that lies still are no movement of its own */
    desc.person.motion_per_min = 0.0;
    desc.person.strokes = 10.0;
    assert_true(live(&desc).blind_after_shift_s < 60.0);
}

static void without_a_signal_it_could_not_be_told(void **state)
{
    (void)state;
    struct ob_simulation_desc desc = lets_go();
    desc.person.dropout_at_min = 10.0;
    desc.person.dropout_s = 1200.0; /* to the end */
    const struct seen lost = live(&desc);
    assert_int_equal(lost.marks, 0);
    assert_true(lost.blind_s > 13.0 * 60.0);
}

static void in_a_treatment_it_is_only_marked(void **state)
{
    (void)state;
    struct ob_simulation_desc desc = lets_go();
    struct ob_session_phase phases[] = {
        {.kind = OB_PHASE_UNPACED, .flags = OB_PHASE_MEASURED | OB_PHASE_NO_FEEDBACK, .seconds = 120},
        {.kind = OB_PHASE_UNPACED, .flags = OB_PHASE_NO_FEEDBACK, .seconds = 1200},
        {.kind = OB_PHASE_UNPACED, .flags = OB_PHASE_MEASURED | OB_PHASE_NO_FEEDBACK, .seconds = 120},
    };
    desc.phases = phases;
    desc.phase_count = 3;
    const struct seen marked = live(&desc);
    assert_int_equal(marked.marks, 1);
    assert_false(marked.mark.answered);
    assert_true(marked.most_bloom <= 0.0);
    /* the same phases as a practice, with feedback: answered */
    for (int i = 0; i < 3; i++)
        phases[i].flags &= ~OB_PHASE_NO_FEEDBACK;
    const struct seen answered = live(&desc);
    assert_int_equal(answered.marks, 1);
    assert_true(answered.mark.answered);
    assert_true(answered.most_bloom > 0.9);
}

/* Sound and light go softly, in this order: all there, less and less, nothing, over. */
static void who_falls_asleep_is_let_go_softly(void **state)
{
    (void)state;
    struct ob_simulation_desc desc = {.feed = OB_PERSON_FEED_ECG, .plan = {.minutes = 25}};
    struct ob_session_phase stays = {
        .kind = OB_PHASE_GUIDED, .flags = OB_PHASE_STAY, .seconds = 1500, .from_brpm = 9, .to_brpm = 6};
    ob_person_desc_init(&desc.person);
    desc.person.seed = 3;
    desc.person.asleep_at_min = 8.0;
    for (int run = 0; run < 3; run++) {
        /* asleep; asleep where the protocol lets nobody go; awake */
        desc.phases = run == 1 ? &stays : NULL;
        desc.phase_count = run == 1;
        desc.person.asleep_at_min = run == 2 ? -1.0 : 8.0;
        struct ob_simulation *sim = ob_simulation_create(&desc);
        assert_non_null(sim);
        const struct ob_snapshot *s = ob_simulation_snapshot(sim);
        const struct ob_protocol usual = {.end = OB_END_FAREWELL}, dark = {.dark = true};
        double gone_s = -1.0, sound_db = 0.0, presence = 1.0;
        bool gong = false;
        while (ob_simulation_tick(sim)) {
            s = ob_simulation_snapshot(sim);
            gong |= ob_plan_gong_due(&usual, s);
            if (s->let_go_ns == 0)
                continue;
            gone_s = ob_s_from_ns(s->let_go_ns);
            assert_true(s->sound_db <= sound_db + 1e-9 && s->sound_db > sound_db - 1.0);
            assert_true((double)s->params.presence_01 <= presence + 0.01);
            sound_db = s->sound_db;
            presence = (double)s->params.presence_01;
        }
        const double lasted_s = ob_s_from_ns(s->now_ns);
        if (run == 0) {
            print_message("asleep from minute 8: let go after %.0f s, over after %.0f s\n", gone_s, lasted_s);
            assert_true(gone_s > 12.0 * 60.0 && lasted_s < 1490.0 && fabs(lasted_s - gone_s - 120.0) < 3.0);
            assert_true(sound_db <= -60.0 && presence < 0.01);
            assert_true(!gong && ob_plan_light_01(&dark, s) <= 0.0f);
        } else {
            assert_true(gone_s < 0.0 && lasted_s > 1499.0);
            assert_true(gong && ob_plan_light_01(&dark, s) > 0.9f);
        }
        char words[200];
        ob_caption(s, NULL, false, words, sizeof words);
        assert_true((words[0] == '\0') == (run == 0)); /* no thanks that wake anybody */
        ob_simulation_destroy(sim);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sighs_about_a_mark_are_part_of_it),     cmocka_unit_test(who_moves_is_not_told_anything),
        cmocka_unit_test(without_a_signal_it_could_not_be_told), cmocka_unit_test(in_a_treatment_it_is_only_marked),
        cmocka_unit_test(who_falls_asleep_is_let_go_softly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
