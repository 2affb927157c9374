/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fits src/breath/following_weights.c on simulated sessions. A program for people, not a test.
 *
 * A third of the persons follow as evaluate's compliant ones do, a third as its poor ones, a third anyhow between. The
 * pace is led down from 9 to 6 in 30% of the session whatever they do. Each 5 s the signs are taken, with the truth:
 * whether the breath of the last half minute is at most a tenth faster than the pacer. A logistic regression of the
 * truth on the signs, shrunk a little, gives the weights. The area under the ROC curve is printed for each fifth
 * person, of a fit to the others; the weights are then those of all. accuracy_following_fit FILE.c [PERSONS]     seeds
 * 600,000 behind those of evaluate --tuning */
#include "app/evaluate/evaluate.h"
#include "base/rng.h"
#include "base/time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define F       OB_FOLLOWING_SIGNS
#define SEED    2000600000u
#define EACH_S  5
#define FIRST_S 30
#define LAST_S  600
#define BEFORE  30
#define TENTH   1.1
#define SHRINK  3.0
#define ROUNDS  30

struct moment {
    double x[F];
    bool follows, unseen;
};

struct moments {
    struct moment *at;
    size_t count, room;
};

static void draw(int index, struct ob_person_desc *person, double *minutes_out)
{
    static const double lengths_min[] = {10.0, 15.0, 20.0};
    const struct ob_evaluate from = {.persons = 1, .seed = SEED, .threads = 1};
    struct ob_rng rng;
    ob_evaluate_person(&from, OB_PERSON_POPULATION_MAIN, 0, index, person);
    ob_rng_init(&rng, (uint64_t)person->seed, 79);
    *minutes_out = lengths_min[index / 3 % 3];
    if (index % 3 == 0) {
        person->rate = 14.0;
        person->compliance = fmax(person->compliance, 0.9);
        person->coupling = fmax(person->coupling, 1.0);
        person->lapses_per_min = 0.0;
    } else {
        person->compliance = ob_rng_range(&rng, 0.0, index % 3 == 1 ? 0.5 : 1.0);
        person->lapses_per_min = ob_rng_range(&rng, 0.0, 2.0);
    }
}

static void add(struct moments *moments, const struct moment *moment)
{
    if (moments->count == moments->room) {
        moments->room = moments->room ? 2 * moments->room : 65536;
        moments->at = realloc(moments->at, moments->room * sizeof *moments->at);
        if (!moments->at)
            abort();
    }
    moments->at[moments->count++] = *moment;
}

static void live(int index, struct moments *moments)
{
    double minutes, turns[LAST_S + 1];
    struct ob_simulation_desc desc = {.feed = OB_PERSON_FEED_RR};
    draw(index, &desc.person, &minutes);
    const double glide_s = 0.3 * 60.0 * minutes;
    const struct ob_session_phase phases[] = {
        {.kind = OB_PHASE_PACED, .seconds = glide_s, .from_brpm = 9.0, .to_brpm = 6.0},
        {.kind = OB_PHASE_PACED, .seconds = 60.0 * minutes - glide_s, .from_brpm = 6.0, .to_brpm = 6.0}};
    desc.phases = phases;
    desc.phase_count = 2;
    desc.plan.minutes = minutes;
    struct ob_simulation *sim = ob_simulation_create(&desc);
    if (!sim)
        abort();
    for (int s = 0; s < LAST_S && ob_simulation_tick(sim);) {
        if (ob_simulation_now_ns(sim) % OB_NS_PER_S != 0)
            continue;
        struct ob_person_truth truth;
        struct moment moment = {.unseen = index % 5 == 0};
        ob_person_truth(ob_simulation_person(sim), &truth);
        turns[++s] = (double)truth.breaths + truth.phase_turns;
        if (s <= FIRST_S || s % EACH_S != 0 || !ob_engine_following_signs(ob_simulation_engine(sim), moment.x))
            continue;
        const double brpm = (turns[s] - turns[s - BEFORE]) / BEFORE * 60.0;
        moment.follows = brpm <= TENTH * ob_simulation_snapshot(sim)->pacer.rate_brpm;
        add(moments, &moment);
    }
    ob_simulation_destroy(sim);
}

