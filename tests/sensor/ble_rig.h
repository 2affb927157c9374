/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Bluetooth source on a private bus with a fake BlueZ, serviced by the test itself: with a clock that runs on by
 * itself while nothing happens, so that waiting for a deadline costs no time. Needs dbus-daemon. */
#ifndef OB_TESTS_SENSOR_BLE_RIG_H
#define OB_TESTS_SENSOR_BLE_RIG_H

#include "sensor/ble.h"

#include "heard.h"

#include <stdbool.h>
#include <stdint.h>

extern char rig_bus[256];
extern struct heard rig_heard;
extern struct ob_sensor *rig_sensor;
extern struct ob_sensor_status rig_status;
extern char rig_phases[1024]; /* those that were seen since rig_begin() or rig_forget(), with arrows */

/* A private bus, which DBUS_SYSTEM_BUS_ADDRESS then names, until fake_bus_stop(). False: there is no dbus-daemon. */
bool rig_start_bus(void);

void rig_begin(const char *address); /* NULL: it only looks around */
void rig_begin_preferring(const char *address, const char *preferred);
void rig_end(void);    /* closes the source */
void rig_forget(void); /* what was heard and seen so far */

int64_t rig_now_ns(void);
/* While set, the clock jumps ahead when all is quiet. Set by rig_begin(). */
void rig_hurry(bool hurry);

void rig_skip(double seconds); /* the clock jumps, whatever happens */

void rig_turn(void);
bool rig_until(bool (*reached)(void), double seconds);
bool rig_until_beats(size_t beats, double seconds);   /* RR events, of rig_heard */
bool rig_until_blocks(size_t blocks, double seconds); /* SAMPLES events */
bool rig_until_phase(const char *phase, double seconds);
void rig_for(double seconds);

/* One interval of a heart at 60 bpm, as a strap sends it; each time another, so that it is not taken for the same. */
void rig_beat(int device);

#endif
