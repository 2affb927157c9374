/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person hears with eyes closed, in each soundscape: the breath can be followed, the inhale climbs and opens, an
 * exhale's reward has a longer tail, loudness stays in its limits, and nothing has a tempo near a heart's. Short
 * stretches of each; `./run bench soundscapes` listens for minutes. */
#include "listen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>

#define PERIOD_S 10.0

/* Each soundscape once neutral, with every exhale rewarded, and left alone: what most tests listen to. */
enum mood { NEUTRAL, REWARDED, ALONE, MOODS };

static const double mood_s[MOODS] = {42.0, 32.0, 14.0};

struct take {
    float *sound;
    size_t frames;
    double *level; /* between the lines, each 50 ms */
    size_t count;
};

static struct take takes[OB_SOUNDSCAPE_OWN][MOODS];
static struct ob_pacer_segment pacer;

static void rewarded(struct ob_synth_input *input, double now_s)
{
    const struct ob_pacer_state at = ob_pacer_at(&input->pacer, (int64_t)(now_s * 1e9));
    input->params.feedback_01 = 1.0f;
    input->params.tail_01 = 1.0f;
    input->params.exhale_01 = at.stage == OB_EXHALE ? (float)at.stage_01 : 0.3f;
}

static void unguided(struct ob_synth_input *input, double now_s)
{
    (void)now_s;
    input->params.guidance_01 = 0.0f;
}

/* The heart's pulse moves all the time: none of it may be heard. */
static void beating(struct ob_synth_input *input, double now_s)
{
    input->params.pulse_01 = (float)(0.5 + 0.5 * sin(6.283185307 * 1.2 * now_s));
}

static int record(void **state)
{
    (void)state;
    static stage_fn *const fn[MOODS] = {beating, rewarded, unguided};
    for (uint32_t sound = 0; sound < OB_SOUNDSCAPE_OWN; sound++)
        for (int mood = 0; mood < MOODS; mood++) {
            struct stage stage;
            struct take *take = &takes[sound][mood];
            stage_init_sound(&stage, 60.0 / PERIOD_S, sound, NULL);
            take->sound = stage_play(&stage, mood_s[mood], fn[mood], &take->frames);
            take->level = breath_levels(take->sound, take->frames, &take->count);
            pacer = stage.input.pacer;
            stage_finish(&stage);
        }
    return 0;
}

static int forget(void **state)
{
    (void)state;
    for (uint32_t sound = 0; sound < OB_SOUNDSCAPE_OWN; sound++)
        for (int mood = 0; mood < MOODS; mood++) {
            free(takes[sound][mood].sound);
            free(takes[sound][mood].level);
        }
    return 0;
}

/* The shortest lag at which the level between the lines is like itself; a multiple of it wins only if it is clearly
 * more so. */
static double period_of(const double *x, size_t count, double shortest_s, double longest_s)
{
    const double step_s = 0.05;
    double mean = 0.0;
    for (size_t i = 0; i < count; i++)
        mean += x[i] / (double)count;
    double best = 0.0, before = 0.0, last[3] = {0};
    double best_lag = 0.0;
    for (size_t lag = (size_t)(shortest_s / step_s); lag <= (size_t)(longest_s / step_s) + 1; lag++) {
        double sum = 0.0;
        for (size_t i = 0; i + lag < count; i++)
            sum += (x[i] - mean) * (x[i + lag] - mean);
        last[0] = last[1];
        last[1] = last[2];
        last[2] = sum / (double)(count - lag);
        if (last[1] > last[0] && last[1] >= last[2] && before > 1 && last[1] > 1.25 * best) {
            best = last[1];
            best_lag = (double)lag - 1.0 + 0.5 * (last[0] - last[2]) / (last[0] - 2.0 * last[1] + last[2]);
        }
        before += 1.0;
    }
    return best_lag * step_s;
}

