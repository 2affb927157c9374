/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The therapist's desk in the program with a window: what the console asks for is done, what it shows is collected, and
 * keys mark. Main thread. */
#ifndef OB_APP_DESK_SERVE_H
#define OB_APP_DESK_SERVE_H

#include "app/window/shell.h"

/* Once a frame. */
void ob_desk_serve(struct ob_shell *shell, int64_t now_ns);

/* What the console would ask, asked from elsewhere. */
void ob_desk_ask(struct ob_shell *shell, const struct ob_request *request, int64_t now_ns);

/* A key of the settings' keys.mark while a session runs. True: it marked, and means nothing else. */
bool ob_desk_key(struct ob_shell *shell, const SDL_Event *event);

/* A new address of the console; whoever was at it is out. */
void ob_desk_new_address(struct ob_shell *shell);

#endif
