/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keys, controller, mouse and touch do while somebody sits in a session. Main thread. */
#ifndef OB_APP_KEYS_H
#define OB_APP_KEYS_H

#include "app/window/shell.h"

/* Takes all that SDL has waiting. */
void ob_keys_take(struct ob_shell *shell);

#endif