static void inhale_and_exhale_are_unmistakable(void **state)
{
    (void)state;
    for (uint32_t sound = 0; sound < OB_SOUNDSCAPE_OWN; sound++) {
        double share[2];
        for (int mood = NEUTRAL; mood <= REWARDED; mood++) {
            const struct take *take = &takes[sound][mood];
            size_t wrong_at[20] = {0};
            share[mood] = breath_told(take->level, take->count, &pacer, PERIOD_S, wrong_at);
            print_message("wrong in each twentieth of the breath:");
            for (int k = 0; k < 20; k++)
                print_message(" %zu", wrong_at[k]);
            print_message("\n");
        }
        print_message("%s: inhale and exhale told apart in %.1f%% of frames, %.1f%% with the longest tail\n",
                      ob_soundscape_name(sound), 100 * share[NEUTRAL], 100 * share[REWARDED]);
        assert_true(share[NEUTRAL] >= 0.95);
        assert_true(share[REWARDED] >= 0.93);
        /* and left alone there is nothing to be told apart */
        const struct take *alone = &takes[sound][ALONE];
        assert_true(breath_told(alone->level, alone->count, &pacer, 4.0, NULL) < 0.85);
    }
}

static void the_period_can_be_heard(void **state)
{
    (void)state;
    for (uint32_t sound = 0; sound < OB_SOUNDSCAPE_OWN; sound++) {
        const double period_s =
            period_of(takes[sound][NEUTRAL].level + 100, takes[sound][NEUTRAL].count - 100, 4.0, 18.0);
        print_message("%s: heard a period of %.3f s, is %.3f s\n", ob_soundscape_name(sound), period_s, PERIOD_S);
        assert_true(fabs(period_s / PERIOD_S - 1.0) < 0.01);
    }
    static const double rates[] = {9.0};
    for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++) {
        struct stage stage;
        struct take take;
        stage_init(&stage, rates[r]);
        take.sound = stage_play(&stage, 30.0, NULL, &take.frames);
        take.level = breath_levels(take.sound, take.frames, &take.count);
        const double period_s = period_of(take.level + 100, take.count - 100, 4.0, 18.0);
        free(take.level);
        print_message("%.1f/min: heard a period of %.3f s, is %.3f s\n", rates[r], period_s, 60.0 / rates[r]);
        assert_true(fabs(period_s * rates[r] / 60.0 - 1.0) < 0.015);
        free(take.sound);
        stage_finish(&stage);
    }
}

/* Goertzel: power of one frequency in a stretch under a Hann window. */
static double line(const double *x, size_t count, double hz)
{
    const double turn = 2.0 * cos(6.283185307179586 * hz / RATE);
    double a = 0.0, b = 0.0;
    for (size_t i = 0; i < count; i++) {
        const double c = x[i] + turn * a - b;
        b = a;
        a = c;
    }
    return a * a + b * b - turn * a * b;
}

static double loudest_line(const float *sound, double at_s, double low_hz, double high_hz)
{
    enum { COUNT = RATE / 4 };
    static double x[COUNT];
    const float *from = sound + 2 * ((size_t)(at_s * RATE) - COUNT / 2);
    for (size_t i = 0; i < COUNT; i++)
        x[i] = (0.5 - 0.5 * cos(6.283185307 * (double)i / COUNT)) * ((double)from[2 * i] + (double)from[2 * i + 1]);
    double best = 0.0, best_hz = 0.0;
    for (double hz = low_hz; hz <= high_hz; hz += 1.0) {
        const double power = line(x, COUNT, hz);
        if (power > best) {
            best = power;
            best_hz = hz;
        }
    }
    return best_hz;
}

static double band_db(const float *sound, double from_s, double low_hz, double high_hz)
{
    const size_t from = (size_t)(from_s * RATE), count = RATE / 2;
    double *power = ear_band(sound + 2 * from, count, low_hz, high_hz, count);
    const double found = db(power[0]);
    free(power);
    return found;
}

