/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What BlueZ knows: its adapters, the devices in sight and the characteristics that matter here, read from its
 * messages. Keeps a picture only; asks and orders nothing. Private to ble.c; one thread. */
#ifndef OB_SENSOR_BLUEZ_H
#define OB_SENSOR_BLUEZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-bus.h>

#define OB_BLUEZ_NAME         "org.bluez"
#define OB_BLUEZ_HEART        "0000180d-0000-1000-8000-00805f9b34fb"
#define OB_BLUEZ_DEVICES_MAX  64
#define OB_BLUEZ_ADAPTERS_MAX 4
#define OB_BLUEZ_PATH_MAX     128

struct ob_bluez_device {
    char path[OB_BLUEZ_PATH_MAX];
    char measurement[OB_BLUEZ_PATH_MAX]; /* path of characteristic 2A37; empty: not seen yet */
    char pmd_control[OB_BLUEZ_PATH_MAX], pmd_data[OB_BLUEZ_PATH_MAX]; /* of Polar's measurement data, likewise */
    char address[18];
    char name[48];
    bool heart; /* offers the heart-rate service */
    bool connected, resolved;
    bool in_sight;    /* advertises: it has a signal strength */
    uint32_t adverts; /* how often it was heard */
    int rssi_dbm;     /* with in_sight */
    int battery_pct;  /* -1: not known */
};

struct ob_bluez_adapter {
    char path[OB_BLUEZ_PATH_MAX];
    bool powered;
};

struct ob_bluez {
    int devices, adapters;
    struct ob_bluez_device device[OB_BLUEZ_DEVICES_MAX];
    struct ob_bluez_adapter adapter[OB_BLUEZ_ADAPTERS_MAX];
};

/* The value of a characteristic that a message brought; valid as long as the message. */
struct ob_bluez_value {
    const char *path;
    const void *bytes; /* NULL: no value in it */
    size_t count;
};

/* Each reads one message whole; what is not understood is passed over. Negative errno: it is not such a message. */
int ob_bluez_read_objects(struct ob_bluez *bluez, sd_bus_message *reply); /* of GetManagedObjects */
int ob_bluez_read_added(struct ob_bluez *bluez, sd_bus_message *signal);  /* InterfacesAdded */
int ob_bluez_read_removed(struct ob_bluez *bluez, sd_bus_message *signal);
int ob_bluez_read_changed(struct ob_bluez *bluez, sd_bus_message *signal, struct ob_bluez_value *value_out);

/* NULL: not known. */
struct ob_bluez_device *ob_bluez_find(struct ob_bluez *bluez, const char *path);

/* The first adapter that is switched on; NULL: none. */
const struct ob_bluez_adapter *ob_bluez_adapter(const struct ob_bluez *bluez);

#endif
