/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/commands/file_beats.h"

#include "format/channel.h"
#include "signal/ecg.h"
#include "signal/ppg.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES 4096
#define RUN    64 /* of these that go to the detector at once */

/* ECG when the name says nothing. */
static enum ob_signal_kind kind_by_name(const struct ob_recording *recording, int channel)
{
    const int named = ob_channel_kind(ob_recording_info(recording)->name[channel]);
    return named == OB_SIGNAL_PPG ? OB_SIGNAL_PPG : OB_SIGNAL_ECG;
}

bool ob_file_beats_kind_known(const char *kind)
{
    enum ob_file_kind file;
    int signal;
    return ob_recording_kind(kind, &file, &signal) && signal != OB_SIGNAL_RESP;
}

struct ob_recording *ob_file_beats_open(const char *path, double fs_hz, const char *kind, const char *channel,
                                        int *channel_out, enum ob_signal_kind *kind_out, char *sentence_out,
                                        size_t size)
{
    struct ob_recording_desc desc = {.path = path, .fs_hz = fs_hz};
    int wish;
    if (!ob_recording_kind(kind, &desc.kind, &wish)) {
        snprintf(sentence_out, size, "There is no kind '%.40s'.", kind);
        return NULL;
    }
    desc.signal = wish >= 0;
    struct ob_recording *recording = NULL;
    if (ob_recording_open(&desc, &recording, sentence_out, size) != OB_OK)
        return NULL;
    const struct ob_recording_info *info = ob_recording_info(recording);
    *channel_out = -1;
    *kind_out = OB_SIGNAL_ECG;
    if (info->intervals && wish < 0 && !channel)
        return recording;
    *channel_out = ob_recording_choose(recording, channel, wish);
    if (*channel_out < 0) {
        int n = snprintf(sentence_out, size, "%.200s has no channel %.40s; it has", path,
                         channel ? channel : "of that kind");
        for (int i = 0; i < info->channels && n > 0 && (size_t)n < size; i++)
            n += snprintf(sentence_out + n, size - (size_t)n, "%s %d (%s)", i ? "," : "", i,
                          info->name[i][0] ? info->name[i] : "no name");
        if (n > 0 && (size_t)n < size)
            snprintf(sentence_out + n, size - (size_t)n, ".");
        ob_recording_close(recording);
        return NULL;
    }
    ob_recording_follow(recording, *channel_out);
    *kind_out = wish >= 0 ? (enum ob_signal_kind)wish : kind_by_name(recording, *channel_out);
    return recording;
}

/* One of the two. */
struct detector {
    struct ob_ecg *ecg;
    struct ob_ppg *ppg;
};

/* A beat, and the sample after which it was known. */
struct found {
    double index;
    uint64_t decided;
    float confidence_01;
};

/* The beats that a run of samples brings. */
static size_t push(struct detector *detector, const float *samples, size_t count, struct found *found_out)
{
    size_t found = 0;
    if (detector->ecg) {
        struct ob_ecg_beat beats[RUN];
        found = ob_ecg_push_many(detector->ecg, samples, count, beats);
        for (size_t i = 0; i < found; i++)
            found_out[i] = (struct found){beats[i].index, beats[i].decided, beats[i].confidence_01};
        return found;
    }
    struct ob_ppg_beat beat;
    for (size_t i = 0; i < count; i++)
        if (ob_ppg_push(detector->ppg, samples[i], &beat))
            found_out[found++] = (struct found){beat.index, beat.decided, beat.quality_01};
    return found;
}

static void warn(char *out, size_t size, const struct ob_ecg *ecg, double fs_hz)
{
    const enum ob_ecg_rate_doubt doubt = ecg ? ob_ecg_rate_doubt(ecg) : OB_ECG_RATE_FINE;
    const bool low = doubt == OB_ECG_RATE_TOO_LOW;
    if (doubt == OB_ECG_RATE_FINE)
        *out = 0;
    else
        snprintf(out, size,
                 "the sampling rate may be wrong by a factor of two: at %.6g Hz this heart is too %s, "
                 "%.6g Hz would fit",
                 fs_hz, low ? "slow" : "fast", low ? 2.0 * fs_hz : 0.5 * fs_hz);
}

/* A run of frames, of whose channel these are the samples, and the beats in it, each told after the frame that decided
 * it. False: somebody has had enough. */
static bool push_run(const struct ob_file_beats_desc *desc, struct detector *detector, const float *samples,
                     const float *frames, uint64_t first, size_t count)
{
    const struct ob_recording_info *info = ob_recording_info(desc->recording);
    const double fs_hz = info->fs_hz;
    const size_t channels = (size_t)info->channels;
    struct found found[RUN];
    const size_t beats = push(detector, samples, count, found);
    size_t told = 0;
    for (size_t i = 0; i <= beats; i++) {
        const size_t until = i < beats ? (size_t)(found[i].decided - first) + 1 : count;
        if (desc->frames)
            desc->frames(desc->user, frames + told * channels, until - told);
        told = until;
        if (i < beats && !desc->beat(desc->user, &(struct ob_file_beat){
                                                     .t_s = found[i].index / fs_hz,
                                                     .decided_s = (double)found[i].decided / fs_hz,
                                                     .confidence_01 = (double)found[i].confidence_01,
                                                 }))
            return false;
    }
    return true;
}

bool ob_file_beats(const struct ob_file_beats_desc *desc, struct ob_file_beats_result *result_out,
                   const char **clause_out)
{
    const struct ob_recording_info *info = ob_recording_info(desc->recording);
    const size_t channels = (size_t)info->channels;
    const double fs_hz = info->fs_hz;
    const bool pulse = desc->kind == OB_SIGNAL_PPG;
    *result_out = (struct ob_file_beats_result){.seconds = 0.0};
    *clause_out = NULL;
    struct detector detector = {.ecg = pulse ? NULL : ob_ecg_create(fs_hz), .ppg = pulse ? ob_ppg_create(fs_hz) : NULL};
    float *frames = malloc(FRAMES * channels * sizeof *frames);
    if (!(detector.ecg || detector.ppg) || !frames) {
        *clause_out = fs_hz > 1000.0 || fs_hz < (pulse ? 25.0 : 100.0)
                          ? pulse ? "a pulse wave needs a sampling rate of 25-1000 Hz"
                                  : "an ECG needs a sampling rate of 100-1000 Hz"
                          : "there is not enough memory";
        ob_ecg_destroy(detector.ecg);
        ob_ppg_destroy(detector.ppg);
        free(frames);
        return false;
    }
    uint64_t at = 0, missing = 0;
    size_t got;
    bool going = true;
    while (going && (got = ob_recording_read(desc->recording, frames, FRAMES)) > 0) {
        for (size_t i = 0; going && i < got; i += RUN) {
            const size_t count = got - i < RUN ? got - i : RUN;
            float samples[RUN];
            for (size_t k = 0; k < count; k++) {
                samples[k] = frames[(i + k) * channels + (size_t)desc->channel];
                missing += !isfinite(samples[k]);
            }
            going = push_run(desc, &detector, samples, frames + i * channels, at, count);
            at += count;
        }
        if (desc->progress)
            desc->progress(desc->user, ob_recording_progress_01(desc->recording));
    }
    warn(result_out->warning, sizeof result_out->warning, detector.ecg, fs_hz);
    ob_ecg_destroy(detector.ecg);
    ob_ppg_destroy(detector.ppg);
    free(frames);
    result_out->seconds = (double)at / fs_hz;
    result_out->missing_s = (double)missing / fs_hz;
    return true;
}
