/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the reward is honest: artefacts earn nothing, a heart that has nothing to do with the pacer little, an exhale
 * what it is worth. */
#include "app/evaluate/evaluate.h"
#include "base/maths.h"
#include "base/rng.h"
#include "base/time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MINUTES      10.0
#define PACE_BRPM    6.0 /* the same for all, so that only the scoring differs between the sessions of a pair */
#define EXHALES_MAX  256
#define FRESH_FROM_S 90.0 /* the first exhales teach what is usual */

struct outcome {
    double own, faulty, spontaneous, stranger; /* what each earned: mean feedback above neutral */
    double own_known, faulty_known;            /* with the baseline of the first session */
    double rank;                               /* correlation of reward and slowing over the exhales */
};

struct job {
    const struct ob_evaluate *evaluate;
    struct outcome *outcomes;
};

struct exhales {
    int count;
    double slowing_bpm[EXHALES_MAX], reward_01[EXHALES_MAX];
};

/* Ranks with ties shared. */
static void rank(const double *values, int count, double *ranks_out)
{
    for (int i = 0; i < count; i++) {
        double below = 0.0, same = 0.0;
        for (int j = 0; j < count; j++) {
            below += values[j] < values[i];
            same += values[j] == values[i];
        }
        ranks_out[i] = below + 0.5 * (same + 1.0);
    }
}

/* Spearman 1904. */
static double rank_correlation(const struct exhales *e)
{
    double a[EXHALES_MAX], b[EXHALES_MAX], ab = 0.0, aa = 0.0, bb = 0.0;
    if (e->count < 10)
        return (double)NAN;
    rank(e->slowing_bpm, e->count, a);
    rank(e->reward_01, e->count, b);
    const double middle = 0.5 * (e->count + 1.0);
    for (int i = 0; i < e->count; i++) {
        ab += (a[i] - middle) * (b[i] - middle);
        aa += (a[i] - middle) * (a[i] - middle);
        bb += (b[i] - middle) * (b[i] - middle);
    }
    return aa > 0.0 && bb > 0.0 ? ab / sqrt(aa * bb) : (double)NAN;
}

/* The mean of feedback above its neutral floor while the pacer leads; exhales may be NULL. */
static bool session(const struct ob_person_desc *person, bool deaf, double *baseline_bpm, double *earned_out,
                    struct exhales *exhales)
{
    const struct ob_simulation_desc desc = {.person = *person,
                                            .feed = OB_PERSON_FEED_RR,
                                            .deaf = deaf,
                                            .plan = {.minutes = MINUTES,
                                                     .target_brpm = PACE_BRPM,
                                                     .fixed_pace = true,
                                                     .baseline_rsa_bpm = baseline_bpm ? *baseline_bpm : 0.0}};
    struct ob_simulation *sim = ob_simulation_create(&desc);
    if (!sim)
        return false;
    double sum = 0.0, peak_bpm = 0.0, slowing_bpm = 0.0, tail_01 = 0.0;
    int ticks = 0;
    enum ob_breath_stage before = OB_INHALE;
    while (ob_simulation_tick(sim)) {
        const struct ob_snapshot *s = ob_simulation_snapshot(sim);
        if (s->stage != OB_STAGE_GUIDED)
            continue;
        sum += (double)s->params.feedback_01 - 0.5;
        ticks++;
        if (!exhales)
            continue;
        const struct ob_pacer_state pacer = ob_pacer_at(&s->pacer, s->now_ns);
        struct ob_person_truth truth;
        ob_person_truth(ob_simulation_person(sim), &truth);
        /* The reward is the tail that is there when the next exhale begins: late beats have been counted by then. */
        if (pacer.stage == OB_EXHALE && before != OB_EXHALE) {
            if (slowing_bpm > 0.0 && ob_s_from_ns(s->now_ns) > FRESH_FROM_S && exhales->count < EXHALES_MAX) {
                exhales->slowing_bpm[exhales->count] = slowing_bpm;
                exhales->reward_01[exhales->count++] = tail_01;
            }
            slowing_bpm = 0.0;
        }
        tail_01 = (double)s->params.tail_01;
        if (pacer.stage == OB_INHALE && pacer.stage_01 < 0.5)
            peak_bpm = 0.0;
        else
            peak_bpm = fmax(peak_bpm, truth.hr_bpm);
        if (pacer.stage == OB_EXHALE)
            slowing_bpm = fmax(slowing_bpm, peak_bpm - truth.hr_bpm);
        before = pacer.stage;
    }
    if (baseline_bpm)
        *baseline_bpm = ob_engine_baseline_rsa_bpm(ob_simulation_engine(sim));
    *earned_out = ticks > 0 ? sum / ticks : 0.0;
    ob_simulation_destroy(sim);
    return true;
}

