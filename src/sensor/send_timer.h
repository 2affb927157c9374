/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a device sends by a timer of its own, and when a packet then left. Pure.
 *
 * Many straps send once a second, whatever the heart does. Where the arrivals keep to a grid of quarter seconds, they
 * are a clock: their drift is the device's, and the place on the grid says when a packet left, better than its arrival
 * does, which a radio delays by tens of milliseconds. By chance arrivals lie 62 ms off such a grid on average; a
 * timer's lie within 25. */
#ifndef OB_SENSOR_SEND_TIMER_H
#define OB_SENSOR_SEND_TIMER_H

#include "sensor/envelope_fit.h"

#include <stdbool.h>
#include <stdint.h>

struct ob_send_timer { /* zeroed: nothing is known */
    bool regular;      /* the packets keep to a grid, seen over at least twenty */
    /* private */
    bool begun;
    int64_t origin_ns;
    int packets;
    double scatter_s; /* running mean of the distance from the grid */
    struct ob_envelope_fit fit;
};

/* The device stopped sending; its timer may begin anew. What is known of the drift is kept. */
void ob_send_timer_restart(struct ob_send_timer *timer);

/* A packet. Returns when it left, by the grid and as if the radio had delayed it as little as any; without a grid the
 * arrival itself. */
int64_t ob_send_timer_packet(struct ob_send_timer *timer, int64_t arrived_ns);

/* By how many ppm our clock runs faster than the device's, and how far to trust that; false: there is no grid. */
bool ob_send_timer_drift(const struct ob_send_timer *timer, double *ppm_out, double *spread_ppm_out);

#endif
