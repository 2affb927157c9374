/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/folder.h"
#include "store/inner.h"

#include "os/clock.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum ob_err ob_store_people(struct ob_store *store, struct ob_person_row **rows_out, size_t *count_out)
{
    sqlite3_stmt *statement;
    enum ob_err err = ob_db_prepare(store->sql,
                                    "SELECT id, number, (SELECT count(*) FROM session WHERE person = person.id)"
                                    " FROM person ORDER BY number",
                                    &statement);
    if (err)
        return err;
    struct ob_person_row *rows = NULL;
    size_t count = 0, room = 0;
    int rc;
    while (!err && (rc = sqlite3_step(statement)) == SQLITE_ROW) {
        if (count == room) {
            room = room ? 2 * room : 16;
            struct ob_person_row *larger = realloc(rows, room * sizeof *rows);
            if (!larger) {
                err = OB_ERR_NO_MEMORY;
                break;
            }
            rows = larger;
        }
        struct ob_person_row *row = &rows[count++];
        memset(row, 0, sizeof *row);
        if (!ob_db_column_id(statement, 0, &row->id))
            err = OB_ERR_DAMAGED;
        row->number = (uint64_t)sqlite3_column_int64(statement, 1);
        row->sessions = (uint64_t)sqlite3_column_int64(statement, 2);
        ob_key_lock(store->folder, &row->id, &row->lock);
    }
    if (!err)
        err = ob_db_err(rc);
    sqlite3_finalize(statement);
    if (err) {
        free(rows);
        return err;
    }
    *rows_out = rows;
    *count_out = count;
    return OB_OK;
}

/* ---- the record ------------------------------------------------------------------------------------------------- */

static enum ob_err write_person(struct ob_store *store, const struct ob_key *key, const struct ob_person_record *record,
                                const char *text, uint64_t number)
{
    unsigned char *bytes = malloc(OB_PERSON_RECORD_MAX);
    sqlite3_stmt *statement;
    enum ob_err err = bytes ? ob_db_prepare(store->sql, text, &statement) : OB_ERR_NO_MEMORY;
    if (err) {
        free(bytes);
        return err;
    }
    const struct ob_row_name name = {.row = OB_ROW_PERSON};
    const size_t size = ob_person_record_encode(record, bytes);
    err = ob_store_bind_sealed(statement, 1, key, &name, bytes, size);
    ob_db_bind_id(statement, 2, ob_key_person(key));
    if (number > 0)
        sqlite3_bind_int64(statement, 3, (sqlite3_int64)number);
    if (err)
        sqlite3_finalize(statement);
    else
        err = ob_db_finish(statement);
    ob_store_drop(bytes, OB_PERSON_RECORD_MAX);
    return err;
}

enum ob_err ob_store_person_restore(struct ob_store *store, const struct ob_key *key,
                                    const struct ob_person_record *record)
{
    uint64_t number = 0;
    enum ob_err err = ob_store_change(store);
    if (err)
        return err;
    err = ob_store_count(store->sql, "person", &number);
    if (!err)
        err = write_person(store, key, record, "INSERT INTO person(sealed, id, number) VALUES (?, ?, ?)", number);
    if (!err)
        err = ob_store_change_end(store, true);
    if (err)
        ob_store_change_end(store, false);
    return err;
}

enum ob_err ob_store_person_add(struct ob_store *store, const struct ob_person_record *record, enum ob_lock lock,
                                const char *passphrase, size_t passphrase_size, struct ob_id *id_out,
                                struct ob_key **key_out, char *problem_out, size_t problem_size)
{
    enum ob_err err = ob_person_record_check(record, problem_out, problem_size);
    if (!err)
        err = ob_store_lock(store, problem_out, problem_size);
    if (err)
        return err;
    struct ob_id id;
    struct ob_key *key = NULL;
    ob_id_make(&id);
    problem_out[0] = '\0';
    err = ob_key_create(&id, &key);
    /* The key first: a row whose key never reached the disk would be lost, a key without a row is only untidy. */
    if (!err)
        err = ob_key_save(key, store->folder, lock, passphrase, passphrase_size, problem_out, problem_size);
    if (!err) {
        err = ob_store_person_restore(store, key, record);
        if (err)
            ob_key_shred(store->folder, &id);
    }
    if (err && !problem_out[0])
        snprintf(problem_out, problem_size, "the person can't be kept in %.200s: %s", store->folder, ob_err_text(err));
    if (!err && id_out)
        *id_out = id;
    if (!err && key_out)
        *key_out = key;
    else
        ob_key_destroy(key);
    return err;
}

enum ob_err ob_store_person_put(struct ob_store *store, const struct ob_key *key, const struct ob_person_record *record,
                                char *problem_out, size_t problem_size)
{
    enum ob_err err = ob_person_record_check(record, problem_out, problem_size);
    if (err)
        return err;
    err = write_person(store, key, record, "UPDATE person SET sealed = ? WHERE id = ?", 0);
    if (!err && sqlite3_changes(store->sql) == 0)
        err = OB_ERR_NOT_FOUND;
    if (err)
        snprintf(problem_out, problem_size, "the person can't be changed in %.200s: %s", store->folder,
                 ob_err_text(err));
    return err;
}

