/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The process that looks after a kiosk: one child a visit, heartbeats, the service manager's watchdog, a health page.
 * It opens no display, no sound, no sensor and never holds anything of a person. One thread. */
#ifndef OB_APP_SUPERVISOR_H
#define OB_APP_SUPERVISOR_H

/* The kiosk was left by staff with their PIN: a service manager should not start it again. */
#define OB_EXIT_STAFF 42

struct ob_supervisor_desc {
    const char *program; /* a path to be executed as the child */
    char *const *argv;   /* of the child, from argv[0] on, ended by NULL */
    double stall_s;      /* a counter that stands still for longer: killed; 0: 5 */
    double first_s;      /* so long until the first heartbeat; 0: 20 */
};

/* Until SIGTERM or SIGINT (ob_interrupt_install()), or until staff leave: OB_EXIT_STAFF.
 *
 * A child that ends with 0 has ended its visit, and the next one is started at once. One that dies or hangs is replaced
 * at once as well; where children die within ten seconds of their start again and again, after 0.5, 1, 2, ... 30 s. */
int ob_supervisor_run(const struct ob_supervisor_desc *desc);

#endif
