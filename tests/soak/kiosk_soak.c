/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kiosk_soak STRANGERS FAULT_EVERY_S: simulated strangers visit a kiosk, one after the other, and faults are planted.
 * Prints what it saw; fails where the supervisor grows, where anything of a visitor is left in its memory or on the
 * disk, where a child serves two visits, or where the kiosk does not come back. */
#include "../app/kiosk_child.h"

#include "base/time.h"
#include "os/clock.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define BACK_NS  (60 * OB_NS_PER_S) /* a fault that is not healed by then is none that heals */
#define MARKERS  16                 /* of the newest children are looked for */
#define GROWN_KB 512

static char folder[64];
static pid_t supervisor;

static long health(const char *key)
{
    return kiosk_health(folder, key);
}

/* Whether it says that a session goes on. */
static bool sits(void)
{
    char text[2048];
    kiosk_health_text(folder, text, sizeof text);
    return strstr(text, "\"where\": \"session\"") != NULL;
}

static long resident_kb(void)
{
    char path[64], line[128];
    long kb = -1;
    snprintf(path, sizeof path, "/proc/%d/status", (int)supervisor);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "RssAnon:", 8) == 0)
            kb = strtol(line + 8, NULL, 10);
    if (file)
        fclose(file);
    return kb;
}

static int descriptors(void)
{
    char path[64];
    int count = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)supervisor);
    DIR *dir = opendir(path);
    while (dir && readdir(dir))
        count++;
    if (dir)
        closedir(dir);
    return count - 2;
}

/* 1: there; 0: not; -1: the memory can't be read here. */
static int in_memory(const char *marker)
{
    static unsigned char block[1 << 16];
    char path[64], line[512];
    int found = -1;
    snprintf(path, sizeof path, "/proc/%d/maps", (int)supervisor);
    FILE *maps = fopen(path, "r");
    snprintf(path, sizeof path, "/proc/%d/mem", (int)supervisor);
    const int memory = open(path, O_RDONLY);
    while (maps && memory >= 0 && found != 1 && fgets(line, sizeof line, maps)) {
        unsigned long from, to;
        char may[8];
        if (sscanf(line, "%lx-%lx %7s", &from, &to, may) != 3 || may[0] != 'r')
            continue;
        for (unsigned long at = from; at < to && found != 1; at += sizeof block - 64) {
            const ssize_t got = pread(memory, block, sizeof block, (off_t)at);
            if (got > 0)
                found = memmem(block, (size_t)got, marker, strlen(marker)) != NULL;
        }
    }
    if (maps)
        fclose(maps);
    if (memory >= 0)
        close(memory);
    return found;
}

static void pause_ms(int ms)
{
    ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + ms * OB_NS_PER_MS);
}

/* How long it took until another child was alive; negative: it did not come back. */
static double plant(int signal, long child)
{
    const int64_t from_ns = ob_clock_monotonic_ns();
    kill((pid_t)child, signal);
    while (ob_clock_monotonic_ns() - from_ns < BACK_NS) {
        const long now = health("child");
        if (now > 0 && now != child)
            return ob_s_from_ns(ob_clock_monotonic_ns() - from_ns);
        pause_ms(20);
    }
    return -1.0;
}

static bool prepare(void)
{
    static const char *const homes[] = {"HOME",          "XDG_RUNTIME_DIR", "XDG_STATE_HOME",
                                        "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME",
                                        "OUTBREATH_DATA"};
    /* As the runtime folder of a real kiosk: in memory, where a sync does not wait for a busy disk. */
    snprintf(folder, sizeof folder, "%s/ob-kiosk-soak.XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(folder))
        return false;
    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++)
        setenv(homes[i], folder, 1);
    setenv("MESA_SHADER_CACHE_DISABLE", "true", 1);
    setenv("OUTBREATH_CONFIG", "none", 1);
    setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", 1);
    setenv("OB_KIOSK_PLAY", "stranger,heart,sound", 1);
    unsetenv("NOTIFY_SOCKET");
    return true;
}

