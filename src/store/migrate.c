/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The schema, as the steps that lead to it. A step that was ever published is never changed: the next one is added,
 * with a database of the version before in tests/store. An empty file goes through all of them. */
#include "store/db.h"
#include "store/store.h"

#include <stdio.h>

static const char *const steps[OB_STORE_SCHEMA] = {
    /* 0 to 1: people, sessions, a row a committed second. */
    "CREATE TABLE person ("
    " id BLOB PRIMARY KEY CHECK (length(id) = 16),"
    " number INTEGER NOT NULL UNIQUE,"
    " sealed BLOB NOT NULL);"
    "CREATE TABLE session ("
    " id BLOB PRIMARY KEY CHECK (length(id) = 16),"
    " person BLOB NOT NULL REFERENCES person(id) ON DELETE CASCADE,"
    " number INTEGER NOT NULL UNIQUE,"
    " open INTEGER NOT NULL,"
    " sealed BLOB NOT NULL);"
    "CREATE INDEX session_of_person ON session(person, number);"
    "CREATE TABLE second ("
    " session BLOB NOT NULL REFERENCES session(id) ON DELETE CASCADE,"
    " number INTEGER NOT NULL,"
    " sealed BLOB NOT NULL,"
    " PRIMARY KEY (session, number)) WITHOUT ROWID;"
    "CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
    "INSERT INTO counter VALUES ('person', 0), ('session', 0);",
    /* 1 to 2: an ended session packed into few rows; what the engine keeps for a person from session to session. */
    "CREATE TABLE pack ("
    " session BLOB NOT NULL REFERENCES session(id) ON DELETE CASCADE,"
    " number INTEGER NOT NULL,"
    " sealed BLOB NOT NULL,"
    " UNIQUE (session, number));"
    "CREATE TABLE blob ("
    " person BLOB NOT NULL REFERENCES person(id) ON DELETE CASCADE,"
    " kind INTEGER NOT NULL,"
    " sealed BLOB NOT NULL,"
    " UNIQUE (person, kind));"
    "CREATE INDEX session_open ON session(open) WHERE open = 1;",
};

enum ob_err ob_migrate(sqlite3 *sql, int *schema_out)
{
    int64_t schema = 0, application = 0;
    enum ob_err err = ob_db_number(sql, "PRAGMA user_version", NULL, &schema);
    if (!err)
        err = ob_db_number(sql, "PRAGMA application_id", NULL, &application);
    if (err)
        return err;
    *schema_out = (int)schema;
    if (schema > OB_STORE_SCHEMA)
        return OB_ERR_NEWER;
    if (schema < 0 || (schema > 0 && application != OB_DB_APPLICATION))
        return OB_ERR_DAMAGED;
    if (schema == OB_STORE_SCHEMA) {
        err = ob_db_run(sql, "SELECT 1 FROM person, session, second, counter, pack, blob LIMIT 0");
        return err == OB_ERR_FORMAT ? OB_ERR_DAMAGED : err;
    }
    err = ob_db_run(sql, "BEGIN IMMEDIATE");
    if (err)
        return err;
    err = ob_db_number(sql, "PRAGMA user_version", NULL, &schema); /* another program may have been first */
    for (; !err && schema >= 0 && schema < OB_STORE_SCHEMA; schema++)
        err = ob_db_run(sql, steps[schema]);
    if (!err) {
        char text[96];
        snprintf(text, sizeof text, "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT", OB_DB_APPLICATION,
                 OB_STORE_SCHEMA);
        err = ob_db_run(sql, text);
    }
    if (err)
        ob_db_run(sql, "ROLLBACK");
    return err;
}
