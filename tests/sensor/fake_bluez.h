/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small org.bluez with one adapter and a few straps, on a thread and a bus connection of its own. What it does wrong
 * is ordered from the test's thread; every function may be called from there at any time. */
#ifndef OB_TESTS_SENSOR_FAKE_BLUEZ_H
#define OB_TESTS_SENSOR_FAKE_BLUEZ_H

#include <stdbool.h>
#include <stddef.h>

#define FAKE_STRAPS 3 /* addresses 00:00:00:00:00:00, ..:01, ..:02 */

struct fake_counts {
    int connects, disconnects, searches, notifies;
};

/* Takes the name on the bus at this address. False: it could not. */
bool fake_start(const char *address);
void fake_stop(void); /* as if bluetoothd had died */

void fake_advertise(int strap, int rssi_dbm);
void fake_never_resolve(bool never); /* connects, but its services never come */
void fake_refuse(int connects);      /* fail so many connects */
void fake_objects_late(bool late);   /* says resolved at once, shows the characteristic only to the second question */
void fake_drop(int strap);           /* the strap goes out of reach */
bool fake_subscribed(int strap);     /* somebody listens to it now */
void fake_packet(int strap, const void *bytes, size_t count);
void fake_leave_connected(int strap); /* as if an earlier program had crashed */
struct fake_counts fake_counted(void);

#endif
