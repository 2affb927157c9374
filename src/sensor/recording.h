/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording on disk as a stream: RR text, signal CSV or a WFDB record, whatever the path turns out to be.
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
    const char *path;       /* a file; for WFDB the header, the signal file, or the record's name without ending */
    enum ob_file_kind kind; /* OB_FILE_UNKNOWN (0): found from name and contents. Else OB_FILE_RR, _CSV or _WFDB */
    double fs_hz;           /* of signals; 0: what the file says. With a rate, a lone column of numbers is a signal */
};

struct ob_recording_info {
    enum ob_file_kind kind; /* OB_FILE_RR, OB_FILE_CSV or OB_FILE_WFDB */
    double fs_hz;           /* 0 for RR */
    int channels;           /* 0 for RR */
    int64_t frames;         /* as the file promises; 0: not known */
    char name[OB_CHANNELS_MAX][OB_CHANNEL_NAME_MAX];
    char unit[OB_CHANNELS_MAX][OB_CHANNEL_UNIT_MAX]; /* voltages are always mV */
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
 * ob_signal_kind; -1: ECG before PPG), else the first when it is the only one or no kind was asked for. -1: there is
 * none.
 */
int ob_recording_choose(const struct ob_recording *recording, const char *wanted, int signal_kind);

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
