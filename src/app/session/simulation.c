/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/simulation.h"

#include "app/session/cue.h"
#include "base/time.h"

#include <pthread.h>
#include <stdlib.h>

struct ob_simulation {
    struct ob_simulation_desc desc;
    struct ob_engine *engine;
    struct ob_sensor *sensor;
    int64_t now_ns;
};

/* FFTW's planner is one for the whole program. */
static pthread_mutex_t planner = PTHREAD_MUTEX_INITIALIZER;

static bool hear(void *user, int64_t now_ns, struct ob_person_cue *cue_out)
{
    const struct ob_simulation *sim = user;
    *cue_out = ob_cue_of(ob_engine_snapshot(sim->engine), now_ns);
    return true;
}

static void take_event(void *user, const struct ob_event *event)
{
    struct ob_simulation *sim = user;
    struct ob_event applied = *event;
    applied.applied_ns = sim->now_ns;
    ob_engine_step(sim->engine, &applied);
    if (sim->desc.on_event)
        sim->desc.on_event(sim->desc.user, &applied);
}

struct ob_simulation *ob_simulation_create(const struct ob_simulation_desc *desc)
{
    struct ob_simulation *sim = calloc(1, sizeof *sim);
    if (!sim)
        return NULL;
    sim->desc = *desc;
    pthread_mutex_lock(&planner);
    sim->engine = ob_engine_create();
    pthread_mutex_unlock(&planner);
    const struct ob_person_source_desc person = {.person = desc->person,
                                                 .feed = desc->feed,
                                                 .with_resp = desc->with_resp,
                                                 .with_acc = desc->with_acc,
                                                 .hear = desc->deaf ? NULL : hear,
                                                 .hear_user = sim};
    sim->sensor = ob_person_source_create(&person);
    if (!sim->engine || !sim->sensor) {
        ob_simulation_destroy(sim);
        return NULL;
    }
    struct ob_event begin = {.kind = OB_EVENT_BEGIN};
    begin.u.plan = desc->plan;
    begin.u.plan.simulated = true;
    begin.u.plan.seed = (uint64_t)desc->person.seed;
    take_event(sim, &begin);
    for (int i = 0; i < desc->phase_count; i++) {
        struct ob_event phase = {.kind = OB_EVENT_PHASE};
        phase.u.phase = desc->phases[i];
        take_event(sim, &phase);
    }
    return sim;
}

void ob_simulation_destroy(struct ob_simulation *sim)
{
    if (!sim)
        return;
    if (sim->sensor)
        sim->sensor->ops->close(sim->sensor);
    pthread_mutex_lock(&planner);
    ob_engine_destroy(sim->engine);
    pthread_mutex_unlock(&planner);
    free(sim);
}

bool ob_simulation_tick(struct ob_simulation *sim)
{
    if (ob_engine_snapshot(sim->engine)->stage == OB_STAGE_ENDED)
        return false;
    sim->now_ns += OB_TICK_NS;
    if (sim->sensor->ops->deadline_ns(sim->sensor) <= sim->now_ns)
        sim->sensor->ops->service(sim->sensor, sim->now_ns, NULL, 0, take_event, sim);
    ob_engine_advance(sim->engine, sim->now_ns);
    return true;
}

int64_t ob_simulation_now_ns(const struct ob_simulation *sim)
{
    return sim->now_ns;
}

const struct ob_snapshot *ob_simulation_snapshot(const struct ob_simulation *sim)
{
    return ob_engine_snapshot(sim->engine);
}

struct ob_engine *ob_simulation_engine(struct ob_simulation *sim)
{
    return sim->engine;
}

struct ob_person *ob_simulation_person(struct ob_simulation *sim)
{
    return ob_person_source_person(sim->sensor);
}
