/* SPDX-License-Identifier: GPL-3.0-or-later */
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
#define HEAD   (16 + STREAM)

static const unsigned char magic[16] = {'O', 'B', 'S', 'E', 'A', 'L', '\r', '\n', 1};

struct about { /* goes with every block: whose and what */
    unsigned char bytes[OB_ID_BYTES + 32];
    size_t size;
};

static bool say_what_it_is(const struct ob_key *key, const char *label, struct about *about_out)
{
    const size_t length = strlen(label);
    if (length > sizeof about_out->bytes - OB_ID_BYTES)
        return false;
    memcpy(about_out->bytes, key->person.bytes, OB_ID_BYTES);
    memcpy(about_out->bytes + OB_ID_BYTES, label, length);
    about_out->size = OB_ID_BYTES + length;
    return true;
}

struct secret_state { /* in guarded memory */
    crypto_secretstream_xchacha20poly1305_state stream;
    unsigned char content[OB_SEAL_BLOCK];
};

/* ---- writing ---------------------------------------------------------------------------------------------------- */

struct ob_sealed_writer {
    int fd;
    enum ob_err err;
    struct about about;
    size_t used, pending; /* bytes of content that wait, of a sealed block that waits */
    struct secret_state *secret;
    unsigned char block[4 + OB_SEAL_BLOCK + EXTRA];
};

enum ob_err ob_sealed_create(const char *path, const struct ob_key *key, const char *label,
                             struct ob_sealed_writer **writer_out)
{
    struct ob_sealed_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        return OB_ERR_NO_MEMORY;
    writer->fd = -1;
    writer->secret = sodium_malloc(sizeof *writer->secret);
    enum ob_err err = !writer->secret                              ? OB_ERR_NO_MEMORY
                      : say_what_it_is(key, label, &writer->about) ? OB_OK
                                                                   : OB_ERR_RANGE;
    if (!err) {
        writer->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
        err = writer->fd < 0 ? ob_err_from_errno(errno) : OB_OK;
    }
    if (!err) {
        unsigned char head[HEAD];
        memcpy(head, magic, sizeof magic);
        crypto_secretstream_xchacha20poly1305_init_push(&writer->secret->stream, head + sizeof magic, key->files);
        err = ob_write_all(writer->fd, head, sizeof head);
    }
    if (err) {
        if (writer->fd >= 0) {
            close(writer->fd);
            unlink(path);
        }
        sodium_free(writer->secret);
        free(writer);
        return err;
    }
    *writer_out = writer;
    return OB_OK;
}

/* The stream has moved on once a block is sealed, so a block that the disk did not take is kept as it is and goes first
 * when there is room again. What was taken of it is taken back: nothing ever stands behind a torn block. */
static enum ob_err put_pending(struct ob_sealed_writer *writer)
{
    if (writer->pending == 0)
        return OB_OK;
    const off_t before = lseek(writer->fd, 0, SEEK_CUR);
    const enum ob_err err = ob_write_all(writer->fd, writer->block, writer->pending);
    if (!err)
        writer->pending = 0;
    else if (ftruncate(writer->fd, before) != 0 || lseek(writer->fd, before, SEEK_SET) != before)
        return writer->err = OB_ERR_IO;
    if (err && err != OB_ERR_DISK_FULL)
        writer->err = err;
    return err;
}

static enum ob_err put_block(struct ob_sealed_writer *writer, bool last)
{
    enum ob_err err = writer->err ? writer->err : put_pending(writer);
    if (err)
        return err;
    unsigned long long length = 0;
    crypto_secretstream_xchacha20poly1305_push(
        &writer->secret->stream, writer->block + 4, &length, writer->secret->content, writer->used, writer->about.bytes,
        writer->about.size,
        last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE);
    ob_put_u32(writer->block, (uint32_t)length);
    writer->pending = 4 + (size_t)length;
    writer->used = 0;
    return put_pending(writer);
}

enum ob_err ob_sealed_write(struct ob_sealed_writer *writer, const void *bytes, size_t size)
{
    if (writer->err)
        return writer->err;
    if (size > OB_SEAL_BLOCK)
        return OB_ERR_RANGE;
    if (size > OB_SEAL_BLOCK - writer->used) {
        const enum ob_err err = put_block(writer, false);
        if (writer->used > 0)
            return err;
    }
    memcpy(writer->secret->content + writer->used, bytes, size);
    writer->used += size;
    return OB_OK;
}

