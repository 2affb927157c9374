/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/voice.h"

#include "os/paths.h"
#include "os/tr.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const languages[] = {"en", "de"};

/* "de_AT.UTF-8" and "de:en" are German. */
static const char *known(const char *name)
{
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++) {
        const size_t length = strlen(languages[i]);
        if (strncmp(name, languages[i], length) == 0 && !strchr("abcdefghijklmnopqrstuvwxyz", name[length]))
            return languages[i];
        if (strcmp(name, languages[i]) == 0)
            return languages[i];
    }
    return NULL;
}

const char *ob_voice_language(const char *asked)
{
    static const char *const variables[] = {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};
    if (asked && *asked && strcmp(asked, "auto") != 0)
        return known(asked);
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = getenv(variables[i]);
        if (value && *value)
            return known(value) ? known(value) : "en";
    }
    return "en";
}

ob_voice_tr_fn *ob_voice_tr(const char *language)
{
    return strcmp(language, "en") == 0 ? NULL : ob_tr;
}

enum ob_err ob_voice_folder(const char *data, char *path_out, size_t size)
{
    char folder[PATH_MAX];
    if (!data && ob_paths_user_data(folder, sizeof folder))
        return OB_ERR_NOT_FOUND;
    return (size_t)snprintf(path_out, size, "%s/voice", data ? data : folder) < size ? OB_OK : OB_ERR_RANGE;
}
