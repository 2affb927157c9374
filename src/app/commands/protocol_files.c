/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/commands/protocol_files.h"

#include "app/options.h"
#include "app/say.h"
#include "base/nearest.h"
#include "config/protocol_file.h"
#include "config/yaml.h"
#include "os/file.h"
#include "os/paths.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct ob_protocol_entry *)a)->name, ((const struct ob_protocol_entry *)b)->name);
}

static size_t add_folder(const char *folder, bool own, struct ob_protocol_entry *entries, size_t count)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return count;
    const size_t before = count;
    for (struct dirent *file; count < OB_PROTOCOLS_MAX && (file = readdir(dir));) {
        const char *dot = strrchr(file->d_name, '.');
        struct ob_protocol_entry *e = &entries[count];
        const size_t length = dot ? (size_t)(dot - file->d_name) : 0;
        if (length == 0 || length >= sizeof e->name || strcmp(dot, ".yaml") != 0)
            continue;
        *e = (struct ob_protocol_entry){.own = own};
        memcpy(e->name, file->d_name, length);
        if ((size_t)snprintf(e->path, sizeof e->path, "%s/%s", folder, file->d_name) >= sizeof e->path)
            continue;
        bool hidden = false;
        for (size_t i = 0; i < before; i++)
            hidden |= strcmp(entries[i].name, e->name) == 0;
        count += !hidden;
    }
    closedir(dir);
    return count;
}

size_t ob_protocol_list(struct ob_protocol_entry *entries_out)
{
    char folder[PATH_MAX + 32];
    size_t count = 0;
    if (ob_paths_user_config(folder, PATH_MAX) == OB_OK) {
        strcat(folder, "/protocols");
        count = add_folder(folder, true, entries_out, count);
    }
    if (ob_paths_resources(folder, PATH_MAX) == OB_OK) {
        strcat(folder, "/config/protocols");
        count = add_folder(folder, false, entries_out, count);
    }
    qsort(entries_out, count, sizeof *entries_out, by_name);
    return count;
}

enum ob_err ob_protocol_file_read(const char *path, struct ob_protocol *protocol_out, struct ob_problems *problems)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    char name[sizeof protocol_out->name + 1];
    const char *slash = strrchr(path, '/');
    const char *file = slash ? slash + 1 : path;
    const char *dot = strrchr(file, '.');
    snprintf(name, sizeof name, "%.*s", (int)(dot ? dot - file : (ptrdiff_t)strlen(file)), file);
    ob_problems_init(problems);
    enum ob_err err = ob_file_read(path, OB_YAML_SIZE, &bytes, &size);
    if (err) {
        ob_problems_add(problems, 0, NULL, "it can't be read: %s", ob_err_text(err));
        return err;
    }
    err = ob_protocol_read(name, (const char *)bytes, size, problems, protocol_out);
    free(bytes);
    return err;
}

static int unknown(const char *name, const struct ob_protocol_entry *entries, size_t count)
{
    const char *names[OB_PROTOCOLS_MAX];
    char line[256];
    for (size_t i = 0; i < count; i++)
        names[i] = entries[i].name;
    const char *nearest = ob_nearest(name, names, count);
    snprintf(line, sizeof line, "there is no protocol '%.60s'; %s%s%s", name, nearest ? "did you mean " : "",
             nearest ? nearest : "'outbreath protocols' lists them", nearest ? "?" : "");
    return ob_say(OB_EXIT_INPUT, line);
}

/* A pace of the person's own may not fit what a file says around it: then there is a sentence, and no session. */
static int check_filled(const struct ob_protocol *p, const char *path)
{
    char clause[200], line[PATH_MAX + 256];
    enum ob_phase_field field;
    for (int i = 0; i < p->phase_count; i++)
        if (!ob_phase_check(&p->phases[i], i > 0 ? &p->phases[i - 1] : NULL, p->kiosk, &field, clause, sizeof clause)) {
            snprintf(line, sizeof line, "%s with the pace of your settings: phase %d: %s", path, i + 1, clause);
            return ob_say(OB_EXIT_INPUT, line);
        }
    return OB_EXIT_DONE;
}

static int load(const char *name, const struct ob_settings *settings, struct ob_protocol *protocol_out)
{
    static struct ob_protocol_entry entries[OB_PROTOCOLS_MAX];
    const char *path = name;
    if (!strchr(name, '/') && !strstr(name, ".yaml")) {
        const size_t count = ob_protocol_list(entries);
        path = NULL;
        for (size_t i = 0; i < count; i++)
            if (strcmp(entries[i].name, name) == 0)
                path = entries[i].path;
        if (!path)
            return unknown(name, entries, count);
    }
    struct ob_problems problems;
    char line[PATH_MAX + 512];
    if (ob_protocol_file_read(path, protocol_out, &problems)) {
        for (size_t i = 0; i < problems.kept; i++) {
            ob_problem_line(&problems.list[i], path, line, sizeof line);
            ob_say(0, line);
        }
        memset(protocol_out, 0, sizeof *protocol_out);
        return OB_EXIT_INPUT;
    }
    ob_protocol_fill(protocol_out, ob_settings_number(settings, OB_SET_PACER_START),
                     ob_settings_number(settings, OB_SET_PACER_TARGET),
                     ob_settings_number(settings, OB_SET_PACER_INHALE) / 100.0);
    return check_filled(protocol_out, path);
}

int ob_protocol_of(const struct ob_settings *settings, struct ob_protocol *protocol_out)
{
    static const enum ob_setting plain[] = {OB_SET_SESSION_MINUTES, OB_SET_SESSION_MEASURED, OB_SET_PACER_RATE};
    const char *name = ob_settings_text(settings, OB_SET_SESSION_PROTOCOL);
    memset(protocol_out, 0, sizeof *protocol_out);
    if (strcmp(name, "none") == 0 || !*name)
        return OB_EXIT_DONE;
    const bool asked = settings->values[OB_SET_SESSION_PROTOCOL].layer == OB_LAYER_COMMAND_LINE;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (settings->values[plain[i]].layer == OB_LAYER_COMMAND_LINE) {
            char line[160];
            if (!asked)
                return OB_EXIT_DONE;
            snprintf(line, sizeof line, "a protocol says itself what --%s says: leave one of them away",
                     ob_setting_about(plain[i])->option);
            return ob_say(OB_EXIT_USAGE, line);
        }
    const int code = load(name, settings, protocol_out);
    if (code == OB_EXIT_DONE || asked)
        return code;
    /* What a file names may be gone or wrong; that stops nobody. */
    memset(protocol_out, 0, sizeof *protocol_out);
    return ob_say(OB_EXIT_DONE, "session.protocol can't be followed; a plain session runs instead");
}
