/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window in the dark: black over the whole screen, nothing drawn any more, and the display off where it can be
 * (display_off.h). Private to the room; main thread. */
#ifndef OB_RENDER_DARK_H
#define OB_RENDER_DARK_H

#include "render/display_off.h"
#include "render/window.h"

#include <stdbool.h>
#include <stdint.h>

#define OB_DARK_PAINTS_S 0.6 /* black frames until then: the window may still be growing, or wait for its turn */

struct ob_dark {
    bool on;
    bool was_small; /* the window did not fill the screen before */
    struct ob_display_off display;
    int64_t since_ns, painted_ns;
    int width, height;
    uint64_t frames; /* black ones, ever */
};

void ob_dark_init(struct ob_dark *dark, const struct ob_window *window);
void ob_dark_finish(struct ob_dark *dark);

void ob_dark_begin(struct ob_dark *dark, struct ob_window *window, int64_t now_ns);
void ob_dark_step(struct ob_dark *dark, struct ob_window *window, int64_t now_ns);
/* From now on the dark is only black, since other displays are in use; or as dark as the machine can again. */
void ob_dark_keep_lit(struct ob_dark *dark, const struct ob_window *window, bool lit);

void ob_dark_end(struct ob_dark *dark, struct ob_window *window);

#endif
