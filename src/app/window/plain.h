/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath breathe: a session without a picture, in plain lines, for a screen reader, a terminal far away, or a pipe.
 * Sound, voice, sensors and what is kept are those of the program with a window. Main thread. */
#ifndef OB_APP_PLAIN_H
#define OB_APP_PLAIN_H

#include "app/window/shell.h"

/* In place of ob_shell_run(): runs the session that shell->sitting has been prepared for, with shell->options.plain set
 * before ob_shell_open(). Keys come from stdin, one by one from a terminal, else by lines; where it ends, the session
 * goes on without. */
int ob_plain_run(struct ob_shell *shell);

#endif
