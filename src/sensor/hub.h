/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hub: all sources on one thread, one poll() over the descriptors of all of them.
 *
 * Live, the hub has a thread of its own: it puts events into a ring for the engine and rings the engine's wake-up. When
 * the ring is full the newest event is lost and counted (ob_ring_refused): the engine empties it many times a second,
 * so a full ring means that the engine hangs. Headless, there is no thread: the caller asks for the next deadline and
 * calls ob_hub_service() with its own clock. */
#ifndef OB_SENSOR_HUB_H
#define OB_SENSOR_HUB_H

#include "base/err.h"
#include "base/ring.h"
#include "os/wake.h"
#include "sensor/sensor.h"

#include <stdbool.h>
#include <stdint.h>

#define OB_HUB_SOURCES_MAX 8
#define OB_HUB_FDS_MAX     4  /* descriptors of one source */
#define OB_HUB_FOUND_MAX   64 /* devices in sight of one source that are kept */

struct ob_hub;

struct ob_hub_desc {
    struct ob_ring *ring;    /* of struct ob_event; its producer is the hub. NULL: emit instead */
    struct ob_wake *wake;    /* rung after events were put in, and when a state changed; may be NULL */
    ob_sensor_emit_fn *emit; /* instead of a ring: called on the servicing thread */
    void *emit_user;
};

enum ob_err ob_hub_create(const struct ob_hub_desc *desc, struct ob_hub **hub_out);

/* Stops the thread, closes all sources, frees. NULL is fine. */
void ob_hub_destroy(struct ob_hub *hub);

/* Before start. The hub owns the source from now on. Returns its number, from 1 (0 in events is the program itself), or
 * 0 when there are OB_HUB_SOURCES_MAX already: then the source is closed. */
uint32_t ob_hub_add(struct ob_hub *hub, struct ob_sensor *sensor);

/* Starts and ends the thread. Stop waits for it; without a thread it does nothing. */
enum ob_err ob_hub_start(struct ob_hub *hub);
void ob_hub_stop(struct ob_hub *hub);

/* Without a thread: when something is due (INT64_MAX: never), and doing what is due at now_ns. Sources with descriptors
 * are polled without waiting. Events get arrived_ns = now_ns at the earliest. */
int64_t ob_hub_deadline_ns(const struct ob_hub *hub);
void ob_hub_service(struct ob_hub *hub, int64_t now_ns);

/* Any thread. How many sources; a source's newest status (index from 0); false: there is no such source. */
int ob_hub_count(const struct ob_hub *hub);
bool ob_hub_status(struct ob_hub *hub, int index, struct ob_sensor_status *status_out);

/* Any thread: what else the source has in sight, best first (at most OB_HUB_FOUND_MAX), as it was within the last half
 * second of its being serviced. Returns how many were written. */
int ob_hub_found(struct ob_hub *hub, int index, struct ob_sensor_status *found_out, int max);

/* Any thread: events handed on so far. */
uint64_t ob_hub_events(const struct ob_hub *hub);

/* "streaming", "searching", ...: static memory. */
const char *ob_sensor_state_name(enum ob_sensor_state state);

#endif
