/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A Bluetooth heart strap through BlueZ (the heart-rate service 0x180D), over a bus connection of its own (sd-bus).
 *
 * Looks for straps, takes the strongest or the one that is named, connects, waits until its services are resolved,
 * subscribes to 0x2A37 and gives RR events with the times of beat_line.h. A strap that is already connected is taken
 * as it is. After a loss it waits 0.5, 1, 2, 4, 8 s before each try, for ever, and looks out meanwhile: as soon as the
 * strap is heard again it connects. Connecting may take 20 s, resolving 15 s, subscribing 10 s; nothing for 5 s is
 * STALE. Every loss is a GAP event. Intervals that are not what they claim to be (beat_judge.h) are not passed on, and
 * the sentence says why.
 *
 * Nothing blocks but close(), which hands the orders to stop and to disconnect to the bus before it returns: a strap
 * that stays connected empties its battery. A bus, a BlueZ, an adapter or a permission that is missing is a state with
 * a sentence, and is tried again. The system bus, or what DBUS_SYSTEM_BUS_ADDRESS names. */
#ifndef OB_SENSOR_BLE_H
#define OB_SENSOR_BLE_H

#include "sensor/sensor.h"

struct ob_ble_desc {
    const char *address; /* "AA:BB:CC:DD:EE:FF"; NULL or "any": the strongest strap in sight */
};

/* Whether the text is "any" or an address. */
bool ob_ble_address_valid(const char *text);

/* Opens nothing yet: the first service() call does. NULL without memory, or when the address is not valid. */
struct ob_sensor *ob_ble_create(const struct ob_ble_desc *desc);

#endif
