/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random processes that several files of this room use, and the room's grid. Private to the room. */
#ifndef OB_PERSON_CHANCE_H
#define OB_PERSON_CHANCE_H

#include "base/rng.h"

#define OB_PERSON_STEP_NS ((int64_t)10000000)
#define OB_PERSON_STEP_S  0.01

/* A random stream for each purpose, so that one purpose more leaves the others as they were. */
enum ob_person_stream {
    OB_STREAM_BREATH = 1,
    OB_STREAM_LAPSE,
    OB_STREAM_SIGH,
    OB_STREAM_WANDER,
    OB_STREAM_MAYER,
    OB_STREAM_ECTOPIC,
    OB_STREAM_FAULT,
    OB_STREAM_JITTER,
    OB_STREAM_DROPOUT,
    OB_STREAM_STROKE,
    OB_STREAM_MOTION,
    OB_STREAM_ECG,
    OB_STREAM_PULSE,
    OB_STREAM_BELT,
    OB_STREAM_ACC,
    OB_STREAM_BUILD, /* what is drawn once about the body */
    OB_STREAM_POPULATION
};

/* A noise that forgets with a time constant (Ornstein and Uhlenbeck), advanced exactly by a fixed step. */
struct ob_ou {
    double value;
    double keep; /* e^(-step/tau) */
    double kick; /* standard deviation of what comes in each step */
};

/* Starts from its stationary distribution. */
void ob_ou_init(struct ob_ou *ou, struct ob_rng *rng, double sd, double tau_s);
double ob_ou_step(struct ob_ou *ou, struct ob_rng *rng);

/* Time to the next event of a Poisson process; beyond every session when the rate is 0. */
double ob_poisson_wait_s(struct ob_rng *rng, double per_s);

#endif
