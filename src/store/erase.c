/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forgetting. The key goes first: from then on nothing opens, whatever happens to the rest. */
#include "base/log.h"
#include "os/file.h"
#include "os/paths.h"
#include "store/folder.h"
#include "store/inner.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum ob_err run_with_id(sqlite3 *sql, const char *text, const struct ob_id *id)
{
    sqlite3_stmt *statement;
    const enum ob_err err = ob_db_prepare(sql, text, &statement);
    if (err)
        return err;
    ob_db_bind_id(statement, 1, id);
    return ob_db_finish(statement);
}

/* secure_delete has put zeros into what was freed; rewriting leaves no gaps either, and emptying the journal takes away
 * the pages of before. */
static enum ob_err leave_no_trace(struct ob_store *store)
{
    char path[PATH_MAX];
    if (ob_folder_join(store->folder, "backup.new", path, sizeof path) == OB_OK)
        unlink(path); /* the copy that a backup made which was killed */
    enum ob_err err = ob_store_empty_journal(store);
    if (!err)
        err = ob_db_run(store->sql, "VACUUM");
    if (!err)
        err = ob_store_empty_journal(store);
    return err;
}

/* ---- notes to oneself -------------------------------------------------------------------------------------------- */

/* What was begun is noted among the counters, so that the next opening brings a deletion that a crash cut off to its
 * end: "forget:<id>" until the rows of a person are gone, "tidy" until no old page is left. */
static enum ob_err note(struct ob_store *store, const char *word, const char *id, bool begun)
{
    sqlite3_stmt *statement;
    const enum ob_err err = ob_db_prepare(store->sql,
                                          begun ? "INSERT OR REPLACE INTO counter(name, value) VALUES (? || ?, 1)"
                                                : "DELETE FROM counter WHERE name = ? || ?",
                                          &statement);
    if (err)
        return err;
    sqlite3_bind_text(statement, 1, word, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, id, -1, SQLITE_STATIC);
    return ob_db_finish(statement);
}

static enum ob_err tidy(struct ob_store *store)
{
    const enum ob_err err = leave_no_trace(store);
    return err ? err : note(store, "tidy", "", false);
}

static enum ob_err begin_forgetting(struct ob_store *store, const char *id)
{
    enum ob_err err = ob_db_run(store->sql, "BEGIN IMMEDIATE");
    if (err)
        return err;
    err = note(store, "tidy", "", true);
    if (!err && id)
        err = note(store, "forget:", id, true);
    if (!err)
        err = ob_db_run(store->sql, "COMMIT");
    if (err)
        ob_db_run(store->sql, "ROLLBACK");
    return err;
}

static enum ob_err delete_rows(struct ob_store *store, const struct ob_id *person, const char *id)
{
    enum ob_err err = ob_db_run(store->sql, "BEGIN IMMEDIATE");
    if (err)
        return err;
    err = run_with_id(store->sql, "DELETE FROM person WHERE id = ?", person); /* and what hangs on it */
    if (!err)
        err = note(store, "forget:", id, false);
    if (!err)
        err = ob_db_run(store->sql, "COMMIT");
    if (err)
        ob_db_run(store->sql, "ROLLBACK");
    return err;
}

/* ---- a person --------------------------------------------------------------------------------------------------- */

static enum ob_err forget(struct ob_store *store, const struct ob_id *person, const char *id, bool *destroyed_out)
{
    char path[PATH_MAX];
    *destroyed_out = false;
    if ((size_t)snprintf(path, sizeof path, "%s/people/%s", store->folder, id) >= sizeof path)
        return OB_ERR_RANGE;
    enum ob_err err = ob_key_shred(store->folder, person);
    *destroyed_out = !err;
    if (!err)
        err = ob_folder_remove(path);
    if (!err)
        err = delete_rows(store, person, id);
    return err ? err : tidy(store);
}

