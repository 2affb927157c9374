/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recordings in the WFDB formats of PhysioNet: header (.hea), signals of formats 16 and 212 (.dat), and annotations in
 * the MIT format (.atr and its kind). Layouts: WFDB Applications Guide, header(5), signal(5), annot(5).
 *
 * Everything takes bytes in pieces of any size and keeps constant memory, so that a recording may be larger than the
 * machine. Pure, caller's memory, one thread at a time. */
#ifndef OB_FORMAT_WFDB_H
#define OB_FORMAT_WFDB_H

#include "base/err.h"
#include "format/channel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_WFDB_HEADER_MAX        65536 /* bytes of a header that are worth reading */
#define OB_WFDB_FRAME_SAMPLES_MAX 256   /* samples in one frame of one signal file */
#define OB_WFDB_FILE_MAX          128

struct ob_wfdb_signal {
    char file[OB_WFDB_FILE_MAX]; /* beside the header; never with a folder in it */
    int format;                  /* 16 or 212 */
    int samples_per_frame;       /* 1 unless the signal is sampled faster than the frame rate */
    int64_t offset_bytes;        /* before the first sample of the file */
    double gain;                 /* steps of the converter per physical unit; 200 where the header has none */
    double baseline;             /* converter value at physical 0 */
    double to_unit;              /* 1, or what takes another voltage to mV */
    char unit[OB_CHANNEL_UNIT_MAX];
    char name[OB_CHANNEL_NAME_MAX];
};

struct ob_wfdb_header {
    char record[OB_WFDB_FILE_MAX];
    int signals;
    double fs_hz;   /* frames a second (250 where the header has none, as the guide says) */
    int64_t frames; /* 0: not said */
    struct ob_wfdb_signal signal[OB_CHANNELS_MAX];
};

/* Reads a whole header. On an error a sentence for people is in sentence_out. */
enum ob_err ob_wfdb_parse_header(const unsigned char *text, size_t size, struct ob_wfdb_header *header_out,
                                 char *sentence_out, size_t sentence_size);

/* One signal file: consecutive signals of a header that share it. */
struct ob_wfdb_reader {
    uint64_t frames;  /* handed out so far */
    uint64_t missing; /* samples that the file marks as missing */
    /* private */
    int format;
    int signals;
    int frame_samples;
    bool plain; /* format 16, a sample a frame of each signal: nearly all recordings */
    int64_t to_skip;
    int per_frame[OB_CHANNELS_MAX];
    double scale[OB_CHANNELS_MAX], baseline[OB_CHANNELS_MAX];
    int have_samples;
    int frame[OB_WFDB_FRAME_SAMPLES_MAX];
    int have_bytes;
    unsigned char bytes[3];
};

/* How many signals from `first` on share its file. */
int ob_wfdb_file_signals(const struct ob_wfdb_header *header, int first);

/* OB_ERR_UNSUPPORTED when a frame holds more than OB_WFDB_FRAME_SAMPLES_MAX samples. */
enum ob_err ob_wfdb_reader_init(struct ob_wfdb_reader *reader, const struct ob_wfdb_header *header, int first);

/* Takes bytes from *bytes until a frame is whole: true, one value for each signal of the file in values_out, in the
 * signal's unit. Missing samples (-32768; -2048 in format 212) are NaN. A signal with several samples a frame gives
 * their mean, as the WFDB library does by default. */
bool ob_wfdb_reader_next(struct ob_wfdb_reader *reader, const unsigned char **bytes, size_t *count, float *values_out);

/* The same for up to `most` whole frames at once, one after the other in values_out. 0: there is none, or the file is
 * not one of format 16 with a sample a frame, and ob_wfdb_reader_next() takes it. */
size_t ob_wfdb_reader_plain(struct ob_wfdb_reader *reader, const unsigned char **bytes, size_t *count,
                            float *values_out, size_t most);

/* Bytes that are left over after the last whole frame: not 0 means that the file was cut. */
int ob_wfdb_reader_remainder(const struct ob_wfdb_reader *reader);

struct ob_wfdb_annotation {
    int64_t sample; /* at the annotation file's clock: the frame rate, unless its header says otherwise */
    int code;       /* 1-49 */
};

struct ob_wfdb_annotations {
    bool ended; /* its end mark was seen */
    bool bad;   /* times run out of all bounds: not an annotation file */
    uint64_t count;
    /* private */
    int64_t time;
    int64_t to_skip;
    int have;
    int wanted;
    unsigned char word[6];
};

void ob_wfdb_annotations_init(struct ob_wfdb_annotations *annotations);

/* Takes bytes until an annotation is whole: true. Notes, channel and number fields are passed over. */
bool ob_wfdb_annotations_next(struct ob_wfdb_annotations *annotations, const unsigned char **bytes, size_t *count,
                              struct ob_wfdb_annotation *annotation_out);

/* 'N', 'V', '+', ...; ' ' for codes that have no sign. */
char ob_wfdb_symbol(int code);

/* Whether a code is a heart beat: N L R B A a J S V r F e j n E / f Q ? */
bool ob_wfdb_is_beat(int code);

#endif