enum ob_err ob_store_person_get(struct ob_store *store, const struct ob_key *key, struct ob_person_record *record_out)
{
    sqlite3_stmt *statement;
    enum ob_err err = ob_db_prepare(store->sql, "SELECT sealed FROM person WHERE id = ?", &statement);
    if (err)
        return err;
    ob_db_bind_id(statement, 1, ob_key_person(key));
    const int rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW) {
        const struct ob_row_name name = {.row = OB_ROW_PERSON};
        unsigned char *bytes = NULL;
        size_t size = 0;
        err = ob_store_unseal(statement, 0, key, &name, &bytes, &size);
        if (!err && !ob_person_record_decode(bytes, size, record_out))
            err = OB_ERR_DAMAGED;
        ob_store_drop(bytes, size);
    } else
        err = rc == SQLITE_DONE ? OB_ERR_NOT_FOUND : ob_db_err(rc);
    sqlite3_finalize(statement);
    return err;
}

/* ---- finding ---------------------------------------------------------------------------------------------------- */

/* The name of somebody whose key opens by itself; false else. */
static bool name_of(struct ob_store *store, const struct ob_person_row *row, struct ob_person_record *record)
{
    char problem[160];
    struct ob_key *key = NULL;
    if (row->lock == OB_LOCK_PASSPHRASE ||
        ob_key_load(store->folder, &row->id, NULL, 0, &key, problem, sizeof problem) != OB_OK)
        return false;
    const bool read = ob_store_person_get(store, key, record) == OB_OK;
    ob_key_destroy(key);
    return read;
}

enum ob_err ob_store_person_find(struct ob_store *store, const char *words, struct ob_person_row *row_out,
                                 char *problem_out, size_t problem_size)
{
    struct ob_person_row *rows = NULL;
    size_t count = 0, hits = 0, locked = 0;
    enum ob_err err = ob_store_people(store, &rows, &count);
    struct ob_person_record *record = calloc(1, sizeof *record);
    if (!err && !record)
        err = OB_ERR_NO_MEMORY;
    struct ob_id id;
    const bool is_id = ob_id_parse(words, &id);
    char *end = NULL;
    const unsigned long long number = strtoull(words, &end, 10);
    const bool is_number = *words >= '0' && *words <= '9' && *end == '\0';
    for (size_t i = 0; !err && i < count; i++) {
        locked += rows[i].lock == OB_LOCK_PASSPHRASE;
        if ((is_id && ob_id_equal(&id, &rows[i].id)) || (is_number && rows[i].number == number)) {
            *row_out = rows[i];
            hits = 1;
            break;
        }
    }
    for (size_t i = 0; !err && !hits && i < count; i++)
        if (name_of(store, &rows[i], record) && strcmp(record->name, words) == 0) {
            *row_out = rows[i];
            if (++hits > 1)
                break;
        }
    if (record)
        sodium_memzero(record, sizeof *record);
    free(record);
    free(rows);
    if (err)
        snprintf(problem_out, problem_size, "the people can't be read: %s", ob_err_text(err));
    else if (hits == 0) {
        snprintf(problem_out, problem_size, "nobody called '%.60s' is kept here%s", words,
                 locked ? "; who is locked by a passphrase is found by number or id ('outbreath people')" : "");
        err = OB_ERR_NOT_FOUND;
    } else if (hits > 1) {
        snprintf(problem_out, problem_size, "several people are called '%.60s': say the number or id", words);
        err = OB_ERR_RANGE;
    }
    return err;
}

enum ob_err ob_store_person_folder(struct ob_store *store, const struct ob_id *person, char *path_out, size_t size)
{
    char id[OB_ID_TEXT], people[PATH_MAX];
    ob_id_text(person, id);
    enum ob_err err = ob_folder_join(store->folder, "people", people, sizeof people);
    if (!err)
        err = ob_folder_make(people);
    if (!err)
        err = ob_folder_join(people, id, path_out, size);
    return err ? err : ob_folder_make(path_out);
}

/* ---- blobs ------------------------------------------------------------------------------------------------------ */

enum ob_err ob_store_blob_get(struct ob_store *store, const struct ob_key *key, enum ob_blob kind,
                              unsigned char **bytes_out, size_t *size_out)
{
    sqlite3_stmt *statement;
    enum ob_err err = ob_db_prepare(store->sql, "SELECT sealed FROM blob WHERE person = ? AND kind = ?", &statement);
    if (err)
        return err;
    ob_db_bind_id(statement, 1, ob_key_person(key));
    sqlite3_bind_int(statement, 2, (int)kind);
    const int rc = sqlite3_step(statement);
    const struct ob_row_name name = {.row = OB_ROW_BLOB, .number = kind};
    if (rc == SQLITE_ROW)
        err = ob_store_unseal(statement, 0, key, &name, bytes_out, size_out);
    else
        err = rc == SQLITE_DONE ? OB_ERR_NOT_FOUND : ob_db_err(rc);
    sqlite3_finalize(statement);
    return err;
}

enum ob_err ob_store_blob_put(struct ob_store *store, const struct ob_key *key, enum ob_blob kind, const void *bytes,
                              size_t size)
{
    if (size > OB_BLOB_MAX || kind <= 0 || kind >= OB_BLOBS)
        return OB_ERR_RANGE;
    sqlite3_stmt *statement;
    enum ob_err err = ob_db_prepare(store->sql,
                                    "INSERT INTO blob(person, kind, sealed) VALUES (?, ?, ?)"
                                    " ON CONFLICT(person, kind) DO UPDATE SET sealed = excluded.sealed",
                                    &statement);
    if (err)
        return err;
    const struct ob_row_name name = {.row = OB_ROW_BLOB, .number = kind};
    ob_db_bind_id(statement, 1, ob_key_person(key));
    sqlite3_bind_int(statement, 2, (int)kind);
    err = ob_store_bind_sealed(statement, 3, key, &name, bytes, size);
    if (err) {
        sqlite3_finalize(statement);
        return err;
    }
    return ob_db_finish(statement);
}
