/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/maths.h"
#include "base/time.h"
#include "breath/guide.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static const struct ob_guide_input follows = {.following = 3.0, .following_known = true, .heart = true};
static const struct ob_guide_input lost = {
    .following = -3.0, .following_known = true, .heart = true, .own_brpm = 14, .own_known = true};
static const struct ob_guide_input blind = {0};

/* Ticks to a time; returns the largest change of rate seen in one minute. */
static double run_to(struct ob_guide *g, double s, const struct ob_guide_input *input)
{
    const double limit_per_tick = 1.5 / 60.0 * 0.01 + 1e-12;
    double worst = 0.0;
    while (g->segment.start_ns < ob_ns_from_s(s) && g->stage != OB_GUIDE_ENDED) {
        const double before = g->rate_brpm;
        ob_guide_tick(g, g->segment.start_ns + OB_TICK_NS, input);
        worst = fmax(worst, fabs(g->rate_brpm - before) / limit_per_tick);
    }
    return worst;
}

static void the_target_is_there_by_one_third(void **state)
{
    (void)state;
    for (double minutes = 10; minutes <= 30; minutes += 5) {
        struct ob_guide g;
        const struct ob_session_plan plan = {.minutes = minutes, .start_brpm = 9, .target_brpm = 5.5};
        ob_guide_init(&g, &plan, 0);
        assert_true(run_to(&g, minutes * 20.0, &follows) <= 1.0 + 1e-6);
        assert_true(fabs(g.rate_brpm - 5.5) < 0.01);
        /* guidance that nobody measures glides the same */
        ob_guide_init(&g, &plan, 0);
        run_to(&g, minutes * 20.0, &blind);
        assert_true(fabs(g.rate_brpm - 5.5) < 0.01);
    }
}

static void it_listens_for_as_long_as_there_is_time(void **state)
{
    (void)state;
    const struct {
        double minutes, listens_s;
    } sessions[] = {{5, 44}, {10, 44}, {15, 113}, {20, 119}, {60, 119}};
    for (size_t i = 0; i < sizeof sessions / sizeof *sessions; i++) {
        struct ob_guide g;
        const struct ob_session_plan plan = {.minutes = sessions[i].minutes};
        ob_guide_init(&g, &plan, 0);
        run_to(&g, sessions[i].listens_s, &follows);
        if (g.rate_brpm != 9.0)
            fail_msg("%g minutes: %g at %g s", sessions[i].minutes, g.rate_brpm, sessions[i].listens_s);
        run_to(&g, sessions[i].listens_s + 2.0, &follows);
        assert_true(g.rate_brpm < 9.0);
        ob_guide_init(&g, &plan, 0);
        run_to(&g, 22.0, &blind);
        assert_true(g.rate_brpm < 9.0);
    }
}

static void it_waits_while_the_person_does_not_follow(void **state)
{
    (void)state;
    struct ob_guide g;
    const struct ob_session_plan plan = {.minutes = 10};
    ob_guide_init(&g, &plan, 0);
    assert_true(g.rate_brpm == 9.0);
    run_to(&g, 100.0, &lost);
    assert_true(g.waiting);
    assert_true(g.rate_brpm > 8.5 && g.rate_brpm <= OB_PACE_AUTO_MAX_BRPM);
    run_to(&g, 200.0, &lost);
    assert_true(g.waiting);
    assert_true(fabs(g.rate_brpm - OB_PACE_AUTO_MAX_BRPM) < 1e-9); /* as near to 14 as automatic pace goes */
    run_to(&g, 395.0, &follows);
    assert_false(g.waiting);
    assert_true(fabs(g.rate_brpm - 6.0) < 0.01);
}

static void it_goes_back_to_the_pace_that_was_followed_and_tries_ever_more_rarely(void **state)
{
    (void)state;
    struct ob_guide g;
    const struct ob_session_plan plan = {.minutes = 60};
    ob_guide_init(&g, &plan, 0);
    run_to(&g, 400.0, &follows);
    double from = 400.0;
    for (int attempt = 1; attempt <= 5; attempt++) {
        const double followed = g.rate_brpm;
        run_to(&g, from + 240.0, &lost);
        assert_true(g.waiting && g.waits == (attempt < 4 ? attempt : 3));
        assert_true(fabs(g.rate_brpm - followed) < 0.3);
        run_to(&g, from + 300.0, &follows);
        assert_true(g.waiting == (attempt >= 2)); /* 5 s are enough the first time, a minute of following later */
        run_to(&g, from + 400.0, &follows);
        assert_true(g.waiting == (attempt >= 3)); /* and four minutes then */
        from += 400.0;
    }
    run_to(&g, from + 150.0, &follows);
    assert_false(g.waiting);
    run_to(&g, from + 250.0, &lost);
    run_to(&g, from + 1100.0, &follows);
    assert_true(g.waiting); /* four times are enough */
}

