/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath config: what the settings are, where they come from, whether a file is sound, and changing them. */
#include "app/commands.h"
#include "app/json.h"
#include "app/options.h"
#include "app/places/between.h"
#include "app/say.h"
#include "app/settings_files.h"
#include "config/pages.h"
#include "os/file.h"
#include "os/paths.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct config_options {
    bool json, origin, help;
    const char *config;
};

#define AT(field) offsetof(struct config_options, field)
static const struct ob_option table[] = {
    {"json", OB_OPTION_FLAG, AT(json), 0, 0, NULL, "show and check: as JSON"},
    {"origin", OB_OPTION_FLAG, AT(origin), 0, 0, NULL, "show: where each value comes from"},
    {"config", OB_OPTION_TEXT, AT(config), 0, 0, "FILE", "this file instead of yours, also for set and unset"},
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

static void show_help(void)
{
    printf("outbreath config: the settings.\n\n"
           "  outbreath config show [KEY]        what counts now\n"
           "  outbreath config get KEY           one value alone, for scripts\n"
           "  outbreath config check [FILE]      what is wrong with a file, or with all that would be read\n"
           "  outbreath config set KEY VALUE     writes into your file and leaves the rest of it as it is\n"
           "  outbreath config unset KEY         takes a value out of your file\n"
           "  outbreath config path              where your file is, or would be\n"
           "  outbreath config default           every key with its default and its meaning, as a file\n"
           "  outbreath config manual            the tables of the manual's page\n\n");
    ob_options_print(table, OPTIONS);
}

/* The setting of a word on the command line; OB_SETTINGS after a sentence. */
static enum ob_setting setting_named(const char *key)
{
    char line[256];
    const enum ob_setting setting = ob_setting_of_key(key);
    if (setting != OB_SETTINGS)
        return setting;
    const char *nearest = ob_setting_nearest(key);
    snprintf(line, sizeof line, "there is no setting '%.60s'; %s%s%s", key, nearest ? "did you mean " : "",
             nearest ? nearest : "'outbreath config show' lists them", nearest ? "?" : "");
    ob_say(0, line);
    return OB_SETTINGS;
}

/* ---- show ------------------------------------------------------------------------------------------------------- */

static void show_json(const struct ob_loaded *loaded, enum ob_setting setting, bool last)
{
    static const char *const layers[] = {"default", "system", "user", "environment", "command line"};
    const struct ob_setting_about *about = ob_setting_about(setting);
    const struct ob_setting_value *value = &loaded->settings.values[setting];
    char origin[PATH_MAX + 64];
    printf("    \"%s\": {\"value\": ", about->key);
    if (about->kind == OB_SETTING_BOOL)
        printf("%s", value->number != 0.0 ? "true" : "false");
    else if ((about->kind == OB_SETTING_NUMBER || about->kind == OB_SETTING_INTEGER) &&
             !(about->words && strcmp(value->text, about->words) == 0))
        printf("%.12g", value->number);
    else
        ob_json_string(stdout, value->text);
    printf(", \"unit\": ");
    ob_json_string(stdout, about->unit);
    printf(", \"default\": ");
    ob_json_string(stdout, about->standard);
    printf(", \"layer\": \"%s\", \"origin\": ", layers[value->layer]);
    ob_json_string(stdout, ob_settings_origin(loaded, setting, origin, sizeof origin));
    printf("}%s\n", last ? "" : ",");
}

static void show_line(const struct ob_loaded *loaded, enum ob_setting setting, bool with_origin)
{
    char value[OB_SETTING_TEXT * 2 + 8], origin[PATH_MAX + 64];
    const char *written = ob_settings_written(&loaded->settings, setting, value, sizeof value);
    if (with_origin)
        printf("%-28s %-16s %s\n", ob_setting_about(setting)->key, written,
               ob_settings_origin(loaded, setting, origin, sizeof origin));
    else
        printf("%-28s %s\n", ob_setting_about(setting)->key, written);
}

static int show(const struct config_options *options, const char *key)
{
    static struct ob_loaded loaded;
    const enum ob_setting only = key ? setting_named(key) : OB_SETTINGS;
    if (key && only == OB_SETTINGS)
        return OB_EXIT_USAGE;
    if (!ob_settings_load(options->config, NULL, &loaded))
        return OB_EXIT_INPUT;
    if (options->json)
        printf("{\n  \"version\": %d,\n  \"settings\": {\n", OB_CONFIG_VERSION);
    for (unsigned i = 0; i < OB_SETTINGS; i++) {
        if (key && i != only)
            continue;
        if (options->json)
            show_json(&loaded, (enum ob_setting)i, key || i + 1 == OB_SETTINGS);
        else
            show_line(&loaded, (enum ob_setting)i, options->origin);
    }
    if (options->json)
        printf("  },\n  \"mistakes\": %zu\n}\n", loaded.mistakes);
    return OB_EXIT_DONE;
}

static int get(const struct config_options *options, const char *key)
{
    static struct ob_loaded loaded;
    const enum ob_setting setting = setting_named(key);
    if (setting == OB_SETTINGS)
        return OB_EXIT_USAGE;
    if (!ob_settings_load(options->config, NULL, &loaded))
        return OB_EXIT_INPUT;
    printf("%s\n", ob_settings_text(&loaded.settings, setting));
    return OB_EXIT_DONE;
}

/* ---- check ------------------------------------------------------------------------------------------------------ */

struct checked {
    const char *file; /* or "environment" */
    bool there;
    struct ob_problems problems;
};

static void check_file(const char *path, enum ob_layer layer, struct checked *out)
{
    struct ob_settings settings;
    ob_settings_init(&settings);
    ob_problems_init(&out->problems);
    out->file = path;
    out->there = ob_settings_file_read(path, &settings, layer, &out->problems) != OB_ERR_NOT_FOUND;
}

static void print_checked(const struct checked *c)
{
    char line[PATH_MAX + 512];
    for (size_t i = 0; i < c->problems.kept; i++) {
        ob_problem_line(&c->problems.list[i], c->file, line, sizeof line);
        printf("%s%s\n", line, strchr(".?", line[strlen(line) - 1]) ? "" : ".");
    }
    if (c->problems.errors > c->problems.kept)
        printf("%s: and %zu more mistakes.\n", c->file, c->problems.errors - c->problems.kept);
    if (!c->there)
        printf("%s: there is no such file, and none is needed.\n", c->file);
    else if (c->problems.kept == 0)
        printf("%s: all is well.\n", c->file);
}

static void print_checked_json(const struct checked *c, bool last)
{
    printf("    {\"file\": ");
    ob_json_string(stdout, c->file);
    printf(", \"there\": %s, \"mistakes\": %zu, \"problems\": [", c->there ? "true" : "false", c->problems.errors);
    for (size_t i = 0; i < c->problems.kept; i++) {
        const struct ob_problem *p = &c->problems.list[i];
        printf("%s\n      {\"line\": %d, \"kind\": \"%s\", \"key\": ", i ? "," : "", p->line,
               p->note ? "note" : "mistake");
        ob_json_string(stdout, p->key);
        printf(", \"text\": ");
        ob_json_string(stdout, p->text);
        printf("}");
    }
    printf("]}%s\n", last ? "" : ",");
}

static int check(const struct config_options *options, const char *path)
{
    static struct checked all[3];
    static struct ob_settings_files files;
    size_t count = 0, mistakes = 0;
    if (path) {
        check_file(path, OB_LAYER_USER, &all[count++]);
        if (!all[0].there) {
            char line[PATH_MAX];
            snprintf(line, sizeof line, "there is no file %s", path);
            return ob_say(OB_EXIT_INPUT, line);
        }
    } else {
        struct ob_settings settings;
        ob_settings_files_find(options->config, &files);
        if (files.system[0])
            check_file(files.system, OB_LAYER_SYSTEM, &all[count++]);
        if (files.user[0])
            check_file(files.user, OB_LAYER_USER, &all[count++]);
        ob_settings_init(&settings);
        all[count] = (struct checked){.file = "environment", .there = true};
        ob_settings_environment(&settings, &all[count++].problems);
    }
    if (options->json)
        printf("{\n  \"files\": [\n");
    for (size_t i = 0; i < count; i++) {
        mistakes += all[i].problems.errors;
        if (options->json)
            print_checked_json(&all[i], i + 1 == count);
        else
            print_checked(&all[i]);
    }
    if (options->json)
        printf("  ],\n  \"mistakes\": %zu\n}\n", mistakes);
    return mistakes > 0 ? OB_EXIT_INPUT : OB_EXIT_DONE;
}

/* ---- set and unset ---------------------------------------------------------------------------------------------- */

/* What the desktop offers goes by a timer, which is set anew. */
static int follow_pauses(void)
{
    static struct ob_loaded loaded;
    char line[160];
    if (!ob_settings_load(NULL, NULL, &loaded))
        return OB_EXIT_INPUT;
    const enum ob_err err = ob_between_follow(&loaded, NULL);
    if (!err)
        return OB_EXIT_DONE;
    snprintf(line, sizeof line, "it is written, but the timer can't be changed: %.100s", ob_err_text(err));
    return ob_say(OB_EXIT_FAILED, line);
}

/* value NULL: unset. */
static int edit(const struct config_options *options, const char *key, const char *value)
{
    char line[PATH_MAX + 640] = "";
    const enum ob_setting setting = setting_named(key);
    if (setting == OB_SETTINGS)
        return OB_EXIT_USAGE;
    const enum ob_err err = ob_settings_file_set(options->config, setting, value, line, sizeof line);
    if (!err && !options->config && (setting == OB_SET_BETWEEN_PAUSES || setting == OB_SET_BETWEEN_HOURS))
        return follow_pauses();
    if (!err)
        return OB_EXIT_DONE;
    return ob_say(err == OB_ERR_RANGE || err == OB_ERR_NOT_FOUND ? OB_EXIT_USAGE
                  : err == OB_ERR_FORMAT                         ? OB_EXIT_INPUT
                                                                 : OB_EXIT_FAILED,
                  line);
}

/* ---- the command ------------------------------------------------------------------------------------------------ */

static int print_page(void (*page)(struct ob_text *))
{
    struct ob_text text = {0};
    page(&text);
    if (!text.failed)
        fwrite(text.bytes, 1, text.size, stdout);
    const int code = text.failed ? ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY)) : OB_EXIT_DONE;
    ob_text_finish(&text);
    return code;
}

