/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/guide.h"

#include "base/maths.h"
#include "base/time.h"
#include "breath/guide_phases.h"

#include <math.h>
#include <string.h>

#define SETTLE_S        20.0 /* at the start pace before it begins to glide */
#define REACH_SHARE     0.28 /* of the session: when the target is aimed to be reached; promised is one third */
#define GLIDE_MAX       1.5  /* breaths/min each minute */
#define OWN_FASTER      1.20 /* times the pace */
#define OWN_ALIKE       0.12
#define OWN_TAU_S       30.0
#define OWN_WEIGHT      2.0
#define CHEST_MIDDLE    1.11 /* own rate over pace: below that the chest goes with the pacer, whatever the heart does */
#define CHEST_LEAST     0.75 /* what is slower is rather a drift, or a sigh, than a breath */
#define CHEST_SLOPE     60.0
#define CHEST_MAX       3.0
#define CHEST_SURE      0.5 /* its quality from which on it counts in full */
#define SEEN_MAX        4.0
#define LISTEN_S        45.0  /* with a heart, at least, until it can be known whether it follows */
#define LISTEN_MAX_S    120.0 /* where there is time */
#define GLIDE_BRISK     1.3   /* breaths/min each minute: how fast it may have to be for that */
#define BELIEF_COUNT_S  30.0  /* what is seen in so long counts once: its windows overlap */
#define BELIEF_TAU_S    60.0  /* and is forgotten in so long */
#define BELIEF_MAX      2.5   /* never so sure that it could not be turned in half a minute */
#define BELIEF_START    1.0   /* most people follow */
#define BLIND_TAU_S     180.0 /* what was known of following fades, while nothing is */
#define FOLLOWS         0.0   /* ln of odds above which the pace goes on */
#define FOLLOWS_CLEARLY 1.5
#define FOLLOWS_NOT     -1.5 /* below which it waits */
#define COMFORT_S       60.0
#define QUIET_S         300.0 /* at the end, or a third of the session */
#define QUIET_FROM_MIN  6.0   /* shorter sessions have no time for it */
#define DRIFT_RAMP_S    60.0
#define DRIFT_WITHIN    0.1  /* breaths/min from the target: it is reached */
#define CLOSING_S       10.0 /* the last breath ends somewhere in here */

static double or_default(double value, double standard)
{
    return value > 0.0 ? value : standard;
}

static struct ob_breath_shape shape_now(const struct ob_guide *guide)
{
    return ob_breath_shape_make(guide->plan.inhale_share, guide->rate_brpm, guide->plan.hold_in_s,
                                guide->plan.hold_out_s);
}

void ob_guide_init(struct ob_guide *guide, const struct ob_session_plan *plan, int64_t begin_ns)
{
    memset(guide, 0, sizeof *guide);
    struct ob_session_plan *p = &guide->plan;
    *p = *plan;
    p->minutes = ob_clamp(or_default(p->minutes, 10.0), 0.5, 120.0);
    p->inhale_share = ob_clamp(or_default(p->inhale_share, 0.4), 1.0 / 3.0, 0.5);
    p->unpaced_s = ob_clamp(p->unpaced_s, 0.0, 600.0);
    if (p->fixed_pace) {
        p->target_brpm = ob_clamp(or_default(p->target_brpm, 6.0), OB_PACE_CHOSEN_MIN_BRPM, OB_PACE_CHOSEN_MAX_BRPM);
        p->start_brpm = p->target_brpm;
    } else {
        p->target_brpm = ob_clamp(or_default(p->target_brpm, 6.0), OB_PACE_AUTO_MIN_BRPM, OB_PACE_AUTO_MAX_BRPM);
        p->start_brpm = ob_clamp(or_default(p->start_brpm, 9.0), p->target_brpm, OB_PACE_AUTO_MAX_BRPM);
    }
    guide->begin_ns = begin_ns;
    guide->guided_ns = begin_ns + ob_ns_from_s(p->unpaced_s);
    guide->after_ns = guide->guided_ns + ob_ns_from_s(p->minutes * 60.0);
    guide->closing_ns = guide->after_ns - ob_ns_from_s(CLOSING_S);
    guide->end_ns = guide->after_ns + ob_ns_from_s(p->unpaced_s);
    guide->rate_brpm = guide->mean_brpm = p->start_brpm;
    guide->belief = BELIEF_START;
    guide->stage = p->unpaced_s > 0.0 ? OB_GUIDE_BEFORE : OB_GUIDE_GUIDED;
    guide->segment = (struct ob_pacer_segment){.start_ns = begin_ns, .rate_brpm = p->start_brpm};
    guide->segment.shape = guide->segment.next = shape_now(guide);
}

