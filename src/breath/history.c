/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/history.h"

#include "base/maths.h"
#include "base/time.h"

#include <string.h>

void ob_history_init(struct ob_history *history)
{
    memset(history, 0, sizeof *history);
}

void ob_history_push(struct ob_history *history, int64_t time_ns, const struct ob_history_point *point)
{
    history->points[history->count++ % OB_HISTORY_POINTS] = *point;
    history->last_ns = time_ns;
}

bool ob_history_at(const struct ob_history *history, int64_t time_ns, struct ob_history_point *point_out)
{
    const uint64_t kept = history->count < OB_HISTORY_POINTS ? history->count : OB_HISTORY_POINTS;
    const int64_t back_ns = history->last_ns - time_ns;
    if (kept < 2 || back_ns < -OB_NS_PER_S || back_ns > (int64_t)(kept - 1) * OB_HISTORY_STEP_NS)
        return false;
    /* Steps back to the right-hand one of the two neighbours; beyond the newest the last two are continued. */
    int64_t steps = back_ns >= 0 ? back_ns / OB_HISTORY_STEP_NS : 0;
    if ((uint64_t)steps > kept - 2)
        steps = (int64_t)kept - 2;
    const struct ob_history_point *right = &history->points[(history->count - 1 - (uint64_t)steps) % OB_HISTORY_POINTS];
    const struct ob_history_point *left = &history->points[(history->count - 2 - (uint64_t)steps) % OB_HISTORY_POINTS];
    const double u = 1.0 + (double)(steps * OB_HISTORY_STEP_NS - back_ns) / (double)OB_HISTORY_STEP_NS;
    point_out->turns = ob_lerp(left->turns, right->turns, u);
    point_out->volume_01 = (float)ob_clamp01(ob_lerp((double)left->volume_01, (double)right->volume_01, u));
    point_out->guided = left->guided && right->guided;
    return true;
}
