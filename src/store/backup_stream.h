/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stream of a backup file: a header, then sealed blocks. Private to this room. */
#ifndef OB_STORE_BACKUP_STREAM_H
#define OB_STORE_BACKUP_STREAM_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- writing ---------------------------------------------------------------------------------------------------- */

struct ob_backup_writer;

/* A new file, mode 0600. passphrase NULL: the key of the stream stands in its header; it guards against damage alone.
 */
enum ob_err ob_backup_writer_open(const char *path, const char *passphrase, size_t passphrase_size,
                                  struct ob_backup_writer **writer_out);
enum ob_err ob_backup_put(struct ob_backup_writer *writer, const void *bytes, size_t size);

/* Last block, sync, close; frees. */
enum ob_err ob_backup_writer_close(struct ob_backup_writer *writer);

/* ---- reading ---------------------------------------------------------------------------------------------------- */

struct ob_backup_reader;

/* OB_ERR_FORMAT: no backup; OB_ERR_NEWER; OB_ERR_NO_KEY: wants a passphrase; OB_ERR_KEY: it does not fit (or the first
 * block is damaged); OB_ERR_TRUNCATED: it ends in or right behind its header. sealed_out is set wherever the header
 * could be read. */
enum ob_err ob_backup_reader_open(const char *path, const char *passphrase, size_t passphrase_size,
                                  struct ob_backup_reader **reader_out, bool *sealed_out);

/* Exactly so many bytes. OB_ERR_TRUNCATED, OB_ERR_DAMAGED. */
enum ob_err ob_backup_take(struct ob_backup_reader *reader, void *bytes_out, size_t size);

/* OB_OK when nothing follows: neither in the last block nor behind it. */
enum ob_err ob_backup_over(struct ob_backup_reader *reader);

void ob_backup_reader_close(struct ob_backup_reader *reader); /* NULL is fine */

#endif
