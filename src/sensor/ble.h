/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Bluetooth heart strap through BlueZ, over a bus connection of its own (sd-bus): the heart-rate service (0x180D)
 * and, where there is one, Polar's measurement data on top of it.
 *
 * Looks for straps, takes the one that is named, or the last good one, or the strongest, connects, waits until its
 * services are resolved, subscribes to 0x2A37 and gives RR events with the times of beat_line.h. A strap that is
 * already connected is taken as it is. After a loss it waits 0.5, 1, 2, 4, 8 s before each try, for ever, and looks out
 * meanwhile: as soon as the strap is heard again it connects. For two minutes after a loss no other strap will do, so
 * that in a room with several people nobody gets the neighbour's heart. Connecting may take 20 s, resolving 15 s,
 * subscribing 10 s; nothing for 5 s is STALE. Every loss is a GAP event. Intervals that are not what they claim to be
 * (beat_judge.h) are not passed on, and the sentence says why.
 *
 * A sensor with measurement data (polar.h) is also asked for its ECG and acceleration, or for its pulse intervals.
 * Until those come, and whenever they fail, the plain intervals count; while they come, the plain ones are silent. If
 * it wants to be bonded, it is, and an agent agrees for the sensor in use and for nothing else.
 *
 * Nothing blocks but close(), which orders streams to stop (waiting up to half a second for the answers), subscriptions
 * to end and the link to be cut: a strap that stays on empties its battery. A bus, a BlueZ, an adapter or a permission
 * that is missing is a state with a sentence, and is tried again. The system bus, or what DBUS_SYSTEM_BUS_ADDRESS
 * names. */
#ifndef OB_SENSOR_BLE_H
#define OB_SENSOR_BLE_H

#include "sensor/sensor.h"

struct ob_ble_desc {
    const char *address;   /* "AA:BB:CC:DD:EE:FF"; NULL or "any": the strongest strap in sight */
    const char *preferred; /* with any: the address of the last good one, which is taken if it is heard within a few
                              seconds of the first; NULL or not an address: none */
    bool look_only;        /* connects to nothing: what is in sight is listed by found() */
};

/* Whether the text is "any" or an address. */
bool ob_ble_address_valid(const char *text);

/* Opens nothing yet: the first service() call does. NULL without memory, or when the address is not valid. */
struct ob_sensor *ob_ble_create(const struct ob_ble_desc *desc);

/* The phases that it goes through are finer than the states: "IDLE", "SCAN", "FOUND", "CONNECTING", "RESOLVING",
 * "SUBSCRIBING", "STREAMING", "STALE", "BACKOFF" (static memory). For logs and tests: the one that it is in, and a
 * function that hears of each that is entered, within service(). The thread that services it. */
const char *ob_ble_phase(const struct ob_sensor *sensor);
void ob_ble_watch(struct ob_sensor *sensor, void (*entered)(void *user, const char *phase), void *user);

#endif
