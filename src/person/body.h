/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The body that the sensor is strapped to: a hand that strokes it, its own movements, and what an accelerometer on the
 * breastbone of somebody lying makes of these, of breath and of the heart. Private to the room. */
#ifndef OB_PERSON_BODY_H
#define OB_PERSON_BODY_H

#include "person/chance.h"
#include "person/person.h"

struct ob_person_body {
    struct ob_rng stroke_rng, motion_rng, acc_rng;
    double strokes_per_s, motions_per_s;
    double gravity_mg[3], breath_axis[3], stroke_axis[3];
    /* strokes: one after the other, each as long as most of its time */
    double stroke_age_s, stroke_length_s, stroke_pause_s, stroke_mg;
    /* movement */
    double motion_wait_s, motion_age_s, motion_length_s;
    struct ob_person_ou shake[4]; /* three axes and what the electrodes make of it; SD 1 */
    /* now */
    double stroke_01; /* pressure of the hand */
    double motion_01; /* strength of the movement */
    double beat_s;    /* time of the last beat */
};

void ob_person_body_init(struct ob_person_body *body, const struct ob_person_desc *desc);
void ob_person_body_step(struct ob_person_body *body);

/* Motion artefact in units of its usual size, for ECG, pulse and belt. */
double ob_person_body_artefact(const struct ob_person_body *body);

void ob_person_body_acc(struct ob_person_body *body, double time_s, double volume_l, float mg_out[3]);

#endif
