/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sighs in a belt, and what is none. */
#include "base/maths.h"
#include "base/time.h"
#include "signal/resp.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HZ       25.0
#define PERIOD_S 4.0

/* Breath number i of a session, in depths of an ordinary one; and a shift of the whole chest at a time. */
struct chest {
    double depth[120];
    double shift_at_s, shift;
    double direction, unit;
};

static struct chest calm_chest(void)
{
    struct chest c = {.shift_at_s = 1e9, .direction = 1.0, .unit = 1.0};
    for (int i = 0; i < 120; i++)
        c.depth[i] = 1.0 + 0.2 * sin(2.0 * i) * sin(0.7 * i);
    return c;
}

static uint32_t sighs_of(const struct chest *c, double seconds, double *newest_s_out)
{
    struct ob_resp *resp = ob_resp_create();
    uint32_t count = 0, ever = 0;
    int64_t newest_ns = 0;
    assert_non_null(resp);
    for (int i = 0; i < (int)(seconds * HZ); i++) {
        const double t = i / HZ, turn = t / PERIOD_S;
        const double breath = c->depth[(int)turn % 120] * (0.5 - 0.5 * cos(OB_TAU * (turn - floor(turn))));
        const double x = c->unit * c->direction * (breath + (t > c->shift_at_s ? c->shift : 0.0));
        ob_resp_belt(resp, ob_ns_from_s(t), x);
        struct ob_resp_rate rate;
        if (i % 50 == 0 && ob_resp_rate(resp, ob_ns_from_s(t), &rate) &&
            ob_resp_sighs(resp, ob_ns_from_s(t), &count, &newest_ns))
            ever = count;
    }
    *newest_s_out = ob_s_from_ns(newest_ns);
    ob_resp_destroy(resp);
    return ever;
}

static void a_sigh_is_seen_once_and_where_it_was(void **state)
{
    (void)state;
    for (int way = 0; way < 4; way++) {
        struct chest c = calm_chest();
        c.direction = way % 2 ? -1.0 : 1.0;
        c.unit = way < 2 ? 1.0 : 3000.0;
        c.depth[40] = 2.8;
        double at_s;
        assert_int_equal(sighs_of(&c, 300.0, &at_s), 1);
        assert_true(fabs(at_s - 40.5 * PERIOD_S) < 1.5);
    }
}

static void sighs_in_a_row_of_minutes_are_counted(void **state)
{
    (void)state;
    struct chest c = calm_chest();
    c.depth[30] = 2.6;
    c.depth[50] = 3.0;
    c.depth[65] = 2.6;
    double at_s;
    assert_int_equal(sighs_of(&c, 400.0, &at_s), 3);
    assert_true(fabs(at_s - 65.5 * PERIOD_S) < 1.5);
}

static void what_is_no_sigh(void **state)
{
    (void)state;
    double at_s;
    struct chest c = calm_chest();
    assert_int_equal(sighs_of(&c, 300.0, &at_s), 0);
    /* a breath of 1.8 is a deep one */
    c.depth[40] = 1.8;
    assert_int_equal(sighs_of(&c, 300.0, &at_s), 0);
    /* somebody shifts in the chair and stays there */
    c = calm_chest();
    c.shift_at_s = 160.0;
    c.shift = 4.0;
    assert_int_equal(sighs_of(&c, 300.0, &at_s), 0);
    /* from now on every breath is deep: a belt pulled tighter, a guided breath */
    c = calm_chest();
    for (int i = 40; i < 120; i++)
        c.depth[i] *= 3.0;
    assert_int_equal(sighs_of(&c, 400.0, &at_s), 0);
    /* and the first breaths of all are not compared with nothing */
    c = calm_chest();
    c.depth[2] = 3.0;
    assert_int_equal(sighs_of(&c, 200.0, &at_s), 0);
}

static void without_a_chest_nothing_is_known(void **state)
{
    (void)state;
    struct ob_resp *resp = ob_resp_create();
    struct ob_resp_rate rate;
    uint32_t count;
    int64_t newest_ns;
    for (int i = 0; i < 200; i++) { /* a heart alone, with one great swing */
        const double nn = 900.0 + (i == 120 ? 400.0 : 50.0) * sin(1.4 * i);
        ob_resp_interval(resp, ob_ns_from_s(0.9 * i), nn, true);
        (void)ob_resp_rate(resp, ob_ns_from_s(0.9 * i), &rate);
        assert_false(ob_resp_sighs(resp, ob_ns_from_s(0.9 * i), &count, &newest_ns));
    }
    ob_resp_destroy(resp);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sigh_is_seen_once_and_where_it_was),
        cmocka_unit_test(sighs_in_a_row_of_minutes_are_counted),
        cmocka_unit_test(what_is_no_sigh),
        cmocka_unit_test(without_a_chest_nothing_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
