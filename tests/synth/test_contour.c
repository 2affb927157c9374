/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person hears with eyes closed: the breath can be followed, an exhale's reward has a longer tail, loudness
 * stays in its limits, and nothing has a tempo near a heart's. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>

#define WINDOW (RATE / 20) /* 50 ms */

/* The detector: noise over tone, in dB, each 50 ms, over the mean of 0.2 s. It knows nothing of the pacer. */
static double *brightness(const float *sound, size_t frames, size_t *count_out)
{
    double *tone = ear_band(sound, frames, 0, 330, WINDOW);
    double *noise = ear_band(sound, frames, 600, 3000, WINDOW);
    const size_t count = frames / WINDOW;
    double *ratio = calloc(count, sizeof *ratio);
    for (size_t i = 0; i < count; i++) {
        double n = 0.0, t = 0.0;
        for (size_t k = i >= 2 ? i - 2 : 0; k < count && k <= i + 1; k++) {
            n += noise[k];
            t += tone[k];
        }
        ratio[i] = db(n) - db(t);
    }
    free(tone);
    free(noise);
    *count_out = count;
    return ratio;
}

/* The shortest lag at which the sound is like itself; a multiple of it wins only if it is clearly more so. */
static double period_of(const double *x, size_t count, double shortest_s, double longest_s)
{
    const double step_s = (double)WINDOW / RATE;
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

static void the_period_can_be_heard(void **state)
{
    (void)state;
    static const double rates[] = {4.5, 6.0, 9.0};
    for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++) {
        struct stage stage;
        stage_init(&stage, rates[r]);
        size_t frames, count;
        float *sound = stage_play(&stage, 90.0, NULL, &frames);
        double *x = brightness(sound, frames, &count);
        const double period_s = period_of(x + 100, count - 100, 4.0, 18.0);
        print_message("%.1f/min: heard a period of %.3f s, is %.3f s\n", rates[r], period_s, 60.0 / rates[r]);
        assert_true(fabs(period_s * rates[r] / 60.0 - 1.0) < 0.01);
        free(x);
        free(sound);
        stage_finish(&stage);
    }
}

static void rewarded(struct ob_synth_input *input, double now_s)
{
    const struct ob_pacer_state pacer = ob_pacer_at(&input->pacer, (int64_t)(now_s * 1e9));
    input->params.feedback_01 = 1.0f;
    input->params.tail_01 = 1.0f;
    input->params.exhale_01 = pacer.stage == OB_EXHALE ? (float)pacer.stage_01 : 0.3f;
}

/* How much like noise a stretch sounds: geometric over arithmetic mean of its lines, in dB (Gray & Markel 1974,
 * doi:10.1109/TASSP.1974.1162572). Tones stand out as lines; a wave on sand has none. */
