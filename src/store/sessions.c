/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading and writing of sessions. While one runs it is a row a second; when it ends these are packed into few. */
#include "store/inner.h"

#include "base/maths.h"
#include "base/time.h"
#include "os/clock.h"

#include <math.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PACK (64 * 1024) /* bytes of content in a packed row, about ten minutes */

/* ---- headers ---------------------------------------------------------------------------------------------------- */

/* id, person, number, open, sealed */
static enum ob_err read_row(sqlite3_stmt *statement, const struct ob_key *key, struct ob_session_row *row_out)
{
    memset(row_out, 0, sizeof *row_out);
    if (!ob_db_column_id(statement, 0, &row_out->id) || !ob_db_column_id(statement, 1, &row_out->person))
        return OB_ERR_DAMAGED;
    row_out->number = (uint64_t)sqlite3_column_int64(statement, 2);
    const struct ob_row_name name = {.row = OB_ROW_SESSION, .session = row_out->id, .number = row_out->number};
    unsigned char *bytes = NULL;
    size_t size = 0;
    enum ob_err err = ob_store_unseal(statement, 4, key, &name, &bytes, &size);
    if (!err && !ob_session_row_decode(bytes, size, row_out))
        err = OB_ERR_DAMAGED;
    ob_store_drop(bytes, size);
    return err;
}

enum ob_err ob_store_sessions(struct ob_store *store, const struct ob_key *key, struct ob_session_row **rows_out,
                              size_t *count_out, size_t *damaged_out)
{
    ob_store_mend(store, key); /* what can't be mended now is shown as running */
    sqlite3_stmt *statement;
    int64_t expected = 0;
    enum ob_err err =
        ob_db_number(store->sql, "SELECT count(*) FROM session WHERE person = ?", ob_key_person(key), &expected);
    if (!err)
        err = ob_db_prepare(store->sql,
                            "SELECT id, person, number, open, sealed FROM session WHERE person = ?"
                            " ORDER BY number DESC",
                            &statement);
    if (err)
        return err;
    struct ob_session_row *rows = malloc(((size_t)expected + 1) * sizeof *rows);
    size_t count = 0, damaged = 0;
    int rc = SQLITE_NOMEM;
    ob_db_bind_id(statement, 1, ob_key_person(key));
    while (rows && (rc = sqlite3_step(statement)) == SQLITE_ROW && count < (size_t)expected) {
        if (read_row(statement, key, &rows[count]) == OB_OK)
            count++;
        else
            damaged++;
    }
    sqlite3_finalize(statement);
    err = ob_db_err(rc);
    if (err) {
        free(rows);
        return err;
    }
    *rows_out = rows;
    *count_out = count;
    if (damaged_out)
        *damaged_out = damaged;
    return OB_OK;
}

enum ob_err ob_store_session_get(struct ob_store *store, const struct ob_key *key, const struct ob_id *session,
                                 struct ob_session_row *row_out)
{
    sqlite3_stmt *statement;
    enum ob_err err = ob_db_prepare(
        store->sql, "SELECT id, person, number, open, sealed FROM session WHERE id = ? AND person = ?", &statement);
    if (err)
        return err;
    ob_db_bind_id(statement, 1, session);
    ob_db_bind_id(statement, 2, ob_key_person(key));
    const int rc = sqlite3_step(statement);
    err = rc == SQLITE_ROW ? read_row(statement, key, row_out) : rc == SQLITE_DONE ? OB_ERR_NOT_FOUND : ob_db_err(rc);
    sqlite3_finalize(statement);
    return err;
}

enum ob_err ob_store_session_person(struct ob_store *store, const struct ob_id *session, struct ob_id *person_out)
{
    sqlite3_stmt *statement;
    enum ob_err err = ob_db_prepare(store->sql, "SELECT person FROM session WHERE id = ?", &statement);
    if (err)
        return err;
    ob_db_bind_id(statement, 1, session);
    const int rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW)
        err = ob_db_column_id(statement, 0, person_out) ? OB_OK : OB_ERR_DAMAGED;
    else
        err = rc == SQLITE_DONE ? OB_ERR_NOT_FOUND : ob_db_err(rc);
    sqlite3_finalize(statement);
    return err;
}

