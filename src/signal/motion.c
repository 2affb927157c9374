/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signal/motion.h"

#include "base/maths.h"
#include "base/time.h"

#include <math.h>
#include <string.h>

#define BLOCK_NS  (OB_NS_PER_S / 2)
#define BLOCK_S   0.5
#define NOW_S     3.0
#define USUAL_S   20.0
#define SETTLED_S 20.0 /* until it is known how the body lies */
#define HOLE_NS   (10 * OB_NS_PER_S)

void ob_motion_init(struct ob_motion *m)
{
    memset(m, 0, sizeof *m);
}

static enum ob_motion_kind close_block(struct ob_motion *m)
{
    if (m->samples == 0)
        return OB_MOTION_STILL;
    const bool shakes = m->steps > 0 && m->square > OB_MOTION_SHAKING_MG * OB_MOTION_SHAKING_MG * m->steps;
    double apart = 0.0;
    for (int i = 0; i < 3; i++) {
        const double mean = m->sum[i] / m->samples;
        m->now_mg[i] += (mean - m->now_mg[i]) * (m->known_s > 0.0 ? ob_lag(BLOCK_S, NOW_S) : 1.0);
        if (m->known_s <= 0.0)
            m->usual_mg[i] = mean;
        apart += (m->now_mg[i] - m->usual_mg[i]) * (m->now_mg[i] - m->usual_mg[i]);
        m->sum[i] = 0.0;
    }
    m->square = 0.0;
    m->samples = m->steps = 0;
    m->known_s += BLOCK_S;
    const bool turned = m->known_s > SETTLED_S && apart > OB_MOTION_TURN_MG * OB_MOTION_TURN_MG;
    for (int i = 0; i < 3; i++)
        m->usual_mg[i] += (m->now_mg[i] - m->usual_mg[i]) * ob_lag(BLOCK_S, USUAL_S);
    if (turned)
        m->known_s = 0.0; /* how it lies now is found anew: one turn is told once */
    return turned ? OB_MOTION_TURNED : shakes ? OB_MOTION_MOVED : OB_MOTION_STILL;
}

enum ob_motion_kind ob_motion_push(struct ob_motion *m, int64_t time_ns, const double mg[3])
{
    for (int i = 0; i < 3; i++)
        if (!isfinite(mg[i]) || fabs(mg[i]) > 1e6)
            return OB_MOTION_STILL;
    if (m->begun && time_ns <= m->last_ns)
        return OB_MOTION_STILL;
    enum ob_motion_kind kind = OB_MOTION_STILL;
    const bool joined = m->begun && time_ns - m->last_ns < BLOCK_NS / 2;
    const int64_t block = time_ns / BLOCK_NS - (time_ns % BLOCK_NS < 0);
    if (m->begun && block != m->block)
        kind = close_block(m);
    if (m->begun && time_ns - m->last_ns > HOLE_NS)
        m->known_s = 0.0;
    for (int i = 0; i < 3; i++) {
        m->sum[i] += mg[i];
        /* Steps from sample to sample: of noise they have twice the variance, of breath nearly nothing. */
        if (joined)
            m->square += 0.5 * (mg[i] - m->before[i]) * (mg[i] - m->before[i]);
        m->before[i] = mg[i];
    }
    m->steps += joined;
    m->samples++;
    m->block = block;
    m->last_ns = time_ns;
    m->begun = true;
    return kind;
}
