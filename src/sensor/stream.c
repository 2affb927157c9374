/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/stream.h"

#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum ob_err ob_stream_open_sentence(const char *path, enum ob_err err, char *sentence, size_t size)
{
    if (err == OB_ERR_NOT_FOUND)
        return ob_fail(sentence, size, err, "%s is not there.", path);
    if (err == OB_ERR_UNSUPPORTED)
        return ob_fail(sentence, size, err, "%s is a folder or a device, not a file.", path);
    return ob_fail(sentence, size, err, "%s can't be opened: %s.", path, ob_err_text(err));
}

void ob_stream_close(struct ob_stream *stream)
{
    if (!stream)
        return;
    close(stream->fd);
    free(stream);
}

enum ob_err ob_stream_open(const char *path, struct ob_stream **stream_out)
{
    *stream_out = NULL;
    /* without O_NONBLOCK the opening of a FIFO would wait for a writer */
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return ob_err_from_errno(errno);
    struct stat status;
    enum ob_err err = fstat(fd, &status) != 0 ? ob_err_from_errno(errno) : OB_OK;
    if (!err && !S_ISREG(status.st_mode))
        err = OB_ERR_UNSUPPORTED;
    struct ob_stream *stream = err ? NULL : malloc(sizeof *stream);
    if (!err && !stream)
        err = OB_ERR_NO_MEMORY;
    if (err) {
        close(fd);
        return err;
    }
    stream->fd = fd;
    stream->size = status.st_size > 0 ? (uint64_t)status.st_size : 0;
    stream->taken = 0;
    stream->over = stream->failed = false;
    stream->at = stream->buffer;
    stream->left = 0;
    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    *stream_out = stream;
    return OB_OK;
}

bool ob_stream_fill(struct ob_stream *stream)
{
    while (stream->left == 0 && !stream->over) {
        const ssize_t got = read(stream->fd, stream->buffer, sizeof stream->buffer);
        if (got < 0 && errno == EINTR)
            continue;
        stream->failed = got < 0;
        stream->over = got <= 0;
        stream->at = stream->buffer;
        stream->left = got > 0 ? (size_t)got : 0;
        stream->taken += stream->left;
    }
    return stream->left > 0;
}

size_t ob_stream_take(struct ob_stream *stream, unsigned char *bytes_out, size_t count)
{
    size_t have = 0;
    while (have < count && ob_stream_fill(stream)) {
        const size_t part = count - have < stream->left ? count - have : stream->left;
        memcpy(bytes_out + have, stream->at, part);
        stream->at += part;
        stream->left -= part;
        have += part;
    }
    return have;
}

bool ob_stream_seek(struct ob_stream *stream, uint64_t offset)
{
    if (lseek(stream->fd, (off_t)offset, SEEK_SET) < 0)
        return false;
    stream->taken = offset;
    stream->left = 0;
    stream->over = false;
    return true;
}
