/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ECG: McSharry's three-equation model (2003, doi:10.1109/TBME.2003.808805). Private to the room.
 *
 * On its limit cycle the first two equations are nothing but a phase, which here is that of the sinus node: R peaks
 * stand exactly at the beats. The third, z' = -sum a d exp(-d^2/2b^2) - (z - z0) with d the angle to each wave, is
 * integrated in closed form from sample to sample: over an even turn at w rad/s each wave adds
 * a b^2/w (g(end) - g(begin)) with g = exp(-d^2/2b^2), so any sampling rate gives the same curve. */
#ifndef OB_PERSON_ECG_H
#define OB_PERSON_ECG_H

#include "base/rng.h"

#include <stdbool.h>

#define OB_PERSON_ECG_WAVES 40 /* alive at a time, at most */

struct ob_person_ecg_wave {
    double centre_rad; /* of the sinus phase, unwrapped */
    double width_rad;  /* b */
    double height_mv;  /* a b^2/w */
    double before;     /* g at the newest sample */
};

struct ob_person_ecg {
    struct ob_rng rng;
    double period_s, noise_mv, mains_mv, relax;
    double z_mv;
    double mains_turns;
    int waves;
    struct ob_person_ecg_wave wave[OB_PERSON_ECG_WAVES];
};

enum ob_person_ecg_beat { OB_PERSON_ECG_NORMAL, OB_PERSON_ECG_ECTOPIC, OB_PERSON_ECG_SPIKE };

void ob_person_ecg_init(struct ob_person_ecg *ecg, double seed, double sample_hz, double noise_mv, double mains_mv);

/* A beat that will come at this phase (cycles of the sinus node), decided one beat ahead since its P wave begins
 * long before it. bpm: the rate of the moment, which sets the widths; scale: of all its waves, 0 when not seen. */
void ob_person_ecg_beat(struct ob_person_ecg *ecg, enum ob_person_ecg_beat kind, double cycles, double bpm,
                        double scale);

/* The next sample in mV: the phase there, the baseline that breathing makes, a factor on the noise. */
double ob_person_ecg_sample(struct ob_person_ecg *ecg, double cycles, double baseline_mv, double noise_factor);

#endif
