/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A heart-rate packet: what is decoded accounts for every byte of it. */
#include "sensor/hrs_decode.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ob_hrs_packet packet;
    if (ob_hrs_decode(data, size, &packet)) {
        const size_t head = (data[0] & 1u ? 3u : 2u) + (packet.has_energy ? 2u : 0u);
        const size_t used = head + 2 * (size_t)packet.rr_count + packet.odd;
        if (packet.rr_count < 0 || packet.rr_count > OB_HRS_RR_MAX || (packet.has_rr && used != size))
            abort();
        if (packet.rr_count > 0 && !packet.has_rr)
            abort();
    } else if (packet.rr_count != 0) {
        abort();
    }
    return 0;
}
