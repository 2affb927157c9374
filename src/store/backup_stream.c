/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/backup_stream.h"

#include "format/bytes.h"
#include "os/file.h"
#include "store/folder.h"
#include "store/seal.h"
#include "store/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXTRA  crypto_secretstream_xchacha20poly1305_ABYTES
#define STREAM crypto_secretstream_xchacha20poly1305_HEADERBYTES

static const unsigned char magic[8] = {'O', 'B', 'B', 'A', 'C', 'K', '\r', '\n'};

enum { /* offsets in the header */
       AT_SEALED = 9,
       AT_PASSES = 12,
       AT_MEMORY = 16,
       AT_SALT = 24,
       AT_KEY = 40,
       AT_STREAM = 72,
       HEADER = AT_STREAM + STREAM
};

struct secrets { /* in guarded memory */
    crypto_secretstream_xchacha20poly1305_state stream;
    unsigned char key[OB_SECRET_BYTES];
    unsigned char content[OB_SEAL_BLOCK];
};

/* ---- writing ---------------------------------------------------------------------------------------------------- */

struct ob_backup_writer {
    int fd;
    size_t used;
    struct secrets *secrets;
    unsigned char header[HEADER]; /* goes with every block */
    unsigned char block[4 + OB_SEAL_BLOCK + EXTRA];
};

static enum ob_err begin(struct ob_backup_writer *w, const char *passphrase, size_t passphrase_size)
{
    unsigned char *head = w->header;
    memcpy(head, magic, sizeof magic);
    head[8] = 1;
    enum ob_err err = OB_OK;
    if (passphrase) {
        head[AT_SEALED] = 1;
        ob_put_u32(head + AT_PASSES, OB_ARGON_PASSES);
        ob_put_u64(head + AT_MEMORY, OB_ARGON_MEMORY);
        randombytes_buf(head + AT_SALT, AT_KEY - AT_SALT);
        err = ob_secret_from_passphrase(passphrase, passphrase_size, head + AT_SALT, OB_ARGON_PASSES, OB_ARGON_MEMORY,
                                        w->secrets->key);
    } else {
        randombytes_buf(w->secrets->key, OB_SECRET_BYTES);
        memcpy(head + AT_KEY, w->secrets->key, OB_SECRET_BYTES);
    }
    if (err)
        return err;
    crypto_secretstream_xchacha20poly1305_init_push(&w->secrets->stream, head + AT_STREAM, w->secrets->key);
    return ob_write_all(w->fd, head, HEADER);
}

enum ob_err ob_backup_writer_open(const char *path, const char *passphrase, size_t passphrase_size,
                                  struct ob_backup_writer **writer_out)
{
    struct ob_backup_writer *w = sodium_init() < 0 ? NULL : calloc(1, sizeof *w);
    if (!w)
        return OB_ERR_NO_MEMORY;
    w->secrets = sodium_malloc(sizeof *w->secrets);
    if (w->secrets)
        unlink(path); /* what a crash left, or others have made to read along */
    w->fd = w->secrets ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
    enum ob_err err = !w->secrets ? OB_ERR_NO_MEMORY : w->fd < 0 ? ob_err_from_errno(errno) : OB_OK;
    if (!err)
        err = begin(w, passphrase, passphrase_size);
    if (err) {
        if (w->fd >= 0) {
            close(w->fd);
            unlink(path);
        }
        sodium_free(w->secrets);
        free(w);
        return err;
    }
    *writer_out = w;
    return OB_OK;
}

