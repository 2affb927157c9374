/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The folder: opening, closing, the lock, and what happens to a database that is none. */
#include "store/store.h"

#include "base/log.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/paths.h"
#include "store/backup_inner.h"
#include "store/folder.h"
#include "store/inner.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum ob_err ob_store_folder(const char *wanted, char *path_out, size_t size)
{
    const char *folder = wanted && *wanted ? wanted : getenv("OUTBREATH_DATA");
    if (folder && *folder)
        return (size_t)snprintf(path_out, size, "%s", folder) < size ? OB_OK : OB_ERR_RANGE;
    return ob_paths_user_data(path_out, size);
}

static enum ob_err refuse(enum ob_err err, char *problem_out, size_t problem_size, const char *sentence,
                          const char *what)
{
    snprintf(problem_out, problem_size, sentence, what, ob_err_text(err));
    return err;
}

/* ---- the lock --------------------------------------------------------------------------------------------------- */

static enum ob_err take_lock(struct ob_store *store)
{
    if (store->lock_fd >= 0)
        return OB_OK;
    char path[PATH_MAX];
    enum ob_err err = ob_folder_join(store->folder, "lock", path, sizeof path);
    if (err)
        return err;
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return ob_err_from_errno(errno);
    /* The kernel gives it back however the program ends. */
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        err = errno == EWOULDBLOCK ? OB_ERR_BUSY : ob_err_from_errno(errno);
        close(fd);
        return err;
    }
    /* What was restored or set aside since it was opened would take changes that nobody ever sees again. */
    struct stat status;
    if (store->sql &&
        (stat(store->path, &status) != 0 || status.st_dev != store->device || status.st_ino != store->inode)) {
        close(fd);
        return OB_ERR_IO;
    }
    store->lock_fd = fd;
    return OB_OK;
}

enum ob_err ob_store_lock(struct ob_store *store, char *problem_out, size_t problem_size)
{
    const enum ob_err err = take_lock(store);
    if (err == OB_ERR_BUSY)
        return refuse(err, problem_out, problem_size, "another Outbreath keeps a session in %s now; end that one first",
                      store->folder);
    if (err)
        return refuse(err, problem_out, problem_size, "nothing can be written to %s: %s", store->folder);
    return OB_OK;
}

void ob_store_unlock(struct ob_store *store)
{
    if (store->lock_fd >= 0)
        close(store->lock_fd);
    store->lock_fd = -1;
}

/* ---- damage ----------------------------------------------------------------------------------------------------- */

enum ob_err ob_store_set_aside(const char *path, char *name_out, size_t size)
{
    const time_t now = (time_t)(ob_clock_wall_ns() / 1000000000);
    struct tm utc;
    char stamp[32];
    gmtime_r(&now, &utc);
    strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &utc);
    for (int attempt = 0; attempt < 100; attempt++) {
        char aside[PATH_MAX];
        const int length = attempt ? snprintf(aside, sizeof aside, "%s.damaged-%s-%d", path, stamp, attempt)
                                   : snprintf(aside, sizeof aside, "%s.damaged-%s", path, stamp);
        if (length < 0 || (size_t)length + 8 >= sizeof aside)
            return OB_ERR_RANGE;
        if (ob_paths_exists(aside))
            continue;
        static const char *const parts[] = {"-wal", "-shm", ""};
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            char from[PATH_MAX + 8], to[PATH_MAX + 8];
            snprintf(from, sizeof from, "%s%s", path, parts[i]);
            snprintf(to, sizeof to, "%s%s", aside, parts[i]);
            if (rename(from, to) != 0 && errno != ENOENT)
                return ob_err_from_errno(errno);
        }
        const char *slash = strrchr(aside, '/');
        snprintf(name_out, size, "%s", slash ? slash + 1 : aside);
        return OB_OK;
    }
    return OB_ERR_IO;
}

