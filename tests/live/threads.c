/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A short session with all its threads: serial line, engine, sound, picture, writer. In the thread sanitizer's build a
 * race ends the program with an exit status of its own; elsewhere this is a short check that a session begins, runs and
 * ends well. Its argument: seconds (10). */
#include "child.h"
#include "outcome.h"
#include "stage.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct stage stage;

/* Beats that swing with a slow breath. */
static bool beat_for(double seconds, size_t *beats_out)
{
    const double begun = now_s();
    double due = begun;
    while (now_s() - begun < seconds) {
        const double rr_s = 0.85 + 0.06 * sin(2.0 * M_PI * (due - begun) / 10.0);
        while (now_s() < due + rr_s)
            sleep_s(0.01);
        due += rr_s;
        char line[32];
        snprintf(line, sizeof line, "Q%.0f\r\n", rr_s * 1e3);
        if (!stage_say(&stage, line) || !stage_runs(&stage))
            return false;
        ++*beats_out;
    }
    return true;
}

int main(int argc, char **argv)
{
    const double seconds = argc > 1 ? strtod(argv[1], NULL) : 10.0;
    char problem[256], log[192], tables[192];
    if (!stage_init(&stage, STAGE_SCREEN | STAGE_STUDIO | STAGE_LINE, 480, 270, problem, sizeof problem)) {
        printf("skipped: %s\n", problem);
        return 77;
    }
    snprintf(log, sizeof log, "%s/session.oblog", stage.folder);
    snprintf(tables, sizeof tables, "%s/tables", stage.folder);
    const char *const arguments[] = {OB_PROGRAM,      "--serial", stage.port, "--record", log,   "--numbers",
                                     "--latency-log", "--width",  "480",      "--height", "270", NULL};
    bool good =
        stage_start(&stage, arguments) && stage_wait_picture(&stage, 120.0) && studio_record_start(&stage.studio, 50);
    size_t said = 0;
    if (!good)
        printf("no picture came\n");
    good = good && beat_for(seconds, &said);
    sleep_s(0.5); /* for the last one to arrive */
    const int status = stage_end(&stage);
    studio_record_stop(&stage.studio);
    const double level = studio_level(&stage.studio, 1.0, seconds);
    struct outcome outcome = {0};
    good = good && outcome_read(log, tables, &outcome);
    printf("exit status %d, %zu beats said, %zu recorded, sound level %.4f\n", status, said, outcome.beats, level);
    /* The newest beat is judged, and written down, when the next one has come. */
    good = good && status == 0 && outcome.beats + 1 >= said && outcome.beats <= said && level > 0.001 &&
           !strstr(stage_output(&stage), "Sanitizer");
    if (!good)
        printf("the program said:\n%s\n", stage_output(&stage));
    stage_finish(&stage);
    return good ? 0 : 1;
}
