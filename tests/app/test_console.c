/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The console of a whole program: it is there when it is asked for and only then, and what is marked at it is kept. */
#include "../stream/client.h"
#include "program.h"

#include <dirent.h>
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

#include <cmocka.h>

static const char *folder;
static pid_t program;
static FILE *says;

/* Starts it; its stdout can be read. words: NULL-terminated, without the program. */
static void start_program(const char *const *words)
{
    const char *argv[32] = {OB_PROGRAM};
    int out[2], count = 1;
    while (words[count - 1])
        argv[count] = words[count - 1], count++;
    assert_int_equal(pipe(out), 0);
    program = fork();
    if (program == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(out[1], STDOUT_FILENO);
        close(out[0]);
        close(out[1]);
        execv(OB_PROGRAM, (char *const *)(size_t)argv);
        _exit(127);
    }
    close(out[1]);
    says = fdopen(out[0], "r");
}

static int end_program(int signal_number)
{
    int status = 0;
    if (signal_number)
        kill(program, signal_number);
    waitpid(program, &status, 0);
    fclose(says);
    program = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int stop(void **state)
{
    (void)state;
    if (program > 0)
        end_program(SIGKILL);
    return 0;
}

/* How many sockets of the program wait for connections or datagrams of the internet, by the kernel's own lists. */
static int open_ports(void)
{
    static const char *const tables[] = {"tcp", "tcp6", "udp", "udp6"};
    int count = 0;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char path[64], line[512];
        unsigned state = 0;
        unsigned long inode = 0;
        snprintf(path, sizeof path, "/proc/%d/net/%s", (int)program, tables[i]);
        FILE *file = fopen(path, "r");
        while (file && fgets(line, sizeof line, file)) {
            if (sscanf(line, " %*d: %*s %*s %x %*s %*s %*s %*s %*s %lu", &state, &inode) != 2 ||
                (tables[i][0] == 't' && state != 0x0a))
                continue;
            snprintf(path, sizeof path, "/proc/%d/fd", (int)program);
            DIR *dir = opendir(path);
            for (struct dirent *fd; dir && (fd = readdir(dir));) {
                char link[512], target[64] = "", wanted[64];
                snprintf(link, sizeof link, "%s/%s", path, fd->d_name);
                snprintf(wanted, sizeof wanted, "socket:[%lu]", inode);
                count += readlink(link, target, sizeof target - 1) > 0 && strcmp(target, wanted) == 0;
            }
            if (dir)
                closedir(dir);
        }
        if (file)
            fclose(file);
    }
    return count;
}

static const char *out_of(const char *name)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void test_no_port_is_open_unless_asked_for(void **state)
{
    (void)state;
    char out[512], csv[600];
    snprintf(out, sizeof out, "%s", out_of("quiet"));
    snprintf(csv, sizeof csv, "%s/features.csv", out);
    const char *const quiet[] = {"headless",    "--realtime", "--minutes", "5", "--no-sound",
                                 "--no-frames", "--out",      out,         NULL};
    start_program(quiet);
    for (int i = 0; i < 1000 && access(csv, F_OK) != 0; i++)
        usleep(10000);
    assert_int_equal(access(csv, F_OK), 0); /* the session runs */
    usleep(300000);
    assert_int_equal(open_ports(), 0);
    assert_int_equal(end_program(SIGTERM), 0);

    const char *const asked[] = {"headless",    "--realtime", "--minutes", "5",         "--no-sound",
                                 "--no-frames", "--out",      out,         "--console", NULL};
    start_program(asked);
    char address[256] = "";
    assert_non_null(fgets(address, sizeof address, says));
    assert_int_equal(open_ports(), 1); /* the same scan sees one that is there */
    end_program(SIGTERM);
}

