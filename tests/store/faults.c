/* SPDX-License-Identifier: GPL-3.0-or-later */
/* faults KILLS CUTS SYNCS FULL DELETES [SEED]: sessions that end badly, so many of each kind, and what was left of
 * them.
 *
 *   kills   a process that keeps a session is killed (SIGKILL) at a random moment
 *   cuts    the power goes at a random operation of the disk: unsynced writes are there, torn or not there
 *   syncs   fsync fails once or several times, and at a random later operation the power goes as well
 *   full    the disk is full for a while
 *   deletes a process that deletes a person is killed at a random moment: all is there, or nothing any more
 *
 * Asked each time: is every acknowledged beat there, as it was pushed, and does everything open? Prints a line a kind;
 * the exit status is 1 if anything was lost or damaged. `./run soak` runs it with 1000 300 300 100 200, the tests with
 * few.
 */
#include "fault_vfs.h"
#include "scratch.h"

#include "base/time.h"
#include "os/clock.h"

#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define EVERY_NS (2 * OB_NS_PER_MS) /* from commit to commit: many moments to hit in little time */

struct tally {
    uint64_t runs, acknowledged, kept, bad;
    char first[300];
};

static uint64_t dice_state;

static uint64_t dice(uint64_t n)
{
    dice_state ^= dice_state << 13;
    dice_state ^= dice_state >> 7;
    dice_state ^= dice_state << 17;
    return dice_state % n;
}

static void wrong(struct tally *t, uint64_t run, const char *what, uint64_t a, uint64_t b)
{
    t->bad++;
    if (!t->first[0])
        snprintf(t->first, sizeof t->first, "run %" PRIu64 ": %s (%" PRIu64 ", %" PRIu64 ")", run, what, a, b);
}

/* ---- what is left ----------------------------------------------------------------------------------------------- */

static bool same_beat(const struct ob_item_beat *beat, uint64_t n)
{
    const struct ob_item wanted = beat_item(n);
    return beat->time_ns == wanted.u.beat.time_ns && beat->age_ns == wanted.u.beat.age_ns &&
           beat->rr_ms == wanted.u.beat.rr_ms && beat->nn_ms == wanted.u.beat.nn_ms && beat->flag == wanted.u.beat.flag;
}

/* The newest session of the person holds at least so many beats, all of them right; everything opens. */
static void check_left(struct tally *t, uint64_t run, const char *folder, const struct ob_key *key,
                       uint64_t acknowledged)
{
    char problem[300] = "";
    struct ob_store *store = NULL;
    const struct ob_store_desc desc = {.folder = folder, .existing = true};
    t->runs++;
    t->acknowledged += acknowledged;
    if (ob_store_open(&desc, &store, problem, sizeof problem)) {
        wrong(t, run, problem, 0, 0);
        return;
    }
    if (ob_store_notice(store)[0])
        wrong(t, run, "the database was set aside", 0, 0);
    struct ob_session_row *rows = NULL;
    size_t count = 0, damaged = 0;
    if (ob_store_sessions(store, key, &rows, &count, &damaged) || damaged > 0)
        wrong(t, run, "the sessions do not open", damaged, count);
    struct ob_recording recording = {0};
    if (count > 0) {
        if (ob_store_session_load(store, key, &rows[0].id, &recording))
            wrong(t, run, "the session does not open", 0, 0);
        if (rows[0].state == OB_SESSION_RUNNING)
            wrong(t, run, "the session was not closed", 0, 0);
    }
    if (recording.beat_count < acknowledged)
        wrong(t, run, "acknowledged beats are lost: there, acknowledged", recording.beat_count, acknowledged);
    for (size_t i = 0; i < recording.beat_count; i++)
        if (!same_beat(&recording.beats[i], i)) {
            wrong(t, run, "a beat is not as it was", i, recording.beat_count);
            break;
        }
    t->kept += recording.beat_count;
    ob_recording_finish(&recording);
    free(rows);
    struct ob_verify verify;
    struct ob_key *keys[1];
    if (ob_key_copy(key, &keys[0]) == OB_OK) {
        if (ob_store_verify(store, keys, 1, &verify) || !ob_verify_sound(&verify))
            wrong(t, run, verify.first, verify.bad_rows, verify.gaps);
        ob_key_destroy(keys[0]);
    }
    ob_store_close(store);
}

static struct ob_writer *begin(const char *folder, const char *vfs, const struct ob_key *key)
{
    struct ob_writer *writer = NULL;
    const struct ob_writer_desc desc = {
        .folder = folder, .vfs = vfs, .key = key, .every_ns = EVERY_NS, .journal_pages = 4 + (int)dice(60)};
    if (ob_writer_create(&desc, &writer))
        exit(99);
    return writer;
}