static double flatness_db(const double *lines)
{
    double sum = 0.0, logs = 0.0;
    for (int l = 0; l < LINES; l++) {
        sum += lines[l] / LINES;
        logs += db(lines[l]) / LINES;
    }
    return logs - db(sum);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The level between the lines: the median of their powers, in dB. */
static double floor_db(const double *lines)
{
    double sorted[LINES];
    memcpy(sorted, lines, sizeof sorted);
    qsort(sorted, LINES, sizeof *sorted, ascending);
    return db(sorted[LINES / 2]);
}

static double share_recognised(stage_fn *fn)
{
    struct stage stage;
    stage_init(&stage, 6.0);
    size_t frames, count;
    float *sound = stage_play(&stage, 120.0, fn, &frames);
    double *lines = ear_lines(sound, frames, &count);
    double *flat = malloc(count * sizeof *flat), *sorted = malloc(count * sizeof *flat);
    for (size_t i = 0; i < count; i++)
        flat[i] = sorted[i] = flatness_db(lines + i * LINES);
    qsort(sorted, count, sizeof *sorted, ascending);
    const double middle = 0.5 * (sorted[count / 10] + sorted[count - count / 10]);
    size_t right = 0, all = 0;
    size_t wrong_at[20] = {0};
    for (size_t i = 200; i < count; i++, all++) {
        /* The cue leads the pacer by 150 ms. */
        const int64_t heard_ns = (int64_t)((double)(i + 2) * 0.05e9) + 150000000;
        const struct ob_pacer_state pacer = ob_pacer_at(&stage.input.pacer, heard_ns);
        const bool same = (pacer.stage == OB_EXHALE) == (flat[i] > middle);
        right += same;
        wrong_at[(int)(pacer.phase_turns * 20.0)] += !same;
    }
    print_message("wrong in each twentieth of the breath:");
    for (int k = 0; k < 20; k++)
        print_message(" %zu", wrong_at[k]);
    print_message("\n");
    free(flat);
    free(sorted);
    free(lines);
    free(sound);
    stage_finish(&stage);
    return (double)right / (double)all;
}

static void inhale_and_exhale_are_unmistakable(void **state)
{
    (void)state;
    const double plain = share_recognised(NULL);
    const double with_tail = share_recognised(rewarded);
    print_message("inhale and exhale told apart in %.1f%% of frames, %.1f%% with the longest tail\n", 100 * plain,
                  100 * with_tail);
    assert_true(plain >= 0.95);
}

/* Goertzel: power of one frequency in a stretch under a Hann window. */
static double line(const float *sound, size_t from, size_t count, double hz)
{
    double re = 0.0, im = 0.0;
    for (size_t i = 0; i < count; i++) {
        const double window = 0.5 - 0.5 * cos(6.283185307 * (double)i / (double)count);
        const double x = window * ((double)sound[2 * (from + i)] + (double)sound[2 * (from + i) + 1]);
        re += x * cos(6.283185307 * hz * (double)i / RATE);
        im += x * sin(6.283185307 * hz * (double)i / RATE);
    }
    return re * re + im * im;
}

static double loudest_line(const float *sound, double at_s, double low_hz, double high_hz)
{
    const size_t count = RATE / 4;
    double best = 0.0, best_hz = 0.0;
    for (double hz = low_hz; hz <= high_hz; hz += 0.5) {
        const double power = line(sound, (size_t)(at_s * RATE) - count / 2, count, hz);
        if (power > best) {
            best = power;
            best_hz = hz;
        }
    }
    return best_hz;
}

static void the_inhale_rises_three_to_five_semitones_and_opens(void **state)
{
    (void)state;
    struct stage stage;
    stage_init(&stage, 6.0);
    size_t frames;
    float *sound = stage_play(&stage, 60.0, NULL, &frames);
    /* The octave of the leading voice, at the start and the end of the third inhale (20-24 s, heard 150 ms early). */
    const double bottom = loudest_line(sound, 20.1, 190, 320);
    const double top = loudest_line(sound, 23.7, 190, 320);
    const double semitones = 12.0 * log2(top / bottom);
    const double sunk = loudest_line(sound, 26.7, 226, 288); /* between the chord's own A and D */
    print_message("the inhale rises from %.1f to %.1f Hz: %.2f semitones; in mid-exhale it is at %.1f Hz\n", bottom,
                  top, semitones, sunk);
    assert_true(semitones >= 3.0 && semitones <= 5.1);
    assert_true(sunk > bottom + 5.0 && sunk < top - 5.0);
    double *low = ear_band(sound, frames, 0, 330, RATE / 2);
    double *high = ear_band(sound, frames, 500, 1200, RATE / 2);
    const double opened_db = (db(high[47]) - db(low[47])) - (db(high[40]) - db(low[40]));
    print_message("the low-pass opens: 500-1200 Hz gains %.1f dB on the rest\n", opened_db);
    assert_true(opened_db > 3.0);
    free(low);
    free(high);
    free(sound);
    stage_finish(&stage);
}

static float the_tail;

static void with_tail(struct ob_synth_input *input, double now_s)
{
    (void)now_s;
    input->params.tail_01 = the_tail;
}

/* How long after the end of an exhale (at 30 s, heard 150 ms early) the noise between the tones needs to fall 10 dB
 * below where it stood a second before it. */
static double tail_s(float tail)
{
    the_tail = tail;
    struct stage stage;
    stage_init(&stage, 6.0);
    size_t frames, count;
    float *sound = stage_play(&stage, 33.5, with_tail, &frames);
    double *lines = ear_lines(sound, frames, &count);
    double before = 0.0;
    for (size_t i = 566; i < 586; i++)
        before += floor_db(lines + i * LINES) / 20.0;
    size_t last = 597 - 2;
    while (last + 1 < count && floor_db(lines + (last + 1) * LINES) > before - 10.0)
        last++;
    free(lines);
    free(sound);
    stage_finish(&stage);
    return (double)(last - 595) * 0.05;
}

static void a_rewarded_exhale_has_a_longer_tail(void **state)
{
    (void)state;
    const double none = tail_s(0.0f), half = tail_s(0.5f), full = tail_s(1.0f);
    print_message(
        "the wave is 10 dB down %.1f s after the exhale's end without tail, %.1f s with half, %.1f s with all\n", none,
        half, full);
    assert_true(half > none + 0.3);
    assert_true(full > half + 0.3);
}

/* Loudness of 400 ms each 100 ms by ITU-R BS.1770-5 (coefficients for 48 kHz), in LUFS. */
static double *momentary(const float *sound, size_t frames, size_t *count_out, double *integrated_out)
{
    struct ear shelf[2], cut[2];
    for (int c = 0; c < 2; c++) {
        shelf[c] = (struct ear){.b0 = 1.53512485958697,
                                .b1 = -2.69169618940638,
                                .b2 = 1.19839281085285,
                                .a1 = -1.69065929318241,
                                .a2 = 0.73248077421585};
        cut[c] = (struct ear){.b0 = 1, .b1 = -2, .b2 = 1, .a1 = -1.99004745483398, .a2 = 0.99007225036621};
    }
    const size_t hop = RATE / 10, hops = frames / hop;
    double *power = calloc(hops, sizeof *power);
    for (size_t i = 0; i < hops * hop; i++)
        for (int c = 0; c < 2; c++) {
            const double y = ear_hear(&cut[c], ear_hear(&shelf[c], (double)sound[2 * i + (size_t)c]));
            power[i / hop] += y * y / (double)hop;
        }
    double *loud = calloc(hops, sizeof *loud);
    double gate = 0.0, n = 0.0;
    for (size_t i = 0; i + 4 <= hops; i++) {
        loud[i] = (power[i] + power[i + 1] + power[i + 2] + power[i + 3]) / 4.0;
        if (-0.691 + db(loud[i]) > -70.0) {
            gate += loud[i];
            n++;
        }
    }
    const double relative = gate / n / 10.0;
    double sum = 0.0;
    n = 0.0;
    for (size_t i = 0; i + 4 <= hops; i++) {
        if (loud[i] > relative) {
            sum += loud[i];
            n++;
        }
        loud[i] = -0.691 + db(loud[i]);
    }
    *integrated_out = -0.691 + db(sum / n);
    *count_out = hops - 3;
    free(power);
    return loud;
}

/* Loudest minus softest tenth of the breath, averaged over breaths. */
static double breath_modulation_db(const double *loud, size_t count, double period_s)
{
    double sum[20] = {0}, n[20] = {0};
    for (size_t i = 150; i < count; i++) {
        const double t = ((double)i * 0.1 + 0.2) / period_s;
        const int bin = (int)((t - floor(t)) * 20.0);
        sum[bin] += pow(10.0, loud[i] / 10.0);
        n[bin]++;
    }
    double low = 1e9, high = -1e9;
    for (int b = 0; b < 20; b++) {
        low = fmin(low, db(sum[b] / n[b]));
        high = fmax(high, db(sum[b] / n[b]));
    }
    return high - low;
}

static void unguided(struct ob_synth_input *input, double now_s)
{
    (void)now_s;
    input->params.guidance_01 = 0.0f;
}

static void loudness_stays_in_its_limits(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        stage_fn *fn;
        double least_db, most_db; /* of breath modulation */
    } cases[] = {{"neutral", NULL, 1.0, 6.0}, {"rewarded", rewarded, 1.0, 6.0}, {"unguided", unguided, 0.0, 1.5}};
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        struct stage stage;
        stage_init(&stage, 6.0);
        size_t frames, count;
        double integrated;
        float *sound = stage_play(&stage, 120.0, cases[k].fn, &frames);
        double *loud = momentary(sound, frames, &count, &integrated);
        const double breath_db = breath_modulation_db(loud, count, 10.0);
        print_message("%s: %.1f LUFS, breath modulation %.1f dB\n", cases[k].name, integrated, breath_db);
        assert_true(breath_db >= cases[k].least_db && breath_db <= cases[k].most_db);
        if (cases[k].fn == unguided)
            assert_true(integrated < -23.0);
        else
            assert_true(fabs(integrated + 23.0) < 2.0);
        free(loud);
        free(sound);
        stage_finish(&stage);
    }
}