enum ob_err ob_store_session_find(struct ob_store *store, const char *words, struct ob_id *session_out,
                                  struct ob_id *person_out, char *problem_out, size_t problem_size)
{
    char *end = NULL;
    const unsigned long long number = strtoull(words, &end, 10);
    sqlite3_stmt *statement;
    enum ob_err err =
        ob_db_prepare(store->sql, "SELECT id, person FROM session WHERE id = ?1 OR number = ?2", &statement);
    if (!err && ob_id_parse(words, session_out))
        ob_db_bind_id(statement, 1, session_out);
    else if (!err && *words >= '0' && *words <= '9' && *end == '\0')
        sqlite3_bind_int64(statement, 2, (sqlite3_int64)number);
    if (!err) {
        const int rc = sqlite3_step(statement);
        err = rc == SQLITE_DONE ? OB_ERR_NOT_FOUND : ob_db_err(rc);
        if (rc == SQLITE_ROW &&
            (!ob_db_column_id(statement, 0, session_out) || !ob_db_column_id(statement, 1, person_out)))
            err = OB_ERR_DAMAGED;
        sqlite3_finalize(statement);
    }
    if (err == OB_ERR_NOT_FOUND)
        snprintf(problem_out, problem_size, "no session with the number or id '%.40s' is kept here", words);
    else if (err)
        snprintf(problem_out, problem_size, "the sessions can't be read: %s", ob_err_text(err));
    return err;
}

enum ob_err ob_store_session_insert(sqlite3 *sql, const struct ob_key *key, const struct ob_session_row *row)
{
    unsigned char bytes[OB_SESSION_ROW_MAX];
    sqlite3_stmt *statement;
    enum ob_err err =
        ob_db_prepare(sql, "INSERT INTO session(id, person, number, open, sealed) VALUES (?, ?, ?, ?, ?)", &statement);
    if (err)
        return err;
    const struct ob_row_name name = {.row = OB_ROW_SESSION, .session = row->id, .number = row->number};
    const size_t size = ob_session_row_encode(row, bytes);
    ob_db_bind_id(statement, 1, &row->id);
    ob_db_bind_id(statement, 2, &row->person);
    sqlite3_bind_int64(statement, 3, (sqlite3_int64)row->number);
    sqlite3_bind_int(statement, 4, row->state == OB_SESSION_RUNNING);
    err = ob_store_bind_sealed(statement, 5, key, &name, bytes, size);
    if (!err)
        err = ob_db_finish(statement);
    else
        sqlite3_finalize(statement);
    sodium_memzero(bytes, sizeof bytes);
    return err;
}

static enum ob_err update(sqlite3 *sql, const struct ob_key *key, const struct ob_session_row *row)
{
    unsigned char bytes[OB_SESSION_ROW_MAX];
    sqlite3_stmt *statement;
    enum ob_err err = ob_db_prepare(sql, "UPDATE session SET open = ?, sealed = ? WHERE id = ?", &statement);
    if (err)
        return err;
    const struct ob_row_name name = {.row = OB_ROW_SESSION, .session = row->id, .number = row->number};
    const size_t size = ob_session_row_encode(row, bytes);
    sqlite3_bind_int(statement, 1, row->state == OB_SESSION_RUNNING);
    err = ob_store_bind_sealed(statement, 2, key, &name, bytes, size);
    ob_db_bind_id(statement, 3, &row->id);
    if (!err)
        err = ob_db_finish(statement);
    else
        sqlite3_finalize(statement);
    sodium_memzero(bytes, sizeof bytes);
    return err ? err : sqlite3_changes(sql) == 1 ? OB_OK : OB_ERR_NOT_FOUND;
}

enum ob_err ob_store_session_put(struct ob_store *store, const struct ob_key *key, const struct ob_session_row *row)
{
    struct ob_session_row kept;
    enum ob_err err = ob_store_session_get(store, key, &row->id, &kept);
    if (err)
        return err;
    if (row->checkin[0] > 11 || row->checkin[1] > 11)
        return OB_ERR_RANGE;
    memcpy(kept.posture, row->posture, sizeof kept.posture);
    kept.posture[sizeof kept.posture - 1] = '\0';
    kept.checkin[0] = row->checkin[0];
    kept.checkin[1] = row->checkin[1];
    return update(store->sql, key, &kept);
}

