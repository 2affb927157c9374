/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fits src/breath/settling_weights.c on simulated half hours that went through the engine, with the faults of hearts
 * and straps. A program for people, not a test.
 *
 * For each view a logistic regression of candidates at a true shift of 4 bpm (three to five minutes after it began)
 * against candidates of half hours without one. Since a session raises an alarm by its worst moment and not by a usual
 * one, the highest-scoring candidates of each quiet session join the others, and the fit is done again, six times. The
 * constant is then moved so that a share of other quiet half hours has a mark at all.
 *   accuracy_settling_fit FILE.c [SESSIONS]     seeds from 2,100,000,000 on; the figures use others */
#include "app/evaluate/evaluate.h"
#include "base/rng.h"
#include "base/time.h"
#include "engine/engine.h"
#include "settling_trial.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define F          OB_SETTLING_FEATURES
#define ROUNDS     6
#define WORST      3
#define FIRST_SEED 2100000000u
#define SHRINK     0.02

/* Of each view: the share of quiet half hours that may have a mark. */
static const double share_marked[OB_SETTLING_VIEWS] = {0.038, 0.028, 0.036};

struct candidates {
    double (*x)[F];
    int *session;
    double *since_s; /* from the shift; NAN without one */
    int *onset;
    size_t count, room;
};

struct collect {
    struct candidates *to;
    int session;
    double shift_s;
};

static void collect_epoch(const struct collect *c, const struct ob_settling *settling, double time_s)
{
    struct ob_settling_candidate found[OB_SETTLING_ONSETS];
    const int n = ob_settling_candidates(settling, found);
    for (int i = 0; i < n; i++) {
        struct candidates *to = c->to;
        const bool breath = found[i].view == OB_SETTLING_FREE_BREATH;
        if (found[i].change[0] > -0.75 || (breath && found[i].change[2] > -0.6))
            continue; /* never a mark */
        if (to->count == to->room) {
            to->room = to->room ? 2 * to->room : 65536;
            to->x = realloc(to->x, to->room * sizeof *to->x);
            to->session = realloc(to->session, to->room * sizeof *to->session);
            to->since_s = realloc(to->since_s, to->room * sizeof *to->since_s);
            to->onset = realloc(to->onset, to->room * sizeof *to->onset);
            if (!to->x || !to->session || !to->since_s || !to->onset)
                abort();
        }
        memcpy(to->x[to->count], found[i].feature, sizeof found[i].feature);
        to->session[to->count] = c->session;
        to->since_s[to->count] = c->shift_s >= 0.0 ? time_s - c->shift_s : (double)NAN;
        to->onset[to->count++] = found[i].onset;
    }
}

/* One half hour, as `evaluate --only moment` lives it; no mark stops the looking. */
static void half_hour(struct candidates *to, enum ob_settling_view view, double shift_bpm, int index, int session)
{
    const struct ob_evaluate from = {.persons = 1, .seed = FIRST_SEED, .threads = 1};
    struct ob_simulation_desc desc = {.feed = OB_PERSON_FEED_RR,
                                      .with_resp = view != OB_SETTLING_PACED,
                                      .deaf = view != OB_SETTLING_PACED,
                                      .plan = {.minutes = TRIAL_MINUTES}};
    ob_evaluate_person(&from, OB_PERSON_POPULATION_MAIN, shift_bpm != 0.0 ? 12 : 11,
                       (view == OB_SETTLING_PACED ? 8000 : 4000) + index, &desc.person);
    struct ob_rng rng;
    ob_rng_init(&rng, (uint64_t)desc.person.seed, 777);
    const double at_min = ob_rng_range(&rng, 8.0, 24.0);
    desc.person.shift_rate = ob_rng_range(&rng, -4.0, -1.0);
    desc.person.shift_gain_pct = ob_rng_range(&rng, 10.0, 35.0);
    desc.person.shift_bpm = shift_bpm;
    desc.person.shift_at_min = shift_bpm != 0.0 ? at_min : -1.0;
    const struct collect collect = {.to = to, .session = session, .shift_s = shift_bpm != 0.0 ? 60.0 * at_min : -1.0};
    struct ob_simulation *sim = ob_simulation_create(&desc);
    if (!sim)
        abort();
    if (view != OB_SETTLING_PACED)
        ob_engine_step(ob_simulation_engine(sim),
                       &(struct ob_event){.kind = OB_EVENT_COMMAND, .u.command = {OB_COMMAND_JUST_BREATHE, 1.0}});
    uint64_t epochs = 0;
    while (ob_simulation_tick(sim)) {
        const struct ob_settling *seen = ob_engine_settling(ob_simulation_engine(sim));
        if (seen->epochs.count == epochs)
            continue;
        epochs = seen->epochs.count;
        struct ob_settling settling = *seen;
        settling.from = 0;
        if (view == OB_SETTLING_FREE_HEART)
            for (int i = 0; i < OB_SETTLING_EPOCHS; i++)
                settling.epochs.epoch[i].breath = false;
        collect_epoch(&collect, &settling, ob_s_from_ns(ob_simulation_now_ns(sim)));
    }
    ob_simulation_destroy(sim);
}

