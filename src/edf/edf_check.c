/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "edf/edf_parts.h"
#include "format/edf.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum ob_err differs(char *clause, size_t size, const char *what)
{
    snprintf(clause, size, "what was read back is not what was written (%s)", what);
    return OB_ERR_IO;
}

static enum ob_err check_header(const struct ob_edf *edf, const struct ob_edf_header *header, size_t records,
                                char *clause, size_t size)
{
    if (header->kind != OB_EDF_PLUS_CONTINUOUS || header->records != (int64_t)records ||
        header->record_s != (double)edf->record_s || header->signals < edf->channels)
        return differs(clause, size, "the header");
    for (int i = 0; i < edf->channels; i++) {
        const struct ob_edf_track *track = &edf->track[i];
        const struct ob_edf_signal *signal = &header->signal[i];
        const double to_mv = ob_channel_to_mv(track->unit);
        const double gain = (track->high - track->low) / (2.0 * OB_EDF_STEPS + 1.0) * (to_mv > 0.0 ? to_mv : 1.0);
        if (signal->annotations || signal->samples != track->in_record || signal->lowest != -OB_EDF_STEPS ||
            !(fabs(signal->gain / gain - 1.0) < 1e-6))
            return differs(clause, size, "the header of a signal");
    }
    return OB_OK;
}

static bool same_samples(const struct ob_edf *edf, const struct ob_edf_header *header, const unsigned char *record,
                         size_t r)
{
    for (int i = 0; i < edf->channels; i++) {
        const struct ob_edf_track *track = &edf->track[i];
        for (int k = 0; k < track->in_record; k++) {
            const unsigned char *p = record + header->signal[i].offset + 2 * (size_t)k;
            const unsigned step = (unsigned)(unsigned short)track->steps[r * (size_t)track->in_record + (size_t)k];
            if ((p[0] | (unsigned)p[1] << 8) != step)
                return false;
        }
    }
    return true;
}

/* libedf puts the annotations into the records in the order in which it was given them, a signal after the other. */
static bool same_notes(const struct ob_edf *edf, const struct ob_edf_header *header, const unsigned char *record,
                       size_t *at)
{
    struct ob_edf_notes notes;
    struct ob_edf_note note;
    ob_edf_notes_init(&notes, header, record);
    while (ob_edf_notes_next(&notes, &note)) {
        if (note.record_start)
            continue;
        if (*at == edf->note_count)
            return false;
        const struct ob_edf_kept_note *kept = &edf->notes[(*at)++];
        const int64_t long_ns = kept->long_ticks < 0 ? -1 : kept->long_ticks * OB_EDF_NOTE_TICK_NS;
        if (note.onset_ns != kept->tick * OB_EDF_NOTE_TICK_NS || note.duration_ns != long_ns ||
            strcmp(note.text, kept->text) != 0)
            return false;
    }
    return !notes.bad;
}

static enum ob_err check_records(const struct ob_edf *edf, const struct ob_edf_header *header, FILE *file,
                                 size_t records, char *clause, size_t size)
{
    unsigned char *record = malloc(header->record_bytes);
    if (!record)
        return OB_ERR_NO_MEMORY;
    enum ob_err err = OB_OK;
    size_t notes = 0;
    for (size_t r = 0; !err && r < records; r++) {
        if (fread(record, 1, header->record_bytes, file) != header->record_bytes)
            err = differs(clause, size, "it is too short");
        else if (!same_samples(edf, header, record, r))
            err = differs(clause, size, "samples");
        else if (!same_notes(edf, header, record, &notes))
            err = differs(clause, size, "annotations");
    }
    if (!err && notes != edf->note_count) {
        err = OB_ERR_IO;
        snprintf(clause, size, "only %zu of %zu annotations were kept", notes, edf->note_count);
    }
    if (!err && fgetc(file) != EOF)
        err = differs(clause, size, "it is too long");
    free(record);
    return err;
}

enum ob_err ob_edf_check(const struct ob_edf *edf, size_t records, char *clause_out, size_t size)
{
    FILE *file = fopen(edf->temporary, "rbe");
    struct ob_edf_header *header = malloc(sizeof *header);
    unsigned char *bytes = malloc(OB_EDF_HEADER_MAX);
    enum ob_err err = !file ? OB_ERR_IO : !header || !bytes ? OB_ERR_NO_MEMORY : OB_OK;
    if (!err) {
        const size_t first = fread(bytes, 1, 256, file);
        const size_t all = ob_edf_header_size(bytes, first);
        const size_t more = all > 256 ? fread(bytes + 256, 1, all - 256, file) : 0;
        char sentence[OB_EDF_SENTENCE_MAX];
        err = ob_edf_parse_header(bytes, first + more, header, sentence, sizeof sentence)
                  ? differs(clause_out, size, "the header")
                  : check_header(edf, header, records, clause_out, size);
    }
    if (!err)
        err = check_records(edf, header, file, records, clause_out, size);
    free(bytes);
    free(header);
    if (file)
        fclose(file);
    return err;
}
