/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/asleep.h"

#include "base/maths.h"

#include <math.h>

#define FOLLOWS_01    0.25
#define FOLLOWS_NOT   0.10
#define OWN_FASTER    1.25
#define OWN_SHARE     0.65 /* of the time in which it is known */
#define KNOWN_SHARE   0.25
#define STEADY_BRPM   3.2
#define SLOWER_BPM    2.0
#define SLOW_TAU_S    60.0
#define FOLLOWS_TAU_S 120.0

static void come_back(struct ob_asleep *a)
{
    a->away_s = a->own_s = a->faster_s = a->own_mean = a->own_square = 0.0;
}

void ob_asleep_init(struct ob_asleep *a)
{
    *a = (struct ob_asleep){.patience_s = OB_ASLEEP_S, .let_go_s = -1.0};
}

/* The heart rate that the person has while following; later minutes count more. */
static void follow(struct ob_asleep *a, const struct ob_asleep_input *in)
{
    if (in->hr_known) {
        const double share = a->followed_s < FOLLOWS_TAU_S ? 1.0 / (a->followed_s + 1.0) : 1.0 / FOLLOWS_TAU_S;
        a->followed_bpm += (in->hr_bpm - a->followed_bpm) * share;
        a->followed_s += 1.0;
    }
    come_back(a);
}

static void be_away(struct ob_asleep *a, const struct ob_asleep_input *in)
{
    if (a->away_s <= 0.0)
        a->slow_bpm = in->hr_known ? in->hr_bpm : a->followed_bpm;
    a->away_s += 1.0;
    if (in->hr_known)
        a->slow_bpm += (in->hr_bpm - a->slow_bpm) * ob_lag(1.0, SLOW_TAU_S);
    if (!in->own_known)
        return;
    a->own_s += 1.0;
    a->faster_s += in->own_brpm > OWN_FASTER * in->pace_brpm ? 1.0 : 0.0;
    const double off = in->own_brpm - a->own_mean;
    a->own_mean += off / a->own_s;
    a->own_square += off * (in->own_brpm - a->own_mean);
}

static bool asleep(const struct ob_asleep *a)
{
    return a->followed_s >= OB_ASLEEP_FOLLOWED_S && a->away_s >= a->patience_s && a->own_s >= KNOWN_SHARE * a->away_s &&
           a->faster_s >= OWN_SHARE * a->own_s && a->own_square <= STEADY_BRPM * STEADY_BRPM * a->own_s &&
           a->slow_bpm <= a->followed_bpm - SLOWER_BPM;
}

void ob_asleep_second(struct ob_asleep *a, const struct ob_asleep_input *in)
{
    if (a->let_go_s >= 0.0 && !in->disturbed) {
        a->let_go_s += 1.0; /* what the heart does now changes nothing any more: there is nothing to follow */
        return;
    }
    if (a->let_go_s >= 0.0) {
        a->patience_s *= 2.0;
        a->let_go_s = -1.0;
        come_back(a);
    }
    if (!in->leads || in->disturbed) {
        come_back(a);
        return;
    }
    if (!in->fit_known)
        return;
    if (in->fit_long_01 >= FOLLOWS_01)
        follow(a, in);
    else if (in->fit_long_01 < FOLLOWS_NOT)
        be_away(a, in);
    if (asleep(a))
        a->let_go_s = 0.0;
}

double ob_asleep_gone_01(const struct ob_asleep *a)
{
    return a->let_go_s < 0.0 ? 0.0 : ob_clamp01(a->let_go_s / OB_ASLEEP_FADE_S);
}

bool ob_asleep_over(const struct ob_asleep *a)
{
    return a->let_go_s >= OB_ASLEEP_FADE_S + OB_ASLEEP_LEAVE_S;
}