static void simulate(struct candidates *to, enum ob_settling_view view, double shift_bpm, int first, int sessions)
{
    for (int i = 0; i < sessions; i++)
        half_hour(to, view, shift_bpm, first + i, i);
}

static double score_of(const double weights[F], const double x[F])
{
    double sum = 0.0;
    for (int k = 0; k < F; k++)
        sum += weights[k] * x[k];
    return sum;
}

static double likelihood(const double weights[F], double (*x)[F], const double *label, const double *mass, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        const double score = score_of(weights, x[i]), against = label[i] > 0.5 ? -score : score;
        sum -= mass[i] * (against > 30.0 ? against : log1p(exp(against)));
    }
    for (int k = 0; k < F - 1; k++)
        sum -= 0.5 * SHRINK * weights[k] * weights[k];
    return sum;
}

/* Solves hessian step = gradient by Cholesky's method, in place. */
static void solve(double hessian[F][F], double step[F])
{
    for (int a = 0; a < F; a++) {
        for (int b = 0; b <= a; b++) {
            for (int k = 0; k < b; k++)
                hessian[a][b] -= hessian[a][k] * hessian[b][k];
            hessian[a][b] = a == b ? sqrt(fmax(hessian[a][a], 1e-9)) : hessian[a][b] / hessian[b][b];
        }
        for (int k = 0; k < a; k++)
            step[a] -= hessian[a][k] * step[k];
        step[a] /= hessian[a][a];
    }
    for (int a = F - 1; a >= 0; a--) {
        for (int k = a + 1; k < F; k++)
            step[a] -= hessian[k][a] * step[k];
        step[a] /= hessian[a][a];
    }
}

/* Newton's method with halved steps; features that a view does not have stay at 0. */
static void fit(double weights[F], double (*x)[F], const double *label, const double *mass, size_t n)
{
    memset(weights, 0, F * sizeof *weights);
    double best = likelihood(weights, x, label, mass, n);
    for (int round = 0; round < 50; round++) {
        double step[F] = {0}, hessian[F][F] = {{0}};
        for (size_t i = 0; i < n; i++) {
            const double p = 1.0 / (1.0 + exp(-score_of(weights, x[i])));
            for (int a = 0; a < F; a++) {
                step[a] += mass[i] * (label[i] - p) * x[i][a];
                for (int b = 0; b <= a; b++)
                    hessian[a][b] += mass[i] * p * (1.0 - p) * x[i][a] * x[i][b];
            }
        }
        for (int a = 0; a < F; a++) {
            step[a] -= (a < F - 1 ? SHRINK : 0.0) * weights[a];
            hessian[a][a] += SHRINK;
        }
        solve(hessian, step);
        double share = 1.0, tried[F], now = -INFINITY;
        for (; share > 1e-4; share *= 0.5) {
            for (int a = 0; a < F; a++)
                tried[a] = weights[a] + share * step[a];
            now = likelihood(tried, x, label, mass, n);
            if (now > best)
                break;
        }
        if (!(now > best + 1e-9))
            break;
        best = now;
        memcpy(weights, tried, sizeof tried);
    }
}

static int rising(const void *a, const void *b)
{
    const double d = *(const double *)a - *(const double *)b;
    return (d > 0) - (d < 0);
}

static double *highest(const double weights[F], const struct candidates *c, int sessions, double since_s)
{
    double *top = malloc((size_t)sessions * sizeof *top);
    if (!top)
        abort();
    for (int i = 0; i < sessions; i++)
        top[i] = -1e9;
    for (size_t i = 0; i < c->count; i++) {
        if (since_s > 0.0 && !(c->since_s[i] > 0.0 && c->since_s[i] <= since_s))
            continue;
        top[c->session[i]] = fmax(top[c->session[i]], score_of(weights, c->x[i]));
    }
    return top;
}

