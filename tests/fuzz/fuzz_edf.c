/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EDF and EDF+: the header, and what stands behind it as data records with their samples and annotations. */
#include "format/edf.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_record(const struct ob_edf_header *header, const uint8_t *data)
{
    /* of exactly its size, so that a sanitizer sees a byte too many */
    unsigned char *record = malloc(header->record_bytes);
    if (!record)
        return;
    memcpy(record, data, header->record_bytes);
    struct ob_edf_notes notes;
    struct ob_edf_note note;
    ob_edf_notes_init(&notes, header, record);
    size_t count = 0, starts = 0;
    while (ob_edf_notes_next(&notes, &note)) {
        if (note.length > OB_EDF_TEXT_MAX || strlen(note.text) > note.length || note.duration_ns < -1 ||
            llabs(note.onset_ns) > (int64_t)2000000000 * 1000000000)
            abort();
        for (size_t i = 0; i < note.length; i++)
            if ((unsigned char)note.text[i] < 32)
                abort();
        starts += note.record_start;
        count += ob_edf_is_beat(&note) + ob_edf_is_gap(&note) + ob_edf_is_pulse(&note) + 1u;
    }
    if (starts > 1 || count > 4 * header->record_bytes)
        abort();
    int64_t start_ns;
    if (ob_edf_record_start(header, record, &start_ns) != (starts == 1))
        abort();
    for (int i = 0; i < header->signals; i++)
        for (int k = 0; k < header->signal[i].samples; k++)
            if (isinf(ob_edf_sample(&header->signal[i], record, k)))
                abort();
    free(record);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ob_edf_header header;
    char sentence[200];
    const size_t said = ob_edf_header_size(data, size < 256 ? size : 256);
    const enum ob_err err = ob_edf_parse_header(data, size, &header, sentence, sizeof sentence);
    if ((err != OB_OK) != (sentence[0] != 0))
        abort();
    if (err)
        return 0;
    if (said != header.header_bytes || header.signals < 1 || header.signals > OB_EDF_SIGNALS_MAX ||
        header.record_bytes < 2 || header.record_bytes > OB_EDF_RECORD_MAX || header.records < -1 ||
        !(header.record_s >= 0.0))
        abort();
    size_t end = 0;
    for (int i = 0; i < header.signals; i++) {
        const struct ob_edf_signal *signal = &header.signal[i];
        if (signal->offset != end || !isfinite(signal->gain) || !(ob_edf_rate_hz(&header, i) >= 0.0) ||
            strlen(signal->name) > 16 || strlen(signal->unit) > 8)
            abort();
        end += 2 * (size_t)signal->samples;
    }
    for (size_t at = header.header_bytes; size - at >= header.record_bytes; at += header.record_bytes)
        read_record(&header, data + at);
    return 0;
}
