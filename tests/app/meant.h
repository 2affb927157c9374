/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When a protocol means exhales to begin: by the engine itself, without a sensor. */
#ifndef OB_TESTS_MEANT_H
#define OB_TESTS_MEANT_H

#include "base/time.h"
#include "engine/engine.h"

#include <stddef.h>

static inline size_t meant_exhales(const struct ob_protocol *protocol, double *out, size_t max)
{
    struct ob_engine *engine = ob_engine_create();
    struct ob_event event = {.kind = OB_EVENT_BEGIN};
    event.u.plan.minutes = ob_protocol_seconds(protocol) / 60.0;
    ob_engine_step(engine, &event);
    for (int i = 0; i < protocol->phase_count; i++) {
        event = (struct ob_event){.kind = OB_EVENT_PHASE};
        event.u.phase = protocol->phases[i];
        ob_engine_step(engine, &event);
    }
    const struct ob_snapshot *s = ob_engine_snapshot(engine);
    size_t count = 0;
    enum ob_breath_stage last = OB_EXHALE;
    for (int64_t now_ns = 0; s->stage != OB_STAGE_ENDED && count < max; now_ns += OB_TICK_NS) {
        ob_engine_advance(engine, now_ns);
        s = ob_engine_snapshot(engine);
        const enum ob_breath_stage stage =
            s->stage == OB_STAGE_GUIDED ? ob_pacer_at(&s->pacer, s->now_ns).stage : OB_EXHALE;
        if (stage == OB_EXHALE && last != OB_EXHALE)
            out[count++] = ob_s_from_ns(now_ns);
        last = stage;
    }
    ob_engine_destroy(engine);
    return count;
}

#endif
