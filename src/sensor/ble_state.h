/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Bluetooth source's own state, shared by its three files: ble.c finds, connects and keeps the connection;
 * ble_polar.c has the measurement-data service on top of it; ble_status.c puts all that into words. Private to them. */
#ifndef OB_SENSOR_BLE_STATE_H
#define OB_SENSOR_BLE_STATE_H

#include "sensor/bluez.h"
#include "sensor/pmd_stream.h"
#include "sensor/polar.h"
#include "sensor/ppi.h"
#include "sensor/sensor.h"
#include "sensor/strap.h"
#include "signal/ecg.h"

enum ob_ble_phase { IDLE, SCAN, FOUND, CONNECTING, RESOLVING, SUBSCRIBING, STREAMING, STALE, BACKOFF };

enum ob_ble_polar_phase {
    POLAR_NONE,      /* not looked for yet, or the device has no such service */
    POLAR_SUBSCRIBE, /* to control point and data */
    POLAR_PAIRING,
    POLAR_READ, /* what it has */
    POLAR_TALK, /* polar.h leads */
    POLAR_OFF,  /* it cannot be had; polar_problem says why */
};

struct ble_polar {
    enum ob_ble_polar_phase phase;
    struct ob_polar talk;
    struct ob_pmd_stream ecg, acc;
    struct ob_ppi ppi;
    struct ob_ecg *judge; /* of the ECG's quality; NULL: none yet, or no memory */
    sd_bus_slot *call;
    bool paired;        /* tried once in this connection */
    int64_t due_ns;     /* of an answer */
    int64_t heart_ns;   /* when ECG or pulse intervals last came; 0: never in this connection */
    int64_t started_ns; /* when they first came */
    bool plain;         /* the heart-rate service's own intervals count now */
    const char *problem;
    char control[OB_BLUEZ_PATH_MAX], data[OB_BLUEZ_PATH_MAX];
    struct ob_pmd_frame frame;
};

struct ble {
    struct ob_sensor sensor;
    char asked[18];     /* empty: any */
    char preferred[18]; /* among any: this one if it is near; empty: none */
    sd_bus *bus;
    bool look_only;
    bool begun, present; /* present: BlueZ has answered */
    enum ob_ble_phase phase;
    int64_t now_ns, deadline_ns, phase_end_ns, heard_ns;
    int failures;
    bool searching; /* discovery was ordered */
    char search_path[OB_BLUEZ_PATH_MAX];
    sd_bus_slot *call, *query, *agent;
    struct ob_bluez bluez;
    char target[OB_BLUEZ_PATH_MAX]; /* the strap in use or remembered; empty: none */
    char name[48], address[18];
    int64_t streamed_ns; /* when it last gave something; 0: never */
    char measurement[OB_BLUEZ_PATH_MAX];
    uint32_t adverts; /* of the target when it was lost */
    char problem[120];
    struct ob_strap strap;
    struct ble_polar polar;
    int leaving;             /* stop orders without an answer, in close() */
    ob_sensor_emit_fn *emit; /* during service() */
    void *emit_user;
    void (*entered)(void *user, const char *phase); /* NULL: nobody wants to know */
    void *entered_user;
};

/* ---- ble_polar.c ---- */

/* The device is subscribed to, or has shown more of itself: looks for the service, once a connection. */
void ob_ble_polar_look(struct ble *b, const struct ob_bluez_device *device);
/* True: the value was one of this service's. */
bool ob_ble_polar_value(struct ble *b, const struct ob_bluez_value *value);
/* Does what is due; when it wants to be called again. */
void ob_ble_polar_time(struct ble *b);
int64_t ob_ble_polar_deadline_ns(const struct ble *b);
/* The connection ends, or is about to be ended. orderly: it still stands, and streams are stopped by order; with
 * `counted` the answers are counted down in b->leaving. */
void ob_ble_polar_leave(struct ble *b, bool orderly, bool counted);
/* Whether the heart comes from this service now, so that the plain intervals have to be silent. */
bool ob_ble_polar_rules(const struct ble *b);
/* Registers the agent that answers questions about bonding. */
void ob_ble_polar_agent(struct ble *b);
void ob_ble_polar_finish(struct ble *b);

/* ---- ble_status.c: two entries of the table ---- */

void ob_ble_status(const struct ob_sensor *sensor, struct ob_sensor_status *status_out);
int ob_ble_found(const struct ob_sensor *sensor, struct ob_sensor_status *found_out, int max);

#endif
