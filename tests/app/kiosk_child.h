/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A kiosk for rehearsals: the program's own child and supervisor, offscreen, with a simulated heart, a session of
 * seconds and strangers who press everything. The program itself has none of this. */
#ifndef OB_TEST_KIOSK_CHILD_H
#define OB_TEST_KIOSK_CHILD_H

#include <stdbool.h>
#include <stddef.h>

#define KIOSK_CHILD_WORD "kiosk-child"
#define KIOSK_PIN        "4711"

/* If argv asks for it, this process is a child and ends here with its exit code; else -1 comes back. What the child
 * does is in the environment: OB_KIOSK_PLAY, words with commas: stranger, heart, sound, still (the counter that the
 * file "still" in $XDG_RUNTIME_DIR names stands still), die (at once), stay (nobody comes), seed=N. */
int kiosk_child_main(int argc, char **argv);

/* The supervisor, in this process, until SIGTERM. argv0: this program. */
int kiosk_supervise(const char *argv0, double stall_s);

#endif
