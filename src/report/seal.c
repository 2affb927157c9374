/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/seal.h"

#include "os/file.h"

#include <errno.h>
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK       65536
#define MAGIC       8
#define HEADER      (MAGIC + 8 + 4 + 8)
#define SALT        crypto_pwhash_SALTBYTES
#define STREAM      crypto_secretstream_xchacha20poly1305_HEADERBYTES
#define EXTRA       crypto_secretstream_xchacha20poly1305_ABYTES
#define PASSES      3
#define MEMORY      (UINT64_C(128) << 20)
#define MOST_PASSES 10
#define MOST_MEMORY (UINT64_C(1) << 30)

struct ob_seal {
    FILE *stream;
    bool sealed, over;
    size_t have, at; /* of plain */
    crypto_secretstream_xchacha20poly1305_state state;
    unsigned char plain[BLOCK];
    unsigned char cipher[BLOCK + EXTRA];
};

static void put_number(unsigned char *p, uint64_t x, int bytes)
{
    for (int i = 0; i < bytes; i++)
        p[i] = (unsigned char)(x >> (8 * i) & 0xff);
}

static uint64_t get_number(const unsigned char *p, int bytes)
{
    uint64_t x = 0;
    for (int i = bytes; i-- > 0;)
        x = x << 8 | p[i];
    return x;
}

static enum ob_err put_out(FILE *stream, const void *bytes, size_t size)
{
    errno = 0;
    return fwrite(bytes, 1, size, stream) == size ? OB_OK : ob_err_from_errno(errno ? errno : EIO);
}

static enum ob_err derive(unsigned char key[crypto_secretstream_xchacha20poly1305_KEYBYTES], const char *passphrase,
                          size_t size, const unsigned char *salt, uint64_t passes, uint64_t memory)
{
    return crypto_pwhash(key, crypto_secretstream_xchacha20poly1305_KEYBYTES, passphrase, size, salt, passes,
                         (size_t)memory, crypto_pwhash_ALG_ARGON2ID13) == 0
               ? OB_OK
               : OB_ERR_NO_MEMORY;
}

static struct ob_seal *make(FILE *stream)
{
    if (sodium_init() < 0)
        return NULL;
    struct ob_seal *seal = calloc(1, sizeof *seal);
    if (seal)
        seal->stream = stream;
    return seal;
}

void ob_seal_destroy(struct ob_seal *seal)
{
    if (!seal)
        return;
    sodium_memzero(seal, sizeof *seal);
    free(seal);
}

enum ob_err ob_seal_create(FILE *stream, const char *passphrase, size_t size, struct ob_seal **seal_out)
{
    *seal_out = NULL;
    struct ob_seal *seal = make(stream);
    if (!seal)
        return OB_ERR_NO_MEMORY;
    enum ob_err err = OB_OK;
    if (passphrase) {
        unsigned char key[crypto_secretstream_xchacha20poly1305_KEYBYTES];
        unsigned char start[HEADER + SALT + STREAM] = OB_SEALED_MAGIC "\1";
        seal->sealed = true;
        put_number(start + MAGIC + 8, PASSES, 4);
        put_number(start + MAGIC + 12, MEMORY, 8);
        randombytes_buf(start + HEADER, SALT);
        err = derive(key, passphrase, size, start + HEADER, PASSES, MEMORY);
        if (!err)
            crypto_secretstream_xchacha20poly1305_init_push(&seal->state, start + HEADER + SALT, key);
        sodium_memzero(key, sizeof key);
        err = err ? err : put_out(stream, start, sizeof start);
    }
    if (err) {
        ob_seal_destroy(seal);
        return err;
    }
    *seal_out = seal;
    return OB_OK;
}

