/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a kiosk's child is alive, by its heartbeats. Time is handed in. Pure. */
#ifndef OB_APP_PULSE_H
#define OB_APP_PULSE_H

#include "app/kiosk/kiosk_link.h"

#include <stdbool.h>
#include <stdint.h>

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

/* How long the next child may take until its first heartbeat: three times as long as the ones before took, between
 * least_ns and most_ns. usual_ns is what they took: 0 at the beginning, and taken on by ob_pulse_usual(). */
int64_t ob_pulse_first(int64_t usual_ns, int64_t least_ns, int64_t most_ns);

/* What is usual after a child that took so long: rises at once, falls by half. */
int64_t ob_pulse_usual(int64_t usual_ns, int64_t took_ns);

/* A counter that has stood still for longer than stall_ns; before the first heartbeat first_ns is given to all.
 * OB_KIOSK_COUNTERS: none. */
enum ob_kiosk_counter ob_pulse_stalled(const struct ob_pulse *pulse, int64_t now_ns, int64_t stall_ns,
                                       int64_t first_ns);

/* Parts that hang again and again. */
struct ob_hangs {
    unsigned in_row[OB_KIOSK_COUNTERS];
    int64_t until_ns[OB_KIOSK_COUNTERS]; /* children do without it until then */
};

/* A child was ended because this one stood still; and one has ended its visit as it should. */
void ob_hangs_note(struct ob_hangs *hangs, enum ob_kiosk_counter counter, int64_t now_ns);
void ob_hangs_none(struct ob_hangs *hangs);

/* Bits 1 << enum ob_kiosk_counter: what the next child does without, for ten minutes after the second hang in a row.
 * Only sound and sensors can be done without. */
uint32_t ob_hangs_without(const struct ob_hangs *hangs, int64_t now_ns);

/* True at most once each every_ns, and only when all counters have advanced since it was last true. */
bool ob_pulse_feed(struct ob_pulse *pulse, int64_t now_ns, int64_t every_ns);

#endif
