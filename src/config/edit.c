/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/edit.h"

#include "config/yaml.h"

#include <stdio.h>
#include <string.h>

struct edit {
    const char *bytes;
    size_t size;
    enum ob_setting setting;
    char group[64];
    const char *name;
    struct ob_yaml *yaml;
    const struct ob_yaml_node *root, *group_node, *node; /* NULL: not there */
    struct ob_text *out;
};

static size_t line_start(const struct edit *e, size_t at)
{
    while (at > 0 && e->bytes[at - 1] != '\n')
        at--;
    return at;
}

/* The byte behind the line's last one, before its newline. */
static size_t line_end(const struct edit *e, size_t at)
{
    while (at < e->size && e->bytes[at] != '\n')
        at++;
    return at;
}

/* Where the text of a value ends. A block's own end is where the next thing begins, and comments lie between. */
static size_t last_byte(const struct edit *e, const struct ob_yaml_node *node)
{
    if (node->kind == OB_YAML_SCALAR || node->flow || node->first < 0)
        return node->to;
    const struct ob_yaml_node *last = ob_yaml_node(e->yaml, node->first);
    while (last->next >= 0)
        last = ob_yaml_node(e->yaml, last->next);
    return last_byte(e, last);
}

/* Everything up to from, for what takes the place of [from, to) to be put behind it; and everything from to on. */
static void put_head(struct edit *e, size_t from)
{
    ob_text_put(e->out, e->bytes, from);
}

static void put_tail(struct edit *e, size_t to)
{
    ob_text_put(e->out, e->bytes + to, e->size - to);
}

static enum ob_err begin(struct edit *e, char *problem_out, size_t problem_size)
{
    struct ob_problems problems;
    ob_problems_init(&problems);
    const char *key = ob_setting_about(e->setting)->key;
    e->name = strchr(key, '.') + 1;
    snprintf(e->group, sizeof e->group, "%.*s", (int)strcspn(key, "."), key);
    const enum ob_err err = ob_yaml_read(e->bytes, e->size, &problems, &e->yaml);
    if (err) {
        char line[384] = "";
        if (problems.kept > 0)
            ob_problem_line(&problems.list[0], "line", line, sizeof line);
        snprintf(problem_out, problem_size, "the file has to be mended by hand first: %s", line);
        return err;
    }
    e->root = ob_yaml_node(e->yaml, 0);
    if (e->root->kind != OB_YAML_MAP || e->root->flow) {
        snprintf(problem_out, problem_size, "the file does not have its keys in lines of their own; change it by hand");
        return OB_ERR_FORMAT;
    }
    e->group_node = ob_yaml_child(e->yaml, e->root, e->group);
    if (e->group_node && e->group_node->kind != OB_YAML_MAP && !ob_yaml_is_null(e->group_node)) {
        snprintf(problem_out, problem_size, "what stands at %s has to be mended by hand first", e->group);
        return OB_ERR_FORMAT;
    }
    e->node = e->group_node ? ob_yaml_child(e->yaml, e->group_node, e->name) : NULL;
    return OB_OK;
}

static void replace_value(struct edit *e, const char *value)
{
    const bool there = e->node->to > e->node->from;
    const bool lines = there && e->bytes[e->node->to - 1] == '\n'; /* a text in lines of its own */
    put_head(e, e->node->from);
    ob_text_print(e->out, "%s%s%s", there ? "" : " ", value, lines ? "\n" : "");
    put_tail(e, e->node->to);
}

static void add_to_group(struct edit *e, const char *value)
{
    const struct ob_yaml_node *group = e->group_node;
    size_t at = group->to;
    if (group->kind == OB_YAML_MAP && group->flow) {
        put_head(e, --at);
        ob_text_print(e->out, "%s%s: %s", group->count > 0 ? ", " : "", e->name, value);
    } else if (group->kind == OB_YAML_MAP) {
        const size_t key = ob_yaml_node(e->yaml, group->first)->key_from;
        put_head(e, at = line_end(e, last_byte(e, group)));
        ob_text_print(e->out, "\n%*s%s: %s", (int)(key - line_start(e, key)), "", e->name, value);
    } else if (group->to > group->from) { /* a written null */
        put_head(e, group->from);
        ob_text_print(e->out, "{%s: %s}", e->name, value);
    } else {
        const size_t indent = group->key_from - line_start(e, group->key_from) + 2;
        put_head(e, at = line_end(e, group->key_from));
        ob_text_print(e->out, "\n%*s%s: %s", (int)indent, "", e->name, value);
    }
    put_tail(e, at);
}

