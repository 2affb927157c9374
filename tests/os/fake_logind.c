/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake_logind.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#define HOLDS 8

static pid_t daemon_pid;

/* The lock guards all but the bus, which is the thread's. */
static struct {
    pthread_mutex_t lock;
    pthread_t thread;
    sd_bus *bus;
    sd_bus_track *desktop;
    bool running, stop;
    enum fake_logind_mood mood;
    int calls, desktop_holds;
    int hold[HOLDS]; /* our ends; -1: none */
    char what[128];
} fake = {.lock = PTHREAD_MUTEX_INITIALIZER};

bool fake_bus_start(char *address_out, size_t size)
{
    int line[2];
    if (pipe(line) != 0)
        return false;
    daemon_pid = fork();
    if (daemon_pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        dup2(line[1], 1);
        close(line[0]);
        execlp("dbus-daemon", "dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1", (char *)NULL);
        _exit(127);
    }
    close(line[1]);
    const ssize_t got = read(line[0], address_out, size - 1);
    close(line[0]);
    if (got <= 0) {
        fake_bus_stop();
        return false;
    }
    address_out[got] = '\0';
    address_out[strcspn(address_out, "\n")] = '\0';
    return true;
}

void fake_bus_stop(void)
{
    if (daemon_pid <= 0)
        return;
    kill(daemon_pid, SIGTERM);
    waitpid(daemon_pid, NULL, 0);
    daemon_pid = 0;
}

static bool permitted(const char *what)
{
    switch (fake.mood) {
    case FAKE_UNWILLING:
        return false;
    case FAKE_IDLE_ONLY:
        return strcmp(what, "idle") == 0;
    case FAKE_NOT_THE_LID:
        return !strstr(what, "lid");
    default:
        return true;
    }
}

static int give_hold(sd_bus_message *call, const char *what)
{
    int ends[2], place = 0;
    while (place < HOLDS && fake.hold[place] >= 0)
        place++;
    if (place == HOLDS || pipe2(ends, O_CLOEXEC) != 0)
        return sd_bus_reply_method_errorf(call, SD_BUS_ERROR_LIMITS_EXCEEDED, "Too many");
    fake.hold[place] = ends[0];
    snprintf(fake.what, sizeof fake.what, "%s", what);
    const int r = sd_bus_reply_method_return(call, "h", ends[1]);
    close(ends[1]);
    return r;
}

static int on_call(sd_bus_message *m, void *user, sd_bus_error *error)
{
    (void)user;
    (void)error;
    const char *what = "", *who, *why, *mode;
    int r = 0;
    pthread_mutex_lock(&fake.lock);
    if (sd_bus_message_is_method_call(m, "org.freedesktop.login1.Manager", "Inhibit")) {
        fake.calls++;
        r = 1;
        if (fake.mood == FAKE_SILENT)
            ;
        else if (sd_bus_message_read(m, "ssss", &what, &who, &why, &mode) < 0 || strcmp(mode, "block") != 0)
            sd_bus_reply_method_errorf(m, SD_BUS_ERROR_INVALID_ARGS, "Not so");
        else if (!permitted(what))
            sd_bus_reply_method_errorf(m, SD_BUS_ERROR_ACCESS_DENIED, "Permission denied");
        else
            give_hold(m, what);
    } else if (sd_bus_message_is_method_call(m, "org.freedesktop.ScreenSaver", "Inhibit")) {
        r = 1;
        if (fake.mood != FAKE_SILENT) {
            sd_bus_track_add_sender(fake.desktop, m);
            sd_bus_reply_method_return(m, "u", 7u);
        }
    }
    pthread_mutex_unlock(&fake.lock);
    return r;
}

static void *live(void *user)
{
    (void)user;
    for (bool stop = false; !stop;) {
        while (sd_bus_process(fake.bus, NULL) > 0)
            continue;
        pthread_mutex_lock(&fake.lock);
        stop = fake.stop;
        for (int i = 0; i < HOLDS; i++) {
            struct pollfd end = {.fd = fake.hold[i], .events = POLLIN};
            if (fake.hold[i] >= 0 && poll(&end, 1, 0) > 0) {
                close(fake.hold[i]);
                fake.hold[i] = -1;
            }
        }
        fake.desktop_holds = (int)sd_bus_track_count(fake.desktop);
        pthread_mutex_unlock(&fake.lock);
        sd_bus_wait(fake.bus, 5000);
    }
    return NULL;
}

bool fake_logind_start(const char *address, enum fake_logind_mood mood)
{
    fake_logind_stop(); /* left over by a test that failed */
    fake.stop = false;
    fake.mood = mood;
    fake.calls = fake.desktop_holds = 0;
    fake.what[0] = '\0';
    for (int i = 0; i < HOLDS; i++)
        fake.hold[i] = -1;
    if (sd_bus_new(&fake.bus) < 0 || sd_bus_set_address(fake.bus, address) < 0 ||
        sd_bus_set_bus_client(fake.bus, true) < 0 || sd_bus_start(fake.bus) < 0 ||
        sd_bus_track_new(fake.bus, &fake.desktop, NULL, NULL) < 0 ||
        sd_bus_add_filter(fake.bus, NULL, on_call, NULL) < 0 ||
        sd_bus_request_name(fake.bus, "org.freedesktop.login1", 0) < 0 ||
        sd_bus_request_name(fake.bus, "org.freedesktop.ScreenSaver", 0) < 0)
        return false;
    fake.running = pthread_create(&fake.thread, NULL, live, NULL) == 0;
    return fake.running;
}

void fake_logind_stop(void)
{
    if (!fake.running)
        return;
    fake.running = false;
    pthread_mutex_lock(&fake.lock);
    fake.stop = true;
    pthread_mutex_unlock(&fake.lock);
    pthread_join(fake.thread, NULL);
    for (int i = 0; i < HOLDS; i++)
        if (fake.hold[i] >= 0)
            close(fake.hold[i]);
    fake.desktop = sd_bus_track_unref(fake.desktop);
    fake.bus = sd_bus_flush_close_unref(fake.bus);
}

int fake_logind_holds(char *what_out, size_t size)
{
    int holds = 0;
    pthread_mutex_lock(&fake.lock);
    for (int i = 0; i < HOLDS; i++)
        holds += fake.hold[i] >= 0;
    if (what_out)
        snprintf(what_out, size, "%s", fake.what);
    pthread_mutex_unlock(&fake.lock);
    return holds;
}

int fake_desktop_holds(void)
{
    pthread_mutex_lock(&fake.lock);
    const int holds = fake.desktop_holds;
    pthread_mutex_unlock(&fake.lock);
    return holds;
}

int fake_logind_calls(void)
{
    pthread_mutex_lock(&fake.lock);
    const int calls = fake.calls;
    pthread_mutex_unlock(&fake.lock);
    return calls;
}
