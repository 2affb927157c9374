/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/darkness.h"

#include "base/maths.h"
#include "base/time.h"

void ob_darkness_init(struct ob_darkness *darkness)
{
    *darkness = (struct ob_darkness){.light_01 = 1.0f};
}

void ob_darkness_step(struct ob_darkness *darkness, bool wanted, int64_t now_ns)
{
    const double step_s = darkness->now_ns ? ob_s_from_ns(now_ns - darkness->now_ns) : 0.0;
    darkness->now_ns = now_ns;
    if (!wanted || !darkness->lit_ns)
        darkness->lit_ns = now_ns;
    const double since_s = ob_s_from_ns(now_ns - darkness->lit_ns);
    const double light_01 = ob_clamp01((OB_DARKNESS_AFTER_S + OB_DARKNESS_FADE_S - since_s) / OB_DARKNESS_FADE_S);
    /* A picture that comes back does so softly; one that goes has its own time already. */
    const double most_01 = ob_clamp01((double)darkness->light_01 + step_s / OB_DARKNESS_RISE_S);
    darkness->light_01 = (float)(light_01 < most_01 ? light_01 : most_01);
    darkness->gone_s = light_01 > 0.0 ? 0.0 : darkness->gone_s + step_s;
    const bool dark = darkness->gone_s >= OB_DARKNESS_SETTLE_S;
    if (dark && !darkness->dark)
        darkness->dark_ns = now_ns;
    darkness->dark = dark;
}

bool ob_darkness_touch(struct ob_darkness *darkness, bool moved)
{
    const bool dark = darkness->dark;
    if (moved && dark && ob_s_from_ns(darkness->now_ns - darkness->dark_ns) < OB_DARKNESS_DEAF_S)
        return false;
    darkness->lit_ns = darkness->now_ns;
    darkness->gone_s = 0.0;
    darkness->dark = false;
    return dark;
}
