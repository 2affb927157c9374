/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/plan.h"

struct ob_session_plan ob_plan_of(const struct ob_settings *settings)
{
    const double rate_brpm = ob_settings_number(settings, OB_SET_PACER_RATE);
    return (struct ob_session_plan){
        .minutes = ob_settings_number(settings, OB_SET_SESSION_MINUTES),
        .start_brpm = ob_settings_number(settings, OB_SET_PACER_START),
        .target_brpm = rate_brpm > 0.0 ? rate_brpm : ob_settings_number(settings, OB_SET_PACER_TARGET),
        .fixed_pace = rate_brpm > 0.0,
        .inhale_share = ob_settings_number(settings, OB_SET_PACER_INHALE) / 100.0,
        .hold_in_s = ob_settings_number(settings, OB_SET_PACER_HOLD_IN),
        .hold_out_s = ob_settings_number(settings, OB_SET_PACER_HOLD_OUT),
        .unpaced_s = ob_settings_is(settings, OB_SET_SESSION_MEASURED) ? OB_PLAN_UNPACED_S : 0.0,
    };
}
