/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/writer.h"

#include "base/ring.h"
#include "base/time.h"
#include "os/clock.h"
#include "os/wake.h"
#include "store/inner.h"

#include <poll.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RING      4096
#define CHUNK     (32 * 1024)        /* bytes of content in a row at most */
#define HELD_MAX  (32 * 1024 * 1024) /* waiting in memory at most */
#define PATIENCE  (5 * OB_NS_PER_S)
#define JOURNAL   1000
#define BUSY_TOLD 3 /* so many seconds in a row somebody else's lock is nobody's concern */

/* A row that is not committed yet. Its number stays as it is, however often it has to be tried, and so do its bytes,
 * but for the last one, which goes on being filled while an attempt fails. */
struct chunk {
    struct chunk *next;
    uint64_t number;
    uint64_t beats; /* of the session up to its end */
    size_t size;
    unsigned char bytes[CHUNK];
};

struct ob_writer {
    /* immutable after create */
    char folder[PATH_MAX - 64];
    char vfs[64];
    struct ob_key *key;
    int64_t every_ns;
    int journal_pages;
    pthread_t thread;
    /* producer to writer thread */
    struct ob_ring ring;
    struct ob_item slots[RING];
    struct ob_wake wake;
    _Atomic uint64_t refused;
    _Atomic bool quit;
    _Atomic uint32_t beats_from; /* 0: not told */
    /* writer thread to everybody */
    _Atomic uint64_t acknowledged;
    /* under the mutex */
    pthread_mutex_t mutex;
    struct ob_writer_status status;
    struct {
        unsigned char *bytes;
        size_t size;
        bool given;
    } blobs[OB_BLOBS];
    uint32_t checkin[2];
    int64_t patience_ns;
    /* writer thread */
    struct ob_store *store;
    sqlite3_stmt *put;
    struct ob_session_row row;
    struct ob_person_record *record; /* to begin anew with when the database is lost */
    struct chunk *first, *last;      /* last is the one being filled */
    uint64_t next_number, beats;
    size_t held;
    int pages; /* in the journal */
    int busy_seconds;
    bool begun, known, registered, failed_journal, over; /* begun: was registered once; known: the record was read */
    enum ob_err err;
    char problem[192];
};

/* ---- what is told to others ------------------------------------------------------------------------------------- */

static void tell(struct ob_writer *w, enum ob_keep keep, const char *sentence)
{
    pthread_mutex_lock(&w->mutex);
    w->status.keep = keep;
    snprintf(w->status.sentence, sizeof w->status.sentence, "%s", sentence);
    w->status.session = w->row.id;
    w->status.waiting_bytes = w->held;
    pthread_mutex_unlock(&w->mutex);
}

static void count(struct ob_writer *w, uint64_t *what)
{
    pthread_mutex_lock(&w->mutex);
    (*what)++;
    pthread_mutex_unlock(&w->mutex);
}

/* ---- memory ----------------------------------------------------------------------------------------------------- */

static void drop_chunk(struct chunk *chunk)
{
    sodium_memzero(chunk->bytes, chunk->size);
    free(chunk);
}

static struct chunk *chunk_with_room(struct ob_writer *w, size_t size)
{
    if (w->last && w->last->number == UINT64_MAX && w->last->size + size <= CHUNK)
        return w->last;
    if (w->held + sizeof(struct chunk) > HELD_MAX)
        return NULL;
    struct chunk *chunk = malloc(sizeof *chunk);
    if (!chunk)
        return NULL;
    chunk->next = NULL;
    chunk->number = UINT64_MAX; /* still open */
    chunk->size = 0;
    if (w->last) {
        if (w->last->number == UINT64_MAX)
            w->last->number = w->next_number++;
        w->last->next = chunk;
    } else
        w->first = chunk;
    w->last = chunk;
    w->held += sizeof *chunk;
    return chunk;
}

static void take_item(struct ob_writer *w, const struct ob_item *item)
{
    unsigned char record[OB_ITEM_MAX];
    const size_t size = ob_item_encode(item, record);
    struct chunk *chunk = size > 0 ? chunk_with_room(w, size) : NULL;
    if (!chunk) {
        atomic_fetch_add_explicit(&w->refused, 1, memory_order_relaxed);
        return;
    }
    memcpy(chunk->bytes + chunk->size, record, size);
    chunk->size += size;
    w->beats += item->kind == OB_ITEM_BEAT;
    chunk->beats = w->beats;
    sodium_memzero(record, sizeof record);
}

