/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/scene_folder.h"

#include "store/store.h"

#include <string.h>

const char *ob_scene_folder(const char *data, char *path_out, size_t size)
{
    static const char folder[] = "/scenes";
    if (ob_store_folder(data, path_out, size) || strlen(path_out) + sizeof folder > size)
        return NULL;
    return strcat(path_out, folder);
}
