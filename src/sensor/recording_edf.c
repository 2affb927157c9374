/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/recording_edf.h"

#include "base/event.h"
#include "base/time.h"
#include "format/edf.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BEATS_MOST  (16u << 20)
#define HOLE_MOST_S 86400.0
#define SHORTEST_MS 200.0
#define LONGEST_MS  3000.0

struct mark {
    int64_t at_ns;
    uint32_t order;
    bool gap;
};

struct ob_edf_file {
    struct ob_stream *stream;
    const char *path; /* the recording's */
    double fs_hz;     /* as somebody said it; 0: the file's */
    struct ob_recording_info *info;
    struct ob_edf_header *header;
    int signal[OB_CHANNELS_MAX]; /* of the file, for each channel */
    unsigned char *record;
    int64_t records; /* read so far */
    bool have_record;
    int followed;  /* channel */
    int frame;     /* in the record */
    uint64_t hole; /* frames of nothing before it */
    int64_t next_ns;
    uint64_t backward;
    struct mark *marks; /* beats and gaps, by time */
    size_t mark_count, mark_capacity, mark_at;
    bool beat_before, gap_before;
    bool bad_notes;
    int64_t before_ns;
};

static int frames_in_record(const struct ob_edf_file *file)
{
    return file->header->signal[file->signal[file->followed]].samples;
}

/* Which signals become channels: where there are more than we hold, those that we know something about come first, and
 * all stay in the file's order. */
static void take_channels(struct ob_edf_file *file)
{
    const struct ob_edf_header *header = file->header;
    struct ob_recording_info *info = file->info;
    int known = 0;
    for (int i = 0; i < header->signals; i++)
        known += ob_edf_rate_hz(header, i) > 0.0 && ob_channel_kind(header->signal[i].name) >= 0;
    int others = OB_CHANNELS_MAX - known;
    for (int i = 0; i < header->signals && info->channels < OB_CHANNELS_MAX; i++) {
        const struct ob_edf_signal *signal = &header->signal[i];
        if (!(ob_edf_rate_hz(header, i) > 0.0))
            continue;
        if (ob_channel_kind(signal->name) < 0 && others-- <= 0)
            continue;
        const int channel = info->channels++;
        file->signal[channel] = i;
        memcpy(info->name[channel], signal->name, sizeof info->name[channel]);
        memcpy(info->unit[channel], signal->unit, sizeof info->unit[channel]);
        info->own_fs_hz[channel] = ob_edf_rate_hz(header, i);
    }
}

static bool promised(const struct ob_edf_file *file)
{
    return file->header->records > 0;
}

static bool next_record(struct ob_edf_file *file)
{
    const struct ob_edf_header *header = file->header;
    if (promised(file) && file->records >= header->records)
        return false;
    if (ob_stream_take(file->stream, file->record, header->record_bytes) != header->record_bytes)
        return false;
    file->records++;
    return true;
}

/* Days of the Gregorian calendar, counted from March so that a leap day is a year's last. 1985-01-01 00:00 is what
 * writers put who do not tell. */
static void take_start(const struct ob_edf_header *h, struct ob_recording_info *info)
{
    if (h->year < 1985 || (h->year == 1985 && h->month == 1 && h->day == 1))
        return;
    const int64_t year = h->month > 2 ? h->year : h->year - 1, month = (h->month + 9) % 12;
    const int64_t days = 365 * year + year / 4 - year / 100 + year / 400 + (306 * month + 5) / 10 + h->day - 1 - 719468;
    info->start_local_s = ((days * 24 + h->hour) * 60 + h->minute) * 60 + h->second;
}

/* ---- frames ---- */

static void look_for_hole(struct ob_edf_file *file)
{
    int64_t start_ns;
    if (file->header->kind != OB_EDF_PLUS_GAPS || !ob_edf_record_start(file->header, file->record, &start_ns))
        return;
    const double rate_hz = (double)frames_in_record(file) / file->header->record_s;
    const double missing_s = file->records > 1 ? ob_s_from_ns(start_ns - file->next_ns) : 0.0;
    if (missing_s > 0.5 / rate_hz)
        file->hole = (uint64_t)(fmin(missing_s, HOLE_MOST_S) * rate_hz + 0.5);
    else if (missing_s < -0.5 / rate_hz) {
        file->backward++;
        file->hole = (uint64_t)(rate_hz + 0.5);
    }
    file->next_ns = start_ns + ob_ns_from_s(file->header->record_s);
}

