/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session in plain lines: what is said when, and the whole program talked to through pipes, as a screen reader's
 * terminal would. */
#include "app/window/plain_lines.h"
#include "base/time.h"
#include "program.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static struct ob_snapshot snapshot;
static char told[64][OB_PLAIN_LINE];
static int count;

/* So many seconds of a session of 300 s, six breaths a minute, from where it is. */
static void pass(struct ob_plain_lines *lines, double seconds, const char *caption)
{
    const int64_t until_ns = snapshot.now_ns + ob_ns_from_s(seconds);
    for (; snapshot.now_ns < until_ns; snapshot.now_ns += 50 * OB_NS_PER_MS)
        while (ob_plain_lines_step(lines, &snapshot, caption, "", told[count], sizeof told[count]))
            assert_true(++count < 64);
}

static int said_times(const char *line)
{
    int times = 0;
    for (int i = 0; i < count; i++)
        times += strcmp(told[i], line) == 0;
    return times;
}

static void begin(struct ob_plain_lines *lines)
{
    count = 0;
    memset(&snapshot, 0, sizeof snapshot);
    snapshot.begin_ns = snapshot.now_ns = 5 * OB_NS_PER_S;
    snapshot.end_ns = snapshot.begin_ns + 300 * OB_NS_PER_S;
    snapshot.stage = OB_STAGE_GUIDED;
    snapshot.sensor = OB_SENSOR_LIVE;
    snapshot.params.guidance_01 = 1.0f;
    snapshot.pacer = (struct ob_pacer_segment){.start_ns = snapshot.begin_ns,
                                               .rate_brpm = 6.0,
                                               .shape = ob_breath_shape_make(0.4, 6.0, 0.0, 0.0),
                                               .next = ob_breath_shape_make(0.4, 6.0, 0.0, 0.0)};
    ob_plain_lines_init(lines);
}

static void breaths_are_named_at_first_and_then_once_a_minute(void **state)
{
    (void)state;
    struct ob_plain_lines lines;
    begin(&lines);
    pass(&lines, 1, "Easy.");
    assert_string_equal(told[0], "Easy.");
    assert_string_equal(told[1], "Breathe in.");
    pass(&lines, 58, "Easy.");
    assert_int_equal(said_times("Breathe in."), OB_PLAIN_BREATHS);
    assert_int_equal(said_times("Breathe out."), OB_PLAIN_BREATHS);
    assert_int_equal(count, 1 + 2 * OB_PLAIN_BREATHS);
    snapshot.hr_bpm = (struct ob_value){.value = 61.6, .valid = true};
    pass(&lines, 60, "Easy.");
    assert_int_equal(said_times("4 minutes left. Heart rate 62."), 1);
    assert_int_equal(said_times("Breathe in."), OB_PLAIN_BREATHS + 1);
    pass(&lines, 60, "Easy.");
    assert_int_equal(said_times("3 minutes left. Heart rate 62."), 1);
    snapshot.sensor = OB_SENSOR_LOST;
    pass(&lines, 121, "Easy.");
    assert_int_equal(said_times("2 minutes left."), 1);
    assert_int_equal(said_times("The last minute."), 1);
    assert_int_equal(said_times("Easy."), 1);
}

static void nobody_is_led_who_is_not_led(void **state)
{
    (void)state;
    struct ob_plain_lines lines;
    begin(&lines);
    snapshot.stage = OB_STAGE_PAUSED;
    pass(&lines, 100, "Paused. Space goes on.");
    assert_int_equal(count, 1);
    assert_string_equal(told[0], "Paused. Enter goes on.");
    snapshot.stage = OB_STAGE_GUIDED;
    pass(&lines, 12, "");
    assert_int_equal(said_times("Breathe in."), 2); /* they are named again */
    const int before = said_times("Breathe in.");
    snapshot.params.guidance_01 = 0.1f;
    pass(&lines, 100, "");
    assert_int_equal(said_times("Breathe in."), before);
    snapshot.stage = OB_STAGE_ENDED;
    count = 0;
    pass(&lines, 100, "Thank you.");
    assert_int_equal(count, 1);
}

/* ---- the whole program ---- */

static const char *folder;
static pid_t program;
static FILE *says;
static int keys;

static void start_program(void)
{
    int out[2], in[2];
    assert_int_equal(pipe(out) | pipe(in), 0);
    program = fork();
    if (program == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(out[1], STDOUT_FILENO);
        dup2(in[0], STDIN_FILENO);
        close(out[0]);
        close(out[1]);
        close(in[0]);
        close(in[1]);
        execl(OB_PROGRAM, OB_PROGRAM, "breathe", "--minutes", "20", "--mute", "--data", folder, (char *)NULL);
        _exit(127);
    }
    close(out[1]);
    close(in[0]);
    says = fdopen(out[0], "r");
    keys = in[1];
}

static void press(const char *line)
{
    assert_int_equal(write(keys, line, strlen(line)), strlen(line));
}

/* Reads on to a line with these words. */
static void comes(const char *words)
{
    char line[512];
    while (fgets(line, sizeof line, says)) {
        for (const char *c = line; *c; c++)
            assert_true((unsigned char)*c >= ' ' || *c == '\n'); /* no cursor is moved, no colour is set */
        if (strstr(line, words))
            return;
    }
    fail_msg("nobody said '%s'", words);
}

static int stop(void **state)
{
    (void)state;
    if (program > 0) {
        kill(program, SIGKILL);
        waitpid(program, NULL, 0);
        program = 0;
    }
    return 0;
}

static void a_session_is_talked_through(void **state)
{
    (void)state;
    int status = -1;
    folder = scratch_folder();
    setenv("LC_ALL", "C.UTF-8", 1);
    start_program();
    comes("A session of 20 minutes.");
    comes("No sensor is chosen.");
    comes("Breathe in.");
    comes("Breathe out.");
    press("\n");
    comes("Paused. Enter goes on.");
    press("\n");
    comes("Breathe in.");
    press("t\n");
    comes("20 minutes left.");
    press("d\n");
    comes("Breathe as you like, softly, sitting or lying.");
    press("q\n");
    comes("Kept as session 1");
    waitpid(program, &status, 0);
    program = 0;
    fclose(says);
    close(keys);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(breaths_are_named_at_first_and_then_once_a_minute),
        cmocka_unit_test(nobody_is_led_who_is_not_led),
        cmocka_unit_test_teardown(a_session_is_talked_through, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
