/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

void sleep_s(double seconds)
{
    const struct timespec t = {.tv_sec = (time_t)seconds, .tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&t, NULL);
}

bool child_on_path(const char *program)
{
    const char *path = getenv("PATH");
    while (path && *path) {
        const size_t length = strcspn(path, ":");
        char file[512];
        snprintf(file, sizeof file, "%.*s/%s", (int)length, path, program);
        if (access(file, X_OK) == 0)
            return true;
        path += length + (path[length] == ':');
    }
    return false;
}

static void become(const struct child_desc *desc, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    for (const char *const *e = desc->environment; e && *e; e++) {
        char name[64];
        const char *value = strchr(*e, '=');
        snprintf(name, sizeof name, "%.*s", (int)strcspn(*e, "="), *e);
        if (value)
            setenv(name, value + 1, 1);
        else
            unsetenv(name);
    }
    const int in = open("/dev/null", O_RDWR);
    const int log = desc->log ? open(desc->log, O_WRONLY | O_CREAT | O_APPEND, 0644) : in;
    dup2(in, STDIN_FILENO);
    dup2(desc->out_fd > 0 ? desc->out_fd : log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    execvp(desc->argv[0], (char *const *)desc->argv);
    _exit(127);
}

pid_t child_start(const struct child_desc *desc)
{
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid == 0)
        become(desc, parent);
    return pid;
}

int child_wait(pid_t pid, double timeout_s)
{
    const double until = now_s() + timeout_s;
    for (;;) {
        int status = 0;
        const pid_t got = waitpid(pid, &status, WNOHANG);
        if (got == pid)
            return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        if ((got < 0 && errno != EINTR) || now_s() >= until)
            return -1;
        sleep_s(0.02);
    }
}

int child_end(pid_t pid)
{
    if (pid <= 0)
        return 0;
    kill(pid, SIGTERM);
    int status = child_wait(pid, 5.0);
    if (status < 0) {
        kill(pid, SIGKILL);
        status = child_wait(pid, 5.0);
    }
    return status;
}