static void drain(struct ob_writer *w)
{
    struct ob_item item;
    while (ob_ring_pop(&w->ring, &item))
        take_item(w, &item);
}

/* ---- the database ----------------------------------------------------------------------------------------------- */

static int journal_grew(void *user, sqlite3 *sql, const char *name, int pages)
{
    (void)sql;
    (void)name;
    ((struct ob_writer *)user)->pages = pages;
    return SQLITE_OK;
}

static void shut(struct ob_writer *w)
{
    sqlite3_finalize(w->put);
    w->put = NULL;
    ob_store_close(w->store);
    w->store = NULL;
}

static enum ob_err rewrite_journal(struct ob_writer *w)
{
    enum ob_err err = ob_db_run(w->store->sql, "BEGIN IMMEDIATE");
    if (err)
        return err;
    err = ob_db_rewrite_journal(w->store->path, w->vfs[0] ? w->vfs : NULL);
    ob_db_run(w->store->sql, "ROLLBACK");
    if (err)
        snprintf(w->problem, sizeof w->problem, "the disk does not take what is written to it: %s", ob_err_text(err));
    w->failed_journal = err != OB_OK;
    return err;
}

static enum ob_err open_store(struct ob_writer *w)
{
    const struct ob_store_desc desc = {.folder = w->folder, .vfs = w->vfs[0] ? w->vfs : NULL};
    enum ob_err err = ob_store_open(&desc, &w->store, w->problem, sizeof w->problem);
    if (err)
        return err;
    err = ob_store_lock(w->store, w->problem, sizeof w->problem);
    w->store->writing = !err;
    if (!err && w->failed_journal)
        err = rewrite_journal(w);
    if (!err)
        err = ob_db_prepare(w->store->sql, "INSERT OR REPLACE INTO second(session, number, sealed) VALUES (?, ?, ?)",
                            &w->put);
    if (!err) {
        /* Checkpoints are ours to ask for: one that happens by itself hides its errors. */
        sqlite3_wal_autocheckpoint(w->store->sql, 0);
        sqlite3_wal_hook(w->store->sql, journal_grew, w);
        sqlite3_busy_timeout(w->store->sql, 500);
    }
    if (err)
        shut(w);
    return err;
}

/* A session that was begun and whose database is gone begins again in the one that there is. */
static enum ob_err find_person(struct ob_writer *w)
{
    enum ob_err err = ob_store_person_get(w->store, w->key, w->record);
    w->known |= err == OB_OK;
    if (err == OB_ERR_DAMAGED && sqlite3_errcode(w->store->sql) != SQLITE_CORRUPT)
        return OB_OK; /* a record that does not open is for verify to tell; the session is kept all the same */
    if (err != OB_ERR_NOT_FOUND)
        return err;
    enum ob_lock lock;
    if (!w->known || ob_key_lock(w->folder, ob_key_person(w->key), &lock) != OB_OK) {
        snprintf(w->problem, sizeof w->problem, "the person whose session it is is no longer kept here");
        return OB_ERR_NOT_FOUND;
    }
    err = ob_store_person_restore(w->store, w->key, w->record);
    w->registered = false;
    w->next_number = 0;
    for (struct chunk *c = w->first; c && c->number != UINT64_MAX; c = c->next)
        c->number = w->next_number++;
    return err;
}

static enum ob_err put_chunk(struct ob_writer *w, const struct chunk *chunk)
{
    const struct ob_row_name name = {.row = OB_ROW_SECOND, .session = w->row.id, .number = chunk->number};
    sqlite3_reset(w->put);
    ob_db_bind_id(w->put, 1, &w->row.id);
    sqlite3_bind_int64(w->put, 2, (sqlite3_int64)chunk->number);
    const enum ob_err err = ob_store_bind_sealed(w->put, 3, w->key, &name, chunk->bytes, chunk->size);
    const int rc = err ? SQLITE_NOMEM : sqlite3_step(w->put);
    sqlite3_reset(w->put);
    return err ? err : ob_db_err(rc);
}

static enum ob_err put_blobs(struct ob_writer *w)
{
    enum ob_err err = OB_OK;
    for (int kind = 1; kind < OB_BLOBS && !err; kind++)
        if (w->blobs[kind].given)
            err = ob_store_blob_put(w->store, w->key, (enum ob_blob)kind, w->blobs[kind].bytes, w->blobs[kind].size);
    return err;
}