static double score(const double *w, const double *x)
{
    double sum = 0.0;
    for (int i = 0; i < F; i++)
        sum += w[i] * x[i];
    return sum;
}

/* One step of Newton's method for the logistic likelihood with a normal prior about 0. */
static void step(const struct moments *moments, bool all, double w[F])
{
    double h[F][F] = {{0}}, g[F] = {0};
    for (size_t n = 0; n < moments->count; n++) {
        const struct moment *m = &moments->at[n];
        if (m->unseen && !all)
            continue;
        const double p = 1.0 / (1.0 + exp(-score(w, m->x)));
        for (int i = 0; i < F; i++) {
            g[i] += (m->follows - p) * m->x[i];
            for (int j = 0; j < F; j++)
                h[i][j] += p * (1.0 - p) * m->x[i] * m->x[j];
        }
    }
    for (int i = 0; i < F; i++) {
        g[i] -= SHRINK * w[i];
        h[i][i] += SHRINK;
    }
    for (int c = 0; c < F; c++)
        for (int r = 0; r < F; r++) {
            const double factor = r != c ? h[r][c] / h[c][c] : 0.0;
            for (int j = 0; j < F && factor != 0.0; j++)
                h[r][j] -= factor * h[c][j];
            g[r] -= factor * g[c];
        }
    for (int i = 0; i < F; i++)
        w[i] += g[i] / h[i][i];
}

struct ranked {
    double score;
    bool follows;
};

static int by_score(const void *a, const void *b)
{
    const double x = ((const struct ranked *)a)->score, y = ((const struct ranked *)b)->score;
    return (x > y) - (x < y);
}

static double area(const struct moments *moments, const double w[F])
{
    struct ranked *all = calloc(moments->count, sizeof *all);
    size_t count = 0;
    double behind = 0.0, pairs = 0.0, right = 0.0;
    if (!all)
        abort();
    for (size_t n = 0; n < moments->count; n++)
        if (moments->at[n].unseen)
            all[count++] = (struct ranked){score(w, moments->at[n].x), moments->at[n].follows};
    qsort(all, count, sizeof *all, by_score);
    for (size_t n = 0; n < count; n++) {
        if (all[n].follows) {
            right += behind;
            pairs += 1.0;
        } else {
            behind += 1.0;
        }
    }
    free(all);
    return right / fmax(pairs * behind, 1.0);
}

int main(int argc, char **argv)
{
    const int persons = argc > 2 ? atoi(argv[2]) : 600;
    FILE *file = argc > 1 ? fopen(argv[1], "w") : NULL;
    if (!file) {
        fprintf(stderr, "accuracy_following_fit FILE.c [PERSONS]\n");
        return 2;
    }
    struct moments moments = {0};
    double w[F] = {0};
    for (int i = 0; i < persons; i++)
        live(i, &moments);
    for (int i = 0; i < ROUNDS; i++)
        step(&moments, false, w);
    printf("%d persons, %zu moments; area under the curve for those not fitted: %.3f\n", persons, moments.count,
           area(&moments, w));
    for (int i = 0; i < ROUNDS; i++)
        step(&moments, true, w);
    fprintf(file,
            "/* SPDX-License-Identifier: GPL-3.0-or-later */\n/* Written by tests/accuracy/following_fit.c. */\n"
            "#include \"breath/following_weights.h\"\n\nconst double ob_following_weights[OB_FOLLOWING_SIGNS] = {");
    for (int i = 0; i < F; i++)
        fprintf(file, "%s%.4f", i % 7 != 0 ? ", " : i > 0 ? ",\n    " : "\n    ", w[i]);
    fprintf(file, ",\n};\n");
    free(moments.at);
    return fclose(file) == 0 ? 0 : 1;
}
