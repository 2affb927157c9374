/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/hub.h"

#include "base/time.h"
#include "os/clock.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#define FDS_MAX        (1 + OB_HUB_SOURCES_MAX * OB_HUB_FDS_MAX)
#define TURN_MAX_NS    (OB_NS_PER_S / 4) /* the thread turns at least so often, so that it can be seen to live */
#define FOUND_EVERY_NS (OB_NS_PER_S / 2)
#define VIEW_EVERY_NS  (OB_NS_PER_S / 20)
#define POOR_01        0.5f

struct source {
    /* under service_lock */
    struct ob_sensor *sensor; /* NULL: the place is free */
    uint32_t number;
    struct ob_hub *hub;
    int64_t now_ns; /* of the service call that is going on */
    bool new_heart; /* no event of the heart was taken since it became the heart's */
    struct ob_viewer *viewer;
    int64_t found_due_ns, view_due_ns;
    bool found_old; /* it was serviced since its list was published */
    /* any thread */
    _Atomic int take;
    /* under status_lock */
    bool used;
    struct ob_sensor_status status;
    int found_count;
    struct ob_sensor_status *found;
    bool viewed;
    struct ob_view view;
};

struct ob_hub {
    /* immutable once created */
    struct ob_hub_desc desc;
    struct ob_wake quit; /* also rung when sources came or went */
    /* under service_lock: held while sources are serviced, added or removed, and not while the thread waits */
    pthread_mutex_t service_lock;
    struct source source[OB_HUB_SOURCES_MAX];
    uint64_t changes; /* of the list of sources: descriptors that were gathered before one mean nothing after it */
    bool news;        /* something was emitted or a state changed since the wake-up was rung */
    /* main */
    pthread_t thread;
    bool running;
    /* any thread */
    _Atomic bool stop, watch;
    _Atomic uint64_t events, turns;
    pthread_mutex_t status_lock; /* held for one copy */
};

enum ob_err ob_hub_create(const struct ob_hub_desc *desc, struct ob_hub **hub_out)
{
    *hub_out = NULL;
    struct ob_hub *hub = calloc(1, sizeof *hub);
    if (!hub)
        return OB_ERR_NO_MEMORY;
    hub->desc = *desc;
    const enum ob_err err = ob_wake_init(&hub->quit);
    if (err) {
        free(hub);
        return err;
    }
    pthread_mutex_init(&hub->service_lock, NULL);
    pthread_mutex_init(&hub->status_lock, NULL);
    for (uint32_t i = 0; i < OB_HUB_SOURCES_MAX; i++) {
        hub->source[i].number = i + 1;
        hub->source[i].hub = hub;
    }
    *hub_out = hub;
    return OB_OK;
}

void ob_hub_destroy(struct ob_hub *hub)
{
    if (!hub)
        return;
    ob_hub_stop(hub);
    for (uint32_t i = 0; i < OB_HUB_SOURCES_MAX; i++)
        ob_hub_remove(hub, i + 1);
    ob_wake_finish(&hub->quit);
    pthread_mutex_destroy(&hub->service_lock);
    pthread_mutex_destroy(&hub->status_lock);
    free(hub);
}

/* The signal itself may know better than its source how good it is. */
static void add_what_is_seen(const struct source *source, struct ob_sensor_status *status)
{
    if (!source->viewer || status->state != OB_SOURCE_STREAMING)
        return;
    const struct ob_view *view = ob_viewer_view(source->viewer);
    if (view->quality_01 < 0.0f)
        return;
    const bool said = status->quality_01 < POOR_01; /* the source has a sentence for it */
    status->quality_01 = fminf(status->quality_01, view->quality_01);
    const char *advice = ob_view_advice(view);
    if (advice[0] && !said)
        snprintf(status->sentence, sizeof status->sentence, "%s", advice);
}

/* Sources know their own state; readers on other threads see this copy. */
static void publish_status(struct ob_hub *hub, struct source *source)
{
    struct ob_sensor_status status;
    memset(&status, 0, sizeof status);
    status.kind = source->sensor->ops->kind;
    source->sensor->ops->status(source->sensor, &status);
    add_what_is_seen(source, &status);
    pthread_mutex_lock(&hub->status_lock);
    hub->news = hub->news || source->status.state != status.state;
    source->status = status;
    source->used = true;
    pthread_mutex_unlock(&hub->status_lock);
}

