/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/commands/import_beats.h"

#include "app/commands/file_beats.h"
#include "base/time.h"
#include "base/utf8.h"
#include "signal/rr.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* The detectors learn from the first seconds; beats that they are less sure of than this are no place to start. */
#define START_01 0.3

struct intake {
    struct ob_copy *copy;
    struct ob_rr_causal rr;
    double last_s; /* of the beat before; < 0: none yet */
    bool failed;
};

static uint32_t flag_of(enum ob_rr_class kind)
{
    static const uint32_t flags[] = {
        [OB_RR_NORMAL] = OB_BEAT_NORMAL, [OB_RR_ECTOPIC] = OB_BEAT_ECTOPIC, [OB_RR_MISSED] = OB_BEAT_MISSED,
        [OB_RR_EXTRA] = OB_BEAT_EXTRA,   [OB_RR_LONG] = OB_BEAT_LONG,       [OB_RR_SHORT] = OB_BEAT_SHORT,
        [OB_RR_GAP] = OB_BEAT_GAP};
    return flags[kind];
}

static void keep(struct intake *in, const struct ob_rr_out *out, int count)
{
    for (int i = 0; i < count; i++) {
        const struct ob_copy_beat beat = {.time_ns = out[i].time_ns,
                                          .rr_ms = (float)out[i].rr_ms,
                                          .nn_ms = (float)out[i].nn_ms,
                                          .flag = flag_of(out[i].kind)};
        in->failed = in->failed || !ob_copy_add_beat(in->copy, &beat);
    }
}

static void gap(struct intake *in)
{
    struct ob_rr_out out[OB_RR_OUT_MAX];
    keep(in, out, ob_rr_causal_gap(&in->rr, out));
}

static void push(struct intake *in, double time_s, double rr_ms, double confidence_01)
{
    struct ob_rr_out out[OB_RR_OUT_MAX];
    const struct ob_rr_in interval = {
        .time_ns = ob_ns_from_s(time_s), .rr_ms = rr_ms, .confidence_01 = (float)confidence_01};
    keep(in, out, ob_rr_causal_push(&in->rr, &interval, out));
}

static bool take_beat(void *user, const struct ob_file_beat *beat)
{
    struct intake *in = user;
    const double before_s = in->last_s;
    if (before_s < 0.0 && beat->confidence_01 < START_01)
        return true;
    in->last_s = beat->t_s;
    if (before_s >= 0.0)
        push(in, beat->t_s, 1000.0 * (beat->t_s - before_s), beat->confidence_01);
    return !in->failed;
}

/* A gap of unknown length takes no time; nothing is judged or corrected across either kind. */
static void take_intervals(struct intake *in, struct ob_recording *recording)
{
    struct ob_recording_rr block[256];
    size_t got;
    double time_s = 0.0;
    while (!in->failed && (got = ob_recording_read_rr(recording, block, sizeof block / sizeof *block)) > 0)
        for (size_t i = 0; i < got; i++) {
            time_s += block[i].rr_ms * 1e-3;
            if (block[i].gap)
                gap(in);
            else
                push(in, time_s, block[i].rr_ms, 1.0);
        }
}

/* The recorder's wall clock is taken for one in this machine's time zone. */
static void take_start(const struct ob_recording_info *info, struct ob_copy *copy)
{
    if (info->start_local_s == 0)
        return;
    const time_t as_utc = (time_t)info->start_local_s;
    struct tm tm;
    if (!gmtime_r(&as_utc, &tm))
        return;
    tm.tm_isdst = -1;
    const time_t start = mktime(&tm);
    if (start == (time_t)-1)
        return;
    copy->start_wall_ns = (int64_t)start * OB_NS_PER_S;
    copy->utc_offset_s = (int32_t)tm.tm_gmtoff;
}

/* The file's name, whose bytes may be anything, as far as there is room. */
static void name_source(const char *path, struct ob_copy *copy)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t at = (size_t)snprintf(copy->source, sizeof copy->source, "imported from ");
    while (*name) {
        const size_t letter = ob_utf8_letter(name, SIZE_MAX), length = letter ? letter : 1;
        if (at + length >= sizeof copy->source)
            break;
        if (letter == 0 || (unsigned char)*name < 32 || *name == 127)
            copy->source[at] = '?';
        else
            memcpy(copy->source + at, name, length);
        at += length;
        name += length;
    }
    copy->source[at] = 0;
}

enum ob_err ob_import_beats(const struct ob_import_desc *desc, struct ob_copy *copy, char *note, char *sentence,
                            size_t size)
{
    int channel;
    enum ob_signal_kind kind;
    memset(copy, 0, sizeof *copy);
    note[0] = 0;
    struct ob_recording *recording =
        ob_file_beats_open(desc->path, desc->fs_hz, desc->kind, desc->channel, &channel, &kind, sentence, size);
    if (!recording)
        return OB_ERR_FORMAT;
    const struct ob_recording_info *info = ob_recording_info(recording);
    struct intake in = {.copy = copy, .last_s = -1.0};
    ob_rr_causal_init(&in.rr);
    const char *clause = NULL;
    if (channel < 0) {
        copy->beats_from = info->pulse ? OB_BEATS_PPG : OB_BEATS_RR;
        take_intervals(&in, recording);
    } else {
        copy->beats_from = kind == OB_SIGNAL_PPG ? OB_BEATS_PPG : OB_BEATS_ECG;
        const struct ob_file_beats_desc beats = {
            .recording = recording, .channel = channel, .kind = kind, .beat = take_beat, .user = &in};
        struct ob_file_beats_result result;
        if (ob_file_beats(&beats, &result, &clause))
            copy->duration_s = result.seconds;
    }
    gap(&in);
    take_start(info, copy);
    name_source(desc->path, copy);
    const enum ob_err outcome = ob_recording_outcome(recording, note, size);
    ob_recording_close(recording);
    enum ob_err err = OB_OK;
    if (clause || outcome == OB_ERR_IO) {
        err = OB_ERR_FORMAT;
        snprintf(sentence, size, "%.200s: %s.", desc->path, clause ? clause : "it can't be read to its end");
    } else if (in.failed) {
        err = OB_ERR_NO_MEMORY;
        snprintf(sentence, size, "There is not enough memory.");
    } else if (copy->beat_count == 0) {
        err = OB_ERR_EMPTY;
        snprintf(sentence, size, "%.200s: no beats were found in it.", desc->path);
    }
    if (err)
        ob_copy_finish(copy);
    return err;
}
