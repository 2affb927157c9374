/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands about people and sessions share: opening the store, finding and opening a person, times for people.
 * Each says what is wrong on stderr and returns an exit code. Main thread. */
#ifndef OB_APP_KEPT_H
#define OB_APP_KEPT_H

#include "store/store.h"

#include <stdint.h>
#include <stdio.h>

/* existing: where nothing is kept yet, nothing is made. */
int ob_kept_open(const char *data, bool existing, struct ob_store **store_out);

/* Exit code for an error of the store: a mistake in what was asked for, in what was read, or a failure. */
int ob_kept_code(enum ob_err err);

/* who: a name, a number or an id; NULL: the only person there is. */
int ob_kept_find(struct ob_store *store, const char *who, struct ob_person_row *row_out);

/* How many there are that are simulated, or that are not; the first of them. Who is locked counts as not simulated. */
enum ob_err ob_kept_only(struct ob_store *store, bool simulated, struct ob_person_row *row_out, size_t *count_out);

/* Opens a person's key; asks for the passphrase where one is wanted. */
int ob_kept_unlock(struct ob_store *store, const struct ob_person_row *row, const char *passphrase_file,
                   struct ob_key **key_out);

/* Opens every key that opens by itself or with the passphrase that was given (nobody is asked). keys_out has a place
 * for each person, NULL where locked; freed with ob_kept_close_keys. */
enum ob_err ob_kept_keys(struct ob_store *store, const char *passphrase_file, struct ob_person_row **people_out,
                         struct ob_key ***keys_out, size_t *count_out);
void ob_kept_close_keys(struct ob_person_row *people, struct ob_key **keys, size_t count);

/* A session and the key of its person. session: a number or an id; NULL: the newest (trifles apart) of who (a name,
 * number or id; NULL: the only person there is). With a session, who may be NULL or has to be its person. */
int ob_kept_session(struct ob_store *store, const char *session, const char *who, const char *passphrase_file,
                    struct ob_key **key_out, struct ob_session_row *row_out);

/* The name in memory of the caller; "" where the record does not open. */
void ob_kept_name(struct ob_store *store, const struct ob_key *key, char *name_out, size_t size);

/* "2026-11-21T14:03:00+01:00". */
void ob_kept_time(int64_t wall_ns, int32_t utc_offset_s, char *text_out, size_t size);

/* ISO 8601: date, time to the minute or second, Z or an offset or nothing for local time. */
bool ob_kept_parse_time(const char *text, int64_t *wall_ns_out, int32_t *utc_offset_s_out);

/* A number for JSON: null where it is not known. */
void ob_kept_json_number(FILE *out, double value);

/* The text cut to so many characters, filled with blanks. */
void ob_kept_column(FILE *out, const char *text, int width);

#endif
