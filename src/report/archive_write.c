/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/archive.h"

#include "base/crc32c.h"
#include "os/file.h"
#include "report/seal.h"
#include "report/sheet.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct ob_archive_writer {
    char *path, *temporary;
    bool replace;
    int64_t wall_s;
    FILE *stream;
    struct ob_seal *seal;
    enum ob_err err;
    uint64_t left; /* of the entry that was begun */
    uint64_t size; /* of it */
    uint64_t entries;
    uint32_t crc;
};

static const char readme[] =
    "{\"format\":\"outbreath-archive\",\"version\":1,\"written_by\":\"Outbreath " OB_VERSION "\",\n"
    " \"about\":\"All that was kept of one person. 'outbreath import' reads it back; docs/export.md describes it. This "
    "copy "
    "lies outside the program: deleting the person there leaves it as it is.\"}\n";

static enum ob_err start(struct ob_archive_writer *w, const struct ob_archive_desc *desc)
{
    const size_t room = strlen(desc->path) + 12;
    w->path = strdup(desc->path);
    w->temporary = malloc(room);
    if (!w->path || !w->temporary)
        return OB_ERR_NO_MEMORY;
    if (!desc->replace && access(desc->path, F_OK) == 0) {
        free(w->temporary);
        w->temporary = NULL;
        return OB_ERR_EXISTS;
    }
    snprintf(w->temporary, room, "%s.XXXXXX", desc->path);
    const int fd = mkstemp(w->temporary);
    if (fd < 0) {
        const enum ob_err err = ob_err_from_errno(errno);
        free(w->temporary);
        w->temporary = NULL;
        return err;
    }
    w->stream = fdopen(fd, "wb");
    if (!w->stream) {
        close(fd);
        return OB_ERR_NO_MEMORY;
    }
    const enum ob_err err = ob_seal_create(w->stream, desc->passphrase, desc->passphrase_size, &w->seal);
    return err ? err : ob_archive_add(w, "outbreath.json", readme, sizeof readme - 1);
}

static enum ob_err say(const struct ob_archive_writer *w, enum ob_err err, char *sentence, size_t size)
{
    if (size > 0 && err == OB_ERR_EXISTS)
        snprintf(sentence, size, "%s is there already; it was left as it is.", w->path);
    else if (size > 0)
        snprintf(sentence, size, "%s was not written: %s.", w->path ? w->path : "The archive", ob_err_text(err));
    return err;
}

enum ob_err ob_archive_create(const struct ob_archive_desc *desc, struct ob_archive_writer **writer_out, char *sentence,
                              size_t size)
{
    *writer_out = NULL;
    if (size > 0)
        sentence[0] = 0;
    struct ob_archive_writer *w = calloc(1, sizeof *w);
    if (!w)
        return OB_ERR_NO_MEMORY;
    w->replace = desc->replace;
    w->wall_s = desc->wall_s;
    const enum ob_err err = start(w, desc);
    if (err) {
        say(w, err, sentence, size);
        ob_archive_abandon(w);
        return err;
    }
    *writer_out = w;
    return OB_OK;
}

void ob_archive_abandon(struct ob_archive_writer *w)
{
    if (!w)
        return;
    ob_seal_destroy(w->seal);
    if (w->stream)
        fclose(w->stream);
    if (w->temporary)
        unlink(w->temporary);
    free(w->temporary);
    free(w->path);
    free(w);
}

static enum ob_err put(struct ob_archive_writer *w, const void *bytes, size_t size)
{
    if (!w->err)
        w->err = ob_seal_put(w->seal, bytes, size);
    return w->err;
}

enum ob_err ob_archive_begin(struct ob_archive_writer *w, const char *name, uint64_t size)
{
    unsigned char block[OB_TAR_BLOCK];
    if (!w->err && (w->left > 0 || !ob_tar_encode(name, size, w->wall_s, block)))
        w->err = OB_ERR_RANGE;
    w->left = w->size = size;
    w->entries++;
    return put(w, block, sizeof block);
}

enum ob_err ob_archive_write(struct ob_archive_writer *w, const void *bytes, size_t size)
{
    static const unsigned char zeros[OB_TAR_BLOCK];
    if (!w->err && size > w->left)
        w->err = OB_ERR_RANGE;
    if (w->err)
        return w->err;
    w->crc = ob_crc32c(w->crc, bytes, size);
    w->left -= size;
    put(w, bytes, size);
    return w->left == 0 ? put(w, zeros, ob_tar_padding(w->size)) : w->err;
}

enum ob_err ob_archive_add(struct ob_archive_writer *w, const char *name, const void *bytes, size_t size)
{
    (void)ob_archive_begin(w, name, size);
    return size > 0 ? ob_archive_write(w, bytes, size) : w->err;
}

enum ob_err ob_archive_finish(struct ob_archive_writer *w, char *sentence, size_t size)
{
    static const unsigned char zeros[2 * OB_TAR_BLOCK];
    char end[160];
    if (size > 0)
        sentence[0] = 0;
    if (!w->err && w->left > 0)
        w->err = OB_ERR_RANGE;
    const int length = snprintf(end, sizeof end,
                                "{\"format\":\"outbreath-archive-end\",\"version\":1,\"entries\":%" PRIu64
                                ",\"crc32c\":%" PRIu32 "}\n",
                                w->entries, w->crc);
    (void)ob_archive_add(w, "end.json", end, (size_t)length);
    enum ob_err err = put(w, zeros, sizeof zeros);
    err = err ? err : ob_seal_end(w->seal);
    errno = 0;
    if (fclose(w->stream) != 0 && !err)
        err = ob_err_from_errno(errno ? errno : EIO);
    w->stream = NULL;
    err = err ? err : ob_file_place(w->temporary, w->path, w->replace);
    if (err) {
        say(w, err, sentence, size);
    } else {
        free(w->temporary);
        w->temporary = NULL;
    }
    ob_archive_abandon(w);
    return err;
}