/* All that waits, in one transaction. */
static enum ob_err commit(struct ob_writer *w)
{
    if (!w->first)
        return OB_OK;
    enum ob_err err = ob_db_run(w->store->sql, "BEGIN IMMEDIATE");
    if (err)
        return err;
    const bool filling = w->last->number == UINT64_MAX;
    if (filling)
        w->last->number = w->next_number++;
    if (!w->registered) {
        /* It may stand there already: perhaps only the word that it does has failed. */
        int64_t number = 0;
        err = ob_db_number(w->store->sql, "SELECT number FROM session WHERE id = ?", &w->row.id, &number);
        if (!err)
            w->row.number = (uint64_t)number;
        else if (err == OB_ERR_NOT_FOUND) {
            err = ob_store_count(w->store->sql, "session", &w->row.number);
            if (!err)
                err = ob_store_session_insert(w->store->sql, w->key, &w->row);
        }
    }
    uint64_t beats = 0;
    for (const struct chunk *c = w->first; c && !err; c = c->next)
        if (c->number != UINT64_MAX) {
            err = put_chunk(w, c);
            beats = c->beats;
        }
    if (!err)
        err = ob_db_run(w->store->sql, "COMMIT");
    if (err) {
        sqlite3_exec(w->store->sql, "ROLLBACK", NULL, NULL, NULL);
        if (filling) { /* a chunk an attempt would fill the memory in a quarter of an hour; the row is replaced */
            w->last->number = UINT64_MAX;
            w->next_number--;
        }
        return err;
    }
    w->registered = w->begun = true;
    while (w->first && w->first->number != UINT64_MAX) {
        struct chunk *done = w->first;
        w->first = done->next;
        w->held -= sizeof *done;
        drop_chunk(done);
    }
    if (!w->first)
        w->last = NULL;
    if (beats > 0)
        atomic_store_explicit(&w->acknowledged, beats, memory_order_release);
    count(w, &w->status.commits);
    if (w->pages > w->journal_pages) {
        w->pages = 0;
        const int rc = sqlite3_wal_checkpoint_v2(w->store->sql, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        if ((rc & 0xff) == SQLITE_IOERR || (rc & 0xff) == SQLITE_CORRUPT)
            return ob_db_err(rc);
    }
    return OB_OK;
}

static void say_why(struct ob_writer *w, enum ob_err err)
{
    if (err == OB_ERR_DISK_FULL)
        snprintf(w->problem, sizeof w->problem, "the disk is full");
    else if (err == OB_ERR_BUSY)
        snprintf(w->problem, sizeof w->problem, "another Outbreath is at work in the same folder");
    else
        snprintf(w->problem, sizeof w->problem, "%s", ob_err_text(err));
}

static enum ob_err close_session(struct ob_writer *w)
{
    pthread_mutex_lock(&w->mutex);
    w->row.checkin[0] = w->checkin[0];
    w->row.checkin[1] = w->checkin[1];
    pthread_mutex_unlock(&w->mutex);
    const uint32_t beats_from = atomic_load(&w->beats_from);
    if (beats_from != OB_BEATS_NONE)
        w->row.beats_from = beats_from;
    enum ob_err err = put_blobs(w);
    if (!err)
        err = ob_store_session_close(w->store, w->key, &w->row, OB_SESSION_ENDED);
    if (!err) /* best effort: everything is safe in the journal */
        sqlite3_wal_checkpoint_v2(w->store->sql, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    return err;
}

/* One attempt to have everything kept. */
static enum ob_err attempt(struct ob_writer *w)
{
    enum ob_err err = OB_OK;
    w->problem[0] = '\0';
    if (!w->store) {
        err = open_store(w);
        if (err)
            return err;
        err = find_person(w);
    }
    if (!err)
        err = commit(w);
    if (!err && w->over && w->registered)
        err = close_session(w);
    if (!err)
        return OB_OK;
    if (!w->problem[0])
        say_why(w, err);
    if (err == OB_ERR_BUSY || err == OB_ERR_DISK_FULL || err == OB_ERR_NO_MEMORY)
        return err; /* the transaction was taken back; the connection is sound */
    /* Anything else: what the connection believes of the disk is not trusted any more. */
    w->failed_journal |= err == OB_ERR_IO;
    const int code = sqlite3_errcode(w->store->sql) & 0xff;
    /* The rollback has taken SQLite's own word for it away: ours tells. What is all kept is left where it is. */
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB || (err == OB_ERR_DAMAGED && w->first)) {
        char name[128] = "", path[PATH_MAX];
        snprintf(path, sizeof path, "%s", w->store->path);
        sqlite3_finalize(w->put);
        w->put = NULL;
        sqlite3_close(w->store->sql);
        w->store->sql = NULL;
        if (ob_store_set_aside(path, name, sizeof name) == OB_OK)
            snprintf(w->problem, sizeof w->problem, "the store was damaged and set aside as %.80s; a new one begins",
                     name);
    }
    shut(w);
    count(w, &w->status.reopened);
    return err;
}

static void keep(struct ob_writer *w)
{
    const enum ob_err err = attempt(w);
    w->err = err;
    if (!err) {
        w->busy_seconds = 0;
        tell(w, w->begun ? OB_KEEP_KEEPING : OB_KEEP_STARTING, "");
        return;
    }
    count(w, &w->status.failures);
    if (err == OB_ERR_BUSY && w->store && ++w->busy_seconds < BUSY_TOLD)
        return;
    char sentence[sizeof w->status.sentence];
    snprintf(sentence, sizeof sentence, "This session is not being kept now: %.90s. It waits in memory.", w->problem);
    tell(w, OB_KEEP_WAITING, sentence);
}

/* ---- the thread ------------------------------------------------------------------------------------------------- */

static void *run(void *user)
{
    struct ob_writer *w = user;
    int64_t next_ns = ob_clock_monotonic_ns();
    while (!atomic_load_explicit(&w->quit, memory_order_acquire)) {
        const int64_t wait_ns = next_ns - ob_clock_monotonic_ns();
        if (wait_ns > 0) {
            const struct timespec wait = {.tv_sec = wait_ns / OB_NS_PER_S, .tv_nsec = wait_ns % OB_NS_PER_S};
            struct pollfd fd = {.fd = w->wake.fd, .events = POLLIN};
            if (ppoll(&fd, 1, &wait, NULL) > 0)
                ob_wake_clear(&w->wake);
        }
        drain(w);
        const int64_t now_ns = ob_clock_monotonic_ns();
        if (now_ns < next_ns)
            continue;
        keep(w);
        next_ns += w->every_ns;
        if (next_ns < now_ns) /* a slow disk: no catching up */
            next_ns = now_ns + w->every_ns;
    }
    drain(w);
    w->over = true;
    pthread_mutex_lock(&w->mutex);
    const int64_t until_ns = ob_clock_monotonic_ns() + w->patience_ns;
    pthread_mutex_unlock(&w->mutex);
    for (;;) {
        keep(w);
        if (!w->err || ob_clock_monotonic_ns() >= until_ns)
            break;
        ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + 200 * OB_NS_PER_MS);
    }
    shut(w);
    return NULL;
}