static void fit_view(enum ob_settling_view view, int sessions, double weights[F])
{
    struct candidates quiet = {0}, other = {0}, shifted = {0}, held = {0};
    simulate(&quiet, view, 0.0, 0, sessions);
    simulate(&other, view, 0.0, sessions, 2 * sessions);
    simulate(&shifted, view, -4.0, 0, sessions / 2);
    simulate(&held, view, -4.0, sessions / 2, sessions / 2);

    const size_t room = shifted.count + quiet.count;
    double(*x)[F] = malloc(room * sizeof *x), *label = malloc(room * sizeof *label),
    *mass = malloc(room * sizeof *mass);
    bool *used = calloc(quiet.count, sizeof *used);
    if (!x || !label || !mass || !used)
        abort();
    size_t n = 0;
    for (size_t i = 0; i < shifted.count; i++) {
        const double since = shifted.since_s[i], off = since - 15.0 * shifted.onset[i];
        if (since > 120.0 && since <= TRIAL_HIT_S && fabs(off) <= 16.0)
            memcpy(x[n++], shifted.x[i], sizeof *x);
    }
    const size_t positives = n;
    struct ob_rng rng;
    ob_rng_init(&rng, 1, 1);
    for (size_t i = 0; i < quiet.count; i++) {
        if (ob_rng_uniform(&rng) < 4.0 * sessions / (double)quiet.count) {
            used[i] = true;
            memcpy(x[n++], quiet.x[i], sizeof *x);
        }
    }
    for (int round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < n; i++) {
            label[i] = i < positives ? 1.0 : 0.0;
            mass[i] = 1000.0 / (double)(i < positives ? positives : n - positives);
        }
        fit(weights, x, label, mass, n);
        for (int worst = 0; worst < WORST; worst++) {
            for (size_t i = 0; i < quiet.count;) { /* candidates of a session lie together */
                size_t best = quiet.count;
                double top = -1e9;
                const int session = quiet.session[i];
                for (; i < quiet.count && quiet.session[i] == session; i++) {
                    const double score = score_of(weights, quiet.x[i]);
                    if (!used[i] && score > top) {
                        top = score;
                        best = i;
                    }
                }
                if (best < quiet.count) {
                    used[best] = true;
                    memcpy(x[n++], quiet.x[best], sizeof *x);
                }
            }
        }
    }
    double *top = highest(weights, &other, 2 * sessions, 0.0);
    qsort(top, (size_t)(2 * sessions), sizeof *top, rising);
    weights[F - 1] -= top[(int)((1.0 - share_marked[view]) * 2 * sessions)];
    double *hit = highest(weights, &held, sessions / 2, TRIAL_HIT_S);
    int hits = 0;
    for (int i = 0; i < sessions / 2; i++)
        hits += hit[i] >= 0.0;
    printf("view %d: %d of %d held-out shifts found\n   ", (int)view, hits, sessions / 2);
    for (int k = 0; k < F; k++)
        printf(" %.3f", weights[k]);
    printf("\n");
    fflush(stdout);
    free(top);
    free(hit);
    free(x);
    free(label);
    free(mass);
    free(used);
    struct candidates *all[] = {&quiet, &other, &shifted, &held};
    for (int i = 0; i < 4; i++) {
        free(all[i]->x);
        free(all[i]->session);
        free(all[i]->since_s);
        free(all[i]->onset);
    }
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: accuracy_settling_fit FILE.c [SESSIONS]\n");
        return 2;
    }
    const int sessions = argc > 2 ? atoi(argv[2]) : 800;
    double weights[OB_SETTLING_VIEWS][F];
    for (int view = 0; view < OB_SETTLING_VIEWS; view++)
        fit_view((enum ob_settling_view)view, view == OB_SETTLING_FREE_HEART ? sessions : sessions * 3 / 5,
                 weights[view]);
    FILE *file = fopen(argv[1], "w");
    if (!file) {
        perror(argv[1]);
        return 1;
    }
    fprintf(file, "/* SPDX-License-Identifier: GPL-3.0-or-later */\n/* Written by tests/accuracy/settling_fit.c. */\n"
                  "#include \"breath/settling_weights.h\"\n\n"
                  "const double ob_settling_weights[OB_SETTLING_VIEWS][OB_SETTLING_FEATURES] = {\n");
    for (int view = 0; view < OB_SETTLING_VIEWS; view++) {
        fprintf(file, "    {");
        for (int k = 0; k < F; k++)
            fprintf(file, "%s%.4f", k ? ", " : "", weights[view][k]);
        fprintf(file, "},\n");
    }
    fprintf(file, "};\n");
    return fclose(file) == 0 ? 0 : 1;
}