bool ob_guide_leads(const struct ob_guide *guide)
{
    return guide->stage == OB_GUIDE_GUIDED && !guide->paused && !guide->closed;
}

/* How much of what is seen the chest tells. */
static double chest_share(const struct ob_guide *guide, const struct ob_guide_input *input)
{
    if (input->chest_brpm < CHEST_LEAST * guide->mean_brpm)
        return 0.0;
    return ob_clamp01(input->chest_01 / CHEST_SURE);
}

/* What is seen now, a breathing rate that is beyond doubt among it. As far as the chest is sure it stands in for the
 * heart. */
static double seen_now(const struct ob_guide *guide, const struct ob_guide_input *input)
{
    const double chest = CHEST_SLOPE * (CHEST_MIDDLE - input->chest_brpm / guide->mean_brpm);
    const double of_chest = ob_clamp(chest, -CHEST_MAX, CHEST_MAX);
    if (!input->following_known)
        return of_chest;
    double seen = input->following;
    if (input->own_known && input->own_sure) {
        const double faster = input->own_brpm / guide->mean_brpm;
        if (faster > OWN_FASTER)
            seen -= OWN_WEIGHT;
        else if (fabs(faster - 1.0) < OWN_ALIKE)
            seen += OWN_WEIGHT;
    }
    return ob_lerp(ob_clamp(seen, -SEEN_MAX, SEEN_MAX), of_chest, chest_share(guide, input));
}

/* Weighs what is seen, and decides about waiting. While nothing is seen it slowly becomes again what it was at first:
 * guidance that nobody measures goes on. */
static void watch_following(struct ob_guide *guide, const struct ob_guide_input *input, double dt_s)
{
    static const double patience_s[] = {0.0, 5.0, 60.0, 240.0};
    guide->mean_brpm += (guide->rate_brpm - guide->mean_brpm) * ob_lag(dt_s, OWN_TAU_S);
    if (guide->plan.fixed_pace) {
        guide->belief = BELIEF_START;
        guide->with_s = 0.0;
        guide->waiting = false;
        return;
    }
    const double seeing = input->following_known ? 1.0 : chest_share(guide, input);
    guide->belief += seeing * dt_s * (seen_now(guide, input) / BELIEF_COUNT_S - guide->belief / BELIEF_TAU_S) +
                     (1.0 - seeing) * (BELIEF_START - guide->belief) * ob_lag(dt_s, BLIND_TAU_S);
    guide->belief = ob_clamp(guide->belief, -BELIEF_MAX, BELIEF_MAX);
    guide->with_s = guide->belief > FOLLOWS ? guide->with_s + dt_s : 0.0;
    if (guide->belief > FOLLOWS_CLEARLY && guide->with_s > COMFORT_S)
        guide->comfort_brpm = guide->rate_brpm;
    if (!guide->waiting && guide->belief < FOLLOWS_NOT) {
        guide->waiting = true;
        guide->waits++;
    }
    if (guide->waiting && guide->waits < 4 && guide->with_s > patience_s[guide->waits])
        guide->waiting = false;
}

/* Where a session that finds the person's own pace is going. */
double ob_guide_target_brpm(const struct ob_guide *guide)
{
    if (guide->plan.fixed_pace)
        return guide->plan.target_brpm;
    return ob_clamp(guide->plan.target_brpm + guide->aim_shift, OB_PACE_AUTO_MIN_BRPM, OB_PACE_AUTO_MAX_BRPM);
}

static bool open_to_aim(const struct ob_guide *guide)
{
    return !guide->plan.fixed_pace && guide->plan.target_brpm == OB_PACE_USUAL_BRPM;
}

/* Follows the aim slowly, and not each of its tremors: it starts when the way is worth going and then goes all of it.
 */
