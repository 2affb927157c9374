/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Breathing: a phase that runs by itself, is pulled to a cue it hears, wanders, forgets and sighs. Private to the room.
 *
 * The phase here is the *drive* in the brain stem; the lungs follow lead_s later. That lets the heart, which the same
 * drive reaches first, run ahead of the lungs without looking into the future. The equation of the design
 *   phi' = 2 pi f_n + c [2 pi (f_p - f_n) + K sin(phi_p(t - lag) - phi)] + noise
 * holds for the lungs: the drive is pulled to where the cue will be lead_s later. */
#ifndef OB_PERSON_BREATHING_H
#define OB_PERSON_BREATHING_H

#include "person/chance.h"
#include "person/person.h"

#define OB_PERSON_BREATHING_DELAY 160 /* steps of lead at most */
#define OB_PERSON_BREATHING_HEARD 320 /* steps of lag at most */

struct ob_person_breathing_heard {
    double phase_turns, rate_hz, inhale_01, audible_01;
};

struct ob_person_lungs {
    double phase_turns, volume_l, depth_l, inhale_01;
    double stretch; /* of this breath: 1.4 in a sigh */
};

struct ob_person_breathing {
    /* what the person is like */
    double own_hz, own_inhale_01, g, volume_cv, compliance, coupling, lag_s, lead_s;
    double lapses_per_s, sighs_per_s;
    int lead_steps;
    /* the drive */
    struct ob_rng rng, lapse_rng, sigh_rng;
    struct ob_person_ou wander; /* of the phase, turns/s */
    double phase_turns;         /* [0, 1) */
    double excess_hz;           /* by which it goes faster than alone */
    double speed_hz;            /* of the phase, smoothed over 4 s */
    double depth_l;             /* of this breath */
    double inhale_01;           /* of this breath */
    double stretch;             /* 1.4 in a sigh */
    double following_01;        /* compliance in effect */
    double lapse_wait_s, lapse_left_s, sigh_wait_s;
    uint64_t breaths, sighs;
    double volume_l; /* as the drive has it */
    /* what came before, rings indexed by step */
    uint64_t steps;
    struct ob_person_breathing_heard heard[OB_PERSON_BREATHING_HEARD];
    struct ob_person_lungs past[OB_PERSON_BREATHING_DELAY];
};

void ob_person_breathing_init(struct ob_person_breathing *breathing, const struct ob_person_desc *desc);

/* One step. heard: the cue at its beginning; shift_hz: change of the natural rate. */
void ob_person_breathing_step(struct ob_person_breathing *breathing, const struct ob_person_breathing_heard *heard,
                              double shift_hz);

/* The lungs now. */
struct ob_person_lungs ob_person_breathing_lungs(const struct ob_person_breathing *breathing);

#endif
