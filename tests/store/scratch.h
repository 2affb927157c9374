/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder of its own for each test, and sessions to put into it. */
#ifndef OB_TESTS_STORE_SCRATCH_H
#define OB_TESTS_STORE_SCRATCH_H

#include "store/store.h"
#include "store/writer.h"

/* A new empty folder; removed with everything in it by scratch_end. Static memory, one at a time. */
const char *scratch_begin(void);
void scratch_end(void);

/* Opens it and fails the test with the sentence where that does not work. */
struct ob_store *open_store(const char *folder);

/* A person under a key file (passphrase NULL) or a passphrase. */
struct ob_key *add_person(struct ob_store *store, const char *name, const char *passphrase);

/* The n-th beat, row and mark of a session that every test can make again. */
struct ob_item beat_item(uint64_t n);
struct ob_item features_item(uint64_t n);
struct ob_item mark_item(uint64_t n, const char *kind, const char *words);

/* Fails unless the first count beats are those of beat_item. */
void check_beats(const struct ob_recording *recording, size_t count);

/* A whole session through the writer: so many beats, a row each. */
struct ob_session_row keep_session(const char *folder, const struct ob_key *key, size_t beats);

/* True where the bytes stand in any file below the folder. */
bool found_on_disk(const char *folder, const void *bytes, size_t size);

#endif
