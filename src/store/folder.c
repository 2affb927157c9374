/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/folder.h"

#include "os/file.h"
#include "os/paths.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum ob_err ob_folder_make(const char *path)
{
    struct stat status;
    if (stat(path, &status) == 0)
        return S_ISDIR(status.st_mode) ? OB_OK : OB_ERR_IO;
    const enum ob_err err = ob_paths_make(path);
    if (!err && chmod(path, 0700) != 0)
        return ob_err_from_errno(errno);
    return err;
}

void ob_folder_sync(const char *path)
{
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    if (fsync(fd) != 0)
        errno = 0;
    close(fd);
}

enum ob_err ob_folder_join(const char *folder, const char *name, char *path_out, size_t size)
{
    const int length = snprintf(path_out, size, "%s/%s", folder, name);
    return length < 0 || (size_t)length >= size ? OB_ERR_RANGE : OB_OK;
}

static enum ob_err remove_level(const char *path, int deeper)
{
    DIR *dir = opendir(path);
    if (!dir)
        return errno == ENOENT ? OB_OK : ob_err_from_errno(errno);
    enum ob_err err = OB_OK;
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char inner[PATH_MAX];
        enum ob_err one = ob_folder_join(path, entry->d_name, inner, sizeof inner);
        struct stat status;
        if (!one && lstat(inner, &status) != 0)
            one = ob_err_from_errno(errno);
        else if (!one && S_ISDIR(status.st_mode))
            one = deeper > 0 ? remove_level(inner, deeper - 1) : OB_ERR_IO;
        else if (!one && unlink(inner) != 0)
            one = ob_err_from_errno(errno);
        if (one && !err)
            err = one;
    }
    closedir(dir);
    if (!err && rmdir(path) != 0)
        err = ob_err_from_errno(errno);
    return err;
}

enum ob_err ob_folder_remove(const char *path)
{
    return remove_level(path, 2);
}

enum ob_err ob_write_all(int fd, const void *bytes, size_t size)
{
    const unsigned char *p = bytes;
    while (size > 0) {
        const ssize_t put = write(fd, p, size);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return ob_err_from_errno(put < 0 ? errno : EIO);
        p += put;
        size -= (size_t)put;
    }
    return OB_OK;
}

enum ob_err ob_read_all(int fd, void *out, size_t size, size_t *got_out)
{
    unsigned char *at = out;
    size_t got = 0;
    while (got < size) {
        const ssize_t n = read(fd, at + got, size - got);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return ob_err_from_errno(errno);
        if (n == 0)
            break;
        got += (size_t)n;
    }
    *got_out = got;
    return OB_OK;
}
