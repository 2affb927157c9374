/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/db.h"

#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum ob_err ob_db_err(int rc)
{
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return OB_OK;
    case SQLITE_NOMEM:
        return OB_ERR_NO_MEMORY;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return OB_ERR_BUSY;
    case SQLITE_FULL:
        return OB_ERR_DISK_FULL;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
        return OB_ERR_PERMISSION;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return OB_ERR_DAMAGED;
    case SQLITE_ERROR: /* a table is not there, or may not hold this */
    case SQLITE_MISMATCH:
    case SQLITE_CONSTRAINT:
        return OB_ERR_FORMAT;
    default:
        return OB_ERR_IO;
    }
}

enum ob_err ob_db_run(sqlite3 *sql, const char *text)
{
    return ob_db_err(sqlite3_exec(sql, text, NULL, NULL, NULL));
}

enum ob_err ob_db_prepare(sqlite3 *sql, const char *text, sqlite3_stmt **statement_out)
{
    *statement_out = NULL;
    return ob_db_err(sqlite3_prepare_v2(sql, text, -1, statement_out, NULL));
}

enum ob_err ob_db_finish(sqlite3_stmt *statement)
{
    int rc = sqlite3_step(statement);
    const int last = sqlite3_finalize(statement);
    if (rc == SQLITE_ROW)
        rc = last;
    return ob_db_err(rc);
}

void ob_db_bind_id(sqlite3_stmt *statement, int index, const struct ob_id *id)
{
    sqlite3_bind_blob(statement, index, id->bytes, sizeof id->bytes, SQLITE_TRANSIENT);
}

bool ob_db_column_id(sqlite3_stmt *statement, int index, struct ob_id *id_out)
{
    const void *bytes = sqlite3_column_blob(statement, index);
    if (!bytes || sqlite3_column_bytes(statement, index) != OB_ID_BYTES)
        return false;
    memcpy(id_out->bytes, bytes, OB_ID_BYTES);
    return true;
}

enum ob_err ob_db_number(sqlite3 *sql, const char *text, const struct ob_id *id, int64_t *number_out)
{
    sqlite3_stmt *statement;
    const enum ob_err err = ob_db_prepare(sql, text, &statement);
    if (err)
        return err;
    if (id)
        ob_db_bind_id(statement, 1, id);
    const int rc = sqlite3_step(statement);
    if (rc == SQLITE_ROW)
        *number_out = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return rc == SQLITE_DONE ? OB_ERR_NOT_FOUND : ob_db_err(rc);
}

static enum ob_err set_up(sqlite3 *sql)
{
    /* The journal stays when the last connection closes: emptying it is done where it can fail visibly. */
    sqlite3_db_config(sql, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)NULL);
    sqlite3_db_config(sql, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
    sqlite3_extended_result_codes(sql, 1);
    sqlite3_busy_timeout(sql, 5000);
    return ob_db_run(sql, "PRAGMA trusted_schema = OFF;"
                          "PRAGMA cell_size_check = ON;"
                          "PRAGMA temp_store = MEMORY;" /* nothing goes to /var/tmp */
                          "PRAGMA foreign_keys = ON;"
                          "PRAGMA secure_delete = ON;"
                          "PRAGMA synchronous = FULL;"
                          "PRAGMA journal_mode = WAL;");
}

enum ob_err ob_db_open(const char *path, const char *vfs, sqlite3 **sql_out, int *schema_out)
{
    sqlite3 *sql = NULL;
    *schema_out = 0;
    /* Made here and not by SQLite, which would let others read it; its journal takes the mode after it. One that exists
     * is not opened here: closing it again would drop the locks that other connections of this program hold on it. */
    const int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    const bool exists = fd < 0 && (errno == EEXIST || access(path, F_OK) == 0);
    if (fd < 0 && !exists)
        return ob_err_from_errno(errno);
    if (fd >= 0)
        close(fd);
    const bool writable = access(path, W_OK) == 0;
    const int flags = (writable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX;
    enum ob_err err = ob_db_err(sqlite3_open_v2(path, &sql, flags, vfs));
    if (!err)
        err = set_up(sql);
    if (!err)
        err = ob_migrate(sql, schema_out);
    if (err) {
        sqlite3_close(sql);
        return err;
    }
    *sql_out = sql;
    return OB_OK;
}

enum ob_err ob_db_rewrite_journal(const char *path, const char *vfs_name)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find(vfs_name);
    char journal[PATH_MAX];
    if (!vfs || (size_t)snprintf(journal, sizeof journal, "%s-wal", path) >= sizeof journal)
        return OB_ERR_RANGE;
    int exists = 0;
    if (vfs->xAccess(vfs, journal, SQLITE_ACCESS_EXISTS, &exists) != SQLITE_OK || !exists)
        return OB_OK;
    const char *name = sqlite3_create_filename(path, journal, journal, 0, NULL);
    sqlite3_file *file = calloc(1, (size_t)vfs->szOsFile);
    unsigned char *page = malloc(1 << 16);
    enum ob_err err = name && file && page ? OB_OK : OB_ERR_NO_MEMORY;
    if (!err)
        err =
            ob_db_err(vfs->xOpen(vfs, sqlite3_filename_wal(name), file, SQLITE_OPEN_READWRITE | SQLITE_OPEN_WAL, NULL));
    if (!err) {
        sqlite3_int64 size = 0;
        int rc = file->pMethods->xFileSize(file, &size);
        for (sqlite3_int64 at = 0; rc == SQLITE_OK && at < size;) {
            const int part = size - at < 1 << 16 ? (int)(size - at) : 1 << 16;
            rc = file->pMethods->xRead(file, page, part, at);
            if (rc == SQLITE_OK)
                rc = file->pMethods->xWrite(file, page, part, at);
            at += part;
        }
        if (rc == SQLITE_OK)
            rc = file->pMethods->xSync(file, SQLITE_SYNC_FULL);
        file->pMethods->xClose(file);
        err = ob_db_err(rc);
    }
    free(page);
    free(file);
    sqlite3_free_filename(name);
    return err;
}
