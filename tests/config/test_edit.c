/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One value changes, and nothing else in the file does. */
#include "config/edit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static char problem[512];

static void becomes(const char *before, enum ob_setting setting, const char *value, const char *after)
{
    struct ob_text text = {0};
    problem[0] = '\0';
    const enum ob_err err = value
                                ? ob_config_set(before, strlen(before), setting, value, &text, problem, sizeof problem)
                                : ob_config_unset(before, strlen(before), setting, &text, problem, sizeof problem);
    if (err)
        fail_msg("%s in:\n%s", problem, before);
    assert_string_equal(text.bytes, after);
    ob_text_finish(&text);
}

static void refuses(const char *before, enum ob_setting setting, const char *value, enum ob_err wanted)
{
    struct ob_text text = {0};
    problem[0] = '\0';
    const enum ob_err err = value
                                ? ob_config_set(before, strlen(before), setting, value, &text, problem, sizeof problem)
                                : ob_config_unset(before, strlen(before), setting, &text, problem, sizeof problem);
    if (err != wanted || !problem[0] || text.bytes)
        fail_msg("%d instead of %d (%s) for:\n%s", err, wanted, problem, before);
}

static void a_value_changes_in_its_place(void **state)
{
    (void)state;
    becomes("# über\nsound:   # all of it\n  volume_01: 0.6   # höher\n  mute: yes\n\n# end\n", OB_SET_SOUND_VOLUME,
            "0.25", "# über\nsound:   # all of it\n  volume_01: 0.25   # höher\n  mute: yes\n\n# end\n");
    becomes("sound: {device: 'ü', volume_01: 0.6}", OB_SET_SOUND_VOLUME, "1", "sound: {device: 'ü', volume_01: 1}");
    becomes("sound:\n  device: \"a: #b\" # c\n", OB_SET_SOUND_DEVICE, "jack", "sound:\n  device: jack # c\n");
    becomes("sound:\n  device:\n  mute: no\n", OB_SET_SOUND_DEVICE, "jack", "sound:\n  device: jack\n  mute: no\n");
    becomes("sound:\n  device: ~\n", OB_SET_SOUND_DEVICE, "yes", "sound:\n  device: \"yes\"\n");
    becomes("sound:\n  device: >\n    words\n  mute: no\n", OB_SET_SOUND_DEVICE, "a b",
            "sound:\n  device: \"a b\"\n  mute: no\n");
    becomes("\xEF\xBB\xBFsound: {mute: no}\n", OB_SET_SOUND_MUTE, "on", "\xEF\xBB\xBFsound: {mute: true}\n");
    becomes("pacer:\n  rate_brpm: 99\n", OB_SET_PACER_RATE, "auto", "pacer:\n  rate_brpm: auto\n");
}

static void a_value_is_added_where_it_belongs(void **state)
{
    (void)state;
    becomes("", OB_SET_SOUND_MUTE, "yes", "version: 1\n\nsound:\n  mute: true\n");
    becomes("# mine\n", OB_SET_SOUND_MUTE, "off", "# mine\nversion: 1\n\nsound:\n  mute: false\n");
    becomes("session:\n    minutes: 5 # short\n\n# what I hear\nsound:\n    mute: no", OB_SET_SESSION_MEASURED, "on",
            "session:\n    minutes: 5 # short\n    measured: true\n\n# what I hear\nsound:\n    mute: no");
    becomes("sound:\n    mute: no", OB_SET_SOUND_VOLUME, "0.5", "sound:\n    mute: no\n    volume_01: 0.5");
    becomes("sound: {}\n", OB_SET_SOUND_VOLUME, "0.5", "sound: {volume_01: 0.5}\n");
    becomes("sound: {mute: no}\n", OB_SET_SOUND_VOLUME, "0.5", "sound: {mute: no, volume_01: 0.5}\n");
    becomes("sound: # later\ndisplay: ~\n", OB_SET_SOUND_VOLUME, "0.5",
            "sound: # later\n  volume_01: 0.5\ndisplay: ~\n");
    becomes("sound: ~\n", OB_SET_SOUND_VOLUME, "0.5", "sound: {volume_01: 0.5}\n");
    becomes("sound:\n  mute: no", OB_SET_PACER_RATE, "6", "sound:\n  mute: no\n\npacer:\n  rate_brpm: 6\n");
    becomes("sound:\r\n  mute: no\r\n", OB_SET_SOUND_MUTE, "on", "sound:\r\n  mute: true\r\n");
}

static void a_value_is_taken_out_alone(void **state)
{
    (void)state;
    becomes("sound:\n  # loud\n  volume_01: 1 # too much\n  mute: no\n", OB_SET_SOUND_VOLUME, NULL,
            "sound:\n  # loud\n  mute: no\n");
    becomes("sound:\n  mute: no", OB_SET_SOUND_MUTE, NULL, "sound:\n");
    becomes("sound: {mute: no, volume_01: 1}\n", OB_SET_SOUND_VOLUME, NULL, "sound: {mute: no, volume_01: ~}\n");
    refuses("sound:\n  mute: no\n", OB_SET_SOUND_VOLUME, NULL, OB_ERR_NOT_FOUND);
}

static void what_cannot_be_done_safely_is_refused(void **state)
{
    (void)state;
    refuses("sound:\n  mute: no\n", OB_SET_SOUND_MUTE, "perhaps", OB_ERR_RANGE);
    refuses("sound:\n  mute: no\n", OB_SET_SOUND_DEVICE, "two\nlines", OB_ERR_RANGE);
    refuses("sound:\n\tmute: no\n", OB_SET_SOUND_MUTE, "yes", OB_ERR_FORMAT);
    refuses("{sound: {mute: no}}\n", OB_SET_DISPLAY_NUMBERS, "yes", OB_ERR_FORMAT);
    refuses("- a\n", OB_SET_SOUND_MUTE, "yes", OB_ERR_FORMAT);
    refuses("sound: 5\n", OB_SET_SOUND_MUTE, "yes", OB_ERR_FORMAT);
    refuses("sound:\n  mute: no\n...\n", OB_SET_PACER_RATE, "6", OB_ERR_FORMAT);
    refuses("sound:\n  device: jack\n  device: pulse\n", OB_SET_SOUND_DEVICE, NULL, OB_ERR_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_changes_in_its_place),
        cmocka_unit_test(a_value_is_added_where_it_belongs),
        cmocka_unit_test(a_value_is_taken_out_alone),
        cmocka_unit_test(what_cannot_be_done_safely_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
