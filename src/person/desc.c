/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The description as text: defaults, keys for --person, and the help about them. */
#include "person/person.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_LENGTH 40

struct key {
    const char *name;
    size_t offset;
    double standard, low, high;
    const char *unit, *meaning;
};

static const struct key keys[] = {
#define KEY(name, standard, low, high, unit, meaning)                                                                  \
    {#name, offsetof(struct ob_person_desc, name), standard, low, high, unit, meaning},
    OB_PERSON_TABLE(KEY)
#undef KEY
};
static const size_t key_count = sizeof keys / sizeof keys[0];

static double *value_of(struct ob_person_desc *desc, const struct key *key)
{
    return (double *)(void *)((char *)desc + key->offset);
}

void ob_person_desc_init(struct ob_person_desc *desc)
{
    *desc = (struct ob_person_desc){0};
    for (size_t i = 0; i < key_count; i++)
        *value_of(desc, &keys[i]) = keys[i].standard;
}

/* Least number of letters to put in, take out or exchange (Levenshtein 1966). */
static int distance(const char *a, const char *b)
{
    int row[KEY_LENGTH + 1];
    const int columns = (int)strlen(b);
    for (int j = 0; j <= columns; j++)
        row[j] = j;
    for (int i = 1; a[i - 1]; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= columns; j++) {
            int best = diagonal + (a[i - 1] != b[j - 1]);
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[columns];
}

static const struct key *find(const char *name)
{
    for (size_t i = 0; i < key_count; i++) {
        if (strcmp(keys[i].name, name) == 0)
            return &keys[i];
    }
    return NULL;
}

static const struct key *nearest(const char *name)
{
    const struct key *best = &keys[0];
    int least = distance(name, best->name);
    for (size_t i = 1; i < key_count; i++) {
        const int d = distance(name, keys[i].name);
        if (d < least) {
            least = d;
            best = &keys[i];
        }
    }
    return best;
}

/* Copies [from, to) without spaces around it, at most KEY_LENGTH letters; what cannot be printed becomes '?'. */
static void trimmed(const char *from, const char *to, char out[KEY_LENGTH + 1])
{
    while (from < to && (*from == ' ' || *from == '\t'))
        from++;
    while (to > from && (to[-1] == ' ' || to[-1] == '\t'))
        to--;
    size_t n = 0;
    for (; from < to && n < KEY_LENGTH; from++)
        out[n++] = *from >= 32 && *from < 127 ? *from : '?';
    out[n] = '\0';
}

static enum ob_err parse_one(const char *from, const char *to, struct ob_person_desc *desc, char *problem, size_t size)
{
    char name[KEY_LENGTH + 1], text[KEY_LENGTH + 1];
    const char *equals = memchr(from, '=', (size_t)(to - from));
    trimmed(from, equals ? equals : to, name);
    if (!equals) {
        snprintf(problem, size, "A person is described as key=value, but '%s' has no '='.", name);
        return OB_ERR_USAGE;
    }
    trimmed(equals + 1, to, text);
    const struct key *key = find(name);
    if (!key) {
        snprintf(problem, size, "A person has no '%s'; the nearest key is '%s' (--person help lists all).", name,
                 nearest(name)->name);
        return OB_ERR_USAGE;
    }
    char *end;
    const double value = strtod(text, &end);
    if (text[0] == '\0' || *end != '\0' || !isfinite(value)) {
        snprintf(problem, size, "'%s' wants a number from %g to %.10g%s%s, not '%s'.", key->name, key->low, key->high,
                 key->unit[0] ? " " : "", key->unit, text);
        return OB_ERR_USAGE;
    }
    if (value < key->low || value > key->high) {
        snprintf(problem, size, "'%s' must lie between %g and %.10g%s%s; %s does not.", key->name, key->low, key->high,
                 key->unit[0] ? " " : "", key->unit, text);
        return OB_ERR_RANGE;
    }
    *value_of(desc, key) = value;
    return OB_OK;
}

enum ob_err ob_person_desc_parse(const char *text, struct ob_person_desc *desc, char *problem_out, size_t problem_size)
{
    struct ob_person_desc read = *desc;
    if (problem_size > 0)
        problem_out[0] = '\0';
    char blank[KEY_LENGTH + 1];
    trimmed(text, text + strlen(text), blank);
    if (blank[0] == '\0')
        return OB_OK;
    for (const char *from = text;;) {
        const char *to = from + strcspn(from, ",");
        const enum ob_err err = parse_one(from, to, &read, problem_out, problem_size);
        if (err != OB_OK)
            return err;
        if (*to == '\0')
            break;
        from = to + 1;
    }
    *desc = read;
    return OB_OK;
}

/* snprintf behind what is already written; counts on when there is no room. */
static void append(char *out, size_t size, size_t *length, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
static void append(char *out, size_t size, size_t *length, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const size_t room = *length < size ? size - *length : 0;
    const int wanted = vsnprintf(room ? out + *length : NULL, room, format, args);
    va_end(args);
    if (wanted > 0)
        *length += (size_t)wanted;
}

size_t ob_person_desc_help(char *out, size_t size)
{
    size_t length = 0;
    append(out, size, &length, "A simulated person is described as key=value,key=value,...\n\n");
    append(out, size, &length, "%-20s %10s  %-18s  %s\n", "key", "default", "range", "meaning");
    for (size_t i = 0; i < key_count; i++) {
        const struct key *key = &keys[i];
        char range[40];
        snprintf(range, sizeof range, "%g to %.10g", key->low, key->high);
        append(out, size, &length, "%-20s %10.7g  %-18s  %s%s%s\n", key->name, key->standard, range, key->unit,
               key->unit[0] ? "; " : "", key->meaning);
    }
    return length;
}

size_t ob_person_desc_text(const struct ob_person_desc *desc, char *out, size_t size)
{
    size_t length = 0;
    if (size > 0)
        out[0] = '\0';
    for (size_t i = 0; i < key_count; i++) {
        const double value = *(const double *)(const void *)((const char *)desc + keys[i].offset);
        if (value == keys[i].standard)
            continue;
        char number[40];
        snprintf(number, sizeof number, "%.10g", value);
        if (strtod(number, NULL) != value)
            snprintf(number, sizeof number, "%.17g", value);
        append(out, size, &length, "%s%s=%s", length ? "," : "", keys[i].name, number);
    }
    return length;
}
