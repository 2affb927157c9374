/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kiosk_faults.h"

#include "../app/kiosk_look.h"

#include "base/time.h"
#include "os/clock.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#define BACK_NS     (60 * OB_NS_PER_S) /* a fault that is not healed by then is none that heals */
#define NEWS_NS     (2 * OB_NS_PER_S)  /* within which a heartbeat that was on its way has been heard and answered */
#define SILENT_NS   (3 * OB_NS_PER_S)  /* so long the sound server stays away */
#define THREADS_MAX 8

static const struct {
    const char *name, *thread;
    bool kills;
} faults[KIOSK_FAULTS] = {
    [KIOSK_KILLED] = {"the child was killed", NULL, true},
    [KIOSK_STOPPED] = {"the child was stopped", NULL, true},
    [KIOSK_PICTURE_HANGS] = {"its picture hung", "", true},
    [KIOSK_SOUND_HANGS] = {"its sound hung", "sound", true},
    [KIOSK_SENSOR_HANGS] = {"its sensors hung", "sensor", true},
    [KIOSK_ENGINE_HANGS] = {"its engine hung", "engine", true},
    [KIOSK_SOUND_DIES] = {"the sound server died and came back", NULL, false},
};

const char *kiosk_fault_name(enum kiosk_fault fault)
{
    return faults[fault].name;
}

bool kiosk_fault_kills(enum kiosk_fault fault)
{
    return faults[fault].kills;
}

static void pause_ms(int ms)
{
    ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + ms * OB_NS_PER_MS);
}

/* ---- threads that hang ---- */

/* A thread that a debugger holds is one that hangs, whatever it was doing. */
static bool hold(pid_t thread)
{
    if (ptrace(PTRACE_SEIZE, thread, NULL, NULL) != 0)
        return false;
    return ptrace(PTRACE_INTERRUPT, thread, NULL, NULL) == 0;
}

/* A thread that was held is not buried before whoever held it has looked. */
static void let_go(const pid_t *threads, int count)
{
    for (int i = 0; i < count; i++)
        for (int status; waitpid(threads[i], &status, __WALL | WNOHANG) > 0;)
            ;
}

static int hold_all(pid_t child, const char *name, pid_t *threads)
{
    int found = 1, held = 0;
    threads[0] = child;
    if (name[0])
        found = kiosk_threads(child, name, threads, THREADS_MAX);
    for (int i = 0; i < found; i++)
        if (hold(threads[i]))
            threads[held++] = threads[i];
    return held;
}

/* ---- what comes of it ---- */

static bool another_lives(const struct kiosk_place *place, pid_t child)
{
    const long now = kiosk_health(place->folder, "child");
    return now > 0 && now != child;
}

static void await_another(const struct kiosk_place *place, pid_t child, const pid_t *threads, int held,
                          struct kiosk_healed *healed)
{
    const int64_t from_ns = ob_clock_monotonic_ns();
    while (ob_clock_monotonic_ns() - from_ns < BACK_NS) {
        const int heard = kiosk_notify_heard(place->notify_fd, "WATCHDOG=1");
        let_go(threads, held);
        if (another_lives(place, child)) {
            healed->back_s = ob_s_from_ns(ob_clock_monotonic_ns() - from_ns);
            return;
        }
        if (ob_clock_monotonic_ns() - from_ns > NEWS_NS)
            healed->fed += heard;
        pause_ms(20);
    }
}

static bool await_sound(const struct kiosk_place *place, const char *state)
{
    const int64_t from_ns = ob_clock_monotonic_ns();
    char piece[48];
    snprintf(piece, sizeof piece, "\"sound\": \"%s\"", state);
    while (ob_clock_monotonic_ns() - from_ns < BACK_NS) {
        kiosk_notify_heard(place->notify_fd, "");
        if (kiosk_says(place->folder, piece))
            return true;
        pause_ms(20);
    }
    return false;
}

static bool take_sound_away(struct kiosk_place *place, struct kiosk_healed *healed)
{
    if (!place->has_sound || !kiosk_says(place->folder, "\"sound\": \"running\""))
        return false;
    studio_kill_server(&place->studio);
    const int64_t until_ns = ob_clock_monotonic_ns() + SILENT_NS;
    while (ob_clock_monotonic_ns() < until_ns) {
        kiosk_notify_heard(place->notify_fd, "");
        pause_ms(20);
    }
    const bool noticed = !kiosk_says(place->folder, "\"sound\": \"running\"");
    const int64_t from_ns = ob_clock_monotonic_ns();
    if (!studio_restart_server(&place->studio))
        return true;
    if (noticed && await_sound(place, "running"))
        healed->back_s = ob_s_from_ns(ob_clock_monotonic_ns() - from_ns);
    return true;
}

bool kiosk_plant(struct kiosk_place *place, enum kiosk_fault fault, pid_t child, struct kiosk_healed *healed_out)
{
    pid_t threads[THREADS_MAX];
    int held = 0;
    *healed_out = (struct kiosk_healed){.back_s = -1.0};
    if (fault == KIOSK_SOUND_DIES)
        return take_sound_away(place, healed_out);
    if (fault == KIOSK_KILLED)
        kill(child, SIGKILL);
    else if (fault == KIOSK_STOPPED)
        kill(child, SIGSTOP);
    else if ((held = hold_all(child, faults[fault].thread, threads)) == 0)
        return false;
    await_another(place, child, threads, held, healed_out);
    return true;
}
