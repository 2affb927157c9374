/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said in whole sessions, each led by the real engine: which lines, in which order, and at which moments. */
#include "base/time.h"
#include "engine/engine.h"
#include "script/script.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SAID 64

struct said {
    struct ob_script_line line;
    double told_s;
    int pacer_stage; /* at the turn that it belongs to: half a second after its start */
    uint32_t stage;
};

static struct said said[SAID];
static int said_count;
static struct ob_protocol protocol;

struct what {
    double minutes, start_brpm, dizzy_at_s, natural_at_s, back_at_s;
    bool teach;
    const char *(*tr)(const char *);
};

/* Plays a session to its end and five seconds more. */
static void play(const struct what *what)
{
    struct ob_engine *engine = ob_engine_create();
    struct ob_script script;
    const struct ob_script_desc desc = {.protocol = &protocol, .teach = what->teach, .tr = what->tr};
    ob_script_init(&script, &desc);
    struct ob_event event = {.kind = OB_EVENT_BEGIN};
    event.u.plan.minutes = protocol.phase_count ? ob_protocol_seconds(&protocol) / 60.0 : what->minutes;
    event.u.plan.start_brpm = what->start_brpm;
    ob_engine_step(engine, &event);
    for (int i = 0; i < protocol.phase_count; i++) {
        event = (struct ob_event){.kind = OB_EVENT_PHASE};
        event.u.phase = protocol.phases[i];
        ob_engine_step(engine, &event);
    }
    said_count = 0;
    bool dizzy = false;
    const struct ob_snapshot *s = ob_engine_snapshot(engine);
    for (int64_t now_ns = 0; s->stage != OB_STAGE_ENDED || now_ns < s->end_ns + 5 * OB_NS_PER_S; now_ns += OB_TICK_NS) {
        const double now_s = ob_s_from_ns(now_ns);
        struct ob_event key = {
            .kind = OB_EVENT_COMMAND, .measured_ns = now_ns, .arrived_ns = now_ns, .applied_ns = now_ns};
        if (what->dizzy_at_s > 0 && fabs(now_s - what->dizzy_at_s) < 1e-6) {
            key.u.command.code = OB_COMMAND_DIZZY;
            key.u.command.value = 1;
            ob_engine_step(engine, &key);
            dizzy = true;
        } else if ((what->natural_at_s > 0 && fabs(now_s - what->natural_at_s) < 1e-6) ||
                   (what->back_at_s > 0 && fabs(now_s - what->back_at_s) < 1e-6)) {
            key.u.command.code = OB_COMMAND_JUST_BREATHE;
            key.u.command.value = now_s < what->back_at_s || what->back_at_s == 0;
            ob_engine_step(engine, &key);
            dizzy = false;
        }
        ob_engine_advance(engine, now_ns);
        s = ob_engine_snapshot(engine);
        struct ob_script_line line;
        if (!ob_script_step(&script, s, dizzy, &line))
            continue;
        assert_true(said_count < SAID);
        const struct ob_pacer_state pacer = ob_pacer_at(&s->pacer, line.start_ns + OB_NS_PER_S / 2);
        said[said_count++] = (struct said){line, now_s, pacer.stage, s->stage};
        assert_true(line.start_ns >= s->now_ns && line.until_ns > line.start_ns);
        assert_string_equal(ob_script_caption(&script, line.start_ns + 1000000), line.text);
        print_message("%8.2f s  %-22s %s\n", ob_s_from_ns(line.start_ns), line.key, line.text);
    }
    ob_engine_destroy(engine);
    /* Nothing comes before the line before it is over. Rough: a second for ten letters is fast. */
    for (int i = 1; i < said_count; i++)
        if (!said[i].line.urgent)
            assert_true(ob_s_from_ns(said[i].line.start_ns - said[i - 1].line.start_ns) >
                        0.055 * (double)strlen(said[i - 1].line.text));
}

static bool was_said(enum ob_script_id id)
{
    for (int i = 0; i < said_count; i++)
        if (strcmp(said[i].line.key, ob_script_key(id)) == 0)
            return true;
    return false;
}

static int begin(void **state)
{
    (void)state;
    memset(&protocol, 0, sizeof protocol);
    return 0;
}

static struct ob_session_phase *add_phase(uint32_t kind, double seconds, double brpm)
{
    struct ob_session_phase *phase = &protocol.phases[protocol.phase_count++];
    *phase = (struct ob_session_phase){.kind = kind, .seconds = seconds, .from_brpm = brpm, .to_brpm = brpm};
    snprintf(protocol.name, sizeof protocol.name, "a-test");
    return phase;
}

