/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "breath/swell.h"

#include "base/maths.h"
#include "base/time.h"

#include <math.h>

#define FRESH_NS      (250 * OB_NS_PER_MS)
#define CAP_NS        (500 * OB_NS_PER_MS) /* two a second */
#define ATTACK_S      0.12
#define RELEASE_TAU_S 0.20

void ob_swell_init(struct ob_swell *swell)
{
    swell->swell_ns = INT64_MIN;
    swell->next_ns = INT64_MAX;
    swell->period_ns = 0.0;
    swell->from = 0.0;
}

static double height(const struct ob_swell *swell, int64_t now_ns)
{
    if (swell->swell_ns == INT64_MIN)
        return 0.0;
    const double t = ob_s_from_ns(now_ns - swell->swell_ns);
    if (t < ATTACK_S)
        return swell->from + (1.0 - swell->from) * (0.5 - 0.5 * cos(OB_PI * t / ATTACK_S));
    return exp(-(t - ATTACK_S) / RELEASE_TAU_S);
}

static void begin_swell(struct ob_swell *swell, int64_t now_ns)
{
    if (swell->swell_ns != INT64_MIN && now_ns - swell->swell_ns < CAP_NS)
        return;
    swell->from = height(swell, now_ns);
    swell->swell_ns = now_ns;
}

void ob_swell_beat(struct ob_swell *swell, int64_t measured_ns, int64_t now_ns, double nn_ms)
{
    swell->period_ns = ob_clamp(nn_ms, 300.0, 2000.0) * 1e6;
    if (now_ns - measured_ns <= FRESH_NS) {
        begin_swell(swell, now_ns);
        swell->next_ns = now_ns + (int64_t)(1.15 * swell->period_ns); /* only if the next one does not come itself */
        return;
    }
    /* Where the beat nearest to now must be, by this one and the rate. */
    const double ahead = ceil((double)(now_ns - measured_ns) / swell->period_ns);
    const int64_t due_ns = measured_ns + (int64_t)(ahead * swell->period_ns);
    if (swell->next_ns == INT64_MAX) {
        swell->next_ns = due_ns;
        return;
    }
    double off = (double)(due_ns - swell->next_ns) / swell->period_ns;
    off -= floor(off + 0.5);
    swell->next_ns += (int64_t)(0.3 * off * swell->period_ns);
}

void ob_swell_stop(struct ob_swell *swell)
{
    swell->next_ns = INT64_MAX;
}

double ob_swell_tick(struct ob_swell *swell, int64_t now_ns)
{
    if (now_ns >= swell->next_ns) {
        begin_swell(swell, now_ns);
        swell->next_ns += (int64_t)swell->period_ns;
    }
    return height(swell, now_ns);
}
