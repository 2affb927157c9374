/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/protocol_file.h"

#include "base/nearest.h"
#include "config/yaml.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define CAPTION_FOR_S 20.0

static const char *const top_keys[] = {"version", "title",    "about",  "kiosk", "screen", "scene", "soundscape",
                                       "sound",   "feedback", "search", "end",   "asleep", "phases"};
static const char *const phase_keys[] = {
    "kind",     "name",      "minutes",    "seconds",     "rate_brpm",      "from_brpm",   "to_brpm",
    "ramp",     "pattern_s", "start_brpm", "target_brpm", "inhale_percent", "hold_in_s",   "hold_out_s",
    "measured", "feedback",  "sound",      "sound_db",    "sound_from_db",  "sound_to_db", "captions"};
static const char *const caption_keys[] = {"at_s", "for_s", "text"};
#define COUNT(array) (sizeof(array) / sizeof *(array))

struct reading {
    const struct ob_yaml *yaml;
    struct ob_problems *problems;
    struct ob_protocol *protocol;
    bool sound, feedback; /* where a phase does not say */
    bool stay;            /* who falls asleep is not let go */
    char where[48];       /* "phases.2", "" at the top */
};

/* The dotted key of a node, for people. */
static const char *key_of(const struct reading *r, const char *key, char *out, size_t size)
{
    snprintf(out, size, "%s%s%s", r->where, r->where[0] && key[0] ? "." : "", key);
    return out;
}

static void complain(struct reading *r, const struct ob_yaml_node *node, const char *expected)
{
    char key[96], shown[96];
    ob_problems_add(r->problems, node->line, key_of(r, node->key ? node->key : "", key, sizeof key),
                    "expected %s, not %s", expected, ob_yaml_shown(node, shown, sizeof shown));
}

/* Says what is not known in a map. */
static void look_for_strays(struct reading *r, const struct ob_yaml_node *map, const char *const *known, size_t count)
{
    char key[160];
    for (const struct ob_yaml_node *node = ob_yaml_node(r->yaml, map->first); node;
         node = ob_yaml_node(r->yaml, node->next)) {
        bool found = false;
        for (size_t i = 0; i < count; i++)
            found |= strcmp(known[i], node->key) == 0;
        if (found)
            continue;
        const char *nearest = ob_nearest(node->key, known, count);
        key_of(r, node->key, key, sizeof key);
        if (nearest)
            ob_problems_add(r->problems, node->key_line, key, "there is no such key; did you mean %s?", nearest);
        else
            ob_problems_add(r->problems, node->key_line, key, "there is no such key here");
    }
}

/* The child with this key, NULL where nothing is written. */
static const struct ob_yaml_node *find(const struct reading *r, const struct ob_yaml_node *map, const char *key)
{
    const struct ob_yaml_node *node = ob_yaml_child(r->yaml, map, key);
    return node && !ob_yaml_is_null(node) ? node : NULL;
}

static bool take_bool(struct reading *r, const struct ob_yaml_node *map, const char *key, bool standard)
{
    const struct ob_yaml_node *node = find(r, map, key);
    bool value = standard;
    if (node && !ob_yaml_bool(node, &value))
        complain(r, node, "on or off");
    return value;
}

/* A finite number; limits are the protocol's own to judge. */
static double take_number(struct reading *r, const struct ob_yaml_node *map, const char *key, double standard)
{
    const struct ob_yaml_node *node = find(r, map, key);
    double value = standard;
    if (node && !ob_yaml_number(node, &value))
        complain(r, node, "a number");
    return value;
}

static int take_choice(struct reading *r, const struct ob_yaml_node *map, const char *key, const char *const *words,
                       int count, int standard)
{
    const struct ob_yaml_node *node = find(r, map, key);
    char expected[128] = "one of";
    if (!node)
        return standard;
    for (int i = 0; i < count; i++) {
        if (node->kind == OB_YAML_SCALAR && strcmp(node->text, words[i]) == 0)
            return i;
        const size_t used = strlen(expected);
        snprintf(expected + used, sizeof expected - used, "%s %s", i ? "," : "", words[i]);
    }
    complain(r, node, expected);
    return standard;
}