/* ---- contents --------------------------------------------------------------------------------------------------- */

/* Every payload of a session in order, packed ones first. take may be NULL. Numbers have to be without gaps. */
typedef enum ob_err take_payload(void *user, const unsigned char *bytes, size_t size);

static enum ob_err each_row(struct ob_store *store, const struct ob_key *key, const struct ob_id *session,
                            enum ob_row kind, take_payload *take, void *user)
{
    sqlite3_stmt *statement;
    enum ob_err err =
        ob_db_prepare(store->sql,
                      kind == OB_ROW_PACK ? "SELECT number, sealed FROM pack WHERE session = ? ORDER BY number"
                                          : "SELECT number, sealed FROM second WHERE session = ? ORDER BY number",
                      &statement);
    if (err)
        return err;
    ob_db_bind_id(statement, 1, session);
    enum ob_err first = OB_OK;
    uint64_t expected = 0;
    int rc;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
        const struct ob_row_name name = {
            .row = kind, .session = *session, .number = (uint64_t)sqlite3_column_int64(statement, 0)};
        unsigned char *bytes = NULL;
        size_t size = 0;
        err = ob_store_unseal(statement, 1, key, &name, &bytes, &size);
        if (!err)
            err = take(user, bytes, size);
        ob_store_drop(bytes, size);
        if (err == OB_ERR_NO_MEMORY || err == OB_ERR_RANGE) {
            first = err;
            break;
        }
        if ((err || name.number != expected) && !first)
            first = OB_ERR_DAMAGED;
        expected = name.number + 1;
    }
    sqlite3_finalize(statement);
    return first ? first : ob_db_err(rc);
}

static enum ob_err each_payload(struct ob_store *store, const struct ob_key *key, const struct ob_id *session,
                                take_payload *take, void *user)
{
    const enum ob_err packs = each_row(store, key, session, OB_ROW_PACK, take, user);
    if (packs && packs != OB_ERR_DAMAGED)
        return packs;
    const enum ob_err seconds = each_row(store, key, session, OB_ROW_SECOND, take, user);
    return packs ? packs : seconds;
}

static enum ob_err decode(void *user, const unsigned char *bytes, size_t size)
{
    return ob_recording_decode(user, bytes, size);
}

enum ob_err ob_store_session_load(struct ob_store *store, const struct ob_key *key, const struct ob_id *session,
                                  struct ob_recording *recording_out)
{
    struct ob_id person;
    const enum ob_err err = ob_store_session_person(store, session, &person);
    if (err)
        return err;
    return ob_id_equal(&person, ob_key_person(key)) ? each_payload(store, key, session, decode, recording_out)
                                                    : OB_ERR_NOT_FOUND;
}

/* ---- closing ---------------------------------------------------------------------------------------------------- */

static void summarise(const struct ob_recording *recording, struct ob_session_row *row)
{
    row->beats = recording->beat_count;
    row->corrected = 0;
    row->duration_s = 0.0;
    for (size_t i = 0; i < recording->beat_count; i++) {
        row->corrected += recording->beats[i].flag != OB_BEAT_NORMAL;
        row->duration_s = fmax(row->duration_s, ob_s_from_ns(recording->beats[i].time_ns));
    }
    for (size_t i = 0; i < recording->feature_count; i++)
        row->duration_s = fmax(row->duration_s, ob_s_from_ns(recording->features[i].time_ns));
    double *values = malloc((recording->feature_count + 1) * sizeof *values);
    for (int f = 0; f < OB_FEATURES; f++) {
        size_t n = 0;
        for (size_t i = 0; values && i < recording->feature_count; i++)
            if (!isnan(recording->features[i].values[f]))
                values[n++] = (double)recording->features[i].values[f];
        row->medians[f] = n > 0 && f != OB_FEATURE_PACER_PHASE_RAD ? ob_median(values, n) : (double)NAN;
    }
    free(values);
}

