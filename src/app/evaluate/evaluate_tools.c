/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the sections of evaluate share: threads, persons, figures. */
#include "app/commands/progress.h"
#include "app/evaluate/evaluate.h"
#include "app/interrupt.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#define THREADS_MAX   64
#define SECTION_SEEDS 20000 /* persons of one section at most */

struct crew {
    bool (*work)(void *user, int index);
    void *user;
    int count;
    atomic_int next, done;
    atomic_bool failed;
};

static void *labour(void *user)
{
    struct crew *crew = user;
    for (;;) {
        const int index = atomic_fetch_add(&crew->next, 1);
        if (index >= crew->count || atomic_load(&crew->failed) || ob_interrupted())
            return NULL;
        if (!crew->work(crew->user, index))
            atomic_store(&crew->failed, true);
        atomic_fetch_add(&crew->done, 1);
    }
}

bool ob_evaluate_each(const struct ob_evaluate *evaluate, int count, bool (*work)(void *user, int index), void *user)
{
    struct crew crew = {.work = work, .user = user, .count = count};
    pthread_t threads[THREADS_MAX];
    int started = 0;
    while (started < evaluate->threads - 1 && started < THREADS_MAX &&
           pthread_create(&threads[started], NULL, labour, &crew) == 0)
        started++;
    labour(&crew);
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    return !atomic_load(&crew.failed) && atomic_load(&crew.done) == count;
}

void ob_evaluate_person(const struct ob_evaluate *evaluate, enum ob_person_population population, int section,
                        int index, struct ob_person_desc *person_out)
{
    const uint32_t seed = evaluate->seed + (uint32_t)section * SECTION_SEEDS + (uint32_t)index;
    ob_person_desc_init(person_out);
    ob_person_desc_draw(person_out, population, seed);
    ob_person_desc_draw_faults(person_out, seed);
}

static struct ob_figure *add(struct ob_table *table, const char *what, double value, int of)
{
    static struct ob_figure nowhere; /* a table that is too small shows in the test that counts its rows */
    struct ob_figure *figure = table->count < OB_EVALUATE_FIGURES ? &table->figures[table->count++] : &nowhere;
    *figure = (struct ob_figure){.value = value, .low = 1.0, .high = 0.0, .of = of};
    snprintf(figure->what, sizeof figure->what, "%s", what);
    return figure;
}

static int moments(const double *values, int count, bool squared, double *mean_out, double *error_out)
{
    double sum = 0.0, sum2 = 0.0;
    int n = 0;
    for (int i = 0; i < count; i++) {
        const double v = squared ? values[i] * values[i] : values[i];
        if (isnan(v))
            continue;
        sum += v;
        sum2 += v * v;
        n++;
    }
    *mean_out = n > 0 ? sum / n : (double)NAN;
    *error_out = n > 1 ? sqrt(fmax(sum2 / n - *mean_out * *mean_out, 0.0) / (n - 1)) : 0.0;
    return n;
}

struct ob_figure *ob_figure_mean(struct ob_table *table, const char *what, const double *values, int count)
{
    double mean, error;
    const int n = moments(values, count, false, &mean, &error);
    struct ob_figure *figure = add(table, what, mean, n);
    figure->low = mean - 1.96 * error;
    figure->high = mean + 1.96 * error;
    return figure;
}

struct ob_figure *ob_figure_rms(struct ob_table *table, const char *what, const double *values, int count)
{
    double mean, error;
    const int n = moments(values, count, true, &mean, &error);
    struct ob_figure *figure = add(table, what, sqrt(mean), n);
    figure->low = sqrt(fmax(mean - 1.96 * error, 0.0));
    figure->high = sqrt(mean + 1.96 * error);
    return figure;
}

struct ob_figure *ob_figure_share(struct ob_table *table, const char *what, int hits, int trials)
{
    const double n = trials, p = trials > 0 ? hits / n : (double)NAN, z2 = 1.96 * 1.96;
    struct ob_figure *figure = add(table, what, p, trials);
    if (trials > 0) {
        const double middle = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        const double half = 1.96 / (1.0 + z2 / n) * sqrt(p * (1.0 - p) / n + z2 / (4.0 * n * n));
        figure->low = fmax(middle - half, 0.0);
        figure->high = fmin(middle + half, 1.0);
    }
    return figure;
}

struct ob_figure *ob_figure_value(struct ob_table *table, const char *what, double value, int of)
{
    return add(table, what, value, of);
}

void ob_figure_at_most(struct ob_figure *figure, double limit)
{
    figure->limit = OB_FIGURE_AT_MOST;
    figure->limit_high = limit;
}

void ob_figure_at_least(struct ob_figure *figure, double limit)
{
    figure->limit = OB_FIGURE_AT_LEAST;
    figure->limit_low = limit;
}

void ob_figure_between(struct ob_figure *figure, double low, double high)
{
    figure->limit = OB_FIGURE_BETWEEN;
    figure->limit_low = low;
    figure->limit_high = high;
}

bool ob_figure_holds(const struct ob_figure *figure)
{
    switch (figure->limit) {
    case OB_FIGURE_TOLD:
        break;
    case OB_FIGURE_AT_MOST:
        return figure->value <= figure->limit_high;
    case OB_FIGURE_AT_LEAST:
        return figure->value >= figure->limit_low;
    case OB_FIGURE_BETWEEN:
        return figure->value >= figure->limit_low && figure->value <= figure->limit_high;
    }
    return true;
}
