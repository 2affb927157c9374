/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The limits of a protocol, and a guide that follows one. */
#include "base/maths.h"
#include "base/time.h"
#include "breath/guide.h"
#include "breath/protocol.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static const struct ob_guide_input follows = {.following = 3.0, .following_known = true, .heart = true};

static void refused(struct ob_session_phase phase, const struct ob_session_phase *before, bool kiosk,
                    enum ob_phase_field wanted, const char *said)
{
    enum ob_phase_field field;
    char clause[200] = "";
    if (ob_phase_check(&phase, before, kiosk, &field, clause, sizeof clause))
        fail_msg("taken, although '%s'", said);
    if (field != wanted || !strstr(clause, said))
        fail_msg("field %d '%s', not field %d '%s'", field, clause, wanted, said);
}

static void taken(struct ob_session_phase phase, const struct ob_session_phase *before, bool kiosk)
{
    enum ob_phase_field field;
    char clause[200] = "";
    if (!ob_phase_check(&phase, before, kiosk, &field, clause, sizeof clause))
        fail_msg("refused: %s", clause);
}

#define PACED(from, to, s)                                                                                             \
    (struct ob_session_phase)                                                                                          \
    {                                                                                                                  \
        .kind = OB_PHASE_PACED, .seconds = (s), .from_brpm = (from), .to_brpm = (to)                                   \
    }
#define GUIDED(from, to, s)                                                                                            \
    (struct ob_session_phase)                                                                                          \
    {                                                                                                                  \
        .kind = OB_PHASE_GUIDED, .seconds = (s), .from_brpm = (from), .to_brpm = (to)                                  \
    }
#define UNPACED(s)                                                                                                     \
    (struct ob_session_phase)                                                                                          \
    {                                                                                                                  \
        .kind = OB_PHASE_UNPACED, .seconds = (s)                                                                       \
    }

static void each_limit_is_named(void **state)
{
    (void)state;
    const struct ob_session_phase six = PACED(6, 6, 60), nine = PACED(9, 9, 60), free_breath = UNPACED(60);
    refused(PACED(40, 40, 60), NULL, false, OB_FIELD_FROM, "from 3 to 12");
    refused(PACED(2, 2, 60), NULL, false, OB_FIELD_FROM, "from 3 to 12");
    refused(PACED(6, 2, 600), NULL, false, OB_FIELD_TO, "from 3 to 12");
    refused(PACED((double)NAN, 6, 60), NULL, false, OB_FIELD_FROM, "limits");
    refused(GUIDED(9, 4.4, 600), NULL, false, OB_FIELD_TO, "from 4.5 to 10");
    refused(GUIDED(11, 6, 600), NULL, false, OB_FIELD_FROM, "from 4.5 to 10");
    refused(GUIDED(5, 6, 600), NULL, false, OB_FIELD_TO, "starts at its target or above");
    refused(PACED(9, 6, 3), NULL, false, OB_FIELD_TO, "60 breaths/min each minute; the limit is 1.5");
    refused(PACED(9, 6, 119), NULL, false, OB_FIELD_TO, "the limit is 1.5");
    taken(PACED(9, 6, 121), NULL, false);
    refused(nine, &six, false, OB_FIELD_FROM, "takes 120 s");
    taken(nine, &free_breath, false);
    taken(PACED(6.5, 6.5, 60), &six, false);
    refused(PACED(6, 6, 3), NULL, false, OB_FIELD_LENGTH, "from 10 s");
    refused(UNPACED(1e6), NULL, false, OB_FIELD_LENGTH, "128 minutes");
    refused(UNPACED((double)NAN), NULL, false, OB_FIELD_LENGTH, "128 minutes");
    struct ob_session_phase box = PACED(3.75, 3.75, 240);
    box.inhale_share = 0.5;
    box.hold_in_s = box.hold_out_s = 4;
    taken(box, NULL, false);
    refused(box, NULL, true, OB_FIELD_HOLD_IN, "kiosk");
    box.hold_out_s = 4.1;
    refused(box, NULL, false, OB_FIELD_HOLD_IN, "more than half of a breath");
    box.hold_in_s = -1;
    refused(box, NULL, false, OB_FIELD_HOLD_IN, "from 0 to 20");
    struct ob_session_phase four_seven_eight = PACED(60.0 / 19.0, 60.0 / 19.0, 240);
    four_seven_eight.inhale_share = 1.0 / 3.0;
    four_seven_eight.hold_in_s = 7;
    taken(four_seven_eight, NULL, false);
    four_seven_eight.inhale_share = 0.6;
    refused(four_seven_eight, NULL, false, OB_FIELD_INHALE, "one third to half");
    struct ob_session_phase loud = UNPACED(60);
    loud.sound_to_db = 3;
    refused(loud, NULL, false, OB_FIELD_SOUND, "0 (as loud as chosen)");
    struct ob_session_phase strange = UNPACED(60);
    strange.kind = OB_PHASE_KINDS;
    refused(strange, NULL, false, OB_FIELD_NONE, "kind");
}

