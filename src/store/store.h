/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is remembered: people and their sessions, in one folder.
 *
 *   store.db        SQLite (WAL, synchronous FULL, secure_delete). In clear are random ids, sizes, sequence numbers and
 *                   the schema version; every row that says something is sealed (seal.h) under its person's key
 *   keys/<id>.key   the key of a person (key.h)
 *   people/<id>/    sealed files that belong to a person: event logs, raw recordings, reports
 *   lock            held by the one program that writes a session or changes what is kept
 *   backup.lock     held while a backup is made, one at a time
 *
 * The folder is made with mode 0700, files with 0600. A store that can't be read as a database is renamed
 * store.db.damaged-<time> and a new one begins; one from a newer program is refused and left alone.
 *
 * One thread at a time for a store. Several stores (of several programs too) may be open on one folder. Functions that
 * take problem_out leave one sentence for people there when they fail. */
#ifndef OB_STORE_STORE_H
#define OB_STORE_STORE_H

#include "base/err.h"
#include "store/id.h"
#include "store/item.h"
#include "store/key.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_STORE_SCHEMA 2 /* what this program writes; older ones are brought up to it when opened */

struct ob_store;

struct ob_store_desc {
    const char *folder; /* NULL: $OUTBREATH_DATA, else $XDG_DATA_HOME/outbreath, else ~/.local/share/outbreath */
    bool existing;      /* OB_ERR_EMPTY instead of making one where there is none */
    const char *vfs;    /* of SQLite; NULL: the usual one. For tests */
};

/* The folder by the rule above. */
enum ob_err ob_store_folder(const char *wanted, char *path_out, size_t size);

/* OB_ERR_PERMISSION, OB_ERR_DISK_FULL, OB_ERR_NEWER, OB_ERR_EMPTY, ... each with its sentence. */
enum ob_err ob_store_open(const struct ob_store_desc *desc, struct ob_store **store_out, char *problem_out,
                          size_t problem_size);
void ob_store_close(struct ob_store *store); /* NULL is fine */

/* Something that people should know of the opening (a damaged store was set aside, ...); "" else. */
const char *ob_store_notice(const struct ob_store *store);
const char *ob_store_path(const struct ob_store *store);

/* Takes the lock. All below that says "needs the lock" takes it by itself and keeps it; OB_ERR_BUSY: another Outbreath,
 * or a live session of this one, has it. Given back by close or unlock: a program that goes on to write a live session
 * unlocks first. */
enum ob_err ob_store_lock(struct ob_store *store, char *problem_out, size_t problem_size);
void ob_store_unlock(struct ob_store *store);

/* Several changes as one: people, sessions and blobs that are added between begin and end are there all together, or
 * (keep false, or a crash) not at all; only a new person's key file may be left behind, which nothing refers to. Begin
 * needs the lock. */
enum ob_err ob_store_batch(struct ob_store *store, char *problem_out, size_t problem_size);
enum ob_err ob_store_batch_end(struct ob_store *store, bool keep, char *problem_out, size_t problem_size);

/* ---- people ----------------------------------------------------------------------------------------------------- */

#define OB_NAME_LETTERS  200   /* characters of a name, at most */
#define OB_NAME_BYTES    801   /* with the 0 */
#define OB_NOTES_LETTERS 20000 /* characters */
#define OB_NOTES_BYTES   80001

struct ob_person_row { /* what is known without a key */
    struct ob_id id;
    uint64_t number; /* order in which they came, from 1 */
    enum ob_lock lock;
    uint64_t sessions;
};

/* What is sealed. About 80 KiB: not for the stack of a thread. */
struct ob_person_record {
    char name[OB_NAME_BYTES];
    char notes[OB_NOTES_BYTES];
    int64_t since_wall_ns;
    bool simulated; /* nobody: sessions of the simulated person are kept here and nowhere else */
    bool gentle;    /* the dizziness key was used: the next session starts gently */
};

