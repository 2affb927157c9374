/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What files say, and what is said about those that say it wrongly. */
#include "config/pages.h"
#include "config/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct ob_settings settings;
static struct ob_problems problems;

static enum ob_err read_bytes(const char *text, size_t size)
{
    ob_settings_init(&settings);
    ob_problems_init(&problems);
    return ob_settings_read(&settings, OB_LAYER_USER, text, size, &problems);
}

static enum ob_err read_text(const char *text)
{
    return read_bytes(text, strlen(text));
}

/* One mistake in this line, and the sentence says so. */
static void expect(const char *text, int line, const char *key, const char *said)
{
    read_text(text);
    for (size_t i = 0; i < problems.kept; i++)
        if (problems.list[i].line == line && strcmp(problems.list[i].key, key) == 0 &&
            strstr(problems.list[i].text, said) && !problems.list[i].note)
            return;
    for (size_t i = 0; i < problems.kept; i++)
        print_message("%d: %s: %s\n", problems.list[i].line, problems.list[i].key, problems.list[i].text);
    fail_msg("no mistake in line %d about %s that says '%s' in:\n%s", line, key, said, text);
}

static void a_file_says_what_it_says(void **state)
{
    (void)state;
    assert_int_equal(read_text("# mine\nversion: 1\nsession: {minutes: 20, measured: yes}\n"
                               "pacer:\n  rate_brpm: 5.5   # a comfortable one\n"
                               "sensor:\n  prefer: bluetooth\n  bluetooth_address: \"00:11:22:33:44:55\"\n"
                               "sound:\n  device: 12\n  volume_01: ~\n  mute:\n"),
                     OB_OK);
    assert_int_equal(problems.kept, 0);
    assert_true(ob_settings_number(&settings, OB_SET_SESSION_MINUTES) == 20.0);
    assert_true(ob_settings_is(&settings, OB_SET_SESSION_MEASURED));
    assert_true(ob_settings_number(&settings, OB_SET_PACER_RATE) == 5.5);
    assert_string_equal(ob_settings_text(&settings, OB_SET_SENSOR_BLUETOOTH), "00:11:22:33:44:55");
    assert_int_equal((int)ob_settings_number(&settings, OB_SET_SENSOR_PREFER), 3);
    assert_string_equal(ob_settings_text(&settings, OB_SET_SOUND_DEVICE), "12");
    assert_int_equal(settings.values[OB_SET_PACER_RATE].layer, OB_LAYER_USER);
    assert_int_equal(settings.values[OB_SET_PACER_RATE].line, 5);
    /* nothing stands there: the layer below has the word */
    assert_int_equal(settings.values[OB_SET_SOUND_VOLUME].layer, OB_LAYER_DEFAULT);
    assert_int_equal(settings.values[OB_SET_SOUND_MUTE].layer, OB_LAYER_DEFAULT);
    assert_int_equal(read_text(""), OB_OK);
    assert_int_equal(read_text("# nothing\n"), OB_OK);
    assert_int_equal(read_text("\xEF\xBB\xBFversion: 1\nsound: {mute: true}\n"), OB_OK);
    assert_true(ob_settings_is(&settings, OB_SET_SOUND_MUTE));
    assert_int_equal(problems.kept, 0);
}

