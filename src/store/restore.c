/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Restoring: unpack beside, check, mark as whole, move. A crash before the mark changes nothing; one behind it is
 * finished by whoever opens the folder next. */
#include "format/bytes.h"
#include "os/file.h"
#include "os/paths.h"
#include "store/backup.h"
#include "store/backup_inner.h"
#include "store/backup_stream.h"
#include "store/folder.h"
#include "store/inner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define STAGE "restore.new"
#define WHOLE "restore.new/whole"

/* ---- into its place --------------------------------------------------------------------------------------------- */

bool ob_restore_waits(const char *folder)
{
    char path[PATH_MAX];
    return ob_folder_join(folder, STAGE, path, sizeof path) == OB_OK && ob_paths_exists(path);
}

static enum ob_err move(const char *folder, const char *name, bool needed)
{
    char from[PATH_MAX], to[PATH_MAX];
    if ((size_t)snprintf(from, sizeof from, "%s/" STAGE "/%s", folder, name) >= sizeof from ||
        (size_t)snprintf(to, sizeof to, "%s/%s", folder, name) >= sizeof to)
        return OB_ERR_RANGE;
    if (!ob_paths_exists(from))
        return needed && !ob_paths_exists(to) ? OB_ERR_NOT_FOUND : OB_OK; /* moved before a crash */
    return rename(from, to) == 0 ? OB_OK : ob_err_from_errno(errno);
}

static enum ob_err move_keys(const char *folder)
{
    char from[PATH_MAX], to[PATH_MAX];
    enum ob_err err = ob_folder_join(folder, STAGE "/keys", from, sizeof from);
    if (!err)
        err = ob_folder_join(folder, "keys", to, sizeof to);
    if (err || !ob_paths_exists(from))
        return err;
    err = ob_folder_make(to);
    DIR *dir = err ? NULL : opendir(from);
    if (!err && !dir)
        err = ob_err_from_errno(errno);
    for (const struct dirent *entry; !err && (entry = readdir(dir)) != NULL;) {
        char name[300];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(name, sizeof name, "keys/%s", entry->d_name);
        err = move(folder, name, false);
    }
    if (dir)
        closedir(dir);
    ob_folder_sync(to);
    return err;
}

static enum ob_err drop_journal(const char *folder)
{
    static const char *const names[] = {"store.db-wal", "store.db-shm"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[PATH_MAX];
        const enum ob_err err = ob_folder_join(folder, names[i], path, sizeof path);
        if (err)
            return err;
        if (unlink(path) != 0 && errno != ENOENT)
            return ob_err_from_errno(errno);
    }
    return OB_OK;
}

/* The files of people are replaced as a whole: what is not in the backup goes. */
static enum ob_err move_people(const char *folder)
{
    char from[PATH_MAX], to[PATH_MAX];
    enum ob_err err = ob_folder_join(folder, STAGE "/people", from, sizeof from);
    if (!err)
        err = ob_folder_join(folder, "people", to, sizeof to);
    if (err || !ob_paths_exists(from))
        return err; /* moved before a crash: a backup always has the folder */
    err = ob_folder_remove(to);
    return err ? err : move(folder, "people", false);
}

enum ob_err ob_restore_finish(const char *folder)
{
    char stage[PATH_MAX], whole[PATH_MAX], fresh[PATH_MAX];
    enum ob_err err = ob_folder_join(folder, STAGE, stage, sizeof stage);
    if (!err)
        err = ob_folder_join(folder, WHOLE, whole, sizeof whole);
    if (!err)
        err = ob_folder_join(folder, STAGE "/store.db", fresh, sizeof fresh);
    if (err)
        return err;
    if (ob_paths_exists(whole)) {
        err = move_keys(folder);
        if (!err)
            err = move_people(folder);
        /* The journal belongs to the old database; as long as the new one is not in its place. */
        if (!err && ob_paths_exists(fresh))
            err = drop_journal(folder);
        if (!err)
            err = move(folder, "store.db", true);
        ob_folder_sync(folder);
        if (!err && unlink(whole) != 0)
            err = ob_err_from_errno(errno);
    }
    return err ? err : ob_folder_remove(stage);
}