static void take_text(struct reading *r, const struct ob_yaml_node *map, const char *key, bool needed, char *out,
                      size_t size)
{
    const struct ob_yaml_node *node = find(r, map, key);
    char expected[64], dotted[96];
    out[0] = '\0';
    if (!node) {
        if (needed)
            ob_problems_add(r->problems, map->line, key_of(r, key, dotted, sizeof dotted), "this key is missing");
        return;
    }
    bool plain = node->kind == OB_YAML_SCALAR && strlen(node->text) < size;
    for (const char *p = node->text; plain && *p; p++)
        plain = (unsigned char)*p >= 0x20;
    if (plain) {
        memcpy(out, node->text, strlen(node->text) + 1);
        return;
    }
    snprintf(expected, sizeof expected, "a line of text of at most %zu bytes", size - 1);
    complain(r, node, expected);
}

/* ---- a phase ---------------------------------------------------------------------------------------------------- */

/* Two ways of saying the same: only one of them. */
static bool both(struct reading *r, const struct ob_yaml_node *map, const char *one, const char *other)
{
    char key[96];
    const struct ob_yaml_node *node = find(r, map, other);
    if (!find(r, map, one) || !node)
        return false;
    ob_problems_add(r->problems, node->key_line, key_of(r, other, key, sizeof key),
                    "%s says this already; leave one of them away", one);
    return true;
}

static void not_here(struct reading *r, const struct ob_yaml_node *map, const char *const *keys, size_t count,
                     const char *kind)
{
    char key[96];
    for (size_t i = 0; i < count; i++) {
        const struct ob_yaml_node *node = ob_yaml_child(r->yaml, map, keys[i]);
        if (node)
            ob_problems_add(r->problems, node->key_line, key_of(r, keys[i], key, sizeof key),
                            "%s phase does not have this", kind);
    }
}

/* [in, hold, out, hold] in seconds. */
static void take_pattern(struct reading *r, const struct ob_yaml_node *list, struct ob_session_phase *phase)
{
    double s[4] = {0.0};
    int count = 0;
    if (list->kind == OB_YAML_LIST)
        for (const struct ob_yaml_node *node = ob_yaml_node(r->yaml, list->first); node && count < 5;
             node = ob_yaml_node(r->yaml, node->next)) {
            if (count == 4 || !ob_yaml_number(node, &s[count]) || s[count] < 0.0)
                count = 5;
            count++;
        }
    if (count != 4 || s[0] <= 0.0 || s[2] <= 0.0) {
        complain(r, list, "four numbers of seconds: inhale, hold, exhale, hold");
        return;
    }
    phase->from_brpm = phase->to_brpm = 60.0 / (s[0] + s[1] + s[2] + s[3]);
    phase->inhale_share = s[0] / (s[0] + s[2]);
    phase->hold_in_s = s[1];
    phase->hold_out_s = s[3];
}

