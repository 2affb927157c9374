/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The key of a person, and how it is locked away.
 *
 * Everything that is kept of a person is sealed under one random key of 32 bytes. It lies in one small file,
 * keys/<id>.key (mode 0600), written nowhere else, so that destroying this file destroys what it opens:
 *
 *   OB_LOCK_KEY_FILE    the key itself lies in the file. Whoever can read the person's files has it.
 *   OB_LOCK_PASSPHRASE  the key is sealed (XChaCha20-Poly1305) under Argon2id of a passphrase: 128 MiB, three passes.
 *   OB_LOCK_KEYRING     the key is sealed under a random one that the desktop keeps (Secret Service, by libsecret) and
 *                       opens with the login. That there is no keyring is a state with a sentence, not a failure.
 *
 *   file     8 bytes "OBKEY" CR LF 1A, u8 version 1, u8 method, u8 0, u8 0, u32 passes, u64 memory in bytes,
 *            16 bytes salt, 24 bytes nonce, 48 bytes sealed key and tag (KEY_FILE: 32 bytes key, 16 bytes hash)
 *
 * Keys live in guarded memory that is locked, left out of core files and wiped (sodium_malloc). The first key that is
 * made or opened forbids core files and tracing by other processes for the rest of the program's life.
 *
 * Any thread; a key may be read by several threads at once. */
#ifndef OB_STORE_KEY_H
#define OB_STORE_KEY_H

#include "base/err.h"
#include "store/id.h"

#include <stdbool.h>
#include <stddef.h>

enum ob_lock { OB_LOCK_NONE, OB_LOCK_KEY_FILE, OB_LOCK_PASSPHRASE, OB_LOCK_KEYRING, OB_LOCKS };

/* "key file", "passphrase", "desktop keyring". Static memory. */
const char *ob_lock_name(enum ob_lock lock);

#define OB_PASSPHRASE_MAX 1024 /* bytes */

struct ob_key;

/* A new random key for a person. */
enum ob_err ob_key_create(const struct ob_id *person, struct ob_key **key_out);

/* The same key once more, with a life of its own. */
enum ob_err ob_key_copy(const struct ob_key *key, struct ob_key **key_out);

void ob_key_destroy(struct ob_key *key); /* wipes; NULL is fine */

const struct ob_id *ob_key_person(const struct ob_key *key);

/* Writes folder/keys/<id>.key, replacing what was there (and overwriting its bytes first). passphrase: bytes, of
 * OB_LOCK_PASSPHRASE only; 1 to OB_PASSPHRASE_MAX. OB_ERR_UNSUPPORTED: no keyring here; the problem says so. */
enum ob_err ob_key_save(const struct ob_key *key, const char *folder, enum ob_lock lock, const char *passphrase,
                        size_t passphrase_size, char *problem_out, size_t problem_size);

/* How a person's key is locked. OB_ERR_NOT_FOUND: there is none (any more); OB_ERR_FORMAT: not such a file. */
enum ob_err ob_key_lock(const char *folder, const struct ob_id *person, enum ob_lock *lock_out);

/* Opens it. OB_ERR_KEY: the passphrase does not fit, or the keyring has another key; OB_ERR_NO_KEY: a passphrase is
 * wanted and none was given; OB_ERR_UNSUPPORTED: no keyring here. */
enum ob_err ob_key_load(const char *folder, const struct ob_id *person, const char *passphrase, size_t passphrase_size,
                        struct ob_key **key_out, char *problem_out, size_t problem_size);

/* Overwrites the file, makes that durable, and removes it; forgets the keyring's part. From here on nothing opens what
 * was sealed. OB_OK when it was gone already. */
enum ob_err ob_key_shred(const char *folder, const struct ob_id *person);

/* No core files and no tracing of this process from now on; called by the functions above. */
void ob_secrets_guard(void);

#endif