/* ---- unpacking -------------------------------------------------------------------------------------------------- */

static enum ob_err unpack_file(struct ob_backup_reader *reader, const char *path, uint64_t size)
{
    const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return errno == EEXIST ? OB_ERR_DAMAGED : ob_err_from_errno(errno);
    unsigned char *bytes = malloc(65536);
    enum ob_err err = bytes ? OB_OK : OB_ERR_NO_MEMORY;
    while (!err && size > 0) {
        const size_t part = size < 65536 ? (size_t)size : 65536;
        err = ob_backup_take(reader, bytes, part);
        if (!err)
            err = ob_write_all(fd, bytes, part);
        size -= part;
    }
    if (!err && fsync(fd) != 0)
        err = ob_err_from_errno(errno);
    close(fd);
    if (bytes)
        explicit_bzero(bytes, 65536);
    free(bytes);
    return err;
}

enum ob_err ob_restore_unpack(struct ob_backup_reader *reader, const char *folder, struct ob_backup_report *report)
{
    bool database = false;
    for (;;) {
        unsigned char head[2], size[8];
        char name[256], path[PATH_MAX];
        enum ob_err err = ob_backup_take(reader, head, 1);
        if (err || head[0] == 0)
            return err ? err : database ? ob_backup_over(reader) : OB_ERR_DAMAGED;
        err = head[0] == 1 ? ob_backup_take(reader, head + 1, 1) : OB_ERR_DAMAGED;
        if (!err)
            err = ob_backup_take(reader, name, head[1]);
        if (!err)
            err = ob_backup_take(reader, size, sizeof size);
        if (err)
            return err;
        name[head[1]] = '\0';
        if (strlen(name) != head[1] || !ob_backup_name_is_fine(name))
            return OB_ERR_DAMAGED;
        err = ob_folder_join(folder, name, path, sizeof path);
        char *slash = strrchr(path, '/');
        if (!err && strchr(name, '/')) {
            *slash = '\0';
            err = ob_folder_make(path);
            *slash = '/';
        }
        if (!err)
            err = unpack_file(reader, path, ob_get_u64(size));
        if (err)
            return err;
        database |= strcmp(name, "store.db") == 0;
        report->files++;
        report->bytes += ob_get_u64(size);
    }
}

/* ---- checking --------------------------------------------------------------------------------------------------- */

