/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/archive.h"

#include "base/crc32c.h"
#include "format/json.h"
#include "report/seal.h"

#include <stdlib.h>
#include <string.h>

#define SMALL 4096 /* of outbreath.json and end.json */

struct ob_archive_reader {
    FILE *stream;
    char name[256];
    struct ob_seal *seal;
    enum ob_err err;
    bool over;
    uint64_t left; /* of the entry */
    size_t padding;
    uint64_t entries;
    uint32_t crc;
};

bool ob_archive_is(const unsigned char *bytes, size_t count)
{
    struct ob_tar_entry entry;
    if (count >= 8 && memcmp(bytes, OB_SEALED_MAGIC, 8) == 0)
        return true;
    return count >= OB_TAR_BLOCK && ob_tar_decode(bytes, &entry) == OB_TAR_FILE &&
           strcmp(entry.name, "outbreath.json") == 0;
}

static enum ob_err take(struct ob_archive_reader *r, void *bytes, size_t size)
{
    size_t got;
    if (r->err)
        return r->err;
    r->err = ob_seal_get(r->seal, bytes, size, &got);
    if (!r->err && got < size)
        r->err = OB_ERR_TRUNCATED;
    return r->err;
}

size_t ob_archive_read(struct ob_archive_reader *r, void *bytes, size_t size)
{
    const size_t part = size < r->left ? size : (size_t)r->left;
    if (part == 0 || take(r, bytes, part))
        return 0;
    r->crc = ob_crc32c(r->crc, bytes, part);
    r->left -= part;
    return part;
}

static void pass_over(struct ob_archive_reader *r)
{
    unsigned char block[OB_TAR_BLOCK];
    while (!r->err && r->left > 0)
        (void)ob_archive_read(r, block, sizeof block);
    if (!r->err && r->padding > 0)
        (void)take(r, block, r->padding);
    r->padding = 0;
}

/* The next header. False: none, and err or over says why. */
static bool next_header(struct ob_archive_reader *r, struct ob_tar_entry *entry)
{
    unsigned char block[OB_TAR_BLOCK];
    pass_over(r);
    if (r->err || r->over || take(r, block, sizeof block))
        return false;
    switch (ob_tar_decode(block, entry)) {
    case OB_TAR_FILE:
        break;
    case OB_TAR_END:
        r->err = OB_ERR_TRUNCATED; /* end.json has to come first */
        return false;
    default:
        r->err = OB_ERR_DAMAGED;
        return false;
    }
    r->left = entry->size;
    r->padding = ob_tar_padding(entry->size);
    return true;
}

/* A small entry of ours as JSON with this format; *value is its root, freed with the json. */
static enum ob_err take_own(struct ob_archive_reader *r, const struct ob_tar_entry *entry, const char *format,
                            struct ob_json *json)
{
    char bytes[SMALL];
    size_t have = 0, got;
    memset(json, 0, sizeof *json);
    if (entry->size > sizeof bytes)
        return OB_ERR_DAMAGED;
    while ((got = ob_archive_read(r, bytes + have, sizeof bytes - have)) > 0)
        have += got;
    if (r->err)
        return r->err;
    if (ob_json_parse(json, bytes, have) != OB_OK)
        return OB_ERR_DAMAGED;
    const struct ob_json_value *root = ob_json_root(json);
    const char *said = ob_json_string_of(json, ob_json_get(json, root, "format"));
    const struct ob_json_value *version = ob_json_get(json, root, "version");
    if (!said || strcmp(said, format) != 0 || !version || version->kind != OB_JSON_NUMBER || !version->whole)
        return OB_ERR_DAMAGED;
    return version->integer > OB_ARCHIVE_VERSION ? OB_ERR_NEWER : OB_OK;
}

static void take_end(struct ob_archive_reader *r, const struct ob_tar_entry *entry)
{
    const uint32_t crc = r->crc;
    struct ob_json json;
    const enum ob_err err = take_own(r, entry, "outbreath-archive-end", &json);
    if (err && !r->err)
        r->err = err;
    const struct ob_json_value *entries = ob_json_get(&json, ob_json_root(&json), "entries");
    const struct ob_json_value *sum = ob_json_get(&json, ob_json_root(&json), "crc32c");
    if (!r->err && (!entries || !entries->whole || entries->integer != (int64_t)r->entries || !sum || !sum->whole ||
                    sum->integer != (int64_t)crc))
        r->err = OB_ERR_DAMAGED;
    ob_json_finish(&json);
    pass_over(r);
    r->over = true;
}

bool ob_archive_next(struct ob_archive_reader *r, struct ob_tar_entry *entry)
{
    if (!next_header(r, entry))
        return false;
    if (strcmp(entry->name, "end.json") == 0) {
        take_end(r, entry);
        return false;
    }
    r->entries++;
    return true;
}

static enum ob_err say(const char *name, enum ob_err err, char *sentence, size_t size)
{
    const char *clause = ob_err_text(err);
    if (err == OB_ERR_TRUNCATED)
        clause = "the archive ends too early";
    else if (err == OB_ERR_DAMAGED)
        clause = "the archive is damaged";
    else if (err == OB_ERR_FORMAT)
        clause = "it is no archive of Outbreath";
    else if (err == OB_ERR_KEY)
        clause = "the passphrase does not fit, or the archive is damaged";
    else if (err == OB_ERR_NO_KEY)
        clause = "it is sealed, and wants a passphrase";
    else if (err == OB_ERR_NEWER)
        clause = "a newer Outbreath wrote it";
    if (size > 0)
        snprintf(sentence, size, "%s: %s.", name, clause);
    return err;
}

enum ob_err ob_archive_open(FILE *stream, const char *name, const char *passphrase, size_t passphrase_size,
                            struct ob_archive_reader **reader_out, char *sentence, size_t size)
{
    *reader_out = NULL;
    if (size > 0)
        sentence[0] = 0;
    struct ob_archive_reader *r = calloc(1, sizeof *r);
    if (!r) {
        fclose(stream);
        return say(name, OB_ERR_NO_MEMORY, sentence, size);
    }
    r->stream = stream;
    snprintf(r->name, sizeof r->name, "%s", name);
    enum ob_err err = ob_seal_open(stream, passphrase, passphrase_size, &r->seal);
    struct ob_tar_entry entry;
    struct ob_json json;
    if (!err && (!next_header(r, &entry) || strcmp(entry.name, "outbreath.json") != 0))
        err = r->err == OB_ERR_TRUNCATED ? r->err : OB_ERR_FORMAT;
    if (!err) {
        r->entries++;
        err = take_own(r, &entry, "outbreath-archive", &json);
        ob_json_finish(&json);
    }
    if (err) {
        say(name, err, sentence, size);
        ob_archive_done(r);
        return err;
    }
    *reader_out = r;
    return OB_OK;
}

enum ob_err ob_archive_outcome(const struct ob_archive_reader *r, char *sentence, size_t size)
{
    if (size > 0)
        sentence[0] = 0;
    const enum ob_err err = r->err ? r->err : r->over ? OB_OK : OB_ERR_TRUNCATED;
    return err ? say(r->name, err, sentence, size) : OB_OK;
}

void ob_archive_done(struct ob_archive_reader *r)
{
    if (!r)
        return;
    ob_seal_destroy(r->seal);
    fclose(r->stream);
    free(r);
}
