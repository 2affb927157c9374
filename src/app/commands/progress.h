/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A progress bar on stderr, where stderr is a terminal; nothing elsewhere. */
#ifndef OB_APP_PROGRESS_H
#define OB_APP_PROGRESS_H

void ob_progress_show(const char *what, double done_01);
void ob_progress_clear(void);

#endif
