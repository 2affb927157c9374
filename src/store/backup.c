/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a backup. Restoring is in restore.c. */
#include "store/backup.h"

#include "format/bytes.h"
#include "os/file.h"
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

bool ob_backup_name_is_fine(const char *name)
{
    char id[OB_ID_TEXT];
    struct ob_id parsed;
    if (strcmp(name, "store.db") == 0)
        return true;
    const bool key = strncmp(name, "keys/", 5) == 0;
    if (!key && strncmp(name, "people/", 7) != 0)
        return false;
    const char *rest = name + (key ? 5 : 7);
    if (strlen(rest) < OB_ID_TEXT - 1)
        return false;
    memcpy(id, rest, OB_ID_TEXT - 1);
    id[OB_ID_TEXT - 1] = '\0';
    rest += OB_ID_TEXT - 1;
    if (!ob_id_parse(id, &parsed))
        return false;
    if (key)
        return strcmp(rest, ".key") == 0;
    if (rest[0] != '/' || rest[1] == '.' || rest[1] == '\0' || strlen(rest) > 100)
        return false;
    return strspn(rest + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == strlen(rest + 1);
}

struct maker {
    struct ob_store *store;
    struct ob_backup_writer *writer;
    struct ob_backup_report *report;
};

/* One file under its name. It may grow meanwhile (a recording that runs): its length when it was opened counts. */
static enum ob_err put_file(struct maker *m, const char *path, const char *name)
{
    unsigned char head[2 + 255 + 8], *p = head;
    struct stat status;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return ob_err_from_errno(errno);
    enum ob_err err = fstat(fd, &status) != 0 ? ob_err_from_errno(errno) : S_ISREG(status.st_mode) ? OB_OK : OB_ERR_IO;
    if (!err) {
        *p++ = 1;
        *p++ = (unsigned char)strlen(name);
        memcpy(p, name, strlen(name));
        p = ob_put_u64(p + strlen(name), (uint64_t)status.st_size);
        err = ob_backup_put(m->writer, head, (size_t)(p - head));
    }
    unsigned char *bytes = malloc(65536);
    for (uint64_t left = err ? 0 : (uint64_t)status.st_size; !err && left > 0;) {
        const ssize_t got = bytes ? read(fd, bytes, left < 65536 ? (size_t)left : 65536) : -1;
        if (got <= 0)
            err = bytes ? ob_err_from_errno(got < 0 ? errno : EIO) : OB_ERR_NO_MEMORY;
        else {
            err = ob_backup_put(m->writer, bytes, (size_t)got);
            left -= (uint64_t)got;
        }
    }
    if (bytes)
        explicit_bzero(bytes, 65536); /* keys come through here */
    free(bytes);
    close(fd);
    m->report->files += !err;
    m->report->bytes += err ? 0 : (uint64_t)status.st_size;
    return err;
}

/* The database as it is at one moment, in one file without a journal. */
static enum ob_err put_database(struct maker *m)
{
    char path[PATH_MAX], lock[PATH_MAX];
    enum ob_err err = ob_folder_join(m->store->folder, "backup.new", path, sizeof path);
    if (!err)
        err = ob_folder_join(m->store->folder, "backup.lock", lock, sizeof lock);
    if (err)
        return err;
    /* One at a time: another backup would take this copy away while it is made. */
    const int held = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (held < 0 || flock(held, LOCK_EX) != 0) {
        err = ob_err_from_errno(errno);
        if (held >= 0)
            close(held);
        return err;
    }
    unlink(path);
    sqlite3_stmt *statement;
    err = ob_db_prepare(m->store->sql, "VACUUM INTO ?", &statement);
    if (!err) {
        /* Made here, so that nobody else may read it; SQLite takes an empty file. */
        const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0)
            err = ob_err_from_errno(errno);
        else
            close(fd);
        sqlite3_bind_text(statement, 1, path, -1, SQLITE_STATIC);
        if (err)
            sqlite3_finalize(statement);
        else
            err = ob_db_finish(statement);
    }
    if (!err)
        err = put_file(m, path, "store.db");
    unlink(path);
    close(held);
    return err;
}

static enum ob_err put_folder(struct maker *m, const struct ob_id *person)
{
    char id[OB_ID_TEXT], folder[PATH_MAX];
    ob_id_text(person, id);
    if ((size_t)snprintf(folder, sizeof folder, "%s/people/%s", m->store->folder, id) >= sizeof folder)
        return OB_ERR_RANGE;
    DIR *dir = opendir(folder);
    if (!dir)
        return errno == ENOENT ? OB_OK : ob_err_from_errno(errno);
    enum ob_err err = OB_OK;
    for (const struct dirent *entry; !err && (entry = readdir(dir)) != NULL;) {
        char path[PATH_MAX], name[256];
        if ((size_t)snprintf(name, sizeof name, "people/%s/%s", id, entry->d_name) >= sizeof name ||
            !ob_backup_name_is_fine(name))
            continue;
        err = ob_folder_join(folder, entry->d_name, path, sizeof path);
        if (!err)
            err = put_file(m, path, name);
    }
    closedir(dir);
    return err;
}

static enum ob_err put_people(struct maker *m)
{
    struct ob_person_row *people = NULL;
    size_t count = 0;
    enum ob_err err = ob_store_people(m->store, &people, &count);
    for (size_t i = 0; !err && i < count; i++) {
        char id[OB_ID_TEXT], name[64], path[PATH_MAX];
        ob_id_text(&people[i].id, id);
        snprintf(name, sizeof name, "keys/%s.key", id);
        err = ob_folder_join(m->store->folder, name, path, sizeof path);
        m->report->people++;
        m->report->sessions += people[i].sessions;
        /* A key that lies open goes into a sealed backup only. One in the keyring opens nothing without it. */
        const bool goes = people[i].lock == OB_LOCK_PASSPHRASE || people[i].lock == OB_LOCK_KEYRING ||
                          (people[i].lock == OB_LOCK_KEY_FILE && m->report->sealed);
        m->report->keys_left_out += !goes || people[i].lock == OB_LOCK_KEYRING;
        if (!err && goes)
            err = put_file(m, path, name);
        if (!err)
            err = put_folder(m, &people[i].id);
    }
    free(people);
    return err;
}

enum ob_err ob_store_backup(struct ob_store *store, const char *path, const char *passphrase, size_t passphrase_size,
                            struct ob_backup_report *report_out, char *problem_out, size_t problem_size)
{
    char beside[PATH_MAX];
    struct maker m = {.store = store, .report = report_out};
    memset(report_out, 0, sizeof *report_out);
    report_out->sealed = passphrase != NULL;
    enum ob_err err = (size_t)snprintf(beside, sizeof beside, "%s.new", path) < sizeof beside ? OB_OK : OB_ERR_RANGE;
    if (!err)
        err = ob_backup_writer_open(beside, passphrase, passphrase_size, &m.writer);
    if (!err) {
        const unsigned char end = 0;
        err = put_database(&m);
        if (!err)
            err = put_people(&m);
        if (!err)
            err = ob_backup_put(m.writer, &end, 1);
        const enum ob_err closed = ob_backup_writer_close(m.writer);
        if (!err)
            err = closed;
        if (!err)
            err = ob_file_place(beside, path, true);
        if (err)
            unlink(beside);
    }
    if (err)
        snprintf(problem_out, problem_size, "no backup could be written to %.200s: %s", path, ob_err_text(err));
    return err;
}
