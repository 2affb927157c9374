/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The beats of a recording, found the way the live loop finds them: sample by sample, each reported once. */
#ifndef OB_APP_FILE_BEATS_H
#define OB_APP_FILE_BEATS_H

#include "app/options.h"
#include "base/event.h"
#include "sensor/recording.h"

#include <stdbool.h>

struct ob_file_beat {
    double t_s;       /* of the beat: its R peak, or the pulse's fiducial point */
    double decided_s; /* time in the signal at which it was first reported */
    double confidence_01;
};

struct ob_file_beats_desc {
    struct ob_recording *recording; /* a signal, not RR */
    int channel;
    enum ob_signal_kind kind; /* OB_SIGNAL_ECG or OB_SIGNAL_PPG */
    /* Called for each beat in order; false stops. */
    bool (*beat)(void *user, const struct ob_file_beat *beat);
    /* Called with every frame of all channels, some at a time, before the beat that they decide; may be NULL. */
    void (*frames)(void *user, const float *frames, size_t count);
    /* Called now and then with how much of the file is read; may be NULL. */
    void (*progress)(void *user, double done_01);
    void *user;
};

struct ob_file_beats_result {
    double seconds;   /* of signal that was read */
    double missing_s; /* of them without a value */
    /* A sentence for people, without a full stop, about what is doubtful: that the sampling rate may be wrong by a
     * factor of two (signal/ecg.h). Else empty. */
    char warning[160];
};

/* Reads to the end in constant memory. False with a clause for people when the rate is outside what the detector takes
 * or memory is short. Any thread. */
bool ob_file_beats(const struct ob_file_beats_desc *desc, struct ob_file_beats_result *result_out,
                   const char **clause_out);

/* Whether --kind may be this word: rr, csv, wfdb, edf, ecg, ppg; NULL is fine. */
bool ob_file_beats_kind_known(const char *kind);

/* The rows of a command that says how to open one, for the table of its options (app/options.h): offsets of two texts
 * and a number. */
#define OB_FILE_BEATS_KINDS "what it is, where the guess is wrong: rr, csv, wfdb, edf, or of its signal ecg, ppg"
#define OB_FILE_BEATS_OPTIONS(kind_at, channel_at, fs_at)                                                              \
    {"kind", OB_OPTION_TEXT, kind_at, 0, 0, "KIND", OB_FILE_BEATS_KINDS},                                              \
        {"channel", OB_OPTION_TEXT, channel_at, 0, 0, "NAME|N", "which signal of it, by name or number from 0"},       \
    {                                                                                                                  \
        "fs", OB_OPTION_NUMBER, fs_at, 1, 10000, "HZ", "sampling rate of a file that does not say"                     \
    }

/* Opens a recording and chooses its channel as somebody asked for it: kind is what the file is ("rr", "csv", "wfdb",
 * "edf"), what the signal is ("ecg", "ppg"), or NULL; channel a name, a number or NULL. NULL and a sentence for people
 * on an error. For intervals *channel_out is -1. */
struct ob_recording *ob_file_beats_open(const char *path, double fs_hz, const char *kind, const char *channel,
                                        int *channel_out, enum ob_signal_kind *kind_out, char *sentence_out,
                                        size_t size);

#endif
