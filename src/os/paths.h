/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where things lie: shaders and assets, and the XDG folders of the person. Caller's thread; no state. */
#ifndef OB_OS_PATHS_H
#define OB_OS_PATHS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* The folder that holds shaders/ and assets/: $OUTBREATH_DATADIR; beside the program in a build or source tree; the
 * installed share/outbreath relative to the program. OB_ERR_NOT_FOUND when none is there. */
enum ob_err ob_paths_resources(char *path_out, size_t size);

/* Where the catalogues of words are (LANG/LC_MESSAGES/outbreath.mo below it): locale/ of a build tree, share/locale of
 * an installation. */
enum ob_err ob_paths_locale(char *path_out, size_t size);

/* $XDG_DATA_HOME/outbreath or ~/.local/share/outbreath. Not created here. */
enum ob_err ob_paths_user_data(char *path_out, size_t size);

/* $XDG_CONFIG_HOME/outbreath or ~/.config/outbreath. Not created here. */
enum ob_err ob_paths_user_config(char *path_out, size_t size);

/* $XDG_CONFIG_HOME or ~/.config itself, for what other programs read. */
enum ob_err ob_paths_config_home(char *path_out, size_t size);

/* $XDG_STATE_HOME/outbreath or ~/.local/state/outbreath. Not created here. */
enum ob_err ob_paths_user_state(char *path_out, size_t size);

/* The person's folder of documents, as $XDG_CONFIG_HOME/user-dirs.dirs names it (xdg-user-dirs); where that names none,
 * or one that is not there, the home folder. */
enum ob_err ob_paths_documents(char *path_out, size_t size);

/* Makes a folder and its parents (mode 0777 before umask). OB_OK if it is there already. */
enum ob_err ob_paths_make(const char *path);

bool ob_paths_exists(const char *path);

#endif