static void take_pace(struct reading *r, const struct ob_yaml_node *map, struct ob_session_phase *phase)
{
    static const char *const ramps[] = {"even", "by-breath"};
    static const char *const of_pace[] = {"rate_brpm", "from_brpm", "to_brpm", "ramp", "pattern_s"};
    static const char *const of_guide[] = {"start_brpm", "target_brpm"};
    static const char *const of_breath[] = {"inhale_percent", "hold_in_s", "hold_out_s"};
    char key[96];
    if (phase->kind != OB_PHASE_PACED)
        not_here(r, map, of_pace, COUNT(of_pace), phase->kind == OB_PHASE_GUIDED ? "a guided" : "an unpaced");
    if (phase->kind != OB_PHASE_GUIDED)
        not_here(r, map, of_guide, COUNT(of_guide), phase->kind == OB_PHASE_PACED ? "a paced" : "an unpaced");
    if (phase->kind == OB_PHASE_UNPACED) {
        not_here(r, map, of_breath, COUNT(of_breath), "an unpaced");
        return;
    }
    phase->inhale_share = take_number(r, map, "inhale_percent", 0.0) / 100.0;
    phase->hold_in_s = take_number(r, map, "hold_in_s", 0.0);
    phase->hold_out_s = take_number(r, map, "hold_out_s", 0.0);
    if (phase->kind == OB_PHASE_GUIDED) {
        phase->from_brpm = take_number(r, map, "start_brpm", 0.0);
        phase->to_brpm = take_number(r, map, "target_brpm", 0.0);
        return;
    }
    const struct ob_yaml_node *pattern = find(r, map, "pattern_s");
    if (pattern) {
        const char *const others[] = {"rate_brpm", "from_brpm", "to_brpm", "inhale_percent", "hold_in_s", "hold_out_s"};
        for (size_t i = 0; i < COUNT(others); i++)
            both(r, map, "pattern_s", others[i]);
        take_pattern(r, pattern, phase);
        return;
    }
    if (both(r, map, "rate_brpm", "from_brpm") || both(r, map, "rate_brpm", "to_brpm"))
        return;
    if (find(r, map, "rate_brpm")) {
        phase->from_brpm = phase->to_brpm = take_number(r, map, "rate_brpm", 0.0);
    } else if (find(r, map, "from_brpm") && find(r, map, "to_brpm")) {
        phase->from_brpm = take_number(r, map, "from_brpm", 0.0);
        phase->to_brpm = take_number(r, map, "to_brpm", 0.0);
        if (take_choice(r, map, "ramp", ramps, 2, 0) == 1)
            phase->flags |= OB_PHASE_BY_BREATH;
    } else {
        ob_problems_add(r->problems, map->line, key_of(r, "", key, sizeof key),
                        "a paced phase says rate_brpm, or from_brpm and to_brpm, or pattern_s");
    }
}

static void take_sound(struct reading *r, const struct ob_yaml_node *map, struct ob_session_phase *phase)
{
    both(r, map, "sound", "sound_db");
    both(r, map, "sound_db", "sound_from_db");
    both(r, map, "sound_db", "sound_to_db");
    double usual_db = take_bool(r, map, "sound", r->sound) ? 0.0 : OB_SILENT_DB;
    usual_db = take_number(r, map, "sound_db", usual_db);
    phase->sound_from_db = take_number(r, map, "sound_from_db", usual_db);
    phase->sound_to_db =
        take_number(r, map, "sound_to_db", find(r, map, "sound_from_db") ? phase->sound_from_db : usual_db);
}

static void take_captions(struct reading *r, const struct ob_yaml_node *list, int phase, double seconds)
{
    char where[48];
    struct ob_protocol *p = r->protocol;
    if (list->kind != OB_YAML_LIST) {
        complain(r, list, "a list of captions, each with at_s and text");
        return;
    }
    memcpy(where, r->where, sizeof where);
    int number = 0;
    for (const struct ob_yaml_node *node = ob_yaml_node(r->yaml, list->first); node;
         node = ob_yaml_node(r->yaml, node->next)) {
        snprintf(r->where, sizeof r->where, "phases.%d.captions.%d", phase + 1, ++number);
        if (node->kind != OB_YAML_MAP) {
            complain(r, node, "at_s and text");
            continue;
        }
        look_for_strays(r, node, caption_keys, COUNT(caption_keys));
        struct ob_protocol_caption c = {.phase = phase};
        c.at_s = take_number(r, node, "at_s", 0.0);
        c.for_s = take_number(r, node, "for_s", CAPTION_FOR_S);
        take_text(r, node, "text", true, c.text, sizeof c.text);
        if (!(c.at_s >= 0.0 && c.at_s < seconds))
            ob_problems_add(r->problems, node->line, r->where, "at_s is from 0 to the phase's end at %.6g s", seconds);
        else if (!(c.for_s >= 2.0 && c.for_s <= 600.0))
            ob_problems_add(r->problems, node->line, r->where, "for_s is from 2 to 600 s; nobody reads faster");
        else if (p->caption_count >= OB_PROTOCOL_CAPTIONS)
            ob_problems_add(r->problems, node->line, r->where, "a protocol has at most %d captions",
                            OB_PROTOCOL_CAPTIONS);
        else
            p->captions[p->caption_count++] = c;
    }
    memcpy(r->where, where, sizeof where);
}

