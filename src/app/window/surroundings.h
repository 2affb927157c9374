/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture, the sound and the volume that somebody had the last time, wherever that was: what home begins with. They
 * are kept with the person, so they come along with an archive from the treatment room.
 *
 * What the command line or the environment says goes before, and so does a setting that has been changed since. Main
 * thread. */
#ifndef OB_APP_SURROUNDINGS_H
#define OB_APP_SURROUNDINGS_H

#include "config/settings.h"

struct ob_shell;

/* Before window and sound are opened: the person's last ones into shell->loaded.settings, where they are known. */
void ob_surroundings_recall(struct ob_shell *shell);

/* Somebody has chosen anew in the settings: that is what they say now. */
void ob_surroundings_chosen(struct ob_shell *shell, enum ob_setting setting);

/* Before what is kept of a session is closed: those that it had. */
void ob_surroundings_note(struct ob_shell *shell);

#endif
