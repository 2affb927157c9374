/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is all of it there, and does all of it open? */
#include "store/inner.h"

#include <dirent.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct check {
    struct ob_store *store;
    struct ob_key *const *keys;
    size_t key_count;
    struct ob_verify *v;
};

bool ob_verify_sound(const struct ob_verify *v)
{
    return v->database_sound && v->bad_rows == 0 && v->gaps == 0 && v->bad_files == 0;
}

__attribute__((format(printf, 2, 3))) static void first(struct ob_verify *v, const char *format, ...)
{
    if (v->first[0])
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(v->first, sizeof v->first, format, args);
    va_end(args);
}

static const struct ob_key *key_of(const struct check *c, const struct ob_id *person)
{
    for (size_t i = 0; i < c->key_count; i++)
        if (ob_id_equal(ob_key_person(c->keys[i]), person))
            return c->keys[i];
    return NULL;
}

static void check_database(struct check *c)
{
    sqlite3_stmt *statement;
    if (ob_db_prepare(c->store->sql, "PRAGMA integrity_check(1)", &statement) == OB_OK) {
        const char *said =
            sqlite3_step(statement) == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : NULL;
        c->v->database_sound = said && strcmp(said, "ok") == 0;
        if (!c->v->database_sound)
            first(c->v, "SQLite finds the database damaged: %.150s", said ? said : sqlite3_errmsg(c->store->sql));
        sqlite3_finalize(statement);
    }
}

/* The rows of one kind of one session. Returns how many beats they hold. */
static uint64_t check_rows(struct check *c, const struct ob_key *key, const struct ob_session_row *session,
                           sqlite3_stmt *statement, enum ob_row kind)
{
    struct ob_recording recording = {0};
    uint64_t expected = 0;
    char id[OB_ID_TEXT];
    ob_id_text(&session->id, id);
    sqlite3_reset(statement);
    ob_db_bind_id(statement, 1, &session->id);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const struct ob_row_name name = {
            .row = kind, .session = session->id, .number = (uint64_t)sqlite3_column_int64(statement, 0)};
        c->v->rows++;
        c->v->bytes += (uint64_t)sqlite3_column_bytes(statement, 1);
        if (name.number != expected) {
            c->v->gaps++;
            first(c->v, "session %s: part %" PRIu64 " is missing", id, expected);
        }
        expected = name.number + 1;
        if (!key)
            continue;
        unsigned char *bytes = NULL;
        size_t size = 0;
        enum ob_err err = ob_store_unseal(statement, 1, key, &name, &bytes, &size);
        if (!err)
            err = ob_recording_decode(&recording, bytes, size);
        ob_store_drop(bytes, size);
        if (err) {
            c->v->bad_rows++;
            first(c->v, "session %s: part %" PRIu64 " does not open", id, name.number);
        }
    }
    const uint64_t beats = recording.beat_count;
    ob_recording_finish(&recording);
    return beats;
}

static void check_session(struct check *c, const struct ob_key *key, sqlite3_stmt *row, sqlite3_stmt *packs,
                          sqlite3_stmt *seconds)
{
    struct ob_session_row session = {.number = (uint64_t)sqlite3_column_int64(row, 2)};
    c->v->sessions++;
    c->v->rows++;
    if (!ob_db_column_id(row, 0, &session.id)) {
        c->v->bad_rows++;
        return;
    }
    const bool open = sqlite3_column_int(row, 3) != 0;
    const struct ob_row_name name = {.row = OB_ROW_SESSION, .session = session.id, .number = session.number};
    bool read = false;
    char id[OB_ID_TEXT];
    ob_id_text(&session.id, id);
    if (key) {
        unsigned char *bytes = NULL;
        size_t size = 0;
        read =
            ob_store_unseal(row, 4, key, &name, &bytes, &size) == OB_OK && ob_session_row_decode(bytes, size, &session);
        ob_store_drop(bytes, size);
        if (!read) {
            c->v->bad_rows++;
            first(c->v, "session %s: its header does not open", id);
        }
    }
    const uint64_t beats =
        check_rows(c, key, &session, packs, OB_ROW_PACK) + check_rows(c, key, &session, seconds, OB_ROW_SECOND);
    c->v->beats += beats;
    c->v->interrupted += read && session.state == OB_SESSION_INTERRUPTED;
    if (read && !open && beats != session.beats) {
        c->v->gaps++;
        first(c->v, "session %s: %" PRIu64 " of %" PRIu64 " beats are there", id, beats, session.beats);
    }
}