static void a_whole_protocol_has_limits_too(void **state)
{
    (void)state;
    static struct ob_protocol p;
    char clause[200];
    memset(&p, 0, sizeof p);
    assert_false(ob_protocol_check(&p, clause, sizeof clause));
    p.phase_count = 2;
    p.phases[0] = p.phases[1] = UNPACED(64 * 60);
    assert_true(ob_protocol_check(&p, clause, sizeof clause));
    p.phases[1].seconds += 1;
    assert_false(ob_protocol_check(&p, clause, sizeof clause));
    assert_non_null(strstr(clause, "128"));
    p.phases[0] = p.phases[1] = GUIDED(9, 6, 90);
    p.kiosk = true;
    assert_true(ob_protocol_check(&p, clause, sizeof clause));
    p.phases[0].seconds = 600;
    assert_false(ob_protocol_check(&p, clause, sizeof clause));
    p.kiosk = false;
    p.search = OB_SEARCH_STEPPED;
    assert_false(ob_protocol_check(&p, clause, sizeof clause));
}

/* Fisher & Lehrer 2021: 78 breaths in 15 minutes from 6.75 to 4.25, each 67.04 ms longer. */
static void a_ramp_by_breath_makes_each_breath_longer_by_the_same(void **state)
{
    (void)state;
    struct ob_session_phase p = PACED(6.75, 4.25, 900);
    p.flags = OB_PHASE_BY_BREATH;
    taken(p, NULL, false);
    double turns = 0.0, last_s = 0.0, length_before = 0.0;
    int breaths = 0;
    for (double t = 0.0; t < 900.0; t += 0.001) {
        turns += ob_phase_brpm(&p, t) / 60.0 * 0.001;
        if ((int)turns > breaths) {
            const double length = t - last_s;
            if (breaths > 0)
                assert_true(fabs(length - length_before - 0.06704) < 0.004);
            length_before = length;
            last_s = t;
            breaths++;
        }
    }
    assert_in_range(breaths, 77, 78);
    assert_true(ob_phase_brpm(&p, 0) == 6.75 && fabs(ob_phase_brpm(&p, 900) - 4.25) < 1e-9);
}

static void begin(struct ob_guide *g, const struct ob_session_phase *phases, int count)
{
    const struct ob_session_plan plan = {.minutes = 1};
    ob_guide_init(g, &plan, 0);
    for (int i = 0; i < count; i++)
        assert_true(ob_guide_add_phase(g, &phases[i], 0));
}

/* Ticks to a time; the steepest change of pace while the pacer leads, breaths/min each minute. */
static double run_to(struct ob_guide *g, double s)
{
    double worst = 0.0;
    while (g->segment.start_ns < ob_ns_from_s(s) && g->stage != OB_GUIDE_ENDED) {
        const double before = g->rate_brpm;
        const bool led = ob_guide_leads(g);
        ob_guide_tick(g, g->segment.start_ns + OB_TICK_NS, &follows);
        if (led && ob_guide_leads(g))
            worst = fmax(worst, fabs(g->rate_brpm - before) * 6000.0);
    }
    return worst;
}

