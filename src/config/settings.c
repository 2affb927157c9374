/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/settings.h"

#include "base/nearest.h"
#include "config/hours.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define BOOL    OB_SETTING_BOOL
#define NUMBER  OB_SETTING_NUMBER
#define INTEGER OB_SETTING_INTEGER
#define CHOICE  OB_SETTING_CHOICE
#define HOURS   OB_SETTING_HOURS
#define TEXT    OB_SETTING_TEXT_KIND
static const struct ob_setting_about table[OB_SETTINGS] = {
#define ROW(id, key, option, kind, low, high, unit, standard, words, argument, help)                                   \
    {key, option, kind, low, high, unit, standard, words, argument, help},
    OB_SETTINGS_TABLE(ROW)
#undef ROW
};
#undef BOOL
#undef NUMBER
#undef INTEGER
#undef CHOICE
#undef HOURS
#undef TEXT

#define GROUP(name, heading) name,
static const char *const groups[] = {OB_SETTING_GROUPS(GROUP)};
#undef GROUP
#define GROUPS (sizeof groups / sizeof *groups)

const struct ob_setting_about *ob_setting_about(enum ob_setting setting)
{
    return &table[setting];
}

enum ob_setting ob_setting_of_key(const char *key)
{
    for (unsigned i = 0; i < OB_SETTINGS; i++)
        if (strcmp(table[i].key, key) == 0)
            return (enum ob_setting)i;
    return OB_SETTINGS;
}

/* The whole key may be near, or only its name with another group or none before it. */
const char *ob_setting_nearest(const char *key)
{
    const char *keys[OB_SETTINGS], *names[OB_SETTINGS];
    for (unsigned i = 0; i < OB_SETTINGS; i++) {
        keys[i] = table[i].key;
        names[i] = strchr(table[i].key, '.') + 1;
    }
    const char *nearest = ob_nearest(key, keys, OB_SETTINGS);
    if (nearest)
        return nearest;
    const char *dot = strrchr(key, '.');
    nearest = ob_nearest(dot ? dot + 1 : key, names, OB_SETTINGS);
    for (unsigned i = 0; nearest && i < OB_SETTINGS; i++)
        if (names[i] == nearest)
            return keys[i];
    return NULL;
}

const char *ob_setting_variable(enum ob_setting setting, char *out, size_t size)
{
    snprintf(out, size, "OUTBREATH_%s", table[setting].key);
    for (char *p = out; *p; p++)
        *p = (char)(*p == '.' ? '_' : toupper((unsigned char)*p));
    return out;
}

const char *ob_setting_expected(enum ob_setting setting, char *out, size_t size)
{
    const struct ob_setting_about *about = &table[setting];
    switch (about->kind) {
    case OB_SETTING_BOOL:
        snprintf(out, size, "true or false");
        break;
    case OB_SETTING_NUMBER:
    case OB_SETTING_INTEGER:
        snprintf(out, size, "a %s from %.10g to %.10g (%s)%s%s",
                 about->kind == OB_SETTING_INTEGER ? "whole number" : "number", about->low, about->high, about->unit,
                 about->words ? ", or " : "", about->words ? about->words : "");
        break;
    case OB_SETTING_CHOICE: {
        size_t used = (size_t)snprintf(out, size, "one of ");
        for (const char *p = about->words; *p && used + 3 < size; p++) {
            if (*p == '|')
                out[used++] = ',';
            out[used++] = *p == '|' ? ' ' : *p;
        }
        out[used] = '\0';
        break;
    }
    case OB_SETTING_HOURS:
        snprintf(out, size, "hours such as 08:00-20:00, or always");
        break;
    default:
        snprintf(out, size, "a line of text");
        break;
    }
    return out;
}

/* Which word of "a|b|c" this is, -1: none. */
static int word_index(const char *words, const char *text)
{
    const size_t length = strlen(text);
    int index = 0;
    for (const char *p = words; *p; index++) {
        const size_t word = strcspn(p, "|");
        if (word == length && strncmp(p, text, length) == 0)
            return index;
        p += word;
        p += *p == '|';
    }
    return -1;
}

static bool understand(const struct ob_setting_about *about, const char *text, double *number_out)
{
    bool on = false;
    double number = 0.0;
    *number_out = 0.0;
    switch (about->kind) {
    case OB_SETTING_BOOL:
        if (!ob_text_bool(text, &on))
            return false;
        *number_out = on;
        return true;
    case OB_SETTING_NUMBER:
    case OB_SETTING_INTEGER:
        if (about->words && strcmp(text, about->words) == 0)
            return true;
        if (!ob_text_number(text, &number) || number < about->low || number > about->high ||
            (about->kind == OB_SETTING_INTEGER && number != floor(number)))
            return false;
        *number_out = number;
        return true;
    case OB_SETTING_CHOICE:
        *number_out = word_index(about->words, text);
        return *number_out >= 0.0;
    case OB_SETTING_HOURS: {
        struct ob_hours hours;
        return ob_hours_read(text, &hours);
    }
    default:
        for (const char *p = text; *p; p++)
            if ((unsigned char)*p < 0x20 || *p == 0x7f)
                return false;
        return strlen(text) < OB_SETTING_TEXT;
    }
}