enum ob_err ob_sealed_flush(struct ob_sealed_writer *writer, bool sync)
{
    enum ob_err err = writer->used > 0 ? put_block(writer, false) : writer->err ? writer->err : put_pending(writer);
    if (!err && sync && fdatasync(writer->fd) != 0)
        err = writer->err = ob_err_from_errno(errno);
    return err;
}

enum ob_err ob_sealed_close(struct ob_sealed_writer *writer)
{
    if (!writer)
        return OB_OK;
    enum ob_err err = put_block(writer, true);
    if (!err && fsync(writer->fd) != 0)
        err = ob_err_from_errno(errno);
    if (close(writer->fd) != 0 && !err)
        err = ob_err_from_errno(errno);
    sodium_free(writer->secret);
    free(writer);
    return err;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

struct ob_sealed_reader {
    int fd;
    bool over;
    enum ob_err err;
    struct about about;
    size_t used, have;
    struct secret_state *secret;
    unsigned char block[OB_SEAL_BLOCK + EXTRA];
};

static enum ob_err next_block(struct ob_sealed_reader *reader)
{
    unsigned char head[4];
    size_t got = 0;
    enum ob_err err = ob_read_all(reader->fd, head, sizeof head, &got);
    if (err || got < sizeof head)
        return err ? err : OB_ERR_TRUNCATED;
    const size_t length = ob_get_u32(head);
    if (length < EXTRA || length > sizeof reader->block)
        return OB_ERR_DAMAGED;
    err = ob_read_all(reader->fd, reader->block, length, &got);
    if (err || got < length)
        return err ? err : OB_ERR_TRUNCATED;
    unsigned char tag = 0;
    unsigned long long content = 0;
    if (crypto_secretstream_xchacha20poly1305_pull(&reader->secret->stream, reader->secret->content, &content, &tag,
                                                   reader->block, length, reader->about.bytes, reader->about.size) != 0)
        return OB_ERR_DAMAGED;
    reader->used = 0;
    reader->have = (size_t)content;
    reader->over = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    return OB_OK;
}

enum ob_err ob_sealed_open(const char *path, const struct ob_key *key, const char *label,
                           struct ob_sealed_reader **reader_out)
{
    struct ob_sealed_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return OB_ERR_NO_MEMORY;
    reader->secret = sodium_malloc(sizeof *reader->secret);
    enum ob_err err = !reader->secret                              ? OB_ERR_NO_MEMORY
                      : say_what_it_is(key, label, &reader->about) ? OB_OK
                                                                   : OB_ERR_RANGE;
    reader->fd = err ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (!err && reader->fd < 0)
        err = ob_err_from_errno(errno);
    unsigned char head[HEAD];
    size_t got = 0;
    if (!err)
        err = ob_read_all(reader->fd, head, sizeof head, &got);
    if (!err && (got < sizeof head || memcmp(head, magic, 8) != 0))
        err = OB_ERR_FORMAT;
    if (!err && head[8] != magic[8])
        err = OB_ERR_NEWER;
    if (!err &&
        crypto_secretstream_xchacha20poly1305_init_pull(&reader->secret->stream, head + sizeof magic, key->files) != 0)
        err = OB_ERR_FORMAT;
    if (!err) { /* the first block tells whether key and label fit */
        reader->err = next_block(reader);
        if (reader->err == OB_ERR_DAMAGED)
            err = OB_ERR_KEY;
    }
    if (err) {
        ob_sealed_done(reader);
        return err;
    }
    *reader_out = reader;
    return OB_OK;
}

enum ob_err ob_sealed_read(struct ob_sealed_reader *reader, void *bytes_out, size_t size, size_t *got_out)
{
    unsigned char *out = bytes_out;
    *got_out = 0;
    while (size > 0) {
        if (reader->used == reader->have) {
            if (reader->over && !reader->err)
                return OB_OK;
            if (!reader->err)
                reader->err = next_block(reader);
            if (reader->err)
                return *got_out > 0 ? OB_OK : reader->err;
            continue;
        }
        const size_t left = reader->have - reader->used;
        const size_t part = size < left ? size : left;
        memcpy(out, reader->secret->content + reader->used, part);
        reader->used += part;
        out += part;
        size -= part;
        *got_out += part;
    }
    return OB_OK;
}

void ob_sealed_done(struct ob_sealed_reader *reader)
{
    if (!reader)
        return;
    if (reader->fd >= 0)
        close(reader->fd);
    sodium_free(reader->secret);
    free(reader);
}
