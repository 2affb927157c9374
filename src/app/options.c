/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/options.h"

#include "base/nearest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum ob_setting setting_of(const struct ob_option *option)
{
    return (enum ob_setting)(int)option->low;
}

static const char *name_of(const struct ob_option *option)
{
    return option->kind == OB_OPTION_SETTING ? ob_setting_about(setting_of(option))->option : option->name;
}

static bool is_switch(const struct ob_option *option)
{
    return option->kind == OB_OPTION_FLAG ||
           (option->kind == OB_OPTION_SETTING && ob_setting_about(setting_of(option))->kind == OB_SETTING_BOOL);
}

/* A setting whose argument is in brackets: without it, 0 is meant. */
static bool may_stand_alone(const struct ob_option *option)
{
    return option->kind == OB_OPTION_SETTING && ob_setting_about(setting_of(option))->argument[0] == '[';
}

static const struct ob_option *find(const struct ob_option *table, size_t count, const char *name, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(name_of(&table[i])) == length && strncmp(name_of(&table[i]), name, length) == 0)
            return &table[i];
    return NULL;
}

static void complain_unknown(const struct ob_option *table, size_t count, const char *argument)
{
    const char *names[64];
    size_t known = 0;
    for (size_t i = 0; i < count && known < 64; i++)
        names[known++] = name_of(&table[i]);
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

static bool take_setting(const struct ob_option *option, const char *text, void *values)
{
    struct ob_settings *settings = (struct ob_settings *)((char *)values + option->offset);
    char expected[128];
    if (ob_settings_take(settings, setting_of(option), text, OB_LAYER_COMMAND_LINE, 0))
        return true;
    fprintf(stderr, "outbreath: --%s takes %s, not '%.60s'.\n", name_of(option),
            ob_setting_expected(setting_of(option), expected, sizeof expected), text);
    return false;
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
        bool off = false;
        if (!option && strncmp(argument + 2, "no-", 3) == 0) {
            option = find(table, count, argument + 5, length - 3);
            off = option && option->kind == OB_OPTION_SETTING && is_switch(option);
            option = off ? option : NULL;
        }
        if (!option) {
            complain_unknown(table, count, argument);
            return false;
        }
        const char *value = argument[2 + length] == '=' ? argument + 3 + length : NULL;
        if (is_switch(option)) {
            if (value) {
                fprintf(stderr, "outbreath: --%s takes no value.\n", name_of(option));
                return false;
            }
            if (option->kind == OB_OPTION_SETTING)
                take_setting(option, off ? "false" : "true", values);
            else
                *(bool *)((char *)values + option->offset) = true;
            continue;
        }
        if (!value && may_stand_alone(option) && (i + 1 >= argc || strncmp(argv[i + 1], "--", 2) == 0))
            value = "0";
        else if (!value)
            value = i + 1 < argc ? argv[++i] : NULL;
        if (!value || !*value) {
            fprintf(stderr, "outbreath: --%s wants a value: %s.\n", name_of(option),
                    option->kind == OB_OPTION_SETTING ? ob_setting_about(setting_of(option))->argument
                                                      : option->argument);
            return false;
        }
        if (option->kind == OB_OPTION_SETTING) {
            if (!take_setting(option, value, values))
                return false;
        } else if (option->kind == OB_OPTION_TEXT)
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
        const bool shared = table[i].kind == OB_OPTION_SETTING;
        const struct ob_setting_about *about = shared ? ob_setting_about(setting_of(&table[i])) : NULL;
        const char *argument = shared ? about->argument : table[i].argument;
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", name_of(&table[i]), argument ? " " : "", argument ? argument : "");
        printf("  %-24s %s", left, shared ? about->help : table[i].help);
        if (shared && about->kind != OB_SETTING_BOOL && about->standard[0])
            printf(" (%s)", about->standard);
        printf("\n");
    }
}
