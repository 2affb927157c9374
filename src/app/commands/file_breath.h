/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The breathing rate along a recording, measured the way the live loop does it: from its belt where it has one, else
 * from the intervals and shapes of the beats. */
#ifndef OB_APP_FILE_BREATH_H
#define OB_APP_FILE_BREATH_H

#include "app/commands/file_beats.h"

#include <stdbool.h>

struct ob_file_breath;

/* channels: of a frame. wave_channel: that in which the beats are found; belt_channel: -1: none. NULL without memory.
 */
struct ob_file_breath *ob_file_breath_create(double fs_hz, enum ob_signal_kind wave, int channels, int wave_channel,
                                             int belt_channel);
void ob_file_breath_destroy(struct ob_file_breath *breath); /* NULL is fine */

/* Every frame in order, and every beat after the frame with which it was reported. */
void ob_file_breath_frames(struct ob_file_breath *breath, const float *frames, size_t count);
void ob_file_breath_beat(struct ob_file_breath *breath, const struct ob_file_beat *beat);

/* Median over the windows of 30-60 s, one each half minute (after an hour each two), that lie in [from_s, to_s) and can
 * be trusted. False when there is no such window, or these are fewer than half of all. */
bool ob_file_breath_rate(const struct ob_file_breath *breath, double from_s, double to_s, double *brpm_out);

#endif
