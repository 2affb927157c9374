/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is kept of a person beside sessions, which may come from an archive that somebody brings: whatever it is, what
 * is read of it is written and read again as the same. */
#include "store/keepsake.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ob_keepsake keepsake, again;
    static char bytes[OB_KEEPSAKE_BYTES];
    ob_keepsake_read(data, size, &keepsake);
    const size_t length = ob_keepsake_write(&keepsake, bytes);
    if (length >= sizeof bytes || strlen(bytes) != length)
        abort();
    ob_keepsake_read(bytes, length, &again);
    if (memcmp(&keepsake, &again, sizeof again) != 0)
        abort();
    return 0;
}
