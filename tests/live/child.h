/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program that a test starts: found on the PATH, killed with the test whatever becomes of it. Main thread only,
 * since the kernel kills a child when the thread that made it ends. */
#ifndef OB_TESTS_CHILD_H
#define OB_TESTS_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

struct child_desc {
    const char *const *argv;        /* NULL-terminated; argv[0] is looked for on the PATH */
    const char *const *environment; /* NULL-terminated "NAME=VALUE" to set and "NAME" to take away; NULL: as it is */
    const char *log;                /* file for stderr, and for stdout where out_fd is 0; NULL: /dev/null */
    int out_fd;                     /* stdout goes here; 0: to the log */
};

bool child_on_path(const char *program);

/* The process, or -1. Descriptors without FD_CLOEXEC are handed on. */
pid_t child_start(const struct child_desc *desc);

/* Waits up to timeout_s. Exit status, 128 + signal, or -1 when it still runs. */
int child_wait(pid_t pid, double timeout_s);

/* Asks it to end (TERM), after 5 s makes it (KILL). As child_wait. pid <= 0 is fine. */
int child_end(pid_t pid);

double now_s(void); /* CLOCK_MONOTONIC */
void sleep_s(double seconds);

#endif
