/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file's bytes as they are, or sealed under a passphrase (form in archive.h). Private to archive.c.
 *
 * Argon2id with 128 MiB and three passes, so that guessing is slow; a reader takes up to 1 GiB and ten passes from a
 * file, so that a hostile one can't hold the machine for long. Keys are wiped. */
#ifndef OB_REPORT_SEAL_H
#define OB_REPORT_SEAL_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define OB_SEALED_MAGIC "OBARCH\r\n"

struct ob_seal; /* one file, written or read */

/* passphrase NULL: in clear. The stream stays the caller's. */
enum ob_err ob_seal_create(FILE *stream, const char *passphrase, size_t size, struct ob_seal **seal_out);
enum ob_err ob_seal_put(struct ob_seal *seal, const void *bytes, size_t size);
enum ob_err ob_seal_end(struct ob_seal *seal); /* the last block, and everything to the system */

/* Stands at the start of the stream. sealed: it begins with the magic. OB_ERR_NO_KEY, OB_ERR_KEY, OB_ERR_NEWER,
 * OB_ERR_TRUNCATED. */
enum ob_err ob_seal_open(FILE *stream, const char *passphrase, size_t size, struct ob_seal **seal_out);

/* *got_out is less than size at the end only. OB_ERR_TRUNCATED: it ends before its last block; OB_ERR_DAMAGED. */
enum ob_err ob_seal_get(struct ob_seal *seal, void *bytes_out, size_t size, size_t *got_out);

void ob_seal_destroy(struct ob_seal *seal);

#endif