struct packer {
    sqlite3 *sql;
    const struct ob_key *key;
    const struct ob_id *session;
    uint64_t number;
    size_t used;
    unsigned char *bytes; /* PACK */
    struct ob_recording recording;
};

static enum ob_err take_packed(void *user, const unsigned char *bytes, size_t size)
{
    struct packer *p = user;
    p->number++;
    return ob_recording_decode(&p->recording, bytes, size);
}

static enum ob_err put_pack(struct packer *p)
{
    if (p->used == 0)
        return OB_OK;
    sqlite3_stmt *statement;
    enum ob_err err = ob_db_prepare(p->sql, "INSERT INTO pack(session, number, sealed) VALUES (?, ?, ?)", &statement);
    if (err)
        return err;
    const struct ob_row_name name = {.row = OB_ROW_PACK, .session = *p->session, .number = p->number};
    ob_db_bind_id(statement, 1, p->session);
    sqlite3_bind_int64(statement, 2, (sqlite3_int64)p->number++);
    err = ob_store_bind_sealed(statement, 3, p->key, &name, p->bytes, p->used);
    p->used = 0;
    if (!err)
        return ob_db_finish(statement);
    sqlite3_finalize(statement);
    return err;
}

static enum ob_err pack_payload(void *user, const unsigned char *bytes, size_t size)
{
    struct packer *p = user;
    const enum ob_err err = ob_recording_decode(&p->recording, bytes, size);
    if (err)
        return err;
    if (size > PACK)
        return OB_ERR_RANGE;
    if (p->used + size > PACK) {
        const enum ob_err put = put_pack(p);
        if (put)
            return put == OB_ERR_DAMAGED ? OB_ERR_RANGE : put;
    }
    memcpy(p->bytes + p->used, bytes, size);
    p->used += size;
    return OB_OK;
}

static enum ob_err pack_in_transaction(struct ob_store *store, const struct ob_key *key, struct ob_session_row *row)
{
    struct packer packer = {.sql = store->sql, .key = key, .session = &row->id, .bytes = malloc(PACK)};
    if (!packer.bytes)
        return OB_ERR_NO_MEMORY;
    /* Packed already, where only the word that it was has failed. */
    enum ob_err err = each_row(store, key, &row->id, OB_ROW_PACK, take_packed, &packer);
    if (!err)
        err = each_row(store, key, &row->id, OB_ROW_SECOND, pack_payload, &packer);
    /* Where a row does not open all stay as they are, and verify goes on telling of it. */
    const bool whole = !err;
    if (err == OB_ERR_DAMAGED)
        err = ob_db_run(store->sql, "ROLLBACK TO packing");
    else if (!err)
        err = put_pack(&packer);
    if (!err && whole) {
        sqlite3_stmt *statement;
        err = ob_db_prepare(store->sql, "DELETE FROM second WHERE session = ?", &statement);
        if (!err) {
            ob_db_bind_id(statement, 1, &row->id);
            err = ob_db_finish(statement);
        }
    }
    summarise(&packer.recording, row);
    ob_recording_finish(&packer.recording);
    ob_store_drop(packer.bytes, PACK);
    return err;
}

enum ob_err ob_store_session_close(struct ob_store *store, const struct ob_key *key, struct ob_session_row *row,
                                   enum ob_session_state state)
{
    enum ob_err err = ob_db_run(store->sql, "BEGIN IMMEDIATE; SAVEPOINT packing");
    if (err)
        return err;
    row->state = state;
    err = pack_in_transaction(store, key, row);
    if (!err)
        err = update(store->sql, key, row);
    if (!err)
        err = ob_db_run(store->sql, "COMMIT");
    if (err)
        ob_db_run(store->sql, "ROLLBACK");
    return err;
}