static void test_a_session_from_the_console(void **state)
{
    (void)state;
    char line[256] = "", out[512], path[64], cookie[128], live[96], host[32], origin[48];
    int port = 0, status;
    snprintf(out, sizeof out, "%s", out_of("asked"));
    const char *const words[] = {"headless",   "--realtime",  "--minutes", "5", "--person",  "seed=3", "--feed", "rr",
                                 "--no-sound", "--no-frames", "--out",     out, "--console", "0",      NULL};
    start_program(words);
    assert_non_null(fgets(line, sizeof line, says));
    char *address = strstr(line, "http://");
    assert_non_null(address);
    address[strcspn(address, "\n")] = '\0';
    assert_int_equal(sscanf(address, "http://127.0.0.1:%d/#", &port), 1);
    assert_int_equal(client_enter(address, path, cookie), 200);
    snprintf(live, sizeof live, "%slive", path);
    snprintf(host, sizeof host, "127.0.0.1:%d", port);
    snprintf(origin, sizeof origin, "http://%s", host);
    const int fd = client_open(port, live, host, origin, cookie, &status);
    assert_true(fd >= 0);
    assert_non_null(client_hear_of(fd, "\"simulated\":true"));
    assert_non_null(client_hear_of(fd, "\"normal\"]")); /* beats */
    client_say(fd, "{\"do\":\"mark\",\"label\":\"turned over\"}");
    client_say(fd, "{\"do\":\"mark\",\"label\":\"text\",\"words\":\"left hip\"}");
    client_say(fd, "{\"do\":\"consent\",\"on\":true}");
    assert_non_null(client_hear_of(fd, "\"left hip\"],"));
    client_say(fd, "{\"do\":\"pause\",\"on\":true}");
    assert_non_null(client_hear_of(fd, "\"stage\":\"paused\""));
    client_say(fd, "{\"do\":\"pause\",\"on\":false}");
    assert_non_null(client_hear_of(fd, "\"stage\":\"guided\""));
    client_say(fd, "{\"do\":\"next\",\"sitting\":7}"); /* somebody who is not there */
    client_say(fd, "{\"do\":\"breathe\",\"on\":true}");
    assert_non_null(client_hear_of(fd, "\"stage\":\"natural\"")); /* so it goes on */
    client_say(fd, "{\"do\":\"next\",\"sitting\":1}");
    assert_int_equal(end_program(0), 0);
    close(fd);
    strcat(out, "/summary.json");
    const char *summary = text_of(out);
    assert_non_null(strstr(summary, "\"turned over\""));
    assert_non_null(strstr(summary, "\"text\""));
}

static void test_what_can_not_be_is_said(void **state)
{
    (void)state;
    assert_int_equal(run_program("headless --minutes 1 --console --out %s", out_of("x")), 2);
    assert_non_null(strstr(said(), "--realtime"));
    assert_int_equal(run_program("headless --realtime --minutes 1 --console=70000 --out %s", out_of("x")), 2);
    assert_non_null(strstr(said(), "65535"));
    assert_int_equal(run_program("headless --realtime --minutes 1 --console here --out %s", out_of("x")), 2);
    assert_int_equal(run_program("--config none --console=often"), 2);
}

/* Without a display a session that may begin fails for want of one (4), and one that may not is refused before (2). */
static void test_no_treatment_with_a_simulated_heart(void **state)
{
    (void)state;
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    setenv("SDL_VIDEODRIVER", "none-of-this-name", 1);
    assert_int_equal(run_program("--demo --protocol treatment-short --no-keep --mute"), 2);
    assert_non_null(strstr(said(), "simulated heart"));
    assert_int_equal(run_program("--person seed=3 --protocol treatment-long --no-keep --mute"), 2);
    assert_int_equal(run_program("--demo --minutes 1 --no-keep --mute"), 4);
    FILE *file = fopen(out_of("rr.txt"), "w");
    for (int i = 0; i < 200; i++)
        fprintf(file, "%d\n", 900 + 40 * (i % 7));
    fclose(file);
    assert_int_equal(run_program("--replay %s --protocol treatment-short --no-keep --mute", out_of("rr.txt")), 4);
    unsetenv("SDL_VIDEODRIVER");
}

int main(void)
{
    folder = scratch_folder();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_no_port_is_open_unless_asked_for, stop),
        cmocka_unit_test_teardown(test_a_session_from_the_console, stop),
        cmocka_unit_test_teardown(test_what_can_not_be_is_said, stop),
        cmocka_unit_test_teardown(test_no_treatment_with_a_simulated_heart, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
