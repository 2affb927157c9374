/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a channel's name says about it. Pure. */
#ifndef OB_FORMAT_CHANNEL_H
#define OB_FORMAT_CHANNEL_H

#include <stddef.h>

#define OB_CHANNELS_MAX     32
#define OB_CHANNEL_NAME_MAX 48
#define OB_CHANNEL_UNIT_MAX 16

/* The enum ob_signal_kind that a name stands for ("ECG", "MLII", "II", "V5", "PLETH", "Resp", "acc_x"), or -1. */
int ob_channel_kind(const char *name);

/* Of names[0..count) the best channel of a kind, or -1: an exact "ECG" or "PPG" before a lead, MLII and II before other
 * leads (their R wave is the largest), the first of equals. */
int ob_channel_best(const char names[][OB_CHANNEL_NAME_MAX], int count, int signal_kind);

/* The channel somebody asked for by name (without regard to case) or by number from 0; -1 when there is none. */
int ob_channel_find(const char names[][OB_CHANNEL_NAME_MAX], int count, const char *wanted);

/* Factor that takes a unit of voltage (V, mV, uV, nV) to mV; 0: not a voltage. */
double ob_channel_to_mv(const char *unit);

#endif
