/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the packets of a heart-rate service to events: timeline, judge, contact and gaps. Private to ble.c. */
#ifndef OB_SENSOR_STRAP_H
#define OB_SENSOR_STRAP_H

#include "sensor/beat_judge.h"
#include "sensor/beat_line.h"
#include "sensor/sensor.h"

struct ob_strap {
    struct ob_beat_line line;
    struct ob_beat_judge judge;
    int contact;    /* -1: nothing said yet, 0 off the skin, 1 on it */
    bool gap_told;  /* nothing has come since the last GAP event */
    int64_t age_ns; /* of the newest beat when it came */
    uint64_t beats; /* passed on so far */
};

void ob_strap_init(struct ob_strap *strap);

/* A packet of 0x2A37. False: it is none. */
bool ob_strap_packet(struct ob_strap *strap, int64_t now_ns, const void *bytes, size_t count, ob_sensor_emit_fn *emit,
                     void *user);

/* The stream broke off: a GAP event, if beats came since the last. */
void ob_strap_break(struct ob_strap *strap, int64_t now_ns, ob_sensor_emit_fn *emit, void *user);

#endif
