/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From one soundscape to another: it begins at once, comes in over four seconds without a hole or a hump, goes back
 * when asked, and costs nothing when nothing changes. The bowl that closes a session, and how a session comes in. */
#include "listen.h"

#include "synth/blend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static double share_like(const float *a, const float *b, size_t from, size_t count)
{
    double difference = 0.0, power = 0.0;
    for (size_t i = 2 * from; i < 2 * (from + count); i++) {
        difference += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
        power += (double)b[i] * (double)b[i];
    }
    return difference / power;
}

/* Each of them for itself, played from the start. */
static float *alone(uint32_t sound, double seconds, size_t *frames_out)
{
    struct stage stage;
    stage_init_sound(&stage, 6.0, sound, NULL);
    float *heard = stage_play(&stage, seconds, NULL, frames_out);
    stage_finish(&stage);
    return heard;
}

static void from_shore_at_8(struct ob_synth_input *input, double now_s)
{
    input->soundscape = now_s < 8.0 ? OB_SOUNDSCAPE_SHORE : OB_SOUNDSCAPE_PAD;
}

static void one_comes_as_the_other_goes(void **state)
{
    (void)state;
    struct stage stage;
    size_t frames;
    stage_init_sound(&stage, 6.0, OB_SOUNDSCAPE_SHORE, NULL);
    float *heard = stage_play(&stage, 24.0, from_shore_at_8, &frames);
    stage_finish(&stage);
    float *shore = alone(OB_SOUNDSCAPE_SHORE, 24.0, &frames), *pad = alone(OB_SOUNDSCAPE_PAD, 24.0, &frames);
    /* Until then it is bit for bit what it would have been. */
    assert_memory_equal(heard, shore, 2 * 7 * RATE * sizeof *heard);
    assert_true(share_like(heard, shore, 9 * RATE, RATE / 2) < 0.7);
    assert_true(share_like(heard, shore, 14 * RATE, RATE) > 0.5);
    /* Loudness goes from one to the other. */
    size_t hops, other;
    double *both = ear_weighted(heard, frames, &hops), *first = ear_weighted(shore, frames, &other),
           *second = ear_weighted(pad, frames, &other);
    double deepest_db = 0.0, highest_db = 0.0;
    for (size_t i = 70; i + 4 < 140; i++) {
        double sum[3] = {0};
        for (size_t k = i; k < i + 4; k++) {
            sum[0] += both[k];
            sum[1] += first[k];
            sum[2] += second[k];
        }
        deepest_db = fmin(deepest_db, db(sum[0]) - db(fmin(sum[1], sum[2])));
        highest_db = fmax(highest_db, db(sum[0]) - db(fmax(sum[1], sum[2])));
    }
    print_message("the crossfade is at most %.1f dB under the softer, %.1f dB over the louder of both\n", -deepest_db,
                  highest_db);
    /* Both sing the same notes, which may add up. */
    assert_true(deepest_db > -2.0 && highest_db < 3.2);
    free(both);
    free(first);
    free(second);
    free(heard);
    free(shore);
    free(pad);
}

/* Buses of one tick, all of them constant: what is left is the weight of each soundscape. */
static uint32_t ticks_of(struct ob_blend *blend, uint32_t wanted, double seconds)
{
    const struct ob_cue cue = {.full_01 = 0.5f, .gain = 1.0f};
    const uint32_t count = (uint32_t)(seconds * RATE / OB_SYNTH_TICK);
    for (uint32_t i = 0; i < count; i++) {
        struct ob_buses buses = {0};
        ob_blend_tick(blend, wanted, &cue, &buses);
    }
    return blend->to;
}

static void every_wish_is_heard_in_the_end(void **state)
{
    (void)state;
    struct ob_blend blend;
    assert_true(ob_blend_init(&blend, RATE, 1, NULL, 0));
    /* The first one is there at once. */
    ticks_of(&blend, OB_SOUNDSCAPE_BOWLS, 0.01);
    assert_true(blend.from == OB_SOUNDSCAPE_BOWLS && blend.to == OB_SOUNDSCAPE_BOWLS);
    /* One that is not there changes nothing. */
    ticks_of(&blend, 77, 1.0);
    ticks_of(&blend, OB_SOUNDSCAPE_OWN, 1.0);
    assert_true(blend.from == OB_SOUNDSCAPE_BOWLS && blend.to == OB_SOUNDSCAPE_BOWLS);
    /* Another one takes four seconds. */
    ticks_of(&blend, OB_SOUNDSCAPE_PAD, 3.9);
    assert_true(blend.from == OB_SOUNDSCAPE_BOWLS && blend.to == OB_SOUNDSCAPE_PAD);
    ticks_of(&blend, OB_SOUNDSCAPE_PAD, 0.2);
    assert_true(blend.from == OB_SOUNDSCAPE_PAD);
    /* Back again in the midst of it: from where it is. */
    ticks_of(&blend, OB_SOUNDSCAPE_SHORE, 1.0);
    assert_true(fabsf(blend.share_01 - 0.25f) < 0.01f);
    ticks_of(&blend, OB_SOUNDSCAPE_PAD, 0.01);
    assert_true(blend.from == OB_SOUNDSCAPE_SHORE && blend.to == OB_SOUNDSCAPE_PAD);
    assert_true(fabsf(blend.share_01 - 0.75f) < 0.01f);
    ticks_of(&blend, OB_SOUNDSCAPE_PAD, 1.1);
    assert_true(blend.from == OB_SOUNDSCAPE_PAD && blend.to == OB_SOUNDSCAPE_PAD);
    /* A third one waits for the second. */
    ticks_of(&blend, OB_SOUNDSCAPE_SHORE, 1.0);
    ticks_of(&blend, OB_SOUNDSCAPE_BOWLS, 2.0);
    assert_true(blend.from == OB_SOUNDSCAPE_PAD && blend.to == OB_SOUNDSCAPE_SHORE);
    ticks_of(&blend, OB_SOUNDSCAPE_BOWLS, 1.2);
    assert_true(blend.from == OB_SOUNDSCAPE_SHORE && blend.to == OB_SOUNDSCAPE_BOWLS);
    ticks_of(&blend, OB_SOUNDSCAPE_BOWLS, 4.0);
    assert_true(blend.from == OB_SOUNDSCAPE_BOWLS && blend.to == OB_SOUNDSCAPE_BOWLS);
    ob_blend_finish(&blend);
}

