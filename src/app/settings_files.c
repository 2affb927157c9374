/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/settings_files.h"

#include "app/say.h"
#include "base/nearest.h"
#include "config/edit.h"
#include "os/file.h"
#include "os/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define NAME "outbreath.yaml"

static void find_system(char *path_out)
{
    const char *folders = getenv("XDG_CONFIG_DIRS");
    if (!folders || !*folders)
        folders = "/etc/xdg";
    while (*folders) {
        const size_t length = strcspn(folders, ":");
        const int used = snprintf(path_out, PATH_MAX, "%.*s/outbreath/" NAME, (int)length, folders);
        if (folders[0] == '/' && used > 0 && used < PATH_MAX && ob_paths_exists(path_out))
            return;
        folders += length;
        folders += *folders == ':';
    }
    path_out[0] = '\0';
}

void ob_settings_files_find(const char *config, struct ob_settings_files *files_out)
{
    memset(files_out, 0, sizeof *files_out);
    if (!config)
        config = getenv("OUTBREATH_CONFIG");
    if (config && strcmp(config, "none") == 0)
        return;
    find_system(files_out->system);
    if (config && *config) {
        files_out->chosen = true;
        snprintf(files_out->user, sizeof files_out->user, "%s", config);
        return;
    }
    char folder[PATH_MAX - sizeof NAME - 1];
    if (ob_paths_user_config(folder, sizeof folder) == OB_OK)
        snprintf(files_out->user, sizeof files_out->user, "%s/" NAME, folder);
}

enum ob_err ob_settings_file_read(const char *path, struct ob_settings *settings, enum ob_layer layer,
                                  struct ob_problems *problems)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    enum ob_err err = ob_file_read(path, OB_YAML_SIZE, &bytes, &size);
    if (err == OB_ERR_EMPTY)
        return OB_OK;
    if (err == OB_ERR_RANGE)
        ob_problems_add(problems, 0, NULL, "the file is longer than %d bytes", OB_YAML_SIZE);
    else if (err && err != OB_ERR_NOT_FOUND)
        ob_problems_add(problems, 0, NULL, "it can't be read: %s", ob_err_text(err));
    if (err)
        return err;
    err = ob_settings_read(settings, layer, (const char *)bytes, size, problems);
    free(bytes);
    return err;
}

/* A variable that begins like one of ours and is none. Others belong to somebody else. */
static void look_for_strays(struct ob_problems *problems)
{
    char name[96], expected[96];
    const char *names[OB_SETTINGS];
    char(*all)[96] = calloc(OB_SETTINGS, sizeof *all);
    if (!all)
        return;
    for (unsigned i = 0; i < OB_SETTINGS; i++)
        names[i] = ob_setting_variable((enum ob_setting)i, all[i], sizeof all[i]);
    for (char **variable = environ; *variable; variable++) {
        const size_t length = strcspn(*variable, "=");
        if (length >= sizeof name || strncmp(*variable, "OUTBREATH_", 10) != 0)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)length, *variable);
        bool known = false, near = false;
        for (unsigned i = 0; i < OB_SETTINGS; i++) {
            const size_t group = 10 + strcspn(names[i] + 10, "_") + 1;
            known |= strcmp(name, names[i]) == 0;
            near |= strncmp(name, names[i], group) == 0;
        }
        if (known || !near)
            continue;
        const char *nearest = ob_nearest(name, names, OB_SETTINGS);
        snprintf(expected, sizeof expected, "%s%s%s", nearest ? "; did you mean " : "", nearest ? nearest : "",
                 nearest ? "?" : "");
        ob_problems_add(problems, 0, name, "there is no such setting%s", expected);
    }
    free(all);
}

void ob_settings_environment(struct ob_settings *settings, struct ob_problems *problems)
{
    char name[96], expected[128];
    for (unsigned i = 0; i < OB_SETTINGS; i++) {
        const enum ob_setting setting = (enum ob_setting)i;
        const char *text = getenv(ob_setting_variable(setting, name, sizeof name));
        const bool may_be_empty = ob_setting_about(setting)->kind == OB_SETTING_TEXT_KIND;
        if (!text || (!*text && !may_be_empty))
            continue;
        if (!ob_settings_take(settings, setting, text, OB_LAYER_ENVIRONMENT, 0))
            ob_problems_add(problems, 0, name, "expected %s, not '%.60s'",
                            ob_setting_expected(setting, expected, sizeof expected), text);
    }
    look_for_strays(problems);
}

static void tell(const struct ob_problems *problems, const char *file, size_t *mistakes)
{
    char line[PATH_MAX + 512];
    for (size_t i = 0; i < problems->kept; i++) {
        ob_problem_line(&problems->list[i], file, line, sizeof line);
        ob_say(0, line);
    }
    *mistakes += problems->errors;
}