static void doubt_neither_waits_nor_leads_down(void **state)
{
    (void)state;
    struct ob_guide g;
    const struct ob_session_plan plan = {.minutes = 10};
    const struct ob_guide_input weak = {.following = -0.4, .following_known = true, .heart = true};
    ob_guide_init(&g, &plan, 0);
    run_to(&g, 300.0, &weak);
    assert_true(g.rate_brpm > 8.0 && g.rate_brpm <= 9.0);
}

static void the_last_third_is_quiet(void **state)
{
    (void)state;
    struct ob_guide g;
    const struct ob_session_plan plan = {.minutes = 15};
    ob_guide_init(&g, &plan, 0);
    run_to(&g, 601.0, &follows);
    const double rate = g.rate_brpm;
    ob_guide_aim(&g, 5.0, 0.0);
    double low = rate, high = rate;
    while (ob_guide_leads(&g)) {
        run_to(&g, ob_s_from_ns(g.segment.start_ns) + 1.0, &lost);
        low = fmin(low, g.rate_brpm + g.drift_brpm);
        high = fmax(high, g.rate_brpm + g.drift_brpm);
    }
    assert_true(g.rate_brpm == rate);
    assert_true(low >= rate - OB_DRIFT_BRPM - 1e-9 && high <= rate + OB_DRIFT_BRPM + 1e-9);
}

static void the_pace_drifts_about_its_target_and_follows_its_aim(void **state)
{
    (void)state;
    struct ob_guide g;
    const struct ob_session_plan plan = {.minutes = 30};
    ob_guide_init(&g, &plan, 0);
    run_to(&g, 800.0, &follows);
    double low = 20.0, high = 0.0;
    while (g.segment.start_ns < ob_ns_from_s(1100.0)) {
        run_to(&g, ob_s_from_ns(g.segment.start_ns) + 1.0, &follows);
        low = fmin(low, g.segment.rate_brpm);
        high = fmax(high, g.segment.rate_brpm);
    }
    assert_true(fabs(low - 5.75) < 0.01 && fabs(high - 6.25) < 0.01);
    ob_guide_aim(&g, 5.95, 0.0); /* not worth going */
    run_to(&g, 1110.0, &follows);
    assert_true(g.rate_brpm == 6.0);
    ob_guide_aim(&g, 5.4, 0.0);
    run_to(&g, 1410.0, &follows);
    assert_true(fabs(g.rate_brpm - (6.0 - 5.0 * OB_AIM_SLOW)) < 0.01);

    /* Known before: the session goes there. A target of somebody's choice stays. */
    ob_guide_init(&g, &plan, 0);
    ob_guide_aim(&g, 5.4, 0.0);
    run_to(&g, 700.0, &follows);
    assert_true(fabs(g.rate_brpm - 5.4) < 0.01);
    const struct ob_session_plan own = {.minutes = 30, .target_brpm = 6.5};
    ob_guide_init(&g, &own, 0);
    ob_guide_aim(&g, 5.4, 0.0);
    run_to(&g, 700.0, &follows);
    assert_true(fabs(g.rate_brpm - 6.5) < 0.01);
}

static void the_pace_goes_to_meet_somebody_who_is_slower_already(void **state)
{
    (void)state;
    struct ob_guide g;
    const struct ob_session_plan plan = {.minutes = 10};
    const struct ob_guide_input slow = {.following = -3.0,
                                        .following_known = true,
                                        .heart = true,
                                        .own_brpm = 5.0,
                                        .own_known = true,
                                        .own_sure = true};
    ob_guide_init(&g, &plan, 0);
    run_to(&g, 300.0, &slow);
    assert_true(g.waiting);
    assert_true(fabs(g.rate_brpm - 6.0) < 0.01);
}

