/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/guide_phases.h"

#include "base/maths.h"
#include "base/time.h"
#include "breath/protocol.h"

#include <math.h>

#define NEVER_NS  (INT64_MAX / 2)
#define CLOSING_S 10.0 /* the last breath before an unpaced phase ends somewhere in here */

static const struct ob_session_phase *phase_now(const struct ob_guide *guide)
{
    return &guide->phases[guide->phase];
}

static double rest_s(const struct ob_guide *guide, int from)
{
    double seconds = 0.0;
    for (int i = from; i < guide->phase_count; i++)
        seconds += guide->phases[i].seconds;
    return seconds;
}

static bool leads(const struct ob_guide *guide, int phase)
{
    return phase >= 0 && phase < guide->phase_count && ob_phase_leads(&guide->phases[phase]);
}

/* A measured window before anything was paced, after everything, or a breath left alone between. */
static enum ob_guide_stage unpaced_stage(const struct ob_guide *guide)
{
    bool before = false, after = false;
    for (int i = 0; i < guide->phase_count; i++) {
        before |= i < guide->phase && ob_phase_leads(&guide->phases[i]);
        after |= i > guide->phase && ob_phase_leads(&guide->phases[i]);
    }
    if (!(phase_now(guide)->flags & OB_PHASE_MEASURED) || before == after)
        return OB_GUIDE_UNPACED;
    return after ? OB_GUIDE_BEFORE : OB_GUIDE_AFTER;
}

static void enter(struct ob_guide *guide, int phase, int64_t now_ns)
{
    const bool led = guide->phase >= 0 && leads(guide, guide->phase) && phase > 0;
    guide->phase = phase;
    guide->phase_ns = 0;
    guide->end_ns = now_ns + ob_ns_from_s(rest_s(guide, phase));
    const struct ob_session_phase *p = phase_now(guide);
    const double hold_in_s = p->hold_in_s, hold_out_s = p->hold_out_s;
    struct ob_session_plan *plan = &guide->plan;
    if (!ob_phase_leads(p)) {
        guide->stage = unpaced_stage(guide);
        return;
    }
    plan->minutes = p->seconds / 60.0;
    plan->inhale_share = p->inhale_share > 0.0 ? ob_clamp(p->inhale_share, 1.0 / 3.0, 0.5) : 0.4;
    plan->hold_in_s = hold_in_s;
    plan->hold_out_s = hold_out_s;
    if (!guide->chosen) {
        plan->fixed_pace = p->kind == OB_PHASE_PACED;
        plan->start_brpm = p->from_brpm;
        plan->target_brpm = p->to_brpm;
        if (!led)
            guide->rate_brpm = p->from_brpm;
    }
    guide->guided_ns = now_ns;
    guide->waiting = false;
    guide->closed = false;
    guide->closing_ns = leads(guide, phase + 1) ? NEVER_NS : now_ns + ob_ns_from_s(fmax(p->seconds - CLOSING_S, 0.0));
    if (!led || guide->stage != OB_GUIDE_GUIDED) {
        if (guide->natural)
            guide->stage = OB_GUIDE_NATURAL;
        else
            ob_guide_enter_guided(guide, now_ns);
    }
}

bool ob_guide_add_phase(struct ob_guide *guide, const struct ob_session_phase *phase, int64_t now_ns)
{
    enum ob_phase_field field;
    char clause[160];
    const int n = guide->phase_count;
    if (now_ns != guide->begin_ns || n >= OB_GUIDE_PHASES ||
        !ob_phase_check(phase, n > 0 ? &guide->phases[n - 1] : NULL, false, &field, clause, sizeof clause))
        return false;
    guide->phases[n] = *phase;
    guide->phase_count = n + 1;
    guide->phase = -1;
    guide->stage = OB_GUIDE_UNPACED;
    enter(guide, 0, now_ns); /* anew each time: the whole of the session is known only with its last phase */
    guide->breaths = 0;
    guide->segment.rate_brpm = guide->rate_brpm;
    return true;
}

void ob_guide_phases_tick(struct ob_guide *guide, int64_t now_ns)
{
    guide->phase_ns += OB_TICK_NS;
    if (now_ns >= guide->end_ns) {
        guide->stage = OB_GUIDE_ENDED;
        return;
    }
    if (guide->phase_ns >= ob_ns_from_s(phase_now(guide)->seconds) && guide->phase + 1 < guide->phase_count)
        enter(guide, guide->phase + 1, now_ns);
    else if (guide->stage == OB_GUIDE_GUIDED && guide->natural)
        guide->stage = OB_GUIDE_NATURAL;
    else if (guide->stage == OB_GUIDE_NATURAL && !guide->natural)
        ob_guide_enter_guided(guide, now_ns);
}

void ob_guide_next(struct ob_guide *guide, int64_t now_ns)
{
    if (guide->phase_count == 0 || guide->stage == OB_GUIDE_ENDED)
        return;
    if (guide->phase + 1 < guide->phase_count)
        enter(guide, guide->phase + 1, now_ns);
    else
        guide->end_ns = now_ns;
}

bool ob_guide_phases_pace(const struct ob_guide *guide)
{
    return guide->phase_count > 0 && phase_now(guide)->kind == OB_PHASE_PACED;
}

void ob_guide_phases_move(struct ob_guide *guide, double dt_s)
{
    const double goal =
        guide->chosen ? guide->plan.target_brpm : ob_phase_brpm(phase_now(guide), ob_s_from_ns(guide->phase_ns));
    const double step = OB_RAMP_MAX / 60.0 * dt_s * (1.0 + 1e-9);
    guide->rate_brpm = guide->chosen ? goal : guide->rate_brpm + ob_clamp(goal - guide->rate_brpm, -step, step);
}

bool ob_guide_rewards(const struct ob_guide *guide)
{
    return guide->phase_count == 0 || !(phase_now(guide)->flags & OB_PHASE_NO_FEEDBACK);
}

bool ob_guide_lets_go(const struct ob_guide *guide)
{
    return guide->phase_count == 0 || !(phase_now(guide)->flags & OB_PHASE_STAY);
}

double ob_guide_sound_db(const struct ob_guide *guide)
{
    return guide->phase_count == 0 ? 0.0 : ob_phase_sound_db(phase_now(guide), ob_s_from_ns(guide->phase_ns));
}
