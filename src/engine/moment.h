/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exhale moment's part of the engine: the detector and what it is fed, the sighs about a mark, and the bloom that
 * answers it; and for how long it could be told at all. A part of the engine. */
#ifndef OB_ENGINE_MOMENT_H
#define OB_ENGINE_MOMENT_H

#include "breath/settling.h"
#include "engine/intake.h"
#include "engine/snapshot.h"

#define OB_MOMENT_SIGHS 8 /* remembered */

struct ob_moment {
    struct ob_settling settling;
    int64_t bloom_ns; /* when the newest moment was answered; INT64_MIN: none */
    double answer_01; /* how much of the answer is let out: not where a phase or a measured window begins meanwhile */
    int64_t sigh_ns[OB_MOMENT_SIGHS];
    uint32_t sighs;
    uint32_t sighs_seen; /* as the intake counted them when last asked */
};

void ob_moment_init(struct ob_moment *moment, int64_t begin_ns);

/* Once an event has been taken in: did the body move? */
void ob_moment_motion(struct ob_moment *moment, const struct ob_intake *intake);

/* Each NN interval; as for ob_settling_beat(). pace_brpm: 0 where nothing guided then. A new mark goes into the
 * snapshot, and is answered where answers. */
void ob_moment_beat(struct ob_moment *moment, struct ob_snapshot *snapshot, const struct ob_intake *intake,
                    int64_t time_ns, double nn_ms, bool follows, bool normal, double pace_brpm, bool answers);

/* Each two seconds, once the intake was asked for the breathing rate: new sighs. */
void ob_moment_sighs(struct ob_moment *moment, const struct ob_intake *intake, int64_t now_ns);

/* Each tick: the bloom; each second, whether one could be told now. answers: this part of the session shows and plays
 * what the heart does, and is no measured window. */
void ob_moment_tick(struct ob_moment *moment, struct ob_snapshot *snapshot, bool answers);

#endif
