/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/replay.h"

#include "base/maths.h"
#include "base/time.h"
#include "os/tr.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_FRAMES 256
#define BLOCK_S      0.05
#define HOLE_S       1.0
#define RR_CHUNK     64

struct replay {
    struct ob_sensor sensor;
    struct ob_recording *recording;
    const struct ob_recording_info *info;
    char path[64];
    char id[96];
    double speed;
    int channel;
    uint32_t signal;
    bool started, ended;
    int64_t start_ns;
    int64_t due_ns;    /* of what comes next */
    int64_t newest_ns; /* measured time of the newest event */
    int64_t age_ns;
    /* signals */
    float *chunk;
    size_t chunk_count, chunk_at;
    uint64_t frame;    /* of the first frame of the next block */
    size_t block;      /* frames in the next block, once it is known that they are there */
    uint64_t hole_run; /* missing frames in a row so far */
    /* RR */
    struct ob_recording_rr rr[RR_CHUNK];
    size_t rr_count, rr_at;
    double rr_time_ms; /* sum of all intervals handed out */
};

static struct replay *of(struct ob_sensor *sensor)
{
    return (struct replay *)sensor;
}

static int64_t frame_time_ns(const struct replay *r, uint64_t frame)
{
    return r->start_ns + ob_ns_from_s((double)frame / r->info->fs_hz / r->speed);
}

/* ---- RR ---- */

static void look_for_next_rr(struct replay *r)
{
    if (r->rr_at == r->rr_count) {
        r->rr_count = ob_recording_read_rr(r->recording, r->rr, RR_CHUNK);
        r->rr_at = 0;
    }
    r->ended = r->rr_count == 0;
    if (!r->ended)
        r->due_ns = r->start_ns + ob_ns_from_s((r->rr_time_ms + r->rr[r->rr_at].rr_ms) * 1e-3 / r->speed);
}

static void emit_rr(struct replay *r, ob_sensor_emit_fn *emit, void *user)
{
    const struct ob_recording_rr *rr = &r->rr[r->rr_at++];
    r->rr_time_ms += rr->rr_ms;
    struct ob_event event;
    memset(&event, 0, sizeof event);
    event.kind = rr->gap ? OB_EVENT_GAP : OB_EVENT_RR;
    event.measured_ns = event.arrived_ns = r->due_ns;
    if (!rr->gap) {
        event.u.rr.rr_ms = rr->rr_ms;
        event.u.rr.beats = r->info->pulse ? OB_BEATS_PPG : OB_BEATS_RR;
        event.u.rr.quality_01 = 1.0f;
    }
    emit(user, &event);
}

/* ---- signals ---- */

static size_t block_frames(const struct replay *r)
{
    const double frames = floor(BLOCK_S * r->info->fs_hz * r->speed);
    return (size_t)ob_clamp(frames, 1.0, OB_EVENT_VALUES_MAX);
}

static void look_for_next_block(struct replay *r)
{
    if (r->chunk_at == r->chunk_count) {
        r->chunk_count = ob_recording_read(r->recording, r->chunk, CHUNK_FRAMES);
        r->chunk_at = 0;
    }
    const size_t left = r->chunk_count - r->chunk_at;
    r->ended = left == 0;
    r->block = left < block_frames(r) ? left : block_frames(r);
    if (!r->ended)
        r->due_ns = frame_time_ns(r, r->frame + r->block - 1);
}

static void emit_block(struct replay *r, ob_sensor_emit_fn *emit, void *user)
{
    struct ob_event event;
    memset(&event, 0, sizeof event);
    event.kind = OB_EVENT_SAMPLES;
    event.measured_ns = event.arrived_ns = r->due_ns;
    event.u.samples.signal = r->signal;
    event.u.samples.frames = (uint16_t)r->block;
    event.u.samples.channels = 1;
    event.u.samples.period_ns = 1e9 / r->info->fs_hz;
    for (size_t i = 0; i < r->block; i++, r->chunk_at++, r->frame++) {
        const float value = r->chunk[r->chunk_at * (size_t)r->info->channels + (size_t)r->channel];
        event.u.samples.values[i] = value;
        if (!isfinite(value)) {
            r->hole_run++;
            continue;
        }
        if ((double)r->hole_run >= HOLE_S * r->info->fs_hz) {
            struct ob_event gap;
            memset(&gap, 0, sizeof gap);
            gap.kind = OB_EVENT_GAP;
            gap.measured_ns = frame_time_ns(r, r->frame);
            gap.arrived_ns = r->due_ns;
            emit(user, &gap);
        }
        r->hole_run = 0;
    }
    emit(user, &event);
}

/* ---- the table ---- */

static int64_t deadline_ns(const struct ob_sensor *sensor)
{
    const struct replay *r = (const struct replay *)sensor;
    if (!r->started)
        return INT64_MIN;
    return r->ended ? INT64_MAX : r->due_ns;
}

static void look_for_next(struct replay *r)
{
    if (r->info->intervals)
        look_for_next_rr(r);
    else
        look_for_next_block(r);
}

