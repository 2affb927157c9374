/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/surroundings.h"

#include "app/places/practice.h"
#include "app/window/shell.h"

#include <stdio.h>
#include <string.h>

static const enum ob_setting settings[OB_KEEPSAKE_CHOICES] = {OB_SET_DISPLAY_SCENE, OB_SET_SOUND_SOUNDSCAPE,
                                                              OB_SET_SOUND_VOLUME};

static void copy(char out[OB_KEEPSAKE_TEXT], const char *text)
{
    const size_t length = strnlen(text, OB_KEEPSAKE_TEXT);
    out[0] = '\0';
    if (length < OB_KEEPSAKE_TEXT) /* a longer path can't be kept, and half of one is none */
        memcpy(out, text, length + 1);
}

void ob_surroundings_recall(struct ob_shell *s)
{
    struct ob_settings *set = &s->loaded.settings;
    struct ob_practice practice;
    for (int i = 0; i < OB_KEEPSAKE_CHOICES; i++)
        copy(s->surroundings.chosen[i].then, ob_settings_text(set, settings[i]));
    if (s->options.demo || s->options.person || s->options.replay)
        return;
    ob_practice_read(&practice, s->options.data, s->options.who, false);
    for (int i = 0; i < OB_KEEPSAKE_CHOICES; i++) {
        const struct ob_setting_value *now = &set->values[settings[i]];
        const char *value = practice.keepsake.chosen[i].value;
        if (value[0] && now->layer < OB_LAYER_ENVIRONMENT &&
            (now->layer == OB_LAYER_DEFAULT || strcmp(now->text, practice.keepsake.chosen[i].then) == 0))
            ob_settings_take(set, settings[i], value, now->layer, now->line);
    }
    ob_practice_finish(&practice);
}

void ob_surroundings_chosen(struct ob_shell *s, enum ob_setting setting)
{
    for (int i = 0; i < OB_KEEPSAKE_CHOICES; i++)
        if (settings[i] == setting)
            copy(s->surroundings.chosen[i].then, ob_settings_text(&s->loaded.settings, setting));
}

void ob_surroundings_note(struct ob_shell *s)
{
    struct ob_keepsake *k = &s->surroundings;
    const struct ob_protocol *protocol = &s->sitting.protocol;
    if (!s->sitting.keeper)
        return;
    for (int i = 0; i < OB_KEEPSAKE_CHOICES; i++)
        k->chosen[i].value[0] = '\0';
    if (s->render && !protocol->dark && !protocol->scene[0]) /* not one that only a protocol wanted */
        copy(k->chosen[OB_KEEPSAKE_SCENE].value, ob_render_scene(s->render));
    copy(k->chosen[OB_KEEPSAKE_SOUNDSCAPE].value, ob_sound_name(&s->sound));
    snprintf(k->chosen[OB_KEEPSAKE_VOLUME].value, OB_KEEPSAKE_TEXT, "%.2f", ob_sound_volume_01(&s->sound));
    ob_keeper_surroundings(s->sitting.keeper, k);
}
