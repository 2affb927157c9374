/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The hub: all sources on one thread, one poll() over the descriptors of all of them.
 *
 * Several sources may run at once, and come and go at any time; what the session takes of each is said with
 * ob_hub_take(): the heart of one, the breathing of another. Where another source becomes the heart's, a GAP event
 * stands before its first event: two clocks and two delays never join.
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
#include "sensor/view.h"

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

/* What the session takes of a source. Of the heart: RR, ECG, pulse wave, contact and gaps; of the breath: belt,
 * impedance and acceleration. */
enum ob_hub_take { OB_HUB_NOTHING = 0, OB_HUB_HEART = 1, OB_HUB_BREATH = 2, OB_HUB_ALL = 3 };

/* One thread at a time, before or after start. The hub owns the source from now on. Returns its number, from 1 (0 in
 * events is the program itself), or 0 when there are OB_HUB_SOURCES_MAX already: then the source is closed. */
uint32_t ob_hub_add(struct ob_hub *hub, struct ob_sensor *sensor, enum ob_hub_take take);

/* Closes a source; its number may be given again. Waits until the hub's thread is between two services (some ms). */
void ob_hub_remove(struct ob_hub *hub, uint32_t number);

/* Any thread. Changes from the next event on. */
void ob_hub_take(struct ob_hub *hub, uint32_t number, enum ob_hub_take take);
enum ob_hub_take ob_hub_taken(const struct ob_hub *hub, uint32_t number);

/* Starts and ends the thread. Stop waits for it; without a thread it does nothing. */
enum ob_err ob_hub_start(struct ob_hub *hub);
void ob_hub_stop(struct ob_hub *hub);

/* Without a thread: when something is due (INT64_MAX: never), and doing what is due at now_ns. Sources with descriptors
 * are polled without waiting. Events get arrived_ns = now_ns at the earliest. */
int64_t ob_hub_deadline_ns(struct ob_hub *hub);
void ob_hub_service(struct ob_hub *hub, int64_t now_ns);

/* Any thread. A source's newest status, by its number less 1 (below OB_HUB_SOURCES_MAX); false: there is none. Its
 * quality is the lesser of what the source says and what is seen of it, and what helps a poor signal stands in the
 * sentence, while views are watched. */
bool ob_hub_status(struct ob_hub *hub, int index, struct ob_sensor_status *status_out);

/* Any thread: what else the source has in sight, best first (at most OB_HUB_FOUND_MAX), as it was within the last half
 * second of its being serviced. Returns how many were written. */
int ob_hub_found(struct ob_hub *hub, int index, struct ob_sensor_status *found_out, int max);

/* Any thread. Views (view.h) cost a detector a source, so they are made only while they are watched; one begins empty.
 * ob_hub_view() copies what is at most a twentieth of a second old; false: there is no such source, or no view. */
void ob_hub_watch(struct ob_hub *hub, bool watch);
bool ob_hub_view(struct ob_hub *hub, int index, struct ob_view *view_out);

/* Any thread: events of sources so far, taken or not. */
uint64_t ob_hub_events(const struct ob_hub *hub);

/* Any thread: how often the hub's thread has turned so far, at least four times a second as long as it lives. */
uint64_t ob_hub_turns(const struct ob_hub *hub);

/* "streaming", "searching", ...: static memory. */
const char *ob_sensor_state_name(enum ob_sensor_state state);

#endif
