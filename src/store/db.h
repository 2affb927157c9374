/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The database below the store: opening it as it has to be opened, its errors, its schema. Private to this room. */
#ifndef OB_STORE_DB_H
#define OB_STORE_DB_H

#include "base/err.h"
#include "store/id.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_DB_APPLICATION 0x4f627468 /* "Obth" in the file's header */

/* What SQLite says, as ours. OB_ERR_DAMAGED for a database that is none or corrupt, OB_ERR_FORMAT for a table that is
 * not there or may not hold what was to go into it, OB_ERR_BUSY, OB_ERR_DISK_FULL,
 * OB_ERR_PERMISSION, OB_ERR_IO, OB_ERR_NO_MEMORY. */
enum ob_err ob_db_err(int rc);

/* Opens or makes the file (mode 0600), sets every pragma, and brings the schema up to date. The wall clock plays no
 * part. OB_ERR_NEWER: schema_out says which. */
enum ob_err ob_db_open(const char *path, const char *vfs, sqlite3 **sql_out, int *schema_out);

/* Runs statements without results. */
enum ob_err ob_db_run(sqlite3 *sql, const char *text);

/* One statement made ready; NULL statement and an error else. */
enum ob_err ob_db_prepare(sqlite3 *sql, const char *text, sqlite3_stmt **statement_out);

/* Steps a statement that gives no row, and finalises it in any case. */
enum ob_err ob_db_finish(sqlite3_stmt *statement);

void ob_db_bind_id(sqlite3_stmt *statement, int index, const struct ob_id *id);
bool ob_db_column_id(sqlite3_stmt *statement, int index, struct ob_id *id_out);

/* The first column of the first row as a number; OB_ERR_NOT_FOUND without a row. */
enum ob_err ob_db_number(sqlite3 *sql, const char *text, const struct ob_id *id, int64_t *number_out);

/* Brings an open database from the schema it has (0: an empty file) to OB_STORE_SCHEMA, in one transaction. */
enum ob_err ob_migrate(sqlite3 *sql, int *schema_out);

/* Writes the journal's bytes once more, in place, and syncs them. After a failed fsync the system may call pages clean
 * that never reached the disk; only writing them again makes a later sync mean something. The caller holds a write
 * transaction, so that nobody appends meanwhile. path: of the database. */
enum ob_err ob_db_rewrite_journal(const char *path, const char *vfs);

#endif
