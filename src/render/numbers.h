/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbers of a snapshot as people read them: over the picture, and on the therapist's page. */
#ifndef OB_RENDER_NUMBERS_H
#define OB_RENDER_NUMBERS_H

#include "engine/snapshot.h"

#define OB_HUD_NUMBERS   8
#define OB_HUD_NOT_KNOWN "\xe2\x80\x93" /* an en dash stands for what is not known (yet) */

struct ob_hud_number {
    char value[16];
    const char *unit; /* empty where nothing is known */
    char label[48];
};

/* Pure: the numbers in the order in which they are shown. */
void ob_hud_numbers(const struct ob_snapshot *snapshot, struct ob_hud_number numbers_out[OB_HUD_NUMBERS]);

#endif