bool ob_settings_take(struct ob_settings *settings, enum ob_setting setting, const char *text, enum ob_layer layer,
                      int line)
{
    double number;
    if (strlen(text) >= OB_SETTING_TEXT || !understand(&table[setting], text, &number))
        return false;
    struct ob_setting_value *value = &settings->values[setting];
    value->number = number;
    value->layer = layer;
    value->line = line;
    memset(value->text, 0, sizeof value->text);
    memcpy(value->text, text, strlen(text));
    return true;
}

void ob_settings_init(struct ob_settings *settings)
{
    memset(settings, 0, sizeof *settings);
    for (unsigned i = 0; i < OB_SETTINGS; i++)
        ob_settings_take(settings, (enum ob_setting)i, table[i].standard, OB_LAYER_DEFAULT, 0);
}

void ob_settings_overlay(struct ob_settings *settings, const struct ob_settings *over, enum ob_layer layer)
{
    for (unsigned i = 0; i < OB_SETTINGS; i++)
        if (over->values[i].layer == layer)
            settings->values[i] = over->values[i];
}

/* ---- files ------------------------------------------------------------------------------------------------------ */

struct reading {
    struct ob_settings *settings;
    enum ob_layer layer;
    const struct ob_yaml *yaml;
    struct ob_problems *problems;
    bool newer; /* written for a version that is not known here */
};

static void unknown_key(struct reading *r, const struct ob_yaml_node *node, const char *key)
{
    const enum ob_setting dotted = ob_setting_of_key(node->key);
    const char *nearest = ob_setting_nearest(key);
    if (r->newer)
        ob_problems_note(r->problems, node->key_line, key, "this key is not known here and is left out");
    else if (dotted != OB_SETTINGS)
        ob_problems_add(r->problems, node->key_line, key,
                        "in a file write '%.*s:' and, in the next line and further in, '%s:'",
                        (int)strcspn(node->key, "."), node->key, strchr(node->key, '.') + 1);
    else if (nearest)
        ob_problems_add(r->problems, node->key_line, key, "there is no such key; did you mean %s?", nearest);
    else
        ob_problems_add(r->problems, node->key_line, key, "there is no such key; 'outbreath config show' lists them");
}

static void take_node(struct reading *r, enum ob_setting setting, const struct ob_yaml_node *node)
{
    const struct ob_setting_about *about = &table[setting];
    char expected[128], shown[96];
    if (ob_yaml_is_null(node))
        return; /* the layer below has the word */
    const bool wants_text = about->kind == OB_SETTING_TEXT_KIND || about->kind == OB_SETTING_HOURS;
    if (node->kind == OB_YAML_SCALAR && (!node->quoted || wants_text) &&
        ob_settings_take(r->settings, setting, node->text, r->layer, node->line))
        return;
    const bool comma = node->kind == OB_YAML_SCALAR && !node->quoted && about->kind == OB_SETTING_NUMBER &&
                       strchr(node->text, ',') && strspn(node->text, "0123456789,-") == strlen(node->text);
    ob_problems_add(r->problems, node->line, about->key, "expected %s, not %s%s",
                    ob_setting_expected(setting, expected, sizeof expected), ob_yaml_shown(node, shown, sizeof shown),
                    comma ? "; decimals are written with a point"
                    : node->kind == OB_YAML_SCALAR && node->quoted && !wants_text ? "; leave the quotes away"
                                                                                  : "");
}

static void take_version(struct reading *r, const struct ob_yaml_node *node)
{
    double version = 0.0;
    char shown[96];
    if (!ob_yaml_number(node, &version) || version < 1.0 || version != floor(version)) {
        ob_problems_add(r->problems, node->line, "version", "expected a whole number from 1 on, not %s",
                        ob_yaml_shown(node, shown, sizeof shown));
        return;
    }
    if (version <= OB_CONFIG_VERSION)
        return;
    r->newer = true;
    ob_problems_add(r->problems, node->line, "version",
                    "this file was written for a newer Outbreath (version %.0f of the file; %d is known here). What is "
                    "understood of it is used",
                    version, OB_CONFIG_VERSION);
}