/* Seldom and beside the status: a list is long, and nobody reads it a thousand times a second. */
static void publish_found(struct ob_hub *hub, struct source *source, int64_t now_ns)
{
    if (!source->found || !source->found_old || now_ns < source->found_due_ns)
        return;
    source->found_old = false;
    source->found_due_ns = now_ns + FOUND_EVERY_NS;
    pthread_mutex_lock(&hub->status_lock);
    memset(source->found, 0, OB_HUB_FOUND_MAX * sizeof *source->found);
    source->found_count = source->sensor->ops->found(source->sensor, source->found, OB_HUB_FOUND_MAX);
    for (int k = 0; k < source->found_count; k++)
        source->found[k].kind = source->sensor->ops->kind;
    pthread_mutex_unlock(&hub->status_lock);
}

static void publish_view(struct ob_hub *hub, struct source *source, int64_t now_ns)
{
    const bool watch = atomic_load_explicit(&hub->watch, memory_order_relaxed);
    if (watch && !source->viewer) {
        source->viewer = ob_viewer_create(); /* without memory there is no view */
        source->view_due_ns = now_ns;
    } else if (!watch && source->viewer) {
        ob_viewer_destroy(source->viewer);
        source->viewer = NULL;
        pthread_mutex_lock(&hub->status_lock);
        source->viewed = false;
        pthread_mutex_unlock(&hub->status_lock);
    }
    if (!source->viewer || now_ns < source->view_due_ns)
        return;
    source->view_due_ns = now_ns + VIEW_EVERY_NS;
    pthread_mutex_lock(&hub->status_lock);
    source->view = *ob_viewer_view(source->viewer);
    source->viewed = true;
    pthread_mutex_unlock(&hub->status_lock);
}

static void list_changed(struct ob_hub *hub)
{
    hub->changes++;
    ob_wake_ring(&hub->quit);
}

uint32_t ob_hub_add(struct ob_hub *hub, struct ob_sensor *sensor, enum ob_hub_take take)
{
    pthread_mutex_lock(&hub->service_lock);
    struct source *source = NULL;
    for (int i = 0; i < OB_HUB_SOURCES_MAX && !source; i++)
        if (!hub->source[i].sensor)
            source = &hub->source[i];
    if (source) {
        source->sensor = sensor;
        atomic_store_explicit(&source->take, take, memory_order_relaxed);
        /* the first heart of a session follows nothing */
        source->new_heart = atomic_load_explicit(&hub->events, memory_order_relaxed) > 0;
        if (sensor->ops->found) /* without memory nothing is listed */
            source->found = calloc(OB_HUB_FOUND_MAX, sizeof *source->found);
        source->found_due_ns = INT64_MIN;
        source->found_old = false;
        publish_status(hub, source);
        list_changed(hub);
    }
    pthread_mutex_unlock(&hub->service_lock);
    if (!source)
        sensor->ops->close(sensor);
    return source ? source->number : 0;
}

void ob_hub_remove(struct ob_hub *hub, uint32_t number)
{
    if (number < 1 || number > OB_HUB_SOURCES_MAX)
        return;
    struct source *source = &hub->source[number - 1];
    pthread_mutex_lock(&hub->service_lock);
    struct ob_sensor *sensor = source->sensor;
    source->sensor = NULL;
    ob_viewer_destroy(source->viewer);
    source->viewer = NULL;
    pthread_mutex_lock(&hub->status_lock);
    source->used = source->viewed = false;
    source->found_count = 0;
    free(source->found);
    source->found = NULL;
    memset(&source->status, 0, sizeof source->status);
    pthread_mutex_unlock(&hub->status_lock);
    if (sensor)
        list_changed(hub);
    pthread_mutex_unlock(&hub->service_lock);
    if (sensor)
        sensor->ops->close(sensor);
}

void ob_hub_take(struct ob_hub *hub, uint32_t number, enum ob_hub_take take)
{
    if (number < 1 || number > OB_HUB_SOURCES_MAX)
        return;
    struct source *source = &hub->source[number - 1];
    pthread_mutex_lock(&hub->service_lock);
    const int before = atomic_exchange_explicit(&source->take, take, memory_order_relaxed);
    if ((take & OB_HUB_HEART) && !(before & OB_HUB_HEART))
        source->new_heart = true;
    pthread_mutex_unlock(&hub->service_lock);
}

enum ob_hub_take ob_hub_taken(const struct ob_hub *hub, uint32_t number)
{
    if (number < 1 || number > OB_HUB_SOURCES_MAX)
        return OB_HUB_NOTHING;
    return (enum ob_hub_take)atomic_load_explicit(&hub->source[number - 1].take, memory_order_relaxed);
}

static enum ob_hub_take part_of(const struct ob_event *event)
{
    const bool breath = event->kind == OB_EVENT_SAMPLES &&
                        (event->u.samples.signal == OB_SIGNAL_RESP || event->u.samples.signal == OB_SIGNAL_ACC);
    return breath ? OB_HUB_BREATH : OB_HUB_HEART;
}

