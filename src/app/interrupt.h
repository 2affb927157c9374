/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ctrl-C and SIGTERM end a session kindly: files are closed, streams stopped. A second one ends at once. */
#ifndef OB_APP_INTERRUPT_H
#define OB_APP_INTERRUPT_H

#include <stdbool.h>

void ob_interrupt_install(void);
bool ob_interrupted(void); /* any thread */

#endif
