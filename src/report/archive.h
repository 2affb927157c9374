/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file that holds all that is kept of a person: a tar archive that any tar program unpacks, or, under a passphrase,
 * the same sealed.
 *
 *   outbreath.json        first: that it is one, its version, and what it says of itself to whoever unpacks it
 *   person.json           name, notes, since when
 *   blobs/<name>          bytes that the program keeps from session to session
 *   sessions/<n>.json     a session by docs/schema/session.schema.json
 *   files/<n>.<what>      what was recorded beside session n
 *   end.json              last: how many entries there were, and a CRC-32C over their contents
 *
 *   sealed   8 bytes "OBARCH" CR LF, u8 version 1, 7 bytes 0, u32 passes, u64 memory in bytes, 16 bytes salt, 24 bytes
 * of the stream's own header; then blocks: u32 length, then that many bytes (up to 65536 + 17) of libsodium's
 *            secretstream under Argon2id of the passphrase, the last one tagged as last. Numbers are little-endian.
 *
 * A reader hands out contents as they come and can't know before the end that all is there: read through once, then
 * believe it. Caller's thread; may block on the disk. */
#ifndef OB_REPORT_ARCHIVE_H
#define OB_REPORT_ARCHIVE_H

#include "base/err.h"
#include "report/tar.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define OB_ARCHIVE_VERSION 1

struct ob_archive_writer;

struct ob_archive_desc {
    const char *path;
    bool replace;           /* else a file of that name is refused */
    const char *passphrase; /* bytes; NULL: in clear */
    size_t passphrase_size;
    int64_t wall_s; /* time that the entries carry, since 1970 */
};

/* Written beside path with mode 0600; it gets its name at finish. */
enum ob_err ob_archive_create(const struct ob_archive_desc *desc, struct ob_archive_writer **writer_out,
                              char *sentence_out, size_t size);

/* A whole entry; or its beginning, and then exactly size bytes in parts. The first error stays. */
enum ob_err ob_archive_add(struct ob_archive_writer *writer, const char *name, const void *bytes, size_t size);
enum ob_err ob_archive_begin(struct ob_archive_writer *writer, const char *name, uint64_t size);
enum ob_err ob_archive_write(struct ob_archive_writer *writer, const void *bytes, size_t size);

/* Ends it, syncs, gives it its name, frees. On an error there is no file, and an older one is untouched. */
enum ob_err ob_archive_finish(struct ob_archive_writer *writer, char *sentence_out, size_t size);
void ob_archive_abandon(struct ob_archive_writer *writer); /* NULL is fine */

struct ob_archive_reader;

/* Whether bytes begin like an archive of ours. */
bool ob_archive_is(const unsigned char *bytes, size_t count);

/* Takes over the stream (closed by done, and on an error). name: for sentences. OB_ERR_FORMAT, OB_ERR_NEWER,
 * OB_ERR_NO_KEY (a passphrase is wanted), OB_ERR_KEY (it does not fit), OB_ERR_TRUNCATED. */
enum ob_err ob_archive_open(FILE *stream, const char *name, const char *passphrase, size_t passphrase_size,
                            struct ob_archive_reader **reader_out, char *sentence_out, size_t size);

/* The next entry; what was not read of the one before is passed over. False: the end, see outcome. outbreath.json and
 * end.json are not handed out. */
bool ob_archive_next(struct ob_archive_reader *reader, struct ob_tar_entry *entry_out);

/* Up to size bytes of the entry; 0: its end, or an error (see outcome). */
size_t ob_archive_read(struct ob_archive_reader *reader, void *bytes_out, size_t size);

/* OB_OK once next has returned false and everything was whole. */
enum ob_err ob_archive_outcome(const struct ob_archive_reader *reader, char *sentence_out, size_t size);
void ob_archive_done(struct ob_archive_reader *reader); /* NULL is fine */

#endif