static void a_place_is_there_once_it_is_filled(void **state)
{
    (void)state;
    static int16_t samples[2 * 4800];
    struct ob_loop places[OB_SOUNDSCAPE_LOOPS] = {{0}};
    struct ob_blend blend;
    assert_true(ob_blend_init(&blend, RATE, 1, places, OB_SOUNDSCAPE_LOOPS));
    ticks_of(&blend, OB_SOUNDSCAPE_OWN + 3, 1.0);
    assert_int_equal(blend.to, OB_SOUNDSCAPE_SHORE);
    places[3] = (struct ob_loop){samples, 4800, 1e-5f};
    ticks_of(&blend, OB_SOUNDSCAPE_OWN + 3, 5.0);
    assert_int_equal(blend.from, OB_SOUNDSCAPE_OWN + 3);
    ob_blend_finish(&blend);
}

static double level_db(const float *sound, double from_s, double to_s)
{
    double power = 0.0;
    for (size_t i = 2 * (size_t)(from_s * RATE); i < 2 * (size_t)(to_s * RATE); i++)
        power += (double)sound[i] * (double)sound[i] / (2.0 * (to_s - from_s) * RATE);
    return db(power);
}

static void the_end(struct ob_synth_input *input, double now_s)
{
    input->params.presence_01 = 0.0f;
    input->gong_count = now_s >= 2.0;
}

static void muted_end(struct ob_synth_input *input, double now_s)
{
    the_end(input, now_s);
    input->volume_01 = 0.0f;
}

static void a_bowl_closes_a_session(void **state)
{
    (void)state;
    struct stage stage;
    size_t frames;
    stage_init(&stage, 6.0);
    float *heard = stage_play(&stage, 24.0, the_end, &frames);
    stage_finish(&stage);
    const struct loudness loud = loudness_of(heard + 2 * 2 * RATE, 6 * RATE);
    print_message("the bowl: %.1f LUFS in its first six seconds, %.1f dBTP; %.1f dB at once, %.1f dB after 15 s\n",
                  loud.lufs, loud.peak_dbtp, level_db(heard, 3.0, 4.0), level_db(heard, 17.0, 18.0));
    assert_true(loud.lufs > -28.0 && loud.lufs < -20.0 && loud.peak_dbtp < -6.0);
    /* It comes in softly, 150 ms and more from a tenth to nine tenths of it, and is gone by itself. */
    double *power = ear_band(heard + 2 * 2 * RATE, RATE, 0, 0, RATE / 100);
    const size_t rise = ear_rise(power, 100);
    print_message("it comes in within %zu ms\n", 10 * rise);
    assert_true(rise >= 15);
    free(power);
    assert_true(level_db(heard, 17.0, 18.0) < level_db(heard, 3.0, 4.0) - 20.0);
    free(heard);
    stage_init(&stage, 6.0);
    heard = stage_play(&stage, 8.0, muted_end, &frames);
    stage_finish(&stage);
    assert_true(level_db(heard, 0.0, 8.0) < -100.0);
    free(heard);
}

static void two_sittings(struct ob_synth_input *input, double now_s)
{
    input->params.presence_01 = now_s < 8.0 || now_s > 12.0 ? 1.0f : 0.0f;
}

static void a_session_comes_in_gently(void **state)
{
    (void)state;
    const struct ob_synth_desc desc = {.sample_rate_hz = RATE, .seed = 5, .ease_in_s = 6.0};
    struct stage stage;
    size_t frames;
    stage_init(&stage, 6.0);
    ob_synth_destroy(stage.synth);
    stage.synth = ob_synth_create(&desc);
    float *heard = stage_play(&stage, 20.0, two_sittings, &frames);
    stage_finish(&stage);
    for (double begin_s = 0.0; begin_s < 13.0; begin_s += 12.0) {
        double before = -200.0;
        for (double s = 0.5; s < 5.0; s += 0.75) {
            const double now = level_db(heard, begin_s + s, begin_s + s + 0.5);
            print_message("%.2f s: %.1f dBFS\n", begin_s + s, now);
            if (s < 3.0)
                assert_true(now > before);
            before = now;
        }
        assert_true(level_db(heard, begin_s, begin_s + 1.0) < level_db(heard, begin_s + 6.0, begin_s + 8.0) - 20.0);
    }
    free(heard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_comes_as_the_other_goes),        cmocka_unit_test(every_wish_is_heard_in_the_end),
        cmocka_unit_test(a_place_is_there_once_it_is_filled), cmocka_unit_test(a_bowl_closes_a_session),
        cmocka_unit_test(a_session_comes_in_gently),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