enum ob_err ob_store_person_delete(struct ob_store *store, const struct ob_id *person, char *problem_out,
                                   size_t problem_size)
{
    enum ob_err err = ob_store_lock(store, problem_out, problem_size);
    if (err)
        return err;
    char id[OB_ID_TEXT], path[PATH_MAX], key[PATH_MAX];
    ob_id_text(person, id);
    int64_t known = 0;
    bool destroyed = false;
    err = ob_db_number(store->sql, "SELECT count(*) FROM person WHERE id = ?", person, &known);
    if ((size_t)snprintf(path, sizeof path, "%s/people/%s", store->folder, id) >= sizeof path ||
        (size_t)snprintf(key, sizeof key, "%s/keys/%s.key", store->folder, id) >= sizeof key)
        err = OB_ERR_RANGE;
    if (!err && known == 0 && !ob_paths_exists(path) && !ob_paths_exists(key)) {
        snprintf(problem_out, problem_size, "nobody with the id %s is kept here", id);
        return OB_ERR_NOT_FOUND;
    }
    if (!err)
        err = begin_forgetting(store, id);
    if (err == OB_ERR_DISK_FULL) /* deleting is what makes room: then without the note */
        err = OB_OK;
    if (!err)
        err = forget(store, person, id, &destroyed);
    if (err)
        snprintf(problem_out, problem_size,
                 destroyed ? "the key is destroyed, so nothing opens any more, but not all could be removed (%s): the "
                             "next start goes on with it"
                           : "the key could not be destroyed (%s): nothing was deleted",
                 ob_err_text(err));
    return err;
}

void ob_store_resume_forgetting(struct ob_store *store)
{
    int64_t notes = 0;
    char problem[300];
    const bool held = store->lock_fd >= 0;
    if (ob_db_number(store->sql, "SELECT count(*) FROM counter WHERE name = 'tidy' OR name LIKE 'forget:%'", NULL,
                     &notes) ||
        notes == 0 || ob_store_lock(store, problem, sizeof problem))
        return;
    enum ob_err err = OB_OK;
    for (bool more = true; more && !err;) {
        sqlite3_stmt *statement;
        struct ob_id person;
        bool destroyed;
        err = ob_db_prepare(store->sql, "SELECT substr(name, 8) FROM counter WHERE name GLOB 'forget:*' LIMIT 1",
                            &statement);
        if (err)
            break;
        char id[OB_ID_TEXT] = "";
        more = sqlite3_step(statement) == SQLITE_ROW;
        if (more)
            snprintf(id, sizeof id, "%s", (const char *)sqlite3_column_text(statement, 0));
        sqlite3_finalize(statement);
        if (more && ob_id_parse(id, &person))
            err = forget(store, &person, id, &destroyed);
        else if (more) {
            err = note(store, "forget:", id, false);
            if (!err && sqlite3_changes(store->sql) == 0) /* none of ours: it would come again for ever */
                err = OB_ERR_DAMAGED;
        }
    }
    if (!err)
        err = tidy(store);
    if (err)
        ob_log(OB_LOG_WARNING, "what was deleted could not be removed as a whole: %s", ob_err_text(err));
    if (!held)
        ob_store_unlock(store);
}

/* ---- a session -------------------------------------------------------------------------------------------------- */

static enum ob_err remove_files_of(struct ob_store *store, const struct ob_id *person, const struct ob_id *session)
{
    char id[OB_ID_TEXT], folder[PATH_MAX];
    ob_id_text(person, id);
    if ((size_t)snprintf(folder, sizeof folder, "%s/people/%s", store->folder, id) >= sizeof folder)
        return OB_ERR_RANGE;
    DIR *dir = opendir(folder);
    if (!dir)
        return errno == ENOENT ? OB_OK : ob_err_from_errno(errno);
    ob_id_text(session, id);
    enum ob_err err = OB_OK;
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char path[PATH_MAX];
        if (strncmp(entry->d_name, id, OB_ID_TEXT - 1) != 0)
            continue;
        enum ob_err one = ob_folder_join(folder, entry->d_name, path, sizeof path);
        if (!one && unlink(path) != 0)
            one = ob_err_from_errno(errno);
        if (one)
            err = one;
    }
    closedir(dir);
    ob_folder_sync(folder);
    return err;
}

enum ob_err ob_store_session_delete(struct ob_store *store, const struct ob_id *session, char *problem_out,
                                    size_t problem_size)
{
    enum ob_err err = ob_store_lock(store, problem_out, problem_size);
    if (err)
        return err;
    struct ob_id person;
    err = ob_store_session_person(store, session, &person);
    if (err == OB_ERR_NOT_FOUND) {
        char id[OB_ID_TEXT];
        ob_id_text(session, id);
        snprintf(problem_out, problem_size, "no session with the id %s is kept here", id);
        return err;
    }
    if (!err)
        err = begin_forgetting(store, NULL);
    if (err == OB_ERR_DISK_FULL)
        err = OB_OK;
    if (!err)
        err = remove_files_of(store, &person, session);
    if (!err)
        err = run_with_id(store->sql, "DELETE FROM session WHERE id = ?", session);
    if (!err)
        err = tidy(store);
    if (err)
        snprintf(problem_out, problem_size, "not all of the session could be removed (%s): delete it again",
                 ob_err_text(err));
    return err;
}