static bool is_group(const char *name)
{
    for (size_t i = 0; i < GROUPS; i++)
        if (strcmp(groups[i], name) == 0)
            return true;
    return false;
}

static void take_group(struct reading *r, const struct ob_yaml_node *group)
{
    char key[160], shown[96];
    if (ob_yaml_is_null(group))
        return;
    if (group->kind != OB_YAML_MAP) {
        ob_problems_add(r->problems, group->line, group->key,
                        "expected keys of its own, each in a line further in, not %s",
                        ob_yaml_shown(group, shown, sizeof shown));
        return;
    }
    for (const struct ob_yaml_node *node = ob_yaml_node(r->yaml, group->first); node;
         node = ob_yaml_node(r->yaml, node->next)) {
        if (node->again)
            continue;
        snprintf(key, sizeof key, "%s.%.100s", group->key, node->key);
        const enum ob_setting setting = ob_setting_of_key(key);
        if (setting == OB_SETTINGS)
            unknown_key(r, node, key);
        else
            take_node(r, setting, node);
    }
}

/* A group that is not known: its keys are what somebody meant, so the nearest is looked for with each of them. */
static void unknown_group(struct reading *r, const struct ob_yaml_node *group)
{
    const char *near_group = ob_nearest(group->key, groups, GROUPS);
    if (group->kind == OB_YAML_MAP && near_group && !r->newer) {
        ob_problems_add(r->problems, group->key_line, group->key, "there is no such key; did you mean %s?", near_group);
        return;
    }
    unknown_key(r, group, group->key);
}

enum ob_err ob_settings_read(struct ob_settings *settings, enum ob_layer layer, const char *bytes, size_t size,
                             struct ob_problems *problems)
{
    struct ob_yaml *yaml = NULL;
    const enum ob_err err = ob_yaml_read(bytes, size, problems, &yaml);
    if (err)
        return err;
    struct reading r = {.settings = settings, .layer = layer, .yaml = yaml, .problems = problems};
    const struct ob_yaml_node *root = ob_yaml_node(yaml, 0);
    if (root->kind != OB_YAML_MAP) {
        ob_problems_add(problems, root->line, NULL, "expected keys such as 'session:', not one value or a list");
        ob_yaml_destroy(yaml);
        return OB_ERR_FORMAT;
    }
    const struct ob_yaml_node *version = ob_yaml_child(yaml, root, "version");
    if (version)
        take_version(&r, version);
    for (const struct ob_yaml_node *node = ob_yaml_node(yaml, root->first); node;
         node = ob_yaml_node(yaml, node->next)) {
        if (node->again || node == version)
            continue;
        if (is_group(node->key))
            take_group(&r, node);
        else
            unknown_group(&r, node);
    }
    ob_yaml_destroy(yaml);
    ob_problems_sort(problems);
    return OB_OK;
}

/* ---- looking at it ---------------------------------------------------------------------------------------------- */

double ob_settings_number(const struct ob_settings *settings, enum ob_setting setting)
{
    return settings->values[setting].number;
}

bool ob_settings_is(const struct ob_settings *settings, enum ob_setting setting)
{
    return settings->values[setting].number != 0.0;
}

const char *ob_settings_text(const struct ob_settings *settings, enum ob_setting setting)
{
    return settings->values[setting].text;
}

static bool plain_enough(const char *text)
{
    double number;
    bool on;
    if (!isalpha((unsigned char)text[0]) && text[0] != '/')
        return false;
    for (const char *p = text; *p; p++)
        if (!isalnum((unsigned char)*p) && !strchr("/._-", *p))
            return false;
    return !ob_text_number(text, &number) && !ob_text_bool(text, &on) && strcmp(text, "null") != 0;
}

static const char *yaml_quoted(const char *text, char *out, size_t size)
{
    if (plain_enough(text)) {
        snprintf(out, size, "%s", text);
        return out;
    }
    size_t used = 0;
    out[used++] = '"';
    for (const char *p = text; *p && used + 4 < size; p++) {
        if (*p == '"' || *p == '\\')
            out[used++] = '\\';
        out[used++] = *p;
    }
    out[used++] = '"';
    out[used] = '\0';
    return out;
}

const char *ob_settings_written(const struct ob_settings *settings, enum ob_setting setting, char *out, size_t size)
{
    const struct ob_setting_value *value = &settings->values[setting];
    if (table[setting].kind == OB_SETTING_TEXT_KIND)
        return yaml_quoted(value->text, out, size);
    if (table[setting].kind == OB_SETTING_BOOL)
        snprintf(out, size, "%s", value->number != 0.0 ? "true" : "false");
    else
        snprintf(out, size, "%s", value->text);
    return out;
}
