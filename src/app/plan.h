/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan of a session, from the settings. */
#ifndef OB_APP_PLAN_H
#define OB_APP_PLAN_H

#include "base/event.h"
#include "config/settings.h"

/* A measured session has unpaced windows of this length before and after. */
#define OB_PLAN_UNPACED_S 120.0

/* What the settings say of session and pacer; who breathes (seed, simulated) is the caller's to fill in. */
struct ob_session_plan ob_plan_of(const struct ob_settings *settings);

#endif
