/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session for closed eyes: a logind of our own is asked to stay awake, the screen is wholly black within ten seconds
 * and nothing is drawn then, a key brings the picture back and does nothing else, a pause lets
 * the machine sleep, and escape ends the session, the hold with it. With the argument "end": the session ends by
 * itself, and its last picture comes back. */
#include "bus/fake_bus.h"
#include "child.h"
#include "fingers.h"
#include "os/fake_logind.h"
#include "stage.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SKIPPED  77
#define PATIENCE 60.0 /* for a machine that is busy; where the program promises a time, that is looked at apart */

static struct stage stage;
static int wrong;

static void expect(bool good, const char *what, double got)
{
    printf("%-60s %10.2f  %s\n", what, got, good ? "good" : "WRONG");
    wrong += !good;
}

/* The brightest pixel there is, 0-255. */
static double brightest(void)
{
    uint32_t most = 0;
    for (int y = 0; y < stage.screen.height; y++)
        for (int x = 0; x < stage.screen.width; x++) {
            const uint32_t p = screen_pixel(&stage.screen, x, y);
            const uint32_t v = (p >> 16 & 255) + (p >> 8 & 255) + (p & 255);
            most = v > most ? v : most;
        }
    return most / 3.0;
}

static bool dark(void)
{
    return brightest() == 0.0;
}

static bool light(void) /* words alone, as at the end, are light too */
{
    return brightest() > 60.0;
}

/* Seconds until it is so; PATIENCE when it does not come. */
static double until(bool (*so)(void))
{
    const double from_s = now_s();
    while (now_s() - from_s < PATIENCE && stage_runs(&stage)) {
        if (so())
            return now_s() - from_s;
        sleep_s(0.05);
    }
    return PATIENCE;
}

static double until_holds(int wanted)
{
    const double from_s = now_s();
    while (fake_logind_holds(NULL, 0) != wanted && now_s() - from_s < PATIENCE)
        sleep_s(0.05);
    return fake_logind_holds(NULL, 0) == wanted ? now_s() - from_s : PATIENCE;
}

/* Processor time of the thread that draws, seconds; -1: the kernel does not tell. */
static double drawing_s(void)
{
    char path[64];
    unsigned long long spent_ns;
    snprintf(path, sizeof path, "/proc/%d/task/%d/schedstat", (int)stage.program, (int)stage.program);
    FILE *file = fopen(path, "re");
    const bool read = file && fscanf(file, "%llu", &spent_ns) == 1;
    if (file)
        fclose(file);
    return read ? (double)spent_ns * 1e-9 : -1.0;
}

static bool begin(const char *phases)
{
    char protocol[256], text[256];
    snprintf(protocol, sizeof protocol, "%s/dark.yaml", stage.folder);
    snprintf(text, sizeof text, "version: 1\ntitle: Dark\nscreen: off\nphases:\n%s", phases);
    FILE *out = fopen(protocol, "wbe");
    const bool written = out && fputs(text, out) >= 0;
    if (out)
        fclose(out);
    const char *const argv[] = {OB_PROGRAM, "--demo", "--no-keep",  "--mute", "--width", "320",
                                "--height", "180",    "--protocol", protocol, NULL};
    return written && stage_start(&stage, argv) && stage_wait_picture(&stage, 120.0);
}

/* Shares of a processor that drawing takes, with light and in the dark. */
static void look_at_cost(double lit_s, double lit_for_s)
{
    const double from_s = now_s(), before_s = drawing_s();
    sleep_s(2.0);
    const double dark_for_s = now_s() - from_s, dark_s = drawing_s() - before_s;
    if (before_s < 0.0) {
        printf("the kernel does not tell what drawing costs: left out\n");
        return;
    }
    printf("%-60s %10.2f\n", "% of a processor for the picture", 100.0 * lit_s / lit_for_s);
    printf("%-60s %10.2f\n", "% of a processor in the dark", 100.0 * dark_s / dark_for_s);
    expect(lit_s / lit_for_s > 3.0 * dark_s / dark_for_s, "in the dark nothing is drawn: times less",
           lit_s / lit_for_s / (dark_s / dark_for_s));
}

