/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes wrong in a living room, rehearsed: live_faults CASE. A sentence, a defined end, and nothing recorded lost.
 */
#include "child.h"
#include "outcome.h"
#include "stage.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define WIDTH   320
#define HEIGHT  180
#define SKIPPED 77
/* The recording reaches the system within this. */
#define MAY_LOSE_S 1.5

static struct stage stage;
static char recording[192], tables[192];
static int wrong;

static void expect(bool good, const char *what, double got)
{
    printf("%-60s %10.2f  %s\n", what, got, good ? "good" : "WRONG");
    wrong += !good;
}

static void expect_words(const char *words)
{
    const bool said = strstr(stage_output(&stage), words) != NULL;
    printf("it says \"%s\"  %s\n", words, said ? "good" : "WRONG");
    wrong += !said;
}

/* Starts a session of the simulated person, or at the serial line, that is recorded. */
static bool begin(bool serial)
{
    const char *argv[24];
    int count = 0;
    argv[count++] = OB_PROGRAM;
    argv[count++] = serial ? "--serial" : "--demo";
    if (serial)
        argv[count++] = stage.port;
    const char *const rest[] = {"--record", recording, "--width", "320", "--height", "180", "--numbers", NULL};
    for (int i = 0; rest[i]; i++)
        argv[count++] = rest[i];
    argv[count] = NULL;
    const bool begun = stage_start(&stage, argv) && stage_wait_picture(&stage, 120.0);
    if (!begun)
        expect(false, "a picture comes", 0.0);
    return begun;
}

static void save_picture(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s.png", OB_LIVE_OUT, name);
    screen_save_png(&stage.screen, path);
}

static void say_beats(int count)
{
    for (int i = 0; i < count; i++) {
        sleep_s(0.8);
        stage_say(&stage, i % 2 ? "Q790\r\n" : "Q810\r\n");
    }
}

static void expect_ended(int status, int wanted)
{
    expect(status == wanted, "exit status", status);
}

/* The board is pulled out in the middle of a line and comes back. */
static void line_cut(void)
{
    if (!begin(true))
        return;
    say_beats(6);
    stage_say(&stage, "Q7");
    sleep_s(0.3);
    stage_cut_line(&stage);
    sleep_s(2.5);
    expect(stage_runs(&stage), "runs on without the board", 1);
    save_picture("line-cut");
    stage_lay_line(&stage);
    sleep_s(2.5);
    say_beats(6);
    expect_ended(stage_end(&stage), 0);
    struct outcome outcome;
    outcome_read(recording, tables, &outcome);
    expect(outcome.status == 0, "the log is whole", outcome.status);
    /* The newest beat is judged, and written down, when the next one has come. */
    expect(outcome.beats == 11 || outcome.beats == 12, "beats, of 12", (double)outcome.beats);
    expect(outcome.gaps >= 1, "gaps", (double)outcome.gaps);
    expect(outcome.least_ms > 700.0 && outcome.most_ms < 900.0, "longest interval, none invented", outcome.most_ms);
}

/* The sound server is killed and comes back. */
static void sound_server(void)
{
    if (!begin(false) || !studio_record_start(&stage.studio, 50))
        return;
    sleep_s(6.0);
    studio_record_stop(&stage.studio);
    const double before = studio_level(&stage.studio, 0.5, 6.0);
    expect(before > 0.001, "sound before, level", before);
    studio_kill_server(&stage.studio);
    sleep_s(3.0);
    expect(stage_runs(&stage), "runs on without sound", 1);
    save_picture("sound-server-gone");
    const size_t frames = stage.studio.frames;
    expect(studio_restart_server(&stage.studio), "the server is back", 1);
    bool heard = false;
    if (studio_record_start(&stage.studio, 50)) {
        sleep_s(10.0); /* the session's breath has quiet parts */
        studio_record_stop(&stage.studio);
        const double from_s = (double)frames / STUDIO_RATE;
        const double after = studio_level(&stage.studio, from_s, from_s + 10.0);
        heard = after > 0.001;
        expect(heard, "sound after, level", after);
    } else
        expect(false, "recording again", 0);
    save_picture("sound-server-back");
    expect_ended(stage_end(&stage), 0);
}

/* How much of the session is in the log when it ended in a bad way. */
static void expect_log(double lived_s)
{
    struct outcome outcome;
    outcome_read(recording, tables, &outcome);
    expect(outcome.status == 0, "the log can be replayed", outcome.status);
    expect(outcome.seconds > lived_s - MAY_LOSE_S, "seconds of session in the log", outcome.seconds);
    printf("%-60s %10.2f\n", "    lived", lived_s);
}

static void display_dies(void)
{
    if (!begin(false))
        return;
    const double shown = now_s();
    sleep_s(5.0);
    kill(stage.screen.server, SIGKILL);
    const double lived = now_s() - shown;
    expect_ended(stage_wait(&stage, 15.0), 4);
    expect_words("the display went away");
    expect_log(lived);
}

static void asked_to_end(void)
{
    if (!begin(false))
        return;
    const double shown = now_s();
    sleep_s(4.0);
    const double lived = now_s() - shown;
    expect_ended(stage_end(&stage), 0);
    expect_log(lived);
}

static void killed(void)
{
    if (!begin(false))
        return;
    const double shown = now_s();
    sleep_s(6.0);
    const double lived = now_s() - shown;
    kill(stage.program, SIGKILL);
    expect_ended(stage_wait(&stage, 5.0), 128 + SIGKILL);
    expect_log(lived);
}

