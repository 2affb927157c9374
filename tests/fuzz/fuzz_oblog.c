/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event log: any bytes, in pieces of any size, give the same events; each event encodes to the bytes it came from.
 */
#include "format/oblog.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t read_log(const uint8_t *data, size_t size, size_t step, struct ob_oblog_decoder *decoder)
{
    uint64_t position = OB_OBLOG_HEADER_SIZE;
    ob_oblog_decoder_init(decoder);
    for (size_t at = 0; at < size; at += step) {
        const unsigned char *p = data + at;
        size_t count = size - at < step ? size - at : step;
        struct ob_event event;
        while (ob_oblog_next(decoder, &p, &count, &event)) {
            unsigned char again[OB_OBLOG_RECORD_MAX];
            const size_t length = ob_oblog_encode(&event, again);
            if (length == 0 || decoder->good_bytes > size)
                abort();
            /* another minor version may have longer or shorter records, and ones that are skipped */
            const bool ours = (data[10] | data[11] << 8) == OB_OBLOG_MINOR;
            if (ours && (position + length != decoder->good_bytes || memcmp(again, data + position, length) != 0))
                abort();
            position = decoder->good_bytes;
        }
    }
    ob_oblog_finish(decoder);
    return decoder->events;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ob_oblog_decoder whole, pieces;
    const uint64_t events = read_log(data, size, size + 1, &whole);
    if (read_log(data, size, 7, &pieces) != events || pieces.stop != whole.stop ||
        pieces.good_bytes != whole.good_bytes)
        abort();
    return 0;
}