bool ob_settings_load(const char *config, const struct ob_settings *over, struct ob_loaded *loaded_out)
{
    struct ob_loaded *l = loaded_out;
    struct ob_problems problems;
    ob_settings_init(&l->settings);
    l->mistakes = 0;
    ob_settings_files_find(config, &l->files);
    const char *const paths[2] = {l->files.system, l->files.user};
    const enum ob_layer layers[2] = {OB_LAYER_SYSTEM, OB_LAYER_USER};
    for (int i = 0; i < 2; i++) {
        if (!paths[i][0])
            continue;
        ob_problems_init(&problems);
        const enum ob_err err = ob_settings_file_read(paths[i], &l->settings, layers[i], &problems);
        if (err == OB_ERR_NOT_FOUND && layers[i] == OB_LAYER_USER && l->files.chosen) {
            char line[PATH_MAX + 64];
            snprintf(line, sizeof line, "there is no configuration at %s", paths[i]);
            ob_say(0, line);
            return false;
        }
        if (err && err != OB_ERR_NOT_FOUND && problems.errors > 0)
            ob_problems_add(&problems, 0, NULL, "nothing of this file is used; the session goes on without it");
        tell(&problems, paths[i], &l->mistakes);
    }
    ob_problems_init(&problems);
    ob_settings_environment(&l->settings, &problems);
    tell(&problems, "environment", &l->mistakes);
    if (over)
        ob_settings_overlay(&l->settings, over, OB_LAYER_COMMAND_LINE);
    return true;
}

const char *ob_settings_origin(const struct ob_loaded *loaded, enum ob_setting setting, char *out, size_t size)
{
    const struct ob_setting_value *value = &loaded->settings.values[setting];
    char name[96];
    switch (value->layer) {
    case OB_LAYER_SYSTEM:
    case OB_LAYER_USER:
        snprintf(out, size, "%s:%d", value->layer == OB_LAYER_USER ? loaded->files.user : loaded->files.system,
                 value->line);
        break;
    case OB_LAYER_ENVIRONMENT:
        snprintf(out, size, "environment %s", ob_setting_variable(setting, name, sizeof name));
        break;
    case OB_LAYER_COMMAND_LINE:
        snprintf(out, size, "command line --%s", ob_setting_about(setting)->option);
        break;
    default:
        snprintf(out, size, "default");
        break;
    }
    return out;
}

/* Two programs that write at once take turns: each reads what the other has left. The lock is the folder itself, so
 * that nothing is left lying. */
static int lock_folder_of(const char *path)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash)
        *(slash == folder ? slash + 1 : slash) = '\0';
    else
        snprintf(folder, sizeof folder, ".");
    if (ob_paths_make(folder) != OB_OK)
        return -1;
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0)
        while (flock(fd, LOCK_EX) != 0 && errno == EINTR)
            ;
    return fd;
}

static enum ob_err edit_locked(const char *path, enum ob_setting setting, const char *value, char *problem_out,
                               size_t problem_size)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    char problem[512] = "";
    enum ob_err err = ob_file_read(path, OB_YAML_SIZE, &bytes, &size);
    if (err == OB_ERR_NOT_FOUND || err == OB_ERR_EMPTY)
        err = OB_OK;
    struct ob_text text = {0};
    const char *old = bytes ? (const char *)bytes : "";
    if (!err)
        err = value ? ob_config_set(old, size, setting, value, &text, problem, sizeof problem)
                    : ob_config_unset(old, size, setting, &text, problem, sizeof problem);
    if (!err)
        err = ob_file_write_atomic(path, text.bytes ? text.bytes : "", text.size);
    free(bytes);
    ob_text_finish(&text);
    if (err)
        snprintf(problem_out, problem_size, "%s: %s", path, problem[0] ? problem : ob_err_text(err));
    return err;
}

enum ob_err ob_settings_file_set(const char *config, enum ob_setting setting, const char *value, char *problem_out,
                                 size_t problem_size)
{
    struct ob_settings_files files;
    char real[PATH_MAX];
    ob_settings_files_find(config, &files);
    if (!files.user[0]) {
        snprintf(problem_out, problem_size,
                 "there is no folder for settings: neither HOME nor XDG_CONFIG_HOME names one");
        return OB_ERR_IO;
    }
    const int lock = lock_folder_of(files.user);
    if (lock < 0) {
        snprintf(problem_out, problem_size, "the folder of %s can't be made or opened", files.user);
        return OB_ERR_IO;
    }
    /* A link is followed, so that it stays one. */
    const enum ob_err err =
        edit_locked(realpath(files.user, real) ? real : files.user, setting, value, problem_out, problem_size);
    close(lock);
    return err;
}
