/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings from where they lie: the system's file, the person's file, the environment. Main thread.
 *
 * The system's file is outbreath/outbreath.yaml in the first folder of $XDG_CONFIG_DIRS (/etc/xdg) that has one; the
 * person's is $XDG_CONFIG_HOME/outbreath/outbreath.yaml (~/.config), or what --config or $OUTBREATH_CONFIG names;
 * "none" there leaves both files unread. */
#ifndef OB_APP_SETTINGS_FILES_H
#define OB_APP_SETTINGS_FILES_H

#include "base/err.h"
#include "config/problems.h"
#include "config/settings.h"

#include <limits.h>

struct ob_settings_files {
    char system[PATH_MAX], user[PATH_MAX]; /* "" where there is none, or it can't be named */
    bool chosen;                           /* somebody named the person's file; it has to be there */
};

struct ob_loaded {
    struct ob_settings settings;
    struct ob_settings_files files;
    size_t mistakes; /* told on stderr */
};

/* config: what --config said, or NULL. */
void ob_settings_files_find(const char *config, struct ob_settings_files *files_out);

/* One file into settings. OB_ERR_NOT_FOUND where there is none; an empty one is fine. What could not be read is a
 * problem as well. */
enum ob_err ob_settings_file_read(const char *path, struct ob_settings *settings, enum ob_layer layer,
                                  struct ob_problems *problems);

/* The environment into settings. */
void ob_settings_environment(struct ob_settings *settings, struct ob_problems *problems);

/* All layers, with what the command line said (over) on top. Each mistake is told on stderr, and what is below it
 * counts. False only when the file that somebody named on purpose is not there; that is told too. over may be NULL. */
bool ob_settings_load(const char *config, const struct ob_settings *over, struct ob_loaded *loaded_out);

/* Writes one value into the person's file, which is made where there is none, and leaves the rest of it as it is; value
 * NULL takes it out. OB_ERR_RANGE: no value of this setting; OB_ERR_NOT_FOUND: nothing to take out; OB_ERR_FORMAT: the
 * file can't be read or changed; each with a sentence. */
enum ob_err ob_settings_file_set(const char *config, enum ob_setting setting, const char *value, char *problem_out,
                                 size_t problem_size);

/* Where a value came from: "default", "FILE:LINE", "environment NAME", "command line --NAME". */
const char *ob_settings_origin(const struct ob_loaded *loaded, enum ob_setting setting, char *out, size_t size);

#endif