/* A beat and now and then a row, at some hundred times the pace of a heart. */
static void push_one(struct ob_writer *writer, uint64_t n)
{
    const struct ob_item beat = beat_item(n);
    ob_writer_push_wait(writer, &beat);
    if (n % 4 == 0) {
        const struct ob_item features = features_item(n);
        ob_writer_push_wait(writer, &features);
    }
    if (n % 8 == 7)
        ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + OB_NS_PER_MS);
}

static void finish(struct tally *t, uint64_t run, struct ob_writer *writer)
{
    char problem[300] = "";
    if (ob_writer_finish(writer, NULL, 0, NULL, problem, sizeof problem))
        wrong(t, run, problem, 0, 0);
}

/* ---- kills ------------------------------------------------------------------------------------------------------ */

static void kills(struct tally *t, uint64_t count)
{
    _Atomic uint64_t *acknowledged =
        mmap(NULL, sizeof *acknowledged, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    const char *folder = scratch_begin();
    struct ob_store *store = open_store(folder);
    struct ob_key *key = add_person(store, "somebody", NULL);
    ob_store_close(store);
    for (uint64_t run = 0; run < count; run++) {
        atomic_store(acknowledged, 0);
        const pid_t child = fork();
        if (child == 0) {
            struct ob_writer *writer = begin(folder, NULL, key);
            const uint64_t beats = 50 + run * 37 % 500; /* short ones are killed while they are packed */
            for (uint64_t n = 0; n < beats; n++) {
                push_one(writer, n);
                atomic_store(acknowledged, ob_writer_acknowledged(writer));
            }
            ob_writer_finish(writer, NULL, 0, NULL, NULL, 0);
            for (;;)
                pause();
        }
        ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + (int64_t)(2000 + dice(90000)) * OB_NS_PER_US);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        check_left(t, run, folder, key, atomic_load(acknowledged));
    }
    ob_key_destroy(key);
    scratch_end();
    munmap((void *)acknowledged, sizeof *acknowledged);
}

/* ---- power cuts, and syncs that fail ---------------------------------------------------------------------------- */

struct moment {
    struct ob_writer *writer;
    uint64_t acknowledged;
};

static void note_acknowledged(void *user)
{
    struct moment *moment = user;
    moment->acknowledged = ob_writer_acknowledged(moment->writer);
}

static void copy_keys(const char *from, const char *to)
{
    char command[700];
    snprintf(command, sizeof command, "cp -r '%s/keys' '%s/'", from, to);
    if (system(command) != 0)
        exit(99);
}

static void cuts(struct tally *t, uint64_t count, bool syncs)
{
    for (uint64_t run = 0; run < count; run++) {
        char after[300];
        const char *folder = scratch_begin();
        snprintf(after, sizeof after, "%s/after", folder);
        mkdir(after, 0700);
        struct ob_store *store = open_store(folder);
        struct ob_key *key = add_person(store, "somebody", NULL);
        ob_store_close(store);
        copy_keys(folder, after);
        const uint64_t beats = 40 + dice(300);
        fault_begin(dice_state);
        struct moment moment = {.writer = begin(folder, FAULT_VFS, key)};
        /* From what is opened to what packs and closes: about one operation a beat. */
        const uint64_t at = 1 + dice(beats + 60);
        fault_cut_at(at, after, note_acknowledged, &moment);
        if (syncs)
            fault_sync_at(1 + dice(at / 4 + 4), (int)dice(3), dice(4) ? "-wal" : NULL);
        for (uint64_t n = 0; n < beats; n++)
            push_one(moment.writer, n);
        finish(t, run, moment.writer);
        if (fault_was_cut())
            check_left(t, run, after, key, moment.acknowledged);
        fault_end();
        /* And without a cut everything is there. */
        check_left(t, run, folder, key, beats);
        ob_key_destroy(key);
        scratch_end();
    }
}

/* ---- a full disk ------------------------------------------------------------------------------------------------ */

static bool says_full(const struct ob_writer_status *status)
{
    return status->keep == OB_KEEP_WAITING && strstr(status->sentence, "full") != NULL;
}

static void full_disks(struct tally *t, uint64_t count)
{
    for (uint64_t run = 0; run < count; run++) {
        const char *folder = scratch_begin();
        struct ob_store *store = open_store(folder);
        struct ob_key *key = add_person(store, "somebody", NULL);
        ob_store_close(store);
        fault_begin(dice_state);
        struct ob_writer *writer = begin(folder, FAULT_VFS, key);
        const uint64_t from = dice(200), to = from + 60 + dice(200), beats = to + 50;
        bool told = false;
        uint64_t safe = 0;
        for (uint64_t n = 0; n < beats; n++) {
            struct ob_writer_status status;
            if (n == from)
                fault_full(true);
            push_one(writer, n);
            ob_writer_status(writer, &status);
            /* The disk stays full until that was said, or long enough to be sure that it never will be. */
            for (int i = 0; n == to && i < 10000 && !says_full(&status); i++) {
                ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + OB_NS_PER_MS);
                ob_writer_status(writer, &status);
            }
            told |= says_full(&status);
            if (n == to)
                fault_full(false);
            if (status.acknowledged_beats < safe)
                wrong(t, run, "beats were taken back", status.acknowledged_beats, safe);
            safe = status.acknowledged_beats;
        }
        if (!told)
            wrong(t, run, "nobody was told that the disk is full", from, to);
        finish(t, run, writer);
        fault_end();
        check_left(t, run, folder, key, beats);
        ob_key_destroy(key);
        scratch_end();
    }
}

