/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A heart sensor behind one table of operations. A new adapter is: fill in this table.
 *
 * All sources live on the hub's thread: one poll() over the descriptors of all. Losing a device is a state, not an
 * error; a source that can come back goes on trying by itself.
 *
 * How to write one:
 *
 *   1. A struct of your own that begins with struct ob_sensor, and ob_NAME_create(desc) that allocates it, copies what
 *      it needs of the description, and opens nothing yet.
 *   2. A pure file for the bytes (xyz_decode.c): no clock, no descriptor, constant memory, a fuzz target.
 *   3. service() reads what is there without waiting, and emits: RR events with the time of the beat that ends the
 *      interval, SAMPLES blocks of at most 48 values, stamped with the time of the last frame, CONTACT when it
 *      changes, and a GAP before the first event after anything was lost. Never bridge a loss, never repeat a beat.
 *   4. deadline_ns() says when to be called although nothing came: an opening to be tried again, a block that is old
 *      enough, a silence that is worth a word. The first call wants INT64_MIN.
 *   5. status() says in a sentence for people what it is doing or what is wrong and what to do about it; quality_01 0
 *      and a sentence where it knows that the data are no good.
 *   6. A line in app/session/source.c that opens it by the beginning of its id ("serial:", "bluetooth:").
 *
 * The hub numbers events, keeps statuses for other threads, routes heart and breath, and draws nothing from a source
 * that is not asked for. */
#ifndef OB_SENSOR_SENSOR_H
#define OB_SENSOR_SENSOR_H

#include "base/err.h"
#include "base/event.h"

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum ob_sensor_state {
    OB_SOURCE_IDLE,
    OB_SOURCE_SEARCHING,
    OB_SOURCE_CONNECTING,
    OB_SOURCE_STREAMING,
    OB_SOURCE_STALE,   /* connected, but nothing has come for a while */
    OB_SOURCE_BACKOFF, /* lost; waiting before the next try */
    OB_SOURCE_ENDED,   /* a file is over */
    OB_SOURCE_FAILED,  /* needs a person: permission, wrong file */
};

struct ob_sensor_status {
    enum ob_sensor_state state;
    const char *kind;   /* "serial", "bluetooth", ...: static memory; the hub sets it from the table */
    char id[96];        /* stable, for --sensor and for remembering */
    char name[64];      /* for people */
    char sentence[160]; /* what it is doing or what is wrong, for people */
    float quality_01;
    int battery_pct; /* -1: not known */
    int rssi_dbm;    /* how strong its radio is heard, about -30 (near) to -100 (hardly); 0: not known */
    int64_t age_ns;  /* of the newest data */
    bool simulated;
};

/* Where a source puts its events, with measured_ns and arrived_ns set (arrived_ns: the now_ns of service(), or the
 * moment before it at which this was due). The hub numbers the source and passes them on; never blocks. */
typedef void ob_sensor_emit_fn(void *user, const struct ob_event *event);

/* An event with nothing in it yet; every byte is set, since logs and hashes see them. */
static inline struct ob_event ob_sensor_event(enum ob_event_kind kind, int64_t measured_ns, int64_t arrived_ns)
{
    struct ob_event event;
    memset(&event, 0, sizeof event);
    event.kind = kind;
    event.measured_ns = measured_ns;
    event.arrived_ns = arrived_ns;
    return event;
}

struct ob_sensor;

struct ob_sensor_ops {
    const char *kind; /* "serial", "replay", "person", ... */
    /* Fills up to max descriptors to wait for; returns how many. */
    int (*descriptors)(struct ob_sensor *sensor, struct pollfd *fds_out, int max);
    /* Monotonic time at which service() wants to be called even if nothing is readable; INT64_MAX: never. */
    int64_t (*deadline_ns)(const struct ob_sensor *sensor);
    /* Does whatever is due, without blocking; emits events. fds: as filled above, with revents. */
    void (*service)(struct ob_sensor *sensor, int64_t now_ns, const struct pollfd *fds, int count,
                    ob_sensor_emit_fn *emit, void *user);
    void (*status)(const struct ob_sensor *sensor, struct ob_sensor_status *status_out);
    /* What else is in sight and could be chosen by its id, best first, without the one in use; fills up to max, returns
     * how many. NULL: this kind of source does not look around. */
    int (*found)(const struct ob_sensor *sensor, struct ob_sensor_status *found_out, int max);
    void (*close)(struct ob_sensor *sensor); /* frees; NULL is fine */
};

/* Every adapter's own struct begins with this. */
struct ob_sensor {
    const struct ob_sensor_ops *ops;
};

#endif
