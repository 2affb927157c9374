/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the threads hand each other and what outlives a session: the way into the engine for what sensors send, and the
 * newest snapshot for each who looks. Between two sessions nobody steps an engine; then the main thread is the producer
 * of snapshots and the one who empties the ring.
 *
 * One ring with one producer (the hub) and one consumer; one triple buffer for each reader. */
#ifndef OB_APP_WIRES_H
#define OB_APP_WIRES_H

#include "base/err.h"
#include "base/event.h"
#include "base/ring.h"
#include "base/triple.h"
#include "engine/snapshot.h"
#include "os/wake.h"
#include "person/person.h"
#include "stream/console.h"

#include <stdbool.h>

#define OB_WIRES_RING 4096 /* half an hour of beats, a minute and a half of ECG; a full ring refuses and counts */

struct ob_wires {
    struct ob_ring sensor_ring; /* hub to engine */
    struct ob_wake wake;        /* rings when there is something for the engine */
    struct ob_triple to_main, to_sound, to_hub;
    struct ob_console *console; /* looks as well; NULL: none. Outlives the threads that publish */
    /* private */
    const struct ob_snapshot *heard;
    bool rests;
    struct ob_event sensor_slots[OB_WIRES_RING];
    struct ob_snapshot main_slots[3], sound_slots[3], hub_slots[3];
};

/* Large (a megabyte): not on a stack. */
enum ob_err ob_wires_init(struct ob_wires *wires);
void ob_wires_finish(struct ob_wires *wires);

/* Hands a snapshot to everybody. The engine's thread; where none runs, the main thread. */
void ob_wires_publish(struct ob_wires *wires, const struct ob_snapshot *snapshot);

/* No session runs: nothing is seen or heard of the last one, and what sensors sent meanwhile is forgotten; the
 * therapist's console alone keeps it until the next one begins. heard: what
 * the sound follows for the time being, NULL: silence. Main thread; call it once a frame while that is so. */
void ob_wires_rest(struct ob_wires *wires, const struct ob_snapshot *heard);

/* A session is about to begin. Main thread. */
void ob_wires_begin(struct ob_wires *wires);

/* ob_person_hear_fn for the simulated person, on the hub's thread; user is the struct ob_wires. */
bool ob_wires_hear(void *user, int64_t now_ns, struct ob_person_cue *cue_out);

#endif
