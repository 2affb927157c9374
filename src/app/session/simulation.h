/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session of a simulated person through the real engine, on a clock of its own: what `outbreath person` writes down
 * and what `outbreath evaluate` counts.
 *
 * The person hears the pacer that the engine publishes, lives in steps of 20 ms, and its sensor's events enter the
 * engine as a live sensor's would. The same description gives the same session, bit for bit, on any thread. One
 * thread at a time; sessions on several threads are fine. */
#ifndef OB_APP_SIMULATION_H
#define OB_APP_SIMULATION_H

#include "base/event.h"
#include "engine/engine.h"
#include "sensor/person_source.h"

#include <stdbool.h>
#include <stdint.h>

struct ob_simulation_desc {
    struct ob_person_desc person;
    enum ob_person_feed feed;
    bool with_resp; /* the belt enters the engine as well */
    bool with_acc;  /* and the chest's acceleration */
    bool deaf;      /* the person hears nothing: breathes alone beside the pacer */
    struct ob_session_plan plan;
    const struct ob_session_phase *phases; /* of a protocol; NULL: a plain session. Used while creating only */
    int phase_count;
    void (*on_event)(void *user, const struct ob_event *event); /* each as it enters the engine; may be NULL */
    void *user;
};

struct ob_simulation;

/* The session begins at time 0. NULL without memory. desc is copied. */
struct ob_simulation *ob_simulation_create(const struct ob_simulation_desc *desc);
void ob_simulation_destroy(struct ob_simulation *simulation); /* NULL is fine */

/* One tick of 10 ms. False: the session has ended. */
bool ob_simulation_tick(struct ob_simulation *simulation);

int64_t ob_simulation_now_ns(const struct ob_simulation *simulation);
const struct ob_snapshot *ob_simulation_snapshot(const struct ob_simulation *simulation);
struct ob_engine *ob_simulation_engine(struct ob_simulation *simulation);

/* NULL before the first tick. */
struct ob_person *ob_simulation_person(struct ob_simulation *simulation);

#endif