static void the_inhale_climbs_a_fourth_and_opens(void **state)
{
    (void)state;
    for (uint32_t sound = 0; sound < OB_SOUNDSCAPE_OWN; sound++) {
        /* An inhale of 4 s, heard 150 ms early: A3 at its foot, D4 at its top, and between them what the chord does
         * not have (the pad's does later on, so there it is the second inhale). */
        const double at = sound == OB_SOUNDSCAPE_PAD ? 10.0 : 20.0;
        const float *heard = takes[sound][NEUTRAL].sound;
        const double bottom = loudest_line(heard, at + 0.3, 190, 320);
        const double middle = loudest_line(heard, at + 1.75, 232, 278);
        const double top = loudest_line(heard, at + 3.65, 190, 320);
        const double semitones = 12.0 * log2(top / bottom);
        const double opened_db = (band_db(heard, at + 3.3, 500, 1200) - band_db(heard, at + 3.3, 0, 330)) -
                                 (band_db(heard, at + 0.1, 500, 1200) - band_db(heard, at + 0.1, 0, 330));
        print_message("%s: the inhale climbs from %.0f by way of %.0f to %.0f Hz: %.2f semitones; 500-1200 Hz gains "
                      "%.1f dB on the rest\n",
                      ob_soundscape_name(sound), bottom, middle, top, semitones, opened_db);
        assert_true(semitones >= 3.0 && semitones <= 5.1);
        assert_true(middle > bottom + 5.0 && middle < top - 5.0);
        assert_true(opened_db > 3.0);
    }
}

static float the_tail;

static void with_tail(struct ob_synth_input *input, double now_s)
{
    (void)now_s;
    input->params.tail_01 = the_tail;
}

/* How long after the end of an exhale (at 10 s, heard 150 ms early) the noise between the tones needs to fall 10 dB
 * below where it stood a second before it. */
static double tail_s(uint32_t sound, float tail)
{
    the_tail = tail;
    struct stage stage;
    stage_init_sound(&stage, 6.0, sound, NULL);
    size_t frames, count;
    float *samples = stage_play(&stage, 13.5, with_tail, &frames);
    /* From 8 s on, in steps of 50 ms. */
    double *level = breath_levels(samples + 2 * 8 * RATE, frames - 8 * RATE, &count);
    double before = 0.0;
    for (size_t i = 6; i < 26; i++)
        before += level[i] / 20.0;
    size_t last = 35;
    while (last + 1 < count && level[last + 1] > before - 10.0)
        last++;
    free(level);
    free(samples);
    stage_finish(&stage);
    return (double)(last - 35) * 0.05;
}

static void a_rewarded_exhale_has_a_longer_tail(void **state)
{
    (void)state;
    for (uint32_t sound = 0; sound < OB_SOUNDSCAPE_OWN; sound++) {
        const double none = tail_s(sound, 0.0f), full = tail_s(sound, 1.0f);
        print_message(
            "%s: the breath is 10 dB down %.2f s after the exhale's end without tail, %.2f s with all of it\n",
            ob_soundscape_name(sound), none, full);
        assert_true(full > none + 0.5);
    }
}

static void loudness_stays_in_its_limits(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double low_lufs, high_lufs, least_db, most_db; /* loudness; modulation by the breath */
    } limits[MOODS] = {
        {"neutral", -24.5, -21.5, 1.0, 6.0}, {"rewarded", -24.0, -20.0, 1.0, 6.0}, {"alone", -32.0, -26.0, 0.0, 6.0}};
    print_message("%-8s %-9s   LUFS   dBTP    LU  breath\n", "", "");
    for (uint32_t sound = 0; sound < OB_SOUNDSCAPE_OWN; sound++)
        for (int mood = 0; mood < MOODS; mood++) {
            const struct take *take = &takes[sound][mood];
            const struct loudness loud = loudness_of(take->sound, take->frames);
            const double breath_db = breath_modulation_db(take->sound, take->frames, PERIOD_S, 10.0);
            print_message("%-8s %-9s %6.1f %6.1f %5.1f %7.1f\n", ob_soundscape_name(sound), limits[mood].name,
                          loud.lufs, loud.peak_dbtp, loud.range_lu, breath_db);
            assert_true(loud.lufs >= limits[mood].low_lufs && loud.lufs <= limits[mood].high_lufs);
            assert_true(loud.peak_dbtp <= -1.0);
            assert_true(breath_db >= limits[mood].least_db && breath_db <= limits[mood].most_db);
        }
}