static enum ob_err put_block(struct ob_backup_writer *w, bool last)
{
    unsigned long long length = 0;
    crypto_secretstream_xchacha20poly1305_push(
        &w->secrets->stream, w->block + 4, &length, w->secrets->content, w->used, w->header, AT_STREAM,
        last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
    ob_put_u32(w->block, (uint32_t)length);
    w->used = 0;
    return ob_write_all(w->fd, w->block, 4 + (size_t)length);
}

enum ob_err ob_backup_put(struct ob_backup_writer *w, const void *bytes, size_t size)
{
    const unsigned char *p = bytes;
    while (size > 0) {
        const size_t room = OB_SEAL_BLOCK - w->used;
        const size_t part = size < room ? size : room;
        memcpy(w->secrets->content + w->used, p, part);
        w->used += part;
        p += part;
        size -= part;
        const enum ob_err err = w->used == OB_SEAL_BLOCK ? put_block(w, false) : OB_OK;
        if (err)
            return err;
    }
    return OB_OK;
}

enum ob_err ob_backup_writer_close(struct ob_backup_writer *w)
{
    enum ob_err err = put_block(w, true);
    if (!err && fsync(w->fd) != 0)
        err = ob_err_from_errno(errno);
    if (close(w->fd) != 0 && !err)
        err = ob_err_from_errno(errno);
    sodium_free(w->secrets);
    free(w);
    return err;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

struct ob_backup_reader {
    int fd;
    bool last;
    size_t used, have;
    struct secrets *secrets;
    unsigned char header[HEADER];
    unsigned char block[OB_SEAL_BLOCK + EXTRA];
};

static enum ob_err next_block(struct ob_backup_reader *r)
{
    unsigned char head[4];
    size_t got = 0;
    enum ob_err err = ob_read_all(r->fd, head, sizeof head, &got);
    if (err || got < sizeof head)
        return err ? err : OB_ERR_TRUNCATED;
    const size_t length = ob_get_u32(head);
    if (length < EXTRA || length > sizeof r->block)
        return OB_ERR_DAMAGED;
    err = ob_read_all(r->fd, r->block, length, &got);
    if (err || got < length)
        return err ? err : OB_ERR_TRUNCATED;
    unsigned char tag = 0;
    unsigned long long content = 0;
    if (crypto_secretstream_xchacha20poly1305_pull(&r->secrets->stream, r->secrets->content, &content, &tag, r->block,
                                                   length, r->header, AT_STREAM) != 0)
        return OB_ERR_DAMAGED;
    r->used = 0;
    r->have = (size_t)content;
    r->last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    return OB_OK;
}

static enum ob_err open_stream(struct ob_backup_reader *r, const char *passphrase, size_t passphrase_size,
                               bool *sealed_out)
{
    size_t got = 0;
    enum ob_err err = ob_read_all(r->fd, r->header, HEADER, &got);
    if (err)
        return err;
    if (got < sizeof magic || memcmp(r->header, magic, sizeof magic) != 0)
        return OB_ERR_FORMAT;
    if (got < HEADER)
        return OB_ERR_TRUNCATED;
    if (r->header[8] != 1)
        return OB_ERR_NEWER;
    if (r->header[AT_SEALED] > 1)
        return OB_ERR_DAMAGED;
    *sealed_out = r->header[AT_SEALED] == 1;
    if (*sealed_out && !passphrase)
        return OB_ERR_NO_KEY;
    if (*sealed_out) {
        err = ob_secret_from_passphrase(passphrase, passphrase_size, r->header + AT_SALT,
                                        ob_get_u32(r->header + AT_PASSES), ob_get_u64(r->header + AT_MEMORY),
                                        r->secrets->key);
        if (err)
            return err == OB_ERR_RANGE ? OB_ERR_DAMAGED : err;
    } else
        memcpy(r->secrets->key, r->header + AT_KEY, OB_SECRET_BYTES);
    if (crypto_secretstream_xchacha20poly1305_init_pull(&r->secrets->stream, r->header + AT_STREAM, r->secrets->key) !=
        0)
        return OB_ERR_DAMAGED;
    err = next_block(r);
    return err == OB_ERR_DAMAGED && *sealed_out ? OB_ERR_KEY : err;
}

enum ob_err ob_backup_reader_open(const char *path, const char *passphrase, size_t passphrase_size,
                                  struct ob_backup_reader **reader_out, bool *sealed_out)
{
    *sealed_out = false;
    if (sodium_init() < 0)
        return OB_ERR_NO_MEMORY;
    struct ob_backup_reader *r = calloc(1, sizeof *r);
    if (!r)
        return OB_ERR_NO_MEMORY;
    r->fd = -1;
    r->secrets = sodium_malloc(sizeof *r->secrets);
    enum ob_err err = r->secrets ? OB_OK : OB_ERR_NO_MEMORY;
    if (!err) {
        r->fd = open(path, O_RDONLY | O_CLOEXEC);
        err = r->fd < 0 ? ob_err_from_errno(errno) : OB_OK;
    }
    if (!err)
        err = open_stream(r, passphrase, passphrase_size, sealed_out);
    if (err) {
        ob_backup_reader_close(r);
        return err;
    }
    *reader_out = r;
    return OB_OK;
}

enum ob_err ob_backup_take(struct ob_backup_reader *r, void *bytes_out, size_t size)
{
    unsigned char *out = bytes_out;
    while (size > 0) {
        if (r->used == r->have) {
            const enum ob_err err = r->last ? OB_ERR_DAMAGED : next_block(r);
            if (err)
                return err;
            continue;
        }
        const size_t left = r->have - r->used;
        const size_t part = size < left ? size : left;
        memcpy(out, r->secrets->content + r->used, part);
        r->used += part;
        out += part;
        size -= part;
    }
    return OB_OK;
}

enum ob_err ob_backup_over(struct ob_backup_reader *r)
{
    while (!r->last) {
        if (r->used < r->have)
            return OB_ERR_DAMAGED;
        const enum ob_err err = next_block(r);
        if (err)
            return err;
    }
    unsigned char more;
    size_t got = 0;
    const enum ob_err err = ob_read_all(r->fd, &more, 1, &got);
    return err ? err : r->used < r->have || got > 0 ? OB_ERR_DAMAGED : OB_OK;
}

void ob_backup_reader_close(struct ob_backup_reader *r)
{
    if (!r)
        return;
    if (r->fd >= 0)
        close(r->fd);
    sodium_free(r->secrets);
    free(r);
}
