/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: one table of options a command, with what each means, its unit and its range. */
#ifndef OB_APP_OPTIONS_H
#define OB_APP_OPTIONS_H

#include "base/err.h"
#include "config/settings.h"

#include <stdbool.h>
#include <stddef.h>

/* Exit codes, a contract. */
enum { OB_EXIT_DONE = 0, OB_EXIT_FAILED = 1, OB_EXIT_USAGE = 2, OB_EXIT_INPUT = 3, OB_EXIT_DEVICE = 4 };

enum ob_option_kind { OB_OPTION_FLAG, OB_OPTION_NUMBER, OB_OPTION_TEXT, OB_OPTION_SETTING };

struct ob_option {
    const char *name; /* without the dashes */
    enum ob_option_kind kind;
    size_t offset;        /* in the command's struct: bool, double, const char * or struct ob_settings */
    double low, high;     /* of a NUMBER; low of a SETTING: its enum ob_setting */
    const char *argument; /* for people: "FILE", "MINUTES" */
    const char *help;
};

/* A row for an option that is a setting as well: name, range, unit and help stand in config/table.h; at: offset of the
 * struct ob_settings that takes it, with the layer OB_LAYER_COMMAND_LINE. One that is true or false can also be written
 * --no-NAME; one whose argument the table has in brackets may stand without, and is then 0. */
#define OB_OPTION_OF(at, id)                                                                                           \
    {                                                                                                                  \
        NULL, OB_OPTION_SETTING, at, id, 0, NULL, NULL                                                                 \
    }

/* Rows that mean the same in every command: --data, --passphrase-file of a person, --help. */
#define OB_OPTION_DATA(at)                                                                                             \
    {                                                                                                                  \
        "data", OB_OPTION_TEXT, at, 0, 0, "DIR", "the folder of what is kept"                                          \
    }
#define OB_OPTION_PASSPHRASE(at)                                                                                       \
    {                                                                                                                  \
        "passphrase-file", OB_OPTION_TEXT, at, 0, 0, "FILE", "the passphrase of a locked person, for scripts"          \
    }
#define OB_OPTION_HELP(at)                                                                                             \
    {                                                                                                                  \
        "help", OB_OPTION_FLAG, at, 0, 0, NULL, "this list"                                                            \
    }

/* Reads argv[first..argc) into values by the table. Words without dashes are handed to words[0..words_max),
 * NULL-terminated. On a mistake false, after one sentence on stderr that names the option, what was expected and the
 * nearest known one. */
bool ob_options_parse(const struct ob_option *table, size_t count, int argc, char **argv, int first, void *values,
                      const char **words, size_t words_max);

/* Prints the table for people. */
void ob_options_print(const struct ob_option *table, size_t count);

#endif
