/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/live.h"

#include "base/time.h"
#include "os/clock.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#define SUSPEND_NS (2 * OB_NS_PER_S)
#define FLUSH_NS   (OB_NS_PER_S / 2) /* a crash loses at most this and one wait of the recording */

/* ---- engine thread ---------------------------------------------------------------------------------------------- */

static void publish(struct ob_live *live)
{
    ob_wires_publish(live->desc.wires, ob_engine_snapshot(live->engine));
}

static void apply(struct ob_live *live, struct ob_event *event)
{
    const int64_t engine_ns = ob_engine_snapshot(live->engine)->now_ns;
    event->applied_ns = event->arrived_ns > engine_ns ? event->arrived_ns : engine_ns;
    ob_engine_step(live->engine, event);
    ob_keeper_event(live->desc.keeper, event);
    if (live->recorded && ob_ring_push(&live->log_ring, event))
        ob_wake_ring(&live->log_wake);
}

static void drain(struct ob_live *live, struct ob_ring *ring)
{
    struct ob_event event;
    while (ob_ring_pop(ring, &event)) {
        const uint64_t arrivals = ob_engine_snapshot(live->engine)->arrivals;
        apply(live, &event);
        if (ob_engine_snapshot(live->engine)->arrivals == arrivals)
            continue;
        publish(live);
        ob_histogram_add(&live->snapshot_lag, ob_clock_monotonic_ns() - event.arrived_ns);
    }
}

/* The machine slept: whatever was measured before and after does not join. */
static void watch_for_suspend(struct ob_live *live, int64_t *ahead_ns)
{
    const int64_t now_ns = ob_clock_monotonic_ns();
    const int64_t ahead = ob_clock_boottime_ns() - now_ns;
    if (ahead - *ahead_ns > SUSPEND_NS) {
        struct ob_event gap = {.kind = OB_EVENT_GAP, .measured_ns = now_ns, .arrived_ns = now_ns};
        apply(live, &gap);
    }
    *ahead_ns = ahead;
}

static void *run_engine(void *user)
{
    struct ob_live *live = user;
    const int64_t begin_ns = ob_clock_monotonic_ns();
    int64_t ahead_ns = ob_clock_boottime_ns() - begin_ns;
    prctl(PR_SET_NAME, "engine", 0, 0, 0);
    struct ob_event begin = {.kind = OB_EVENT_BEGIN, .measured_ns = begin_ns, .arrived_ns = begin_ns};
    begin.u.plan = live->desc.plan;
    apply(live, &begin);
    for (int i = 0; live->desc.protocol && i < live->desc.protocol->phase_count; i++) {
        struct ob_event phase = {.kind = OB_EVENT_PHASE, .measured_ns = begin_ns, .arrived_ns = begin_ns};
        phase.u.phase = live->desc.protocol->phases[i];
        apply(live, &phase);
    }
    struct ob_event past;
    if (ob_keeper_past(live->desc.keeper, &past)) {
        past.measured_ns = past.arrived_ns = begin_ns;
        apply(live, &past);
    }
    publish(live);
    while (!atomic_load_explicit(&live->quit, memory_order_acquire)) {
        const int64_t wait_ns = ob_engine_snapshot(live->engine)->now_ns + OB_TICK_NS - ob_clock_monotonic_ns();
        const struct timespec wait = {.tv_nsec = wait_ns > 0 ? (wait_ns < OB_TICK_NS ? wait_ns : OB_TICK_NS) : 0};
        struct pollfd fd = {.fd = live->desc.wires->wake.fd, .events = POLLIN};
        if (ppoll(&fd, 1, &wait, NULL) > 0)
            ob_wake_clear(&live->desc.wires->wake);
        drain(live, &live->desc.wires->sensor_ring);
        drain(live, &live->ui_ring);
        watch_for_suspend(live, &ahead_ns);
        ob_engine_advance(live->engine, ob_clock_monotonic_ns());
        publish(live);
        ob_keeper_look(live->desc.keeper, ob_engine_snapshot(live->engine));
    }
    const int64_t end_ns = ob_clock_monotonic_ns();
    struct ob_event last = {.kind = OB_EVENT_TIME, .measured_ns = end_ns, .arrived_ns = end_ns};
    apply(live, &last);
    ob_keeper_look(live->desc.keeper, ob_engine_snapshot(live->engine));
    ob_keeper_learn(live->desc.keeper, live->engine);
    live->late_events = ob_engine_snapshot(live->engine)->late_events;
    ob_engine_search(live->engine, &live->search);
    ob_engine_pace_probabilities(live->engine, live->pace_probabilities);
    return NULL;
}

/* ---- writer thread ---------------------------------------------------------------------------------------------- */

static void write_waiting(struct ob_live *live)
{
    struct ob_event event;
    while (ob_ring_pop(&live->log_ring, &event)) {
        const enum ob_err lost = ob_event_file_write(live->log, &event);
        if (lost && !live->log_err)
            live->log_err = lost;
    }
}

static void *run_writer(void *user)
{
    struct ob_live *live = user;
    int64_t flushed_ns = ob_clock_monotonic_ns();
    while (!atomic_load_explicit(&live->quit, memory_order_acquire)) {
        struct pollfd fd = {.fd = live->log_wake.fd, .events = POLLIN};
        if (poll(&fd, 1, 200) > 0)
            ob_wake_clear(&live->log_wake);
        write_waiting(live);
        const int64_t now_ns = ob_clock_monotonic_ns();
        if (now_ns - flushed_ns >= FLUSH_NS) {
            const bool failed = ob_event_file_flush(live->log) != OB_OK || live->log_err;
            atomic_store_explicit(&live->log_failed, failed, memory_order_relaxed);
            flushed_ns = now_ns;
        }
    }
    return NULL;
}

