/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of this room share. Private to it. */
#ifndef OB_STORE_INNER_H
#define OB_STORE_INNER_H

#include "store/db.h"
#include "store/seal.h"
#include "store/store.h"

#include <limits.h>
#include <sys/types.h>

struct ob_store {
    sqlite3 *sql;
    int lock_fd;  /* -1: not held */
    dev_t device; /* of the file that was opened: a restore puts another in its place */
    ino_t inode;
    bool writing; /* the lock is held for a session that runs */
    bool batch;   /* changes are parts of a larger one */
    char folder[PATH_MAX - 64];
    char path[PATH_MAX];
    char vfs[64]; /* "": the usual one */
    char notice[256];
};

/* ---- record.c: what is sealed, as bytes ---- */

#define OB_PERSON_RECORD_MAX (OB_NAME_BYTES + OB_NOTES_BYTES + 64)
#define OB_SESSION_ROW_MAX   1024

size_t ob_person_record_encode(const struct ob_person_record *record, unsigned char out[OB_PERSON_RECORD_MAX]);
bool ob_person_record_decode(const unsigned char *bytes, size_t size, struct ob_person_record *record_out);

/* Without id, person, number, which stand in clear. */
size_t ob_session_row_encode(const struct ob_session_row *row, unsigned char out[OB_SESSION_ROW_MAX]);
bool ob_session_row_decode(const unsigned char *bytes, size_t size, struct ob_session_row *row_out);

/* ---- store.c: a change of several rows, alone or as a part of a batch ---- */

enum ob_err ob_store_change(struct ob_store *store);
/* keep false: as if it had not been; fine after a keeping end that failed. */
enum ob_err ob_store_change_end(struct ob_store *store, bool keep);

/* ---- rows ---- */

/* Takes the next number of a counter; inside a transaction. */
enum ob_err ob_store_count(sqlite3 *sql, const char *counter, uint64_t *number_out);

/* Opens the sealed column of a stepped statement into new memory of at least one byte (freed with ob_store_drop). */
enum ob_err ob_store_unseal(sqlite3_stmt *statement, int column, const struct ob_key *key,
                            const struct ob_row_name *name, unsigned char **bytes_out, size_t *size_out);
void ob_store_drop(unsigned char *bytes, size_t size); /* wipes and frees */

/* Seals bytes and binds them. */
enum ob_err ob_store_bind_sealed(sqlite3_stmt *statement, int index, const struct ob_key *key,
                                 const struct ob_row_name *name, const void *bytes, size_t size);

enum ob_err ob_store_session_insert(sqlite3 *sql, const struct ob_key *key, const struct ob_session_row *row);

/* Packs the seconds of an open session, fills in its header and closes it, in a transaction of its own. */
enum ob_err ob_store_session_close(struct ob_store *store, const struct ob_key *key, struct ob_session_row *row,
                                   enum ob_session_state state);

/* Closes what a crash left open of this person, if nobody writes now. */
enum ob_err ob_store_mend(struct ob_store *store, const struct ob_key *key);

/* Brings deletions that a crash cut off to their end, if nobody writes now. */
void ob_store_resume_forgetting(struct ob_store *store);

/* Empties the journal and tries again while somebody reads. */
enum ob_err ob_store_empty_journal(struct ob_store *store);

/* Writes the row of a person whose key there is (a new one, or one whose database was lost). */
enum ob_err ob_store_person_restore(struct ob_store *store, const struct ob_key *key,
                                    const struct ob_person_record *record);

/* Renames a damaged database and its journal; needs the lock. */
enum ob_err ob_store_set_aside(const char *path, char *name_out, size_t size);

#endif
