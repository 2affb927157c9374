/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/pacer.h"

#include "base/maths.h"
#include "base/time.h"

#include <math.h>

struct ob_breath_shape ob_breath_shape_make(double inhale_share, double rate_brpm, double hold_full_s,
                                            double hold_empty_s)
{
    const double share = ob_clamp(inhale_share > 0.0 ? inhale_share : 0.4, 1.0 / 3.0, 0.5);
    double full = rate_brpm > 0.0 ? fmax(hold_full_s, 0.0) * rate_brpm / 60.0 : 0.0;
    double empty = rate_brpm > 0.0 ? fmax(hold_empty_s, 0.0) * rate_brpm / 60.0 : 0.0;
    if (full + empty > 0.5) {
        const double shrink = 0.5 / (full + empty);
        full *= shrink;
        empty *= shrink;
    }
    const double breathing = 1.0 - full - empty;
    return (struct ob_breath_shape){
        .inhale_01 = share * breathing,
        .hold_full_01 = full,
        .exhale_01 = (1.0 - share) * breathing,
        .hold_empty_01 = empty,
    };
}

static double turns_at(const struct ob_pacer_segment *segment, int64_t time_ns)
{
    return segment->phase_turns + ob_s_from_ns(time_ns - segment->start_ns) * segment->rate_brpm / 60.0;
}

struct ob_pacer_state ob_pacer_at(const struct ob_pacer_segment *segment, int64_t time_ns)
{
    const double turns = turns_at(segment, time_ns);
    const struct ob_breath_shape *shape = turns >= 1.0 ? &segment->next : &segment->shape;
    const double phase = ob_fract(turns);
    const double full_at = shape->inhale_01;
    const double exhale_at = full_at + shape->hold_full_01;
    const double empty_at = exhale_at + shape->exhale_01;

    struct ob_pacer_state state = {.phase_turns = phase, .rate_brpm = segment->rate_brpm};
    if (phase < full_at) {
        state.stage = OB_INHALE;
        state.stage_01 = phase / full_at;
        state.volume_01 = 0.5 - 0.5 * cos(OB_PI * state.stage_01);
    } else if (phase < exhale_at) {
        state.stage = OB_HOLD_FULL;
        state.stage_01 = (phase - full_at) / shape->hold_full_01;
        state.volume_01 = 1.0;
    } else if (phase < empty_at) {
        state.stage = OB_EXHALE;
        state.stage_01 = (phase - exhale_at) / shape->exhale_01;
        state.volume_01 = 0.5 + 0.5 * cos(OB_PI * state.stage_01);
    } else {
        state.stage = OB_HOLD_EMPTY;
        state.stage_01 = shape->hold_empty_01 > 0.0 ? (phase - empty_at) / shape->hold_empty_01 : 1.0;
        state.volume_01 = 0.0;
    }
    const double breath_s = segment->rate_brpm > 0.0 ? 60.0 / segment->rate_brpm : (double)INFINITY;
    state.to_next_inhale_s = (1.0 - phase) * breath_s;
    state.to_next_exhale_s =
        (phase < exhale_at ? exhale_at - phase : 1.0 - phase + segment->next.inhale_01 + segment->next.hold_full_01) *
        breath_s;
    return state;
}

struct ob_pacer_segment ob_pacer_continue(const struct ob_pacer_segment *segment, int64_t time_ns, double rate_brpm)
{
    const double turns = turns_at(segment, time_ns);
    struct ob_pacer_segment on = *segment;
    on.start_ns = time_ns;
    on.phase_turns = ob_fract(turns);
    on.rate_brpm = rate_brpm;
    if (turns >= 1.0)
        on.shape = segment->next;
    return on;
}