static void every_mistake_has_its_line_and_its_key(void **state)
{
    (void)state;
    expect("pacer:\n  rate_brpm: 40\n", 2, "pacer.rate_brpm", "a number from 3 to 12 (breaths/min), or auto, not '40'");
    expect("pacer:\n  rate_brpm: 2.99\n", 2, "pacer.rate_brpm", "from 3 to 12");
    expect("pacer:\n  rate_brpm: .nan\n", 2, "pacer.rate_brpm", "not '.nan'");
    expect("pacer:\n  rate_brpm: .inf\n", 2, "pacer.rate_brpm", "expected");
    expect("pacer:\n  rate_brpm: nan\n", 2, "pacer.rate_brpm", "expected");
    expect("pacer:\n  rate_brpm: 1e999\n", 2, "pacer.rate_brpm", "expected");
    expect("pacer:\n  rate_brpm: 0x6\n", 2, "pacer.rate_brpm", "expected");
    expect("pacer:\n  rate_brpm: 5,5\n", 2, "pacer.rate_brpm", "with a point");
    expect("pacer:\n  rate_brpm: \"6\"\n", 2, "pacer.rate_brpm", "quotes");
    expect("pacer:\n  rate_brpm: [6]\n", 2, "pacer.rate_brpm", "a list");
    expect("sound:\n  buffer_frames: 512.5\n", 2, "sound.buffer_frames", "whole number");
    expect("sound:\n\n  mute: maybe\n", 3, "sound.mute", "true or false, not 'maybe'");
    expect("sensor:\n  prefer: usb\n", 2, "sensor.prefer", "one of auto, none, serial, bluetooth");
    expect("sound:\n  device: {a: b}\n", 2, "sound.device", "keys of its own");
    expect("sound:\n  device: \"a\\nb\"\n", 2, "sound.device", "a line of text");
    expect("sound: 3\n", 1, "sound", "keys of its own");
    expect("sound:\n  volum_01: 0.5\n", 2, "sound.volum_01", "did you mean sound.volume_01?");
    expect("display:\n  volume_01: 0.5\n", 2, "display.volume_01", "did you mean sound.volume_01?");
    expect("volume_01: 0.5\n", 1, "volume_01", "did you mean sound.volume_01?");
    expect("sond:\n  mute: true\n", 1, "sond", "did you mean sound?");
    expect("sound.mute: true\n", 1, "sound.mute", "write 'sound:'");
    expect("quite: 1\nother: 2\n", 2, "other", "there is no such key");
    expect("sound: {mute: true}\nsound: {mute: false}\n", 2, "sound", "twice");
    expect("sound:\n  mute: true\n  volume_01: 1\n  mute: false\n", 4, "mute", "in line 2, counts");
    assert_true(ob_settings_is(&settings, OB_SET_SOUND_MUTE));
    expect("sound: {mute: true}\nsound: {volume_01: 0.1}\n", 2, "sound", "twice");
    assert_int_equal(settings.values[OB_SET_SOUND_VOLUME].layer, OB_LAYER_DEFAULT);
    expect("version: two\n", 1, "version", "whole number");
    expect("version: 0\n", 1, "version", "whole number");
    expect("- a\n- b\n", 1, "", "expected keys");
    expect("just words\n", 1, "", "expected keys");
}

static void several_mistakes_are_told_at_once_and_the_rest_counts(void **state)
{
    (void)state;
    assert_int_equal(
        read_text("session:\n  minutes: 5\n  measured: perhaps\npacer:\n  rate: 6\n  target_brpm: 3\nsound:\n"
                  "  volume_01: 0.25\n"),
        OB_OK);
    assert_int_equal(problems.errors, 3);
    assert_int_equal(problems.list[0].line, 3);
    assert_int_equal(problems.list[1].line, 5);
    assert_int_equal(problems.list[2].line, 6);
    assert_true(ob_settings_number(&settings, OB_SET_SESSION_MINUTES) == 5.0);
    assert_true(ob_settings_number(&settings, OB_SET_SOUND_VOLUME) == 0.25);
    assert_true(ob_settings_number(&settings, OB_SET_PACER_TARGET) == 6.0);
    assert_false(ob_settings_is(&settings, OB_SET_SESSION_MEASURED));

    struct ob_text many = {0};
    ob_text_print(&many, "sound:\n");
    for (int i = 0; i < 100; i++)
        ob_text_print(&many, "  wrong%d: 1\n", i);
    assert_int_equal(read_bytes(many.bytes, many.size), OB_OK);
    assert_int_equal(problems.errors, 100);
    assert_int_equal(problems.kept, OB_PROBLEMS_MAX);
    ob_text_finish(&many);
}