static enum ob_err mend_one(struct ob_store *store, const struct ob_key *key)
{
    sqlite3_stmt *statement;
    enum ob_err err = ob_db_prepare(
        store->sql, "SELECT id, person, number, open, sealed FROM session WHERE open = 1 AND person = ? LIMIT 1",
        &statement);
    if (err)
        return err;
    struct ob_session_row row;
    ob_db_bind_id(statement, 1, ob_key_person(key));
    const int rc = sqlite3_step(statement);
    err = rc == SQLITE_ROW ? read_row(statement, key, &row) : rc == SQLITE_DONE ? OB_ERR_EMPTY : ob_db_err(rc);
    sqlite3_finalize(statement);
    return err ? err : ob_store_session_close(store, key, &row, OB_SESSION_INTERRUPTED);
}

enum ob_err ob_store_mend(struct ob_store *store, const struct ob_key *key)
{
    int64_t open = 0;
    enum ob_err err = ob_db_number(store->sql, "SELECT count(*) FROM session WHERE open = 1 AND person = ?",
                                   ob_key_person(key), &open);
    if (err || open == 0)
        return err;
    char problem[300];
    const bool held = store->lock_fd >= 0;
    if (held && store->writing)
        return OB_OK;
    err = ob_store_lock(store, problem, sizeof problem);
    while (!err)
        err = mend_one(store, key);
    if (!held)
        ob_store_unlock(store);
    return err == OB_ERR_EMPTY ? OB_OK : err;
}

/* ---- import ----------------------------------------------------------------------------------------------------- */

static enum ob_err put_items(struct packer *p, const struct ob_recording *r)
{
    unsigned char record[OB_ITEM_MAX];
    size_t b = 0, f = 0, m = 0;
    enum ob_err err = OB_OK;
    while (!err && (b < r->beat_count || f < r->feature_count || m < r->mark_count)) {
        /* In the order of time, as a live session would have kept them. */
        const int64_t never = INT64_MAX;
        const int64_t beat = b < r->beat_count ? r->beats[b].time_ns : never;
        const int64_t row = f < r->feature_count ? r->features[f].time_ns : never;
        const int64_t mark = m < r->mark_count ? r->marks[m].time_ns : never;
        struct ob_item item = {0};
        if (b < r->beat_count && beat <= row && beat <= mark) {
            item.kind = OB_ITEM_BEAT;
            item.u.beat = r->beats[b++];
        } else if (f < r->feature_count && row <= mark) {
            item.kind = OB_ITEM_FEATURES;
            item.u.features = r->features[f++];
        } else if (m < r->mark_count) {
            item.kind = OB_ITEM_MARK;
            item.u.mark = r->marks[m++];
        } else {
            item.kind = OB_ITEM_FEATURES;
            item.u.features = r->features[f++];
        }
        const size_t size = ob_item_encode(&item, record);
        if (size == 0)
            err = OB_ERR_FORMAT;
        else if (p->used + size > PACK)
            err = put_pack(p);
        if (!err) {
            memcpy(p->bytes + p->used, record, size);
            p->used += size;
        }
    }
    sodium_memzero(record, sizeof record);
    return err ? err : put_pack(p);
}

enum ob_err ob_store_session_add(struct ob_store *store, const struct ob_key *key, struct ob_session_row *row,
                                 const struct ob_recording *recording, char *problem_out, size_t problem_size)
{
    enum ob_err err = ob_store_lock(store, problem_out, problem_size);
    if (err)
        return err;
    struct packer packer = {.sql = store->sql, .key = key, .session = &row->id, .bytes = malloc(PACK)};
    ob_id_make(&row->id);
    row->person = *ob_key_person(key);
    row->state = OB_SESSION_ENDED;
    summarise(recording, row);
    err = packer.bytes ? ob_store_change(store) : OB_ERR_NO_MEMORY;
    if (!err) {
        err = ob_store_count(store->sql, "session", &row->number);
        if (!err)
            err = ob_store_session_insert(store->sql, key, row);
        if (!err)
            err = put_items(&packer, recording);
        if (!err)
            err = ob_store_change_end(store, true);
        if (err)
            ob_store_change_end(store, false);
    }
    ob_store_drop(packer.bytes, PACK);
    if (err)
        snprintf(problem_out, problem_size, "the session can't be kept in %.200s: %s", store->folder, ob_err_text(err));
    return err;
}
