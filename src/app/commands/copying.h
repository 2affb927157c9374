/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the store and the files of export and import: sessions as plain copies, a person as an archive, and back.
 * Main thread. */
#ifndef OB_APP_COPYING_H
#define OB_APP_COPYING_H

#include "report/archive.h"
#include "report/copy.h"
#include "report/sheet.h"
#include "store/store.h"

/* A session as a copy (finish it in any case). OB_ERR_DAMAGED: a part of it does not open; all else is there. */
enum ob_err ob_copy_from_store(struct ob_store *store, const struct ob_key *key, const struct ob_id *session,
                               struct ob_copy *copy_out);

/* Keeps a copy as a new session of this person. imported: it came from outside. */
enum ob_err ob_copy_to_store(struct ob_store *store, const struct ob_key *key, const struct ob_copy *copy,
                             bool imported, struct ob_session_row *row_out, char *problem_out, size_t problem_size);

/* Simulated sessions are kept under a simulated person alone, and a simulated person has no others. False after a
 * sentence. */
bool ob_copy_belongs(struct ob_store *store, const struct ob_key *key, const struct ob_copy *copy, char *problem_out,
                     size_t problem_size);

/* Whether this person has the same recording already, among rows. *number_out: which. */
bool ob_copy_is_kept(struct ob_store *store, const struct ob_key *key, const struct ob_session_row *rows, size_t count,
                     const struct ob_copy *copy, uint64_t *number_out);

/* person.json, and back. Whatever the bytes, record_out is what the store takes, or an error. */
void ob_person_json(struct ob_sheet *text, const struct ob_person_record *record);
enum ob_err ob_person_json_read(const char *bytes, size_t size, struct ob_person_record *record_out, char *sentence_out,
                                size_t sentence_size);

/* What a blob is called in an archive: a word, or its number where it has none. -1: none of this name. */
void ob_blob_name(int kind, char *name_out, size_t size);
int ob_blob_of(const char *name);

#endif
