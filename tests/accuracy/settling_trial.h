/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A half hour of a simulated person in front of the settling detector alone. */
#ifndef OB_TESTS_ACCURACY_SETTLING_TRIAL_H
#define OB_TESTS_ACCURACY_SETTLING_TRIAL_H

#include "breath/settling.h"
#include "person/person.h"

#define TRIAL_MINUTES 30.0
#define TRIAL_HIT_S   300.0 /* a hit is known within this after the shift began */
#define TRIAL_NEAR_S  90.0

struct trial {
    enum ob_person_population population;
    uint32_t seed;
    double shift_bpm; /* 0: none; else with 1-4 breaths/min slower and 10-35% more gain, at a moment of minutes 8-24 */
    bool belt, paced;
};

#define TRIAL_MARKS 8

struct trial_result {
    double shift_s; /* when it began; -1: none */
    int marks;      /* kept, at most TRIAL_MARKS */
    struct ob_settling_mark mark[TRIAL_MARKS];
};

/* Runs it. False without memory. */
bool trial_run(const struct trial *trial, struct trial_result *result_out);

#endif