static void check_sessions(struct check *c, const struct ob_person_row *person, const struct ob_key *key)
{
    sqlite3_stmt *row = NULL, *packs = NULL, *seconds = NULL;
    if (ob_db_prepare(c->store->sql, "SELECT id, person, number, open, sealed FROM session WHERE person = ?", &row) ==
            OB_OK &&
        ob_db_prepare(c->store->sql, "SELECT number, sealed FROM pack WHERE session = ? ORDER BY number", &packs) ==
            OB_OK &&
        ob_db_prepare(c->store->sql, "SELECT number, sealed FROM second WHERE session = ? ORDER BY number", &seconds) ==
            OB_OK) {
        ob_db_bind_id(row, 1, &person->id);
        while (sqlite3_step(row) == SQLITE_ROW)
            check_session(c, key, row, packs, seconds);
    } else {
        c->v->database_sound = false;
        first(c->v, "the sessions can't be read: %.150s", sqlite3_errmsg(c->store->sql));
    }
    sqlite3_finalize(row);
    sqlite3_finalize(packs);
    sqlite3_finalize(seconds);
}

static void check_person(struct check *c, const struct ob_person_row *person, const struct ob_key *key)
{
    struct ob_person_record *record = malloc(sizeof *record);
    char id[OB_ID_TEXT];
    ob_id_text(&person->id, id);
    c->v->rows++;
    if (record && ob_store_person_get(c->store, key, record) != OB_OK) {
        c->v->bad_rows++;
        first(c->v, "person %s: the record does not open", id);
    }
    if (record)
        sodium_memzero(record, sizeof *record);
    free(record);
    for (int kind = 1; kind < OB_BLOBS; kind++) {
        unsigned char *bytes = NULL;
        size_t size = 0;
        const enum ob_err err = ob_store_blob_get(c->store, key, (enum ob_blob)kind, &bytes, &size);
        ob_store_drop(bytes, size);
        c->v->rows += err != OB_ERR_NOT_FOUND;
        if (err && err != OB_ERR_NOT_FOUND) {
            c->v->bad_rows++;
            first(c->v, "person %s: what the engine keeps does not open", id);
        }
    }
}

/* Sealed files carry their label as the last part of their name: <session>.events.sealed, <session>.raw.sealed. */
static void check_file(struct check *c, const struct ob_key *key, const char *path, const char *name)
{
    const size_t length = strlen(name);
    const char *ending = ".sealed";
    if (length <= strlen(ending) || strcmp(name + length - strlen(ending), ending) != 0)
        return;
    char label[64];
    snprintf(label, sizeof label, "%.*s", (int)(length - strlen(ending)), name);
    const char *dot = strrchr(label, '.');
    struct ob_sealed_reader *reader = NULL;
    enum ob_err err = ob_sealed_open(path, key, dot ? dot + 1 : label, &reader);
    unsigned char *bytes = malloc(OB_SEAL_BLOCK);
    size_t got = 1;
    while (!err && bytes && got > 0)
        err = ob_sealed_read(reader, bytes, OB_SEAL_BLOCK, &got);
    ob_sealed_done(err && !reader ? NULL : reader);
    ob_store_drop(bytes, OB_SEAL_BLOCK);
    c->v->files++;
    if (err && err != OB_ERR_TRUNCATED) {
        c->v->bad_files++;
        first(c->v, "the file %.80s does not open: %s", name, ob_err_text(err));
    }
}

static void check_files(struct check *c, const struct ob_person_row *person, const struct ob_key *key)
{
    char id[OB_ID_TEXT], folder[PATH_MAX], path[PATH_MAX];
    ob_id_text(&person->id, id);
    if ((size_t)snprintf(folder, sizeof folder, "%s/people/%s", c->store->folder, id) >= sizeof folder)
        return;
    DIR *dir = opendir(folder);
    if (!dir)
        return;
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) < sizeof path)
            check_file(c, key, path, entry->d_name);
    closedir(dir);
}

enum ob_err ob_store_verify(struct ob_store *store, struct ob_key *const *keys, size_t key_count,
                            struct ob_verify *verify_out)
{
    struct check c = {.store = store, .keys = keys, .key_count = key_count, .v = verify_out};
    memset(verify_out, 0, sizeof *verify_out);
    struct ob_person_row *people = NULL;
    /* One moment for everything, also while somebody writes. */
    enum ob_err err = ob_db_run(store->sql, "BEGIN");
    if (!err)
        check_database(&c);
    if (!err)
        err = ob_store_people(store, &people, &verify_out->people);
    for (size_t i = 0; !err && i < verify_out->people; i++) {
        const struct ob_key *key = key_of(&c, &people[i].id);
        if (key) {
            check_person(&c, &people[i], key);
            check_files(&c, &people[i], key);
        } else {
            verify_out->people_locked++;
            if (people[i].lock == OB_LOCK_NONE) {
                char id[OB_ID_TEXT];
                ob_id_text(&people[i].id, id);
                verify_out->bad_rows++;
                first(verify_out, "person %s: the key is not there or damaged", id);
            }
        }
        check_sessions(&c, &people[i], key);
    }
    free(people);
    ob_db_run(store->sql, "COMMIT");
    return err;
}