static int disk_full(void)
{
    char folder[160];
    snprintf(folder, sizeof folder, "%s/small", stage.folder);
    mkdir(folder, 0700);
    if (mount("tmpfs", folder, "tmpfs", 0, "size=8k,mode=700")) {
        printf("skipped: a small disk can't be mounted (%s)\n", strerror(errno));
        return SKIPPED;
    }
    snprintf(recording, sizeof recording, "%s/session.oblog", folder);
    if (begin(false)) {
        sleep_s(20.0);
        expect(stage_runs(&stage), "runs on with a full disk", 1);
        save_picture("disk-full");
        expect_ended(stage_end(&stage), 1);
        expect_words("is not complete");
        struct outcome outcome;
        outcome_read(recording, tables, &outcome);
        expect(outcome.status == 0 && outcome.seconds > 1.0, "seconds of session in the log", outcome.seconds);
    }
    umount2(folder, MNT_DETACH);
    return 0;
}

/* What the store says of the sessions of this test. */
static const char *kept(void)
{
    static char said[8192];
    char command[700];
    snprintf(command, sizeof command, "OUTBREATH_CONFIG=none '%s' sessions --json --data '%s/data' 2>&1", OB_PROGRAM,
             stage.folder);
    FILE *in = popen(command, "r");
    said[in ? fread(said, 1, sizeof said - 1, in) : 0] = '\0';
    if (in)
        pclose(in);
    return said;
}

/* A session at a sensor is kept without being asked for; killed, it is there up to its last second. */
static void kept_and_killed(void)
{
    if (!begin(true))
        return;
    const double shown = now_s();
    say_beats(10);
    const double lived = now_s() - shown;
    kill(stage.program, SIGKILL);
    expect_ended(stage_wait(&stage, 5.0), 128 + SIGKILL);
    const char *said = kept(), *duration = strstr(said, "\"duration_s\": "), *beats = strstr(said, "\"beats\": ");
    expect(strstr(said, "\"state\": \"interrupted\"") != NULL, "it is kept as interrupted", 1);
    expect(duration && strtod(duration + 14, NULL) > lived - MAY_LOSE_S - 1.0, "seconds of it that are kept",
           duration ? strtod(duration + 14, NULL) : 0.0);
    expect(beats && strtod(beats + 9, NULL) >= 7.0, "beats of it that are kept", beats ? strtod(beats + 9, NULL) : 0.0);
    printf("%-60s %10.2f\n", "    lived", lived);
}

/* With --no-keep nothing is even made. */
static void not_kept(void)
{
    char path[300];
    const char *const argv[] = {OB_PROGRAM, "--no-keep", "--width", "320", "--height", "180", NULL};
    if (stage_start(&stage, argv) && stage_wait_picture(&stage, 120.0))
        sleep_s(3.0);
    expect_ended(stage_end(&stage), 0);
    snprintf(path, sizeof path, "%s/data", stage.folder);
    expect(access(path, F_OK) != 0, "no folder was made", 0);
}

/* One line that says what is missing. */
static void no_display(void)
{
    const char *const argv[] = {OB_PROGRAM, "--demo", NULL};
    stage_start(&stage, argv);
    expect_ended(stage_wait(&stage, 30.0), 4);
    expect_words("no display");
    const char *output = stage_output(&stage);
    expect(strchr(output, '\n') == output + strlen(output) - 1, "it is one line", 1);
}

static void no_sound(void)
{
    if (!begin(false))
        return;
    sleep_s(4.0);
    expect(stage_runs(&stage), "runs without a sound device", 1);
    save_picture("no-sound");
    expect_ended(stage_end(&stage), 0);
}

static const struct {
    const char *name;
    int parts;
    void (*run)(void);
} cases[] = {
    {"line_cut", STAGE_SCREEN | STAGE_LINE, line_cut},
    {"sound_server", STAGE_SCREEN | STAGE_STUDIO, sound_server},
    {"display_dies", STAGE_SCREEN, display_dies},
    {"asked_to_end", STAGE_SCREEN, asked_to_end},
    {"killed", STAGE_SCREEN, killed},
    {"disk_full", STAGE_SCREEN, NULL},
    {"kept_and_killed", STAGE_SCREEN | STAGE_LINE, kept_and_killed},
    {"not_kept", STAGE_SCREEN, not_kept},
    {"no_display", 0, no_display},
    {"no_sound", STAGE_SCREEN, no_sound},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < sizeof cases / sizeof *cases; i++) {
        if (strcmp(argv[1], cases[i].name) != 0)
            continue;
        char problem[256];
        if (!stage_init(&stage, cases[i].parts, WIDTH, HEIGHT, problem, sizeof problem)) {
            printf("skipped: %s\n", problem);
            return SKIPPED;
        }
        snprintf(recording, sizeof recording, "%s/session.oblog", stage.folder);
        snprintf(tables, sizeof tables, "%s/tables", stage.folder);
        int status = 0;
        if (cases[i].run)
            cases[i].run();
        else
            status = disk_full();
        printf("the program said:\n%s\n", stage_output(&stage));
        stage_finish(&stage);
        return wrong ? 1 : status;
    }
    fprintf(stderr, "live_faults CASE, one of:");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        fprintf(stderr, " %s", cases[i].name);
    fprintf(stderr, "\n");
    return 2;
}