/* The line of what breaks a limit, and its key. */
static void blame(struct reading *r, const struct ob_yaml_node *map, enum ob_phase_field field, const char *clause)
{
    static const char *const keys[][4] = {
        [OB_FIELD_NONE] = {NULL},
        [OB_FIELD_LENGTH] = {"seconds", "minutes"},
        [OB_FIELD_FROM] = {"from_brpm", "rate_brpm", "start_brpm", "pattern_s"},
        [OB_FIELD_TO] = {"to_brpm", "rate_brpm", "target_brpm", "pattern_s"},
        [OB_FIELD_INHALE] = {"inhale_percent", "pattern_s"},
        [OB_FIELD_HOLD_IN] = {"hold_in_s", "pattern_s"},
        [OB_FIELD_HOLD_OUT] = {"hold_out_s", "pattern_s"},
        [OB_FIELD_SOUND] = {"sound_to_db", "sound_from_db", "sound_db"},
    };
    char key[96];
    const struct ob_yaml_node *node = NULL;
    for (int i = 0; !node && i < 4 && keys[field][i]; i++)
        node = find(r, map, keys[field][i]);
    ob_problems_add(r->problems, node ? node->line : map->line, key_of(r, node ? node->key : "", key, sizeof key), "%s",
                    clause);
}

