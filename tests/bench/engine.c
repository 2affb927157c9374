/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loop: what one beat and one tick cost, and what a block of ECG costs with the detector in it. */
#include "bench.h"

#include "base/maths.h"
#include "base/rng.h"
#include "base/time.h"
#include "engine/engine.h"

#include <math.h>

struct state {
    struct ob_engine *engine;
    struct ob_rng rng;
    double t_s;
    int64_t now_ns;
    struct ob_event beat;
};

static struct ob_event next_beat(struct state *s)
{
    const double rr_ms = 900.0 + 50.0 * sin(OB_TAU * s->t_s / 10.0) + 10.0 * ob_rng_normal(&s->rng);
    s->t_s += rr_ms * 1e-3;
    const int64_t at = ob_ns_from_s(s->t_s);
    struct ob_event event = {.kind = OB_EVENT_RR, .measured_ns = at, .arrived_ns = at, .applied_ns = at};
    event.u.rr.rr_ms = rr_ms;
    event.u.rr.beats = OB_BEATS_RR;
    event.u.rr.quality_01 = 1.0f;
    return event;
}

/* A session two minutes old: every window is full. */
static void *make(void)
{
    struct state *s = calloc(1, sizeof *s);
    if (!s || !(s->engine = ob_engine_create()))
        exit(1);
    ob_rng_init(&s->rng, 1, 1);
    struct ob_event begin = {.kind = OB_EVENT_BEGIN};
    begin.u.plan.minutes = 120;
    ob_engine_step(s->engine, &begin);
    while (s->t_s < 120.0) {
        const struct ob_event beat = next_beat(s);
        ob_engine_step(s->engine, &beat);
    }
    s->now_ns = ob_engine_snapshot(s->engine)->now_ns;
    return s;
}

static void drop(void *state)
{
    struct state *s = state;
    ob_engine_destroy(s->engine);
    free(s);
}

/* The ticks up to a beat are not measured; the beat itself is. */
static void to_the_beat(void *state)
{
    struct state *s = state;
    s->beat = next_beat(s);
    ob_engine_advance(s->engine, s->beat.applied_ns);
}

static void one_beat(void *state)
{
    struct state *s = state;
    ob_engine_step(s->engine, &s->beat);
}

static void one_tick(void *state)
{
    struct state *s = state;
    s->now_ns += OB_TICK_NS;
    ob_engine_advance(s->engine, s->now_ns);
}

static const struct bench_case cases[] = {
    {.name = "beat (counted: + 90 ticks)",
     .unit = "beat",
     .create = make,
     .prepare = to_the_beat,
     .step = one_beat,
     .destroy = drop,
     .steps = 7000},
    {.name = "tick", .unit = "tick", .create = make, .step = one_tick, .destroy = drop, .steps = 100000},
};

int main(int argc, char **argv)
{
    return bench_main(argc, argv, cases, sizeof cases / sizeof cases[0]);
}
