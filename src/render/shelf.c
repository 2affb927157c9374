/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/shelf.h"

#include "base/nearest.h"
#include "base/utf8.h"
#include "os/file.h"
#include "render/embedded.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define HEADER_LIMIT (256 * 1024)

static const struct ob_embedded *in_program(const char *name)
{
    char path[OB_SHELF_NAME + 16];
    snprintf(path, sizeof path, "scenes/%.*s.glsl", OB_SHELF_NAME, name);
    for (const struct ob_embedded *e = ob_embedded_shaders; e->name; e++)
        if (strcmp(e->name, path) == 0)
            return e;
    return NULL;
}

const char *ob_shelf_name(int index, char *name_out, int size)
{
    for (const struct ob_embedded *e = ob_embedded_shaders; e->name; e++) {
        if (strncmp(e->name, "scenes/", 7) != 0 || index-- > 0)
            continue;
        snprintf(name_out, (size_t)size, "%.*s", (int)(strlen(e->name) - 7 - 5), e->name + 7);
        return name_out;
    }
    return NULL;
}

/* Letters and digits of ASCII: what people read it in has to be able to write it. */
static bool is_name(const char *text, size_t length)
{
    if (length == 0 || length >= OB_SHELF_NAME)
        return false;
    for (size_t i = 0; i < length; i++) {
        const char c = text[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '-' && c != '_')
            return false;
    }
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

static bool is_file(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

void ob_shelf_list(const char *folder, struct ob_shelf *shelf_out)
{
    memset(shelf_out, 0, sizeof *shelf_out);
    while (shelf_out->count < OB_SHELF_MOST &&
           ob_shelf_name(shelf_out->count, shelf_out->names[shelf_out->count], OB_SHELF_NAME))
        shelf_out->count++;
    shelf_out->in_program = shelf_out->count;
    DIR *dir = folder ? opendir(folder) : NULL;
    if (!dir)
        return;
    char(*own)[OB_SHELF_NAME] = shelf_out->names + shelf_out->in_program;
    int count = 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        const size_t length = strlen(entry->d_name);
        char name[OB_SHELF_NAME], path[4096];
        if (length <= 5 || strcmp(entry->d_name + length - 5, ".glsl") != 0 || !is_name(entry->d_name, length - 5))
            continue;
        snprintf(name, sizeof name, "%.*s", (int)(length - 5), entry->d_name);
        if (in_program(name) || (size_t)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= sizeof path ||
            !is_file(path))
            continue;
        /* The first ones of the alphabet stay, in whatever order the folder tells them. */
        if (count < OB_SHELF_MOST) {
            memcpy(own[count++], name, sizeof name);
        } else {
            qsort(own, (size_t)count, sizeof *own, by_name);
            if (strcmp(name, own[count - 1]) < 0)
                memcpy(own[count - 1], name, sizeof name);
        }
    }
    closedir(dir);
    qsort(own, (size_t)count, sizeof *own, by_name);
    shelf_out->count += count;
}

bool ob_shelf_find(const char *folder, const char *name, char *path_out, int size)
{
    if (strchr(name, '/') || strstr(name, ".glsl")) {
        snprintf(path_out, (size_t)size, "%s", name);
        return true;
    }
    if (!in_program(name) && folder && is_name(name, strlen(name))) {
        const int length = snprintf(path_out, (size_t)size, "%s/%s.glsl", folder, name);
        if (length < size && is_file(path_out))
            return true;
    }
    snprintf(path_out, (size_t)size, "scenes/%s.glsl", name);
    return false;
}

/* Printable: neither of the two ranges of control characters. */
static bool is_text(const char *text, size_t length)
{
    size_t letter;
    for (size_t i = 0; i < length; i += letter) {
        const unsigned char c = (unsigned char)text[i];
        letter = ob_utf8_letter(text + i, length - i);
        if (letter == 0 || c < 0x20 || c == 0x7f || (c == 0xc2 && (unsigned char)text[i + 1] < 0xa0))
            return false;
    }
    return length > 0;
}

bool ob_shelf_title_of(const char *text, char *title_out, int size)
{
    const char *line = strstr(text, "// name:");
    if (!line || (line != text && line[-1] != '\n'))
        return false;
    line += strlen("// name:");
    line += strspn(line, " \t");
    size_t length = strcspn(line, "\r\n");
    while (length > 0 && line[length - 1] == ' ')
        length--;
    if (length >= (size_t)size || !is_text(line, length))
        return false;
    snprintf(title_out, (size_t)size, "%.*s", (int)length, line);
    return true;
}

const char *ob_shelf_title(const char *folder, const char *name, char *title_out, int size)
{
    const struct ob_embedded *e = in_program(name);
    char path[4096];
    bool told = e && ob_shelf_title_of(e->text, title_out, size);
    if (!e && ob_shelf_find(folder, name, path, sizeof path) && is_file(path)) {
        unsigned char *bytes = NULL;
        size_t count = 0;
        if (ob_file_read(path, HEADER_LIMIT, &bytes, &count) == OB_OK)
            told = ob_shelf_title_of((const char *)bytes, title_out, size);
        free(bytes);
    }
    if (!told)
        snprintf(title_out, (size_t)size, "%s", name);
    return title_out;
}

const char *ob_shelf_unknown(const char *folder, const char *name, char *sentence_out, int size)
{
    static const int listed = 24; /* more than that nobody reads */
    struct ob_shelf shelf;
    const char *known[2 * OB_SHELF_MOST];
    char list[512] = "";
    size_t used = 0;
    ob_shelf_list(folder, &shelf);
    for (int i = 0; i < shelf.count; i++) {
        known[i] = shelf.names[i];
        if (i < listed && used < sizeof list)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "", shelf.names[i]);
    }
    const char *near = ob_nearest(name, known, (size_t)shelf.count);
    snprintf(sentence_out, (size_t)size,
             "There is no scene '%.80s'%s%s%s There are: %s%s; or give the path of a .glsl file.", name,
             near ? "; did you mean '" : "", near ? near : "", near ? "'?" : ".", list,
             shelf.count > listed ? " and others" : "");
    return sentence_out;
}
