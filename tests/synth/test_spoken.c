/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words in the mix: they come at their moment, the soundscape yields and returns, nothing clicks, every clip comes
 * back. */
#include "stage.h"

#include "synth/spoken.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define CLIP (RATE * 2)

static float words[2 * CLIP];
static const struct ob_spoken_clip clip = {words, CLIP, 0, RATE};
static struct ob_spoken_queue queue;

/* A hum of 200 Hz, eased in and out, as a clip of words is. */
static void make_words(float level)
{
    for (int i = 0; i < CLIP; i++) {
        const double edge = fmin(1.0, fmin(i, CLIP - 1 - i) / (0.02 * RATE));
        const double x = (double)level * edge * sin(6.283185307 * 200.0 * i / RATE);
        words[2 * i] = words[2 * i + 1] = (float)x;
    }
}

static void begin(struct stage *stage)
{
    stage_init(stage, 6.0);
    ob_spoken_queue_init(&queue);
    stage->input.spoken = &queue;
    stage->input.voice_01 = 0.6f;
    make_words(0.2f);
}

static int64_t s(double seconds)
{
    return (int64_t)(seconds * 1e9);
}

static bool say(double start_s, double until_s, bool urgent)
{
    const struct ob_spoken_post post = {&clip, s(start_s), s(until_s), urgent};
    return ob_spoken_post(&queue, &post);
}

static int returned(void)
{
    int count = 0;
    while (ob_spoken_returned(&queue))
        count++;
    return count;
}

/* What the words alone add: the difference to a stage without any. */
static double level_db(const float *sound, double from_s, double to_s)
{
    double power = 0.0;
    for (size_t i = (size_t)(from_s * RATE); i < (size_t)(to_s * RATE); i++)
        power += (double)sound[2 * i] * (double)sound[2 * i];
    return db(power / ((to_s - from_s) * RATE));
}

static void words_come_to_the_frame_at_their_moment(void **state)
{
    (void)state;
    struct stage stage;
    size_t frames;
    begin(&stage);
    stage.input.params.presence_01 = 0.0f; /* the soundscape is silent: only the words are there */
    make_words(0.2f);
    for (int i = 0; i < CLIP; i++)
        words[2 * i] = words[2 * i + 1] = 0.2f; /* a step, to see the frame */
    assert_true(say(1.5, 0, false));
    float *sound = stage_play(&stage, 5.0, NULL, &frames);
    size_t first = 0, last = 0;
    for (size_t i = 0; i < frames; i++)
        if (fabsf(sound[2 * i]) > 1e-4f) {
            first = first ? first : i;
            last = i;
        }
    print_message("asked for frame 72000: heard from %zu to %zu\n", first, last);
    assert_true(first >= 71999 && first <= 72001);
    assert_true(last >= 71999 + CLIP - 1 && last <= 72001 + CLIP - 1);
    assert_int_equal(returned(), 1);
    free(sound);
    stage_finish(&stage);
}

static void the_soundscape_yields_and_returns(void **state)
{
    (void)state;
    struct stage stage;
    size_t frames;
    begin(&stage);
    float *plain = stage_play(&stage, 30.0, NULL, &frames);
    stage_finish(&stage);
    begin(&stage);
    make_words(0.0f); /* words without a sound: what is left is the soundscape alone */
    assert_true(say(12.0, 0, false));
    float *ducked = stage_play(&stage, 30.0, NULL, &frames);
    const double before = level_db(ducked, 5.0, 11.4) - level_db(plain, 5.0, 11.4);
    const double during = level_db(ducked, 12.5, 13.5) - level_db(plain, 12.5, 13.5);
    const double after = level_db(ducked, 20.0, 29.0) - level_db(plain, 20.0, 29.0);
    print_message("before %.2f dB, during %.2f dB, after %.2f dB\n", before, during, after);
    assert_true(fabs(before) < 0.01 && fabs(after) < 0.01);
    assert_true(fabs(during + OB_SPOKEN_DUCK_DB) < 0.3);
    /* It never moves faster than 20 dB a second, in steps of 20 ms where there is something to move. */
    double fastest = 0.0, last = 0.0;
    for (double at = 11.0; at < 19.0; at += 0.02) {
        const double moved = level_db(ducked, at, at + 0.02) - level_db(plain, at, at + 0.02);
        fastest = fmax(fastest, fabs(moved - last) / 0.02);
        last = moved;
    }
    print_message("it yields by at most %.1f dB a second\n", fastest);
    assert_true(fastest < 20.0);
    free(plain);
    free(ducked);
    stage_finish(&stage);
}

static double loudest_above(const float *sound, size_t frames, double hz, double from_s, double to_s)
{
    double *power = ear_band(sound, frames, hz, 0, RATE / 500), best = 0.0;
    for (size_t i = (size_t)(from_s * 500.0); i < frames / (RATE / 500) && i < (size_t)(to_s * 500.0); i++)
        best = fmax(best, power[i]);
    free(power);
    return db(best);
}

static bool hushed, urged;

