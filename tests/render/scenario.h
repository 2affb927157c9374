/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A snapshot to draw, for the tests and tools of this folder. */
#ifndef OB_TESTS_RENDER_SCENARIO_H
#define OB_TESTS_RENDER_SCENARIO_H

#include "engine/snapshot.h"

/* Six breaths a minute, 40:60, with a minute of beats that swing with the breath. volume-wise: the session began at 0
 * and an inhale begins at every whole 10 s. */
void scenario_fill(struct ob_snapshot *snapshot, double now_s);

#endif
