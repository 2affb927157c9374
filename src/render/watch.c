/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/watch.h"

bool ob_watch_frame(struct ob_watch *watch, int64_t cost_ns)
{
    watch->slow_ns = cost_ns > OB_WATCH_FRAME_NS ? watch->slow_ns + cost_ns : 0;
    return watch->slow_ns >= OB_WATCH_PATIENCE_NS;
}