static void service(struct ob_sensor *sensor, int64_t now_ns, const struct pollfd *fds, int count,
                    ob_sensor_emit_fn *emit, void *user)
{
    (void)fds;
    (void)count;
    struct replay *r = of(sensor);
    if (!r->started) {
        r->started = true;
        r->start_ns = now_ns;
        look_for_next(r);
    }
    while (!r->ended && r->due_ns <= now_ns) {
        r->newest_ns = r->due_ns;
        r->age_ns = now_ns - r->due_ns;
        if (r->info->intervals)
            emit_rr(r, emit, user);
        else
            emit_block(r, emit, user);
        look_for_next(r);
    }
}

static void status(const struct ob_sensor *sensor, struct ob_sensor_status *status_out)
{
    const struct replay *r = (const struct replay *)sensor;
    status_out->state = r->ended ? OB_SOURCE_ENDED : r->started ? OB_SOURCE_STREAMING : OB_SOURCE_IDLE;
    snprintf(status_out->id, sizeof status_out->id, "%s", r->id);
    snprintf(status_out->name, sizeof status_out->name, "%s", r->path);
    status_out->quality_01 = 1.0f;
    status_out->battery_pct = -1;
    status_out->age_ns = r->age_ns;
    if (!r->ended) {
        const int s = r->started ? (int)ob_clamp((double)(r->newest_ns - r->start_ns) * 1e-9 * r->speed, 0, 1e9) : 0;
        snprintf(status_out->sentence, sizeof status_out->sentence, ob_tr("Replays %s: %d:%02d, %d%%."), r->path,
                 s / 60, s % 60, (int)(100.0 * ob_recording_progress_01(r->recording)));
        return;
    }
    char sentence[OB_RECORDING_SENTENCE_MAX];
    ob_recording_outcome(r->recording, sentence, sizeof sentence);
    if (sentence[0])
        snprintf(status_out->sentence, sizeof status_out->sentence, ob_tr("Over. %.150s"), sentence);
    else
        snprintf(status_out->sentence, sizeof status_out->sentence, ob_tr("%s is over."), r->path);
}

static void close_replay(struct ob_sensor *sensor)
{
    if (!sensor)
        return;
    struct replay *r = of(sensor);
    ob_recording_close(r->recording);
    free(r->chunk);
    free(r);
}

static const struct ob_sensor_ops ops = {
    .kind = "replay",
    .descriptors = NULL,
    .deadline_ns = deadline_ns,
    .service = service,
    .status = status,
    .close = close_replay,
};

/* Which channel, and what it is. */
static enum ob_err choose(struct replay *r, const struct ob_replay_desc *desc, char *sentence_out, size_t size)
{
    if (r->info->intervals)
        return OB_OK;
    r->channel = ob_recording_choose(r->recording, desc->channel, desc->signal_kind - 1);
    if (r->channel < 0) {
        int n = snprintf(sentence_out, size, ob_tr("%s has no channel %s; it has"), desc->recording.path,
                         desc->channel ? desc->channel : "of that kind");
        for (int i = 0; i < r->info->channels && n > 0 && (size_t)n < size; i++)
            n += snprintf(sentence_out + n, size - (size_t)n, "%s %s", i ? "," : "", r->info->name[i]);
        return OB_ERR_NOT_FOUND;
    }
    ob_recording_follow(r->recording, r->channel);
    const int named = ob_channel_kind(r->info->name[r->channel]);
    r->signal = (uint32_t)(desc->signal_kind > 0 ? desc->signal_kind - 1 : named >= 0 ? named : OB_SIGNAL_ECG);
    r->chunk = malloc(sizeof *r->chunk * CHUNK_FRAMES * (size_t)r->info->channels);
    return r->chunk ? OB_OK : OB_ERR_NO_MEMORY;
}

enum ob_err ob_replay_open(const struct ob_replay_desc *desc, struct ob_sensor **sensor_out, char *sentence_out,
                           size_t size)
{
    *sensor_out = NULL;
    struct ob_recording *recording;
    enum ob_err err = ob_recording_open(&desc->recording, &recording, sentence_out, size);
    if (err)
        return err;
    struct replay *r = calloc(1, sizeof *r);
    if (!r) {
        ob_recording_close(recording);
        snprintf(sentence_out, size, ob_tr("There is not enough memory."));
        return OB_ERR_NO_MEMORY;
    }
    r->sensor.ops = &ops;
    r->recording = recording;
    r->info = ob_recording_info(recording);
    r->speed = desc->speed > 0.0 ? ob_clamp(desc->speed, 0.01, 10000.0) : 1.0;
    const char *slash = strrchr(desc->recording.path, '/');
    snprintf(r->path, sizeof r->path, "%.63s", slash ? slash + 1 : desc->recording.path);
    snprintf(r->id, sizeof r->id, "replay:%.80s", desc->recording.path);
    err = choose(r, desc, sentence_out, size);
    if (err) {
        close_replay(&r->sensor);
        return err;
    }
    *sensor_out = &r->sensor;
    return OB_OK;
}