static void interrupt(struct ob_synth_input *input, double now_s)
{
    if (hushed && now_s >= 3.0)
        input->voice_01 = 0.0f;
    if (urged && now_s >= 3.0) {
        say(0, 0, true);
        urged = false;
    }
}

static void nothing_clicks(void **state)
{
    (void)state;
    for (int k = 0; k < 3; k++) { /* played out; hushed amid a word; another one comes first */
        struct stage stage;
        size_t frames;
        begin(&stage);
        stage.input.params.presence_01 = 0.0f;
        hushed = k == 1;
        urged = k == 2;
        say(2.0, 0, false);
        float *sound = stage_play(&stage, 8.0, interrupt, &frames);
        const double click = loudest_above(sound, frames, 6000, 0.1, 7.9);
        print_message("case %d: at most %.1f dB above 6 kHz\n", k, click);
        assert_true(click < -90.0);
        assert_int_equal(returned(), k == 2 ? 2 : 1);
        if (k == 1)
            assert_true(level_db(sound, 3.6, 7.0) < -120.0);
        if (k == 2)
            assert_true(level_db(sound, 4.1, 4.9) > -30.0); /* the second is heard after the first would have ended */
        free(sound);
        stage_finish(&stage);
    }
    hushed = urged = false;
}

static void one_after_the_other_and_never_too_late(void **state)
{
    (void)state;
    struct stage stage;
    size_t frames;
    begin(&stage);
    stage.input.params.presence_01 = 0.0f;
    say(2.0, 3.5, false); /* waits until 3.0 */
    say(1.0, 0, false);   /* posted later, said first */
    say(2.1, 3.5, false); /* would have to wait until 5.0 */
    float *sound = stage_play(&stage, 8.0, NULL, &frames);
    assert_int_equal(returned(), 3);
    assert_true(level_db(sound, 1.1, 4.9) > -20.0);
    assert_true(level_db(sound, 5.1, 7.9) < -120.0);
    free(sound);
    stage_finish(&stage);
}

static void words_may_begin_while_others_ring_on(void **state)
{
    (void)state;
    struct stage stage;
    size_t frames;
    begin(&stage);
    stage.input.params.presence_01 = 0.0f;
    for (int i = RATE / 2; i < CLIP; i++) /* half a second of words, and then a room without a sound */
        words[2 * i] = words[2 * i + 1] = 0.0f;
    static const struct ob_spoken_clip roomy = {words, CLIP, RATE / 2, RATE};
    for (int i = 0; i < 3; i++)
        ob_spoken_post(&queue, &(struct ob_spoken_post){&roomy, s(1.0 + 0.3 * i), 0, 0});
    float *sound = stage_play(&stage, 6.0, NULL, &frames);
    assert_true(level_db(sound, 1.05, 1.45) > -20.0);
    assert_true(level_db(sound, 1.55, 1.95) > -20.0); /* wanted at 1.3, when the first has half of its words */
    assert_true(level_db(sound, 2.05, 2.45) > -20.0);
    assert_true(level_db(sound, 2.55, 5.9) < -120.0);
    assert_int_equal(returned(), 3);
    free(sound);
    stage_finish(&stage);
}

static void a_clip_that_does_not_fit_comes_back(void **state)
{
    (void)state;
    struct stage stage;
    size_t frames;
    begin(&stage);
    stage.input.params.presence_01 = 0.0f;
    static const struct ob_spoken_clip slow = {words, CLIP, 0, 22050.0}, none = {words, 0, 0, RATE};
    const struct ob_spoken_post posts[] = {{&slow, 0, 0, 0}, {&none, 0, 0, 0}};
    assert_true(ob_spoken_post(&queue, &posts[0]) && ob_spoken_post(&queue, &posts[1]));
    for (int i = 0; i < 6; i++)
        say(100.0, 0, false); /* more than can wait */
    float *sound = stage_play(&stage, 1.0, NULL, &frames);
    assert_int_equal(returned(), 4);
    int posted = 0;
    while (say(100.0, 0, false))
        posted++;
    assert_int_equal(posted, OB_SPOKEN_POSTS);
    free(sound);
    stage_finish(&stage);
}

static void loud_words_stay_below_the_ceiling(void **state)
{
    (void)state;
    struct stage stage;
    size_t frames;
    begin(&stage);
    make_words(3.0f);
    stage.input.voice_01 = 1.0f;
    say(0.5, 0, false);
    float *sound = stage_play(&stage, 3.0, NULL, &frames);
    float peak = 0.0f;
    for (size_t i = 0; i < 2 * frames; i++)
        peak = fmaxf(peak, fabsf(sound[i]));
    assert_true(peak > 0.5f && peak < 0.8914f);
    free(sound);
    stage_finish(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_come_to_the_frame_at_their_moment),
        cmocka_unit_test(the_soundscape_yields_and_returns),
        cmocka_unit_test(nothing_clicks),
        cmocka_unit_test(one_after_the_other_and_never_too_late),
        cmocka_unit_test(words_may_begin_while_others_ring_on),
        cmocka_unit_test(a_clip_that_does_not_fit_comes_back),
        cmocka_unit_test(loud_words_stay_below_the_ceiling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
