/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a key is made of, for the files of this room that use it. Private to this room. */
#ifndef OB_STORE_SECRET_H
#define OB_STORE_SECRET_H

#include "store/key.h"

#include <stdint.h>

#define OB_SECRET_BYTES 32

struct ob_key { /* in guarded memory, read-only once made */
    struct ob_id person;
    unsigned char master[OB_SECRET_BYTES];
    unsigned char rows[OB_SECRET_BYTES];  /* derived: for the database */
    unsigned char files[OB_SECRET_BYTES]; /* derived: for sealed files */
};

/* Argon2id as it is used here; what a file may ask for at most and at least. */
#define OB_ARGON_PASSES     3u
#define OB_ARGON_MEMORY     (UINT64_C(128) << 20)
#define OB_ARGON_PASSES_MAX 16u
#define OB_ARGON_MEMORY_MIN (UINT64_C(64) << 20)
#define OB_ARGON_MEMORY_MAX (UINT64_C(1) << 30)

/* 32 bytes from a passphrase, into guarded memory of the caller. OB_ERR_RANGE: parameters out of bounds. */
enum ob_err ob_secret_from_passphrase(const char *passphrase, size_t size, const unsigned char salt[16],
                                      uint32_t passes, uint64_t memory, unsigned char secret_out[OB_SECRET_BYTES]);

/* The desktop's keyring. OB_ERR_UNSUPPORTED: none here, with a sentence. */
enum ob_err ob_keyring_put(const struct ob_id *person, const unsigned char secret[OB_SECRET_BYTES], char *problem_out,
                           size_t problem_size);
enum ob_err ob_keyring_get(const struct ob_id *person, unsigned char secret_out[OB_SECRET_BYTES], char *problem_out,
                           size_t problem_size);
void ob_keyring_forget(const struct ob_id *person);

#endif
