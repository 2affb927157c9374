/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/notice.h"

#include "base/time.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TROUBLE_NS (12 * OB_NS_PER_S)

void ob_notice_say(struct ob_notice *notice, int64_t now_ns, double seconds, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(notice->said, sizeof notice->said, format, arguments);
    va_end(arguments);
    notice->said_until_ns = now_ns + ob_ns_from_s(seconds);
}

void ob_notice_line(struct ob_notice *notice, int64_t now_ns, const char *trouble, bool keep, char *line_out,
                    size_t size)
{
    if (strncmp(trouble, notice->trouble, sizeof notice->trouble - 1) != 0) {
        snprintf(notice->trouble, sizeof notice->trouble, "%s", trouble);
        notice->trouble_ns = now_ns;
    }
    const char *line = keep || now_ns - notice->trouble_ns < TROUBLE_NS ? notice->trouble : "";
    snprintf(line_out, size, "%s", now_ns < notice->said_until_ns ? notice->said : line);
}
