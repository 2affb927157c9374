/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/recording.h"

#include "base/event.h"
#include "format/csv.h"
#include "format/edf.h"
#include "format/rrtext.h"
#include "format/wfdb.h"
#include "os/file.h"
#include "sensor/recording_edf.h"
#include "sensor/stream.h"

#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RR_PENDING 256

struct part { /* one signal file of a WFDB record */
    struct ob_stream *stream;
    struct ob_wfdb_reader reader;
    int first;
};

struct ob_recording {
    struct ob_recording_info info;
    char path[PATH_MAX];
    enum ob_err err;
    uint64_t frames; /* handed out */
    /* RR and CSV */
    struct ob_stream *stream;
    struct ob_rrtext *rr;
    struct ob_recording_rr pending_rr[RR_PENDING];
    size_t pending_count, pending_at;
    struct ob_csv *csv;
    struct ob_csv_frame frame; /* waiting behind its hole */
    bool have_frame;
    /* WFDB */
    struct part part[OB_CHANNELS_MAX];
    int parts;
    /* EDF */
    struct ob_edf_file *edf;
    bool want_beats;
};

/* ---- RR ---- */

static bool next_rr(struct ob_recording *r, struct ob_rrtext_item *item)
{
    while (!r->rr->err) {
        if (!ob_stream_fill(r->stream))
            return ob_rrtext_last(r->rr, item);
        if (ob_rrtext_next(r->rr, &r->stream->at, &r->stream->left, item))
            return true;
    }
    return false;
}

/* A file whose first lines hold no interval at all is refused here rather than replayed as one long gap. */
static enum ob_err open_rr(struct ob_recording *r, char *sentence, size_t size)
{
    r->info.intervals = true;
    r->rr = malloc(sizeof *r->rr);
    if (!r->rr)
        return ob_fail(sentence, size, OB_ERR_NO_MEMORY, "There is not enough memory.");
    ob_rrtext_init(r->rr);
    struct ob_rrtext_item item;
    while (r->rr->intervals == 0 && r->pending_count < RR_PENDING && next_rr(r, &item))
        r->pending_rr[r->pending_count++] = (struct ob_recording_rr){.rr_ms = item.rr_ms, .gap = item.gap};
    if (r->rr->intervals > 0)
        return OB_OK;
    const enum ob_err err = r->rr->err ? r->rr->err : OB_ERR_FORMAT;
    char why[OB_RECORDING_SENTENCE_MAX];
    if (ob_rrtext_sentence(r->rr, why, sizeof why) == 0 || !r->rr->err)
        snprintf(why, sizeof why, "None of its first %d lines is an interval between 200 and 3000 ms.", RR_PENDING);
    return ob_fail(sentence, size, err, "%s: %s", r->path, why);
}

size_t ob_recording_read_rr(struct ob_recording *r, struct ob_recording_rr *rr_out, size_t max)
{
    size_t n = 0;
    if (r->edf)
        return r->info.intervals ? ob_edf_file_read_rr(r->edf, rr_out, max) : 0;
    if (r->info.kind != OB_FILE_RR)
        return 0;
    while (n < max && r->pending_at < r->pending_count)
        rr_out[n++] = r->pending_rr[r->pending_at++];
    struct ob_rrtext_item item;
    while (n < max && next_rr(r, &item))
        rr_out[n++] = (struct ob_recording_rr){.rr_ms = item.rr_ms, .gap = item.gap};
    return n;
}

/* ---- CSV ---- */

static bool next_csv(struct ob_recording *r)
{
    while (!r->csv->err) {
        if (!ob_stream_fill(r->stream))
            return ob_csv_last(r->csv, &r->frame);
        if (ob_csv_next(r->csv, &r->stream->at, &r->stream->left, &r->frame))
            return true;
    }
    return false;
}

