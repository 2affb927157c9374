/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much light there is in a session whose protocol wants no picture, and when it is dark enough to stop drawing.
 *
 * The light stays for OB_DARKNESS_AFTER_S, fades in OB_DARKNESS_FADE_S, and is gone within ten seconds. Whatever is
 * touched brings it back for as long again; a pause, the end, and a screen that somebody opened keep it. Pure: times
 * are handed in. */
#ifndef OB_APP_DARKNESS_H
#define OB_APP_DARKNESS_H

#include <stdbool.h>
#include <stdint.h>

#define OB_DARKNESS_AFTER_S  6.0
#define OB_DARKNESS_FADE_S   3.0
#define OB_DARKNESS_SETTLE_S 0.5 /* at no light the picture has this long to follow; then it is dark */
#define OB_DARKNESS_RISE_S   1.5
#define OB_DARKNESS_DEAF_S   1.0 /* after it became dark: the window moves then, and that looks like a mouse */

struct ob_darkness {
    float light_01; /* of the picture, 1 where nothing is dark */
    bool dark;      /* nothing need be drawn */
    /* private */
    int64_t now_ns;
    int64_t lit_ns;  /* since when nothing was touched */
    int64_t dark_ns; /* since when it is dark */
    double gone_s;   /* how long there has been no light */
};

/* All light. */
void ob_darkness_init(struct ob_darkness *darkness);

/* Time goes on to now_ns; wanted: the session should be dark now. */
void ob_darkness_step(struct ob_darkness *darkness, bool wanted, int64_t now_ns);

/* A key, button or finger; moved: only a mouse or stick, of which windows tell stories of their own. True: it was dark,
 * and this brings the light back. */
bool ob_darkness_touch(struct ob_darkness *darkness, bool moved);

#endif
