/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The guided searches: the step that was best, beside the posterior of the same breaths. */
#include "app/evaluate/evaluate.h"
#include "breath/resonance.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define STEPS    5
#define REST_S   30.0
#define BEFORE_S 300.0
#define MODERATE 0.06 /* as in the table of ordinary practice */

enum search { SHORT, LONG, SLIDING, SEARCHES };

static const char *const names[SEARCHES] = {"stepped, 2 min a step", "stepped, 3 min a step", "sliding, 15 min"};

struct outcome {
    double choice[SEARCHES], mean[SEARCHES]; /* off by, breaths/min; NAN: nothing chosen */
};

struct job {
    const struct ob_person_desc *persons;
    struct outcome *outcomes;
};

static struct ob_session_phase phase(enum ob_phase_kind kind, double seconds, double from_brpm, double to_brpm)
{
    return (struct ob_session_phase){
        .kind = kind, .seconds = seconds, .from_brpm = from_brpm, .to_brpm = to_brpm, .flags = OB_PHASE_NO_FEEDBACK};
}

static int phases_of(enum search search, struct ob_session_phase *phases)
{
    int n = 0;
    phases[n++] = phase(OB_PHASE_UNPACED, BEFORE_S, 0.0, 0.0);
    if (search == SLIDING) {
        phases[n] = phase(OB_PHASE_PACED, 15.0 * 60.0, 6.75, 4.25);
        phases[n++].flags |= OB_PHASE_BY_BREATH;
        return n;
    }
    for (int i = 0; i < STEPS; i++) {
        const double brpm = 6.5 - 0.5 * i;
        if (i > 0)
            phases[n++] = phase(OB_PHASE_UNPACED, REST_S, 0.0, 0.0);
        phases[n++] = phase(OB_PHASE_PACED, search == SHORT ? 120.0 : 180.0, brpm, brpm);
    }
    return n;
}

static bool try_all(void *user, int index)
{
    const struct job *job = user;
    const struct ob_person_desc *person = &job->persons[index];
    for (int i = 0; i < SEARCHES; i++) {
        struct ob_session_phase phases[2 * STEPS + 1];
        const struct ob_simulation_desc desc = {.person = *person,
                                                .feed = OB_PERSON_FEED_RR,
                                                .phase_count = phases_of((enum search)i, phases),
                                                .phases = phases};
        struct ob_simulation *sim = ob_simulation_create(&desc);
        if (!sim)
            return false;
        while (ob_simulation_tick(sim))
            ;
        struct ob_search_result result;
        ob_engine_search(ob_simulation_engine(sim), &result);
        const double mean = ob_simulation_snapshot(sim)->own_pace.mean_brpm;
        job->outcomes[index].choice[i] = result.best >= 0 ? result.steps[result.best].brpm - person->rf : (double)NAN;
        job->outcomes[index].mean[i] = mean - person->rf;
        ob_simulation_destroy(sim);
    }
    return true;
}

bool ob_evaluate_search(const struct ob_evaluate *evaluate, struct ob_table *table)
{
    const int persons = evaluate->persons;
    snprintf(table->about, sizeof table->about,
             "%d persons of the main population as in the table of ordinary practice, each in all three searches, RR "
             "intervals; the choice of the search, and the mean of the posterior after the same breaths",
             persons);
    struct ob_person_desc *people = calloc((size_t)persons, sizeof *people);
    struct outcome *outcomes = calloc((size_t)persons, sizeof *outcomes);
    double *values = calloc((size_t)persons, sizeof *values);
    struct job job = {.persons = people, .outcomes = outcomes};
    bool fine = people && outcomes && values;
    for (int i = 0, found = 0; fine && found < persons; i++) {
        struct ob_person_desc *person = &people[found];
        ob_evaluate_person(evaluate, OB_PERSON_POPULATION_MAIN, 0, i, person);
        const struct ob_resonance r = {.rate_brpm = person->rf, .rho = person->rho, .q = person->q};
        found += ob_resonance_sharpness(&r) >= MODERATE;
    }
    fine = fine && ob_evaluate_each(evaluate, persons, try_all, &job);
    for (int s = 0; fine && s < SEARCHES; s++) {
        char what[120];
        for (int i = 0; i < persons; i++)
            values[i] = outcomes[i].choice[s];
        snprintf(what, sizeof what, "%s: error of the best step, breaths/min", names[s]);
        ob_figure_rms(table, what, values, persons);
        for (int i = 0; i < persons; i++)
            values[i] = outcomes[i].mean[s];
        snprintf(what, sizeof what, "%s: error of the posterior's mean", names[s]);
        ob_figure_rms(table, what, values, persons);
    }
    free(people);
    free(outcomes);
    free(values);
    return fine;
}
