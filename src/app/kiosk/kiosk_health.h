/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The health of a kiosk as two small files in $XDG_RUNTIME_DIR/outbreath: kiosk.json for programs, kiosk.html for a
 * browser on the same machine. Nothing of a person is in them. Main thread of the supervisor. */
#ifndef OB_APP_KIOSK_HEALTH_H
#define OB_APP_KIOSK_HEALTH_H

#include "app/kiosk/kiosk_link.h"

#include <stdbool.h>
#include <stdint.h>

struct ob_kiosk_health {
    int64_t started_s; /* of the supervisor, seconds since 1970 */
    int64_t now_s;
    int child;                       /* process id; 0: none now */
    bool begun;                      /* a heartbeat of it has come */
    struct ob_kiosk_message heard;   /* the newest heartbeat */
    double age_s[OB_KIOSK_COUNTERS]; /* since each counter advanced */
    uint64_t visits, crashes, stalls;
    char last[160]; /* what went wrong last, a sentence, and when; "" for nothing */
    int64_t last_s;
};

/* False: they can't be written here; no reason to stop. */
bool ob_kiosk_health_write(const struct ob_kiosk_health *health);

/* Whether staff have left the kiosk: an empty file named left, for whoever starts the compositor around it. Not every
 * cage tells with what its program ended. */
void ob_kiosk_health_left(bool left);

/* The supervisor ends: the files go. */
void ob_kiosk_health_remove(void);

#endif