static void hand_on(struct ob_hub *hub, const struct ob_event *event)
{
    hub->news = true;
    if (hub->desc.ring)
        ob_ring_push(hub->desc.ring, event);
    else if (hub->desc.emit)
        hub->desc.emit(hub->desc.emit_user, event);
}

static void take_event(void *user, const struct ob_event *event)
{
    struct source *source = user;
    struct ob_hub *hub = source->hub;
    struct ob_event numbered = *event;
    numbered.source = source->number;
    /* a sensor's clock may run ahead of ours, but nothing is measured after it has arrived */
    if (numbered.measured_ns > numbered.arrived_ns)
        numbered.measured_ns = numbered.arrived_ns;
    if (numbered.arrived_ns < source->now_ns)
        numbered.arrived_ns = source->now_ns;
    numbered.applied_ns = numbered.arrived_ns;
    atomic_fetch_add_explicit(&hub->events, 1, memory_order_relaxed);
    if (source->viewer)
        ob_viewer_event(source->viewer, &numbered);
    const enum ob_hub_take part = part_of(&numbered);
    if (!(atomic_load_explicit(&source->take, memory_order_relaxed) & part))
        return;
    if (part == OB_HUB_HEART && source->new_heart) {
        source->new_heart = false;
        struct ob_event gap;
        memset(&gap, 0, sizeof gap);
        gap.kind = OB_EVENT_GAP;
        gap.source = numbered.source;
        gap.measured_ns = numbered.measured_ns;
        gap.arrived_ns = gap.applied_ns = numbered.arrived_ns;
        hand_on(hub, &gap);
    }
    hand_on(hub, &numbered);
}

/* What the thread waits for: fds[0] is the hub's own, first[i]..first[i+1] are those of source i. */
struct wait {
    struct pollfd fds[FDS_MAX];
    int first[OB_HUB_SOURCES_MAX + 1];
    int count;
    int64_t deadline_ns;
    uint64_t changes; /* of the list of sources, when this was gathered */
};

static void gather(struct ob_hub *hub, struct wait *wait)
{
    wait->count = 1;
    wait->fds[0] = (struct pollfd){.fd = hub->quit.fd, .events = POLLIN};
    wait->deadline_ns = INT64_MAX;
    wait->changes = hub->changes;
    for (int i = 0; i < OB_HUB_SOURCES_MAX; i++) {
        wait->first[i] = wait->count;
        struct ob_sensor *sensor = hub->source[i].sensor;
        if (!sensor)
            continue;
        if (sensor->ops->descriptors)
            wait->count += sensor->ops->descriptors(sensor, wait->fds + wait->count, OB_HUB_FDS_MAX);
        int64_t due_ns = sensor->ops->deadline_ns(sensor);
        if (hub->source[i].found_old && hub->source[i].found_due_ns < due_ns)
            due_ns = hub->source[i].found_due_ns;
        wait->deadline_ns = due_ns < wait->deadline_ns ? due_ns : wait->deadline_ns;
    }
    wait->first[OB_HUB_SOURCES_MAX] = wait->count;
}

static void service_due(struct ob_hub *hub, int64_t now_ns, const struct wait *wait)
{
    for (int i = 0; i < OB_HUB_SOURCES_MAX && wait->changes == hub->changes; i++) {
        struct source *source = &hub->source[i];
        struct ob_sensor *sensor = source->sensor;
        if (!sensor)
            continue;
        bool ready = sensor->ops->deadline_ns(sensor) <= now_ns;
        for (int k = wait->first[i]; k < wait->first[i + 1]; k++)
            ready = ready || wait->fds[k].revents != 0;
        if (!ready) {
            publish_found(hub, source, now_ns);
            continue;
        }
        source->now_ns = now_ns;
        sensor->ops->service(sensor, now_ns, wait->fds + wait->first[i], wait->first[i + 1] - wait->first[i],
                             take_event, source);
        publish_view(hub, source, now_ns);
        publish_status(hub, source);
        source->found_old = source->found != NULL;
        publish_found(hub, source, now_ns);
    }
    if (hub->news && hub->desc.wake)
        ob_wake_ring(hub->desc.wake);
    hub->news = false;
}

int64_t ob_hub_deadline_ns(struct ob_hub *hub)
{
    struct wait wait;
    pthread_mutex_lock(&hub->service_lock);
    gather(hub, &wait);
    pthread_mutex_unlock(&hub->service_lock);
    return wait.deadline_ns;
}