/* ---- everybody -------------------------------------------------------------------------------------------------- */

static void destroy(struct ob_writer *w)
{
    while (w->first) {
        struct chunk *next = w->first->next;
        drop_chunk(w->first);
        w->first = next;
    }
    for (int kind = 0; kind < OB_BLOBS; kind++)
        ob_store_drop(w->blobs[kind].bytes, w->blobs[kind].size);
    if (w->record)
        sodium_memzero(w->record, sizeof *w->record);
    free(w->record);
    ob_key_destroy(w->key);
    ob_wake_finish(&w->wake);
    pthread_mutex_destroy(&w->mutex);
    sodium_memzero(w->slots, sizeof w->slots);
    free(w);
}

enum ob_err ob_writer_create(const struct ob_writer_desc *desc, struct ob_writer **writer_out)
{
    struct ob_writer *w = calloc(1, sizeof *w);
    if (!w)
        return OB_ERR_NO_MEMORY;
    w->wake.fd = -1;
    pthread_mutex_init(&w->mutex, NULL);
    w->record = calloc(1, sizeof *w->record);
    enum ob_err err = ob_store_folder(desc->folder, w->folder, sizeof w->folder);
    if (!err)
        err = w->record ? ob_key_copy(desc->key, &w->key) : OB_ERR_NO_MEMORY;
    if (!err)
        err = ob_wake_init(&w->wake);
    snprintf(w->vfs, sizeof w->vfs, "%s", desc->vfs ? desc->vfs : "");
    w->every_ns = desc->every_ns > 0 ? desc->every_ns : OB_NS_PER_S;
    w->journal_pages = desc->journal_pages > 0 ? desc->journal_pages : JOURNAL;
    w->row = desc->start;
    if (!err) {
        ob_id_make(&w->row.id);
        w->row.person = *ob_key_person(w->key);
    }
    w->row.number = 0;
    w->row.state = OB_SESSION_RUNNING;
    if (w->row.start_wall_ns == 0) {
        w->row.start_wall_ns = ob_clock_wall_ns();
        const time_t now = (time_t)(w->row.start_wall_ns / OB_NS_PER_S);
        struct tm local;
        if (localtime_r(&now, &local))
            w->row.utc_offset_s = (int32_t)local.tm_gmtoff;
    }
    w->status.session = w->row.id;
    ob_ring_init(&w->ring, w->slots, sizeof w->slots[0], RING);
    if (!err && pthread_create(&w->thread, NULL, run, w) != 0)
        err = OB_ERR_NO_MEMORY;
    if (err) {
        destroy(w);
        return err;
    }
    *writer_out = w;
    return OB_OK;
}

