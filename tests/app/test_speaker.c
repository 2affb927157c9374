/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who speaks, without a sound device: captions come all the same, in their order, and give way where they must. */

#include "app/session/speaker.h"
#include "app/window/reading.h"
#include "base/time.h"
#include "engine/engine.h"
#include "os/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ob_wires wires;
static struct ob_sound sound;
static struct ob_speaker speaker;
static struct ob_settings settings;
static struct ob_protocol protocol;
static struct ob_engine *engine;
static char caption[176];

static void set(const char *voice)
{
    ob_settings_init(&settings);
    ob_settings_take(&settings, OB_SET_SOUND_VOICE, voice, OB_LAYER_COMMAND_LINE, 0);
}

static int begin(void **state)
{
    (void)state;
    memset(&protocol, 0, sizeof protocol);
    setenv("LANGUAGE", "en", 1);
    const struct ob_sound_desc desc = {.wires = &wires, .mute = true, .volume_01 = 0.6};
    engine = ob_engine_create();
    return !engine || ob_wires_init(&wires) || ob_sound_init(&sound, &desc);
}

static int end(void **state)
{
    (void)state;
    ob_sound_finish(&sound);
    ob_speaker_finish(&speaker);
    ob_engine_destroy(engine);
    ob_wires_finish(&wires);
    return 0;
}

static void start(void)
{
    struct ob_event event = {.kind = OB_EVENT_BEGIN};
    event.u.plan.minutes = 2.0;
    ob_speaker_init(&speaker, &sound, &settings, "/nowhere", NULL);
    ob_speaker_begin(&speaker, &settings, &protocol);
    ob_engine_step(engine, &event);
}

static void until(double s)
{
    const int64_t to_ns = ob_ns_from_s(s);
    for (int64_t now_ns = ob_engine_snapshot(engine)->now_ns; now_ns <= to_ns; now_ns += 2 * OB_TICK_NS) {
        ob_engine_advance(engine, now_ns);
        snprintf(caption, sizeof caption, "what stood there");
        ob_speaker_step(&speaker, ob_engine_snapshot(engine), false, caption, sizeof caption);
    }
}

static void captions_are_there_with_the_voice_off(void **state)
{
    (void)state;
    set("off");
    start();
    assert_false(speaker.on);
    until(3.0);
    assert_string_equal(caption, ob_script_english(OB_SCRIPT_WELCOME));
    until(8.0);
    assert_string_equal(caption, ob_script_english(OB_SCRIPT_EASY));
    until(60.0);
    assert_string_equal(caption, "what stood there");
    until(123.0);
    assert_string_equal(caption, ob_script_english(OB_SCRIPT_THANKS));
    ob_speaker_leave(&speaker);
    caption[0] = '\0';
    ob_speaker_step(&speaker, ob_engine_snapshot(engine), false, caption, sizeof caption);
    assert_string_equal(caption, "");
}

static void a_pause_has_its_own_words(void **state)
{
    (void)state;
    set("teach");
    start();
    assert_true(speaker.on);
    until(3.0);
    struct ob_event pause = {.kind = OB_EVENT_COMMAND, .applied_ns = ob_ns_from_s(3.0)};
    pause.u.command.code = OB_COMMAND_PAUSE;
    pause.u.command.value = 1;
    ob_engine_step(engine, &pause);
    until(4.0);
    assert_string_equal(caption, "what stood there");
}

static void whoever_is_new_is_taught(void **state)
{
    (void)state;
    static const struct {
        const char *voice;
        bool kiosk, taught;
    } cases[] = {{"on", false, true}, {"on", true, true}, {"brief", false, false}, {"teach", false, true}};
    for (size_t i = 0; i < 4; i++) { /* nothing is kept in /nowhere: whoever comes is new */
        set(cases[i].voice);
        protocol.kiosk = cases[i].kiosk;
        ob_speaker_init(&speaker, &sound, &settings, "/nowhere", NULL);
        ob_speaker_begin(&speaker, &settings, &protocol);
        assert_int_equal(speaker.script.desc.teach, cases[i].taught);
    }
}

static void the_voice_can_be_turned(void **state)
{
    (void)state;
    set("on");
    start();
    assert_true(speaker.on);
    ob_speaker_turn(&speaker, false);
    assert_false(speaker.on);
    assert_true(atomic_load(&sound.no_words_until_ns) > ob_clock_monotonic_ns() - OB_NS_PER_S);
    ob_speaker_turn(&speaker, true);
    assert_true(speaker.on);
    ob_speaker_say(&speaker, "Home"); /* without a device: silence */
    ob_speaker_trouble(&speaker, caption, sizeof caption);
    assert_string_equal(caption, "");
}

static void languages_are_known(void **state)
{
    (void)state;
    assert_string_equal(ob_voice_language("de"), "de");
    assert_string_equal(ob_voice_language("de_AT.UTF-8"), "de");
    assert_null(ob_voice_language("fr"));
    assert_null(ob_voice_language("den"));
    setenv("LANGUAGE", "de:en", 1);
    assert_string_equal(ob_voice_language("auto"), "de");
    setenv("LANGUAGE", "pt_BR", 1);
    assert_string_equal(ob_voice_language(NULL), "en");
}

/* Sentence after sentence, each after the one before; what is new takes the place of what waits. */
static void a_page_is_read_in_whole_sentences(void **state)
{
    (void)state;
    static struct ob_reading reading;
    char part[20];
    ob_speaker_init(&speaker, &sound, &settings, "/nowhere", NULL);
    ob_reading_begin(&reading, &speaker, "One two. Three four five. Six seven eight nine ten eleven", 0);
    assert_true(ob_reading_part(&reading, part, sizeof part));
    assert_string_equal(part, "One two.");
    assert_true(ob_reading_part(&reading, part, sizeof part));
    assert_string_equal(part, "Three four five.");
    assert_true(ob_reading_part(&reading, part, sizeof part));
    assert_string_equal(part, "Six seven eight");
    ob_reading_add(&reading, "And more.");
    assert_true(ob_reading_part(&reading, part, sizeof part));
    assert_string_equal(part, "nine ten eleven And");
    ob_reading_begin(&reading, &speaker, "New.", OB_NS_PER_S);
    ob_reading_step(&reading, &speaker, OB_NS_PER_S);
    assert_int_equal(reading.at, 4);
    ob_reading_step(&reading, &speaker, 2 * OB_NS_PER_S); /* it waits to be heard, but not for ever */
    assert_true(reading.asked_ns == OB_NS_PER_S);
    ob_reading_step(&reading, &speaker, 10 * OB_NS_PER_S);
    assert_true(reading.asked_ns == 0);
    ob_speaker_finish(&speaker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(captions_are_there_with_the_voice_off, begin, end),
        cmocka_unit_test_setup_teardown(a_pause_has_its_own_words, begin, end),
        cmocka_unit_test_setup_teardown(whoever_is_new_is_taught, begin, end),
        cmocka_unit_test_setup_teardown(the_voice_can_be_turned, begin, end),
        cmocka_unit_test(languages_are_known),
        cmocka_unit_test_setup_teardown(a_page_is_read_in_whole_sentences, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
