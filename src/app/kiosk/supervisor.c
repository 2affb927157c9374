/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/kiosk/supervisor.h"

#include "app/interrupt.h"
#include "app/kiosk/kiosk_health.h"
#include "app/kiosk/pulse.h"
#include "app/options.h"
#include "app/say.h"
#include "base/time.h"
#include "os/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#define STALL_S   4.0 /* so that the next child is there within five seconds */
#define FIRST_S   20.0
#define TURN_MS   200
#define HEALTH_NS OB_NS_PER_S
/* Fed so often, whatever longer time the service manager gives: what is left of that after a hang is for the next child
 * to begin in. */
#define WATCHDOG_NS (OB_NS_PER_S / 2)
#define SOON_NS     (10 * OB_NS_PER_S) /* a child that dies sooner is one of a loop */
#define BACKOFF_S   0.5
#define BACKOFF_MAX 30.0
#define GOODBYE_NS  (3 * OB_NS_PER_S) /* a child that is asked to end has so long */

struct supervisor {
    const struct ob_supervisor_desc *desc;
    struct ob_kiosk_health health;
    struct ob_pulse pulse;
    pid_t child; /* 0: none */
    int fd;      /* to it; -1: none */
    int display; /* of the compositor, only to see when it goes; -1: none */
    pid_t self;
    bool killed;     /* by us, for standing still */
    bool ready;      /* the service manager knows */
    bool left;       /* staff have said so */
    int refused;     /* the exit status of a child that could not begin, where that is the end; 0: none */
    unsigned deaths; /* soon after the start, in a row */
    int64_t start_due_ns, health_due_ns, watchdog_ns, locked_until_ns;
    int64_t usual_ns; /* from a child's start to its first heartbeat; 0: not known */
    struct ob_hangs hangs;
    uint32_t wrong;
    double maximum_01; /* 0: the configuration's */
};

static void note(struct supervisor *s, bool trouble, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void note(struct supervisor *s, bool trouble, const char *format, ...)
{
    char line[160];
    va_list list;
    va_start(list, format);
    vsnprintf(line, sizeof line, format, list);
    va_end(list);
    fprintf(stderr, "outbreath kiosk: %s\n", line);
    if (trouble) {
        snprintf(s->health.last, sizeof s->health.last, "%s", line);
        s->health.last_s = ob_clock_wall_ns() / OB_NS_PER_S;
    }
    sd_notifyf(0, "STATUS=%s", line);
    s->health_due_ns = 0;
}

/* In the child, between fork and exec. */
static void become_child(const struct supervisor *s, int fd)
{
    prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL, 0UL, 0UL, 0UL);
    if (getppid() != s->self)
        _exit(127); /* it died before that was said */
    const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nowhere >= 0) {
        dup2(nowhere, STDIN_FILENO);
        dup2(nowhere, STDOUT_FILENO); /* what a session prints about itself is for somebody at a terminal */
    }
    if (fd == OB_KIOSK_CHILD_FD)
        fcntl(fd, F_SETFD, 0);
    else if (dup2(fd, OB_KIOSK_CHILD_FD) < 0)
        _exit(127);
    unsetenv("NOTIFY_SOCKET"); /* only the supervisor speaks for the service */
    unsetenv("WATCHDOG_USEC");
    unsetenv("WATCHDOG_PID");
    setenv("MESA_SHADER_CACHE_DISABLE", "true", 1); /* which would be files */
    execv(s->desc->program, s->desc->argv);
    _exit(127);
}

static void start_child(struct supervisor *s, int64_t now_ns)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
        s->start_due_ns = now_ns + OB_NS_PER_S;
        return;
    }
    const struct ob_kiosk_message brief = {
        .kind = OB_KIOSK_BRIEF,
        .wrong = s->wrong,
        .locked_s = s->locked_until_ns > now_ns ? ob_s_from_ns(s->locked_until_ns - now_ns) : 0.0,
        .maximum_01 = s->maximum_01,
        .without = ob_hangs_without(&s->hangs, now_ns)};
    ob_kiosk_send(pair[0], &brief);
    const pid_t child = fork();
    if (child == 0)
        become_child(s, pair[1]);
    close(pair[1]);
    if (child < 0) {
        close(pair[0]);
        s->start_due_ns = now_ns + OB_NS_PER_S;
        return;
    }
    s->child = child;
    s->fd = pair[0];
    s->killed = false;
    memset(&s->health.heard, 0, sizeof s->health.heard);
    s->health.heard.sensor = UINT32_MAX;
    ob_pulse_begin(&s->pulse, now_ns);
    note(s, false, "child %d started", (int)child);
}

