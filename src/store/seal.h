/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sealing under a person's key: short rows for the database, and whole files that lie beside it.
 *
 * A row is XChaCha20-Poly1305 (libsodium) with a random nonce before it; what it belongs to (person, session, kind,
 * number) is authenticated with it, so that a row moved to another place no longer opens. Its length is rounded up to
 * 64 bytes, so that it does not tell the number of beats.
 *
 * A sealed file is read and written in one pass and in constant memory:
 *
 *   header   8 bytes "OBSEAL" CR LF, u8 version 1, 7 bytes 0, 24 bytes of the stream's own header
 *   block    u32 length (little-endian, at most 65536 + 17), then that many bytes of libsodium's secretstream
 *            (XChaCha20-Poly1305); the last one is tagged as last
 *
 * A program that died while writing leaves a file without the last block: what is whole is read, and then
 * OB_ERR_TRUNCATED says that more may have been there. The label (what the file is: "events", "raw", "report") is
 * authenticated: a file renamed to stand for another does not open.
 *
 * One thread at a time for one file. */
#ifndef OB_STORE_SEAL_H
#define OB_STORE_SEAL_H

#include "base/err.h"
#include "store/key.h"

#include <stddef.h>
#include <stdint.h>

/* ---- rows ------------------------------------------------------------------------------------------------------- */

/* What a row is; part of what is authenticated. Never renumber. */
enum ob_row { OB_ROW_PERSON = 1, OB_ROW_SESSION, OB_ROW_SECOND, OB_ROW_PACK, OB_ROW_BLOB };

struct ob_row_name {
    enum ob_row row;
    struct ob_id session; /* zero where there is none */
    uint64_t number;      /* sequence number, or the kind of a blob */
};

#define OB_SEAL_PAD   64
#define OB_SEAL_EXTRA (24 + 16 + OB_SEAL_PAD) /* a sealed row is at most so much longer than what is in it */

/* out: size + OB_SEAL_EXTRA bytes. Returns the length of the sealed row. */
size_t ob_seal_row(const struct ob_key *key, const struct ob_row_name *name, const void *bytes, size_t size,
                   unsigned char *out);

/* out: size bytes. OB_ERR_DAMAGED: the row was changed, or stands in a place that is not its own. */
enum ob_err ob_unseal_row(const struct ob_key *key, const struct ob_row_name *name, const unsigned char *sealed,
                          size_t size, unsigned char *out, size_t *size_out);

/* ---- files ------------------------------------------------------------------------------------------------------ */

#define OB_SEAL_BLOCK 65536 /* bytes of content in a block at most */

struct ob_sealed_writer;

/* Begins a new file (mode 0600), refusing one that is there (OB_ERR_IO). The key is copied. */
enum ob_err ob_sealed_create(const char *path, const struct ob_key *key, const char *label,
                             struct ob_sealed_writer **writer_out);

/* Takes all or nothing: at most OB_SEAL_BLOCK bytes, collected in memory until a block is full. While the disk is full
 * two blocks wait in memory; only when these are full too, OB_ERR_DISK_FULL, and it may be tried again. Any other error
 * stays. */
enum ob_err ob_sealed_write(struct ob_sealed_writer *writer, const void *bytes, size_t size);

/* Seals what waits, however short, and hands it to the system; sync: also to the disk. Do it each second or so: every
 * block costs 21 bytes. */
enum ob_err ob_sealed_flush(struct ob_sealed_writer *writer, bool sync);

/* Writes the last block, syncs, frees; the first error of all. NULL is fine. */
enum ob_err ob_sealed_close(struct ob_sealed_writer *writer);

struct ob_sealed_reader;

/* OB_ERR_NOT_FOUND; OB_ERR_FORMAT: no sealed file; OB_ERR_KEY: of another person or label, or damaged at its first
 * block. */
enum ob_err ob_sealed_open(const char *path, const struct ob_key *key, const char *label,
                           struct ob_sealed_reader **reader_out);

/* At most size bytes; *got_out 0 at the end. OB_ERR_TRUNCATED where the file ends before its last block,
 * OB_ERR_DAMAGED where a block does not open. */
enum ob_err ob_sealed_read(struct ob_sealed_reader *reader, void *bytes_out, size_t size, size_t *got_out);

void ob_sealed_done(struct ob_sealed_reader *reader); /* NULL is fine */

#endif