/* Shares of the power that an ear takes as boom and as hiss stay small. */
static void nothing_is_harsh(void **state)
{
    (void)state;
    for (uint32_t sound = 0; sound < OB_SOUNDSCAPE_OWN; sound++) {
        const struct take *take = &takes[sound][REWARDED];
        double edges[4][2] = {{0, 0}, {0, 80}, {2500, 5000}, {5000, 0}}, level[4];
        for (int k = 0; k < 4; k++) {
            double *power = ear_band(take->sound, take->frames, edges[k][0], edges[k][1], take->frames);
            level[k] = db(power[0]);
            free(power);
        }
        print_message("%s: below 80 Hz %.1f dB, 2.5-5 kHz %.1f dB, above 5 kHz %.1f dB beside the whole\n",
                      ob_soundscape_name(sound), level[1] - level[0], level[2] - level[0], level[3] - level[0]);
        assert_true(level[1] - level[0] < -4.0);
        assert_true(level[2] - level[0] < -15.0);
        assert_true(level[3] - level[0] < -25.0);
    }
}

/* Depth of the strongest regular modulation of loudness between 42 and 180 a minute. */
static double heart_tempo_depth(const struct take *take, double *bpm_out)
{
    const size_t window = RATE / 50;
    double *power = ear_band(take->sound, take->frames, 0, 0, window);
    const size_t from = 50 * (size_t)PERIOD_S / 5; /* after the start */
    const size_t count = take->frames / window - from;
    double *level = power + from;
    double mean = 0.0;
    for (size_t i = 0; i < count; i++) {
        level[i] = sqrt(level[i]);
        mean += level[i] / (double)count;
    }
    double best = 0.0;
    for (double bpm = 42.0; bpm <= 180.0; bpm += 0.5) {
        const double turns = bpm / 60.0 * PERIOD_S; /* per breath: whole numbers belong to the breath's own contour */
        if (fabs(turns - round(turns)) < 0.2)
            continue;
        double re = 0.0, im = 0.0;
        for (size_t i = 0; i < count; i++) {
            const double window_i = 1.0 - cos(6.283185307 * (double)i / (double)count);
            const double angle = 6.283185307 * bpm / 60.0 * (double)i / 50.0;
            re += window_i * (level[i] - mean) * cos(angle);
            im += window_i * (level[i] - mean) * sin(angle);
        }
        const double depth = 2.0 * sqrt(re * re + im * im) / (double)count / mean;
        if (depth > best) {
            best = depth;
            *bpm_out = bpm;
        }
    }
    free(power);
    return best;
}

static void nothing_has_a_tempo_near_a_hearts(void **state)
{
    (void)state;
    for (uint32_t sound = 0; sound < OB_SOUNDSCAPE_OWN; sound++) {
        double bpm = 0.0;
        const double depth = heart_tempo_depth(&takes[sound][NEUTRAL], &bpm);
        print_message("%s: strongest modulation at a heart's tempo: %.2f%% at %.1f/min\n", ob_soundscape_name(sound),
                      100 * depth, bpm);
        assert_true(depth < 0.025);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inhale_and_exhale_are_unmistakable),   cmocka_unit_test(the_period_can_be_heard),
        cmocka_unit_test(the_inhale_climbs_a_fourth_and_opens), cmocka_unit_test(a_rewarded_exhale_has_a_longer_tail),
        cmocka_unit_test(loudness_stays_in_its_limits),         cmocka_unit_test(nothing_is_harsh),
        cmocka_unit_test(nothing_has_a_tempo_near_a_hearts),
    };
    return cmocka_run_group_tests(tests, record, forget);
}
