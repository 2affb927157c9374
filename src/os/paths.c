/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/paths.h"

#include "os/file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool ob_paths_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static bool has(const char *folder, const char *below)
{
    char path[PATH_MAX];
    return (size_t)snprintf(path, sizeof path, "%s/%s", folder, below) < sizeof path && ob_paths_exists(path);
}

static enum ob_err found(const char *folder, char *path_out, size_t size)
{
    if ((size_t)snprintf(path_out, size, "%s", folder) >= size)
        return OB_ERR_RANGE;
    return OB_OK;
}

/* Up from the program's folder, so that a build tree finds its own and an installation its share/: the first folder
 * that has what is looked for, at one of two places beside the way. */
static enum ob_err found_above(const char *const beside[2], const char *wanted, char *path_out, size_t size)
{
    char program[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0)
        return OB_ERR_NOT_FOUND;
    program[length] = '\0';
    for (int depth = 0; depth < 6; depth++) {
        char *slash = strrchr(program, '/');
        if (!slash)
            break;
        *slash = '\0';
        for (int i = 0; i < 2; i++) {
            char candidate[PATH_MAX + 32];
            snprintf(candidate, sizeof candidate, "%s%s", program, beside[i]);
            if (has(candidate, wanted))
                return found(candidate, path_out, size);
        }
    }
    return OB_ERR_NOT_FOUND;
}

enum ob_err ob_paths_resources(char *path_out, size_t size)
{
    static const char *const beside[2] = {"/share/outbreath", ""};
    const char *set = getenv("OUTBREATH_DATADIR");
    if (set && *set && has(set, "shaders"))
        return found(set, path_out, size);
    return found_above(beside, "shaders", path_out, size);
}

enum ob_err ob_paths_locale(char *path_out, size_t size)
{
    static const char *const beside[2] = {"/locale", "/share/locale"};
    return found_above(beside, "de/LC_MESSAGES/outbreath.mo", path_out, size);
}

/* A folder below the one that an XDG variable names, or that stands for it at home (XDG Base Directory Specification: a
 * relative path there counts as none). */
static enum ob_err xdg_folder(const char *variable, const char *at_home, const char *below, char *path_out, size_t size)
{
    const char *xdg = getenv(variable);
    int length;
    if (xdg && xdg[0] == '/')
        length = snprintf(path_out, size, "%s%s", xdg, below);
    else {
        const char *home = getenv("HOME");
        if (!home || home[0] != '/')
            return OB_ERR_NOT_FOUND;
        length = snprintf(path_out, size, "%s/%s%s", home, at_home, below);
    }
    return length < 0 || (size_t)length >= size ? OB_ERR_RANGE : OB_OK;
}

enum ob_err ob_paths_user_data(char *path_out, size_t size)
{
    return xdg_folder("XDG_DATA_HOME", ".local/share", "/outbreath", path_out, size);
}

enum ob_err ob_paths_user_config(char *path_out, size_t size)
{
    return xdg_folder("XDG_CONFIG_HOME", ".config", "/outbreath", path_out, size);
}

enum ob_err ob_paths_config_home(char *path_out, size_t size)
{
    return xdg_folder("XDG_CONFIG_HOME", ".config", "", path_out, size);
}

enum ob_err ob_paths_user_state(char *path_out, size_t size)
{
    return xdg_folder("XDG_STATE_HOME", ".local/state", "/outbreath", path_out, size);
}

/* The folder in a line such as XDG_DOCUMENTS_DIR="$HOME/Documents"; escapes are nobody's there in practice. */
static bool documents_of(const char *line, const char *home, char *path_out, size_t size)
{
    static const char name[] = "XDG_DOCUMENTS_DIR=\"";
    if (strncmp(line, name, strlen(name)) != 0)
        return false;
    line += strlen(name);
    const bool below = strncmp(line, "$HOME", 5) == 0;
    line += below ? 5 : 0;
    const size_t length = strcspn(line, "\"\n");
    if (line[length] != '"' || (!below && line[0] != '/'))
        return false;
    return (size_t)snprintf(path_out, size, "%s%.*s", below ? home : "", (int)length, line) < size;
}

enum ob_err ob_paths_documents(char *path_out, size_t size)
{
    char path[PATH_MAX], line[PATH_MAX + 64];
    const char *home = getenv("HOME");
    if (!home || home[0] != '/')
        return OB_ERR_NOT_FOUND;
    bool named = false;
    FILE *file =
        xdg_folder("XDG_CONFIG_HOME", ".config", "/user-dirs.dirs", path, sizeof path) ? NULL : fopen(path, "re");
    while (file && fgets(line, sizeof line, file))
        named = documents_of(line, home, path_out, size) || named;
    if (file)
        fclose(file);
    return named && ob_paths_exists(path_out) ? OB_OK : found(home, path_out, size);
}

enum ob_err ob_paths_make(const char *path)
{
    char partial[PATH_MAX];
    const size_t length = strlen(path);
    if (length == 0)
        return OB_ERR_NOT_FOUND;
    if (length >= sizeof partial)
        return OB_ERR_RANGE;
    memcpy(partial, path, length + 1);
    for (size_t i = 1; i <= length; i++) {
        if (partial[i] != '/' && partial[i] != '\0')
            continue;
        const char kept = partial[i];
        partial[i] = '\0';
        if (mkdir(partial, 0777) != 0 && errno != EEXIST)
            return ob_err_from_errno(errno);
        partial[i] = kept;
    }
    struct stat status;
    if (stat(path, &status) != 0)
        return ob_err_from_errno(errno);
    return S_ISDIR(status.st_mode) ? OB_OK : OB_ERR_IO;
}
