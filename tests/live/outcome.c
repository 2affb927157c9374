/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "outcome.h"

#include "child.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *cell(char *line, int index)
{
    while (index-- > 0 && line)
        if ((line = strchr(line, ',')))
            line++;
    return line ? line : "";
}

static void read_beats(const char *folder, struct outcome *outcome)
{
    char path[320], line[512];
    snprintf(path, sizeof path, "%s/session.csv", folder);
    FILE *file = fopen(path, "re");
    bool heading = true;
    while (file && fgets(line, sizeof line, file)) {
        if (heading) {
            heading = false;
            continue;
        }
        const double rr_ms = strtod(cell(line, 1), NULL);
        outcome->last_s = strtod(line, NULL);
        outcome->least_ms = outcome->beats ? fmin(outcome->least_ms, rr_ms) : rr_ms;
        outcome->most_ms = fmax(outcome->most_ms, rr_ms);
        outcome->gaps += strncmp(cell(line, 3), "gap", 3) == 0;
        outcome->beats++;
    }
    if (file)
        fclose(file);
}

static void read_heart_rate(const char *folder, struct outcome *outcome)
{
    char path[320], line[512];
    snprintf(path, sizeof path, "%s/features.csv", folder);
    FILE *file = fopen(path, "re");
    double sum = 0.0;
    while (file && fgets(line, sizeof line, file)) {
        const double hr = strtod(cell(line, 1), NULL); /* an empty cell, or the heading, is 0 */
        outcome->hr_rows += hr > 0.0;
        sum += hr;
    }
    outcome->hr_bpm = outcome->hr_rows ? sum / (double)outcome->hr_rows : 0.0;
    if (file)
        fclose(file);
}

bool outcome_read(const char *log, const char *folder, struct outcome *outcome_out)
{
    memset(outcome_out, 0, sizeof *outcome_out);
    char said[320];
    snprintf(said, sizeof said, "%s.txt", folder);
    remove(said);
    const char *const argv[] = {OB_PROGRAM, "replay", log, "--out", folder, NULL};
    const pid_t replay = child_start(&(struct child_desc){.argv = argv, .log = said});
    outcome_out->status = child_wait(replay, 60.0);
    if (outcome_out->status < 0)
        child_end(replay);
    FILE *file = fopen(said, "re");
    char line[512];
    unsigned long long events = 0;
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "%llu events, %lf s", &events, &outcome_out->seconds) != 2)
            fputs(line, stdout);
    if (file)
        fclose(file);
    read_beats(folder, outcome_out);
    read_heart_rate(folder, outcome_out);
    return outcome_out->status == 0;
}
