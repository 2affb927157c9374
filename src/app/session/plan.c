/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/plan.h"

#include "base/maths.h"
#include "base/time.h"

#include <math.h>

#define DARK_AFTER_S   6.0
#define GONG_BEFORE_NS (4 * OB_NS_PER_S) /* as presence falls */
#define DARK_FADE_S    3.0

struct ob_session_plan ob_plan_of(const struct ob_settings *settings, const struct ob_protocol *protocol)
{
    const double rate_brpm = ob_settings_number(settings, OB_SET_PACER_RATE);
    struct ob_session_plan plan = {
        .minutes = ob_settings_number(settings, OB_SET_SESSION_MINUTES),
        .start_brpm = ob_settings_number(settings, OB_SET_PACER_START),
        .target_brpm = rate_brpm > 0.0 ? rate_brpm : ob_settings_number(settings, OB_SET_PACER_TARGET),
        .fixed_pace = rate_brpm > 0.0,
        .inhale_share = ob_settings_number(settings, OB_SET_PACER_INHALE) / 100.0,
        .hold_in_s = ob_settings_number(settings, OB_SET_PACER_HOLD_IN),
        .hold_out_s = ob_settings_number(settings, OB_SET_PACER_HOLD_OUT),
        .adaptive = ob_settings_is(settings, OB_SET_SESSION_ADAPTIVE),
        .unpaced_s = ob_settings_is(settings, OB_SET_SESSION_MEASURED) ? OB_PLAN_UNPACED_S : 0.0,
    };
    if (protocol->phase_count > 0) {
        plan.minutes = ob_protocol_seconds(protocol) / 60.0;
        plan.unpaced_s = 0.0;
        plan.fixed_pace = false;
    }
    return plan;
}

float ob_plan_volume_01(float chosen_01, double sound_db)
{
    if (sound_db <= OB_SILENT_DB)
        return 0.0f;
    /* The gain goes with the square of the volume (synth/cue.h). */
    return sound_db == 0.0 ? chosen_01 : chosen_01 * (float)pow(10.0, sound_db / 40.0);
}

bool ob_plan_gong_due(const struct ob_protocol *protocol, const struct ob_snapshot *snapshot)
{
    if (protocol->end == OB_END_LEAVE || snapshot->stage == OB_STAGE_IDLE || snapshot->let_go_ns)
        return false;
    return snapshot->stage == OB_STAGE_ENDED || snapshot->now_ns > snapshot->end_ns - GONG_BEFORE_NS;
}

float ob_plan_light_01(const struct ob_protocol *protocol, const struct ob_snapshot *snapshot)
{
    if (!protocol->dark || (snapshot->stage == OB_STAGE_ENDED && !snapshot->let_go_ns) ||
        snapshot->stage == OB_STAGE_PAUSED)
        return 1.0f;
    const double since_s = ob_s_from_ns(snapshot->now_ns - snapshot->begin_ns);
    return (float)ob_clamp01((DARK_AFTER_S + DARK_FADE_S - since_s) / DARK_FADE_S);
}
