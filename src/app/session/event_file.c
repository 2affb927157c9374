/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/session_files.h"

#include "format/oblog.h"
#include "os/file.h"
#include "store/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER (1 << 20) /* what a full disk may keep waiting: an hour of beats, minutes of an ECG */
#define WORTH  (1 << 16) /* written by itself when so much waits */

struct ob_event_file {
    struct ob_sealed_writer *sealed; /* NULL: a file in the clear, and then: */
    int fd;
    off_t good;  /* up to here the file holds whole records */
    size_t used; /* of waiting */
    unsigned char waiting[BUFFER];
};

enum ob_err ob_event_file_open(const char *path, struct ob_event_file **file_out)
{
    struct ob_event_file *file = calloc(1, sizeof *file);
    if (!file)
        return OB_ERR_NO_MEMORY;
    file->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    enum ob_err err = file->fd < 0 ? ob_err_from_errno(errno) : OB_OK;
    if (!err) {
        file->used = ob_oblog_encode_header(file->waiting);
        err = ob_event_file_flush(file);
    }
    if (err) {
        if (file->fd >= 0)
            close(file->fd);
        free(file);
        return err;
    }
    *file_out = file;
    return OB_OK;
}

enum ob_err ob_event_file_open_sealed(const char *path, const struct ob_key *key, struct ob_event_file **file_out)
{
    struct ob_event_file *file = calloc(1, sizeof *file);
    if (!file)
        return OB_ERR_NO_MEMORY;
    unsigned char header[OB_OBLOG_HEADER_SIZE];
    file->fd = -1;
    enum ob_err err = ob_sealed_create(path, key, "raw", &file->sealed);
    if (!err)
        err = ob_sealed_write(file->sealed, header, ob_oblog_encode_header(header));
    if (!err)
        err = ob_sealed_flush(file->sealed, false);
    if (err) {
        ob_sealed_close(file->sealed);
        free(file);
        return err;
    }
    *file_out = file;
    return OB_OK;
}

/* All that waits or nothing: a record that did not fit is taken back, so that later ones never stand behind a torn one.
 */
enum ob_err ob_event_file_flush(struct ob_event_file *file)
{
    if (file->sealed)
        return ob_sealed_flush(file->sealed, false);
    size_t put = 0;
    while (put < file->used) {
        const ssize_t n = pwrite(file->fd, file->waiting + put, file->used - put, file->good + (off_t)put);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            const enum ob_err err = ob_err_from_errno(n < 0 ? errno : EIO);
            if (ftruncate(file->fd, file->good) != 0)
                return OB_ERR_IO;
            return err;
        }
        put += (size_t)n;
    }
    file->good += (off_t)put;
    file->used = 0;
    return OB_OK;
}

enum ob_err ob_event_file_write(struct ob_event_file *file, const struct ob_event *event)
{
    unsigned char record[OB_OBLOG_RECORD_MAX];
    const size_t length = ob_oblog_encode(event, record);
    if (length == 0)
        return OB_ERR_RANGE;
    if (file->sealed)
        return ob_sealed_write(file->sealed, record, length);
    enum ob_err err = OB_OK;
    if (file->used + length > WORTH)
        err = ob_event_file_flush(file);
    if (file->used + length > BUFFER)
        return err ? err : OB_ERR_DISK_FULL;
    memcpy(file->waiting + file->used, record, length);
    file->used += length;
    return OB_OK;
}

enum ob_err ob_event_file_close(struct ob_event_file *file)
{
    if (!file)
        return OB_OK;
    if (file->sealed) {
        const enum ob_err sealed = ob_sealed_close(file->sealed);
        free(file);
        return sealed;
    }
    enum ob_err err = ob_event_file_flush(file);
    if (fsync(file->fd) != 0 && errno != EINVAL && !err)
        err = ob_err_from_errno(errno);
    if (close(file->fd) != 0 && !err)
        err = ob_err_from_errno(errno);
    free(file);
    return err;
}
