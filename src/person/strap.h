/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sensor's own part: which beats it sees, what its clock says, when its packets arrive. Private to the room. */
#ifndef OB_PERSON_STRAP_H
#define OB_PERSON_STRAP_H

#include "person/chance.h"
#include "person/person.h"

#define OB_PERSON_STRAP_QUEUE 512

struct ob_person_strap {
    struct ob_rng fault_rng, jitter_rng, dropout_rng;
    double missed_01, extra_01, duplicate_01, reorder_01;
    double jitter_s, step_s, clock_factor, batch_s, age_s;
    double contact_ramp_s;
    double dropout_at_s, dropout_length_s, dropouts_per_s, dropout_wait_s, dropout_left_s;
    bool dropout_planned;
    int64_t start_ns;
    /* now */
    double contact_01;
    bool connected;
    /* the beats it saw */
    bool anchored; /* there is a beat to count the next interval from */
    bool after_gap, after_missed;
    double last_s; /* that beat, in its own clock */
    double last_true_s;
    uint64_t lost;
    int count;
    struct ob_person_beat queue[OB_PERSON_STRAP_QUEUE]; /* in order of delivery */
};

void ob_person_strap_init(struct ob_person_strap *strap, const struct ob_person_desc *desc, int64_t start_ns);
void ob_person_strap_step(struct ob_person_strap *strap, double life_s);

/* Draws whether the next beat will be seen, and whether something will be seen before it, where: 0-1 of the way; a
 * negative place means no. Poor contact and movement add to both. */
void ob_person_strap_foresee(struct ob_person_strap *strap, double motion_01, bool *missed_out,
                             double *extra_at_01_out);

/* A beat at life_s, seen or not. */
void ob_person_strap_beat(struct ob_person_strap *strap, double life_s, enum ob_person_beat_kind kind, bool missed);

/* Last moment of which data have been delivered by life_s. */
double ob_person_strap_delivered_s(const struct ob_person_strap *strap, double life_s);

bool ob_person_strap_take(struct ob_person_strap *strap, int64_t now_ns, struct ob_person_beat *out);

#endif