/* ---- main thread ------------------------------------------------------------------------------------------------ */

void ob_live_command(struct ob_live *live, enum ob_command_code code, double value)
{
    const int64_t now_ns = ob_clock_monotonic_ns();
    struct ob_event event = {.kind = OB_EVENT_COMMAND, .measured_ns = now_ns, .arrived_ns = now_ns};
    event.u.command.code = code;
    event.u.command.value = value;
    ob_ring_push(&live->ui_ring, &event);
    ob_wake_ring(&live->desc.wires->wake);
}

void ob_live_mark(struct ob_live *live, enum ob_mark_label label, const char *words)
{
    const int64_t now_ns = ob_clock_monotonic_ns();
    struct ob_event event = {.kind = OB_EVENT_MARK, .measured_ns = now_ns, .arrived_ns = now_ns};
    event.u.mark.label = label;
    ob_mark_words(words, event.u.mark.words, sizeof event.u.mark.words);
    ob_ring_push(&live->ui_ring, &event);
    ob_wake_ring(&live->desc.wires->wake);
}

const struct ob_snapshot *ob_live_snapshot(struct ob_live *live)
{
    return ob_triple_read(&live->desc.wires->to_main, NULL);
}

void ob_live_frame_shown(struct ob_live *live, const struct ob_snapshot *snapshot)
{
    if (snapshot && snapshot->arrivals != live->seen_arrivals) {
        live->seen_arrivals = snapshot->arrivals;
        ob_histogram_add(&live->frame_lag, ob_clock_monotonic_ns() - snapshot->last_arrived_ns);
    }
    int64_t lag_ns;
    while (live->desc.sound && ob_ring_pop(&live->desc.sound->lag_ring, &lag_ns))
        ob_histogram_add(&live->audio_lag, lag_ns);
}

static void print_lag(FILE *out, const char *what, const struct ob_histogram *h)
{
    if (h->count == 0)
        return;
    fprintf(out, "latency %-26s p50 %7.2f ms  p95 %7.2f ms  p99.9 %7.2f ms  (%llu)\n", what,
            ob_s_from_ns(ob_histogram_percentile_ns(h, 0.5)) * 1e3,
            ob_s_from_ns(ob_histogram_percentile_ns(h, 0.95)) * 1e3,
            ob_s_from_ns(ob_histogram_percentile_ns(h, 0.999)) * 1e3, (unsigned long long)h->count);
}

void ob_live_print_latency(struct ob_live *live, FILE *out, bool stopped)
{
    if (stopped)
        print_lag(out, "arrival to snapshot", &live->snapshot_lag);
    print_lag(out, "arrival to audio buffer", &live->audio_lag);
    print_lag(out, "arrival to frame", &live->frame_lag);
    fflush(out);
}

static enum ob_err fail(struct ob_live *live, enum ob_err err, const char *what, char *problem_out, size_t size)
{
    snprintf(problem_out, size, "%s: %s", what, ob_err_text(err));
    ob_live_stop(live);
    return err;
}

enum ob_err ob_live_start(struct ob_live *live, const struct ob_live_desc *desc, char *problem_out, size_t problem_size)
{
    memset(live, 0, sizeof *live);
    live->desc = *desc;
    live->log = desc->raw;
    live->log_wake.fd = -1;
    ob_histogram_init(&live->snapshot_lag);
    ob_histogram_init(&live->audio_lag);
    ob_histogram_init(&live->frame_lag);
    ob_ring_init(&live->ui_ring, live->ui_slots, sizeof live->ui_slots[0], OB_LIVE_UI);
    ob_ring_init(&live->log_ring, live->log_slots, sizeof live->log_slots[0], OB_LIVE_RING);
    atomic_init(&live->quit, false);
    atomic_init(&live->log_failed, false);

    live->engine = ob_engine_create();
    if (!live->engine || ob_wake_init(&live->log_wake))
        return fail(live, OB_ERR_NO_MEMORY, "the session can't start", problem_out, problem_size);
    if (desc->record_path && !desc->raw) {
        const enum ob_err err = ob_event_file_open(desc->record_path, &live->log);
        if (err)
            return fail(live, err, desc->record_path, problem_out, problem_size);
    }
    live->recorded = live->log != NULL;
    if (live->recorded)
        live->writer_runs = pthread_create(&live->writer_thread, NULL, run_writer, live) == 0;
    live->engine_runs = pthread_create(&live->engine_thread, NULL, run_engine, live) == 0;
    if (!live->engine_runs || (live->recorded && !live->writer_runs))
        return fail(live, OB_ERR_NO_MEMORY, "a thread can't start", problem_out, problem_size);
    return OB_OK;
}

enum ob_err ob_live_stop(struct ob_live *live)
{
    atomic_store_explicit(&live->quit, true, memory_order_release);
    if (live->engine_runs) {
        ob_wake_ring(&live->desc.wires->wake);
        pthread_join(live->engine_thread, NULL);
    }
    if (live->writer_runs) {
        ob_wake_ring(&live->log_wake);
        pthread_join(live->writer_thread, NULL);
        write_waiting(live); /* what the engine said last */
    }
    live->engine_runs = live->writer_runs = false;
    enum ob_err err = live->log_err;
    const enum ob_err closed = ob_event_file_close(live->log);
    live->log = NULL;
    ob_engine_destroy(live->engine);
    live->engine = NULL;
    ob_wake_finish(&live->log_wake);
    return err ? err : closed;
}
