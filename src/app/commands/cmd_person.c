/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath person: one simulated person as files, with the truth beside what the sensors saw. */
#include "app/commands.h"
#include "app/commands/person_files.h"
#include "app/commands/progress.h"
#include "app/interrupt.h"
#include "app/options.h"
#include "app/say.h"
#include "app/session/simulation.h"
#include "app/session/source.h"
#include "base/time.h"

#include <stdio.h>
#include <string.h>

struct person_options {
    const char *population, *person, *out;
    double seed, minutes;
    bool clean, alone, help;
};

#define AT(field) offsetof(struct person_options, field)
static const struct ob_option table[] = {
    {"seed", OB_OPTION_NUMBER, AT(seed), 0, 4294967295.0, "N", "which person is drawn (1)"},
    {"minutes", OB_OPTION_NUMBER, AT(minutes), 0.5, 120, "M", "of life (20)"},
    {"population", OB_OPTION_TEXT, AT(population), 0, 0, "main|misspecified", "where the person is drawn from (main)"},
    {"person", OB_OPTION_TEXT, AT(person), 0, 0, "KEYS", "what is not left to chance, such as rf=5.4 ('help': keys)"},
    {"clean", OB_OPTION_FLAG, AT(clean), 0, 0, NULL, "a sound heart, a perfect sensor, no letting go"},
    {"alone", OB_OPTION_FLAG, AT(alone), 0, 0, NULL, "without a pacer (otherwise: an ordinary session)"},
    {"out", OB_OPTION_TEXT, AT(out), 0, 0, "DIR", "where the files go (outbreath-person)"},
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

static bool draw(const struct person_options *o, struct ob_person_desc *desc, char *problem, size_t size)
{
    enum ob_person_population population = OB_PERSON_POPULATION_MAIN;
    if (o->population && strcmp(o->population, "misspecified") == 0)
        population = OB_PERSON_POPULATION_MISSPECIFIED;
    else if (o->population && strcmp(o->population, "main") != 0) {
        snprintf(problem, size, "--population is main or misspecified, not '%.40s'", o->population);
        return false;
    }
    ob_person_desc_init(desc);
    ob_person_desc_draw(desc, population, (uint32_t)o->seed);
    if (!o->clean) {
        ob_person_desc_draw_faults(desc, (uint32_t)o->seed);
        ob_person_desc_draw_shift(desc, o->minutes, (uint32_t)o->seed);
    }
    return !o->person || ob_person_desc_parse(o->person, desc, problem, size) == OB_OK;
}

static enum ob_err live(const struct person_options *o, const struct ob_person_desc *person,
                        struct ob_person_files *files)
{
    const struct ob_simulation_desc desc = {.person = *person,
                                            .feed = OB_PERSON_FEED_ALL,
                                            .with_resp = true,
                                            .deaf = o->alone,
                                            .plan = {.minutes = o->minutes},
                                            .on_event = ob_person_files_event,
                                            .user = files};
    struct ob_simulation *sim = ob_simulation_create(&desc);
    if (!sim)
        return OB_ERR_NO_MEMORY;
    const double whole_ns = o->minutes * 60e9;
    while (!ob_interrupted() && ob_simulation_tick(sim)) {
        const int64_t now_ns = ob_simulation_now_ns(sim);
        ob_person_files_look(files, ob_simulation_person(sim), ob_simulation_snapshot(sim));
        if (now_ns % OB_NS_PER_S == 0)
            ob_progress_show("life", (double)now_ns / whole_ns);
    }
    ob_progress_clear();
    const struct ob_event last = {.kind = OB_EVENT_TIME,
                                  .measured_ns = ob_simulation_now_ns(sim),
                                  .arrived_ns = ob_simulation_now_ns(sim),
                                  .applied_ns = ob_simulation_now_ns(sim)};
    ob_person_files_event(files, &last);
    ob_simulation_destroy(sim);
    return OB_OK;
}

int ob_cmd_person(int argc, char **argv)
{
    struct person_options options = {.seed = 1.0, .minutes = 20.0, .out = "outbreath-person"};
    const char *words[1];
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &options, words, 1))
        return OB_EXIT_USAGE;
    if (options.help) {
        printf("outbreath person: a simulated person as files: ECG, pulse, intervals, breathing, and the truth.\n");
        ob_options_print(table, OPTIONS);
        return OB_EXIT_DONE;
    }
    if (options.person && strcmp(options.person, "help") == 0) {
        ob_source_print_person_help();
        return OB_EXIT_DONE;
    }
    char problem[512] = "";
    struct ob_person_desc person;
    if (!draw(&options, &person, problem, sizeof problem))
        return ob_say(OB_EXIT_USAGE, problem);
    ob_interrupt_install();
    struct ob_person_files *files = NULL;
    if (ob_person_files_open(options.out, &person, &files, problem, sizeof problem))
        return ob_say(OB_EXIT_FAILED, problem);
    const enum ob_err lived = live(&options, &person, files);
    const enum ob_err written = ob_person_files_close(files);
    if (lived || written) {
        snprintf(problem, sizeof problem, "not everything could be written to %.200s: %s", options.out,
                 ob_err_text(lived ? lived : written));
        return ob_say(OB_EXIT_FAILED, problem);
    }
    printf("A simulated person, seed %.0f, %g minutes%s. The files are in %s\n", person.seed, options.minutes,
           options.alone ? ", unpaced" : "", options.out);
    return OB_EXIT_DONE;
}
