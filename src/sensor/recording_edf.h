/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An EDF or EDF+ file as frames of all its signals, or as the beats that its annotations mark. Private to this room.
 *
 * Frames follow the rate of one signal: slower ones repeat their newest sample, of faster ones a frame has the mean.
 * Gaps of EDF+D are frames of NaN, up to a day each; where records go back in time, which no recording does, a second
 * of NaN keeps what is before and behind apart. */
#ifndef OB_SENSOR_RECORDING_EDF_H
#define OB_SENSOR_RECORDING_EDF_H

#include "sensor/recording.h"
#include "sensor/stream.h"

struct ob_edf_file;

/* Reads the header at the stream's start and fills info. want_beats: the annotated beats, whatever signals there are;
 * otherwise they are taken where no signal is an ECG or a pulse wave. The stream stays the caller's. */
enum ob_err ob_edf_file_open(struct ob_stream *stream, const char *path, double fs_hz, bool want_beats,
                             struct ob_recording_info *info, struct ob_edf_file **file_out, char *sentence,
                             size_t size);
void ob_edf_file_close(struct ob_edf_file *file); /* NULL is fine */

/* From now on frames come at this channel's rate; before the first read. */
void ob_edf_file_follow(struct ob_edf_file *file, int channel);

size_t ob_edf_file_read(struct ob_edf_file *file, float *frames_out, size_t max_frames);
size_t ob_edf_file_read_rr(struct ob_edf_file *file, struct ob_recording_rr *rr_out, size_t max);

enum ob_err ob_edf_file_outcome(const struct ob_edf_file *file, char *sentence_out, size_t size);

#endif