static enum ob_err push_block(struct ob_seal *seal, bool last)
{
    unsigned char length[4];
    unsigned long long size;
    crypto_secretstream_xchacha20poly1305_push(&seal->state, seal->cipher, &size, seal->plain, seal->have, NULL, 0,
                                               last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
    put_number(length, size, 4);
    seal->have = 0;
    const enum ob_err err = put_out(seal->stream, length, sizeof length);
    return err ? err : put_out(seal->stream, seal->cipher, (size_t)size);
}

enum ob_err ob_seal_put(struct ob_seal *seal, const void *bytes, size_t size)
{
    if (!seal->sealed)
        return put_out(seal->stream, bytes, size);
    const unsigned char *p = bytes;
    while (size > 0) {
        const size_t part = size < BLOCK - seal->have ? size : BLOCK - seal->have;
        memcpy(seal->plain + seal->have, p, part);
        seal->have += part;
        p += part;
        size -= part;
        if (seal->have == BLOCK) {
            const enum ob_err err = push_block(seal, false);
            if (err)
                return err;
        }
    }
    return OB_OK;
}

enum ob_err ob_seal_end(struct ob_seal *seal)
{
    const enum ob_err err = seal->sealed ? push_block(seal, true) : OB_OK;
    errno = 0;
    if (!err && fflush(seal->stream) != 0)
        return ob_err_from_errno(errno ? errno : EIO);
    return err;
}

/* The next block into plain. A wrong passphrase shows at the first one. */
static enum ob_err pull_block(struct ob_seal *seal)
{
    unsigned char length[4];
    if (fread(length, 1, sizeof length, seal->stream) != sizeof length)
        return ferror(seal->stream) ? OB_ERR_IO : OB_ERR_TRUNCATED;
    const uint64_t size = get_number(length, 4);
    if (size < EXTRA || size > BLOCK + EXTRA)
        return OB_ERR_DAMAGED;
    if (fread(seal->cipher, 1, (size_t)size, seal->stream) != size)
        return ferror(seal->stream) ? OB_ERR_IO : OB_ERR_TRUNCATED;
    unsigned long long got;
    unsigned char tag;
    if (crypto_secretstream_xchacha20poly1305_pull(&seal->state, seal->plain, &got, &tag, seal->cipher, size, NULL,
                                                   0) != 0)
        return OB_ERR_DAMAGED;
    seal->have = (size_t)got;
    seal->at = 0;
    seal->over = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    return OB_OK;
}

static enum ob_err open_sealed(struct ob_seal *seal, const char *passphrase, size_t size)
{
    unsigned char rest[HEADER - MAGIC + SALT + STREAM];
    unsigned char key[crypto_secretstream_xchacha20poly1305_KEYBYTES];
    if (fread(rest, 1, sizeof rest, seal->stream) != sizeof rest)
        return OB_ERR_TRUNCATED;
    if (rest[0] != 1)
        return OB_ERR_NEWER;
    const uint64_t passes = get_number(rest + 8, 4), memory = get_number(rest + 12, 8);
    if (passes < 1 || passes > MOST_PASSES || memory < crypto_pwhash_MEMLIMIT_MIN || memory > MOST_MEMORY)
        return OB_ERR_DAMAGED;
    if (!passphrase)
        return OB_ERR_NO_KEY;
    seal->sealed = true;
    enum ob_err err = derive(key, passphrase, size, rest + HEADER - MAGIC, passes, memory);
    if (!err && crypto_secretstream_xchacha20poly1305_init_pull(&seal->state, rest + HEADER - MAGIC + SALT, key) != 0)
        err = OB_ERR_DAMAGED;
    sodium_memzero(key, sizeof key);
    if (!err && (err = pull_block(seal)) == OB_ERR_DAMAGED)
        err = OB_ERR_KEY;
    return err;
}

enum ob_err ob_seal_open(FILE *stream, const char *passphrase, size_t size, struct ob_seal **seal_out)
{
    *seal_out = NULL;
    struct ob_seal *seal = make(stream);
    if (!seal)
        return OB_ERR_NO_MEMORY;
    seal->have = fread(seal->plain, 1, MAGIC, stream);
    enum ob_err err = OB_OK;
    if (seal->have == MAGIC && memcmp(seal->plain, OB_SEALED_MAGIC, MAGIC) == 0) {
        seal->have = 0;
        err = open_sealed(seal, passphrase, size);
    }
    if (err) {
        ob_seal_destroy(seal);
        return err;
    }
    *seal_out = seal;
    return OB_OK;
}

enum ob_err ob_seal_get(struct ob_seal *seal, void *bytes_out, size_t size, size_t *got_out)
{
    unsigned char *out = bytes_out;
    enum ob_err err = OB_OK;
    *got_out = 0;
    while (!err && *got_out < size) {
        if (seal->at < seal->have) {
            const size_t left = seal->have - seal->at;
            const size_t part = size - *got_out < left ? size - *got_out : left;
            memcpy(out + *got_out, seal->plain + seal->at, part);
            seal->at += part;
            *got_out += part;
        } else if (seal->sealed) {
            if (seal->over)
                break;
            err = pull_block(seal);
        } else {
            seal->at = 0;
            seal->have = fread(seal->plain, 1, sizeof seal->plain, seal->stream);
            if (seal->have == 0) {
                err = ferror(seal->stream) ? OB_ERR_IO : OB_OK;
                break;
            }
        }
    }
    return err;
}