static enum ob_err open_csv(struct ob_recording *r, double fs_hz, char *sentence, size_t size)
{
    r->csv = malloc(sizeof *r->csv);
    if (!r->csv)
        return ob_fail(sentence, size, OB_ERR_NO_MEMORY, "There is not enough memory.");
    ob_csv_init(r->csv, fs_hz);
    r->have_frame = next_csv(r);
    if (!r->have_frame) {
        const enum ob_err err = r->csv->err ? r->csv->err : OB_ERR_FORMAT;
        char why[OB_RECORDING_SENTENCE_MAX];
        ob_csv_sentence(r->csv, why, sizeof why);
        return ob_fail(sentence, size, err, "%s: %s", r->path, why);
    }
    r->info.fs_hz = r->csv->fs_hz;
    r->info.channels = r->csv->channels;
    memcpy(r->info.name, r->csv->name, sizeof r->info.name);
    memcpy(r->info.unit, r->csv->unit, sizeof r->info.unit);
    return OB_OK;
}

static size_t read_csv(struct ob_recording *r, float *out, size_t max)
{
    const int channels = r->info.channels;
    size_t n = 0;
    while (n < max) {
        if (!r->have_frame && !(r->have_frame = next_csv(r)))
            break;
        if (r->frame.hole > 0) {
            r->frame.hole--;
            for (int c = 0; c < channels; c++)
                out[n * (size_t)channels + (size_t)c] = (float)NAN;
        } else {
            memcpy(out + n * (size_t)channels, r->frame.values, (size_t)channels * sizeof *out);
            r->have_frame = false;
        }
        n++;
    }
    return n;
}

/* ---- WFDB ---- */

static enum ob_err open_part(struct ob_recording *r, const struct ob_wfdb_header *header, int first, char *sentence,
                             size_t size)
{
    struct part *part = &r->part[r->parts];
    part->first = first;
    if (ob_wfdb_reader_init(&part->reader, header, first) != OB_OK)
        return ob_fail(sentence, size, OB_ERR_UNSUPPORTED,
                       "%s: the signals of %s are laid out in a way that is not read.", r->path,
                       header->signal[first].file);
    char path[PATH_MAX];
    const char *slash = strrchr(r->path, '/');
    const int folder = slash ? (int)(slash - r->path) + 1 : 0;
    if ((size_t)snprintf(path, sizeof path, "%.*s%s", folder, r->path, header->signal[first].file) >= sizeof path)
        return ob_fail(sentence, size, OB_ERR_RANGE, "%s: the path is too long.", r->path);
    const enum ob_err err = ob_stream_open(path, &part->stream);
    if (err)
        return ob_stream_open_sentence(path, err, sentence, size);
    r->parts++;
    if (part->stream->size <= (uint64_t)header->signal[first].offset_bytes)
        return ob_fail(sentence, size, OB_ERR_EMPTY, "%s has no samples in it.", path);
    return OB_OK;
}

static enum ob_err open_wfdb(struct ob_recording *r, double fs_hz, char *sentence, size_t size)
{
    unsigned char *text = NULL;
    size_t text_size = 0;
    enum ob_err err = ob_file_read(r->path, OB_WFDB_HEADER_MAX, &text, &text_size);
    if (err)
        return ob_fail(sentence, size, err, "The WFDB header %s can't be read: %s.", r->path, ob_err_text(err));
    struct ob_wfdb_header *header = malloc(sizeof *header);
    char why[OB_RECORDING_SENTENCE_MAX];
    if (!header)
        err = ob_fail(sentence, size, OB_ERR_NO_MEMORY, "There is not enough memory.");
    else if ((err = ob_wfdb_parse_header(text, text_size, header, why, sizeof why)) != OB_OK)
        ob_fail(sentence, size, err, "%s: %s", r->path, why);
    free(text);
    for (int first = 0; !err && first < header->signals; first += ob_wfdb_file_signals(header, first))
        err = open_part(r, header, first, sentence, size);
    if (!err) {
        r->info.fs_hz = fs_hz > 0.0 ? fs_hz : header->fs_hz;
        r->info.channels = header->signals;
        r->info.frames = header->frames;
        for (int i = 0; i < header->signals; i++) {
            memcpy(r->info.name[i], header->signal[i].name, sizeof r->info.name[i]);
            memcpy(r->info.unit[i], header->signal[i].unit, sizeof r->info.unit[i]);
        }
    }
    free(header);
    return err;
}