/* *rows_out is freed by the caller with free; in the order in which they came. */
enum ob_err ob_store_people(struct ob_store *store, struct ob_person_row **rows_out, size_t *count_out);

/* Needs the lock. A name: 1 to OB_NAME_LETTERS characters of any script, valid UTF-8, no control characters; trimmed
 * by nobody. OB_ERR_RANGE with the sentence. The key of the new person is handed out where key_out is not NULL. */
enum ob_err ob_store_person_add(struct ob_store *store, const struct ob_person_record *record, enum ob_lock lock,
                                const char *passphrase, size_t passphrase_size, struct ob_id *id_out,
                                struct ob_key **key_out, char *problem_out, size_t problem_size);

/* Checks name and notes by the rule above. */
enum ob_err ob_person_record_check(const struct ob_person_record *record, char *problem_out, size_t problem_size);

enum ob_err ob_store_person_get(struct ob_store *store, const struct ob_key *key, struct ob_person_record *record_out);

/* A single transaction; works while a session of this person is being written. */
enum ob_err ob_store_person_put(struct ob_store *store, const struct ob_key *key, const struct ob_person_record *record,
                                char *problem_out, size_t problem_size);

/* Finds one by id, by number ("2") or by name. Names are known of those alone that open without a passphrase.
 * OB_ERR_NOT_FOUND, OB_ERR_RANGE (several have this name). */
enum ob_err ob_store_person_find(struct ob_store *store, const char *words, struct ob_person_row *row_out,
                                 char *problem_out, size_t problem_size);

/* people/<id>, made if it is not there: sealed files of this person belong here. */
enum ob_err ob_store_person_folder(struct ob_store *store, const struct ob_id *person, char *path_out, size_t size);

/* Bytes that are kept for a person from session to session: by the engine, and in SETTINGS store/keepsake.h. */
enum ob_blob { OB_BLOB_PACE = 1, OB_BLOB_BASELINE, OB_BLOB_SETTINGS, OB_BLOBS };
#define OB_BLOB_MAX (1 << 20)

/* *bytes_out is freed by the caller with free. OB_ERR_NOT_FOUND when nothing was kept. */
enum ob_err ob_store_blob_get(struct ob_store *store, const struct ob_key *key, enum ob_blob kind,
                              unsigned char **bytes_out, size_t *size_out);
enum ob_err ob_store_blob_put(struct ob_store *store, const struct ob_key *key, enum ob_blob kind, const void *bytes,
                              size_t size);

/* ---- sessions --------------------------------------------------------------------------------------------------- */

enum ob_session_state {
    OB_SESSION_RUNNING,
    OB_SESSION_ENDED,
    OB_SESSION_INTERRUPTED, /* the program or the machine went away; what was acknowledged is there */
    OB_SESSION_STATES
};

/* "running", "ended", "interrupted". Static memory. */
const char *ob_session_state_name(enum ob_session_state state);

struct ob_session_row {
    struct ob_id id, person;
    uint64_t number; /* order in which they began, never used twice; the wall clock may be wrong, this is not */
    enum ob_session_state state;
    /* given at the start */
    int64_t start_wall_ns; /* since 1970, UTC */
    int32_t utc_offset_s;  /* of the place, then */
    double planned_minutes;
    char protocol[64];   /* "guided", ... */
    char posture[32];    /* "" not said */
    char source[96];     /* kind of sensor, for people */
    uint32_t beats_from; /* enum ob_beat_source */
    bool simulated, imported;
    /* may be given later */
    uint32_t checkin[2]; /* before and after: 1 + the answer of 0 to 10; 0: not asked */
    /* taken from the recording at the end */
    double duration_s;
    uint64_t beats, corrected;
    double medians[OB_FEATURES]; /* NaN: not known */
};

/* Begun and left again: over, under half a minute, without a beat, and nobody answered anything. It is kept as every
 * other; lists leave it out. Pure. */
