/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kiosk_soak STRANGERS FAULT_EVERY_S: simulated strangers visit a kiosk, one after the other, and faults are planted.
 * Their clock is quick: a session of 4 s stands for three minutes, 3 s without a person for sixty. What a fault costs
 * is in real time.
 *
 * Prints what it saw; fails where the supervisor grows, where anything of a visitor is left in its memory or on the
 * disk, where a child serves two visits, where the watchdog is fed while something stands still, or where the kiosk
 * does not come back. */
#include "kiosk_faults.h"

#include "../app/kiosk_child.h"
#include "../app/kiosk_look.h"
#include "../live/studio.h"

#include "base/time.h"
#include "os/clock.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define BEGIN_NS    (120 * OB_NS_PER_S) /* until the first visit is over, on any machine */
#define GROWN_KB    512
#define SETTLED     10 /* children: what grows only at the start has grown */
#define LINES       10 /* of progress */
#define WATCHDOG    "800000"
#define COUNT_OF(x) ((int)(sizeof(x) / sizeof *(x)))

struct soak {
    struct kiosk_place place; /* what faults need to know */
    long wanted;
    double every_s;
    int children, sessions;
    long last, first_kb;
    int first_fds;
    bool sat;
    int64_t begin_ns, since_ns, fault_ns;
    int faults[KIOSK_FAULTS], too_late;
    double worst_s[KIOSK_FAULTS];
    int fed; /* while something stood still */
    bool healed;
};

static void pause_ms(int ms)
{
    ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + ms * OB_NS_PER_MS);
}

/* Folders of its own, in memory as a real kiosk's runtime folder is; and a person's settings that want more of a kiosk
 * than there is. */
