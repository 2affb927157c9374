/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"

#include <stdbool.h>

size_t ob_utf8_letter(const void *text, size_t left)
{
    const unsigned char *p = text;
    if (left == 0)
        return 0;
    const size_t length = p[0] < 0x80                    ? 1
                          : p[0] >= 0xc2 && p[0] <= 0xdf ? 2
                          : (p[0] & 0xf0) == 0xe0        ? 3
                          : p[0] >= 0xf0 && p[0] <= 0xf4 ? 4
                                                         : 0;
    if (length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    const bool overlong = (p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xf0 && p[1] < 0x90);
    const bool outside = (p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf4 && p[1] > 0x8f);
    return overlong || outside ? 0 : length;
}
