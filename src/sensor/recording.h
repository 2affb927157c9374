/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording on disk as a stream: RR text, signal CSV, a WFDB record or an EDF/EDF+ file, whatever the path turns out
 * to be.
 *
 * Reading takes constant memory, so a file may be larger than the machine. Used by replay and by the tools that analyse
 * files. Only regular files are opened. One thread at a time; may block on the disk. */
#ifndef OB_SENSOR_RECORDING_H
#define OB_SENSOR_RECORDING_H

#include "base/err.h"
#include "format/channel.h"
#include "format/detect.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_RECORDING_SENTENCE_MAX 512

struct ob_recording;

struct ob_recording_desc {
    const char *path; /* a file; for WFDB the header, the signal file, or the record's name without ending */
    /* OB_FILE_UNKNOWN (0): found from name and contents. Else OB_FILE_RR, _CSV, _WFDB or _EDF. RR for an EDF file means
     * the beats that its annotations mark. */
    enum ob_file_kind kind;
    double fs_hz; /* of signals; 0: what the file says. With a rate, a lone column of numbers is a signal */
    bool signal;  /* somebody says that it holds a signal: what looks like intervals is one too */
};

struct ob_recording_info {
    enum ob_file_kind kind; /* OB_FILE_RR, OB_FILE_CSV, OB_FILE_WFDB or OB_FILE_EDF */
    bool intervals;         /* beats and not signals: read with ob_recording_read_rr. Of RR text, and of EDF+ files with
                             * annotated beats and neither an ECG nor a pulse wave */
    bool pulse;             /* the file says that those beats are of the pulse: pulse rate variability */
    double fs_hz;           /* of the frames; 0 for intervals. Of EDF it is the followed channel's */
    int channels;           /* 0 for RR text */
    int64_t start_local_s;  /* of EDF: when it began, by the clock on the recorder's wall, s since 1970 as if that were
                             * UTC; 0: not said */
    int64_t frames;         /* as the file promises; 0: not known */
    char name[OB_CHANNELS_MAX][OB_CHANNEL_NAME_MAX];
    char unit[OB_CHANNELS_MAX][OB_CHANNEL_UNIT_MAX]; /* voltages are always mV */
    double own_fs_hz[OB_CHANNELS_MAX];               /* of EDF: the channel's own rate; else 0 */
};

struct ob_recording_rr {
    double rr_ms; /* an interval of 200-3000 ms, or the length of a gap; 0: a gap of unknown length */
    bool gap;
};

/* On an error *recording_out is NULL and a sentence for people (it names the file) is in sentence_out. */
enum ob_err ob_recording_open(const struct ob_recording_desc *desc, struct ob_recording **recording_out,
                              char *sentence_out, size_t size);
void ob_recording_close(struct ob_recording *recording); /* NULL is fine */

/* Valid until close. */
const struct ob_recording_info *ob_recording_info(const struct ob_recording *recording);

/* The channel to use: `wanted` (a name or a number from 0; NULL: no wish), else the best of signal_kind (enum
 * ob_signal_kind; -1: ECG before PPG), else the first when it is the only one or no kind was asked for; of EDF, whose
 * labels say what a signal is, only when it is the only one. -1: there is none. */
int ob_recording_choose(const struct ob_recording *recording, const char *wanted, int signal_kind);

/* The best channel of a kind by its name, or -1. Channels that are too slow to be what their name says (an "ECG" of one
 * value a second is a rate) don't count. */
int ob_recording_best(const struct ob_recording_info *info, int signal_kind);

/* From now on frames come at the rate of this channel, which only EDF makes a difference to; before the first read. */
void ob_recording_follow(struct ob_recording *recording, int channel);

/* What a person says a file is: "rr", "csv", "wfdb", "edf", or the signal in it: "ecg", "ppg", "resp". NULL: nothing.
 * False: neither. *signal_out is an enum ob_signal_kind or -1; with a signal a list of numbers is no list of intervals
 * (*kind_out stays OB_FILE_UNKNOWN, see ob_recording_desc.signal). */
bool ob_recording_kind(const char *word, enum ob_file_kind *kind_out, int *signal_out);

/* The next frames, channels interleaved, in order; missing samples and holes in time are NaN. 0: the end. */
size_t ob_recording_read(struct ob_recording *recording, float *frames_out, size_t max_frames);

/* The same for RR. */
size_t ob_recording_read_rr(struct ob_recording *recording, struct ob_recording_rr *rr_out, size_t max);

/* How much of the file is read, 0-1. */
double ob_recording_progress_01(const struct ob_recording *recording);

/* Once reading has given 0: OB_OK, OB_ERR_TRUNCATED (less than the header promised) or OB_ERR_IO, and a sentence about
 * what was wrong or left out, empty when nothing was. May be asked before the end for what is known so far. */
enum ob_err ob_recording_outcome(const struct ob_recording *recording, char *sentence_out, size_t size);

#endif