static bool prepare(struct kiosk_place *place)
{
    static const char *const homes[] = {"HOME",          "XDG_RUNTIME_DIR", "XDG_STATE_HOME",
                                        "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME",
                                        "OUTBREATH_DATA"};
    char path[96], problem[200];
    snprintf(place->folder, sizeof place->folder, "%s/ob-kiosk-soak.XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    snprintf(place->beside, sizeof place->beside, "/tmp/ob-kiosk-soak.XXXXXX");
    if (!mkdtemp(place->folder) || !mkdtemp(place->beside))
        return false;
    place->has_sound = studio_start(&place->studio, place->beside, problem, sizeof problem);
    if (place->has_sound) {
        putenv(place->studio.server_address);
        putenv(place->studio.cookie);
    } else
        printf("kiosk: no sound here, %s\n", problem);
    for (int i = 0; i < COUNT_OF(homes); i++)
        setenv(homes[i], place->folder, 1);
    setenv("OUTBREATH_CONFIG", "none", 1);
    setenv("OUTBREATH_CONSOLE_PORT", "0", 1);
    setenv("OUTBREATH_SESSION_KEEP", "true", 1);
    setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", 1);
    setenv("OB_KIOSK_PLAY", "stranger,heart,sound", 1);
    snprintf(path, sizeof path, "%s/notify", place->beside);
    place->notify_fd = kiosk_notify_open(path, WATCHDOG);
    return place->notify_fd >= 0;
}

static bool clean_up(struct soak *s)
{
    char command[256];
    kill(s->place.supervisor, SIGTERM);
    waitpid(s->place.supervisor, NULL, 0);
    if (s->place.has_sound)
        studio_stop(&s->place.studio);
    pid_t left; /* a process that lives; dead threads that were held may still wait to be looked at */
    while ((left = waitpid(-1, NULL, __WALL | WNOHANG)) > 0)
        ;
    const bool alone = left < 0;
    snprintf(command, sizeof command,
             "! grep -rqs 'was-here' '%s' && test -z \"$(find '%s' -type f ! -path '*/pulse/cookie')\"",
             s->place.folder, s->place.folder);
    const bool clean = system(command) == 0;
    if (!clean) {
        snprintf(command, sizeof command, "find '%s' -type f",
                 s->place.folder); /* a client of PulseAudio has a cookie */
        printf("kiosk: left on the disk:\n");
        fflush(stdout);
        if (system(command) != 0)
            printf("kiosk: and find does not run\n");
    }
    snprintf(command, sizeof command, "rm -rf '%s' '%s'", s->place.folder, s->place.beside);
    return system(command) == 0 && clean && alone;
}

static void meet(struct soak *s, long child)
{
    s->last = child;
    s->since_ns = ob_clock_monotonic_ns();
    s->sat = false;
    if (++s->children == SETTLED) {
        s->first_kb = kiosk_resident_kb(s->place.supervisor);
        s->first_fds = kiosk_descriptors(s->place.supervisor);
    }
    const int every = s->wanted > LINES ? (int)(s->wanted / LINES) : 1;
    if (s->children % every == 0)
        printf("kiosk: %4d children after %5.0f s: supervisor %ld KiB, %d descriptors, %d markers in its memory\n",
               s->children, ob_s_from_ns(s->since_ns - s->begin_ns), kiosk_resident_kb(s->place.supervisor),
               kiosk_descriptors(s->place.supervisor), kiosk_markers_in(s->place.supervisor));
    fflush(stdout);
}

static long deaths_of(const struct soak *s)
{
    return kiosk_health(s->place.folder, "crashes") + kiosk_health(s->place.folder, "stalls");
}

static void strike(struct soak *s, long child)
{
    const long visits = kiosk_health(s->place.folder, "visits"), deaths = deaths_of(s);
    struct kiosk_healed healed;
    bool tried[KIOSK_FAULTS] = {false};
    /* The one that was planted least; one that can't be planted just now (there is no session, no sound) gives way. */
    for (int i = 0; i < KIOSK_FAULTS; i++) {
        int fault = -1;
        for (int k = 0; k < KIOSK_FAULTS; k++)
            if (!tried[k] && (fault < 0 || s->faults[k] < s->faults[fault]))
                fault = k;
        tried[fault] = true;
        if (!kiosk_plant(&s->place, (enum kiosk_fault)fault, (pid_t)child, &healed))
            continue;
        /* A visit can end by itself in the very moment in which its child is struck: that is no death. */
        if (kiosk_fault_kills((enum kiosk_fault)fault) && deaths_of(s) == deaths &&
            kiosk_health(s->place.folder, "visits") > visits)
            s->too_late++;
        else
            s->faults[fault]++;
        s->fed += healed.fed;
        s->healed = healed.back_s >= 0.0;
        if (!s->healed)
            printf("kiosk: it does not come back from this: %s\n", kiosk_fault_name((enum kiosk_fault)fault));
        if (healed.back_s > s->worst_s[fault])
            s->worst_s[fault] = healed.back_s;
        break;
    }
    s->fault_ns = ob_clock_monotonic_ns() + ob_ns_from_s(s->every_s);
}

static void run(struct soak *s)
{
    s->begin_ns = ob_clock_monotonic_ns();
    s->fault_ns = s->begin_ns + ob_ns_from_s(s->every_s);
    s->healed = true;
    while (s->healed && kiosk_health(s->place.folder, "visits") < s->wanted) {
        const long child = kiosk_health(s->place.folder, "child");
        const int64_t now_ns = ob_clock_monotonic_ns();
        kiosk_notify_heard(s->place.notify_fd, ""); /* a full socket would hold the supervisor up */
        if (child > 0 && child != s->last)
            meet(s, child);
        if (!s->sat && kiosk_says(s->place.folder, "\"where\": \"session\"")) {
            s->sat = true;
            s->sessions++;
        }
        /* One that has not begun is another matter. */
        if (child > 0 && now_ns > s->fault_ns && kiosk_health(s->place.folder, "begun") == 1)
            strike(s, child);
        pause_ms(20);
    }
}

static bool report(struct soak *s)
{
    const struct kiosk_place *p = &s->place;
    const long visits = kiosk_health(p->folder, "visits"), crashes = kiosk_health(p->folder, "crashes");
    const long stalls = kiosk_health(p->folder, "stalls"), kb = kiosk_resident_kb(p->supervisor);
    const int fds = kiosk_descriptors(p->supervisor), markers = kiosk_markers_in(p->supervisor);
    const double took_s = ob_s_from_ns(ob_clock_monotonic_ns() - s->begin_ns);
    const bool clean = clean_up(s);
    int deaths = 0, faults = 0;
    printf("kiosk: %ld visits by %d children in %.0f s, %d of them saw a session\n", visits, s->children, took_s,
           s->sessions);
    for (int i = 0; i < KIOSK_FAULTS; i++) {
        faults += s->faults[i];
        deaths += kiosk_fault_kills((enum kiosk_fault)i) ? s->faults[i] : 0;
        printf("kiosk: %3d times %s: %s after at most %.1f s\n", s->faults[i], kiosk_fault_name((enum kiosk_fault)i),
               kiosk_fault_kills((enum kiosk_fault)i) ? "another child" : "all well again", s->worst_s[i]);
    }
    printf("kiosk: %d faults planted (%d more in a visit that had just ended), %ld crashes and %ld hangs seen; the "
           "watchdog was fed %d times meanwhile\n",
           faults, s->too_late, crashes, stalls, s->fed);
    printf("kiosk: supervisor %ld KiB and %d descriptors after %d children, %ld KiB and %d at the end\n", s->first_kb,
           s->first_fds, SETTLED, kb, fds);
    if (markers < 0)
        printf("kiosk: its memory can't be read here\n");
    else
        printf("kiosk: %d markers of visitors in its memory\n", markers);
    printf("kiosk: %s\n", clean ? "nothing on the disk, no process left" : "something is left");
    const bool flat = s->children < SETTLED || (kb - s->first_kb <= GROWN_KB && fds <= s->first_fds);
    /* Each visit has a child of its own, and each fault that kills costs one; the newest may not have been visited. */
    const bool one_each = s->children <= visits + crashes + stalls + 1 && crashes + stalls == deaths;
    if (!one_each)
        printf("kiosk: children, visits and faults do not add up\n");
    if (!flat)
        printf("kiosk: the supervisor grows\n");
    return s->healed && flat && markers <= 0 && clean && one_each && s->fed == 0;
}

int main(int argc, char **argv)
{
    const int code = kiosk_child_main(argc, argv);
    if (code >= 0)
        return code;
    static struct soak s;
    s.wanted = argc > 1 ? strtol(argv[1], NULL, 10) : 500;
    s.every_s = argc > 2 ? strtod(argv[2], NULL) : 20.0;
    if (s.wanted < 1 || s.every_s < 1.0) {
        fprintf(stderr, "usage: kiosk_soak STRANGERS FAULT_EVERY_S\n");
        return 2;
    }
    /* Whoever survives the supervisor becomes a child of this process and is found at the end. */
    prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL);
    if (!prepare(&s.place) || (s.place.supervisor = fork()) < 0)
        return 1;
    if (s.place.supervisor == 0)
        _exit(kiosk_supervise(argv[0], 0.0));
    const int64_t patience_ns = ob_clock_monotonic_ns() + BEGIN_NS;
    while (kiosk_health(s.place.folder, "visits") < 1 && kiosk_health(s.place.folder, "crashes") < 2 &&
           ob_clock_monotonic_ns() < patience_ns) {
        kiosk_notify_heard(s.place.notify_fd, "");
        pause_ms(50);
    }
    if (kiosk_health(s.place.folder, "visits") < 1) {
        printf("kiosk: no child comes to life, as where there is no GL: skipped\n");
        clean_up(&s);
        return 77;
    }
    run(&s);
    return report(&s) ? 0 : 1;
}
