/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbers with their tachogram, and the list of keys. Main thread. */
#ifndef OB_RENDER_HUD_H
#define OB_RENDER_HUD_H

#include "render/numbers.h"
#include "render/panels.h"

/* A hundredth of the screen's height, less on narrow screens: the unit that all type is sized by. */
double ob_hud_unit_px(int width, int height);

/* Numbers are painted anew at most five times a second, and when they are shown. */
void ob_hud_update(struct ob_panels *panels, const struct ob_snapshot *snapshot, const struct ob_overlay *overlay,
                   double dt_s);

#endif