static int path(const struct config_options *options)
{
    struct ob_settings_files files;
    ob_settings_files_find(options->config, &files);
    if (!files.user[0])
        return ob_say(OB_EXIT_FAILED, "there is no folder for settings: neither HOME nor XDG_CONFIG_HOME names one");
    printf("%s\n", files.user);
    return OB_EXIT_DONE;
}

int ob_cmd_config(int argc, char **argv)
{
    struct config_options options = {0};
    const char *words[5] = {0};
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &options, words, 5))
        return OB_EXIT_USAGE;
    if (options.help || !words[0]) {
        show_help();
        return options.help ? OB_EXIT_DONE : OB_EXIT_USAGE;
    }
    int count = 0;
    while (words[count])
        count++;
    const struct {
        const char *name;
        int least, most; /* words behind it */
    } known[] = {{"show", 0, 1},  {"get", 1, 1},  {"check", 0, 1},   {"set", 2, 2},
                 {"unset", 1, 1}, {"path", 0, 0}, {"default", 0, 0}, {"manual", 0, 0}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(words[0], known[i].name) != 0)
            continue;
        if (count - 1 < known[i].least || count - 1 > known[i].most)
            return ob_say(OB_EXIT_USAGE, "that is too much or too little; 'outbreath config --help' shows how");
        switch (i) {
        case 0:
            return show(&options, words[1]);
        case 1:
            return get(&options, words[1]);
        case 2:
            return check(&options, words[1]);
        case 3:
            return edit(&options, words[1], words[2]);
        case 4:
            return edit(&options, words[1], NULL);
        case 5:
            return path(&options);
        case 6:
            return print_page(ob_config_page_default);
        default:
            return print_page(ob_config_page_manual);
        }
    }
    return ob_say(OB_EXIT_USAGE, "config takes show, get, check, set, unset, path, default or manual");
}
