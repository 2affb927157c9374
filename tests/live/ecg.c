/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A real ECG, down a serial line at its own rate, into a window with sound: heart and breath are seen and heard. Checks
 * nothing that depends on how fast the machine is. Pictures and sound stay in the build folder, to be looked at and
 * listened to. Its argument: seconds (60; from there on the sound is judged as well). */
#include "board.h"
#include "child.h"
#include "outcome.h"
#include "stage.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORD  "wave/nk_rest8"
#define PACE_HZ 0.1
#define STEP_S  0.25
#define SKIPPED 77

static struct stage stage;
static struct board board;
static int wrong;

static void expect(bool good, const char *what, double got)
{
    printf("%-62s %10.3f  %s\n", what, got, good ? "good" : "WRONG");
    wrong += !good;
}

/* How many beats five detectors agree on in the first seconds of the record, and their mean rate. */
static size_t known_beats(double seconds, double *hr_bpm_out)
{
    char path[512], line[64];
    size_t count = 0;
    double first = 0.0, last = 0.0;
    FILE *file = board_find(RECORD ".consensus.csv", path, sizeof path) ? fopen(path, "re") : NULL;
    while (file && fgets(line, sizeof line, file)) {
        char *end = line;
        const double at_s = strtod(line, &end) / board.fs_hz;
        if (end == line || at_s > seconds)
            continue;
        if (count++ == 0)
            first = at_s;
        last = at_s;
    }
    if (file)
        fclose(file);
    *hr_bpm_out = count > 1 ? 60.0 * (double)(count - 1) / (last - first) : 0.0;
    return count;
}

/* Streams until a moment of the recording. */
static bool stream_until(double seconds)
{
    while (board.begun_s == 0.0 || now_s() < board.begun_s + seconds) {
        if (!board_send(&board, stage.line) || !stage_runs(&stage))
            return false;
        sleep_s(0.004);
    }
    return true;
}

static void save_picture(double at_s)
{
    char path[512];
    snprintf(path, sizeof path, "%s/ecg-%02.0fs.png", OB_LIVE_OUT, at_s);
    screen_save_png(&stage.screen, path);
}

/* How alike the level is to itself so many steps later, -1 to 1. */
static double likeness(const double *level, size_t count, size_t lag)
{
    double mean = 0.0, product = 0.0, power = 0.0;
    for (size_t i = 0; i < count; i++)
        mean += level[i] / (double)count;
    for (size_t i = 0; i < count; i++)
        power += (level[i] - mean) * (level[i] - mean) / (double)count;
    for (size_t i = 0; i + lag < count; i++)
        product += (level[i] - mean) * (level[i + lag] - mean) / (double)(count - lag);
    return power > 0.0 ? product / power : 0.0;
}

/* Whole breaths in the middle of the recorded sound. */
static void judge_sound(double seconds)
{
    const struct studio *studio = &stage.studio;
    const double length_s = (double)studio->frames / STUDIO_RATE;
    const double breaths_s = floor((seconds - 15.0) * PACE_HZ) / PACE_HZ;
    const double from_s = length_s - breaths_s - 2.0;
    double level[2048];
    size_t count = 0;
    for (; count < (size_t)(breaths_s / STEP_S); count++)
        level[count] = studio_level(studio, from_s + STEP_S * (double)count, from_s + STEP_S * (double)(count + 1));
    expect(studio_level(studio, from_s, from_s + breaths_s) > 0.003, "sound: its level, of 1",
           studio_level(studio, from_s, from_s + breaths_s));
    /* It swells twice a breath, on the way in and on the way out: but only a whole breath later is it the same again.
     */
    double best_s = 0.0, best = -1.0;
    for (size_t lag = (size_t)(3.0 / STEP_S); lag <= (size_t)(16.0 / STEP_S); lag++)
        if (likeness(level, count, lag) > best) {
            best_s = STEP_S * (double)lag;
            best = likeness(level, count, lag);
        }
    expect(fabs(best_s - 1.0 / PACE_HZ) < 0.6,
           "sound: after how many seconds it is most like itself (a breath takes 10)", best_s);
    expect(best > 0.15, "sound: and how alike", best);
}

