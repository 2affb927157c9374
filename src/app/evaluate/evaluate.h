/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `outbreath evaluate`: populations of simulated persons through the real engine, counted.
 *
 * A section is a function that runs its persons and fills tables; evaluate_sections.c lists them. To add one: write
 * evaluate_NAME.c, declare its function here, add a row there. Every figure says what it is, its 95% interval, and the
 * limit it is held to, if any. Figures are of simulated persons, never of people.
 *
 * Persons are spread over threads; what each of them gives lies at its own index, so the figures do not depend on how
 * many threads there are. */
#ifndef OB_APP_EVALUATE_H
#define OB_APP_EVALUATE_H

#include "app/session/simulation.h"

#include <stdbool.h>
#include <stdint.h>

#define OB_EVALUATE_FIGURES 12

enum ob_figure_limit { OB_FIGURE_TOLD, OB_FIGURE_AT_MOST, OB_FIGURE_AT_LEAST, OB_FIGURE_BETWEEN };

struct ob_figure {
    char what[120];
    double value, low, high; /* and its 95% interval; low > high: none */
    int of;                  /* persons, sessions or breaths behind it */
    enum ob_figure_limit limit;
    double limit_low, limit_high;
};

struct ob_table {
    const char *title;
    char about[400]; /* who was simulated, how long, by what seeds */
    int count;
    struct ob_figure figures[OB_EVALUATE_FIGURES];
};

struct ob_evaluate {
    int persons;   /* of the larger tables */
    uint32_t seed; /* of the first person */
    int threads;
};

/* False: no memory. */
typedef bool ob_evaluate_fn(const struct ob_evaluate *evaluate, struct ob_table *table_out);

struct ob_evaluate_section {
    const char *key; /* for --only */
    const char *title;
    ob_evaluate_fn *run;
};

extern const struct ob_evaluate_section ob_evaluate_sections[];
extern const int ob_evaluate_section_count;

ob_evaluate_fn ob_evaluate_pace;         /* ordinary practice, main population */
ob_evaluate_fn ob_evaluate_misspecified; /* the same, persons the estimator does not know */
ob_evaluate_fn ob_evaluate_search;       /* the guided searches */
ob_evaluate_fn ob_evaluate_convergence;  /* the glide and the wait, by intervals alone */
ob_evaluate_fn ob_evaluate_convergence_ecg;
ob_evaluate_fn ob_evaluate_settling; /* no limit cycle */
ob_evaluate_fn ob_evaluate_reward;   /* artefacts, strange hearts, the exhale */
ob_evaluate_fn ob_evaluate_moment;   /* the exhale moment, by the heart alone */
ob_evaluate_fn ob_evaluate_moment_belt;
ob_evaluate_fn ob_evaluate_moment_paced;

/* ---- for sections ------------------------------------------------------------------------------------------------ */

/* Calls work(user, index) for each index below count, on all threads. False when one of them said false. */
bool ob_evaluate_each(const struct ob_evaluate *evaluate, int count, bool (*work)(void *user, int index), void *user);

/* A drawn person, faults and all; the index-th of a section's own range of seeds. */
void ob_evaluate_person(const struct ob_evaluate *evaluate, enum ob_person_population population, int section,
                        int index, struct ob_person_desc *person_out);

/* A figure is held to a limit by setting it in the pointer that comes back. The mean of values, the root of the mean of
 * their squares, or a share of trials (Wilson 1927). NAN values are left out. */
struct ob_figure *ob_figure_mean(struct ob_table *table, const char *what, const double *values, int count);
struct ob_figure *ob_figure_rms(struct ob_table *table, const char *what, const double *values, int count);
struct ob_figure *ob_figure_share(struct ob_table *table, const char *what, int hits, int trials);
struct ob_figure *ob_figure_value(struct ob_table *table, const char *what, double value, int of);
void ob_figure_at_most(struct ob_figure *figure, double limit);
void ob_figure_at_least(struct ob_figure *figure, double limit);
void ob_figure_between(struct ob_figure *figure, double low, double high);
bool ob_figure_holds(const struct ob_figure *figure);

#endif
