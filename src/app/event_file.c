/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session_files.h"

#include "format/oblog.h"
#include "os/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct ob_event_file {
    FILE *stream;
};

enum ob_err ob_event_file_open(const char *path, struct ob_event_file **file_out)
{
    struct ob_event_file *file = calloc(1, sizeof *file);
    if (!file)
        return OB_ERR_NO_MEMORY;
    file->stream = fopen(path, "wbe");
    if (!file->stream) {
        const enum ob_err err = ob_err_from_errno(errno);
        free(file);
        return err;
    }
    unsigned char header[OB_OBLOG_HEADER_SIZE];
    if (fwrite(header, 1, ob_oblog_encode_header(header), file->stream) != sizeof header) {
        fclose(file->stream);
        free(file);
        return OB_ERR_IO;
    }
    *file_out = file;
    return OB_OK;
}

enum ob_err ob_event_file_write(struct ob_event_file *file, const struct ob_event *event)
{
    unsigned char record[OB_OBLOG_RECORD_MAX];
    const size_t length = ob_oblog_encode(event, record);
    if (length == 0)
        return OB_ERR_RANGE;
    errno = 0;
    if (fwrite(record, 1, length, file->stream) != length)
        return errno ? ob_err_from_errno(errno) : OB_ERR_IO;
    return OB_OK;
}

enum ob_err ob_event_file_flush(struct ob_event_file *file)
{
    errno = 0;
    if (fflush(file->stream) != 0)
        return errno ? ob_err_from_errno(errno) : OB_ERR_IO;
    return OB_OK;
}

enum ob_err ob_event_file_close(struct ob_event_file *file)
{
    if (!file)
        return OB_OK;
    errno = 0;
    enum ob_err err = OB_OK;
    if (fflush(file->stream) != 0 || fsync(fileno(file->stream)) != 0)
        err = ob_err_from_errno(errno);
    if (fclose(file->stream) != 0 && !err)
        err = ob_err_from_errno(errno);
    free(file);
    return err;
}
