/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/pace.h"

#include "base/time.h"

#include <math.h>
#include <string.h>

#define MARGIN_NS   (1500 * OB_NS_PER_US)
#define CALM_FRAMES 150
#define SCALE_STEP  0.85
#define SHARE_DEAR  0.80 /* of a period: draw less */
#define SHARE_CHEAP 0.45 /* of a period: there is room for more */

void ob_pace_init(struct ob_pace *pace, int64_t period_ns, double scale, bool fixed)
{
    memset(pace, 0, sizeof *pace);
    pace->period_ns = period_ns;
    pace->scale = scale;
    pace->fixed = fixed;
    pace->cost_ns = 0.3 * (double)period_ns;
}

int64_t ob_pace_seen_ns(const struct ob_pace *pace, int64_t now_ns)
{
    const int64_t ready_ns = now_ns + (int64_t)pace->cost_ns;
    if (!pace->due_ns)
        return ready_ns;
    int64_t next_ns = pace->due_ns + pace->period_ns;
    if (next_ns < ready_ns) {
        /* Late by a little: shown as soon as it is ready. By more: on the next refresh that can be reached. */
        const int64_t late_ns = ready_ns - next_ns;
        next_ns += late_ns < MARGIN_NS ? late_ns : (late_ns / pace->period_ns + 1) * pace->period_ns;
    }
    return next_ns;
}

int64_t ob_pace_begin_ns(const struct ob_pace *pace, int64_t now_ns)
{
    const int64_t begin_ns = ob_pace_seen_ns(pace, now_ns) - (int64_t)pace->cost_ns - MARGIN_NS;
    return begin_ns > now_ns ? begin_ns : now_ns;
}

static void fit_scale(struct ob_pace *pace)
{
    const double share = pace->cost_ns / (double)pace->period_ns;
    if (share > SHARE_DEAR && pace->scale > OB_PACE_SCALE_LEAST) {
        pace->scale = fmax(OB_PACE_SCALE_LEAST, pace->scale * SCALE_STEP);
        /* The cost of the next frames is not known yet: think the best of them, or the scale falls to the floor. */
        pace->cost_ns *= SCALE_STEP * SCALE_STEP;
        pace->calm_frames = 0;
    } else if (share < SHARE_CHEAP && pace->scale < 1.0) {
        if (++pace->calm_frames >= CALM_FRAMES) {
            pace->scale = fmin(1.0, pace->scale / SCALE_STEP);
            pace->calm_frames = 0;
        }
    } else {
        pace->calm_frames = 0;
    }
}

void ob_pace_shown(struct ob_pace *pace, int64_t seen_ns, int64_t shown_ns, int64_t cost_ns, bool blocks)
{
    const double cost = fmin((double)cost_ns, 4.0 * (double)pace->period_ns);
    pace->cost_ns += (cost > pace->cost_ns ? 0.2 : 0.05) * (cost - pace->cost_ns);
    if (!pace->fixed)
        fit_scale(pace);
    const int64_t error_ns = shown_ns - seen_ns;
    if (error_ns > pace->period_ns / 2)
        pace->due_ns = shown_ns; /* missed: begin anew from here */
    else if (blocks)
        pace->due_ns = seen_ns + error_ns / 8; /* lock on to the display's own clock */
    else
        pace->due_ns = seen_ns;
}