/* ---- deleting --------------------------------------------------------------------------------------------------- */

static bool there(const char *folder, const char *name, const char *id, const char *ending)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s/%s%s", folder, name, id, ending);
    return access(path, F_OK) == 0;
}

/* Where it had begun, the opening has brought it to its end; where not, everything is there. */
static void check_half(struct tally *t, uint64_t run, const char *folder, const struct ob_key *key, size_t beats)
{
    char problem[300] = "", id[OB_ID_TEXT];
    const struct ob_id *person = ob_key_person(key);
    struct ob_store *store = NULL;
    struct ob_verify verify;
    struct ob_key *keys[1];
    const struct ob_store_desc desc = {.folder = folder, .existing = true};
    ob_id_text(person, id);
    t->runs++;
    if (ob_store_open(&desc, &store, problem, sizeof problem) || ob_key_copy(key, keys)) {
        wrong(t, run, problem, 0, 0);
        return;
    }
    const bool whole = there(folder, "keys", id, ".key");
    t->acknowledged += whole ? beats : 0;
    if (whole && (ob_store_verify(store, keys, 1, &verify) || !ob_verify_sound(&verify) || verify.beats != beats))
        wrong(t, run, "the key is there and something is missing", verify.beats, beats);
    t->kept += whole ? verify.beats : 0;
    if (whole && ob_store_person_delete(store, person, problem, sizeof problem))
        wrong(t, run, problem, 0, 0);
    if (there(folder, "keys", id, ".key") || there(folder, "people", id, "") ||
        found_on_disk(folder, person->bytes, sizeof person->bytes))
        wrong(t, run, "something of the person is left", 0, 0);
    if (ob_store_verify(store, NULL, 0, &verify) || !ob_verify_sound(&verify) || verify.people != 0)
        wrong(t, run, "what is left is not sound", verify.people, verify.sessions);
    ob_key_destroy(keys[0]);
    ob_store_close(store);
}

static void deletes(struct tally *t, uint64_t count)
{
    const size_t beats = 2000;
    for (uint64_t run = 0; run < count; run++) {
        char problem[300], path[600];
        const char *folder = scratch_begin();
        struct ob_store *store = open_store(folder);
        struct ob_key *key = add_person(store, "somebody", NULL);
        if (ob_store_person_folder(store, ob_key_person(key), path, sizeof path))
            exit(99);
        ob_store_close(store);
        keep_session(folder, key, beats);
        const pid_t child = fork();
        if (child == 0) {
            store = open_store(folder);
            ob_store_person_delete(store, ob_key_person(key), problem, sizeof problem);
            for (;;)
                pause();
        }
        ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + (int64_t)dice(20000) * OB_NS_PER_US);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        check_half(t, run, folder, key, beats);
        ob_key_destroy(key);
        scratch_end();
    }
}

static int report(const char *name, const struct tally *t, double took_s)
{
    if (t->runs > 0 || t->bad > 0)
        printf("%-8s %6" PRIu64 " sessions  %9" PRIu64 " beats acknowledged  %9" PRIu64 " kept  %4" PRIu64
               " bad  %7.1f s  %s\n",
               name, t->runs, t->acknowledged, t->kept, t->bad, took_s, t->first);
    fflush(stdout);
    return t->bad > 0;
}

int main(int argc, char **argv)
{
    uint64_t counts[6] = {0, 0, 0, 0, 0, 1};
    for (int i = 0; i < 6 && i + 1 < argc; i++)
        counts[i] = strtoull(argv[i + 1], NULL, 10);
    dice_state = counts[5] * UINT64_C(0x9e3779b97f4a7c15) + 1;
    int failed = 0;
    for (int kind = 0; kind < 5; kind++) {
        static const char *const names[] = {"kills", "cuts", "syncs", "full", "deletes"};
        const int64_t begun_ns = ob_clock_monotonic_ns();
        struct tally tally = {0};
        if (kind == 0)
            kills(&tally, counts[0]);
        else if (kind == 3)
            full_disks(&tally, counts[3]);
        else if (kind == 4)
            deletes(&tally, counts[4]);
        else
            cuts(&tally, counts[kind], kind == 2);
        failed |= report(names[kind], &tally, ob_s_from_ns(ob_clock_monotonic_ns() - begun_ns));
    }
    return failed;
}