static bool next_of_part(struct part *part, float *values_out)
{
    while (ob_stream_fill(part->stream))
        if (ob_wfdb_reader_next(&part->reader, &part->stream->at, &part->stream->left, values_out))
            return true;
    return false;
}

static size_t read_wfdb(struct ob_recording *r, float *out, size_t max)
{
    const size_t channels = (size_t)r->info.channels;
    if (r->info.frames > 0) {
        const uint64_t left = r->frames < (uint64_t)r->info.frames ? (uint64_t)r->info.frames - r->frames : 0;
        max = left < max ? (size_t)left : max;
    }
    for (size_t n = 0; n < max; n++) {
        if (r->parts == 1 && ob_stream_fill(r->part[0].stream)) {
            struct part *part = &r->part[0];
            n += ob_wfdb_reader_plain(&part->reader, &part->stream->at, &part->stream->left, out + n * channels,
                                      max - n);
            if (n == max)
                break;
        }
        for (int p = 0; p < r->parts; p++)
            if (!next_of_part(&r->part[p], out + n * channels + (size_t)r->part[p].first))
                return n;
    }
    return max;
}

/* ---- the whole ---- */

/* Where the header of a WFDB record lies: "100.dat", "100.atr" and "100" mean "100.hea". */
static bool header_path(const char *path, char *out, size_t size)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash : path, '.');
    const int stem = dot ? (int)(dot - path) : (int)strlen(path);
    return (size_t)snprintf(out, size, "%.*s.hea", stem, path) < size && access(out, R_OK) == 0;
}

/* Whether the start of a text says that its intervals are of the pulse, as our own exports do: a comment "# PRV", or
 * the column `label` of a session's CSV. */
static bool says_pulse(const struct ob_stream *stream)
{
    char start[OB_DETECT_BYTES + 1];
    const size_t count = stream->left < OB_DETECT_BYTES ? stream->left : OB_DETECT_BYTES;
    memcpy(start, stream->at, count);
    start[count] = 0;
    const char *comment = strstr(start, "# PRV");
    if (comment && (comment == start || comment[-1] == '\n'))
        return true;
    return strncmp(start, "session,start_utc,label,", 24) == 0 && strstr(start, ",PRV,");
}

static enum ob_err find_kind(struct ob_recording *r, const struct ob_recording_desc *desc, char *sentence, size_t size)
{
    enum ob_err err = ob_stream_open(r->path, &r->stream);
    char beside[PATH_MAX];
    if (err == OB_ERR_NOT_FOUND && snprintf(beside, sizeof beside, "%s.hea", desc->path) > 0 &&
        access(beside, R_OK) == 0) {
        snprintf(r->path, sizeof r->path, "%.*s", (int)sizeof r->path - 1, beside);
        r->info.kind = OB_FILE_WFDB;
        return OB_OK;
    }
    if (err)
        return ob_stream_open_sentence(r->path, err, sentence, size);
    ob_stream_fill(r->stream);
    if (r->stream->failed)
        return ob_fail(sentence, size, OB_ERR_IO, "%s can't be read.", r->path);
    r->info.pulse = says_pulse(r->stream);
    enum ob_file_kind kind = desc->kind ? desc->kind : ob_detect(r->path, r->stream->at, r->stream->left);
    if (!desc->kind && kind == OB_FILE_RR && (desc->fs_hz > 0.0 || desc->signal))
        kind = OB_FILE_CSV;
    if (kind == OB_FILE_RR && ob_edf_looks_like(r->stream->at, r->stream->left)) {
        r->want_beats = true;
        kind = OB_FILE_EDF;
    }
    if (kind == OB_FILE_WFDB_SIGNAL) {
        if (!header_path(desc->path, beside, sizeof beside))
            return ob_fail(sentence, size, OB_ERR_NOT_FOUND, "%s has no WFDB header (.hea) beside it.", r->path);
        snprintf(r->path, sizeof r->path, "%.*s", (int)sizeof r->path - 1, beside);
        kind = OB_FILE_WFDB;
    }
    r->info.kind = kind;
    switch (kind) {
    case OB_FILE_RR:
    case OB_FILE_CSV:
    case OB_FILE_WFDB:
    case OB_FILE_EDF:
        return OB_OK;
    case OB_FILE_EMPTY:
        return ob_fail(sentence, size, OB_ERR_EMPTY, "%s is empty.", r->path);
    case OB_FILE_OBLOG:
        return ob_fail(sentence, size, OB_ERR_UNSUPPORTED, "%s is an event log; use: outbreath replay.", r->path);
    case OB_FILE_WFDB_BEATS:
        return ob_fail(sentence, size, OB_ERR_UNSUPPORTED, "%s holds annotations; open the record's .hea.", r->path);
    case OB_FILE_BINARY:
        return ob_fail(sentence, size, OB_ERR_FORMAT, "%s is binary and no format that is read here.", r->path);
    default:
        return ob_fail(sentence, size, OB_ERR_FORMAT,
                       "%s is no recording that is read here: no RR intervals, no signals.", r->path);
    }
}

