/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum ob_err ob_err_from_errno(int code)
{
    switch (code) {
    case 0:
        return OB_OK;
    case ENOENT:
    case ENOTDIR:
    case ENODEV:
    case ENXIO:
        return OB_ERR_NOT_FOUND;
    case EACCES:
    case EPERM:
    case EROFS:
        return OB_ERR_PERMISSION;
    case ENOSPC:
    case EDQUOT:
        return OB_ERR_DISK_FULL;
    case ENOMEM:
        return OB_ERR_NO_MEMORY;
    default:
        return OB_ERR_IO;
    }
}

enum ob_err ob_file_read(const char *path, size_t limit, unsigned char **bytes_out, size_t *size_out)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return ob_err_from_errno(errno);
    struct stat status;
    enum ob_err err = OB_OK;
    if (fstat(fd, &status) != 0)
        err = ob_err_from_errno(errno);
    else if (S_ISDIR(status.st_mode))
        err = OB_ERR_IO;
    else if (status.st_size > 0 && (uint64_t)status.st_size > limit)
        err = OB_ERR_RANGE;
    size_t room = status.st_size > 0 ? (size_t)status.st_size + 1 : 4096;
    unsigned char *bytes = err ? NULL : malloc(room);
    if (!err && !bytes)
        err = OB_ERR_NO_MEMORY;
    size_t size = 0;
    while (!err) {
        const ssize_t got = read(fd, bytes + size, room - 1 - size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            err = ob_err_from_errno(errno);
        if (got <= 0)
            break;
        size += (size_t)got;
        if (size > limit)
            err = OB_ERR_RANGE;
        else if (size == room - 1) {
            unsigned char *larger = realloc(bytes, room * 2);
            if (!larger)
                err = OB_ERR_NO_MEMORY;
            else {
                bytes = larger;
                room *= 2;
            }
        }
    }
    close(fd);
    if (!err && size == 0)
        err = OB_ERR_EMPTY;
    if (err) {
        free(bytes);
        return err;
    }
    bytes[size] = 0;
    *bytes_out = bytes;
    *size_out = size;
    return OB_OK;
}

static enum ob_err write_all(int fd, const unsigned char *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t put = write(fd, bytes, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return ob_err_from_errno(put < 0 ? errno : EIO);
        bytes += put;
        size -= (size_t)put;
    }
    return fsync(fd) == 0 ? OB_OK : ob_err_from_errno(errno);
}

enum ob_err ob_file_write_atomic(const char *path, const void *bytes, size_t size)
{
    char beside[PATH_MAX];
    if ((size_t)snprintf(beside, sizeof beside, "%s.new", path) >= sizeof beside)
        return OB_ERR_RANGE;
    const int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        return ob_err_from_errno(errno);
    enum ob_err err = write_all(fd, bytes, size);
    if (close(fd) != 0 && !err)
        err = ob_err_from_errno(errno);
    if (!err && rename(beside, path) != 0)
        err = ob_err_from_errno(errno);
    if (err)
        unlink(beside);
    return err;
}

/* The folder's entry is on the disk only once the folder is. */
static void sync_folder_of(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    if ((size_t)snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".") >=
        sizeof folder)
        return;
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

enum ob_err ob_file_place(const char *temporary, const char *path, bool replace)
{
    const int fd = open(temporary, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return ob_err_from_errno(errno);
    const enum ob_err err = fsync(fd) == 0 ? OB_OK : ob_err_from_errno(errno);
    close(fd);
    if (err)
        return err;
    if (replace) {
        if (rename(temporary, path) != 0)
            return ob_err_from_errno(errno);
    } else if (link(temporary, path) == 0) {
        /* a link never replaces; from here on the file has both names */
        (void)unlink(temporary);
    } else if (errno == EEXIST) {
        return OB_ERR_EXISTS;
    } else if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS) {
        /* a file system without links (FAT): look, then rename */
        if (access(path, F_OK) == 0)
            return OB_ERR_EXISTS;
        if (rename(temporary, path) != 0)
            return ob_err_from_errno(errno);
    } else {
        return ob_err_from_errno(errno);
    }
    sync_folder_of(path);
    return OB_OK;
}