static void make_frame(const struct ob_edf_file *file, float *out)
{
    const int frames = frames_in_record(file);
    for (int c = 0; c < file->info->channels; c++) {
        const struct ob_edf_signal *signal = &file->header->signal[file->signal[c]];
        const int64_t n = signal->samples;
        const int first = (int)(n * file->frame / frames), end = (int)(n * (file->frame + 1) / frames);
        if (end <= first + 1) {
            out[c] = ob_edf_sample(signal, file->record, first);
            continue;
        }
        double sum = 0.0;
        int good = 0;
        for (int i = first; i < end; i++) {
            const float value = ob_edf_sample(signal, file->record, i);
            if (isfinite(value)) {
                sum += (double)value;
                good++;
            }
        }
        out[c] = good > 0 ? (float)(sum / good) : (float)NAN;
    }
}

size_t ob_edf_file_read(struct ob_edf_file *file, float *out, size_t max)
{
    const size_t channels = (size_t)file->info->channels;
    if (channels == 0)
        return 0;
    for (size_t n = 0; n < max; n++, out += channels) {
        if (!file->have_record) {
            if (!(file->have_record = next_record(file)))
                return n;
            file->frame = 0;
            look_for_hole(file);
        }
        if (file->hole > 0) {
            file->hole--;
            for (size_t c = 0; c < channels; c++)
                out[c] = (float)NAN;
            continue;
        }
        make_frame(file, out);
        file->have_record = ++file->frame < frames_in_record(file);
    }
    return max;
}

/* ---- annotated beats ---- */

static bool keep(struct ob_edf_file *file, const struct ob_edf_note *note)
{
    if (file->mark_count == BEATS_MOST)
        return false;
    if (file->mark_count == file->mark_capacity) {
        const size_t capacity = file->mark_capacity ? 2 * file->mark_capacity : 1024;
        struct mark *marks = realloc(file->marks, capacity * sizeof *marks);
        if (!marks)
            return false;
        file->marks = marks;
        file->mark_capacity = capacity;
    }
    file->marks[file->mark_count] =
        (struct mark){.at_ns = note->onset_ns, .order = (uint32_t)file->mark_count, .gap = ob_edf_is_gap(note)};
    file->mark_count++;
    return true;
}

static int by_time(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;
    return x->at_ns != y->at_ns ? (x->at_ns > y->at_ns) - (x->at_ns < y->at_ns)
                                : (x->order > y->order) - (x->order < y->order);
}

/* Through the whole file once, and back to its first record. */
static enum ob_err collect_beats(struct ob_edf_file *file, size_t *beats_out)
{
    size_t beats = 0, pulses = 0;
    bool room = true;
    while (room && next_record(file)) {
        struct ob_edf_notes notes;
        struct ob_edf_note note;
        ob_edf_notes_init(&notes, file->header, file->record);
        while (room && ob_edf_notes_next(&notes, &note)) {
            if (!ob_edf_is_beat(&note) && !ob_edf_is_gap(&note))
                continue;
            beats += ob_edf_is_beat(&note);
            pulses += ob_edf_is_pulse(&note);
            room = keep(file, &note);
        }
        file->bad_notes = file->bad_notes || notes.bad;
    }
    if (!room)
        return OB_ERR_NO_MEMORY;
    if (file->mark_count > 1)
        qsort(file->marks, file->mark_count, sizeof *file->marks, by_time);
    file->info->pulse = 2 * pulses > beats;
    *beats_out = beats;
    return OB_OK;
}

size_t ob_edf_file_read_rr(struct ob_edf_file *file, struct ob_recording_rr *rr_out, size_t max)
{
    size_t n = 0;
    while (n < max && file->mark_at < file->mark_count) {
        const struct mark *mark = &file->marks[file->mark_at++];
        if (mark->gap) {
            file->gap_before = true;
            continue;
        }
        if (file->beat_before) {
            const double rr_ms = (double)(mark->at_ns - file->before_ns) * 1e-6;
            const bool gap = file->gap_before || rr_ms < SHORTEST_MS || rr_ms > LONGEST_MS;
            rr_out[n++] = (struct ob_recording_rr){.rr_ms = rr_ms, .gap = gap};
        }
        file->beat_before = true;
        file->gap_before = false;
        file->before_ns = mark->at_ns;
    }
    return n;
}

/* ---- the whole ---- */

static bool has_wave(const struct ob_recording_info *info)
{
    return ob_recording_best(info, OB_SIGNAL_ECG) >= 0 || ob_recording_best(info, OB_SIGNAL_PPG) >= 0;
}

static bool has_notes(const struct ob_edf_header *header)
{
    for (int i = 0; i < header->signals; i++)
        if (header->signal[i].annotations)
            return true;
    return false;
}