static void move_aim(struct ob_guide *guide, double dt_s)
{
    if (!open_to_aim(guide)) {
        guide->aim_shift = 0.0;
        return;
    }
    if (guide->aim_brpm <= 0.0 || guide->waiting)
        return;
    const double way = guide->aim_brpm - ob_guide_target_brpm(guide);
    if (fabs(way) > OB_AIM_STEP)
        guide->aiming = true;
    const double step = fmax(guide->aim_speed, OB_AIM_SLOW) / 60.0 * dt_s;
    if (guide->aiming)
        guide->aim_shift += ob_clamp(way, -step, step);
    if (fabs(way) <= step)
        guide->aiming = false;
}

void ob_guide_aim(struct ob_guide *guide, double brpm, double per_min_max)
{
    guide->aim_brpm = brpm > 0.0 ? ob_clamp(brpm, OB_PACE_AUTO_MIN_BRPM, OB_PACE_AUTO_MAX_BRPM) : 0.0;
    guide->aim_speed = per_min_max;
    if (guide->ticks == 0 && guide->aim_brpm > 0.0 && open_to_aim(guide))
        guide->aim_shift = guide->aim_brpm - guide->plan.target_brpm;
}

/* Comes in over a minute once the target is reached, and goes as softly when the pace has to move. */
static void drift(struct ob_guide *guide, bool wanted, double dt_s)
{
    guide->drift_01 = ob_clamp01(guide->drift_01 + (wanted ? dt_s : -dt_s) / DRIFT_RAMP_S);
    guide->drift_s = guide->drift_01 > 0.0 ? guide->drift_s + dt_s : 0.0;
    const double rate =
        guide->rate_brpm + guide->drift_01 * OB_DRIFT_BRPM * sin(OB_TAU * guide->drift_s / OB_DRIFT_PERIOD_S);
    /* Where a written pace follows a guided one the drift goes softly, and may not lift what is below the automatic. */
    const double low = guide->plan.fixed_pace ? OB_PACE_CHOSEN_MIN_BRPM : OB_PACE_AUTO_MIN_BRPM;
    const double high = guide->plan.fixed_pace ? OB_PACE_CHOSEN_MAX_BRPM : OB_PACE_AUTO_MAX_BRPM;
    guide->drift_brpm = guide->drift_01 > 0.0 ? ob_clamp(rate, low, high) - guide->rate_brpm : 0.0;
}

/* The pace goes to meet the person, up to where they are: the last pace that they clearly followed, or the own rate, or
 * the pace of the start. Down it goes only to somebody of whom the own rate is sure and slower already. */
static double waiting_at(const struct ob_guide *guide, const struct ob_guide_input *input)
{
    const double rate = guide->rate_brpm;
    if (guide->comfort_brpm > 0.0)
        return fmax(rate, guide->comfort_brpm);
    if (input->own_known && input->own_brpm > rate)
        return fmin(input->own_brpm, OB_PACE_AUTO_MAX_BRPM);
    if (input->own_sure && input->own_brpm < rate)
        return fmax(input->own_brpm, ob_guide_target_brpm(guide));
    return fmax(rate, guide->plan.start_brpm);
}

/* It listens as long as it may and still be there in time: what is known at the beginning saves a descent that nobody
 * follows. */
static double listen_s(const struct ob_guide *guide)
{
    const double way = guide->plan.start_brpm - ob_guide_target_brpm(guide);
    return ob_clamp(guide->plan.minutes * 60.0 * REACH_SHARE - 60.0 * way / GLIDE_BRISK, LISTEN_S, LISTEN_MAX_S);
}

static void move_pace(struct ob_guide *guide, int64_t now_ns, const struct ob_guide_input *input, double dt_s)
{
    const struct ob_session_plan *p = &guide->plan;
    const double since_s = ob_s_from_ns(now_ns - guide->guided_ns);
    const double glide_max = GLIDE_MAX / 60.0 * dt_s;
    watch_following(guide, input, dt_s);
    const bool quiet = p->minutes >= QUIET_FROM_MIN && since_s > p->minutes * 60.0 - fmin(QUIET_S, p->minutes * 20.0);
    double goal = guide->rate_brpm;
    double step = glide_max;
    if (!quiet)
        move_aim(guide, dt_s);
    const double target = ob_guide_target_brpm(guide);
    if (p->fixed_pace) {
        goal = p->target_brpm;
        step = (double)INFINITY;
    } else if (quiet) {
        /* It stands. */
    } else if (guide->waiting) {
        goal = waiting_at(guide, input);
    } else if (since_s > (input->heart ? listen_s(guide) : SETTLE_S) &&
               (guide->belief > FOLLOWS || guide->rate_brpm < target)) {
        goal = target;
        /* What is left to go over the time that is left until it should be there. */
        const double left_s = p->minutes * 60.0 * REACH_SHARE - since_s;
        if (left_s > dt_s)
            step = fmin(glide_max, fabs(guide->rate_brpm - goal) / left_s * dt_s);
    }
    guide->rate_brpm += ob_clamp(goal - guide->rate_brpm, -step, step);
    drift(guide, !p->fixed_pace && !guide->waiting && fabs(guide->rate_brpm - target) < DRIFT_WITHIN, dt_s);
}

