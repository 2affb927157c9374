/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/pages.h"

#include "config/settings.h"

#include <ctype.h>
#include <string.h>

#define LINE 100

static const struct {
    const char *name, *heading;
} groups[] = {
#define GROUP(name, heading) {name, heading},
    OB_SETTING_GROUPS(GROUP)
#undef GROUP
};
#define GROUPS (sizeof groups / sizeof *groups)

static bool belongs(const struct ob_setting_about *about, const char *group)
{
    const size_t length = strlen(group);
    return strncmp(about->key, group, length) == 0 && about->key[length] == '.';
}

/* A clause of the table as a sentence. */
static void sentence(char *out, size_t size, const char *clause)
{
    const size_t length = strlen(clause);
    if (length + 2 > size)
        return;
    memcpy(out, clause, length);
    out[0] = (char)toupper((unsigned char)out[0]);
    out[length] = '.';
    out[length + 1] = '\0';
}

void ob_config_page_default(struct ob_text *out)
{
    struct ob_settings standard;
    char value[OB_SETTING_TEXT + 8], help[256], expected[128], words[512];
    ob_settings_init(&standard);
    ob_text_print(out,
                  "# The settings of Outbreath: every key with its default.\n"
                  "#\n"
                  "# Yours lie in ~/.config/outbreath/outbreath.yaml and need hold only what you change:\n"
                  "#     outbreath config set sound.volume_01 0.4\n"
                  "# 'outbreath config check' reads a file and says what it does not understand.\n"
                  "# 'outbreath config show --origin' tells which value counts, and why.\n"
                  "\n"
                  "version: %d\n",
                  OB_CONFIG_VERSION);
    for (size_t g = 0; g < GROUPS; g++) {
        ob_text_print(out, "\n# %s\n%s:\n", groups[g].heading, groups[g].name);
        for (unsigned i = 0; i < OB_SETTINGS; i++) {
            const enum ob_setting setting = (enum ob_setting)i;
            const struct ob_setting_about *about = ob_setting_about(setting);
            if (!belongs(about, groups[g].name))
                continue;
            sentence(help, sizeof help, about->help);
            ob_setting_expected(setting, expected, sizeof expected);
            expected[0] = (char)toupper((unsigned char)expected[0]);
            struct ob_text both = {0};
            ob_text_print(&both, "%s %s.", help, expected);
            if (!both.failed && both.size < sizeof words) {
                memcpy(words, both.bytes, both.size + 1);
                ob_text_wrap(out, "  # ", LINE, words);
            }
            ob_text_finish(&both);
            ob_text_print(out, "  %s: %s\n", strchr(about->key, '.') + 1,
                          ob_settings_written(&standard, setting, value, sizeof value));
        }
    }
}

void ob_config_page_manual(struct ob_text *out)
{
    struct ob_settings standard;
    char value[OB_SETTING_TEXT + 8], help[256], expected[128], variable[96];
    ob_settings_init(&standard);
    for (size_t g = 0; g < GROUPS; g++) {
        ob_text_print(out, "%s### %s\n\n%s\n\n", g > 0 ? "\n" : "", groups[g].name, groups[g].heading);
        ob_text_print(out, "| key | takes | default | command line | environment |\n|---|---|---|---|---|\n");
        for (unsigned i = 0; i < OB_SETTINGS; i++) {
            const enum ob_setting setting = (enum ob_setting)i;
            const struct ob_setting_about *about = ob_setting_about(setting);
            if (!belongs(about, groups[g].name))
                continue;
            sentence(help, sizeof help, about->help);
            ob_text_print(out, "| `%s`<br>%s | %s | `%s` | ", about->key, help,
                          ob_setting_expected(setting, expected, sizeof expected),
                          ob_settings_written(&standard, setting, value, sizeof value));
            if (about->option && about->kind == OB_SETTING_BOOL)
                ob_text_print(out, "`--%s`, `--no-%s`", about->option, about->option);
            else if (about->option)
                ob_text_print(out, "`--%s`", about->option);
            ob_text_print(out, " | `%s` |\n", ob_setting_variable(setting, variable, sizeof variable));
        }
    }
}
