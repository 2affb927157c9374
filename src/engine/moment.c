/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/moment.h"

#include "base/maths.h"
#include "base/time.h"

#include <math.h>
#include <stdlib.h>

#define TICK_S       0.01
#define BLOOM_S      60.0 /* of light and sound */
#define BLOOM_RISE_S 12.0
#define HUSH_TAU_S   1.5
#define SIGH_BEFORE  (60 * OB_NS_PER_S)
#define SIGH_AFTER   (90 * OB_NS_PER_S)

void ob_moment_init(struct ob_moment *m, int64_t begin_ns)
{
    *m = (struct ob_moment){.bloom_ns = INT64_MIN};
    ob_settling_init(&m->settling, begin_ns);
}

void ob_moment_motion(struct ob_moment *m, const struct ob_intake *intake)
{
    if (intake->turned)
        ob_settling_anew(&m->settling);
    if (intake->turned || intake->moved)
        ob_settling_moved(&m->settling, intake->moved_ns);
}

void ob_moment_sighs(struct ob_moment *m, const struct ob_intake *intake, int64_t now_ns)
{
    uint32_t count;
    int64_t newest_ns;
    if (!ob_intake_sighs(intake, now_ns, &count, &newest_ns))
        return;
    if (count != m->sighs_seen && newest_ns != INT64_MIN)
        m->sigh_ns[m->sighs++ % OB_MOMENT_SIGHS] = newest_ns;
    m->sighs_seen = count;
}

/* The sighs about the time at which it began. */
static void add_sighs(const struct ob_moment *m, const struct ob_intake *intake, int64_t now_ns,
                      struct ob_settling_mark *mark)
{
    uint32_t count;
    int64_t newest_ns;
    mark->sighs_known = ob_intake_sighs(intake, now_ns, &count, &newest_ns);
    if (!mark->sighs_known)
        return;
    for (uint32_t i = 0; i < m->sighs && i < OB_MOMENT_SIGHS; i++) {
        const int64_t after_ns = m->sigh_ns[i] - mark->at_ns;
        if (after_ns < -SIGH_BEFORE || after_ns > SIGH_AFTER)
            continue;
        const int64_t best_ns = mark->sigh_ns - mark->at_ns;
        if (mark->sighs++ == 0 || llabs(after_ns) < llabs(best_ns))
            mark->sigh_ns = m->sigh_ns[i];
    }
}

void ob_moment_beat(struct ob_moment *m, struct ob_snapshot *s, const struct ob_intake *intake, int64_t time_ns,
                    double nn_ms, bool follows, bool normal, double pace_brpm, bool answers)
{
    ob_settling_pace(&m->settling, pace_brpm);
    if (!ob_settling_beat(&m->settling, time_ns, nn_ms, follows, normal))
        return;
    struct ob_settling_mark *mark = &s->marks[s->mark_count++ % OB_SNAPSHOT_MARKS];
    *mark = m->settling.mark;
    add_sighs(m, intake, s->now_ns, mark);
    mark->answered = answers;
    if (answers)
        m->bloom_ns = s->now_ns;
}

/* A swell that rises for twelve seconds and goes within a minute. */
static double bloom_01(const struct ob_moment *m, int64_t now_ns)
{
    if (m->bloom_ns == INT64_MIN)
        return 0.0;
    const double t = ob_s_from_ns(now_ns - m->bloom_ns);
    if (t >= BLOOM_S)
        return 0.0;
    const double turn = t < BLOOM_RISE_S ? t / BLOOM_RISE_S : 1.0 + (t - BLOOM_RISE_S) / (BLOOM_S - BLOOM_RISE_S);
    return 0.5 - 0.5 * cos(OB_PI * turn);
}

/* Each second is of one of three kinds, so that what could not be told never looks like nothing there. */
static void count_second(const struct ob_moment *m, struct ob_snapshot *s)
{
    const bool silent = s->sensor == OB_SENSOR_NONE || s->sensor == OB_SENSOR_WAITING || s->sensor == OB_SENSOR_LOST;
    s->settling = silent ? OB_SETTLING_CANNOT_TELL : m->settling.state;
    if (s->settling == OB_SETTLING_LOOKING)
        s->settling_watched_s += 1.0;
    else if (s->settling == OB_SETTLING_CANNOT_TELL)
        s->settling_blind_s += 1.0;
    else
        s->settling_early_s += 1.0;
}

void ob_moment_tick(struct ob_moment *m, struct ob_snapshot *s, bool answers)
{
    m->answer_01 = answers ? 1.0 : m->answer_01 * (1.0 - ob_lag(TICK_S, HUSH_TAU_S));
    s->params.bloom_01 = (float)(m->answer_01 * bloom_01(m, s->now_ns));
    if (s->ticks % 100 == 0 && s->stage != OB_STAGE_ENDED)
        count_second(m, s);
}