static void hear(struct supervisor *s, int64_t now_ns)
{
    struct ob_kiosk_message m;
    bool gone = false;
    while (s->fd >= 0 && ob_kiosk_receive(s->fd, &m, &gone)) {
        switch (m.kind) {
        case OB_KIOSK_HEARTBEAT:
            s->health.heard = m;
            if (!s->pulse.came)
                s->usual_ns = ob_pulse_usual(s->usual_ns, now_ns - s->pulse.begin_ns);
            ob_pulse_take(&s->pulse, m.counters, now_ns);
            if (!s->ready)
                sd_notify(0, "READY=1");
            s->ready = true;
            break;
        case OB_KIOSK_PIN_TRIED:
            s->wrong++;
            s->locked_until_ns = now_ns + ob_ns_from_s(ob_kiosk_lock_s(s->wrong));
            note(s, false, "a PIN is tried, the %u. in a row", s->wrong);
            break;
        case OB_KIOSK_PIN_RIGHT:
            s->wrong = 0;
            s->locked_until_ns = 0;
            note(s, false, "staff have opened their page");
            break;
        case OB_KIOSK_MAXIMUM:
            s->maximum_01 = fmin(1.0, fmax(0.05, m.maximum_01));
            break;
        case OB_KIOSK_LEAVE:
            s->left = true;
            break;
        default:
            break;
        }
    }
}

static void bury(struct supervisor *s, int status, int64_t now_ns)
{
    const bool soon = now_ns - s->pulse.begin_ns < SOON_NS;
    const int child = (int)s->child;
    hear(s, now_ns); /* its last words */
    close(s->fd);
    s->fd = -1;
    s->child = 0;
    s->start_due_ns = now_ns;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        s->deaths = 0;
        ob_hangs_none(&s->hangs);
        s->health.visits++;
        note(s, false, "child %d has ended its visit", child);
        return;
    }
    s->deaths = soon ? s->deaths + 1 : 0;
    if (s->deaths > 1)
        s->start_due_ns += ob_ns_from_s(fmin(BACKOFF_MAX, BACKOFF_S * exp2(fmin(s->deaths - 2.0, 16.0))));
    if (s->killed)
        return; /* told already */
    s->health.crashes++;
    if (WIFSIGNALED(status))
        note(s, true, "child %d was ended by signal %d", child, WTERMSIG(status));
    else
        note(s, true, "child %d ended with %d", child, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    if (s->desc->tried && WIFEXITED(status) && !s->pulse.came && s->health.visits == 0)
        s->refused = WEXITSTATUS(status);
}

static void judge(struct supervisor *s, int64_t now_ns)
{
    const double stall_s = s->desc->stall_s > 0.0 ? s->desc->stall_s : STALL_S;
    const double first_s = s->desc->first_s > 0.0 ? s->desc->first_s : FIRST_S;
    if (ob_pulse_feed(&s->pulse, now_ns, s->watchdog_ns))
        sd_notify(0, "WATCHDOG=1");
    const enum ob_kiosk_counter still =
        ob_pulse_stalled(&s->pulse, now_ns, ob_ns_from_s(stall_s),
                         ob_pulse_first(s->usual_ns, ob_ns_from_s(stall_s), ob_ns_from_s(first_s)));
    if (still == OB_KIOSK_COUNTERS || s->killed)
        return;
    s->killed = true;
    s->health.stalls++;
    if (s->pulse.came) {
        note(s, true, "child %d is ended: its %s stands still", (int)s->child, ob_kiosk_counter_name(still));
        ob_hangs_note(&s->hangs, still, now_ns);
    } else {
        note(s, true, "child %d is ended: it does not begin", (int)s->child);
        s->usual_ns = 0; /* perhaps the machine is busy: the next one has all the time there is */
    }
    kill(s->child, SIGKILL);
}

