/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks that somebody sets: counted and shown, without a trace in what the loop does. */
#include "base/mark.h"
#include "base/time.h"
#include "engine/engine.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ob_engine *begin(double minutes)
{
    struct ob_engine *e = ob_engine_create();
    assert_non_null(e);
    const struct ob_session_phase silent = {.kind = OB_PHASE_UNPACED, .seconds = 60.0 * minutes};
    struct ob_event begin = {.kind = OB_EVENT_BEGIN};
    struct ob_event phase = {.kind = OB_EVENT_PHASE};
    begin.u.plan.minutes = minutes;
    phase.u.phase = silent;
    ob_engine_step(e, &begin);
    ob_engine_step(e, &phase);
    return e;
}

/* A calm heart that breathes 14 times a minute. */
static void live(struct ob_engine *e, double *t_s, double until_s)
{
    while (*t_s < until_s) {
        const double rr = 0.92 + 0.03 * sin(*t_s * 14.0 / 60.0 * 6.283185307179586);
        *t_s += rr;
        struct ob_event v = {.kind = OB_EVENT_RR,
                             .measured_ns = ob_ns_from_s(*t_s),
                             .arrived_ns = ob_ns_from_s(*t_s),
                             .applied_ns = ob_ns_from_s(*t_s)};
        v.u.rr.rr_ms = rr * 1e3;
        v.u.rr.beats = OB_BEATS_RR;
        v.u.rr.quality_01 = 1.0f;
        ob_engine_step(e, &v);
    }
}

static void mark(struct ob_engine *e, uint32_t label, double measured_s, double applied_s)
{
    struct ob_event v = {.kind = OB_EVENT_MARK,
                         .measured_ns = ob_ns_from_s(measured_s),
                         .arrived_ns = ob_ns_from_s(measured_s),
                         .applied_ns = ob_ns_from_s(applied_s)};
    v.u.mark.label = label;
    ob_engine_step(e, &v);
}

static void a_mark_is_counted_and_changes_nothing_else(void **state)
{
    (void)state;
    struct ob_engine *marked = begin(10.0), *plain = begin(10.0);
    double a = 0.0, b = 0.0;
    live(marked, &a, 100.0);
    live(plain, &b, 100.0);
    mark(marked, OB_MARK_SIGH, a, a);
    mark(marked, OB_MARK_JAW, a + 0.5, a + 0.5);
    mark(marked, OB_MARK_LABELS, a + 0.6, a + 0.6); /* none */
    live(marked, &a, 200.0);
    live(plain, &b, 200.0);
    struct ob_snapshot m = *ob_engine_snapshot(marked);
    const struct ob_snapshot *p = ob_engine_snapshot(plain);
    assert_int_equal(m.note_count, 2);
    assert_int_equal(m.note, OB_MARK_JAW);
    assert_true(m.note_ns > ob_ns_from_s(100.0) && m.note_ns < ob_ns_from_s(102.0));
    assert_int_equal(m.turned_over, 0);
    assert_true(ob_snapshot_hash(0, &m) != ob_snapshot_hash(0, p));
    m.note_count = 0;
    m.note = 0;
    m.note_ns = 0;
    assert_true(ob_snapshot_hash(0, &m) == ob_snapshot_hash(0, p));
    ob_engine_destroy(marked);
    ob_engine_destroy(plain);
}

static void a_stamp_that_cannot_be_is_replaced(void **state)
{
    (void)state;
    struct ob_engine *e = begin(10.0);
    double t = 0.0;
    live(e, &t, 200.0);
    const int64_t before_ns = ob_engine_snapshot(e)->now_ns;
    mark(e, OB_MARK_NOSE, 9000.0, t);
    assert_true(ob_engine_snapshot(e)->note_ns >= before_ns);
    assert_true(ob_engine_snapshot(e)->note_ns <= ob_engine_snapshot(e)->now_ns);
    mark(e, OB_MARK_NOSE, -9000.0, t);
    assert_true(ob_engine_snapshot(e)->note_ns >= before_ns);
    ob_engine_destroy(e);
}

static void turning_over_begins_a_new_posture(void **state)
{
    (void)state;
    struct ob_engine *e = begin(30.0);
    double t = 0.0;
    live(e, &t, 600.0);
    assert_int_equal(ob_engine_snapshot(e)->settling, OB_SETTLING_LOOKING);
    mark(e, OB_MARK_TURNED_OVER, t, t);
    assert_int_equal(ob_engine_snapshot(e)->turned_over, 1);
    live(e, &t, 640.0);
    assert_int_equal(ob_engine_snapshot(e)->settling, OB_SETTLING_TOO_SHORT);
    live(e, &t, 1020.0); /* not yet 7.5 minutes */
    assert_int_equal(ob_engine_snapshot(e)->settling, OB_SETTLING_TOO_SHORT);
    live(e, &t, 1120.0);
    assert_int_equal(ob_engine_snapshot(e)->settling, OB_SETTLING_LOOKING);
    ob_engine_destroy(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mark_is_counted_and_changes_nothing_else),
        cmocka_unit_test(a_stamp_that_cannot_be_is_replaced),
        cmocka_unit_test(turning_over_begins_a_new_posture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