enum ob_err ob_recording_open(const struct ob_recording_desc *desc, struct ob_recording **recording_out,
                              char *sentence_out, size_t size)
{
    *recording_out = NULL;
    if (size > 0)
        sentence_out[0] = 0;
    struct ob_recording *r = calloc(1, sizeof *r);
    if (!r)
        return ob_fail(sentence_out, size, OB_ERR_NO_MEMORY, "There is not enough memory.");
    enum ob_err err = OB_OK;
    if ((size_t)snprintf(r->path, sizeof r->path, "%s", desc->path) >= sizeof r->path - 4)
        err = ob_fail(sentence_out, size, OB_ERR_RANGE, "The path is too long.");
    if (!err)
        err = find_kind(r, desc, sentence_out, size);
    if (!err && r->info.kind == OB_FILE_RR)
        err = open_rr(r, sentence_out, size);
    else if (!err && r->info.kind == OB_FILE_CSV)
        err = open_csv(r, desc->fs_hz, sentence_out, size);
    else if (!err && r->info.kind == OB_FILE_EDF)
        err = ob_edf_file_open(r->stream, r->path, desc->fs_hz, r->want_beats, &r->info, &r->edf, sentence_out, size);
    else if (!err)
        err = open_wfdb(r, desc->fs_hz, sentence_out, size);
    if (err) {
        ob_recording_close(r);
        return err;
    }
    *recording_out = r;
    return OB_OK;
}

void ob_recording_close(struct ob_recording *recording)
{
    if (!recording)
        return;
    ob_stream_close(recording->stream);
    for (int p = 0; p < OB_CHANNELS_MAX; p++)
        ob_stream_close(recording->part[p].stream);
    ob_edf_file_close(recording->edf);
    free(recording->rr);
    free(recording->csv);
    free(recording);
}

const struct ob_recording_info *ob_recording_info(const struct ob_recording *recording)
{
    return &recording->info;
}

/* The least rates at which a signal can be what its name says. */
static bool too_slow(double own_fs_hz, int signal_kind)
{
    const bool wave = signal_kind == OB_SIGNAL_ECG || signal_kind == OB_SIGNAL_PPG;
    return own_fs_hz > 0.0 && own_fs_hz < (wave ? 20.0 : 4.0);
}

int ob_recording_best(const struct ob_recording_info *info, int signal_kind)
{
    char names[OB_CHANNELS_MAX][OB_CHANNEL_NAME_MAX];
    memcpy(names, info->name, sizeof names);
    for (int i = 0; i < info->channels; i++)
        if (too_slow(info->own_fs_hz[i], signal_kind))
            names[i][0] = 0;
    return ob_channel_best(names, info->channels, signal_kind);
}

int ob_recording_choose(const struct ob_recording *recording, const char *wanted, int signal_kind)
{
    const struct ob_recording_info *info = &recording->info;
    if (wanted && *wanted)
        return ob_channel_find(info->name, info->channels, wanted);
    int best = -1;
    if (signal_kind >= 0)
        best = ob_recording_best(info, signal_kind);
    else {
        best = ob_recording_best(info, OB_SIGNAL_ECG);
        if (best < 0)
            best = ob_recording_best(info, OB_SIGNAL_PPG);
    }
    const bool labelled = info->kind == OB_FILE_EDF;
    if (best < 0 && info->channels > 0 && (info->channels == 1 || (signal_kind < 0 && !labelled)))
        best = 0;
    return best;
}