static void a_guide_goes_through_the_phases(void **state)
{
    (void)state;
    struct ob_session_phase phases[] = {UNPACED(60), PACED(6.5, 6.5, 60), PACED(6, 6, 120), PACED(6, 5, 60),
                                        UNPACED(30), PACED(8, 8, 60),     UNPACED(60)};
    phases[0].flags = phases[6].flags = OB_PHASE_MEASURED;
    phases[2].flags = OB_PHASE_NO_FEEDBACK;
    phases[3].sound_to_db = -60;
    struct ob_guide g;
    begin(&g, phases, 7);
    assert_int_equal(g.end_ns, ob_ns_from_s(450));
    assert_int_equal(g.stage, OB_GUIDE_BEFORE);
    double worst = run_to(&g, 59);
    assert_int_equal(g.stage, OB_GUIDE_BEFORE);
    worst = fmax(worst, run_to(&g, 61));
    assert_int_equal(g.stage, OB_GUIDE_GUIDED);
    assert_true(g.rate_brpm == 6.5 && ob_guide_rewards(&g));
    assert_true(g.segment.phase_turns < 0.12); /* a fresh breath */
    worst = fmax(worst, run_to(&g, 119));
    while (g.segment.start_ns < ob_ns_from_s(125)) {
        assert_true(ob_guide_leads(&g)); /* one led phase goes over into the next */
        run_to(&g, ob_s_from_ns(g.segment.start_ns) + 0.01);
    }
    worst = fmax(worst, run_to(&g, 130));
    assert_true(g.rate_brpm < 6.5 && g.rate_brpm > 6.0 && !ob_guide_rewards(&g)); /* no step is a jump */
    worst = fmax(worst, run_to(&g, 200));
    assert_true(fabs(g.rate_brpm - 6.0) < 1e-9);
    worst = fmax(worst, run_to(&g, 270));
    assert_true(fabs(g.rate_brpm - 5.5) < 0.01);
    assert_true(fabs(ob_guide_sound_db(&g) + 30) < 0.5);
    worst = fmax(worst, run_to(&g, 302));
    assert_int_equal(g.stage, OB_GUIDE_UNPACED);
    worst = fmax(worst, run_to(&g, 331));
    assert_true(g.rate_brpm == 8.0); /* nobody was led: nothing to glide from */
    worst = fmax(worst, run_to(&g, 395));
    assert_int_equal(g.stage, OB_GUIDE_AFTER);
    run_to(&g, 500);
    assert_int_equal(g.stage, OB_GUIDE_ENDED);
    assert_true(fabs(ob_s_from_ns(g.segment.start_ns) - 450) < 0.02);
    assert_true(worst > 1.4 && worst <= 1.5 + 1e-6);
}

static void holds_and_ratio_belong_to_their_phase(void **state)
{
    (void)state;
    struct ob_session_phase box = PACED(3.75, 3.75, 60), after = PACED(4.5, 4.5, 60);
    box.inhale_share = 0.5;
    box.hold_in_s = box.hold_out_s = 4;
    const struct ob_session_phase phases[] = {box, after};
    struct ob_guide g;
    begin(&g, phases, 2);
    assert_true(fabs(g.segment.shape.inhale_01 - 0.25) < 1e-9 && fabs(g.segment.shape.hold_full_01 - 0.25) < 1e-9);
    run_to(&g, 21);
    const struct ob_pacer_state s = ob_pacer_at(&g.segment, g.segment.start_ns);
    assert_int_equal(s.stage, OB_HOLD_FULL); /* 5 s into the second breath of 16 */
    run_to(&g, 110);
    assert_true(fabs(g.segment.shape.inhale_01 - 0.4) < 1e-9 && g.segment.shape.hold_full_01 == 0.0);
}

static void a_guided_phase_glides_and_waits(void **state)
{
    (void)state;
    const struct ob_session_phase phases[] = {UNPACED(120), GUIDED(9, 6, 600), UNPACED(120)};
    const struct ob_guide_input lost = {
        .following = -3.0, .following_known = true, .heart = true, .own_brpm = 14, .own_known = true};
    struct ob_guide g;
    begin(&g, phases, 3);
    run_to(&g, 121);
    assert_true(g.rate_brpm > 8.9);
    run_to(&g, 320);
    assert_true(fabs(g.rate_brpm - 6.0) < 0.2);
    for (int i = 0; i < 6000; i++)
        ob_guide_tick(&g, g.segment.start_ns + OB_TICK_NS, &lost);
    assert_true(g.waiting && fabs(g.rate_brpm - 6.0) < 0.2); /* it was followed there for minutes: it stands */
}

