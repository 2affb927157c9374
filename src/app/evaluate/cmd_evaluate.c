/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath evaluate: simulated populations through the real engine, and whether the figures hold. */
#include "app/commands.h"
#include "app/evaluate/evaluate.h"
#include "app/interrupt.h"
#include "app/json.h"
#include "app/options.h"
#include "app/say.h"
#include "base/nearest.h"
#include "base/time.h"
#include "os/clock.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SEED_REPORTING 1.0
#define SEED_TUNING    2000000000.0 /* far from what figures are reported from */

struct evaluate_options {
    const char *only;
    double persons, seed, threads;
    bool tuning, json, help;
};

#define AT(field) offsetof(struct evaluate_options, field)
static const struct ob_option table[] = {
    {"persons", OB_OPTION_NUMBER, AT(persons), 5, 10000, "N", "of the larger tables (500)"},
    {"seed", OB_OPTION_NUMBER, AT(seed), 0, 4000000000.0, "N", "of the first person (1)"},
    {"tuning", OB_OPTION_FLAG, AT(tuning), 0, 0, NULL,
     "the persons that constants were tuned on; never quote their figures"},
    {"only", OB_OPTION_TEXT, AT(only), 0, 0, "TABLE", "one table: pace, misspecified, convergence, ..."},
    {"threads", OB_OPTION_NUMBER, AT(threads), 1, 64, "N", "at work (as many as there are processors)"},
    {"json", OB_OPTION_FLAG, AT(json), 0, 0, NULL, "for machines"},
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

static void print_limit(const struct ob_figure *f)
{
    switch (f->limit) {
    case OB_FIGURE_TOLD:
        printf("\n");
        return;
    case OB_FIGURE_AT_MOST:
        printf("  at most %.4g", f->limit_high);
        break;
    case OB_FIGURE_AT_LEAST:
        printf("  at least %.4g", f->limit_low);
        break;
    case OB_FIGURE_BETWEEN:
        printf("  %.4g to %.4g", f->limit_low, f->limit_high);
        break;
    }
    printf(": %s\n", ob_figure_holds(f) ? "holds" : "DOES NOT HOLD");
}

static void print_table(const struct ob_evaluate_section *section, const struct ob_table *t)
{
    printf("%s (simulated)\n  %s\n", section->title, t->about);
    for (int i = 0; i < t->count; i++) {
        const struct ob_figure *f = &t->figures[i];
        char interval[48] = "";
        if (f->low <= f->high)
            snprintf(interval, sizeof interval, "[%.3f, %.3f]", f->low, f->high);
        printf("  %-72s %8.3f  %-17s n %-5d", f->what, f->value, interval, f->of);
        print_limit(f);
    }
    printf("\n");
}

static void print_number(const char *key, double value)
{
    if (isfinite(value))
        printf(", \"%s\": %.6g", key, value);
    else
        printf(", \"%s\": null", key);
}

static void print_json(const struct ob_evaluate_section *section, const struct ob_table *t, bool first)
{
    printf("%s\n    {\"table\": \"%s\", \"about\": ", first ? "" : ",", section->key);
    ob_json_string(stdout, t->about);
    printf(", \"figures\": [");
    for (int i = 0; i < t->count; i++) {
        const struct ob_figure *f = &t->figures[i];
        printf("%s\n      {\"what\": ", i ? "," : "");
        ob_json_string(stdout, f->what);
        print_number("value", f->value);
        if (f->low <= f->high) {
            print_number("low95", f->low);
            print_number("high95", f->high);
        }
        printf(", \"n\": %d", f->of);
        if (f->limit == OB_FIGURE_AT_LEAST || f->limit == OB_FIGURE_BETWEEN)
            print_number("at_least", f->limit_low);
        if (f->limit == OB_FIGURE_AT_MOST || f->limit == OB_FIGURE_BETWEEN)
            print_number("at_most", f->limit_high);
        if (f->limit != OB_FIGURE_TOLD)
            printf(", \"holds\": %s", ob_figure_holds(f) ? "true" : "false");
        printf("}");
    }
    printf("]}");
}

static int unknown_table(const char *name)
{
    const char *names[64];
    size_t count = 0;
    for (int i = 0; i < ob_evaluate_section_count && count < 64; i++)
        names[count++] = ob_evaluate_sections[i].key;
    const char *nearest = ob_nearest(name, names, count);
    char sentence[300];
    int used = snprintf(sentence, sizeof sentence, "there is no table '%.40s'; there are", name);
    for (size_t i = 0; i < count; i++)
        used += snprintf(sentence + used, sizeof sentence - (size_t)used, "%s %s", i ? "," : "", names[i]);
    if (nearest)
        snprintf(sentence + used, sizeof sentence - (size_t)used, "; did you mean '%s'?", nearest);
    return ob_say(OB_EXIT_USAGE, sentence);
}

int ob_cmd_evaluate(int argc, char **argv)
{
    struct evaluate_options o = {.persons = 500.0, .seed = SEED_REPORTING, .threads = 0.0};
    const char *words[1];
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &o, words, 1))
        return OB_EXIT_USAGE;
    if (o.help) {
        printf(
            "outbreath evaluate: simulated persons through the real engine; prints figures with their 95%% intervals.\n"
            "The exit status is 0 when all of them keep their limits, 1 when one does not.\n");
        ob_options_print(table, OPTIONS);
        return OB_EXIT_DONE;
    }
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    const struct ob_evaluate evaluate = {.persons = (int)o.persons,
                                         .seed = (uint32_t)(o.tuning ? SEED_TUNING : o.seed),
                                         .threads = o.threads > 0.0  ? (int)o.threads
                                                    : processors > 0 ? (int)processors
                                                                     : 1};
    ob_interrupt_install();
    bool holds = true, first = true;
    const int64_t began_ns = ob_clock_monotonic_ns();
    if (o.json)
        printf("{\n  \"simulated\": true,\n  \"version\": \"%s\",\n  \"persons\": %d,\n  \"seed\": %u,\n  \"tuning\": "
               "%s,\n"
               "  \"tables\": [",
               OB_VERSION, evaluate.persons, evaluate.seed, o.tuning ? "true" : "false");
    else
        printf("Simulated persons, never people: what follows says how the program does with a model, no more.%s\n\n",
               o.tuning ? "\nTHESE ARE THE PERSONS THAT CONSTANTS WERE TUNED ON: figures to look at, not to quote."
                        : "");
    for (int i = 0; i < ob_evaluate_section_count; i++) {
        const struct ob_evaluate_section *section = &ob_evaluate_sections[i];
        if (o.only && strcmp(o.only, section->key) != 0)
            continue;
        struct ob_table result = {.title = section->title};
        if (!section->run(&evaluate, &result))
            return ob_say(OB_EXIT_FAILED, ob_interrupted() ? "interrupted" : ob_err_text(OB_ERR_NO_MEMORY));
        for (int j = 0; j < result.count; j++)
            holds = holds && ob_figure_holds(&result.figures[j]);
        if (o.json)
            print_json(section, &result, first);
        else
            print_table(section, &result);
        fflush(stdout);
        first = false;
    }
    if (first)
        return unknown_table(o.only);
    if (o.json)
        printf("\n  ],\n  \"holds\": %s\n}\n", holds ? "true" : "false");
    else
        printf("%s Seeds from %u, %d threads, %.0f s.\n", holds ? "All figures hold." : "NOT ALL FIGURES HOLD.",
               evaluate.seed, evaluate.threads, ob_s_from_ns(ob_clock_monotonic_ns() - began_ns));
    return holds ? OB_EXIT_DONE : OB_EXIT_FAILED;
}
