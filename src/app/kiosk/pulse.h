/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a kiosk's child is alive, by its heartbeats. Time is handed in. Pure. */
#ifndef OB_APP_PULSE_H
#define OB_APP_PULSE_H

#include "app/kiosk/kiosk_link.h"

struct ob_pulse {
    bool came;        /* a first heartbeat did */
    int64_t begin_ns; /* the child was started */
    uint64_t value[OB_KIOSK_COUNTERS];
    int64_t moved_ns[OB_KIOSK_COUNTERS]; /* when it was last seen to advance */
    int64_t fed_ns;                      /* when the watchdog was fed last */
};

/* A child was started. */
void ob_pulse_begin(struct ob_pulse *pulse, int64_t now_ns);

/* A heartbeat came. */
void ob_pulse_take(struct ob_pulse *pulse, const uint64_t counters[OB_KIOSK_COUNTERS], int64_t now_ns);

/* A counter that has stood still for longer than stall_ns; before the first heartbeat first_ns is given to all.
 * OB_KIOSK_COUNTERS: none. */
enum ob_kiosk_counter ob_pulse_stalled(const struct ob_pulse *pulse, int64_t now_ns, int64_t stall_ns,
                                       int64_t first_ns);

/* True at most once each every_ns, and only when all counters have advanced since it was last true. */
bool ob_pulse_feed(struct ob_pulse *pulse, int64_t now_ns, int64_t every_ns);

#endif
