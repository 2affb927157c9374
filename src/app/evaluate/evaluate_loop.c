/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether the loop converges: the glide, the wait, and the quiet afterwards. */
#include "app/evaluate/evaluate.h"
#include "base/maths.h"
#include "base/rng.h"
#include "base/time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MINUTE_S 60

/* Means over each second of a session. */
struct seconds {
    int count;
    double *pace_brpm;   /* without the drift */
    double *target_brpm; /* where it is going */
    double *breath_brpm; /* the truth, over the 30 s before */
};

static void drop(struct seconds *s)
{
    free(s->pace_brpm);
    free(s->target_brpm);
    free(s->breath_brpm);
}

/* One session, watched each second. */
static bool watch(const struct ob_person_desc *person, enum ob_person_feed feed, double minutes, struct seconds *s)
{
    const struct ob_simulation_desc desc = {.person = *person, .feed = feed, .plan = {.minutes = minutes}};
    struct ob_simulation *sim = ob_simulation_create(&desc);
    const size_t room = (size_t)(minutes * 60.0) + 1;
    double *turns = calloc(room, sizeof *turns);
    *s = (struct seconds){.pace_brpm = calloc(room, sizeof(double)),
                          .target_brpm = calloc(room, sizeof(double)),
                          .breath_brpm = calloc(room, sizeof(double))};
    const bool fine = sim && turns && s->pace_brpm && s->target_brpm && s->breath_brpm;
    while (fine && ob_simulation_tick(sim)) {
        const int64_t now_ns = ob_simulation_now_ns(sim);
        const struct ob_snapshot *shot = ob_simulation_snapshot(sim);
        if (now_ns % OB_NS_PER_S != 0 || (size_t)s->count >= room || shot->stage != OB_STAGE_GUIDED)
            continue;
        struct ob_person_truth truth;
        ob_person_truth(ob_simulation_person(sim), &truth);
        const int i = s->count++;
        turns[i] = (double)truth.breaths + truth.phase_turns;
        s->pace_brpm[i] = shot->pacer.rate_brpm - shot->drift_brpm;
        s->target_brpm[i] = shot->target_brpm;
        const int back = i < 30 ? i : 30;
        s->breath_brpm[i] = back > 0 ? (turns[i] - turns[i - back]) / back * 60.0 : truth.rate_brpm;
    }
    ob_simulation_destroy(sim);
    free(turns);
    return fine;
}

/* ---- the glide and the wait ---------------------------------------------------------------------------------------
 */

static const double lengths_min[] = {10.0, 15.0, 20.0, 30.0};
#define LENGTHS 4

struct glide {
    bool reached, breathes_so;
};

struct chase {
    double chased_share, longest_s;
};

struct loop_job {
    const struct ob_evaluate *evaluate;
    enum ob_person_feed feed;
    struct glide *glides;
    struct chase *chases;
};

/* Follows well, has no lapses, and breathes 14/min when left alone. */
static void make_compliant(struct ob_person_desc *person)
{
    person->rate = 14.0;
    person->compliance = fmax(person->compliance, 0.9);
    person->coupling = fmax(person->coupling, 1.0);
    person->lapses_per_min = 0.0;
}

static bool glide(void *user, int index)
{
    const struct loop_job *job = user;
    const double minutes = lengths_min[index % LENGTHS];
    struct ob_person_desc person;
    struct seconds s;
    ob_evaluate_person(job->evaluate, OB_PERSON_POPULATION_MAIN, 3, index, &person);
    make_compliant(&person);
    const bool fine = watch(&person, job->feed, minutes, &s);
    if (fine) {
        const int third = (int)(minutes * 60.0 / 3.0);
        double breath = 0.0;
        for (int i = third; i < third + MINUTE_S; i++)
            breath += s.breath_brpm[i] / MINUTE_S;
        const double target = s.target_brpm[third];
        job->glides[index].reached = fabs(s.pace_brpm[third] / target - 1.0) <= 0.05;
        job->glides[index].breathes_so = fabs(breath / target - 1.0) <= 0.05 + 0.25 / target;
    }
    drop(&s);
    return fine;
}

