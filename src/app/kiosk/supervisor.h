/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The process that looks after a kiosk: one child a visit, heartbeats, the service manager's watchdog, a health page.
 * It opens no display, no sound, no sensor and never holds anything of a person. One thread. */
#ifndef OB_APP_SUPERVISOR_H
#define OB_APP_SUPERVISOR_H

#include <stdbool.h>

/* The kiosk was left by staff with their PIN: a service manager should not start it again. */
#define OB_EXIT_STAFF 42

struct ob_supervisor_desc {
    const char *program; /* a path to be executed as the child */
    char *const *argv;   /* of the child, from argv[0] on, ended by NULL */
    double stall_s;      /* a counter that stands still for longer: killed; 0: 4 */
    /* So long until the first heartbeat of the first child; 0: 20. Of later ones three times what the ones before took,
     * at least stall_s: shaders are built within a second on one machine and within ten on another. */
    double first_s;
    bool tried; /* by hand: a child that can't begin and says so with its exit status is the end of it */
};

/* Until SIGTERM or SIGINT (ob_interrupt_install()), or until staff leave: OB_EXIT_STAFF. Where it was started by a
 * Wayland compositor such as cage and that one is gone: OB_EXIT_DEVICE, for whoever brings back both. Where it is
 * tried: the exit status of a first child that did not begin.
 *
 * A child that ends with 0 has ended its visit, and the next one is started at once. One that dies or hangs is replaced
 * at once as well; where children die within ten seconds of their start again and again, after 0.5, 1, 2, ... 30 s.
 * Where sound or sensors hang twice in a row, children do without for ten minutes: a visitor breathes in silence rather
 * than not at all. */
int ob_supervisor_run(const struct ob_supervisor_desc *desc);

#endif
