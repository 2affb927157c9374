/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/channel.h"

#include "base/event.h"
#include "format/lines.h"

#include <string.h>

/* rank: lower is the better choice among channels of a kind */
struct name_row {
    const char *name;
    int kind;
    int rank;
    bool part; /* enough if it stands somewhere in the name */
};

static const struct name_row rows[] = {
    {"ECG", OB_SIGNAL_ECG, 0, false},    {"EKG", OB_SIGNAL_ECG, 0, false},     {"MLII", OB_SIGNAL_ECG, 1, false},
    {"II", OB_SIGNAL_ECG, 1, false},     {"V5", OB_SIGNAL_ECG, 2, false},      {"MLI", OB_SIGNAL_ECG, 2, false},
    {"I", OB_SIGNAL_ECG, 2, false},      {"V4", OB_SIGNAL_ECG, 3, false},      {"V3", OB_SIGNAL_ECG, 3, false},
    {"V2", OB_SIGNAL_ECG, 3, false},     {"V1", OB_SIGNAL_ECG, 3, false},      {"V6", OB_SIGNAL_ECG, 3, false},
    {"V", OB_SIGNAL_ECG, 3, false},      {"III", OB_SIGNAL_ECG, 3, false},     {"MLIII", OB_SIGNAL_ECG, 3, false},
    {"aVF", OB_SIGNAL_ECG, 3, false},    {"aVL", OB_SIGNAL_ECG, 3, false},     {"aVR", OB_SIGNAL_ECG, 4, false},
    {"MCL1", OB_SIGNAL_ECG, 3, false},   {"CM5", OB_SIGNAL_ECG, 2, false},     {"D3", OB_SIGNAL_ECG, 3, false},
    {"D4", OB_SIGNAL_ECG, 3, false},     {"PPG", OB_SIGNAL_PPG, 0, false},     {"PLETH", OB_SIGNAL_PPG, 0, false},
    {"IR", OB_SIGNAL_PPG, 1, false},     {"RED", OB_SIGNAL_PPG, 2, false},     {"R", OB_SIGNAL_PPG, 2, false},
    {"GREEN", OB_SIGNAL_PPG, 1, false},  {"G", OB_SIGNAL_PPG, 3, false},       {"B", OB_SIGNAL_PPG, 4, false},
    {"BVP", OB_SIGNAL_PPG, 0, false},    {"RESP", OB_SIGNAL_RESP, 0, false},   {"BELT", OB_SIGNAL_RESP, 0, false},
    {"RSP", OB_SIGNAL_RESP, 0, false},   {"ACC", OB_SIGNAL_ACC, 0, false},     {"X", OB_SIGNAL_ACC, 2, false},
    {"Y", OB_SIGNAL_ACC, 2, false},      {"Z", OB_SIGNAL_ACC, 2, false},       {"ECG", OB_SIGNAL_ECG, 5, true},
    {"EKG", OB_SIGNAL_ECG, 5, true},     {"LEAD", OB_SIGNAL_ECG, 6, true},     {"PPG", OB_SIGNAL_PPG, 5, true},
    {"PLETH", OB_SIGNAL_PPG, 5, true},   {"PULSE", OB_SIGNAL_PPG, 6, true},    {"RESP", OB_SIGNAL_RESP, 5, true},
    {"BREATH", OB_SIGNAL_RESP, 5, true}, {"AIRFLOW", OB_SIGNAL_RESP, 6, true}, {"THOR", OB_SIGNAL_RESP, 5, true},
    {"ABDO", OB_SIGNAL_RESP, 6, true},   {"EFFORT", OB_SIGNAL_RESP, 6, true},  {"ACC", OB_SIGNAL_ACC, 5, true},
};

static const struct name_row *find_row(const char *name)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].part ? ob_text_has(name, rows[i].name) : ob_text_is(name, rows[i].name))
            return &rows[i];
    return NULL;
}

int ob_channel_kind(const char *name)
{
    const struct name_row *row = find_row(name);
    return row ? row->kind : -1;
}

int ob_channel_best(const char names[][OB_CHANNEL_NAME_MAX], int count, int signal_kind)
{
    int best = -1, best_rank = 0;
    for (int i = 0; i < count; i++) {
        const struct name_row *row = find_row(names[i]);
        if (row && row->kind == signal_kind && (best < 0 || row->rank < best_rank)) {
            best = i;
            best_rank = row->rank;
        }
    }
    return best;
}

int ob_channel_find(const char names[][OB_CHANNEL_NAME_MAX], int count, const char *wanted)
{
    for (int i = 0; i < count; i++)
        if (ob_text_is(names[i], wanted))
            return i;
    double number;
    if (ob_number_parse(wanted, '.', &number) == OB_NUMBER && number >= 0 && number < count &&
        number == (double)(int)number)
        return (int)number;
    return -1;
}

double ob_channel_to_mv(const char *unit)
{
    if (strcmp(unit, "mV") == 0 || strcmp(unit, "mv") == 0 || strcmp(unit, "MV") == 0)
        return 1.0;
    /* the two micro signs of Unicode and the letter that stands in for them */
    if (strcmp(unit, "uV") == 0 || strcmp(unit, "uv") == 0 || strcmp(unit, "\xc2\xb5V") == 0 ||
        strcmp(unit, "\xce\xbcV") == 0)
        return 1e-3;
    if (strcmp(unit, "V") == 0 || strcmp(unit, "v") == 0 || strcmp(unit, "volts") == 0)
        return 1e3;
    if (strcmp(unit, "nV") == 0)
        return 1e-6;
    return 0.0;
}
