/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well the person's own pace is found in ordinary practice. */
#include "app/evaluate/evaluate.h"
#include "base/time.h"
#include "breath/pace.h"
#include "breath/resonance.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MINUTES   15.0
#define MODERATE  0.06 /* sharpness from which a resonance counts as moderate: 6% less one breath/min beside it */
#define FLAT_PART 5    /* one flat person for so many others */

struct outcome {
    double off_brpm, prior_brpm, width_brpm; /* of the estimate, of the prior */
    bool covered;
    enum ob_own_pace_word word;
};

struct job {
    const struct ob_evaluate *evaluate;
    const struct ob_person_desc *persons;
    struct outcome *outcomes;
};

static bool practise(void *user, int index)
{
    const struct job *job = user;
    const struct ob_person_desc *person = &job->persons[index];
    const struct ob_simulation_desc desc = {.person = *person, .feed = OB_PERSON_FEED_RR, .plan = {.minutes = MINUTES}};
    struct ob_simulation *sim = ob_simulation_create(&desc);
    if (!sim)
        return false;
    while (ob_simulation_tick(sim))
        ;
    const struct ob_own_pace_estimate *e = &ob_simulation_snapshot(sim)->own_pace;
    job->outcomes[index] = (struct outcome){.off_brpm = e->mean_brpm - person->rf,
                                            .prior_brpm = OB_PACE_PRIOR_BRPM - person->rf,
                                            .width_brpm = e->high_brpm - e->low_brpm,
                                            .covered = e->low_brpm <= person->rf && person->rf <= e->high_brpm,
                                            .word = e->word};
    ob_simulation_destroy(sim);
    return true;
}

static double sharpness(const struct ob_person_desc *person)
{
    const struct ob_resonance r = {.rate_brpm = person->rf, .rho = person->rho, .q = person->q};
    return ob_resonance_sharpness(&r);
}

/* A heart whose loop does not resonate: no peak in its answer, and no waves of its own. */
static void flatten(struct ob_person_desc *person)
{
    person->rho = 0.05;
    person->q = 0.8;
    person->mayer_bpm = 0.2;
}

struct group {
    double *off, *prior, *width;
    int count, covered, numbers;
};

static void collect(const struct outcome *outcomes, int count, struct group *group)
{
    for (int i = 0; i < count; i++) {
        group->off[group->count] = outcomes[i].off_brpm;
        group->prior[group->count] = outcomes[i].prior_brpm;
        group->width[group->count++] = outcomes[i].width_brpm;
        group->covered += outcomes[i].covered;
        group->numbers += outcomes[i].word == OB_PACE_NUMBER;
    }
}

static bool run(const struct ob_evaluate *evaluate, enum ob_person_population population, struct ob_table *table)
{
    const bool main_one = population == OB_PERSON_POPULATION_MAIN;
    const int persons = evaluate->persons, flat = main_one ? persons / FLAT_PART : 0;
    const int room = 2 * persons + flat + 1;
    struct ob_person_desc *people = calloc((size_t)room, sizeof *people);
    struct outcome *outcomes = calloc((size_t)room, sizeof *outcomes);
    double *numbers = calloc(3 * (size_t)room, sizeof *numbers);
    struct job job = {.evaluate = evaluate, .persons = people, .outcomes = outcomes};
    bool fine = people && outcomes && numbers;
    int weak = 0;
    if (fine) {
        /* Persons with a moderate or sharp resonance first, the weaker ones that were drawn between them behind. */
        struct ob_person_desc person;
        for (int i = 0, found = 0; found < persons; i++) {
            ob_evaluate_person(evaluate, population, main_one ? 0 : 1, i, &person);
            if (!main_one || sharpness(&person) >= MODERATE)
                people[found++] = person;
            else if (weak < persons)
                people[persons + weak++] = person;
        }
        for (int i = 0; i < flat; i++) {
            ob_evaluate_person(evaluate, population, 2, i, &people[persons + weak + i]);
            flatten(&people[persons + weak + i]);
        }
        fine = ob_evaluate_each(evaluate, persons + weak + flat, practise, &job);
    }
    if (fine) {
        struct group all = {.off = numbers, .prior = numbers + room, .width = numbers + 2 * room};
        collect(outcomes, persons, &all);
        ob_figure_at_most(ob_figure_rms(table, "error of the pace, root mean square, breaths/min", all.off, all.count),
                          main_one ? 0.30 : 0.45);
        struct ob_figure *covers = ob_figure_share(table, "90% interval holds the truth", all.covered, all.count);
        if (main_one)
            ob_figure_between(covers, 0.87, 0.93);
        else
            ob_figure_at_least(covers, 0.80);
        ob_figure_rms(table, "error of the prior alone, breaths/min", all.prior, all.count);
        ob_figure_mean(table, "error of the pace, mean", all.off, all.count);
        ob_figure_mean(table, "width of the 90% interval, breaths/min", all.width, all.count);
        ob_figure_share(table, "told a number (interval of at most 1/min)", all.numbers, all.count);
        if (main_one) {
            struct group none = {.off = numbers, .prior = numbers + room, .width = numbers + 2 * room};
            collect(outcomes + persons, weak, &none);
            ob_figure_rms(table, "weak resonance (below 6%): error, breaths/min", none.off, none.count);
            ob_figure_share(table, "weak resonance: told a number", none.numbers, none.count);
            struct group flats = {.off = numbers, .prior = numbers + room, .width = numbers + 2 * room};
            collect(outcomes + persons + weak, flat, &flats);
            ob_figure_at_least(ob_figure_share(table, "no resonance at all: told \"anywhere\", not a number",
                                               flats.count - flats.numbers, flats.count),
                               0.90);
        }
    }
    free(people);
    free(outcomes);
    free(numbers);
    return fine;
}

bool ob_evaluate_pace(const struct ob_evaluate *evaluate, struct ob_table *table)
{
    snprintf(table->about, sizeof table->about,
             "%d persons of the main population whose heart answers at least 6%% less one breath/min beside its "
             "resonance, faults of hearts and straps among them; %g minutes of ordinary practice, RR intervals",
             evaluate->persons, MINUTES);
    return run(evaluate, OB_PERSON_POPULATION_MAIN, table);
}

bool ob_evaluate_misspecified(const struct ob_evaluate *evaluate, struct ob_table *table)
{
    snprintf(table->about, sizeof table->about,
             "%d persons of the misspecified population, all of them, faults among them; %g minutes of ordinary "
             "practice, RR intervals",
             evaluate->persons, MINUTES);
    return run(evaluate, OB_PERSON_POPULATION_MISSPECIFIED, table);
}
