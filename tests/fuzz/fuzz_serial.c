/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a board says: items in their range, whatever the bytes and the pieces. */
#include "sensor/serial_decode.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t read_all(const uint8_t *data, size_t size, size_t step)
{
    struct ob_serial_decode decode;
    struct ob_serial_item item;
    uint64_t items = 0;
    ob_serial_decode_init(&decode, OB_SERIAL_AUTO);
    for (size_t at = 0; at < size; at += step) {
        const unsigned char *p = data + at;
        size_t count = size - at < step ? size - at : step;
        for (; ob_serial_decode_next(&decode, &p, &count, &item); items++) {
            const bool beat = item.kind == OB_SERIAL_INTERVAL || item.kind == OB_SERIAL_INTERVAL_STATE;
            if (beat && !(item.value >= 200.0f && item.value <= 3000.0f))
                abort();
            if (!(item.value >= -2147483648.0f && item.value <= 2147483648.0f))
                abort();
        }
    }
    if (!(decode.good_01 >= 0.0f && decode.good_01 <= 1.0f))
        abort();
    return items;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (read_all(data, size, size + 1) != read_all(data, size, 5))
        abort();
    return 0;
}