static void *run(void *user)
{
    struct ob_hub *hub = user;
    struct wait wait;
    prctl(PR_SET_NAME, "sensor", 0, 0, 0);
    /* signals are the main thread's affair */
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    while (!atomic_load_explicit(&hub->stop, memory_order_acquire)) {
        pthread_mutex_lock(&hub->service_lock);
        gather(hub, &wait);
        pthread_mutex_unlock(&hub->service_lock);
        const int64_t now_ns = ob_clock_monotonic_ns();
        int64_t left_ns = wait.deadline_ns > now_ns ? wait.deadline_ns - now_ns : 0;
        if (left_ns > TURN_MAX_NS)
            left_ns = TURN_MAX_NS;
        const struct timespec left = {.tv_sec = left_ns / OB_NS_PER_S, .tv_nsec = left_ns % OB_NS_PER_S};
        const int ready = ppoll(wait.fds, (nfds_t)wait.count, &left, NULL);
        atomic_fetch_add_explicit(&hub->turns, 1, memory_order_relaxed);
        if (ready < 0)
            for (int i = 0; i < wait.count; i++)
                wait.fds[i].revents = 0;
        if (wait.fds[0].revents)
            ob_wake_clear(&hub->quit);
        pthread_mutex_lock(&hub->service_lock);
        service_due(hub, ob_clock_monotonic_ns(), &wait);
        pthread_mutex_unlock(&hub->service_lock);
    }
    return NULL;
}

enum ob_err ob_hub_start(struct ob_hub *hub)
{
    if (hub->running)
        return OB_OK;
    atomic_store_explicit(&hub->stop, false, memory_order_release);
    ob_wake_clear(&hub->quit);
    if (pthread_create(&hub->thread, NULL, run, hub) != 0)
        return OB_ERR_NO_MEMORY;
    hub->running = true;
    return OB_OK;
}

void ob_hub_stop(struct ob_hub *hub)
{
    if (!hub->running)
        return;
    atomic_store_explicit(&hub->stop, true, memory_order_release);
    ob_wake_ring(&hub->quit);
    pthread_join(hub->thread, NULL);
    hub->running = false;
}

void ob_hub_service(struct ob_hub *hub, int64_t now_ns)
{
    struct wait wait;
    pthread_mutex_lock(&hub->service_lock);
    gather(hub, &wait);
    if (wait.count > 1)
        poll(wait.fds, (nfds_t)wait.count, 0);
    else
        wait.fds[0].revents = 0;
    service_due(hub, now_ns, &wait);
    pthread_mutex_unlock(&hub->service_lock);
}

bool ob_hub_status(struct ob_hub *hub, int index, struct ob_sensor_status *status_out)
{
    if (index < 0 || index >= OB_HUB_SOURCES_MAX)
        return false;
    pthread_mutex_lock(&hub->status_lock);
    const bool used = hub->source[index].used;
    if (used)
        *status_out = hub->source[index].status;
    pthread_mutex_unlock(&hub->status_lock);
    return used;
}

int ob_hub_found(struct ob_hub *hub, int index, struct ob_sensor_status *found_out, int max)
{
    if (index < 0 || index >= OB_HUB_SOURCES_MAX || max <= 0)
        return 0;
    const struct source *source = &hub->source[index];
    pthread_mutex_lock(&hub->status_lock);
    const int count = source->found_count < max ? source->found_count : max;
    if (count > 0)
        memcpy(found_out, source->found, (size_t)count * sizeof *found_out);
    pthread_mutex_unlock(&hub->status_lock);
    return count;
}

void ob_hub_watch(struct ob_hub *hub, bool watch)
{
    atomic_store_explicit(&hub->watch, watch, memory_order_relaxed);
}

bool ob_hub_view(struct ob_hub *hub, int index, struct ob_view *view_out)
{
    if (index < 0 || index >= OB_HUB_SOURCES_MAX)
        return false;
    pthread_mutex_lock(&hub->status_lock);
    const bool viewed = hub->source[index].viewed;
    if (viewed)
        *view_out = hub->source[index].view;
    pthread_mutex_unlock(&hub->status_lock);
    return viewed;
}

uint64_t ob_hub_events(const struct ob_hub *hub)
{
    return atomic_load_explicit(&hub->events, memory_order_relaxed);
}

uint64_t ob_hub_turns(const struct ob_hub *hub)
{
    return atomic_load_explicit(&hub->turns, memory_order_relaxed);
}

const char *ob_sensor_state_name(enum ob_sensor_state state)
{
    static const char *const names[] = {"idle",  "searching", "connecting", "streaming",
                                        "stale", "backoff",   "ended",      "failed"};
    return (unsigned)state < sizeof names / sizeof *names ? names[state] : "unknown";
}