void ob_recording_follow(struct ob_recording *recording, int channel)
{
    if (recording->edf)
        ob_edf_file_follow(recording->edf, channel);
}

bool ob_recording_kind(const char *word, enum ob_file_kind *kind_out, int *signal_out)
{
    static const struct {
        const char *word;
        enum ob_file_kind kind;
        int signal;
    } words[] = {{"rr", OB_FILE_RR, -1},
                 {"csv", OB_FILE_CSV, -1},
                 {"wfdb", OB_FILE_WFDB, -1},
                 {"edf", OB_FILE_EDF, -1},
                 {"ecg", OB_FILE_UNKNOWN, OB_SIGNAL_ECG},
                 {"ppg", OB_FILE_UNKNOWN, OB_SIGNAL_PPG},
                 {"resp", OB_FILE_UNKNOWN, OB_SIGNAL_RESP}};
    *kind_out = OB_FILE_UNKNOWN;
    *signal_out = -1;
    if (!word)
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(word, words[i].word) == 0) {
            *kind_out = words[i].kind;
            *signal_out = words[i].signal;
            return true;
        }
    return false;
}

size_t ob_recording_read(struct ob_recording *recording, float *frames_out, size_t max_frames)
{
    size_t n = 0;
    if (recording->info.kind == OB_FILE_CSV)
        n = read_csv(recording, frames_out, max_frames);
    else if (recording->info.kind == OB_FILE_WFDB)
        n = read_wfdb(recording, frames_out, max_frames);
    else if (recording->edf && !recording->info.intervals)
        n = ob_edf_file_read(recording->edf, frames_out, max_frames);
    recording->frames += n;
    return n;
}

double ob_recording_progress_01(const struct ob_recording *recording)
{
    const struct ob_stream *stream = recording->parts > 0 ? recording->part[0].stream : recording->stream;
    if (!stream || stream->size == 0)
        return 1.0;
    const double done = (double)(stream->taken - stream->left) / (double)stream->size;
    return done < 1.0 ? done : 1.0;
}

enum ob_err ob_recording_outcome(const struct ob_recording *recording, char *sentence_out, size_t size)
{
    const struct ob_recording *r = recording;
    if (size > 0)
        sentence_out[0] = 0;
    if (r->edf)
        return ob_edf_file_outcome(r->edf, sentence_out, size);
    bool failed = r->stream && r->stream->failed;
    bool over = false;
    for (int p = 0; p < r->parts; p++) {
        failed = failed || r->part[p].stream->failed;
        over = over || r->part[p].stream->over;
    }
    if (failed)
        return ob_fail(sentence_out, size, OB_ERR_IO, "%s could be read only in part.", r->path);
    if (r->info.kind == OB_FILE_WFDB && over && r->info.frames > 0 && r->frames < (uint64_t)r->info.frames)
        return ob_fail(sentence_out, size, OB_ERR_TRUNCATED,
                       "%s: only %" PRIu64 " of the %" PRId64 " frames that its header promises are there.", r->path,
                       r->frames, r->info.frames);
    if (r->rr && r->rr->err == OB_OK)
        ob_rrtext_sentence(r->rr, sentence_out, size);
    if (r->rr && r->rr->lines.binary)
        return ob_fail(sentence_out, size, OB_ERR_FORMAT, "%s turns binary after %" PRIu64 " intervals.", r->path,
                       r->rr->intervals);
    if (r->csv && r->csv->err == OB_OK)
        ob_csv_sentence(r->csv, sentence_out, size);
    if (r->csv && r->csv->lines.binary)
        return ob_fail(sentence_out, size, OB_ERR_FORMAT, "%s turns binary after %" PRIu64 " frames.", r->path,
                       r->frames);
    return OB_OK;
}
