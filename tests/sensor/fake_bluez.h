/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small org.bluez with two adapters and a crowd of devices, on a thread and a bus connection of its own. What it does
 * wrong is ordered from the test's thread; every function may be called from there at any time. */
#ifndef OB_TESTS_SENSOR_FAKE_BLUEZ_H
#define OB_TESTS_SENSOR_FAKE_BLUEZ_H

#include "fake_polar.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Devices 0-39 are at hci0, 40-43 at hci1, which is switched off at first. Addresses 00:00:00:00:00:00, ..:01 and so
 * on in decimal; a device at hci1 has the address of the one 40 before it: two adapters hear the same strap. Each is a
 * heart strap unless the test says otherwise. */
#define FAKE_DEVICES 44
#define FAKE_SECOND  40

struct fake_counts {
    int connects, disconnects, searches, notifies, stop_notifies, agents;
};

enum fake_fault {
    FAKE_NO_CONNECT_REPLY,
    FAKE_NEVER_RESOLVE, /* connects, but its services never come */
    FAKE_OBJECTS_LATE,  /* says resolved at once, shows the characteristics only to the second question */
    FAKE_NO_NOTIFY_REPLY,
    FAKE_DENIED,         /* as the bus does when an account may not use Bluetooth */
    FAKE_REFUSE_CONNECT, /* fails so many of them */
    FAKE_REFUSE_NOTIFY,
    FAKE_REFUSE_SEARCH,
    FAKE_FAULTS
};

/* Takes the name on the bus at this address. False: it could not. */
bool fake_start(const char *address);
void fake_stop(void); /* as if bluetoothd had died */

void fake_fault(enum fake_fault fault, int times); /* 0: no more of it; -1: always */
void fake_power(int adapter, bool on);
void fake_adapter(int adapter, bool plugged); /* pulls it out with all its devices, or puts it in */
void fake_stranger(int device);               /* no heart strap: another kind of device */
void fake_advertise(int device, int rssi_dbm);
void fake_drop(int device);       /* it goes out of reach */
bool fake_subscribed(int device); /* somebody listens to its heart rate now */
bool fake_connected(int device);
void fake_packet(int device, const void *bytes, size_t count); /* of the heart-rate measurement */
void fake_leave_connected(int device);                         /* as if an earlier program had crashed */
struct fake_counts fake_counted(void);

int64_t fake_sent_ns(void); /* when the newest value was handed to the bus */

/* A Polar sensor: bit n of features for stream n. */
void fake_is_polar(int device, uint32_t features);
void fake_polar_set(int device, const struct fake_polar *polar);
struct fake_polar fake_polar_now(int device);
void fake_frame(int device, const void *bytes, size_t count);    /* sent only while its stream runs */
void fake_indicate(int device, const void *bytes, size_t count); /* of the control point, unasked */

#endif
