/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stream/page_file.h"

#include <string.h>

const struct ob_page_file *ob_page_file(const char *name)
{
    for (const struct ob_page_file *file = ob_page_files; file->name; file++)
        if (strcmp(file->name, name) == 0)
            return file;
    return NULL;
}

const char *ob_page_type(const char *name)
{
    const char *ending = strrchr(name, '.');
    if (ending && strcmp(ending, ".css") == 0)
        return "text/css; charset=utf-8";
    if (ending && strcmp(ending, ".js") == 0)
        return "text/javascript; charset=utf-8";
    if (ending && strcmp(ending, ".svg") == 0)
        return "image/svg+xml";
    return "text/html; charset=utf-8";
}
