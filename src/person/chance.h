/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random processes that several files of this room use, and the room's grid. Private to the room. */
#ifndef OB_PERSON_CHANCE_H
#define OB_PERSON_CHANCE_H

#include "base/rng.h"

#define OB_PERSON_STEP_NS ((int64_t)10000000)
#define OB_PERSON_STEP_S  0.01

/* A random stream for each purpose, so that one purpose more leaves the others as they were. */
enum ob_person_stream {
    OB_PERSON_STREAM_BREATH = 1,
    OB_PERSON_STREAM_LAPSE,
    OB_PERSON_STREAM_SIGH,
    OB_PERSON_STREAM_WANDER,
    OB_PERSON_STREAM_MAYER,
    OB_PERSON_STREAM_ECTOPIC,
    OB_PERSON_STREAM_FAULT,
    OB_PERSON_STREAM_JITTER,
    OB_PERSON_STREAM_DROPOUT,
    OB_PERSON_STREAM_STROKE,
    OB_PERSON_STREAM_MOTION,
    OB_PERSON_STREAM_ECG,
    OB_PERSON_STREAM_PULSE,
    OB_PERSON_STREAM_BELT,
    OB_PERSON_STREAM_ACC,
    OB_PERSON_STREAM_BUILD, /* what is drawn once about the body */
    OB_PERSON_STREAM_POPULATION,
    OB_PERSON_STREAM_POPULATION_FAULTS,
    OB_PERSON_STREAM_POPULATION_SHIFT
};

/* A noise that forgets with a time constant (Ornstein and Uhlenbeck), advanced exactly by a fixed step. */
struct ob_person_ou {
    double value;
    double keep; /* e^(-step/tau) */
    double kick; /* standard deviation of what comes in each step */
};

/* Starts from its stationary distribution. */
void ob_person_ou_init(struct ob_person_ou *ou, struct ob_rng *rng, double sd, double tau_s);
double ob_person_ou_step(struct ob_person_ou *ou, struct ob_rng *rng);

/* Time to the next event of a Poisson process; beyond every session when the rate is 0. */
double ob_person_poisson_wait_s(struct ob_rng *rng, double per_s);

#endif
