/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One clear sentence on stderr. */
#ifndef OB_APP_SAY_H
#define OB_APP_SAY_H

/* Prints "outbreath: <sentence>." (a full stop is added where there is none) after clearing a progress bar. Returns
 * code, so that a command can end with it. */
int ob_say(int code, const char *sentence);

#endif