/* The heart says one thing, the chest another: the chest is believed, as far as it is sure. */
static void a_chest_that_is_seen_to_breathe_stands_in_for_the_heart(void **state)
{
    (void)state;
    const struct {
        double following, faster, sure_01;
        bool waits;
    } rows[] = {
        {-3.0, 1.0, 0.8, false}, /* a sigh has brought the heart out of step, the chest goes on */
        {-3.0, 1.0, 0.0, true},  /* nobody looks at the chest */
        {3.0, 1.4, 0.8, true},   /* a pressure wave swings like a breath at the pace */
        {3.0, 1.4, 0.1, false},  /* too unsure */
        {-3.0, 0.5, 0.8, true},  /* a drift is no breath */
        {3.0, 0.5, 0.8, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct ob_guide g;
        const struct ob_session_plan plan = {.minutes = 20};
        ob_guide_init(&g, &plan, 0);
        bool waited = false;
        for (double s = 1.0; s < 300.0; s += 1.0) {
            const struct ob_guide_input input = {.following = rows[i].following,
                                                 .following_known = true,
                                                 .heart = true,
                                                 .chest_brpm = rows[i].faster * g.mean_brpm,
                                                 .chest_01 = rows[i].sure_01};
            run_to(&g, s, &input);
            waited |= g.waiting;
        }
        if (waited != rows[i].waits || (g.rate_brpm < 8.9) == rows[i].waits)
            fail_msg("row %zu: %s, at %g", i, waited ? "waits" : "goes on", g.rate_brpm);
    }
    /* Where the heart says nothing the chest alone is enough. */
    struct ob_guide g;
    const struct ob_session_plan plan = {.minutes = 20};
    ob_guide_init(&g, &plan, 0);
    const struct ob_guide_input fast = {.heart = true, .chest_brpm = 14.0, .chest_01 = 0.7};
    run_to(&g, 120.0, &fast);
    assert_true(g.waiting);
}

static void the_session_has_its_windows_and_ends_with_a_breath(void **state)
{
    (void)state;
    struct ob_guide g;
    const struct ob_session_plan plan = {.minutes = 5, .unpaced_s = 120};
    ob_guide_init(&g, &plan, 0);
    run_to(&g, 119.9, &blind);
    assert_int_equal(g.stage, OB_GUIDE_BEFORE);
    assert_false(ob_guide_leads(&g));
    run_to(&g, 120.05, &blind);
    assert_true(ob_guide_leads(&g));
    assert_true(g.segment.phase_turns < 0.02); /* from the start of an inhale */
    double last_phase = 0.0;
    while (ob_guide_leads(&g)) {
        last_phase = g.segment.phase_turns;
        run_to(&g, ob_s_from_ns(g.segment.start_ns) + 0.005, &blind);
    }
    assert_true(last_phase > 0.99); /* the last breath is whole */
    assert_true(ob_s_from_ns(g.segment.start_ns) > 409.0 && ob_s_from_ns(g.segment.start_ns) <= 420.1);
    run_to(&g, 421.0, &blind);
    assert_int_equal(g.stage, OB_GUIDE_AFTER);
    run_to(&g, 1000.0, &blind);
    assert_int_equal(g.stage, OB_GUIDE_ENDED);
    assert_true(fabs(ob_s_from_ns(g.segment.start_ns) - 540.0) < 0.02);
}

static void pause_stops_the_time_and_just_breathe_does_not(void **state)
{
    (void)state;
    struct ob_guide g;
    const struct ob_session_plan plan = {.minutes = 2};
    ob_guide_init(&g, &plan, 0);
    run_to(&g, 33.0, &blind);
    ob_guide_pause(&g, true);
    run_to(&g, 33.01, &blind);
    const double phase = g.segment.phase_turns;
    run_to(&g, 63.0, &blind);
    assert_true(g.segment.phase_turns == phase);
    assert_false(ob_guide_leads(&g));
    ob_guide_pause(&g, false);
    ob_guide_natural(&g, true);
    run_to(&g, 70.0, &blind);
    assert_int_equal(g.stage, OB_GUIDE_NATURAL);
    ob_guide_natural(&g, false);
    run_to(&g, 70.02, &blind);
    assert_true(ob_guide_leads(&g));
    assert_true(g.segment.phase_turns < 0.01);
    run_to(&g, 1000.0, &blind);
    assert_true(fabs(ob_s_from_ns(g.segment.start_ns) - 150.0) < 0.02);
}

static void plans_out_of_range_are_brought_into_it(void **state)
{
    (void)state;
    struct ob_guide g;
    const struct ob_session_plan fast = {.minutes = 1e9, .target_brpm = 40, .start_brpm = 99, .inhale_share = 7};
    ob_guide_init(&g, &fast, 0);
    assert_true(g.plan.target_brpm == OB_PACE_AUTO_MAX_BRPM && g.plan.minutes == 120.0 && g.plan.inhale_share == 0.5);
    const struct ob_session_plan box = {.target_brpm = 3.75, .fixed_pace = true};
    ob_guide_init(&g, &box, 0);
    assert_true(g.rate_brpm == 3.75);
    ob_guide_choose_rate(&g, 1.0);
    run_to(&g, 1.0, &blind);
    assert_true(g.rate_brpm == OB_PACE_CHOSEN_MIN_BRPM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_target_is_there_by_one_third),
        cmocka_unit_test(it_listens_for_as_long_as_there_is_time),
        cmocka_unit_test(it_waits_while_the_person_does_not_follow),
        cmocka_unit_test(it_goes_back_to_the_pace_that_was_followed_and_tries_ever_more_rarely),
        cmocka_unit_test(doubt_neither_waits_nor_leads_down),
        cmocka_unit_test(the_last_third_is_quiet),
        cmocka_unit_test(the_pace_drifts_about_its_target_and_follows_its_aim),
        cmocka_unit_test(the_pace_goes_to_meet_somebody_who_is_slower_already),
        cmocka_unit_test(a_chest_that_is_seen_to_breathe_stands_in_for_the_heart),
        cmocka_unit_test(the_session_has_its_windows_and_ends_with_a_breath),
        cmocka_unit_test(pause_stops_the_time_and_just_breathe_does_not),
        cmocka_unit_test(plans_out_of_range_are_brought_into_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
