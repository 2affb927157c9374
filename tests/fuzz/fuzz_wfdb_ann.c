/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WFDB annotations: bounded times and codes, whatever the bytes and the pieces. */
#include "format/wfdb.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int64_t read_all(const uint8_t *data, size_t size, size_t step)
{
    struct ob_wfdb_annotations annotations;
    struct ob_wfdb_annotation one;
    int64_t sum = 0;
    ob_wfdb_annotations_init(&annotations);
    for (size_t at = 0; at < size; at += step) {
        const unsigned char *p = data + at;
        size_t count = size - at < step ? size - at : step;
        while (ob_wfdb_annotations_next(&annotations, &p, &count, &one)) {
            if (one.code < 1 || one.code > 49 || llabs(one.sample) > (int64_t)1 << 48)
                abort();
            (void)ob_wfdb_symbol(one.code);
            sum = (sum * 31 + one.sample) % 1000003 + ob_wfdb_is_beat(one.code);
        }
    }
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (read_all(data, size, size + 1) != read_all(data, size, 3))
        abort();
    return 0;
}