static bool practise(void *user, int index)
{
    const struct job *job = user;
    struct outcome *outcome = &job->outcomes[index];
    struct ob_person_desc person, other;
    struct ob_rng rng;
    struct exhales exhales = {0};
    ob_evaluate_person(job->evaluate, OB_PERSON_POPULATION_MAIN, 6, index, &person);
    ob_evaluate_person(job->evaluate, OB_PERSON_POPULATION_MAIN, 7, index, &other);
    ob_rng_init(&rng, (uint64_t)person.seed, 79);
    person.ectopic_pct = person.missed_pct = person.extra_pct = 0.0;
    person.dropouts_per_h = person.motion_per_min = person.contact_ramp_s = 0.0;
    person.batch_s = person.age_of_data_s = 0.0;
    double known_bpm = 0.0;
    bool fine = session(&person, false, &known_bpm, &outcome->own, &exhales);
    fine = fine && session(&person, false, &known_bpm, &outcome->own_known, NULL);
    outcome->rank = rank_correlation(&exhales);
    struct ob_person_desc faulty = person;
    faulty.ectopic_pct = 2.0;
    faulty.missed_pct = 2.0;
    faulty.extra_pct = 1.0;
    fine = fine && session(&faulty, false, NULL, &outcome->faulty, NULL);
    fine = fine && session(&faulty, false, &known_bpm, &outcome->faulty_known, NULL);
    struct ob_person_desc spontaneous = person;
    spontaneous.rate = ob_rng_range(&rng, 12.0, 18.0);
    fine = fine && session(&spontaneous, true, NULL, &outcome->spontaneous, NULL);
    return fine && session(&other, true, NULL, &outcome->stranger, NULL);
}

bool ob_evaluate_reward(const struct ob_evaluate *evaluate, struct ob_table *table)
{
    const int persons = evaluate->persons;
    snprintf(
        table->about, sizeof table->about,
        "%d persons, %g minutes each, fresh RR intervals: as they are; the same with 2%% ectopic, 2%% missed and 1%% "
        "extra beats; the same breathing alone at 12-18/min beside the pacer; another person's unpaced heart",
        persons, MINUTES);
    struct job job = {.evaluate = evaluate, .outcomes = calloc((size_t)persons, sizeof *job.outcomes)};
    double *values = calloc((size_t)persons, sizeof *values);
    const bool fine = job.outcomes && values && ob_evaluate_each(evaluate, persons, practise, &job);
    if (fine) {
        double own = 0.0, alone = 0.0, stranger = 0.0, most = -1.0;
        for (int i = 0; i < persons; i++) {
            const struct outcome *o = &job.outcomes[i];
            own += o->own;
            alone += o->spontaneous;
            stranger += o->stranger;
            values[i] = o->faulty - o->own;
            most = fmax(most, values[i]);
        }
        ob_figure_at_most(ob_figure_mean(table, "5% artefacts raise feedback by, mean of pairs", values, persons),
                          0.01);
        ob_figure_at_most(ob_figure_value(table, "5% artefacts raise feedback by, most of any person", most, persons),
                          0.03);
        ob_figure_at_most(
            ob_figure_value(table, "breathing alone at 12-18/min earns, share of paced", alone / own, persons), 0.20);
        ob_figure_at_most(
            ob_figure_value(table, "another's unpaced heart earns, share of paced", stranger / own, persons), 0.20);
        most = -1.0;
        for (int i = 0; i < persons; i++) {
            values[i] = job.outcomes[i].faulty_known - job.outcomes[i].own_known;
            most = fmax(most, values[i]);
        }
        ob_figure_at_most(ob_figure_mean(table, "the same in a second session, mean of pairs", values, persons), 0.01);
        ob_figure_at_most(ob_figure_value(table, "the same in a second session, most of any person", most, persons),
                          0.03);
        for (int i = 0; i < persons; i++)
            values[i] = job.outcomes[i].rank;
        ob_figure_at_least(
            ob_figure_mean(table, "exhales: rank correlation of reward and true slowing", values, persons), 0.80);
        for (int i = 0; i < persons; i++)
            values[i] = job.outcomes[i].own;
        ob_figure_mean(table, "paced: feedback above neutral (0-0.5)", values, persons);
    }
    free(job.outcomes);
    free(values);
    return fine;
}