static void a_plain_session_is_opened_taught_and_closed(void **state)
{
    (void)state;
    play(&(struct what){.minutes = 5, .teach = true});
    static const enum ob_script_id order[] = {
        OB_SCRIPT_WELCOME, OB_SCRIPT_EASY, OB_SCRIPT_FIRST_IN, OB_SCRIPT_FIRST_OUT, OB_SCRIPT_IN,    OB_SCRIPT_OUT,
        OB_SCRIPT_IN,      OB_SCRIPT_OUT,  OB_SCRIPT_GO_ON,    OB_SCRIPT_LAST,      OB_SCRIPT_THANKS};
    assert_int_equal(said_count, sizeof order / sizeof *order);
    for (int i = 0; i < said_count; i++)
        assert_string_equal(said[i].line.key, ob_script_key(order[i]));
    /* The word is heard where the breath turns. */
    for (int i = 2; i < 8; i++) {
        assert_int_equal(said[i].pacer_stage, i % 2 == 0 ? OB_INHALE : OB_EXHALE);
        assert_true(said[i].told_s < ob_s_from_ns(said[i].line.start_ns) - 0.5); /* there is time to make it */
        assert_true(ob_s_from_ns(said[i].line.until_ns - said[i].line.start_ns) < 0.6);
    }
    assert_true(ob_s_from_ns(said[2].line.start_ns) < 22.0);
    assert_int_equal(said[10].stage, OB_STAGE_ENDED);
}

static void who_is_not_new_is_not_taught(void **state)
{
    (void)state;
    play(&(struct what){.minutes = 2, .teach = false});
    assert_int_equal(said_count, 3); /* welcome, easy, thanks: too short for a last word */
    assert_true(was_said(OB_SCRIPT_WELCOME) && was_said(OB_SCRIPT_THANKS) && !was_said(OB_SCRIPT_IN));
}

static void holds_have_their_words(void **state)
{
    (void)state;
    struct ob_session_phase *box = add_phase(OB_PHASE_PACED, 120, 3.75);
    box->inhale_share = 0.5;
    box->hold_in_s = box->hold_out_s = 4.0;
    play(&(struct what){.teach = true});
    int holds = 0, rests = 0;
    for (int i = 0; i < said_count; i++) {
        if (strcmp(said[i].line.key, "hold") == 0) {
            holds++;
            assert_int_equal(said[i].pacer_stage, OB_HOLD_FULL);
        }
        if (strcmp(said[i].line.key, "rest") == 0) {
            rests++;
            assert_int_equal(said[i].pacer_stage, OB_HOLD_EMPTY);
        }
    }
    assert_int_equal(holds, OB_SCRIPT_BREATHS);
    assert_int_equal(rests, OB_SCRIPT_BREATHS);
}

static void a_protocol_says_its_own_words_at_their_time(void **state)
{
    (void)state;
    add_phase(OB_PHASE_UNPACED, 120, 0)->sound_from_db = -12.0;
    protocol.phases[0].sound_to_db = -12.0;
    protocol.caption_count = 3;
    protocol.captions[0] = (struct ob_protocol_caption){0, 0, 20, "Your feet."};
    protocol.captions[1] = (struct ob_protocol_caption){0, 30, 20, "Your knees."};
    protocol.captions[2] = (struct ob_protocol_caption){0, 60, 20, "Your belly."};
    play(&(struct what){.teach = true});
    assert_int_equal(said_count, 4);
    assert_string_equal(said[1].line.key, "a-test-1-030");
    assert_string_equal(said[1].line.text, "Your knees.");
    assert_true(fabs(ob_s_from_ns(said[1].line.start_ns) - 30.0) < 0.1);
    assert_true(fabs(ob_s_from_ns(said[2].line.start_ns) - 60.0) < 0.1);
    assert_true(was_said(OB_SCRIPT_THANKS));
}

static void silence_stays_silent(void **state)
{
    (void)state;
    add_phase(OB_PHASE_UNPACED, 60, 0)->sound_from_db = OB_SILENT_DB;
    protocol.phases[0].sound_to_db = OB_SILENT_DB;
    protocol.caption_count = 1;
    protocol.captions[0] = (struct ob_protocol_caption){0, 10, 20, "The treatment may begin."};
    play(&(struct what){.teach = true, .dizzy_at_s = 20});
    assert_int_equal(said_count, 0);
}