static void beating(struct ob_synth_input *input, double now_s)
{
    input->params.pulse_01 = (float)(0.5 + 0.5 * sin(6.283185307 * 1.2 * now_s));
}

/* Depth of the strongest regular modulation of loudness between 42 and 180 a minute. */
static double heart_tempo_depth(const float *sound, size_t frames, double *bpm_out)
{
    const size_t window = RATE / 50;
    double *power = ear_band(sound, frames, 0, 0, window);
    const size_t count = frames / window;
    double mean = 0.0;
    for (size_t i = 0; i < count; i++) {
        power[i] = sqrt(power[i]);
        mean += power[i] / (double)count;
    }
    double best = 0.0;
    for (double bpm = 42.0; bpm <= 180.0; bpm += 0.25) {
        const double turns = bpm / 60.0 * 10.0; /* per breath: whole numbers belong to the breath's own contour */
        if (fabs(turns - round(turns)) < 0.2)
            continue;
        double re = 0.0, im = 0.0;
        for (size_t i = 0; i < count; i++) {
            const double window_i = 1.0 - cos(6.283185307 * (double)i / (double)count);
            const double angle = 6.283185307 * bpm / 60.0 * (double)i / 50.0;
            re += window_i * (power[i] - mean) * cos(angle);
            im += window_i * (power[i] - mean) * sin(angle);
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
    struct stage stage;
    stage_init(&stage, 6.0);
    size_t frames;
    double bpm = 0.0;
    float *sound = stage_play(&stage, 120.0, beating, &frames);
    const double depth = heart_tempo_depth(sound, frames, &bpm);
    print_message("strongest modulation at a heart's tempo: %.2f%% at %.1f/min\n", 100 * depth, bpm);
    assert_true(depth < 0.02);
    free(sound);
    stage_finish(&stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_period_can_be_heard),
        cmocka_unit_test(inhale_and_exhale_are_unmistakable),
        cmocka_unit_test(the_inhale_rises_three_to_five_semitones_and_opens),
        cmocka_unit_test(a_rewarded_exhale_has_a_longer_tail),
        cmocka_unit_test(loudness_stays_in_its_limits),
        cmocka_unit_test(nothing_has_a_tempo_near_a_hearts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
