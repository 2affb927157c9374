/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A kiosk for rehearsals: the program's own child and supervisor, offscreen, with a simulated heart, a session of
 * seconds and strangers who press everything. The program itself has none of this. */
#ifndef OB_TEST_KIOSK_CHILD_H
#define OB_TEST_KIOSK_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#define KIOSK_CHILD_WORD "kiosk-child"
#define KIOSK_PIN        "4711"

/* What the marker looks like that a child plants in its memory: made of its process id, so that nobody else has it. */
#define KIOSK_MARKER "visitor-%d-was-here"

/* If argv asks for it, this process is a child and ends here with its exit code; else -1 comes back. What the child
 * does is in the environment: OB_KIOSK_PLAY, words with commas: stranger, heart, sound, still (the counter that the
 * file "still" in $XDG_RUNTIME_DIR names stands still), die (at once), stay (nobody comes), seed=N. */
int kiosk_child_main(int argc, char **argv);

/* What the health file below a runtime folder says: all of it ("" where there is none), and a whole number of it by its
 * name, -1: nothing. */
void kiosk_health_text(const char *folder, char *text_out, size_t size);
long kiosk_health(const char *folder, const char *name);

/* The supervisor, in this process, until SIGTERM. argv0: this program. */
int kiosk_supervise(const char *argv0, double stall_s);

#endif
