/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/csv_layout.h"

#include "base/maths.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct cells {
    char line[OB_LINE_MAX + 1];
    char *cell[OB_CSV_COLUMNS];
    int count;
};

static void split_held(const struct ob_csv *csv, int i, struct cells *cells)
{
    snprintf(cells->line, sizeof cells->line, "%s", csv->pool + csv->held_at[i]);
    cells->count = ob_fields_split(cells->line, csv->separator, cells->cell, OB_CSV_COLUMNS);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads digits with at most one decimal sign (0: none); returns where it stopped. */
static const char *plain_number(const char *p, char decimal, double *value_out)
{
    double value = 0.0, place = 1.0;
    bool after = false;
    int digits = 0;
    for (; is_digit(*p) || (*p && *p == decimal && !after); p++) {
        if (*p == decimal) {
            after = true;
            continue;
        }
        if (++digits > 18)
            continue;
        if (after)
            place *= 0.1;
        value = after ? value + (*p - '0') * place : value * 10.0 + (*p - '0');
    }
    *value_out = value;
    return p;
}

bool ob_csv_parse_time(const char *cell, char decimal, double *time_out, bool *clock_out)
{
    *clock_out = false;
    if (ob_number_parse(cell, decimal, time_out) == OB_NUMBER)
        return true;
    const char *colon = strchr(cell, ':');
    if (!colon)
        return false;
    const char *p = colon;
    while (p > cell && is_digit(p[-1]))
        p--;
    double parts[3] = {0};
    int count = 0;
    while (count < 3 && is_digit(*p)) {
        p = plain_number(p, count == 2 ? '.' : 0, &parts[count]);
        count++;
        if (count < 3 && *p == ':')
            p++;
        else
            break;
    }
    if (count < 2 || parts[1] >= 60.0 || parts[2] > 60.0 || parts[0] > 1e6)
        return false;
    *clock_out = true;
    *time_out = count == 3 ? parts[0] * 3600.0 + parts[1] * 60.0 + parts[2] : parts[0] * 60.0 + parts[1];
    return true;
}

double ob_csv_rate_in_comment(const char *comment)
{
    if (!ob_text_has(comment, "fs") && !ob_text_has(comment, "rate") && !ob_text_has(comment, "sampling") &&
        !ob_text_has(comment, "hz"))
        return 0.0;
    for (const char *p = comment; *p; p++) {
        if (!is_digit(*p) || (p > comment && (is_digit(p[-1]) || p[-1] == '.')))
            continue;
        double value;
        p = plain_number(p, '.', &value);
        if (value >= 1.0 && value <= 10000.0)
            return value;
        if (!*p)
            break;
    }
    return 0.0;
}

static bool any_line_has(const struct ob_csv *csv, char c)
{
    for (int i = 0; i < csv->held; i++)
        if (strchr(csv->pool + csv->held_at[i], c))
            return true;
    return false;
}

/* Unit in brackets or behind the last underscore: "ECG (mV)", "ecg[uV]", "time_ms". Cuts it off the name. */
static void take_unit(char *name, char *unit, size_t unit_size)
{
    unit[0] = 0;
    char *open = strpbrk(name, "([");
    if (open) {
        snprintf(unit, unit_size, "%.*s", (int)strcspn(open + 1, ")]"), open + 1);
        *open = 0;
        size_t length = strlen(name);
        while (length > 0 && (name[length - 1] == ' ' || name[length - 1] == '_'))
            name[--length] = 0;
        return;
    }
    char *underscore = strrchr(name, '_');
    static const char *const known[] = {"s", "ms", "us", "ns", "sec", "mV", "uV", "mv", "uv", "V"};
    for (size_t i = 0; underscore && i < sizeof known / sizeof *known; i++)
        if (strcmp(underscore + 1, known[i]) == 0) {
            snprintf(unit, unit_size, "%s", underscore + 1);
            *underscore = 0;
            return;
        }
}

static bool is_time_name(const char *name)
{
    return ob_text_is(name, "t") || ob_text_has(name, "time") || ob_text_has(name, "elapsed") ||
           ob_text_is(name, "ms") || ob_text_is(name, "sec") || ob_text_is(name, "seconds") ||
           ob_text_is(name, "date") || ob_text_is(name, "zeit") || ob_text_is(name, "temps") ||
           ob_text_is(name, "tiempo") || ob_text_is(name, "tempo");
}

static bool is_count_name(const char *name)
{
    return ob_text_is(name, "sample") || ob_text_is(name, "samples") || ob_text_is(name, "index") ||
           ob_text_is(name, "n") || ob_text_is(name, "#") || ob_text_is(name, "no") ||
           ob_text_has(name, "sample num") || ob_text_is(name, "sample_index") || name[0] == 0;
}

static double unit_seconds(const char *unit)
{
    if (ob_text_is(unit, "s") || ob_text_is(unit, "sec") || ob_text_is(unit, "seconds"))
        return 1.0;
    if (ob_text_is(unit, "ms"))
        return 1e-3;
    if (ob_text_is(unit, "us") || strcmp(unit, "\xc2\xb5s") == 0)
        return 1e-6;
    if (ob_text_is(unit, "ns"))
        return 1e-9;
    return 0.0;
}

static bool is_name_line(const struct ob_csv *csv, const struct cells *cells)
{
    bool word = false;
    for (int c = 0; c < cells->count; c++) {
        double x;
        bool clock;
        const enum ob_number kind = ob_number_parse(cells->cell[c], csv->decimal, &x);
        if (kind == OB_NUMBER || ob_csv_parse_time(cells->cell[c], csv->decimal, &x, &clock))
            return false;
        word = word || kind == OB_NUMBER_NOT;
    }
    return word;
}

static void add_channel(struct ob_csv *csv, int column, const char *name, const char *unit)
{
    if (csv->channels == OB_CHANNELS_MAX)
        return;
    const int i = csv->channels++;
    csv->column[i] = column;
    csv->scale[i] = 1.0;
    snprintf(csv->unit[i], sizeof csv->unit[i], "%.*s", OB_CHANNEL_UNIT_MAX - 1, unit);
    const double to_mv = ob_channel_to_mv(unit);
    if (to_mv > 0.0) {
        csv->scale[i] = to_mv;
        snprintf(csv->unit[i], sizeof csv->unit[i], "mV");
    }
    if (name)
        snprintf(csv->name[i], sizeof csv->name[i], "%.*s", OB_CHANNEL_NAME_MAX - 1, name);
    else
        snprintf(csv->name[i], sizeof csv->name[i], "column %d", column);
}

static void take_names(struct ob_csv *csv, struct cells *cells)
{
    for (int c = 0; c < cells->count; c++) {
        char unit[OB_CHANNEL_UNIT_MAX];
        take_unit(cells->cell[c], unit, sizeof unit);
        if (csv->time_column < 0 && is_time_name(cells->cell[c])) {
            csv->time_column = c;
            csv->time_unit_s = unit_seconds(unit[0] ? unit : cells->cell[c]);
        } else if (!is_count_name(cells->cell[c]))
            add_channel(csv, c, cells->cell[c], unit);
    }
    /* a lone column called "sample" or the like is the signal after all */
    if (csv->channels == 0 && cells->count == 1) {
        csv->time_column = -1;
        add_channel(csv, 0, cells->cell[0], "");
    }
}

/* Without names: a first column of several that grows by even steps is a time, or a number if the steps are 1. */
static void invent_names(struct ob_csv *csv)
{
    struct cells cells;
    double before = 0.0, first = 0.0;
    int columns = 0, rows = 0, ones = 0;
    bool grows = true, clock_seen = false;
    for (int i = 0; i < csv->held; i++) {
        split_held(csv, i, &cells);
        columns = cells.count > columns ? cells.count : columns;
        double t;
        bool clock;
        if (cells.count < 2 || !ob_csv_parse_time(cells.cell[0], csv->decimal, &t, &clock))
            continue;
        clock_seen = clock_seen || clock;
        if (rows > 0) {
            grows = grows && t >= before;
            ones += t - before == 1.0;
        } else
            first = t;
        before = t;
        rows++;
    }
    const bool first_is_time = columns >= 2 && rows >= 3 && grows && before > first;
    const bool first_counts = first_is_time && !clock_seen && ones == rows - 1;
    if (first_is_time && !first_counts)
        csv->time_column = 0;
    for (int c = first_is_time ? 1 : 0; c < columns; c++)
        add_channel(csv, c, NULL, "");
}

/* Seconds a step of the file's time unit: the one that gives a believable rate. */
static double guess_time_unit(double step)
{
    static const double units[] = {1.0, 1e-3, 1e-6, 1e-9};
    for (int i = 0; i < 4; i++)
        if (step * units[i] >= 1.0 / 2000.0 && step * units[i] <= 0.1)
            return units[i];
    return 1.0;
}

static void find_rate(struct ob_csv *csv)
{
    double times[OB_CSV_FIRST];
    size_t count = 0;
    bool any_clock = false;
    for (int i = csv->given; i < csv->held; i++) {
        struct cells cells;
        split_held(csv, i, &cells);
        bool clock;
        if (csv->time_column < cells.count &&
            ob_csv_parse_time(cells.cell[csv->time_column], csv->decimal, &times[count], &clock)) {
            any_clock = any_clock || clock;
            count++;
        }
    }
    if (count < 2)
        return;
    double steps[OB_CSV_FIRST];
    for (size_t i = 0; i + 1 < count; i++)
        steps[i] = times[i + 1] - times[i];
    double middle = ob_median(steps, count - 1);
    if (middle <= 0.0) /* stamps that came in batches */
        middle = (times[count - 1] - times[0]) / (double)(count - 1);
    if (!(middle > 0.0))
        return;
    if (any_clock)
        csv->time_unit_s = 1.0;
    else if (csv->time_unit_s <= 0.0)
        csv->time_unit_s = guess_time_unit(middle);
    /* the mean of all steps that are no holes: finer than the resolution of the stamps */
    double sum = 0.0;
    size_t kept = 0;
    for (size_t i = 0; i + 1 < count; i++) {
        const double step = times[i + 1] - times[i];
        if (step >= 0.0 && step < 2.5 * middle) {
            sum += step;
            kept++;
        }
    }
    if (kept == 0 || !(sum > 0.0))
        return;
    double fs_hz = (double)kept / (sum * csv->time_unit_s);
    if (fs_hz > 1.0 && fabs(fs_hz - round(fs_hz)) < 5e-4 * fs_hz) /* what the stamps' resolution leaves open */
        fs_hz = round(fs_hz);
    csv->has_time = true;
    if (csv->fs_hz <= 0.0)
        csv->fs_hz = fs_hz;
}

void ob_csv_find_layout(struct ob_csv *csv)
{
    csv->decided = true;
    csv->time_column = -1;
    if (csv->held == 0) {
        csv->err = OB_ERR_EMPTY;
        return;
    }
    csv->decimal = '.';
    if (any_line_has(csv, '\t'))
        csv->separator = '\t';
    else if (any_line_has(csv, ';'))
        csv->separator = ';';
    else if (any_line_has(csv, ','))
        csv->separator = ',';
    else
        csv->separator = ' ';
    if (csv->separator != ',' && any_line_has(csv, ',') && !any_line_has(csv, '.'))
        csv->decimal = ',';
    struct cells cells;
    split_held(csv, 0, &cells);
    if (is_name_line(csv, &cells)) {
        csv->given = 1;
        take_names(csv, &cells);
    } else
        invent_names(csv);
    if (csv->asked_fs_hz > 0.0)
        csv->fs_hz = csv->asked_fs_hz;
    if (csv->time_column >= 0)
        find_rate(csv);
    if (csv->channels == 0)
        csv->err = OB_ERR_FORMAT;
    else if (!(csv->fs_hz >= 1.0 && csv->fs_hz <= 20000.0))
        csv->err = OB_ERR_RANGE;
}
