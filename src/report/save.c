/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/file.h"
#include "report/sheet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum ob_err write_beside(const char *temporary, int fd, const struct ob_sheet *text)
{
    enum ob_err err = OB_OK;
    size_t at = 0;
    while (!err && at < text->size) {
        const ssize_t put = write(fd, text->bytes + at, text->size - at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            err = ob_err_from_errno(put < 0 ? errno : EIO);
        else
            at += (size_t)put;
    }
    if (close(fd) != 0 && !err)
        err = ob_err_from_errno(errno);
    if (err)
        unlink(temporary);
    return err;
}

enum ob_err ob_sheet_save(const struct ob_sheet *text, const char *path, bool replace, char *sentence, size_t size)
{
    const size_t room = strlen(path) + 12;
    char *temporary = malloc(room);
    enum ob_err err = text->failed || !temporary ? OB_ERR_NO_MEMORY : OB_OK;
    if (!err && !replace && access(path, F_OK) == 0)
        err = OB_ERR_EXISTS;
    if (!err) {
        snprintf(temporary, room, "%s.XXXXXX", path);
        const int fd = mkstemp(temporary);
        err = fd < 0 ? ob_err_from_errno(errno) : write_beside(temporary, fd, text);
        if (!err && (err = ob_file_place(temporary, path, replace)) != OB_OK)
            unlink(temporary);
    }
    free(temporary);
    if (err == OB_ERR_EXISTS)
        snprintf(sentence, size, "%s is there already; it was left as it is (--force replaces it).", path);
    else if (err)
        snprintf(sentence, size, "%s was not written: %s.", path, ob_err_text(err));
    return err;
}
