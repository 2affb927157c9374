/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settling_trial.h"

#include "base/maths.h"
#include "base/rng.h"
#include "base/time.h"
#include "signal/resp.h"

#include <math.h>
#include <stddef.h>

#define STEP_NS (100 * OB_NS_PER_MS)
#define SHIFTS  777 /* stream of random numbers */
#define BELT_NS (40 * OB_NS_PER_MS)

/* As a guided session does it: from 9 to 6 breaths/min in the first third, then the slow drift of ordinary practice. */
static double pace_brpm(double t_s)
{
    if (t_s < 600.0)
        return 9.0 - 3.0 * ob_clamp01((t_s - 60.0) / 540.0);
    return 6.0 + 0.25 * sin(OB_TAU * (t_s - 600.0) / 300.0);
}

bool trial_run(const struct trial *trial, struct trial_result *result)
{
    struct ob_person_desc desc;
    ob_person_desc_init(&desc);
    ob_person_desc_draw(&desc, trial->population, trial->seed);
    struct ob_rng rng;
    ob_rng_init(&rng, trial->seed, SHIFTS);
    const double at_min = ob_rng_range(&rng, 8.0, 24.0);
    desc.shift_rate = ob_rng_range(&rng, -4.0, -1.0);
    desc.shift_gain_pct = ob_rng_range(&rng, 10.0, 35.0);
    desc.shift_bpm = trial->shift_bpm;
    desc.shift_at_min = trial->shift_bpm != 0.0 ? at_min : -1.0;
    desc.signals = trial->belt ? 1u << OB_PERSON_RESP : 0u;
    *result = (struct trial_result){.shift_s = trial->shift_bpm != 0.0 ? 60.0 * at_min : -1.0};

    struct ob_person *person = ob_person_create(&desc, 0);
    struct ob_resp *resp = trial->belt ? ob_resp_create() : NULL;
    if (!person || (trial->belt && !resp)) {
        ob_person_destroy(person);
        ob_resp_destroy(resp);
        return false;
    }
    struct ob_settling settling;
    ob_settling_init(&settling, 0);
    double turns = 0.0;
    for (int64_t now = STEP_NS; now <= ob_ns_from_s(60.0 * TRIAL_MINUTES); now += STEP_NS) {
        const double rate = pace_brpm(ob_s_from_ns(now));
        turns = ob_fract(turns + rate / 60.0 * ob_s_from_ns(STEP_NS));
        const struct ob_person_cue cue = {turns, rate, 0.4, 1.0};
        ob_person_advance(person, now, trial->paced ? &cue : NULL);
        if (resp) {
            float belt[64];
            int64_t last_ns;
            const int n = ob_person_take_samples(person, OB_PERSON_RESP, belt, 64, &last_ns);
            for (int i = 0; i < n; i++)
                ob_resp_belt(resp, last_ns - (n - 1 - i) * BELT_NS, (double)belt[i]);
            struct ob_resp_rate breath;
            if (now % (2 * OB_NS_PER_S) == 0 && ob_resp_rate(resp, now, &breath) &&
                breath.quality_01 >= OB_RESP_TRUST_01)
                ob_settling_breath(&settling, breath.brpm);
        }
        ob_settling_pace(&settling, trial->paced ? rate : 0.0);
        struct ob_person_true_beat unused;
        while (ob_person_take_true_beat(person, &unused)) {
        }
        struct ob_person_beat beat;
        while (ob_person_take_beat(person, &beat)) {
            const bool marked = ob_settling_beat(&settling, beat.measured_ns, beat.rr_ms, !beat.after_gap,
                                                 beat.kind == OB_PERSON_BEAT_NORMAL && !beat.after_missed);
            if (marked && result->marks < TRIAL_MARKS)
                result->mark[result->marks++] = settling.mark;
        }
    }
    ob_person_destroy(person);
    ob_resp_destroy(resp);
    return true;
}
