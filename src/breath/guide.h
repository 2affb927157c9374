/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clock of a session: which stage it is in, and how the pace moves.
 *
 * Guidance starts at once at a comfortable pace, glides to the target so that it is there by one third of a session of
 * ten minutes or more (at most 1.5/min each minute), and waits while the person does not follow, for as long as it
 * takes. Automatic pace stays within 4.5-10 breaths/min; a pace that somebody chose within 3-12. Guidance ends with the
 * end of a breath.
 *
 * Whether the person follows is seen by breath/following.h and by the own rate where that is beyond doubt. Where a
 * chest is seen to breathe (a belt, acceleration, the shape of beats in an ECG or pulse) its rate of the last 20 s
 * stands in for the heart, as far as it is sure: up to a tenth faster than the pace is following. A chest at less than
 * three quarters of the pace says nothing: that is a drift or a sigh. What is seen in half a minute counts once, and is
 * forgotten in a minute, so that one breath or one odd reading does not turn it, and a weak heart that shows little for
 * long is believed. With a heart the guide listens for 45 s before it leads anywhere, for up to two minutes where there
 * is time for that. The pace goes down while following is likelier than not; between it stands; where not following is
 * clearly likelier it waits, and goes back up to the last pace that was clearly followed, else to meet the own rate or
 * the start. Each new attempt wants longer following first (5 s, 1 min, 4 min, then none). An artefact or a short
 * silence leaves what is known as it is; over minutes in which nothing can be seen it fades, and guidance goes on. The
 * last third, or the last five minutes where that is less, is quiet: the pace stands but for its drift. So there is no
 * cycle.
 *
 * Once the target is reached the pace drifts slowly about it, by OB_DRIFT_BRPM in OB_DRIFT_PERIOD_S: too little and too
 * slow to be noticed, and enough for the posterior (breath/pace.h) to learn from. Pure. */
#ifndef OB_BREATH_GUIDE_H
#define OB_BREATH_GUIDE_H

#include "base/event.h"
#include "breath/pacer.h"

#define OB_PACE_AUTO_MIN_BRPM   4.5
#define OB_PACE_AUTO_MAX_BRPM   10.0
#define OB_PACE_USUAL_BRPM      6.0
#define OB_AIM_SLOW             0.03 /* breaths/min each minute */
#define OB_AIM_STEP             0.10 /* breaths/min */
#define OB_DRIFT_BRPM           0.25
#define OB_DRIFT_PERIOD_S       240.0
#define OB_PACE_CHOSEN_MIN_BRPM 3.0
#define OB_PACE_CHOSEN_MAX_BRPM 12.0

#define OB_GUIDE_PHASES 24 /* as many as a protocol has */

enum ob_guide_stage {
    OB_GUIDE_BEFORE,
    OB_GUIDE_GUIDED,
    OB_GUIDE_NATURAL,
    OB_GUIDE_AFTER,
    OB_GUIDE_ENDED,
    OB_GUIDE_UNPACED, /* a phase of a protocol that leaves the breath alone */
};

/* What the guide may know of the person at a tick. */
struct ob_guide_input {
    double following;  /* ln of the odds that the person breathes with the pacer, by what the heart shows now */
    double own_brpm;   /* the person's own breathing rate, over about a minute */
    double chest_brpm; /* of the last 20 s, by the chest's own movement or what it does to the shape of beats */
    double chest_01;   /* how much that is to be trusted; 0: not known */
    bool following_known;
    bool heart; /* a heart is there, though it may not be known yet whether it follows */
    bool own_known;
    bool own_sure; /* known beyond doubt */
};

struct ob_guide {
    struct ob_session_plan plan;                               /* with every default filled in */
    int64_t begin_ns, guided_ns, closing_ns, after_ns, end_ns; /* move on while paused */
    enum ob_guide_stage stage;
    bool paused, natural, waiting, closed;
    double rate_brpm;  /* of the pace, also while it is hidden, without the drift */
    double drift_brpm; /* what the drift adds to it now */
    double drift_01;   /* how much of the drift is let in */
    double drift_s;    /* into the drift's period */
    double aim_brpm;   /* the person's own pace; 0: not known */
    double aim_shift;  /* of the target, towards aim_brpm */
    double aim_speed;  /* breaths/min each minute */
    bool aiming;       /* on its way there */
    uint64_t ticks;
    double mean_brpm;    /* of the pace, over about the time that own_brpm is of */
    double belief;       /* ln of the odds that the person follows */
    double with_s;       /* how long without a break they have */
    double comfort_brpm; /* the pace that was followed for a minute last; 0: none */
    int waits;           /* how often it had to wait */
    uint64_t breaths;    /* whole breaths before the one under way */
    struct ob_pacer_segment segment;
    bool chosen;            /* the person has chosen a pace since the session began */
    int phase_count, phase; /* of a protocol; 0: a plain session */
    int64_t phase_ns;       /* into the phase under way, pauses left out */
    struct ob_session_phase phases[OB_GUIDE_PHASES];
};

/* The person's own pace, as far as it is known (0: not). Where the target is the usual OB_PACE_USUAL_BRPM (another one
 * is somebody's choice) it moves there: from the first tick on if told before, else in its own time, at most
 * OB_AIM_SLOW (per_min_max, where that is more) and not for less than OB_AIM_STEP. */
void ob_guide_aim(struct ob_guide *guide, double brpm, double per_min_max);

/* Where the pace is going, the drift aside. */
double ob_guide_target_brpm(const struct ob_guide *guide);

/* Fills in defaults and clamps what is out of range. */
void ob_guide_init(struct ob_guide *guide, const struct ob_session_plan *plan, int64_t begin_ns);

/* A session that follows a protocol: one call for each phase, before the first tick. False: it breaks a limit of
 * breath/protocol.h, comes too late or is one too many, and the plan goes on without it. */
bool ob_guide_add_phase(struct ob_guide *guide, const struct ob_session_phase *phase, int64_t now_ns);
void ob_guide_next(struct ob_guide *guide, int64_t now_ns); /* the next phase begins now; the last one ends */
bool ob_guide_rewards(const struct ob_guide *guide);        /* false: this phase has no feedback */
bool ob_guide_lets_go(const struct ob_guide *guide);    /* false: whoever falls asleep in this phase is not let go */
double ob_guide_sound_db(const struct ob_guide *guide); /* of this moment of this phase */

/* One step of OB_TICK_NS to now_ns. */
void ob_guide_tick(struct ob_guide *guide, int64_t now_ns, const struct ob_guide_input *input);

/* True while the pacer leads: guided, not paused, not past its last breath. */
bool ob_guide_leads(const struct ob_guide *guide);

void ob_guide_pause(struct ob_guide *guide, bool on);
void ob_guide_natural(struct ob_guide *guide, bool on);            /* "just breathe" */
void ob_guide_choose_rate(struct ob_guide *guide, double brpm);    /* held from now on */
void ob_guide_choose_inhale(struct ob_guide *guide, double share); /* from the next breath on */
void ob_guide_end(struct ob_guide *guide, int64_t now_ns);

#endif
