/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A live session that follows a protocol without a picture: the light is there, fades within ten seconds, nothing is
 * lit but what has to be, and the session leaves by itself. A mistake in the settings is told and stops nothing. */
#include "child.h"
#include "stage.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SKIPPED 77

static struct stage stage;
static int wrong;

static void expect(bool good, const char *what, double got)
{
    printf("%-60s %10.2f  %s\n", what, got, good ? "good" : "WRONG");
    wrong += !good;
}

static bool write_file(char *path, size_t size, const char *name, const char *text)
{
    snprintf(path, size, "%s/%s", stage.folder, name);
    FILE *out = fopen(path, "wb");
    return out && fwrite(text, 1, strlen(text), out) == strlen(text) && fclose(out) == 0;
}

/* Looks until the picture is brighter than a mean, or darker, or the session is over; the mean when it was. */
static double look_until(double brighter, double darker)
{
    double mean = 0.0, spread;
    do {
        sleep_s(0.2);
        screen_brightness(&stage.screen, &mean, &spread);
    } while (stage_runs(&stage) && mean <= brighter && mean >= darker);
    return stage_runs(&stage) ? mean : (double)NAN;
}

int main(void)
{
    char problem[256], protocol[256], settings[256];
    if (!stage_init(&stage, STAGE_SCREEN, 320, 180, problem, sizeof problem)) {
        printf("skipped: %s\n", problem);
        return SKIPPED;
    }
    bool ready = write_file(protocol, sizeof protocol, "dark.yaml",
                            "version: 1\ntitle: Dark\nscreen: off\nend: leave\nphases:\n"
                            "  - {kind: guided, seconds: 10}\n  - {kind: unpaced, seconds: 10, sound: off}\n");
    ready &= write_file(settings, sizeof settings, "settings.yaml",
                        "display: {width_px: 320, height_px: 180, scene: nowhere}\nsound: {mute: true, volum_01: 1}\n");
    const char *const argv[] = {OB_PROGRAM, "--demo", "--no-keep", "--config", settings, "--protocol", protocol, NULL};
    if (!ready || !stage_start(&stage, argv) || !stage_wait_picture(&stage, 120.0)) {
        expect(false, "a picture comes", 0.0);
        printf("%s\n", stage_output(&stage));
    } else {
        const double begun_s = now_s();
        const double bright = look_until(10.0, -1.0), dark = look_until(256.0, 1.0);
        expect(bright > 10.0, "it fades in: brightness", bright);
        expect(dark < 1.0, "it fades out before the session is over: brightness", dark);
        sleep_s(1.0); /* a window that closes is dark as well */
        expect(stage_runs(&stage), "it goes on in the dark", stage_runs(&stage));
        const int status = stage_wait(&stage, 60.0);
        expect(status == 0, "it leaves by itself: exit status", status);
        expect(now_s() - begun_s > 18.0, "not before its end: seconds", now_s() - begun_s);
        const bool instead = strstr(stage_output(&stage), "the usual scene is shown") != NULL;
        expect(instead, "the scene that is not there is told", instead);
        const bool told = strstr(stage_output(&stage), "settings.yaml:2: sound.volum_01") != NULL;
        expect(told, "the mistake in the settings is told", told);
    }
    stage_finish(&stage);
    return wrong > 0;
}
