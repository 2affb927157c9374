/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A settings file, and edits of it. The first byte chooses what is edited and how. Whatever is read is within the
 * table; whatever is edited reads back as asked. */
#include "config/edit.h"
#include "config/settings.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_values(const struct ob_settings *settings)
{
    struct ob_settings again;
    ob_settings_init(&again);
    for (unsigned i = 0; i < OB_SETTINGS; i++) {
        const struct ob_setting_value *value = &settings->values[i];
        if (!ob_settings_take(&again, (enum ob_setting)i, value->text, value->layer, value->line) ||
            again.values[i].number != value->number)
            abort();
        if ((value->layer == OB_LAYER_USER) != (value->line > 0))
            abort();
    }
}

static void check_edit(const char *text, size_t size, enum ob_setting setting, const char *value)
{
    struct ob_text out;
    struct ob_settings after;
    char problem[512] = "";
    const enum ob_err err = value ? ob_config_set(text, size, setting, value, &out, problem, sizeof problem)
                                  : ob_config_unset(text, size, setting, &out, problem, sizeof problem);
    if (err) {
        if (!problem[0] || out.bytes)
            abort();
        return;
    }
    ob_settings_init(&after);
    if (ob_settings_read(&after, OB_LAYER_USER, out.bytes ? out.bytes : "", out.size, NULL) != OB_OK ||
        (after.values[setting].layer == OB_LAYER_USER) != (value != NULL))
        abort();
    ob_text_finish(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct ob_settings settings;
    static struct ob_problems problems;
    static const char *const values[] = {NULL, "6", "true", "a: \"b\" #c", "auto", "0.5", "512", "none"};
    if (size == 0)
        return 0;
    const char *text = (const char *)data + 1;
    size--;
    ob_settings_init(&settings);
    ob_problems_init(&problems);
    const enum ob_err err = ob_settings_read(&settings, OB_LAYER_USER, text, size, &problems);
    if ((err == OB_ERR_FORMAT && problems.errors == 0) || (err != OB_OK && err != OB_ERR_FORMAT))
        abort();
    for (size_t i = 0; i < problems.kept; i++)
        if (problems.list[i].line < 0 || !problems.list[i].text[0])
            abort();
    check_values(&settings);
    check_edit(text, size, (enum ob_setting)(data[0] / 8 % OB_SETTINGS), values[data[0] % 8]);
    return 0;
}