bool ob_writer_push(struct ob_writer *writer, const struct ob_item *item)
{
    if (ob_ring_push(&writer->ring, item))
        return true;
    atomic_fetch_add_explicit(&writer->refused, 1, memory_order_relaxed);
    return false;
}

void ob_writer_push_wait(struct ob_writer *writer, const struct ob_item *item)
{
    while (!ob_ring_push(&writer->ring, item)) {
        ob_wake_ring(&writer->wake);
        ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + OB_NS_PER_MS);
    }
}

void ob_writer_status(struct ob_writer *writer, struct ob_writer_status *status_out)
{
    pthread_mutex_lock(&writer->mutex);
    *status_out = writer->status;
    pthread_mutex_unlock(&writer->mutex);
    status_out->acknowledged_beats = ob_writer_acknowledged(writer);
    status_out->refused = atomic_load_explicit(&writer->refused, memory_order_relaxed);
}

uint64_t ob_writer_acknowledged(const struct ob_writer *writer)
{
    return atomic_load_explicit(&writer->acknowledged, memory_order_acquire);
}

enum ob_err ob_writer_blob(struct ob_writer *writer, enum ob_blob kind, const void *bytes, size_t size)
{
    if (kind <= 0 || kind >= OB_BLOBS || size > OB_BLOB_MAX)
        return OB_ERR_RANGE;
    unsigned char *copy = malloc(size + 1);
    if (!copy)
        return OB_ERR_NO_MEMORY;
    if (size > 0)
        memcpy(copy, bytes, size);
    pthread_mutex_lock(&writer->mutex);
    unsigned char *before = writer->blobs[kind].bytes;
    const size_t before_size = writer->blobs[kind].size;
    writer->blobs[kind].bytes = copy;
    writer->blobs[kind].size = size;
    writer->blobs[kind].given = true;
    pthread_mutex_unlock(&writer->mutex);
    ob_store_drop(before, before_size);
    return OB_OK;
}

void ob_writer_beats_from(struct ob_writer *writer, uint32_t beats_from)
{
    atomic_store(&writer->beats_from, beats_from);
}

enum ob_err ob_writer_finish(struct ob_writer *writer, const uint32_t checkin[2], int64_t patience_ns,
                             struct ob_session_row *row_out, char *problem_out, size_t problem_size)
{
    if (!writer)
        return OB_OK;
    pthread_mutex_lock(&writer->mutex);
    if (checkin) {
        writer->checkin[0] = checkin[0];
        writer->checkin[1] = checkin[1];
    }
    writer->patience_ns = patience_ns > 0 ? patience_ns : PATIENCE;
    pthread_mutex_unlock(&writer->mutex);
    atomic_store_explicit(&writer->quit, true, memory_order_release);
    ob_wake_ring(&writer->wake);
    pthread_join(writer->thread, NULL);
    const enum ob_err err = writer->err;
    if (row_out)
        *row_out = writer->row;
    const uint64_t lost = writer->beats - atomic_load(&writer->acknowledged);
    const char *why = writer->problem[0] ? writer->problem : ob_err_text(err);
    if (err && writer->first)
        snprintf(problem_out, problem_size, "%llu of %llu beats of this session could not be kept: %s",
                 (unsigned long long)lost, (unsigned long long)writer->beats, why);
    else if (err)
        snprintf(problem_out, problem_size, "the session is kept, but not closed yet (%s); the next opening does it",
                 why);
    destroy(writer);
    return err;
}
