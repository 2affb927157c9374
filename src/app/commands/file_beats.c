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

static bool push(struct detector *detector, float value, double fs_hz, struct ob_file_beat *found)
{
    if (detector->ecg) {
        struct ob_ecg_beat beat;
        if (!ob_ecg_push(detector->ecg, value, &beat))
            return false;
        found->t_s = beat.index / fs_hz;
        found->decided_s = (double)beat.decided / fs_hz;
        found->confidence_01 = (double)beat.confidence_01;
        return true;
    }
    struct ob_ppg_beat beat;
    if (!ob_ppg_push(detector->ppg, value, &beat))
        return false;
    found->t_s = beat.index / fs_hz;
    found->decided_s = (double)beat.decided / fs_hz;
    found->confidence_01 = (double)beat.quality_01;
    return true;
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
        for (size_t i = 0; going && i < got; i++, at++) {
            const float value = frames[i * channels + (size_t)desc->channel];
            struct ob_file_beat found;
            missing += !isfinite(value);
            if (desc->frame)
                desc->frame(desc->user, frames + i * channels);
            if (push(&detector, value, fs_hz, &found))
                going = desc->beat(desc->user, &found);
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