static void with_a_key(void)
{
    char what[128];
    expect(until_holds(1) < PATIENCE, "the machine is held awake", 1);
    fake_logind_holds(what, sizeof what);
    expect(strcmp(what, "idle:sleep:handle-lid-switch") == 0, "for idleness, for wishes and for the lid", 1);
    expect(until(light) < PATIENCE, "a picture at the start", 1);
    const double lit_from_s = now_s(), before_s = drawing_s();
    sleep_s(3.0);
    const double lit_for_s = now_s() - lit_from_s, lit_s = drawing_s() - before_s;
    const bool went_dark = until(dark) < PATIENCE;
    expect(went_dark, "wholly black, s after the first picture", now_s() - lit_from_s);
    sleep_s(1.5); /* then it is at rest */
    look_at_cost(lit_s, lit_for_s);
    expect(dark(), "it stays black", brightest());
    expect(fingers_press(stage.screen.display, FINGERS_P), "a key", FINGERS_P);
    const double light_after_s = until(light);
    expect(light_after_s < PATIENCE, "brings the picture back, s", light_after_s);
    expect(stage_runs(&stage), "and ends nothing", 1);
    expect(fake_logind_holds(NULL, 0) == 1, "the machine is still held awake", fake_logind_holds(NULL, 0));
    expect(fake_desktop_holds() >= 1, "and so is the desktop", fake_desktop_holds());
    fingers_press(stage.screen.display, FINGERS_SPACE);
    expect(until_holds(0) < PATIENCE, "let go in a pause", 0);
    fingers_press(stage.screen.display, FINGERS_SPACE);
    expect(until_holds(1) < PATIENCE, "held again behind it", 1);
    fingers_press(stage.screen.display, FINGERS_ESCAPE);
}

static void by_itself(void)
{
    expect(until(light) < PATIENCE, "a picture at the start", 1);
    const bool went_dark = until(dark) < PATIENCE;
    expect(went_dark, "it goes dark", brightest());
    const double light_after_s = until(light);
    expect(light_after_s < PATIENCE, "the last picture comes back, s after", light_after_s);
    expect(until_holds(0) < PATIENCE, "the machine may sleep", 0);
    fingers_press(stage.screen.display, FINGERS_P); /* any key, when it is over */
}

int main(int argc, char **argv)
{
    char problem[256], bus[256];
    const bool end = argc > 1 && strcmp(argv[1], "end") == 0;
    if (!fake_bus_start(bus, sizeof bus)) {
        printf("skipped: dbus-daemon is not installed\n");
        return SKIPPED;
    }
    if (!stage_init(&stage, STAGE_SCREEN, 320, 180, problem, sizeof problem)) {
        fake_bus_stop();
        printf("skipped: %s\n", problem);
        return SKIPPED;
    }
    snprintf(stage.bus, sizeof stage.bus, "%s", bus);
    const char *phases = end ? "  - {kind: guided, seconds: 13}\n" : "  - {kind: guided, seconds: 300}\n";
    if (!fake_logind_start(bus, FAKE_WILLING) || !begin(phases)) {
        expect(false, "a picture comes", 0.0);
        printf("%s\n", stage_output(&stage));
    } else {
        if (end)
            by_itself();
        else
            with_a_key();
        const int status = stage_wait(&stage, PATIENCE);
        expect(status == 0, "it ends with a key: exit status", status);
        expect(until_holds(0) < PATIENCE, "nothing is held any more", 0);
        expect(strstr(stage_output(&stage), "the screen black") != NULL, "it says how long it was dark", 1);
    }
    stage_finish(&stage);
    fake_logind_stop();
    fake_bus_stop();
    return wrong > 0;
}
