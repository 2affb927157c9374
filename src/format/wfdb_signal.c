/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/wfdb.h"

#include <math.h>
#include <string.h>

#define MISSING_16  (-32768)
#define MISSING_212 (-2048)

int ob_wfdb_file_signals(const struct ob_wfdb_header *header, int first)
{
    int count = 1;
    while (first + count < header->signals &&
           strcmp(header->signal[first + count].file, header->signal[first].file) == 0)
        count++;
    return count;
}

enum ob_err ob_wfdb_reader_init(struct ob_wfdb_reader *reader, const struct ob_wfdb_header *header, int first)
{
    memset(reader, 0, sizeof *reader);
    const struct ob_wfdb_signal *signal = &header->signal[first];
    reader->format = signal->format;
    reader->to_skip = signal->offset_bytes;
    reader->signals = ob_wfdb_file_signals(header, first);
    for (int i = 0; i < reader->signals; i++) {
        if (signal[i].format != signal->format)
            return OB_ERR_UNSUPPORTED;
        reader->per_frame[i] = signal[i].samples_per_frame;
        reader->scale[i] = signal[i].to_unit / signal[i].gain;
        reader->baseline[i] = signal[i].baseline;
        reader->frame_samples += signal[i].samples_per_frame;
    }
    reader->plain = reader->format == 16 && reader->frame_samples == reader->signals;
    return reader->frame_samples <= OB_WFDB_FRAME_SAMPLES_MAX ? OB_OK : OB_ERR_UNSUPPORTED;
}

static void give_frame(struct ob_wfdb_reader *reader, float *values_out)
{
    const int missing = reader->format == 16 ? MISSING_16 : MISSING_212;
    const int *sample = reader->frame;
    for (int i = 0; i < reader->signals; i++) {
        double sum = 0.0;
        int seen = 0;
        for (int k = 0; k < reader->per_frame[i]; k++, sample++) {
            if (*sample == missing) {
                reader->missing++;
                continue;
            }
            sum += *sample;
            seen++;
        }
        values_out[i] = seen ? (float)((sum / seen - reader->baseline[i]) * reader->scale[i]) : (float)NAN;
    }
    reader->frames++;
    reader->have_samples = 0;
}

/* True: the frame is whole with this sample. */
static bool add_sample(struct ob_wfdb_reader *reader, int sample)
{
    reader->frame[reader->have_samples++] = sample;
    return reader->have_samples == reader->frame_samples;
}

static int twelve_bits(unsigned low, unsigned high)
{
    const int value = (int)(low | (high & 15u) << 8);
    return value >= 2048 ? value - 4096 : value;
}

/* One signal of frames of one 16-bit sample each. */
static void give_plain(struct ob_wfdb_reader *reader, int signal, const unsigned char *bytes, size_t frames,
                       float *values_out)
{
    const size_t signals = (size_t)reader->signals;
    const double baseline = reader->baseline[signal];
    const double scale = reader->scale[signal];
    uint64_t missing = 0;
    for (size_t n = 0; n < frames; n++, bytes += 2 * signals, values_out += signals) {
        const int word = bytes[0] | bytes[1] << 8, sample = word >= 32768 ? word - 65536 : word;
        *values_out = (float)((sample - baseline) * scale);
        if (sample == MISSING_16) {
            *values_out = (float)NAN;
            missing++;
        }
    }
    reader->missing += missing;
}

size_t ob_wfdb_reader_plain(struct ob_wfdb_reader *reader, const unsigned char **bytes, size_t *count,
                            float *values_out, size_t most)
{
    if (!reader->plain || reader->to_skip > 0 || reader->have_bytes > 0 || reader->have_samples > 0)
        return 0;
    const size_t signals = (size_t)reader->signals, whole = *count / (2 * signals);
    const size_t frames = whole < most ? whole : most;
    for (int i = 0; i < reader->signals; i++)
        give_plain(reader, i, *bytes + 2 * i, frames, values_out + i);
    reader->frames += frames;
    *bytes += 2 * signals * frames;
    *count -= 2 * signals * frames;
    return frames;
}

bool ob_wfdb_reader_next(struct ob_wfdb_reader *reader, const unsigned char **bytes, size_t *count, float *values_out)
{
    if (reader->to_skip > 0) {
        const size_t skip = (uint64_t)reader->to_skip < *count ? (size_t)reader->to_skip : *count;
        *bytes += skip;
        *count -= skip;
        reader->to_skip -= (int64_t)skip;
    }
    if (ob_wfdb_reader_plain(reader, bytes, count, values_out, 1) == 1)
        return true;
    while (*count > 0) {
        reader->bytes[reader->have_bytes++] = *(*bytes)++;
        (*count)--;
        bool whole = false;
        const unsigned char *b = reader->bytes;
        if (reader->format == 16 && reader->have_bytes == 2) {
            const int value = b[0] | b[1] << 8;
            whole = add_sample(reader, value >= 32768 ? value - 65536 : value);
            reader->have_bytes = 0;
        } else if (reader->format == 212 && reader->have_bytes == 2) {
            /* The first of a pair is known with the second byte; the third completes the other. */
            whole = add_sample(reader, twelve_bits(b[0], b[1]));
        } else if (reader->format == 212 && reader->have_bytes == 3) {
            whole = add_sample(reader, twelve_bits(b[2], (unsigned)b[1] >> 4));
            reader->have_bytes = 0;
        }
        if (whole) {
            give_frame(reader, values_out);
            return true;
        }
    }
    return false;
}

int ob_wfdb_reader_remainder(const struct ob_wfdb_reader *reader)
{
    /* half a pair of format 212 may be all that an odd number of samples needs */
    const int bytes = reader->format == 212 && reader->have_bytes == 2 ? 0 : reader->have_bytes;
    return bytes + reader->have_samples * 2;
}