int main(int argc, char **argv)
{
    const int code = kiosk_child_main(argc, argv);
    if (code >= 0)
        return code;
    const long wanted = argc > 1 ? strtol(argv[1], NULL, 10) : 500;
    const double every_s = argc > 2 ? strtod(argv[2], NULL) : 180.0;
    if (!prepare() || (supervisor = fork()) < 0)
        return 1;
    if (supervisor == 0)
        _exit(kiosk_supervise(argv[0], 0.0));
    const int64_t patience_ns = ob_clock_monotonic_ns() + 2 * BACK_NS;
    while (health("visits") < 1 && health("crashes") < 2 && ob_clock_monotonic_ns() < patience_ns)
        pause_ms(50);
    if (health("visits") < 1) {
        printf("kiosk: no child comes to life, as where there is no GL: skipped\n");
        kill(supervisor, SIGTERM);
        waitpid(supervisor, NULL, 0);
        return 77;
    }
    char markers[MARKERS][64];
    int children = 0, faults = 0, sessions = 0, left = 0, unread = 0;
    long last = 0, first_kb = 0;
    int first_fds = 0;
    double worst_s[2] = {0.0, 0.0};
    bool healed = true, sat = false;
    int64_t since_ns = 0, fault_ns = ob_clock_monotonic_ns() + ob_ns_from_s(every_s);
    const int64_t begin_ns = ob_clock_monotonic_ns();
    while (healed && health("visits") < wanted) {
        const long child = health("child");
        if (child > 0 && child != last) {
            last = child;
            since_ns = ob_clock_monotonic_ns();
            sat = false;
            snprintf(markers[children++ % MARKERS], sizeof markers[0], KIOSK_MARKER, (int)child);
            if (children == 10) { /* what grows only at the start has grown */
                first_kb = resident_kb();
                first_fds = descriptors();
            }
        }
        if (!sat && sits()) {
            sat = true;
            sessions++;
        }
        /* A child that has come to life; how long one that has not is waited for is another matter. */
        const bool lives = child > 0 && health("render") <= 1 && ob_clock_monotonic_ns() - since_ns > 3 * OB_NS_PER_S;
        if (lives && ob_clock_monotonic_ns() > fault_ns) {
            const int which = faults++ % 2;
            const double took_s = plant(which ? SIGSTOP : SIGKILL, child);
            healed = took_s >= 0.0;
            worst_s[which] = took_s > worst_s[which] ? took_s : worst_s[which];
            fault_ns = ob_clock_monotonic_ns() + ob_ns_from_s(every_s);
        }
        pause_ms(50);
    }
    const long visits = health("visits"), crashes = health("crashes"), stalls = health("stalls");
    const long kb = resident_kb();
    const int fds = descriptors();
    for (int i = 0; i < MARKERS && i < children; i++) {
        const int found = in_memory(markers[i]);
        left += found == 1;
        unread += found < 0;
    }
    kill(supervisor, SIGTERM);
    waitpid(supervisor, NULL, 0);
    char command[256];
    snprintf(command, sizeof command, "! grep -rqs 'was-here' '%s' && test -z \"$(find '%s' -type f)\"", folder,
             folder);
    const bool clean = system(command) == 0;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    const bool removed = system(command) == 0;
    printf("kiosk: %ld visits by %d children in %.0f s, %d of them saw a session, %d faults planted\n", visits,
           children, ob_s_from_ns(ob_clock_monotonic_ns() - begin_ns), sessions, faults);
    printf("kiosk: %ld crashes and %ld hangs seen; back after at most %.1f s when killed, %.1f s when stopped\n",
           crashes, stalls, worst_s[0], worst_s[1]);
    printf("kiosk: supervisor %ld KiB and %d descriptors after ten children, %ld KiB and %d at the end\n", first_kb,
           first_fds, kb, fds);
    printf("kiosk: %d markers found in its memory%s; %s on the disk\n", left, unread ? " (it can't be read here)" : "",
           clean ? "nothing" : "something left");
    const bool flat = children < 10 || (kb - first_kb <= GROWN_KB && fds <= first_fds + 1);
    /* Each visit has a child of its own, and each fault costs one; the newest may not have been visited yet. */
    const bool one_each = children <= visits + crashes + stalls + 1 && crashes + stalls == faults;
    if (!one_each)
        printf("kiosk: children, visits and faults do not add up\n");
    return healed && flat && left == 0 && clean && removed && one_each ? 0 : 1;
}
