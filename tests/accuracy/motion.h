/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Movement laid over pulse waves, and wrists that walk and run: for the accuracy of the pulse detector where no
 * recording with known beats is at hand. */
#ifndef OB_TESTS_ACCURACY_MOTION_H
#define OB_TESTS_ACCURACY_MOTION_H

#include "wave.h"

enum motion {
    MOTION_SWINGS,  /* a hand that goes somewhere every half second, in 15 s of every 30 */
    MOTION_STRIDES, /* steps at 1.5-3 Hz with harmonics and arm swing, in 20 s of every 40 */
    MOTION_BURSTS,  /* 1-4 s of band-limited noise, 4 a minute */
    MOTION_JUMPS,   /* of the base line, dying away over a second, 6 a minute */
    MOTION_PRESS,   /* the sensor's contact: pulses between a fifth and one and a half of their height */
    MOTION_KINDS
};

extern const char *const motion_names[MOTION_KINDS];

/* Onto a whole recording; strength 1: about as large as the pulses. */
void motion_add(struct wave *w, enum motion kind, double strength, uint64_t seed);

/* Five minutes of a wrist with its true beats: standing (effort 0) or on a treadmill, where the heart goes from 75 to
 * 100 + 65 effort a minute and back, and steps at 1.6-2.8 Hz are `strength` times as large as the pulses. */
void motion_wrist(struct wave *w, double fs_hz, double effort, double strength, uint64_t seed);

#endif
