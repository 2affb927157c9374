/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a packet of a strap to the engine's hand: fake BlueZ, D-Bus, hub thread, ring, wake-up, reader. Wall time, since
 * waiting is what matters; a loaded machine shows in it. Counts nothing. Needs dbus-daemon. */
#include "sensor/hub.h"
#include "base/ring.h"
#include "base/time.h"
#include "os/clock.h"
#include "os/wake.h"
#include "sensor/ble.h"

#include "fake_bluez.h"

#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PACKETS 3000
#define SLOTS   256

static double bus_us[PACKETS], hub_us[PACKETS];

static pid_t start_bus(void)
{
    static char address[256];
    int line[2];
    if (pipe(line) != 0)
        return -1;
    const pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        dup2(line[1], 1);
        close(2);
        execlp("dbus-daemon", "dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1", (char *)NULL);
        _exit(127);
    }
    close(line[1]);
    const ssize_t got = read(line[0], address, sizeof address - 1);
    close(line[0]);
    if (got <= 0)
        return -1;
    address[strcspn(address, "\n")] = '\0';
    setenv("DBUS_SYSTEM_BUS_ADDRESS", address, 1);
    return pid;
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void row(const char *name, double *us, int count)
{
    qsort(us, (size_t)count, sizeof *us, ascending);
    printf("%-44s %9.1f %9.1f %9.1f %9.1f\n", name, us[count / 2], us[(int)(0.99 * (count - 1))],
           us[(int)(0.999 * (count - 1))], us[count - 1]);
}

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/* Waits as the engine's thread does. Returns how many beats came. */
static int take(struct ob_ring *ring, struct ob_wake *wake, int timeout_ms, struct ob_event *last_out, int64_t *at_ns)
{
    struct pollfd fd = {.fd = wake->fd, .events = POLLIN};
    struct ob_event event;
    int beats = 0;
    if (poll(&fd, 1, timeout_ms) > 0)
        ob_wake_clear(wake);
    while (ob_ring_pop(ring, &event))
        if (event.kind == OB_EVENT_RR) {
            *at_ns = ob_clock_monotonic_ns();
            *last_out = event;
            beats++;
        }
    return beats;
}

static int measure(struct ob_hub *hub, struct ob_ring *ring, struct ob_wake *wake)
{
    struct ob_event event;
    int64_t at_ns = 0;
    for (int i = 0; i < 500 && !fake_subscribed(0); i++) {
        if (i % 50 == 10)
            fake_advertise(0, -50);
        pause_ms(20);
    }
    if (!fake_subscribed(0))
        return 0;
    (void)hub;
    int taken = 0;
    for (int i = 0; i < PACKETS; i++) {
        const unsigned ticks = 1000 + (unsigned)i * 37 % 50;
        const unsigned char packet[] = {0x10, 0x3D, (unsigned char)(ticks & 0xFF), (unsigned char)(ticks >> 8)};
        fake_packet(0, packet, sizeof packet);
        if (take(ring, wake, 50, &event, &at_ns) > 0) {
            bus_us[taken] = (double)(at_ns - fake_sent_ns()) * 1e-3;
            hub_us[taken++] = (double)(at_ns - event.arrived_ns) * 1e-3;
        }
    }
    return taken;
}

int main(int argc, char **argv)
{
    static struct ob_event slots[SLOTS];
    struct ob_ring ring;
    struct ob_wake wake;
    struct ob_hub *hub = NULL;
    (void)argv;
    if (argc != 1)
        return 2;
    const pid_t bus = start_bus();
    if (bus < 0 || !fake_start(getenv("DBUS_SYSTEM_BUS_ADDRESS"))) {
        printf("hub: skipped, there is no dbus-daemon\n");
        return 0;
    }
    ob_ring_init(&ring, slots, sizeof *slots, SLOTS);
    if (ob_wake_init(&wake) || ob_hub_create(&(struct ob_hub_desc){.ring = &ring, .wake = &wake}, &hub))
        return 1;
    ob_hub_add(hub, ob_ble_create(&(struct ob_ble_desc){.address = "any"}), OB_HUB_ALL);
    ob_hub_start(hub);
    const int taken = measure(hub, &ring, &wake);
    printf("%-44s %9s %9s %9s %9s   (us, %d packets)\n", "from a packet to the engine's hand", "median", "p99", "p99.9",
           "worst", taken);
    if (taken > 0) {
        row("from being sent, over D-Bus", bus_us, taken);
        row("from the hub's having it", hub_us, taken);
    }
    ob_hub_destroy(hub);
    ob_wake_finish(&wake);
    fake_stop();
    kill(bus, SIGTERM);
    waitpid(bus, NULL, 0);
    return 0;
}