static void a_newer_version_is_told_and_what_is_known_counts(void **state)
{
    (void)state;
    assert_int_equal(read_text("version: 7\nsound:\n  mute: true\n  echo_01: 0.5\nsmell:\n  oil: rose\n"), OB_OK);
    assert_int_equal(problems.errors, 1);
    assert_int_equal(problems.list[0].line, 1);
    assert_non_null(strstr(problems.list[0].text, "newer Outbreath"));
    assert_int_equal(problems.kept, 3); /* and a note for each key that is not known */
    assert_true(problems.list[1].note && problems.list[2].note);
    assert_true(ob_settings_is(&settings, OB_SET_SOUND_MUTE));
}

static void refused(const char *text, size_t size, int line, const char *said)
{
    if (read_bytes(text, size) != OB_ERR_FORMAT || problems.kept == 0)
        fail_msg("was taken: %.40s", text);
    const struct ob_problem *last = &problems.list[problems.kept - 1];
    if (last->line != line || !strstr(last->text, said))
        fail_msg("line %d says '%s', not line %d '%s'", last->line, last->text, line, said);
    for (unsigned i = 0; i < OB_SETTINGS; i++)
        assert_int_equal(settings.values[i].layer, OB_LAYER_DEFAULT);
}

static void what_is_no_settings_file_is_refused_as_a_whole(void **state)
{
    (void)state;
#define REFUSED(text, line, said) refused(text, sizeof text - 1, line, said)
    REFUSED("sound:\n\tmute: true\n", 2, "tab");
    REFUSED("sound:\n  mute: true\n  x: \xff\n", 3, "UTF-8");
    REFUSED("a: \xc3", 1, "UTF-8");
    REFUSED("a: \xed\xa0\x80\n", 1, "UTF-8");
    REFUSED("\xff\xfes\0o\0", 1, "UTF-16");
    REFUSED("a: b\0c\n", 1, "control character");
    REFUSED("\x1b[2J: 1\n", 1, "control character");
    REFUSED("sound: {mute: true\n", 2, "not YAML");
    REFUSED("sound: &a {mute: true}\ndisplay: *a\n", 1, "anchors");
    REFUSED("x: *a\n", 1, "aliases");
    REFUSED("sound: !!map {mute: true}\n", 1, "tags");
    REFUSED("a: [[[[[[[[[[[[[[[[[[[[\n", 1, "deeper");
    REFUSED("a: 1\n---\nb: 2\n", 2, "second document");
    REFUSED("? [a, b]\n: 1\n", 1, "one word");
    REFUSED("a: \"\\0\"\n", 1, "zero byte");
#undef REFUSED
    /* A hundred thousand laughs need one line each where aliases are allowed. */
    const char *laughs = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\n";
    refused(laughs, strlen(laughs), 1, "anchors");
    char *large = malloc(OB_YAML_SIZE + 1);
    memset(large, '#', OB_YAML_SIZE + 1);
    refused(large, OB_YAML_SIZE + 1, 0, "longer than");
    assert_int_equal(read_bytes(large, OB_YAML_SIZE), OB_OK);
    large[0] = '[';
    for (size_t i = 1; i < OB_YAML_SIZE; i++)
        large[i] = i % 2 ? 'a' : ',';
    refused(large, OB_YAML_SIZE, 1, "more values");
    free(large);
}

static void the_default_file_says_the_defaults(void **state)
{
    (void)state;
    struct ob_text page = {0};
    ob_config_page_default(&page);
    assert_int_equal(read_bytes(page.bytes, page.size), OB_OK);
    assert_int_equal(problems.kept, 0);
    struct ob_settings standard;
    ob_settings_init(&standard);
    for (unsigned i = 0; i < OB_SETTINGS; i++) {
        assert_int_equal(settings.values[i].layer, OB_LAYER_USER); /* each one stands in it */
        assert_string_equal(settings.values[i].text, standard.values[i].text);
        assert_true(settings.values[i].number == standard.values[i].number);
    }
    /* The file that is shipped is this page. */
    FILE *in = fopen(OB_SOURCE_DIR "/config/outbreath.yaml", "rb");
    assert_non_null(in);
    char *shipped = calloc(1, page.size + 2);
    assert_int_equal(fread(shipped, 1, page.size + 1, in), page.size);
    fclose(in);
    if (memcmp(shipped, page.bytes, page.size) != 0)
        fail_msg("config/outbreath.yaml is not what the table says: outbreath config default >config/outbreath.yaml");
    free(shipped);
    ob_text_finish(&page);
}