static enum ob_err check_database(const char *stage, struct ob_backup_report *report)
{
    char path[PATH_MAX];
    sqlite3 *sql = NULL;
    int64_t application = 0, schema = 0, people = 0, sessions = 0;
    enum ob_err err = ob_folder_join(stage, "store.db", path, sizeof path);
    if (!err)
        err = ob_db_err(sqlite3_open_v2(path, &sql, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL));
    if (!err) {
        sqlite3_db_config(sql, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
        err = ob_db_run(sql, "PRAGMA trusted_schema = OFF");
    }
    if (!err)
        err = ob_db_number(sql, "PRAGMA application_id", NULL, &application);
    if (!err)
        err = ob_db_number(sql, "PRAGMA user_version", NULL, &schema);
    if (!err && application != OB_DB_APPLICATION)
        err = OB_ERR_DAMAGED;
    if (!err && schema > OB_STORE_SCHEMA)
        err = OB_ERR_NEWER;
    sqlite3_stmt *statement = NULL;
    if (!err)
        err = ob_db_prepare(sql, "PRAGMA integrity_check(1)", &statement);
    if (!err) {
        const bool row = sqlite3_step(statement) == SQLITE_ROW;
        const char *said = row ? (const char *)sqlite3_column_text(statement, 0) : NULL;
        if (!said || strcmp(said, "ok") != 0)
            err = OB_ERR_DAMAGED;
    }
    sqlite3_finalize(statement);
    if (!err)
        err = ob_db_number(sql, "SELECT count(*) FROM person", NULL, &people);
    if (!err)
        err = ob_db_number(sql, "SELECT count(*) FROM session", NULL, &sessions);
    report->people = (uint64_t)people;
    report->sessions = (uint64_t)sessions;
    sqlite3_close(sql);
    return err == OB_ERR_FORMAT ? OB_ERR_DAMAGED : err;
}

static enum ob_err prepare(const char *folder, const char *path, const char *passphrase, size_t passphrase_size,
                           struct ob_backup_report *report)
{
    char stage[PATH_MAX], inner[PATH_MAX];
    struct ob_backup_reader *reader = NULL;
    enum ob_err err = ob_backup_reader_open(path, passphrase, passphrase_size, &reader, &report->sealed);
    if (err)
        return err;
    err = ob_folder_join(folder, STAGE, stage, sizeof stage);
    if (!err)
        err = ob_folder_remove(stage);
    if (!err)
        err = ob_folder_make(stage);
    if (!err)
        err = ob_folder_join(stage, "people", inner, sizeof inner);
    if (!err)
        err = ob_folder_make(inner);
    if (!err)
        err = ob_restore_unpack(reader, stage, report);
    ob_backup_reader_close(reader);
    if (!err)
        err = check_database(stage, report);
    if (!err) {
        err = ob_folder_join(folder, WHOLE, inner, sizeof inner);
        const int fd = err ? -1 : open(inner, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (fd < 0 || fsync(fd) != 0)
            err = err ? err : ob_err_from_errno(errno);
        if (fd >= 0)
            close(fd);
        ob_folder_sync(stage);
        ob_folder_sync(folder);
    }
    if (err)
        ob_folder_remove(stage);
    return err;
}

enum ob_err ob_backup_sealed(const char *path, bool *sealed_out)
{
    struct ob_backup_reader *reader = NULL;
    const enum ob_err err = ob_backup_reader_open(path, NULL, 0, &reader, sealed_out);
    ob_backup_reader_close(reader);
    return err == OB_ERR_NO_KEY ? OB_OK : err;
}

static const char *sentence_of(enum ob_err err)
{
    switch (err) {
    case OB_ERR_TRUNCATED:
        return "it ends too early: a part of it is missing";
    case OB_ERR_FORMAT:
        return "it is no backup of Outbreath";
    case OB_ERR_KEY:
        return "the passphrase does not fit, or it is damaged";
    default:
        return ob_err_text(err);
    }
}

enum ob_err ob_store_restore(const char *folder, const char *path, const char *passphrase, size_t passphrase_size,
                             struct ob_backup_report *report_out, char *problem_out, size_t problem_size)
{
    char lock[PATH_MAX];
    memset(report_out, 0, sizeof *report_out);
    enum ob_err err = ob_folder_make(folder);
    if (!err)
        err = ob_folder_join(folder, "lock", lock, sizeof lock);
    const int fd = err ? -1 : open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (!err && fd < 0)
        err = ob_err_from_errno(errno);
    if (!err && flock(fd, LOCK_EX | LOCK_NB) != 0)
        err = OB_ERR_BUSY;
    if (!err && ob_restore_waits(folder)) /* of an earlier one that did not come to its end */
        err = ob_restore_finish(folder);
    bool ready = false;
    if (!err) {
        err = prepare(folder, path, passphrase, passphrase_size, report_out);
        ready = !err;
    }
    if (!err)
        err = ob_restore_finish(folder);
    if (fd >= 0)
        close(fd);
    if (err && ready)
        snprintf(problem_out, problem_size,
                 "the backup is sound, but not all of it could be put into its place (%s); the "
                 "next start tries again",
                 ob_err_text(err));
    else if (err)
        snprintf(problem_out, problem_size, "%.200s was not restored: %s; nothing was changed", path, sentence_of(err));
    return err;
}