static void the_night_ends_without_a_word(void **state)
{
    (void)state;
    add_phase(OB_PHASE_GUIDED, 200, 6);
    add_phase(OB_PHASE_GUIDED, 200, 6)->sound_to_db = -60.0;
    protocol.end = OB_END_LEAVE;
    play(&(struct what){.teach = true});
    assert_true(was_said(OB_SCRIPT_WELCOME) && was_said(OB_SCRIPT_GO_ON));
    assert_false(was_said(OB_SCRIPT_THANKS) || was_said(OB_SCRIPT_LAST));
}

static void dizziness_comes_first(void **state)
{
    (void)state;
    /* Amid the teaching, which is then over for good, also after the way back. */
    play(&(struct what){.minutes = 3, .teach = true, .dizzy_at_s = 20, .back_at_s = 60});
    int at = 0;
    while (at < said_count && strcmp(said[at].line.key, "dizzy") != 0)
        at++;
    assert_true(at < said_count);
    assert_true(said[at].line.urgent);
    assert_true(fabs(ob_s_from_ns(said[at].line.start_ns) - 20.0) < 0.05);
    for (int i = at + 1; i < said_count; i++)
        assert_string_equal(said[i].line.key, "thanks");
    play(&(struct what){.minutes = 3, .teach = false, .natural_at_s = 30, .dizzy_at_s = 45});
    assert_true(was_said(OB_SCRIPT_NATURAL) && was_said(OB_SCRIPT_DIZZY));
}

static void windows_are_announced(void **state)
{
    (void)state;
    add_phase(OB_PHASE_UNPACED, 60, 0);
    add_phase(OB_PHASE_GUIDED, 120, 6);
    add_phase(OB_PHASE_UNPACED, 60, 0);
    play(&(struct what){.teach = false});
    static const enum ob_script_id order[] = {OB_SCRIPT_MEASURED, OB_SCRIPT_FOLLOW, OB_SCRIPT_EASY, OB_SCRIPT_LET_GO,
                                              OB_SCRIPT_THANKS};
    assert_int_equal(said_count, 5);
    for (int i = 0; i < 5; i++)
        assert_string_equal(said[i].line.key, ob_script_key(order[i]));
    assert_true(ob_s_from_ns(said[1].line.start_ns) >= 60.0 && ob_s_from_ns(said[3].line.start_ns) >= 180.0);
}

/* Longer words, as another language has them. */
static const char *german(const char *english)
{
    static const char *const pairs[][2] = {
        {"Welcome. Sit or lie as is easy for you.", "Willkommen. Setz oder leg dich hin, wie es für dich bequem ist."},
        {"Breathe in as the sound rises.", "Einatmen, wenn der Klang steigt."},
        {"And out as it falls.", "Und aus, wenn er fällt."},
        {"Breathing in.", "Einatmen."},
        {"Breathing out.", "Ausatmen."},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (strcmp(pairs[i][0], english) == 0)
            return pairs[i][1];
    return english;
}

static void another_language_has_its_time(void **state)
{
    (void)state;
    play(&(struct what){.minutes = 1, .teach = true, .tr = german});
    assert_non_null(strstr(said[0].line.text, "Willkommen"));
    int ins = 0;
    for (int i = 0; i < said_count; i++) {
        ins += strcmp(said[i].line.text, "Einatmen.") == 0;
        assert_int_equal(said[i].line.translated,
                         german(said[i].line.text) == said[i].line.text && strcmp(said[i].line.key, "easy") != 0 &&
                             strcmp(said[i].line.key, "go-on") != 0 && strcmp(said[i].line.key, "thanks") != 0);
    }
    assert_int_equal(ins, OB_SCRIPT_BREATHS - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_plain_session_is_opened_taught_and_closed, begin),
        cmocka_unit_test_setup(who_is_not_new_is_not_taught, begin),
        cmocka_unit_test_setup(holds_have_their_words, begin),
        cmocka_unit_test_setup(a_protocol_says_its_own_words_at_their_time, begin),
        cmocka_unit_test_setup(silence_stays_silent, begin),
        cmocka_unit_test_setup(the_night_ends_without_a_word, begin),
        cmocka_unit_test_setup(dizziness_comes_first, begin),
        cmocka_unit_test_setup(windows_are_announced, begin),
        cmocka_unit_test_setup(another_language_has_its_time, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
