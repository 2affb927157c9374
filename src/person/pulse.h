/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pulse wave: two Gaussians a beat, (height 1, angle -1.2, width .6) and (.4, .6, .9) on a circle that begins with
 * the arrival of the pulse at -pi. Private to the room.
 *
 * The circle turns in the person's usual interval, not in each single one: how long a pulse rises is a matter of the
 * arteries, so pulse intervals stay as good as they are in nature. */
#ifndef OB_PERSON_PULSE_H
#define OB_PERSON_PULSE_H

#include "base/rng.h"

#define OB_PERSON_PULSE_WAVES 24

struct ob_person_pulse {
    struct ob_rng rng;
    double arrival_s;       /* from R wave to the foot of the pulse: 0.15-0.3 */
    double arrival_swing_s; /* 0.005-0.01 over a breath */
    double depth_01;        /* 0.05-0.2: how much breath modulates the height */
    double usual_s;         /* interval, smoothed over about ten beats */
    int waves;
    struct {
        double centre_s, width_s, height;
    } wave[OB_PERSON_PULSE_WAVES];
};

void ob_person_pulse_init(struct ob_person_pulse *pulse, double seed, double bpm);

/* A beat at time_s. full_01: how far the lungs are filled; scale: 1, less for a weak or unseen beat. */
void ob_person_pulse_beat(struct ob_person_pulse *pulse, double time_s, double bpm, double full_01, double scale);

/* The wave at time_s, which must not go back. */
double ob_person_pulse_sample(struct ob_person_pulse *pulse, double time_s, double full_01, double noise);

#endif
