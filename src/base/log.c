/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

static ob_log_fn *sink;
static void *sink_user;

void ob_log_set_sink(ob_log_fn *fn, void *user)
{
    sink = fn;
    sink_user = user;
}

void ob_log(enum ob_log_level level, const char *format, ...)
{
    if (!sink)
        return;
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    sink(sink_user, level, text);
}