/* Follows hardly: the pace must not stand below what this person does follow, once that has been seen. */
static bool chase(void *user, int index)
{
    const struct loop_job *job = user;
    struct ob_person_desc person;
    struct seconds s;
    struct ob_rng rng;
    ob_evaluate_person(job->evaluate, OB_PERSON_POPULATION_MAIN, 4, index, &person);
    ob_rng_init(&rng, (uint64_t)person.seed, 77);
    person.compliance = ob_rng_range(&rng, 0.0, 0.5);
    person.lapses_per_min = ob_rng_range(&rng, 0.0, 2.0);
    const bool fine = watch(&person, job->feed, 15.0, &s);
    if (fine) {
        /* Chased: the pace goes down while the person breathes more than a tenth faster than it leads. */
        int run = 0, longest = 0, chased = 0;
        for (int i = 60; i < s.count; i++) {
            const bool behind = s.breath_brpm[i] > 1.1 * s.pace_brpm[i];
            const bool down = s.pace_brpm[i] < s.pace_brpm[i - 1] - 1e-9;
            run = behind && down ? run + 1 : behind && run > 0 && s.pace_brpm[i] <= s.pace_brpm[i - 1] ? run : 0;
            chased += behind && down;
            longest = run > longest ? run : longest;
        }
        job->chases[index] = (struct chase){.chased_share = (double)chased / s.count, .longest_s = longest};
    }
    drop(&s);
    return fine;
}

static bool convergence(const struct ob_evaluate *evaluate, enum ob_person_feed feed, struct ob_table *table)
{
    const int persons = evaluate->persons;
    snprintf(
        table->about, sizeof table->about,
        "%d persons who follow (compliance 0.9 and more, no lapses, 14/min when alone) in sessions of 10, 15, 20 and "
        "30 minutes; %d who hardly do (compliance 0-0.5, up to 2 lapses a minute), 15 minutes",
        persons, persons);
    struct loop_job job = {.evaluate = evaluate,
                           .feed = feed,
                           .glides = calloc((size_t)persons, sizeof *job.glides),
                           .chases = calloc((size_t)persons, sizeof *job.chases)};
    double *longest = calloc((size_t)persons, sizeof *longest), *share = calloc((size_t)persons, sizeof *share);
    const bool fine = job.glides && job.chases && longest && share &&
                      ob_evaluate_each(evaluate, persons, glide, &job) &&
                      ob_evaluate_each(evaluate, persons, chase, &job);
    if (fine) {
        int reached = 0, breathes = 0, chased = 0;
        for (int i = 0; i < persons; i++) {
            reached += job.glides[i].reached;
            breathes += job.glides[i].breathes_so;
            longest[i] = job.chases[i].longest_s;
            share[i] = job.chases[i].chased_share;
            chased += longest[i] > 90.0;
        }
        ob_figure_at_least(
            ob_figure_share(table, "compliant: the pace is within 5% of its target at one third", reached, persons),
            1.0);
        ob_figure_at_least(ob_figure_share(table,
                                           "compliant: so is the breath of the minute after it, the drift allowed for",
                                           breathes, persons),
                           0.98);
        ob_figure_at_most(
            ob_figure_share(table, "poor: led downwards for over 90 s while not following", chased, persons), 0.0);
        ob_figure_mean(table, "poor: longest such stretch, s", longest, persons);
        ob_figure_mean(table, "poor: share of the session spent so", share, persons);
    }
    free(job.glides);
    free(job.chases);
    free(longest);
    free(share);
    return fine;
}

bool ob_evaluate_convergence(const struct ob_evaluate *evaluate, struct ob_table *table)
{
    return convergence(evaluate, OB_PERSON_FEED_RR, table);
}

