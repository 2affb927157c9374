/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The heart: its rate from breathing, pressure waves, slow wandering and settling, and from the rate its beats.
 * Private to the room. */
#ifndef OB_PERSON_HEART_H
#define OB_PERSON_HEART_H

#include "person/chance.h"
#include "person/person.h"

#define OB_PERSON_HEART_WANDERERS 5

struct ob_person_heart {
    /* what the person is like */
    double rate_bpm, gain_bpm_l, settle_bpm, settle_tau_s, shift_bpm, shift_gain;
    double ectopic_01; /* chance that a cycle has an early beat */
    /* the answer to breath: high-pass, then a low-pass and a resonance side by side */
    double high_keep, high_scale, high_state, high_in;
    double low_scale, low_keep, low_in, low_state;
    double res_b, res_a1, res_a2, res_x1, res_x2, res_y1, res_y2;
    double rho;
    /* noise */
    struct ob_rng wander_rng, mayer_rng, ectopic_rng;
    struct ob_person_ou wander[OB_PERSON_HEART_WANDERERS];
    double mayer_cos, mayer_sin, mayer_keep, mayer_kick, mayer_re, mayer_im;
    /* now */
    double answer_l; /* h*v, litres */
    double rsa_bpm, bpm;
    /* beats: the phase of the sinus node in cycles; a beat is due where it reaches a level */
    double cycles;
    double due_cycles;
    bool due_ectopic;
    double sinus_cycles; /* the cycle that the sinus node itself has reached last */
};

void ob_person_heart_init(struct ob_person_heart *heart, const struct ob_person_desc *desc);

/* One step of the rate: volume as the drive has it, litres; life_s since the person's first moment. */
void ob_person_heart_step(struct ob_person_heart *heart, double volume_l, double life_s, double shift_01);

/* The beat that was due has come: decides the next one. */
void ob_person_heart_beaten(struct ob_person_heart *heart);

#endif
