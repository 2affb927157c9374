/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A WFDB header, and behind its first 0 byte the samples of its first file. */
#include "format/wfdb.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t read_samples(const struct ob_wfdb_header *header, const uint8_t *data, size_t size, size_t step)
{
    struct ob_wfdb_reader reader;
    if (ob_wfdb_reader_init(&reader, header, 0) != OB_OK)
        return 0;
    float values[OB_CHANNELS_MAX];
    for (size_t at = 0; at < size; at += step) {
        const unsigned char *p = data + at;
        size_t count = size - at < step ? size - at : step;
        while (ob_wfdb_reader_next(&reader, &p, &count, values)) {
        }
    }
    if (ob_wfdb_reader_remainder(&reader) < 0)
        abort();
    return reader.frames;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ob_wfdb_header header;
    char sentence[200];
    const uint8_t *zero = size ? memchr(data, 0, size) : NULL;
    const size_t text = zero ? (size_t)(zero - data) : size;
    const enum ob_err err = ob_wfdb_parse_header(data, text, &header, sentence, sizeof sentence);
    if (err) {
        if (!sentence[0])
            abort();
        return 0;
    }
    if (header.signals < 1 || header.signals > OB_CHANNELS_MAX || !(header.fs_hz > 0.0) || header.frames < 0)
        abort();
    for (int i = 0; i < header.signals; i++)
        if (strchr(header.signal[i].file, '/') || !(header.signal[i].gain > 0.0))
            abort();
    const size_t rest = size - text;
    if (read_samples(&header, data + text, rest, rest + 1) != read_samples(&header, data + text, rest, 5))
        abort();
    return 0;
}
