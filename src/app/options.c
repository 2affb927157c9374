/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/options.h"

#include "base/nearest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct ob_option *find(const struct ob_option *table, size_t count, const char *name, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(table[i].name) == length && strncmp(table[i].name, name, length) == 0)
            return &table[i];
    return NULL;
}

static void complain_unknown(const struct ob_option *table, size_t count, const char *argument)
{
    const char *names[64];
    size_t known = 0;
    for (size_t i = 0; i < count && known < 64; i++)
        names[known++] = table[i].name;
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(argument + 2, "="), argument + 2);
    const char *nearest = ob_nearest(name, names, known);
    if (nearest)
        fprintf(stderr, "outbreath: there is no option --%s; did you mean --%s?\n", name, nearest);
    else
        fprintf(stderr, "outbreath: there is no option --%s; 'outbreath help' lists them.\n", name);
}

static bool take_number(const struct ob_option *option, const char *text, void *values)
{
    char *end = NULL;
    const double number = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(number) || number < option->low || number > option->high) {
        fprintf(stderr, "outbreath: --%s takes a number from %g to %g (%s), not '%.60s'.\n", option->name, option->low,
                option->high, option->argument, text);
        return false;
    }
    *(double *)((char *)values + option->offset) = number;
    return true;
}

bool ob_options_parse(const struct ob_option *table, size_t count, int argc, char **argv, int first, void *values,
                      const char **words, size_t words_max)
{
    size_t word_count = 0;
    for (int i = first; i < argc; i++) {
        const char *argument = argv[i];
        if (strncmp(argument, "--", 2) != 0 || argument[2] == '\0') {
            if (word_count + 1 >= words_max) {
                fprintf(stderr, "outbreath: '%.60s' was not expected here.\n", argument);
                return false;
            }
            words[word_count++] = argument;
            continue;
        }
        const size_t length = strcspn(argument + 2, "=");
        const struct ob_option *option = find(table, count, argument + 2, length);
        if (!option) {
            complain_unknown(table, count, argument);
            return false;
        }
        const char *value = argument[2 + length] == '=' ? argument + 3 + length : NULL;
        if (option->kind == OB_OPTION_FLAG) {
            if (value) {
                fprintf(stderr, "outbreath: --%s takes no value.\n", option->name);
                return false;
            }
            *(bool *)((char *)values + option->offset) = true;
            continue;
        }
        if (!value)
            value = i + 1 < argc ? argv[++i] : NULL;
        if (!value || !*value) {
            fprintf(stderr, "outbreath: --%s wants a value: %s.\n", option->name, option->argument);
            return false;
        }
        if (option->kind == OB_OPTION_TEXT)
            *(const char **)((char *)values + option->offset) = value;
        else if (!take_number(option, value, values))
            return false;
    }
    if (words_max > 0)
        words[word_count] = NULL;
    return true;
}

void ob_options_print(const struct ob_option *table, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", table[i].name, table[i].argument ? " " : "",
                 table[i].argument ? table[i].argument : "");
        printf("  %-24s %s\n", left, table[i].help);
    }
}