bool ob_evaluate_convergence_ecg(const struct ob_evaluate *evaluate, struct ob_table *table)
{
    return convergence(evaluate, OB_PERSON_FEED_ECG, table);
}

/* ---- no limit cycle -----------------------------------------------------------------------------------------------
 */

#define LAST_S         300
#define REVERSAL_BRPM  0.02 /* a turn counts when the pace has come so far back */
#define SETTLE_MINUTES 15.0

struct rest {
    double sd_brpm;
    int reversals;
};

struct settle_job {
    const struct ob_evaluate *evaluate;
    struct rest *rests;
};

static bool settle(void *user, int index)
{
    const struct settle_job *job = user;
    struct ob_person_desc person;
    struct ob_rng rng;
    struct seconds s;
    ob_evaluate_person(job->evaluate, OB_PERSON_POPULATION_MAIN, 5, index, &person);
    ob_rng_init(&rng, (uint64_t)person.seed, 78);
    person.compliance = ob_rng_range(&rng, 0.0, 1.0);
    person.lag_s = ob_rng_range(&rng, 0.0, 3.0);
    person.lapses_per_min = ob_rng_range(&rng, 0.0, 2.0);
    const bool fine = watch(&person, OB_PERSON_FEED_RR, SETTLE_MINUTES, &s);
    if (fine) {
        const int last = s.count < LAST_S ? s.count : LAST_S;
        double sum = 0.0, sum2 = 0.0, low, high;
        const double *pace = s.pace_brpm + s.count - last;
        int heading = 0, turns = 0;
        low = high = pace[0];
        for (int i = 0; i < last; i++) {
            sum += pace[i];
            sum2 += pace[i] * pace[i];
            high = fmax(high, pace[i]);
            low = fmin(low, pace[i]);
            if (heading >= 0 && high - pace[i] > REVERSAL_BRPM) {
                turns += heading > 0;
                heading = -1;
                low = pace[i];
            } else if (heading <= 0 && pace[i] - low > REVERSAL_BRPM) {
                turns += heading < 0;
                heading = 1;
                high = pace[i];
            }
        }
        job->rests[index].sd_brpm = sqrt(fmax(sum2 / last - (sum / last) * (sum / last), 0.0));
        job->rests[index].reversals = turns;
    }
    drop(&s);
    return fine;
}

bool ob_evaluate_settling(const struct ob_evaluate *evaluate, struct ob_table *table)
{
    const int persons = 2 * evaluate->persons;
    snprintf(
        table->about, sizeof table->about,
        "%d persons, compliance 0-1, lag 0-3 s, up to 2 lapses a minute, faults among them; the last 5 of %g minutes, "
        "the pace without its intended drift",
        persons, SETTLE_MINUTES);
    struct settle_job job = {.evaluate = evaluate, .rests = calloc((size_t)persons, sizeof *job.rests)};
    double *sds = calloc((size_t)persons, sizeof *sds);
    const bool fine = job.rests && sds && ob_evaluate_each(evaluate, persons, settle, &job);
    if (fine) {
        int moving = 0, turning = 0, most = 0;
        double largest = 0.0;
        for (int i = 0; i < persons; i++) {
            sds[i] = job.rests[i].sd_brpm;
            largest = fmax(largest, sds[i]);
            moving += sds[i] >= 0.05;
            turning += job.rests[i].reversals > 1;
            most = job.rests[i].reversals > most ? job.rests[i].reversals : most;
        }
        ob_figure_at_most(ob_figure_share(table, "pace SD of 0.05/min or more", moving, persons), 0.0);
        ob_figure_at_most(ob_figure_share(table, "more than one reversal", turning, persons), 0.0);
        ob_figure_value(table, "largest SD, breaths/min", largest, persons);
        ob_figure_value(table, "most reversals", most, persons);
        ob_figure_mean(table, "SD, mean, breaths/min", sds, persons);
    }
    free(job.rests);
    free(sds);
    return fine;
}
