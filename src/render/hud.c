/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/hud.h"

#include <math.h>

double ob_hud_unit_px(int width, int height)
{
    return fmax(1.0, fmin(height, 0.8 * width) / 100.0);
}

void ob_hud_update(struct ob_panels *panels, const struct ob_snapshot *snapshot, const struct ob_overlay *overlay,
                   double dt_s)
{
    (void)panels;
    (void)snapshot;
    (void)overlay;
    (void)dt_s;
}