static enum ob_err begin_anew(struct ob_store *store, int *schema_out)
{
    const bool held = store->lock_fd >= 0;
    char name[128] = "";
    enum ob_err err = take_lock(store);
    if (!err) { /* another program may have been first, and its new one is sound */
        err = ob_db_open(store->path, store->vfs[0] ? store->vfs : NULL, &store->sql, schema_out);
        if (err != OB_ERR_DAMAGED) {
            if (!held)
                ob_store_unlock(store);
            return err;
        }
        err = ob_store_set_aside(store->path, name, sizeof name);
    }
    if (!err) {
        snprintf(store->notice, sizeof store->notice,
                 "The store of sessions was damaged. It was set aside as %s, and a new one begins.", name);
        ob_log(OB_LOG_WARNING, "%s", store->notice);
        err = ob_db_open(store->path, store->vfs[0] ? store->vfs : NULL, &store->sql, schema_out);
    }
    if (!held)
        ob_store_unlock(store);
    return err;
}

/* ---- opening ---------------------------------------------------------------------------------------------------- */

static enum ob_err open_folder(struct ob_store *store, const struct ob_store_desc *desc)
{
    enum ob_err err = ob_store_folder(desc->folder, store->folder, sizeof store->folder);
    if (!err)
        err = ob_folder_join(store->folder, "store.db", store->path, sizeof store->path);
    if (err)
        return err;
    if (desc->vfs)
        snprintf(store->vfs, sizeof store->vfs, "%s", desc->vfs);
    if (ob_restore_waits(store->folder) && take_lock(store) == OB_OK) {
        err = ob_restore_finish(store->folder);
        ob_store_unlock(store);
        if (err)
            return err;
    }
    if (desc->existing)
        return ob_paths_exists(store->path) ? OB_OK : OB_ERR_EMPTY;
    return ob_folder_make(store->folder);
}

enum ob_err ob_store_open(const struct ob_store_desc *desc, struct ob_store **store_out, char *problem_out,
                          size_t problem_size)
{
    struct ob_store *store = calloc(1, sizeof *store);
    if (!store || sodium_init() < 0) {
        free(store);
        return refuse(OB_ERR_NO_MEMORY, problem_out, problem_size, "the store can't be opened%s: %s", "");
    }
    store->lock_fd = -1;
    int schema = 0;
    enum ob_err err = open_folder(store, desc);
    if (!err)
        err = ob_db_open(store->path, store->vfs[0] ? store->vfs : NULL, &store->sql, &schema);
    if (err == OB_ERR_DAMAGED)
        err = begin_anew(store, &schema);
    switch (err) {
    case OB_OK: {
        struct stat status;
        if (stat(store->path, &status) == 0) {
            store->device = status.st_dev;
            store->inode = status.st_ino;
        }
        ob_store_resume_forgetting(store);
        *store_out = store;
        return OB_OK;
    }
    case OB_ERR_EMPTY:
        refuse(err, problem_out, problem_size, "nothing is kept in %s yet", store->folder);
        break;
    case OB_ERR_NEWER:
        snprintf(
            problem_out, problem_size,
            "what is kept in %.200s was written by a newer Outbreath (form %d, this one knows %d); it was left alone",
            store->folder, schema, OB_STORE_SCHEMA);
        break;
    case OB_ERR_PERMISSION:
        refuse(err, problem_out, problem_size, "%s can't be read and written by you: %s", store->folder);
        break;
    case OB_ERR_DISK_FULL:
        refuse(err, problem_out, problem_size, "the disk of %s is full", store->folder);
        break;
    case OB_ERR_BUSY:
        refuse(err, problem_out, problem_size, "%s is in use by another Outbreath; try again in a moment",
               store->folder);
        break;
    default:
        refuse(err, problem_out, problem_size, "%s can't be opened: %s", store->folder);
        break;
    }
    ob_store_close(store);
    return err;
}

void ob_store_close(struct ob_store *store)
{
    if (!store)
        return;
    sqlite3_close(store->sql);
    ob_store_unlock(store);
    free(store);
}

const char *ob_store_notice(const struct ob_store *store)
{
    return store->notice;
}

const char *ob_store_path(const struct ob_store *store)
{
    return store->folder;
}

/* ---- sealed columns --------------------------------------------------------------------------------------------- */