static void tell_health(struct supervisor *s, int64_t now_ns)
{
    if (now_ns < s->health_due_ns)
        return;
    s->health_due_ns = now_ns + HEALTH_NS;
    s->health.now_s = ob_clock_wall_ns() / OB_NS_PER_S;
    s->health.child = (int)s->child;
    s->health.begun = s->child && s->pulse.came;
    for (int i = 0; i < OB_KIOSK_COUNTERS; i++)
        s->health.age_s[i] = s->child ? ob_s_from_ns(now_ns - s->pulse.moved_ns[i]) : 0.0;
    ob_kiosk_health_write(&s->health);
}

static void end_child(struct supervisor *s)
{
    if (!s->child)
        return;
    kill(s->child, SIGTERM);
    const int64_t until_ns = ob_clock_monotonic_ns() + GOODBYE_NS;
    while (waitpid(s->child, NULL, WNOHANG) == 0) {
        if (ob_clock_monotonic_ns() > until_ns) {
            kill(s->child, SIGKILL);
            waitpid(s->child, NULL, 0);
            break;
        }
        ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + 20 * OB_NS_PER_MS);
    }
    close(s->fd);
}

/* The compositor that this was started by: a connection that is never used. It is hung up when the compositor ends. */
static int open_display(void)
{
    const char *name = getenv("WAYLAND_DISPLAY"), *runtime = getenv("XDG_RUNTIME_DIR");
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    if (!name || !name[0] || (name[0] != '/' && !runtime))
        return -1;
    const int length = name[0] == '/' ? snprintf(at.sun_path, sizeof at.sun_path, "%s", name)
                                      : snprintf(at.sun_path, sizeof at.sun_path, "%s/%s", runtime, name);
    const int fd =
        length > 0 && (size_t)length < sizeof at.sun_path ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&at, sizeof at) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static int64_t watchdog_every_ns(void)
{
    uint64_t usec = 0;
    if (sd_watchdog_enabled(0, &usec) <= 0 || usec == 0)
        return WATCHDOG_NS;
    return (int64_t)(usec / 4) * 1000 < WATCHDOG_NS ? (int64_t)(usec / 4) * 1000 : WATCHDOG_NS;
}

int ob_supervisor_run(const struct ob_supervisor_desc *desc)
{
    struct supervisor s = {
        .desc = desc, .fd = -1, .display = open_display(), .self = getpid(), .watchdog_ns = watchdog_every_ns()};
    bool dark = false; /* the display is gone */
    ob_kiosk_health_left(false);
    s.health.started_s = ob_clock_wall_ns() / OB_NS_PER_S;
    while (!ob_interrupted() && !dark && !s.refused && !(s.left && !s.child)) {
        int64_t now_ns = ob_clock_monotonic_ns();
        if (!s.child && now_ns >= s.start_due_ns)
            start_child(&s, now_ns);
        struct pollfd wait[2] = {{.fd = s.fd, .events = POLLIN}, {.fd = s.display}};
        poll(wait, 2, TURN_MS);
        dark = (wait[1].revents & (POLLHUP | POLLERR)) != 0;
        now_ns = ob_clock_monotonic_ns();
        hear(&s, now_ns);
        int status;
        if (s.child && waitpid(s.child, &status, WNOHANG) == s.child)
            bury(&s, status, now_ns);
        else if (s.child)
            judge(&s, now_ns);
        if (s.child && (wait[0].revents & POLLHUP)) /* it is on its way out: no reason to turn quickly meanwhile */
            ob_clock_sleep_until_ns(now_ns + 20 * OB_NS_PER_MS);
        tell_health(&s, now_ns);
    }
    sd_notify(0, "STOPPING=1");
    end_child(&s);
    ob_kiosk_health_remove();
    if (s.left)
        ob_kiosk_health_left(true);
    if (s.display >= 0)
        close(s.display);
    if (s.refused)
        return s.refused; /* the child has said why */
    note(&s, false, s.left ? "left by staff" : dark ? "the display is gone" : "asked to end");
    return s.left ? OB_EXIT_STAFF : dark ? OB_EXIT_DEVICE : OB_EXIT_DONE;
}