static void the_manual_has_the_table(void **state)
{
    (void)state;
    struct ob_text page = {0};
    static char manual[65536];
    ob_config_page_manual(&page);
    FILE *in = fopen(OB_SOURCE_DIR "/docs/configuration.md", "rb");
    assert_non_null(in);
    manual[fread(manual, 1, sizeof manual - 1, in)] = '\0';
    fclose(in);
    if (!strstr(manual, page.bytes))
        fail_msg("the tables in docs/configuration.md are not those of 'outbreath config manual'");
    ob_text_finish(&page);
}

static void layers_lie_over_each_other(void **state)
{
    (void)state;
    struct ob_settings over;
    char name[96];
    ob_settings_init(&settings);
    ob_settings_init(&over);
    const char *file = "sound: {volume_01: 0.2, mute: true}\n";
    ob_settings_read(&settings, OB_LAYER_SYSTEM, file, strlen(file), NULL);
    assert_true(ob_settings_take(&settings, OB_SET_SOUND_VOLUME, "0.3", OB_LAYER_ENVIRONMENT, 0));
    assert_false(ob_settings_take(&settings, OB_SET_SOUND_VOLUME, "loud", OB_LAYER_ENVIRONMENT, 0));
    assert_false(ob_settings_take(&settings, OB_SET_SOUND_VOLUME, "", OB_LAYER_ENVIRONMENT, 0));
    assert_true(ob_settings_take(&over, OB_SET_SOUND_MUTE, "off", OB_LAYER_COMMAND_LINE, 0));
    ob_settings_overlay(&settings, &over, OB_LAYER_COMMAND_LINE);
    assert_true(ob_settings_number(&settings, OB_SET_SOUND_VOLUME) == 0.3);
    assert_int_equal(settings.values[OB_SET_SOUND_VOLUME].layer, OB_LAYER_ENVIRONMENT);
    assert_false(ob_settings_is(&settings, OB_SET_SOUND_MUTE));
    assert_int_equal(settings.values[OB_SET_SOUND_MUTE].layer, OB_LAYER_COMMAND_LINE);
    assert_int_equal(settings.values[OB_SET_SOUND_DEVICE].layer, OB_LAYER_DEFAULT);
    assert_string_equal(ob_setting_variable(OB_SET_PACER_RATE, name, sizeof name), "OUTBREATH_PACER_RATE_BRPM");
}

/* A default outside of its own range, a key or an option twice: mistakes of the table itself. */
static void the_table_keeps_its_own_rules(void **state)
{
    (void)state;
    ob_settings_init(&settings);
    for (unsigned i = 0; i < OB_SETTINGS; i++) {
        const struct ob_setting_about *a = ob_setting_about((enum ob_setting)i);
        assert_true(ob_settings_take(&settings, (enum ob_setting)i, a->standard, OB_LAYER_USER, 0));
        assert_int_equal(ob_setting_of_key(a->key), i);
        for (unsigned j = 0; a->option && j < i; j++) {
            const char *other = ob_setting_about((enum ob_setting)j)->option;
            assert_true(!other || strcmp(other, a->option) != 0);
        }
        assert_null(strpbrk(a->help, "|\n")); /* it goes into a table */
        assert_int_not_equal(a->help[strlen(a->help) - 1], '.');
        assert_true((a->kind == OB_SETTING_NUMBER || a->kind == OB_SETTING_INTEGER) == (a->unit != NULL));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_says_what_it_says),
        cmocka_unit_test(every_mistake_has_its_line_and_its_key),
        cmocka_unit_test(several_mistakes_are_told_at_once_and_the_rest_counts),
        cmocka_unit_test(a_newer_version_is_told_and_what_is_known_counts),
        cmocka_unit_test(what_is_no_settings_file_is_refused_as_a_whole),
        cmocka_unit_test(the_default_file_says_the_defaults),
        cmocka_unit_test(the_manual_has_the_table),
        cmocka_unit_test(layers_lie_over_each_other),
        cmocka_unit_test(the_table_keeps_its_own_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
