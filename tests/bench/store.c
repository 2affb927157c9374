/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keeping costs: a committed second, the history of 2,000 sessions, and verifying all of them. */
#include "base/time.h"
#include "os/clock.h"
#include "store/writer.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#define SESSIONS 2000
#define MINUTES  10
#define BPM      65

static char folder[256];
static struct ob_person_record record;

static double process_cpu_s(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

static struct ob_item beat(int64_t time_ns)
{
    struct ob_item item = {.kind = OB_ITEM_BEAT};
    item.u.beat = (struct ob_item_beat){.time_ns = time_ns, .rr_ms = 923.0f, .nn_ms = 923.0f};
    return item;
}

static struct ob_item features(int64_t time_ns)
{
    struct ob_item item = {.kind = OB_ITEM_FEATURES};
    item.u.features.time_ns = time_ns;
    item.u.features.stage = OB_STAGE_GUIDED;
    for (int i = 0; i < OB_FEATURES; i++)
        item.u.features.values[i] = (float)i * 1.5f;
    return item;
}

static struct ob_store *opened(void)
{
    char problem[300];
    struct ob_store *store = NULL;
    const struct ob_store_desc desc = {.folder = folder};
    if (ob_store_open(&desc, &store, problem, sizeof problem)) {
        fprintf(stderr, "bench store: %s\n", problem);
        exit(1);
    }
    return store;
}

/* Seconds as a live session brings them, committed every 20 ms instead of each second: the same work, sooner done. */
static void bench_writer(const struct ob_key *key)
{
    const int seconds = 500;
    const int64_t every_ns = 20 * OB_NS_PER_MS;
    struct ob_writer *writer = NULL;
    const struct ob_writer_desc desc = {.folder = folder, .key = key, .every_ns = every_ns};
    if (ob_writer_create(&desc, &writer))
        return;
    const double before_s = process_cpu_s();
    int64_t next_ns = ob_clock_monotonic_ns();
    for (int i = 0; i < seconds; i++) {
        const struct ob_item b = beat(i * OB_NS_PER_S), f = features(i * OB_NS_PER_S);
        ob_writer_push(writer, &b);
        ob_writer_push(writer, &f);
        next_ns += every_ns;
        ob_clock_sleep_until_ns(next_ns);
    }
    const double spent_s = process_cpu_s() - before_s;
    struct ob_writer_status status;
    ob_writer_status(writer, &status);
    printf("a committed second              %8.3f ms of CPU = %.3f %% of a core (%" PRIu64 " commits)\n",
           1e3 * spent_s / (double)status.commits, 100.0 * spent_s / (double)status.commits, status.commits);
    const int64_t begun_ns = ob_clock_monotonic_ns();
    ob_writer_finish(writer, NULL, 0, NULL, NULL, 0);
    printf("closing and packing a session   %8.1f ms\n", 1e3 * ob_s_from_ns(ob_clock_monotonic_ns() - begun_ns));
}

static void fill(struct ob_store *store, const struct ob_key *key)
{
    char problem[300];
    struct ob_recording recording = {0};
    for (int i = 0; i < MINUTES * BPM; i++) {
        const struct ob_item item = beat((int64_t)(i * 60e9 / BPM));
        ob_recording_add(&recording, &item);
    }
    for (int i = 0; i < MINUTES * 60; i++) {
        const struct ob_item item = features(i * OB_NS_PER_S);
        ob_recording_add(&recording, &item);
    }
    const int64_t begun_ns = ob_clock_monotonic_ns();
    for (int i = 0; i < SESSIONS; i++) {
        struct ob_session_row row = {.start_wall_ns = (int64_t)i * 86400 * OB_NS_PER_S, .planned_minutes = MINUTES};
        if (ob_store_session_add(store, key, &row, &recording, problem, sizeof problem)) {
            fprintf(stderr, "bench store: %s\n", problem);
            exit(1);
        }
    }
    ob_recording_finish(&recording);
    printf("adding %d sessions of %d min  %8.1f s\n", SESSIONS, MINUTES,
           ob_s_from_ns(ob_clock_monotonic_ns() - begun_ns));
}

static void bench_reading(const struct ob_key *key)
{
    double best_s = 1e9, verify_s = 1e9;
    struct ob_verify verify;
    struct ob_key *keys[1];
    for (int i = 0; i < 5; i++) {
        struct ob_session_row *rows = NULL;
        size_t count = 0;
        const int64_t begun_ns = ob_clock_monotonic_ns();
        struct ob_store *store = opened();
        ob_store_sessions(store, key, &rows, &count, NULL);
        best_s = fmin(best_s, ob_s_from_ns(ob_clock_monotonic_ns() - begun_ns));
        free(rows);
        ob_store_close(store);
    }
    printf("opening the history             %8.1f ms\n", 1e3 * best_s);
    if (ob_key_copy(key, keys))
        return;
    struct ob_store *store = opened();
    for (int i = 0; i < 3; i++) {
        const int64_t begun_ns = ob_clock_monotonic_ns();
        ob_store_verify(store, keys, 1, &verify);
        verify_s = fmin(verify_s, ob_s_from_ns(ob_clock_monotonic_ns() - begun_ns));
    }
    struct ob_recording recording = {0};
    struct ob_session_row *rows = NULL;
    size_t count = 0;
    ob_store_sessions(store, key, &rows, &count, NULL);
    const int64_t begun_ns = ob_clock_monotonic_ns();
    if (count > 0)
        ob_store_session_load(store, key, &rows[count / 2].id, &recording);
    printf("loading one session             %8.2f ms (%zu beats)\n",
           1e3 * ob_s_from_ns(ob_clock_monotonic_ns() - begun_ns), recording.beat_count);
    ob_recording_finish(&recording);
    free(rows);
    printf("verify                          %8.2f s  (%s: %" PRIu64 " sessions, %" PRIu64 " rows, %.0f MB)\n", verify_s,
           ob_verify_sound(&verify) ? "sound" : verify.first, verify.sessions, verify.rows, (double)verify.bytes / 1e6);
    const int64_t delete_ns = ob_clock_monotonic_ns();
    char problem[300];
    const enum ob_err err = ob_store_person_delete(store, ob_key_person(key), problem, sizeof problem);
    printf("deleting the person             %8.2f s  (%s)\n", ob_s_from_ns(ob_clock_monotonic_ns() - delete_ns),
           err ? problem : "forgotten");
    ob_store_close(store);
    ob_key_destroy(keys[0]);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        return 2;
    char problem[300], command[300];
    struct ob_key *key = NULL;
    snprintf(folder, sizeof folder, "%s/outbreath-bench-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    if (!mkdtemp(folder))
        return 1;
    struct ob_store *store = opened();
    snprintf(record.name, sizeof record.name, "somebody");
    if (ob_store_person_add(store, &record, OB_LOCK_KEY_FILE, NULL, 0, NULL, &key, problem, sizeof problem))
        return 1;
    ob_store_unlock(store);
    bench_writer(key);
    fill(store, key);
    ob_store_close(store);
    bench_reading(key);
    ob_key_destroy(key);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command) != 0;
}
