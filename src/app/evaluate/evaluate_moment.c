/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exhale moment: how many shifts are found, and how many quiet half hours have a mark all the same. */
#include "app/evaluate/evaluate.h"
#include "base/rng.h"
#include "base/time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MINUTES 30.0
#define HIT_S   300.0 /* known within this after the shift began */
#define NEAR_S  90.0
#define SHIFTS  777 /* stream of random numbers */
#define SHIFTED                                                                                                        \
    "half of them quiet; the others shift in minute 8-24 by -4 bpm, 1-4 breaths/min slower, 10-35%% more swing"

/* In how many sessions of each kind; the heart alone is asked most. */
enum kind { FREE_HEART, FREE_BELT, PACED, KINDS };
static const int times[KINDS] = {2, 1, 1};

struct found {
    bool any, hit, near;
    double late_s;
};

struct job {
    const struct ob_evaluate *evaluate;
    enum kind kind;
    double shift_bpm;
    struct found *found;
};

static void note(struct found *f, const struct ob_settling_mark *mark, double shift_s)
{
    const double late_s = ob_s_from_ns(mark->known_ns) - shift_s;
    f->any = true;
    if (f->hit || late_s <= 0.0 || late_s > HIT_S)
        return;
    f->hit = true;
    f->late_s = late_s;
    f->near = fabs(ob_s_from_ns(mark->at_ns) - shift_s) <= NEAR_S;
}

static bool session(void *user, int index)
{
    const struct job *job = user;
    struct ob_simulation_desc desc = {.feed = OB_PERSON_FEED_RR,
                                      .with_resp = job->kind == FREE_BELT,
                                      .deaf = job->kind != PACED,
                                      .plan = {.minutes = MINUTES}};
    ob_evaluate_person(job->evaluate, OB_PERSON_POPULATION_MAIN, job->shift_bpm != 0.0 ? 12 : 11,
                       (int)job->kind * 4000 + index, &desc.person);
    struct ob_rng rng;
    ob_rng_init(&rng, (uint64_t)desc.person.seed, SHIFTS);
    const double at_min = ob_rng_range(&rng, 8.0, 24.0);
    desc.person.shift_rate = ob_rng_range(&rng, -4.0, -1.0);
    desc.person.shift_gain_pct = ob_rng_range(&rng, 10.0, 35.0);
    desc.person.shift_bpm = job->shift_bpm;
    desc.person.shift_at_min = job->shift_bpm != 0.0 ? at_min : -1.0;
    const double shift_s = job->shift_bpm != 0.0 ? 60.0 * at_min : (double)INFINITY;

    struct ob_simulation *sim = ob_simulation_create(&desc);
    if (!sim)
        return false;
    if (job->kind != PACED)
        ob_engine_step(ob_simulation_engine(sim),
                       &(struct ob_event){.kind = OB_EVENT_COMMAND, .u.command = {OB_COMMAND_JUST_BREATHE, 1.0}});
    uint64_t marks = 0;
    while (ob_simulation_tick(sim)) {
        const struct ob_snapshot *s = ob_simulation_snapshot(sim);
        for (; marks < s->mark_count; marks++)
            note(&job->found[index], &s->marks[marks % OB_SNAPSHOT_MARKS], shift_s);
    }
    ob_simulation_destroy(sim);
    return true;
}

/* A row of quiet half hours, and one of shifts. */
static bool rows(const struct ob_evaluate *evaluate, struct ob_table *table, enum kind kind, double most, double least)
{
    static const char *const names[KINDS] = {"heart alone", "with a belt", "paced, heart alone"};
    const int n = times[kind] * evaluate->persons;
    struct job job = {.evaluate = evaluate, .kind = kind, .found = calloc((size_t)n, sizeof *job.found)};
    double *late = calloc((size_t)n, sizeof *late);
    bool fine = job.found && late && ob_evaluate_each(evaluate, n, session, &job);
    char what[100];
    if (fine) {
        int alarms = 0;
        for (int i = 0; i < n; i++)
            alarms += job.found[i].any;
        snprintf(what, sizeof what, "%s: quiet half hours with a mark", names[kind]);
        ob_figure_at_most(ob_figure_share(table, what, alarms, n), most);
        for (int i = 0; i < n; i++)
            job.found[i] = (struct found){0};
        job.shift_bpm = -4.0;
        fine = ob_evaluate_each(evaluate, n, session, &job);
    }
    if (fine) {
        int hits = 0, near = 0;
        for (int i = 0; i < n; i++) {
            hits += job.found[i].hit;
            near += job.found[i].near;
            late[i] = job.found[i].hit ? job.found[i].late_s : (double)NAN;
        }
        snprintf(what, sizeof what, "%s: shifts of -4 bpm found within 5 min", names[kind]);
        struct ob_figure *found = ob_figure_share(table, what, hits, n);
        if (least > 0.0)
            ob_figure_at_least(found, least);
        snprintf(what, sizeof what, "%s: of these, within 90 s of the truth", names[kind]);
        ob_figure_at_least(ob_figure_share(table, what, near, hits), 0.9);
        snprintf(what, sizeof what, "%s: seconds until it is known", names[kind]);
        ob_figure_mean(table, what, late, n);
    }
    free(job.found);
    free(late);
    return fine;
}

bool ob_evaluate_moment(const struct ob_evaluate *evaluate, struct ob_table *table)
{
    snprintf(table->about, sizeof table->about, "%d sessions of 30 minutes with the heart alone, " SHIFTED,
             4 * evaluate->persons);
    return rows(evaluate, table, FREE_HEART, 0.05, 0.80);
}

bool ob_evaluate_moment_belt(const struct ob_evaluate *evaluate, struct ob_table *table)
{
    snprintf(table->about, sizeof table->about, "%d sessions of 30 minutes with a belt, " SHIFTED,
             2 * evaluate->persons);
    return rows(evaluate, table, FREE_BELT, 0.05, 0.88);
}

bool ob_evaluate_moment_paced(const struct ob_evaluate *evaluate, struct ob_table *table)
{
    snprintf(table->about, sizeof table->about, "%d sessions of 30 minutes with the heart alone, paced, " SHIFTED,
             2 * evaluate->persons);
    return rows(evaluate, table, PACED, 0.05, 0.0);
}