/* A learnt pace and the drift belong to guided phases; a written pace is as it is written. */
static void a_written_pace_is_neither_learnt_nor_drifts(void **state)
{
    (void)state;
    const struct ob_session_phase phases[] = {GUIDED(6, 6, 300), PACED(4, 4, 300), PACED(6, 6, 300)};
    struct ob_guide g;
    begin(&g, phases, 3);
    ob_guide_aim(&g, 5.2, 0.0);
    double lowest = 100.0, before = 0.0, steepest = 0.0;
    while (g.stage != OB_GUIDE_ENDED) {
        ob_guide_tick(&g, g.segment.start_ns + OB_TICK_NS, &follows);
        const double rate = g.segment.rate_brpm;
        if (before > 0.0)
            steepest = fmax(steepest, fabs(rate - before) * 6000.0);
        before = rate;
        lowest = fmin(lowest, rate);
        if (g.phase == 1 && ob_s_from_ns(g.phase_ns) > 200.0)
            assert_true(fabs(rate - 4.0) < 1e-9);
        if (g.phase == 2 && ob_s_from_ns(g.phase_ns) > 200.0)
            assert_true(fabs(rate - 6.0) < 1e-9);
    }
    assert_true(lowest > 3.74 && steepest < 2.5);
}

static void pause_next_dizzy_and_a_chosen_pace(void **state)
{
    (void)state;
    const struct ob_session_phase phases[] = {PACED(6, 6, 60), UNPACED(600), PACED(5, 5, 60)};
    struct ob_guide g;
    begin(&g, phases, 3);
    run_to(&g, 10);
    ob_guide_pause(&g, true);
    run_to(&g, 40);
    ob_guide_pause(&g, false);
    assert_true(fabs(ob_s_from_ns(g.phase_ns) - 10) < 0.02);
    assert_int_equal(g.end_ns, ob_ns_from_s(750));
    run_to(&g, 80);
    assert_int_equal(g.phase, 0);
    run_to(&g, 95);
    assert_int_equal(g.phase, 1);
    ob_guide_next(&g, g.segment.start_ns);
    run_to(&g, 97);
    assert_int_equal(g.phase, 2);
    assert_true(g.stage == OB_GUIDE_GUIDED && fabs(ob_s_from_ns(g.end_ns) - 155) < 0.1);
    ob_guide_natural(&g, true); /* dizzy */
    run_to(&g, 100);
    assert_int_equal(g.stage, OB_GUIDE_NATURAL);
    ob_guide_natural(&g, false);
    ob_guide_choose_rate(&g, 7);
    run_to(&g, 102);
    assert_true(g.stage == OB_GUIDE_GUIDED && g.rate_brpm == 7.0);
    ob_guide_next(&g, g.segment.start_ns);
    run_to(&g, 103);
    assert_int_equal(g.stage, OB_GUIDE_ENDED);
    /* Late, wrong and too many phases change nothing. */
    assert_false(ob_guide_add_phase(&g, &phases[0], g.segment.start_ns));
    const struct ob_session_phase wrong = PACED(40, 40, 60);
    begin(&g, phases, 1);
    assert_false(ob_guide_add_phase(&g, &wrong, 0));
    for (int i = 1; i < OB_GUIDE_PHASES; i++)
        assert_true(ob_guide_add_phase(&g, &phases[0], 0));
    assert_false(ob_guide_add_phase(&g, &phases[0], 0));
    assert_int_equal(OB_GUIDE_PHASES, OB_PROTOCOL_PHASES);
}

static void words_have_their_time(void **state)
{
    (void)state;
    static struct ob_protocol p;
    memset(&p, 0, sizeof p);
    p.caption_count = 2;
    p.captions[0] = (struct ob_protocol_caption){.phase = 1, .at_s = 5, .for_s = 20, .text = "Feet."};
    p.captions[1] = (struct ob_protocol_caption){.phase = 1, .at_s = 10, .for_s = 5, .text = "Legs."};
    assert_string_equal(ob_protocol_words(&p, 0, 6), "");
    assert_string_equal(ob_protocol_words(&p, 1, 4), "");
    assert_string_equal(ob_protocol_words(&p, 1, 6), "Feet.");
    assert_string_equal(ob_protocol_words(&p, 1, 12), "Legs.");
    assert_string_equal(ob_protocol_words(&p, 1, 24), "Feet.");
    assert_string_equal(ob_protocol_words(&p, 1, 25), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_limit_is_named),
        cmocka_unit_test(a_whole_protocol_has_limits_too),
        cmocka_unit_test(a_ramp_by_breath_makes_each_breath_longer_by_the_same),
        cmocka_unit_test(a_guide_goes_through_the_phases),
        cmocka_unit_test(holds_and_ratio_belong_to_their_phase),
        cmocka_unit_test(a_guided_phase_glides_and_waits),
        cmocka_unit_test(a_written_pace_is_neither_learnt_nor_drifts),
        cmocka_unit_test(pause_next_dizzy_and_a_chosen_pace),
        cmocka_unit_test(words_have_their_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
