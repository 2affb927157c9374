/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath protocols: which there are, what they do, and whether a file is one. */
#include "app/commands.h"
#include "app/commands/protocol_files.h"
#include "app/json.h"
#include "app/options.h"
#include "app/say.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES_MAX 65

struct protocols_options {
    bool json, help;
};

#define AT(field) offsetof(struct protocols_options, field)
static const struct ob_option table[] = {
    {"json", OB_OPTION_FLAG, AT(json), 0, 0, NULL, "as JSON"},
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

static const char *const kinds[] = {
    [OB_PHASE_UNPACED] = "unpaced", [OB_PHASE_PACED] = "paced", [OB_PHASE_GUIDED] = "guided"};
static const char *const searches[] = {"none", "stepped", "sliding"};
static const char *const ends[] = {"farewell", "stay", "leave"};

static void print_problems(const char *path, const struct ob_problems *problems)
{
    char line[PATH_MAX + 512];
    for (size_t i = 0; i < problems->kept; i++) {
        ob_problem_line(&problems->list[i], path, line, sizeof line);
        printf("%s%s\n", line, strchr(".?", line[strlen(line) - 1]) ? "" : ".");
    }
    if (problems->errors > problems->kept)
        printf("%s: and %zu more mistakes.\n", path, problems->errors - problems->kept);
}

static void print_phase(const struct ob_session_phase *phase, const char *name)
{
    printf("    %-8s %6.4g min", kinds[phase->kind], phase->seconds / 60.0);
    if (phase->kind == OB_PHASE_PACED && phase->from_brpm == phase->to_brpm)
        printf("  %.4g breaths/min", phase->from_brpm);
    else if (phase->kind == OB_PHASE_PACED)
        printf("  %.4g to %.4g breaths/min%s", phase->from_brpm, phase->to_brpm,
               phase->flags & OB_PHASE_BY_BREATH ? ", breath by breath" : "");
    else if (phase->kind == OB_PHASE_GUIDED && phase->to_brpm > 0.0)
        printf("  to %.4g breaths/min", phase->to_brpm);
    if (phase->hold_in_s > 0.0 || phase->hold_out_s > 0.0)
        printf("  holds %.4g s and %.4g s", phase->hold_in_s, phase->hold_out_s);
    if (phase->flags & OB_PHASE_MEASURED)
        printf("  measured");
    if (phase->flags & OB_PHASE_NO_FEEDBACK)
        printf("  no feedback");
    if (phase->sound_to_db <= OB_SILENT_DB)
        printf("  silent");
    else if (phase->sound_from_db != 0.0 || phase->sound_to_db != 0.0)
        printf("  sound %.4g to %.4g dB", phase->sound_from_db, phase->sound_to_db);
    printf("%s%s\n", name[0] ? "  " : "", name);
}

static void print_protocol(const struct ob_protocol *p, bool own, bool phases)
{
    const double minutes = ob_protocol_seconds(p) / 60.0;
    const int places = fabs(minutes - round(minutes)) < 0.05 ? 0 : 1;
    printf("  %-20s %5.*f min  %s%s\n", p->name, places, minutes, p->title, own ? " (your own)" : "");
    if (!phases)
        return;
    if (p->about[0])
        printf("    %s\n", p->about);
    for (int i = 0; i < p->phase_count; i++)
        print_phase(&p->phases[i], p->phase_names[i]);
}

static void print_number(const char *key, double number, bool known)
{
    if (known)
        printf(", \"%s\": %.12g", key, number);
    else
        printf(", \"%s\": null", key);
}

static void print_json(const char *path, const struct ob_protocol *p, const struct ob_problems *problems, bool own)
{
    const bool good = problems->errors == 0;
    printf("    {\"file\": ");
    ob_json_string(stdout, path);
    printf(", \"name\": ");
    ob_json_string(stdout, p->name);
    printf(", \"own\": %s, \"good\": %s, \"problems\": [", own ? "true" : "false", good ? "true" : "false");
    for (size_t i = 0; i < problems->kept; i++) {
        printf("%s{\"line\": %d, \"key\": ", i ? ", " : "", problems->list[i].line);
        ob_json_string(stdout, problems->list[i].key);
        printf(", \"text\": ");
        ob_json_string(stdout, problems->list[i].text);
        printf("}");
    }
    printf("]");
    if (good) {
        printf(", \"title\": ");
        ob_json_string(stdout, p->title);
        printf(", \"about\": ");
        ob_json_string(stdout, p->about);
        printf(
            ", \"minutes\": %.12g, \"kiosk\": %s, \"screen\": %s, \"search\": \"%s\", \"end\": \"%s\", \"phases\": [",
            ob_protocol_seconds(p) / 60.0, p->kiosk ? "true" : "false", p->dark ? "false" : "true", searches[p->search],
            ends[p->end]);
        for (int i = 0; i < p->phase_count; i++) {
            const struct ob_session_phase *phase = &p->phases[i];
            printf("%s\n      {\"kind\": \"%s\", \"name\": ", i ? "," : "", kinds[phase->kind]);
            ob_json_string(stdout, p->phase_names[i]);
            printf(", \"seconds\": %.12g", phase->seconds);
            print_number("from_brpm", phase->from_brpm, phase->from_brpm > 0.0);
            print_number("to_brpm", phase->to_brpm, phase->to_brpm > 0.0);
            print_number("inhale_share", phase->inhale_share, phase->inhale_share > 0.0);
            print_number("hold_in_s", phase->hold_in_s, true);
            print_number("hold_out_s", phase->hold_out_s, true);
            print_number("sound_from_db", phase->sound_from_db, true);
            print_number("sound_to_db", phase->sound_to_db, true);
            printf(", \"measured\": %s, \"feedback\": %s, \"lets_sleepers_go\": %s}",
                   phase->flags & OB_PHASE_MEASURED ? "true" : "false",
                   phase->flags & OB_PHASE_NO_FEEDBACK ? "false" : "true",
                   ob_phase_leads(phase) && !(phase->flags & OB_PHASE_STAY) ? "true" : "false");
        }
        printf("]");
    }
    printf("}");
}

/* One file in the list or in a check. How many mistakes it has. */
static size_t look(const char *path, bool own, bool json, bool checking, bool phases, bool first)
{
    struct ob_protocol *p = calloc(1, sizeof *p);
    struct ob_problems problems;
    if (!p) {
        ob_say(0, ob_err_text(OB_ERR_NO_MEMORY));
        return 1;
    }
    ob_protocol_file_read(path, p, &problems);
    if (json) {
        printf("%s", first ? "" : ",\n");
        print_json(path, p, &problems, own);
    } else if (problems.errors > 0) {
        print_problems(path, &problems);
    } else if (checking) {
        printf("%s: all is well.\n", path);
    } else {
        print_protocol(p, own, phases);
    }
    free(p);
    return problems.errors;
}

int ob_cmd_protocols(int argc, char **argv)
{
    static struct ob_protocol_entry entries[OB_PROTOCOLS_MAX];
    struct protocols_options options = {0};
    const char *words[FILES_MAX + 1] = {0};
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &options, words, FILES_MAX + 1))
        return OB_EXIT_USAGE;
    if (options.help) {
        printf("outbreath protocols: the shapes that a session can have.\n\n"
               "  outbreath protocols [list]         all of them, your own and those that came with the program\n"
               "  outbreath protocols show NAME      one, phase by phase\n"
               "  outbreath protocols check FILE...  whether a file is one, and what is wrong with it\n\n"
               "outbreath --protocol NAME|FILE starts a session with one.\n\n");
        ob_options_print(table, OPTIONS);
        return OB_EXIT_DONE;
    }
    const bool checking = words[0] && strcmp(words[0], "check") == 0;
    const bool showing = words[0] && strcmp(words[0], "show") == 0;
    if (words[0] && !checking && !showing && strcmp(words[0], "list") != 0)
        return ob_say(OB_EXIT_USAGE, "protocols takes list, show NAME or check FILE...");
    if ((checking && !words[1]) || (showing && (!words[1] || words[2])) ||
        (!checking && !showing && words[0] && words[1]))
        return ob_say(OB_EXIT_USAGE, "that is too much or too little; 'outbreath protocols --help' shows how");
    size_t mistakes = 0, shown = 0;
    if (options.json)
        printf("{\n  \"protocols\": [\n");
    if (checking)
        for (; words[1 + shown]; shown++)
            mistakes += look(words[1 + shown], true, options.json, true, false, shown == 0);
    const size_t count = checking ? 0 : ob_protocol_list(entries);
    for (size_t i = 0; i < count; i++)
        if (!showing || strcmp(entries[i].name, words[1]) == 0)
            mistakes += look(entries[i].path, entries[i].own, options.json, false, showing, shown++ == 0);
    if (options.json)
        printf("\n  ],\n  \"mistakes\": %zu\n}\n", mistakes);
    if (showing && shown == 0)
        return ob_say(OB_EXIT_INPUT, "there is no such protocol; 'outbreath protocols' lists them");
    return mistakes > 0 ? OB_EXIT_INPUT : OB_EXIT_DONE;
}