static enum ob_err read_header(struct ob_edf_file *file, char *sentence, size_t size)
{
    unsigned char *bytes = malloc(OB_EDF_HEADER_MAX);
    file->header = malloc(sizeof *file->header);
    if (!bytes || !file->header) {
        free(bytes);
        return ob_fail(sentence, size, OB_ERR_NO_MEMORY, "There is not enough memory.");
    }
    size_t have = ob_stream_take(file->stream, bytes, 256);
    const size_t all = ob_edf_header_size(bytes, have);
    if (all > have)
        have += ob_stream_take(file->stream, bytes + have, all - have);
    char why[OB_RECORDING_SENTENCE_MAX / 2];
    const enum ob_err err = ob_edf_parse_header(bytes, have, file->header, why, sizeof why);
    free(bytes);
    return err ? ob_fail(sentence, size, err, "%s: %s", file->path, why) : OB_OK;
}

static enum ob_err open_beats(struct ob_edf_file *file, bool wanted, char *sentence, size_t size)
{
    size_t beats;
    const enum ob_err err = collect_beats(file, &beats);
    if (err)
        return ob_fail(sentence, size, err, "%s: there is not enough memory for its annotations.", file->path);
    file->info->intervals = beats > 1;
    if (file->info->intervals)
        return OB_OK;
    if (wanted || file->info->channels == 0)
        return ob_fail(sentence, size, OB_ERR_EMPTY, "%s: there are no beats among its annotations%s.", file->path,
                       file->info->channels == 0 ? ", and there are no signals" : "");
    file->records = 0;
    return ob_stream_seek(file->stream, file->header->header_bytes)
               ? OB_OK
               : ob_fail(sentence, size, OB_ERR_IO, "%s can't be read.", file->path);
}

enum ob_err ob_edf_file_open(struct ob_stream *stream, const char *path, double fs_hz, bool want_beats,
                             struct ob_recording_info *info, struct ob_edf_file **file_out, char *sentence, size_t size)
{
    *file_out = NULL;
    struct ob_edf_file *file = calloc(1, sizeof *file);
    if (!file)
        return ob_fail(sentence, size, OB_ERR_NO_MEMORY, "There is not enough memory.");
    file->stream = stream;
    file->path = path;
    file->info = info;
    file->fs_hz = fs_hz;
    enum ob_err err = read_header(file, sentence, size);
    if (!err && stream->size < file->header->header_bytes + file->header->record_bytes)
        err = ob_fail(sentence, size, OB_ERR_EMPTY, "%s holds a header, but no whole data record.", path);
    if (!err && !(file->record = malloc(file->header->record_bytes)))
        err = ob_fail(sentence, size, OB_ERR_NO_MEMORY, "There is not enough memory.");
    if (!err) {
        take_start(file->header, info);
        take_channels(file);
        if (want_beats || (!has_wave(info) && has_notes(file->header)))
            err = open_beats(file, want_beats, sentence, size);
        if (!err && !info->intervals && info->channels > 0)
            ob_edf_file_follow(file, 0);
    }
    if (!err && !info->intervals && info->channels == 0)
        err = ob_fail(sentence, size, OB_ERR_EMPTY, "%s has no signals and no annotated beats.", path);
    if (err) {
        ob_edf_file_close(file);
        return err;
    }
    *file_out = file;
    return OB_OK;
}

void ob_edf_file_close(struct ob_edf_file *file)
{
    if (!file)
        return;
    free(file->marks);
    free(file->record);
    free(file->header);
    free(file);
}

void ob_edf_file_follow(struct ob_edf_file *file, int channel)
{
    file->followed = channel;
    file->info->fs_hz = file->fs_hz > 0.0 ? file->fs_hz : file->info->own_fs_hz[channel];
    /* a length is known only where no gaps make it longer, and never longer than the file can hold */
    const struct ob_edf_header *header = file->header;
    const uint64_t there = (file->stream->size - header->header_bytes) / header->record_bytes;
    const uint64_t records = promised(file) && (uint64_t)header->records < there ? (uint64_t)header->records : there;
    file->info->frames = header->kind == OB_EDF_PLUS_GAPS ? 0 : (int64_t)records * (int64_t)frames_in_record(file);
}

enum ob_err ob_edf_file_outcome(const struct ob_edf_file *file, char *sentence_out, size_t size)
{
    if (file->stream->failed)
        return ob_fail(sentence_out, size, OB_ERR_IO, "%s could be read only in part.", file->path);
    if (file->stream->over && promised(file) && file->records < file->header->records)
        return ob_fail(sentence_out, size, OB_ERR_TRUNCATED,
                       "%s: only %" PRId64 " of the %" PRId64 " data records that its header promises are there.",
                       file->path, file->records, file->header->records);
    if (!promised(file))
        return ob_fail(sentence_out, size, OB_OK,
                       "%s was not closed by the program that wrote it; what is there is read.", file->path);
    if (file->backward > 0)
        return ob_fail(sentence_out, size, OB_OK, "%s: %" PRIu64 " of its data records go back in time.", file->path,
                       file->backward);
    if (file->bad_notes)
        return ob_fail(sentence_out, size, OB_OK, "%s: some of its annotations can't be read.", file->path);
    return OB_OK;
}
