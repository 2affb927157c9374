/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/hub.h"

#include "base/time.h"
#include "os/clock.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define FDS_MAX        (1 + OB_HUB_SOURCES_MAX * OB_HUB_FDS_MAX)
#define FOUND_EVERY_NS (OB_NS_PER_S / 2)

struct source {
    struct ob_sensor *sensor;
    uint32_t number;
    struct ob_hub *hub;
    int64_t now_ns; /* of the service call that is going on */
};

struct ob_hub {
    /* immutable once started */
    struct ob_hub_desc desc;
    struct source source[OB_HUB_SOURCES_MAX];
    int count;
    struct ob_wake quit;
    /* the servicing thread */
    bool news; /* something was emitted or a state changed since the wake-up was rung */
    /* main */
    pthread_t thread;
    bool running;
    /* any thread */
    _Atomic bool stop;
    _Atomic uint64_t events;
    pthread_mutex_t status_lock; /* held for one copy */
    struct ob_sensor_status status[OB_HUB_SOURCES_MAX];
    struct {
        int count;
        int64_t due_ns; /* the servicing thread's */
        struct ob_sensor_status *list;
    } found[OB_HUB_SOURCES_MAX];
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
    pthread_mutex_init(&hub->status_lock, NULL);
    *hub_out = hub;
    return OB_OK;
}

void ob_hub_destroy(struct ob_hub *hub)
{
    if (!hub)
        return;
    ob_hub_stop(hub);
    for (int i = 0; i < hub->count; i++)
        hub->source[i].sensor->ops->close(hub->source[i].sensor);
    for (int i = 0; i < hub->count; i++)
        free(hub->found[i].list);
    ob_wake_finish(&hub->quit);
    pthread_mutex_destroy(&hub->status_lock);
    free(hub);
}

/* Sources know their own state; readers on other threads see this copy. */
static void publish_status(struct ob_hub *hub, int i)
{
    struct ob_sensor_status status;
    memset(&status, 0, sizeof status);
    status.kind = hub->source[i].sensor->ops->kind;
    hub->source[i].sensor->ops->status(hub->source[i].sensor, &status);
    pthread_mutex_lock(&hub->status_lock);
    hub->news = hub->news || hub->status[i].state != status.state;
    hub->status[i] = status;
    pthread_mutex_unlock(&hub->status_lock);
}

/* Seldom and beside the status: a list is long, and nobody reads it a thousand times a second. */
static void publish_found(struct ob_hub *hub, int i, int64_t now_ns)
{
    const struct ob_sensor *sensor = hub->source[i].sensor;
    if (!hub->found[i].list || now_ns < hub->found[i].due_ns)
        return;
    hub->found[i].due_ns = now_ns + FOUND_EVERY_NS;
    pthread_mutex_lock(&hub->status_lock);
    memset(hub->found[i].list, 0, OB_HUB_FOUND_MAX * sizeof *hub->found[i].list);
    hub->found[i].count = sensor->ops->found(sensor, hub->found[i].list, OB_HUB_FOUND_MAX);
    for (int k = 0; k < hub->found[i].count; k++)
        hub->found[i].list[k].kind = sensor->ops->kind;
    pthread_mutex_unlock(&hub->status_lock);
}

uint32_t ob_hub_add(struct ob_hub *hub, struct ob_sensor *sensor)
{
    if (hub->running || hub->count == OB_HUB_SOURCES_MAX) {
        sensor->ops->close(sensor);
        return 0;
    }
    const int i = hub->count++;
    hub->source[i] = (struct source){.sensor = sensor, .number = (uint32_t)i + 1, .hub = hub};
    if (sensor->ops->found) /* without memory nothing is listed */
        hub->found[i].list = calloc(OB_HUB_FOUND_MAX, sizeof *hub->found[i].list);
    hub->found[i].due_ns = INT64_MIN;
    publish_status(hub, i);
    return hub->source[i].number;
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
    hub->news = true;
    atomic_fetch_add_explicit(&hub->events, 1, memory_order_relaxed);
    if (hub->desc.ring)
        ob_ring_push(hub->desc.ring, &numbered);
    else if (hub->desc.emit)
        hub->desc.emit(hub->desc.emit_user, &numbered);
}