#define OB_TRIFLE_S 30.0
bool ob_session_is_trifle(const struct ob_session_row *row);

/* Of one person, newest first (by number). *rows_out is freed by the caller with free. Rows that do not open are left
 * out and counted in *damaged_out (may be NULL). */
enum ob_err ob_store_sessions(struct ob_store *store, const struct ob_key *key, struct ob_session_row **rows_out,
                              size_t *count_out, size_t *damaged_out);

enum ob_err ob_store_session_get(struct ob_store *store, const struct ob_key *key, const struct ob_id *session,
                                 struct ob_session_row *row_out);

/* Whose session it is, without a key. OB_ERR_NOT_FOUND. */
enum ob_err ob_store_session_person(struct ob_store *store, const struct ob_id *session, struct ob_id *person_out);

/* Finds one by id or by number ("12"), without a key. OB_ERR_NOT_FOUND with the sentence. */
enum ob_err ob_store_session_find(struct ob_store *store, const char *words, struct ob_id *session_out,
                                  struct ob_id *person_out, char *problem_out, size_t problem_size);

/* Everything of it, into a zeroed recording (finish it in any case). OB_ERR_DAMAGED: a part is missing or does not
 * open; all else is there. */
enum ob_err ob_store_session_load(struct ob_store *store, const struct ob_key *key, const struct ob_id *session,
                                  struct ob_recording *recording_out);

/* A whole session at once (import). Needs the lock. id, person, number, state and what is taken from the recording are
 * filled in. */
enum ob_err ob_store_session_add(struct ob_store *store, const struct ob_key *key, struct ob_session_row *row,
                                 const struct ob_recording *recording, char *problem_out, size_t problem_size);

/* Changes what may be given later (posture, check-in). Needs the lock. */
enum ob_err ob_store_session_put(struct ob_store *store, const struct ob_key *key, const struct ob_session_row *row);

/* Adds a mark to a session that is over; what is kept of it otherwise stays as it is. Needs the lock. OB_ERR_RANGE for
 * a mark that breaks its own limits (item.h), OB_ERR_BUSY for a session that runs. */
enum ob_err ob_store_session_mark(struct ob_store *store, const struct ob_key *key, const struct ob_id *session,
                                  const struct ob_item_mark *mark, char *problem_out, size_t problem_size);

/* ---- forgetting ------------------------------------------------------------------------------------------------- */

/* Destroys the key first, then rows and files, then empties the journal and rewrites the database without gaps. Needs
 * the lock. Works without the person's passphrase; one that a crash cut off is brought to its end by the next opening.
 * Also for an id of which only a key or a folder is left. */
enum ob_err ob_store_person_delete(struct ob_store *store, const struct ob_id *person, char *problem_out,
                                   size_t problem_size);

/* Its rows, and the files people/<person>/<session>.* . Needs the lock. */
enum ob_err ob_store_session_delete(struct ob_store *store, const struct ob_id *session, char *problem_out,
                                    size_t problem_size);

/* ---- is all of it there? ---------------------------------------------------------------------------------------- */

struct ob_verify {
    uint64_t people, people_locked, sessions, interrupted, rows, bytes, files;
    uint64_t beats;
    uint64_t bad_rows;   /* do not open */
    uint64_t gaps;       /* a sequence number is missing, or a session has fewer beats than its header says */
    uint64_t bad_files;  /* sealed files that do not open (an unfinished one is no fault) */
    bool database_sound; /* SQLite's own integrity check */
    char first[256];     /* the first thing that was found wrong, a sentence; "" when all is well */
};

/* keys: those that are open, in any order; people without one are counted as locked and only their database rows'
 * order is checked. OB_OK also when something is wrong: see the fields. */
enum ob_err ob_store_verify(struct ob_store *store, struct ob_key *const *keys, size_t key_count,
                            struct ob_verify *verify_out);
bool ob_verify_sound(const struct ob_verify *verify);

#endif