enum ob_err ob_store_count(sqlite3 *sql, const char *counter, uint64_t *number_out)
{
    sqlite3_stmt *statement;
    const enum ob_err err =
        ob_db_prepare(sql, "UPDATE counter SET value = value + 1 WHERE name = ? RETURNING value", &statement);
    if (err)
        return err;
    sqlite3_bind_text(statement, 1, counter, -1, SQLITE_STATIC);
    int rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW) {
        *number_out = (uint64_t)sqlite3_column_int64(statement, 0);
        rc = sqlite3_step(statement);
    } else if (rc == SQLITE_DONE)
        rc = SQLITE_CORRUPT;
    sqlite3_finalize(statement);
    return ob_db_err(rc);
}

void ob_store_drop(unsigned char *bytes, size_t size)
{
    if (bytes)
        sodium_memzero(bytes, size);
    free(bytes);
}

enum ob_err ob_store_unseal(sqlite3_stmt *statement, int column, const struct ob_key *key,
                            const struct ob_row_name *name, unsigned char **bytes_out, size_t *size_out)
{
    const unsigned char *sealed = sqlite3_column_blob(statement, column);
    const int size = sqlite3_column_bytes(statement, column);
    if (!sealed || size <= 0)
        return OB_ERR_DAMAGED;
    unsigned char *bytes = malloc((size_t)size);
    if (!bytes)
        return OB_ERR_NO_MEMORY;
    const enum ob_err err = ob_unseal_row(key, name, sealed, (size_t)size, bytes, size_out);
    if (err)
        free(bytes);
    else
        *bytes_out = bytes;
    return err;
}

enum ob_err ob_store_bind_sealed(sqlite3_stmt *statement, int index, const struct ob_key *key,
                                 const struct ob_row_name *name, const void *bytes, size_t size)
{
    unsigned char *sealed = sqlite3_malloc64(size + OB_SEAL_EXTRA);
    if (!sealed)
        return OB_ERR_NO_MEMORY;
    const size_t length = ob_seal_row(key, name, bytes, size, sealed);
    return ob_db_err(sqlite3_bind_blob64(statement, index, sealed, length, sqlite3_free));
}

enum ob_err ob_store_empty_journal(struct ob_store *store)
{
    enum ob_err err = OB_ERR_BUSY;
    for (int attempt = 0; attempt < 2 && err == OB_ERR_BUSY; attempt++) {
        int left = 0, done = 0;
        err = ob_db_err(sqlite3_wal_checkpoint_v2(store->sql, NULL, SQLITE_CHECKPOINT_TRUNCATE, &left, &done));
    }
    return err;
}

enum ob_err ob_store_change(struct ob_store *store)
{
    return ob_db_run(store->sql, store->batch ? "SAVEPOINT change" : "BEGIN IMMEDIATE");
}

enum ob_err ob_store_change_end(struct ob_store *store, bool keep)
{
    if (store->batch)
        return ob_db_run(store->sql, keep ? "RELEASE change" : "ROLLBACK TO change; RELEASE change");
    return ob_db_run(store->sql, keep ? "COMMIT" : "ROLLBACK");
}

enum ob_err ob_store_batch(struct ob_store *store, char *problem_out, size_t problem_size)
{
    enum ob_err err = ob_store_lock(store, problem_out, problem_size);
    if (err)
        return err;
    err = ob_db_run(store->sql, "BEGIN IMMEDIATE");
    store->batch = !err;
    if (err)
        snprintf(problem_out, problem_size, "nothing can be changed in %.200s: %s", store->folder, ob_err_text(err));
    return err;
}

enum ob_err ob_store_batch_end(struct ob_store *store, bool keep, char *problem_out, size_t problem_size)
{
    store->batch = false;
    const enum ob_err err = ob_db_run(store->sql, keep ? "COMMIT" : "ROLLBACK");
    if (err) {
        ob_db_run(store->sql, "ROLLBACK");
        snprintf(problem_out, problem_size, "nothing was changed in %.200s: %s", store->folder, ob_err_text(err));
    }
    return err;
}