/* Fills fds from fds[1] on; first[i]..first[i+1] are those of source i. */
static int gather_fds(struct ob_hub *hub, struct pollfd *fds, int *first)
{
    int count = 1;
    fds[0] = (struct pollfd){.fd = hub->quit.fd, .events = POLLIN};
    for (int i = 0; i < hub->count; i++) {
        first[i] = count;
        struct ob_sensor *sensor = hub->source[i].sensor;
        if (sensor->ops->descriptors)
            count += sensor->ops->descriptors(sensor, fds + count, OB_HUB_FDS_MAX);
    }
    first[hub->count] = count;
    return count;
}

static void service_due(struct ob_hub *hub, int64_t now_ns, const struct pollfd *fds, const int *first)
{
    for (int i = 0; i < hub->count; i++) {
        struct ob_sensor *sensor = hub->source[i].sensor;
        bool ready = sensor->ops->deadline_ns(sensor) <= now_ns;
        for (int k = first[i]; k < first[i + 1]; k++)
            ready = ready || fds[k].revents != 0;
        if (!ready)
            continue;
        hub->source[i].now_ns = now_ns;
        sensor->ops->service(sensor, now_ns, fds + first[i], first[i + 1] - first[i], take_event, &hub->source[i]);
        publish_status(hub, i);
        publish_found(hub, i, now_ns);
    }
    if (hub->news && hub->desc.wake)
        ob_wake_ring(hub->desc.wake);
    hub->news = false;
}

int64_t ob_hub_deadline_ns(const struct ob_hub *hub)
{
    int64_t deadline = INT64_MAX;
    for (int i = 0; i < hub->count; i++) {
        const int64_t due = hub->source[i].sensor->ops->deadline_ns(hub->source[i].sensor);
        deadline = due < deadline ? due : deadline;
    }
    return deadline;
}

static void *run(void *user)
{
    struct ob_hub *hub = user;
    struct pollfd fds[FDS_MAX];
    int first[OB_HUB_SOURCES_MAX + 1];
    /* signals are the main thread's affair */
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    while (!atomic_load_explicit(&hub->stop, memory_order_acquire)) {
        const int count = gather_fds(hub, fds, first);
        const int64_t deadline = ob_hub_deadline_ns(hub);
        struct timespec wait = {0};
        if (deadline != INT64_MAX) {
            const int64_t now_ns = ob_clock_monotonic_ns();
            const int64_t left = deadline > now_ns ? deadline - now_ns : 0;
            if (left > 0)
                wait = (struct timespec){.tv_sec = left / OB_NS_PER_S, .tv_nsec = left % OB_NS_PER_S};
        }
        const int ready = ppoll(fds, (nfds_t)count, deadline == INT64_MAX ? NULL : &wait, NULL);
        if (ready < 0)
            for (int i = 0; i < count; i++)
                fds[i].revents = 0;
        service_due(hub, ob_clock_monotonic_ns(), fds, first);
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
    struct pollfd fds[FDS_MAX];
    int first[OB_HUB_SOURCES_MAX + 1];
    const int count = gather_fds(hub, fds, first);
    if (count > 1)
        poll(fds, (nfds_t)count, 0);
    service_due(hub, now_ns, fds, first);
}

int ob_hub_count(const struct ob_hub *hub)
{
    return hub->count;
}

bool ob_hub_status(struct ob_hub *hub, int index, struct ob_sensor_status *status_out)
{
    if (index < 0 || index >= hub->count)
        return false;
    pthread_mutex_lock(&hub->status_lock);
    *status_out = hub->status[index];
    pthread_mutex_unlock(&hub->status_lock);
    return true;
}

int ob_hub_found(struct ob_hub *hub, int index, struct ob_sensor_status *found_out, int max)
{
    if (index < 0 || index >= hub->count || max <= 0)
        return 0;
    pthread_mutex_lock(&hub->status_lock);
    const int count = hub->found[index].count < max ? hub->found[index].count : max;
    if (count > 0)
        memcpy(found_out, hub->found[index].list, (size_t)count * sizeof *found_out);
    pthread_mutex_unlock(&hub->status_lock);
    return count;
}

uint64_t ob_hub_events(const struct ob_hub *hub)
{
    return atomic_load_explicit(&hub->events, memory_order_relaxed);
}

const char *ob_sensor_state_name(enum ob_sensor_state state)
{
    static const char *const names[] = {"idle",  "searching", "connecting", "streaming",
                                        "stale", "backoff",   "ended",      "failed"};
    return (unsigned)state < sizeof names / sizeof *names ? names[state] : "unknown";
}