static double mean_change(const uint32_t *a, const uint32_t *b)
{
    double sum = 0.0;
    const size_t count = (size_t)stage.screen.width * (size_t)stage.screen.height;
    for (size_t i = 0; i < count; i++)
        for (int shift = 0; shift < 24; shift += 8)
            sum += fabs((double)(a[i] >> shift & 255) - (double)(b[i] >> shift & 255));
    return sum / (3.0 * (double)count);
}

static int session(double seconds)
{
    char log[192], tables[512], wav[512], seconds_text[32];
    snprintf(log, sizeof log, "%s/ecg.oblog", stage.folder);
    snprintf(tables, sizeof tables, "%s/ecg", OB_LIVE_OUT);
    snprintf(wav, sizeof wav, "%s/ecg.wav", OB_LIVE_OUT);
    snprintf(seconds_text, sizeof seconds_text, "%.6g", board.fs_hz);
    const char *const argv[] = {OB_PROGRAM, "--serial", stage.port, "--fs", seconds_text, "--numbers",
                                "--pace",   "6",        "--voice",  "off",  "--record",   log,
                                "--width",  "640",      "--height", "360",  NULL};
    if (!stage_start(&stage, argv) || !stage_wait_picture(&stage, 60.0) || !studio_record_start(&stage.studio, 50)) {
        printf("no picture came\n");
        return 1;
    }
    /* The paced breath takes 10 s: half of it later the picture must be another one. */
    bool ran = stream_until(seconds * 0.4);
    save_picture(seconds * 0.4);
    uint32_t *before = screen_copy(&stage.screen);
    ran = ran && stream_until(seconds * 0.4 + 5.0);
    save_picture(seconds * 0.4 + 5.0);
    uint32_t *after = screen_copy(&stage.screen);
    ran = ran && stream_until(seconds);
    save_picture(seconds);
    const int status = stage_end(&stage);
    studio_record_stop(&stage.studio);
    studio_save_wav(&stage.studio, wav);
    expect(ran, "it ran through", ran);
    expect(status == 0, "exit status after SIGTERM", status);
    expect(before && after && mean_change(before, after) > 0.5, "picture: mean change in half a breath, of 255",
           before && after ? mean_change(before, after) : 0.0);
    free(before);
    free(after);

    double known_hr = 0.0;
    const size_t known = known_beats(seconds, &known_hr);
    struct outcome outcome;
    outcome_read(log, tables, &outcome);
    expect(outcome.status == 0, "replay of the event log: exit status", outcome.status);
    expect((double)outcome.beats > 0.9 * (double)known - 3.0 && outcome.beats <= known + 3, "beats",
           (double)outcome.beats);
    expect(outcome.hr_rows > (size_t)(seconds / 2.0), "seconds with a heart rate", (double)outcome.hr_rows);
    expect(fabs(outcome.hr_bpm - known_hr) < 3.0, "heart rate, beats a minute", outcome.hr_bpm);
    printf("%-62s %10.3f  (%zu beats)\n", "    what five detectors agree on", known_hr, known);
    if (seconds >= 60.0)
        judge_sound(seconds);
    return wrong;
}

int main(int argc, char **argv)
{
    const double seconds = argc > 1 ? strtod(argv[1], NULL) : 60.0;
    char path[512], problem[512];
    if (!board_find(RECORD ".hea", path, sizeof path)) {
        printf("skipped: there is no %s\n", path);
        return SKIPPED;
    }
    if (!board_open(&board, path, 0, problem, sizeof problem)) {
        printf("%s\n", problem);
        return 1;
    }
    if (!stage_init(&stage, STAGE_SCREEN | STAGE_STUDIO | STAGE_LINE, 640, 360, problem, sizeof problem)) {
        board_close(&board);
        printf("skipped: %s\n", problem);
        return SKIPPED;
    }
    const int failed = session(seconds);
    printf("the program said:\n%s\n", stage_output(&stage));
    stage_finish(&stage);
    board_close(&board);
    return failed ? 1 : 0;
}