static void take_phase(struct reading *r, const struct ob_yaml_node *map, int index)
{
    static const char *const kinds[] = {
        [OB_PHASE_UNPACED] = "unpaced", [OB_PHASE_PACED] = "paced", [OB_PHASE_GUIDED] = "guided"};
    struct ob_protocol *p = r->protocol;
    struct ob_session_phase *phase = &p->phases[index];
    char key[96], clause[200];
    enum ob_phase_field field;
    snprintf(r->where, sizeof r->where, "phases.%d", index + 1);
    if (map->kind != OB_YAML_MAP) {
        complain(r, map, "kind, minutes and what belongs to them");
        return;
    }
    const size_t errors = r->problems->errors;
    look_for_strays(r, map, phase_keys, COUNT(phase_keys));
    if (!find(r, map, "kind"))
        ob_problems_add(r->problems, map->line, key_of(r, "kind", key, sizeof key),
                        "this key is missing: unpaced, paced or guided");
    phase->kind = (uint32_t)take_choice(r, map, "kind", kinds, OB_PHASE_KINDS, OB_PHASE_UNPACED);
    take_text(r, map, "name", false, p->phase_names[index], sizeof p->phase_names[index]);
    both(r, map, "minutes", "seconds");
    if (!find(r, map, "minutes") && !find(r, map, "seconds"))
        ob_problems_add(r->problems, map->line, r->where, "a phase says how long it is: minutes or seconds");
    phase->seconds = take_number(r, map, "minutes", 0.0) * 60.0 + take_number(r, map, "seconds", 0.0);
    take_pace(r, map, phase);
    take_sound(r, map, phase);
    if (take_bool(r, map, "measured", false))
        phase->flags |= OB_PHASE_MEASURED;
    if (!take_bool(r, map, "feedback", r->feedback))
        phase->flags |= OB_PHASE_NO_FEEDBACK;
    if (r->stay)
        phase->flags |= OB_PHASE_STAY;
    const struct ob_yaml_node *captions = find(r, map, "captions");
    if (captions)
        take_captions(r, captions, index, phase->seconds);
    if (r->problems->errors != errors)
        return;
    /* What is left open is the person's own, and stands for the usual here. */
    struct ob_protocol usual = {.phase_count = 2};
    usual.phases[0] = index > 0 ? p->phases[index - 1] : *phase;
    usual.phases[1] = *phase;
    ob_protocol_fill(&usual, 9.0, 6.0, 0.4);
    if (!ob_phase_check(&usual.phases[1], index > 0 ? &usual.phases[0] : NULL, p->kiosk, &field, clause, sizeof clause))
        blame(r, map, field, clause);
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

static void take_version(struct reading *r, const struct ob_yaml_node *root)
{
    const struct ob_yaml_node *node = find(r, root, "version");
    double version = 0.0;
    if (!node)
        ob_problems_add(r->problems, root->line, "version", "this key is missing; %d is known here",
                        OB_PROTOCOL_VERSION);
    else if (!ob_yaml_number(node, &version) || version < 1.0 || version != floor(version))
        complain(r, node, "a whole number from 1 on");
    else if (version > OB_PROTOCOL_VERSION)
        ob_problems_add(r->problems, node->line, "version",
                        "this protocol was written for a newer Outbreath (%.0f; %d is known here)", version,
                        OB_PROTOCOL_VERSION);
}

static void take_all(struct reading *r, const struct ob_yaml_node *root)
{
    static const char *const searches[] = {"none", "stepped", "sliding"};
    static const char *const sleepers[] = {"let-go", "stay"};
    static const char *const ends[] = {"farewell", "stay", "leave"};
    struct ob_protocol *p = r->protocol;
    char clause[200];
    look_for_strays(r, root, top_keys, COUNT(top_keys));
    take_version(r, root);
    take_text(r, root, "title", true, p->title, sizeof p->title);
    take_text(r, root, "about", false, p->about, sizeof p->about);
    take_text(r, root, "scene", false, p->scene, sizeof p->scene);
    take_text(r, root, "soundscape", false, p->soundscape, sizeof p->soundscape);
    p->kiosk = take_bool(r, root, "kiosk", false);
    p->dark = !take_bool(r, root, "screen", true);
    r->sound = take_bool(r, root, "sound", true);
    r->feedback = take_bool(r, root, "feedback", true);
    p->search = (enum ob_search_kind)take_choice(r, root, "search", searches, 3, OB_SEARCH_NONE);
    p->end = (enum ob_protocol_end)take_choice(r, root, "end", ends, 3, OB_END_FAREWELL);
    r->stay = take_choice(r, root, "asleep", sleepers, 2, 0) == 1;
    const struct ob_yaml_node *phases = find(r, root, "phases");
    if (!phases || phases->kind != OB_YAML_LIST) {
        ob_problems_add(r->problems, phases ? phases->line : root->line, "phases", "a protocol has a list of phases");
        return;
    }
    for (const struct ob_yaml_node *node = ob_yaml_node(r->yaml, phases->first); node;
         node = ob_yaml_node(r->yaml, node->next)) {
        if (p->phase_count == OB_PROTOCOL_PHASES) {
            ob_problems_add(r->problems, node->line, "phases", "a protocol has at most %d phases", OB_PROTOCOL_PHASES);
            break;
        }
        take_phase(r, node, p->phase_count);
        p->phase_count++;
    }
    if (r->problems->errors == 0 && !ob_protocol_check(p, clause, sizeof clause))
        ob_problems_add(r->problems, phases->line, "phases", "%s", clause);
}

enum ob_err ob_protocol_read(const char *name, const char *bytes, size_t size, struct ob_problems *problems,
                             struct ob_protocol *protocol_out)
{
    struct ob_yaml *yaml = NULL;
    struct ob_problems own;
    ob_problems_init(&own);
    memset(protocol_out, 0, sizeof *protocol_out);
    const size_t length = strlen(name);
    if (length == 0 || length >= sizeof protocol_out->name ||
        strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != length)
        ob_problems_add(&own, 0, NULL, "the file's name has only lower-case letters, digits and '-', at most %zu",
                        sizeof protocol_out->name - 1);
    else
        memcpy(protocol_out->name, name, length + 1);
    enum ob_err err = ob_yaml_read(bytes, size, &own, &yaml);
    if (!err) {
        struct reading r = {.yaml = yaml, .problems = &own, .protocol = protocol_out};
        const struct ob_yaml_node *root = ob_yaml_node(yaml, 0);
        if (root->kind == OB_YAML_MAP)
            take_all(&r, root);
        else
            ob_problems_add(&own, root->line, NULL, "expected keys such as 'title:', not one value or a list");
        ob_yaml_destroy(yaml);
        if (own.errors > 0)
            err = OB_ERR_FORMAT;
    }
    ob_problems_sort(&own);
    if (problems)
        *problems = own;
    return err;
}
