/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frame clock, on a clock of the test's own. */
#include "base/time.h"
#include "render/pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define PERIOD_NS (OB_NS_PER_S / 60)

static int64_t now_ns;

/* One turn of a program's loop; returns when the frame is seen. display: the swap waits for a refresh. */
static int64_t turn(struct ob_pace *pace, int64_t cost_ns, bool display)
{
    now_ns = ob_pace_begin_ns(pace, now_ns);
    const int64_t seen_ns = ob_pace_seen_ns(pace, now_ns);
    now_ns += cost_ns;
    if (display)
        now_ns = (now_ns / PERIOD_NS + 1) * PERIOD_NS;
    ob_pace_shown(pace, seen_ns, now_ns, cost_ns, display);
    return seen_ns;
}

static void keeps_the_time_by_itself(void **state)
{
    (void)state;
    struct ob_pace pace;
    ob_pace_init(&pace, PERIOD_NS, 1.0, true);
    now_ns = 5 * OB_NS_PER_S;
    for (int i = 0; i < 60; i++)
        turn(&pace, 4 * OB_NS_PER_MS, false);
    const int64_t begun_ns = now_ns;
    int64_t before_ns = turn(&pace, 4 * OB_NS_PER_MS, false);
    for (int i = 0; i < 120; i++) {
        const int64_t seen_ns = turn(&pace, 4 * OB_NS_PER_MS, false);
        assert_int_equal(seen_ns - before_ns, PERIOD_NS);
        assert_true(seen_ns - now_ns >= 0);               /* drawn in time */
        assert_true(seen_ns - now_ns < 3 * OB_NS_PER_MS); /* and not much before */
        before_ns = seen_ns;
    }
    assert_true(llabs(now_ns - begun_ns - 121 * PERIOD_NS) < OB_NS_PER_MS);
}

static void locks_on_to_a_display(void **state)
{
    (void)state;
    struct ob_pace pace;
    ob_pace_init(&pace, PERIOD_NS - 1000, 1.0, true); /* the display is a little slower than it says */
    now_ns = 3 * OB_NS_PER_S;
    for (int i = 0; i < 300; i++)
        turn(&pace, 4 * OB_NS_PER_MS, true);
    for (int i = 0; i < 100; i++) {
        const int64_t seen_ns = turn(&pace, 4 * OB_NS_PER_MS, true);
        assert_true(llabs(seen_ns - now_ns) < OB_NS_PER_MS);
    }
}

static void a_stall_is_not_made_up_for(void **state)
{
    (void)state;
    struct ob_pace pace;
    ob_pace_init(&pace, PERIOD_NS, 1.0, true);
    now_ns = OB_NS_PER_S;
    for (int i = 0; i < 30; i++)
        turn(&pace, 2 * OB_NS_PER_MS, false);
    now_ns += 3 * OB_NS_PER_S; /* asleep */
    int64_t before_ns = turn(&pace, 2 * OB_NS_PER_MS, false);
    assert_true(before_ns >= now_ns - 3 * OB_NS_PER_MS);
    for (int i = 0; i < 30; i++) {
        const int64_t seen_ns = turn(&pace, 2 * OB_NS_PER_MS, false);
        assert_true(seen_ns - before_ns > PERIOD_NS / 2); /* no burst */
        before_ns = seen_ns;
    }
}

static void the_scale_follows_the_machine(void **state)
{
    (void)state;
    struct ob_pace pace;
    ob_pace_init(&pace, PERIOD_NS, 1.0, false);
    now_ns = OB_NS_PER_S;
    double least = 1.0;
    for (int i = 0; i < 600; i++) { /* full size would take 25 ms */
        turn(&pace, (int64_t)(25.0e6 * pace.scale * pace.scale), false);
        least = pace.scale < least ? pace.scale : least;
    }
    assert_true(pace.scale < 0.80 && pace.scale >= 0.60); /* 25 ms s^2 = 0.8 periods at s = 0.73 */
    assert_true(least >= 0.60);
    const double settled = pace.scale;
    for (int i = 0; i < 600; i++)
        turn(&pace, (int64_t)(25.0e6 * pace.scale * pace.scale), false);
    assert_true(pace.scale == settled); /* it does not swing to and fro */
    for (int i = 0; i < 600; i++)
        turn(&pace, 80 * OB_NS_PER_MS, false);
    assert_true(pace.scale == OB_PACE_SCALE_LEAST);
    for (int i = 0; i < 3000; i++)
        turn(&pace, (int64_t)(3.0e6 * pace.scale * pace.scale), false);
    assert_true(pace.scale == 1.0);
}

static void a_chosen_scale_stays(void **state)
{
    (void)state;
    struct ob_pace pace;
    ob_pace_init(&pace, PERIOD_NS, 0.7, true);
    for (int i = 0; i < 600; i++)
        turn(&pace, 80 * OB_NS_PER_MS, false);
    assert_true(pace.scale == 0.7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_the_time_by_itself),   cmocka_unit_test(locks_on_to_a_display),
        cmocka_unit_test(a_stall_is_not_made_up_for), cmocka_unit_test(the_scale_follows_the_machine),
        cmocka_unit_test(a_chosen_scale_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
