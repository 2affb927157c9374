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

static bool ends_in(const char *name, const char *wanted)
{
    const char *ending = strrchr(name, '.');
    return ending && strcmp(ending, wanted) == 0;
}

const char *ob_page_type(const char *name)
{
    if (ends_in(name, ".css"))
        return "text/css; charset=utf-8";
    if (ends_in(name, ".js"))
        return "text/javascript; charset=utf-8";
    if (ends_in(name, ".svg"))
        return "image/svg+xml";
    return "text/html; charset=utf-8";
}

bool ob_page_speaks(const char *name, bool *script_out)
{
    *script_out = ends_in(name, ".js");
    return *script_out || ends_in(name, ".html");
}
