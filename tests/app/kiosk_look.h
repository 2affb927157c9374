/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be seen of a kiosk from outside: its health file, its processes in /proc, and what it tells a service
 * manager. For tests. */
#ifndef OB_TEST_KIOSK_LOOK_H
#define OB_TEST_KIOSK_LOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What a child plants in its memory, made of its process id, so that nobody else has it; and what is common to all. */
#define KIOSK_MARKER       "visitor-%d-was-here"
#define KIOSK_MARKER_BEGIN "visitor-"
#define KIOSK_MARKER_END   "-was-here"

/* What the health file below a runtime folder says: all of it ("" where there is none); a whole number of it by its
 * name, -1: nothing; and whether it has this piece. */
void kiosk_health_text(const char *folder, char *text_out, size_t size);
long kiosk_health(const char *folder, const char *name);
bool kiosk_says(const char *folder, const char *piece);

/* How many markers of visitors lie in a process's memory; -1: it can't be read here. */
int kiosk_markers_in(pid_t pid);
bool kiosk_in_memory(pid_t pid, const char *words);

long kiosk_resident_kb(pid_t pid); /* anonymous memory; -1: not known */
int kiosk_descriptors(pid_t pid);

/* The threads of this name, up to max; the main thread is called as the program. */
int kiosk_threads(pid_t pid, const char *name, pid_t *out, int max);

/* A service manager's ear at the path, told of in the environment of whoever is started from now on; -1: none. And how
 * many of a word were heard since the last call. */
int kiosk_notify_open(const char *path, const char *watchdog_usec);
int kiosk_notify_heard(int fd, const char *word);

#endif
