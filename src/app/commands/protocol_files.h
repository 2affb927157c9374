/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocols where they lie: $XDG_CONFIG_HOME/outbreath/protocols (or ~/.config), then config/protocols beside the
 * shaders. Somebody's own goes before a shipped one of the same name. Main thread. */
#ifndef OB_APP_PROTOCOL_FILES_H
#define OB_APP_PROTOCOL_FILES_H

#include "base/err.h"
#include "breath/protocol.h"
#include "config/problems.h"
#include "config/settings.h"

#include <limits.h>

#define OB_PROTOCOLS_MAX 128

struct ob_protocol_entry {
    char name[48];
    char path[PATH_MAX];
    bool own; /* not a shipped one */
};

/* All of them, by name. Returns how many; at most OB_PROTOCOLS_MAX. */
size_t ob_protocol_list(struct ob_protocol_entry *entries_out);

/* One from its file. What was wrong is in problems. */
enum ob_err ob_protocol_file_read(const char *path, struct ob_protocol *protocol_out, struct ob_problems *problems);

/* The one that the settings name, with the person's own pace filled in. An exit code, after sentences; OB_EXIT_DONE
 * with phase_count 0 when none is named. A protocol that a file or the environment names steps back when the command
 * line asks for a plain session (--minutes, --pace, --measured), and when it can't be followed; on the command line
 * both are mistakes. */
int ob_protocol_of(const struct ob_settings *settings, struct ob_protocol *protocol_out);

#endif
