/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exhale moment, as far as it can be seen: the heart slows a little and stays so, its swing with the breath grows,
 * breathing slows. It is found afterwards, never demanded, and often enough it can't be told.
 *
 * Every 15 s, for seven moments of the last 2 to 5 minutes at which it may have begun, the change since that moment is
 * estimated of each series that there is: heart rate, logarithm of the swing's power, breathing rate. The estimate is
 * that of generalised least squares (Aitken 1935, doi:10.1017/S0370164600014346) for a ramp of 60 s that stays, over
 * the last 7 to 12 minutes, with the noise that resting hearts have: five relaxations of 2 to 480 s for the heart rate,
 * nearly white for the swing. Slow wandering, which makes most of a heart's changes, thus counts for what it is. And
 * while nothing guides, the heart shows its owner's breath: whether the spectrum of its swing has moved down since, as
 * it does when breathing slows (breath/settling_lines.h). The estimates over their errors, that, and how restless this
 * heart is and how clearly it swings with one rhythm, go into a logistic score. Its coefficients and thresholds come
 * from simulated persons (tests/accuracy/settling_fit.c); what they reach on others is in docs/loop.md. Without a pacer
 * a heart that is more restless than those persons is judged the more strictly: real hearts by day are.
 *
 * While a pacer guides, breathing is the pacer's and no sign: then only the heart rate and, as long as the pace stays
 * within 0.4 /min, the paced swing are looked at, with thresholds of their own. Guided and free minutes are never
 * compared with each other. Pure; one thread at a time. */
#ifndef OB_BREATH_SETTLING_H
#define OB_BREATH_SETTLING_H

#include "breath/settling_epochs.h"

/* Which series a score is made of; each has its coefficients. */
enum ob_settling_view {
    OB_SETTLING_FREE_HEART,  /* heart rate and swing */
    OB_SETTLING_FREE_BREATH, /* and breathing rate, from a belt or the chest */
    OB_SETTLING_PACED,       /* heart rate and paced swing */
    OB_SETTLING_VIEWS
};

enum ob_settling_state {
    OB_SETTLING_TOO_SHORT,   /* not enough minutes of one kind yet */
    OB_SETTLING_LOOKING,     /* nothing seen */
    OB_SETTLING_CANNOT_TELL, /* too many artefacts, movements or gaps in the last minutes */
};

struct ob_settling_mark {
    int64_t at_ns;        /* about when it began */
    int64_t known_ns;     /* measured time of the beat that made it known */
    double heart_bpm;     /* change of the heart rate; negative: slower */
    double swing_percent; /* change of its swing with the breath */
    double breath_brpm;   /* change of the breathing rate; 0 where not known */
    bool breath_known;
    bool paced;
    bool answered;    /* by a bloom; else it is only marked */
    bool sighs_known; /* a belt or the chest showed the breath; filled in by whoever has them (engine/moment.h) */
    uint32_t sighs;   /* about the moment it began: in the minute before, and the minute and a half after it */
    int64_t sigh_ns;  /* the one that was nearest to it */
};

#define OB_SETTLING_SERIES   3 /* heart rate, swing, breathing rate */
#define OB_SETTLING_ONSETS   7
#define OB_SETTLING_FEATURES 13

#define OB_SETTLING_RESTLESSNESS 2 /* the feature: ln of how restless this heart is, against most */

/* One candidate: the change if it began `onset` epochs ago. */
struct ob_settling_candidate {
    enum ob_settling_view view;
    int onset;
    double change[OB_SETTLING_SERIES]; /* bpm, ln of power, breaths/min */
    double feature[OB_SETTLING_FEATURES];
};

struct ob_settling {
    struct ob_settling_epochs epochs;
    enum ob_settling_state state;
    struct ob_settling_mark mark; /* the newest */
    uint32_t marks;
    double score;     /* the newest, about a logarithm of odds less its threshold; 0: a mark */
    uint64_t from;    /* epochs before this one are not looked at */
    uint64_t blind;   /* epochs that could not be judged */
    uint64_t watched; /* and that could */
    double covariances[2][OB_SETTLING_SERIES][OB_SETTLING_EPOCHS];
};

void ob_settling_init(struct ob_settling *settling, int64_t begin_ns);

/* An NN interval that ends at time_ns; as for ob_settling_epochs_beat(). True: settling->mark is new. */
bool ob_settling_beat(struct ob_settling *settling, int64_t time_ns, double nn_ms, bool follows, bool normal);

/* A breathing rate from a belt or the chest, as it is known now. Rates that were read from the heart itself are no
 * second witness: leave them out. */
void ob_settling_breath(struct ob_settling *settling, double brpm);

/* What the pacer does now; 0: nothing guides. */
void ob_settling_pace(struct ob_settling *settling, double pace_brpm);

/* The body moved at time_ns (measured, as beats are): that epoch does not count. */
void ob_settling_moved(struct ob_settling *settling, int64_t time_ns);

/* The body lies another way from now on: what was before is not compared with what comes. */
void ob_settling_anew(struct ob_settling *settling);

/* For fitting: the candidates of the newest epoch; returns how many, 0 when it can't be told. */
int ob_settling_candidates(const struct ob_settling *settling, struct ob_settling_candidate out[OB_SETTLING_ONSETS]);

#endif