static void add_group(struct edit *e, const char *value)
{
    int indent = 0;
    if (e->root->first >= 0) {
        const size_t key = ob_yaml_node(e->yaml, e->root->first)->key_from;
        indent = (int)(key - line_start(e, key));
    }
    ob_text_put(e->out, e->bytes, e->size);
    if (e->size > 0 && e->bytes[e->size - 1] != '\n')
        ob_text_put(e->out, "\n", 1);
    if (e->root->first < 0)
        ob_text_print(e->out, "version: %d\n", OB_CONFIG_VERSION);
    ob_text_print(e->out, "\n%*s%s:\n%*s%s: %s\n", indent, "", e->group, indent + 2, "", e->name, value);
}

/* Whether the new text says the same as the old one in everything but one setting. */
static enum ob_err check(const struct edit *e, const char *wanted, char *problem_out, size_t problem_size)
{
    struct ob_settings pair[2];
    struct ob_problems problems[2];
    const char *const texts[2] = {e->bytes, e->out->bytes ? e->out->bytes : ""};
    const size_t sizes[2] = {e->size, e->out->size};
    bool good = !e->out->failed;
    if (!good)
        return OB_ERR_NO_MEMORY;
    for (int i = 0; i < 2; i++) {
        ob_settings_init(&pair[i]);
        ob_problems_init(&problems[i]);
        good = ob_settings_read(&pair[i], OB_LAYER_USER, texts[i], sizes[i], &problems[i]) == OB_OK && good;
    }
    for (unsigned i = 0; good && i < OB_SETTINGS; i++) {
        const struct ob_setting_value *before = &pair[0].values[i], *after = &pair[1].values[i];
        if (i != e->setting)
            good = before->layer == after->layer && strcmp(before->text, after->text) == 0;
        else if (wanted)
            good = after->layer == OB_LAYER_USER && strcmp(after->text, wanted) == 0;
        else
            good = after->layer == OB_LAYER_DEFAULT;
    }
    if (good && problems[1].errors <= problems[0].errors)
        return OB_OK;
    snprintf(problem_out, problem_size,
             "the file is written in a way that can't be changed without touching other things; change it by hand");
    return OB_ERR_FORMAT;
}

static enum ob_err finish(struct edit *e, enum ob_err err)
{
    ob_yaml_destroy(e->yaml);
    if (err)
        ob_text_finish(e->out);
    return err;
}

enum ob_err ob_config_set(const char *bytes, size_t size, enum ob_setting setting, const char *value,
                          struct ob_text *text_out, char *problem_out, size_t problem_size)
{
    struct edit e = {.bytes = bytes, .size = size, .setting = setting, .out = text_out};
    struct ob_settings wanted;
    char written[OB_SETTING_TEXT * 2 + 8], expected[128];
    memset(text_out, 0, sizeof *text_out);
    ob_settings_init(&wanted);
    if (!ob_settings_take(&wanted, setting, value, OB_LAYER_USER, 0)) {
        snprintf(problem_out, problem_size, "%s: expected %s, not '%.60s'", ob_setting_about(setting)->key,
                 ob_setting_expected(setting, expected, sizeof expected), value);
        return OB_ERR_RANGE;
    }
    enum ob_err err = begin(&e, problem_out, problem_size);
    if (err)
        return finish(&e, err);
    ob_settings_written(&wanted, setting, written, sizeof written);
    if (e.node)
        replace_value(&e, written);
    else if (e.group_node)
        add_to_group(&e, written);
    else
        add_group(&e, written);
    /* A BOOL is written as true or false, whatever it was called. */
    const bool plain = ob_setting_about(setting)->kind == OB_SETTING_BOOL;
    err = check(&e, plain ? written : ob_settings_text(&wanted, setting), problem_out, problem_size);
    return finish(&e, err);
}

enum ob_err ob_config_unset(const char *bytes, size_t size, enum ob_setting setting, struct ob_text *text_out,
                            char *problem_out, size_t problem_size)
{
    struct edit e = {.bytes = bytes, .size = size, .setting = setting, .out = text_out};
    memset(text_out, 0, sizeof *text_out);
    enum ob_err err = begin(&e, problem_out, problem_size);
    if (err)
        return finish(&e, err);
    if (!e.node) {
        snprintf(problem_out, problem_size, "%s does not stand in the file", ob_setting_about(setting)->key);
        return finish(&e, OB_ERR_NOT_FOUND);
    }
    const size_t from = line_start(&e, e.node->key_from);
    const size_t to = line_end(&e, last_byte(&e, e.node));
    if (strspn(bytes + from, " ") >= e.node->key_from - from && !e.group_node->flow) {
        put_head(&e, from);
        put_tail(&e, to + (to < size));
    } else {
        put_head(&e, e.node->from);
        ob_text_print(text_out, "%s~", e.node->to > e.node->from ? "" : " ");
        put_tail(&e, e.node->to);
    }
    err = check(&e, NULL, problem_out, problem_size);
    return finish(&e, err);
}