static void turn(struct ob_guide *guide, int64_t now_ns)
{
    const double before = guide->segment.phase_turns;
    guide->segment =
        ob_pacer_continue(&guide->segment, now_ns, guide->paused ? 0.0 : guide->rate_brpm + guide->drift_brpm);
    if (guide->segment.phase_turns < before) {
        guide->breaths++;
        if (now_ns >= guide->closing_ns && guide->stage == OB_GUIDE_GUIDED)
            guide->closed = true;
    }
    guide->segment.next = shape_now(guide);
}

void ob_guide_enter_guided(struct ob_guide *guide, int64_t now_ns)
{
    guide->stage = OB_GUIDE_GUIDED;
    guide->breaths++;
    guide->segment.start_ns = now_ns;
    guide->segment.phase_turns = 0.0;
    guide->segment.shape = shape_now(guide);
}

void ob_guide_tick(struct ob_guide *guide, int64_t now_ns, const struct ob_guide_input *input)
{
    const double dt_s = ob_s_from_ns(OB_TICK_NS);
    if (guide->stage == OB_GUIDE_ENDED)
        return;
    guide->ticks++;
    if (guide->paused) {
        guide->guided_ns += guide->stage == OB_GUIDE_BEFORE ? OB_TICK_NS : 0;
        guide->closing_ns += OB_TICK_NS;
        guide->after_ns += OB_TICK_NS;
        guide->end_ns += OB_TICK_NS;
        turn(guide, now_ns);
        return;
    }
    if (guide->phase_count > 0)
        ob_guide_phases_tick(guide, now_ns);
    else if (now_ns >= guide->end_ns)
        guide->stage = OB_GUIDE_ENDED;
    else if (now_ns >= guide->after_ns)
        guide->stage = OB_GUIDE_AFTER;
    else if (now_ns >= guide->guided_ns && guide->stage == OB_GUIDE_BEFORE)
        ob_guide_enter_guided(guide, now_ns);
    else if (guide->stage == OB_GUIDE_GUIDED && guide->natural)
        guide->stage = OB_GUIDE_NATURAL;
    else if (guide->stage == OB_GUIDE_NATURAL && !guide->natural)
        ob_guide_enter_guided(guide, now_ns); /* a fresh breath, never the middle of one */

    if (ob_guide_leads(guide) && ob_guide_phases_pace(guide)) {
        ob_guide_phases_move(guide, dt_s);
        drift(guide, false, dt_s);
    } else if (ob_guide_leads(guide)) {
        move_pace(guide, now_ns, input, dt_s);
    } else {
        guide->waiting = false;
        guide->with_s = 0.0;
        guide->mean_brpm = guide->rate_brpm;
    }
    turn(guide, now_ns);
}

void ob_guide_pause(struct ob_guide *guide, bool on)
{
    guide->paused = on;
}

void ob_guide_natural(struct ob_guide *guide, bool on)
{
    guide->natural = on;
}

void ob_guide_choose_rate(struct ob_guide *guide, double brpm)
{
    guide->plan.target_brpm = ob_clamp(brpm, OB_PACE_CHOSEN_MIN_BRPM, OB_PACE_CHOSEN_MAX_BRPM);
    guide->plan.fixed_pace = true;
    guide->drift_01 = 0.0;
    guide->chosen = true;
}

void ob_guide_choose_inhale(struct ob_guide *guide, double share)
{
    guide->plan.inhale_share = ob_clamp(share, 1.0 / 3.0, 0.5);
}

void ob_guide_end(struct ob_guide *guide, int64_t now_ns)
{
    guide->end_ns = now_ns;
    guide->paused = false;
}
