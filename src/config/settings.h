/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings of the program, each with its value and where that came from.
 *
 * Layers, from the weakest to the strongest: built-in defaults, the system's file, the person's file, the environment,
 * the command line. What a layer does not say, or says in a way that can't be understood, is left as the layer below
 * had it: a mistake in a file is told and never stops a session. config/table.h is the table of all settings. Caller's
 * memory, pure, one thread at a time. */
#ifndef OB_CONFIG_SETTINGS_H
#define OB_CONFIG_SETTINGS_H

#include "base/err.h"
#include "config/problems.h"
#include "config/table.h"
#include "config/yaml.h"

#include <stdbool.h>
#include <stddef.h>

#define OB_CONFIG_VERSION 1
#define OB_SETTING_TEXT   512

enum ob_setting {
#define OB_SETTING_ENUM(id, ...) OB_SET_##id,
    OB_SETTINGS_TABLE(OB_SETTING_ENUM)
#undef OB_SETTING_ENUM
        OB_SETTINGS
};

enum ob_setting_kind {
    OB_SETTING_BOOL,
    OB_SETTING_NUMBER,
    OB_SETTING_INTEGER,
    OB_SETTING_CHOICE,
    OB_SETTING_HOURS, /* config/hours.h */
    OB_SETTING_TEXT_KIND
};

/* A row of the table. */
struct ob_setting_about {
    const char *key, *option;
    enum ob_setting_kind kind;
    double low, high;
    const char *unit, *standard, *words, *argument, *help;
};

enum ob_layer {
    OB_LAYER_DEFAULT,
    OB_LAYER_SYSTEM,
    OB_LAYER_USER,
    OB_LAYER_ENVIRONMENT,
    OB_LAYER_COMMAND_LINE,
    OB_LAYERS
};

struct ob_setting_value {
    double number; /* of a number; 1 or 0 of a BOOL; which word of a CHOICE; 0 where a word stands for a number */
    char text[OB_SETTING_TEXT]; /* as it was written, without quotes */
    enum ob_layer layer;
    int line; /* in the layer's file, 0 where it has none */
};

struct ob_settings {
    struct ob_setting_value values[OB_SETTINGS];
};

const struct ob_setting_about *ob_setting_about(enum ob_setting setting);

/* The setting with this key; OB_SETTINGS when there is none. */
enum ob_setting ob_setting_of_key(const char *key);

/* The key nearest to one that was typed, NULL when none is near. */
const char *ob_setting_nearest(const char *key);

/* Its name in the environment, such as OUTBREATH_PACER_RATE_BRPM. */
const char *ob_setting_variable(enum ob_setting setting, char *out, size_t size);

/* What it takes, for people: "a number from 3 to 12 (breaths/min), or auto". */
const char *ob_setting_expected(enum ob_setting setting, char *out, size_t size);

/* Every value its default. */
void ob_settings_init(struct ob_settings *settings);

/* Takes a value as it is written in the environment or on the command line. False: it is none that the setting takes,
 * and nothing changes. */
bool ob_settings_take(struct ob_settings *settings, enum ob_setting setting, const char *text, enum ob_layer layer,
                      int line);

/* Takes what a file says. Mistakes go to problems; what can be understood is taken. OB_ERR_FORMAT when the file can't
 * be read as a whole (nothing is taken), OB_ERR_NO_MEMORY. A file of a newer version is a mistake as well (the caller
 * should know), and of it only what is known here counts; keys that are not known are then notes. */
enum ob_err ob_settings_read(struct ob_settings *settings, enum ob_layer layer, const char *bytes, size_t size,
                             struct ob_problems *problems);

/* Lays what another set has from one layer over this one. */
void ob_settings_overlay(struct ob_settings *settings, const struct ob_settings *over, enum ob_layer layer);

double ob_settings_number(const struct ob_settings *settings, enum ob_setting setting);
bool ob_settings_is(const struct ob_settings *settings, enum ob_setting setting);
const char *ob_settings_text(const struct ob_settings *settings, enum ob_setting setting);

/* The value as a file would have it: words that YAML would misread stand in quotes. */
const char *ob_settings_written(const struct ob_settings *settings, enum ob_setting setting, char *out, size_t size);

#endif
