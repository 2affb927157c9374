/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ble_rig.h"

#include "base/time.h"
#include "os/clock.h"

#include "../bus/fake_bus.h"
#include "fake_bluez.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define QUIET_TURNS 6
#define QUIET_MS    3
#define JUMP_NS     (400 * OB_NS_PER_MS)

char rig_bus[256], rig_phases[1024];
struct heard rig_heard;
struct ob_sensor *rig_sensor;
struct ob_sensor_status rig_status;

static int64_t skew_ns;
static bool hurry;
static int quiet;

bool rig_start_bus(void)
{
    return fake_bus_start(rig_bus, sizeof rig_bus) && setenv("DBUS_SYSTEM_BUS_ADDRESS", rig_bus, 1) == 0;
}

int64_t rig_now_ns(void)
{
    return ob_clock_monotonic_ns() + skew_ns;
}

void rig_hurry(bool on)
{
    hurry = on;
    quiet = 0;
}

void rig_skip(double seconds)
{
    skew_ns += ob_ns_from_s(seconds);
}

static void note_phase(void *user, const char *phase)
{
    (void)user;
    const size_t used = strlen(rig_phases);
    snprintf(rig_phases + used, sizeof rig_phases - used, "%s%s", used > 0 ? " > " : "", phase);
}

void rig_turn(void)
{
    struct pollfd fds[4];
    const int count = rig_sensor->ops->descriptors(rig_sensor, fds, 4);
    const int64_t due_ns = rig_sensor->ops->deadline_ns(rig_sensor),
                  left = due_ns > rig_now_ns() ? due_ns - rig_now_ns() : 0;
    /* Due, served, and nothing came of it: a time limit of sd-bus, which knows the real clock alone. Ours goes on. */
    const bool due_elsewhere = left == 0 && quiet > 0;
    const bool soon = left < QUIET_MS * OB_NS_PER_MS && !due_elsewhere;
    const int ready = poll(fds, (nfds_t)count, soon ? (int)(left / OB_NS_PER_MS) : QUIET_MS);
    quiet = ready == 0 ? quiet + 1 : 0;
    if (hurry && quiet >= QUIET_TURNS && (left > 0 || due_elsewhere)) {
        skew_ns += left > 0 && left < JUMP_NS ? left : JUMP_NS;
        quiet = 0;
    }
    rig_sensor->ops->service(rig_sensor, rig_now_ns(), fds, count, hear_event, &rig_heard);
    memset(&rig_status, 0, sizeof rig_status);
    rig_sensor->ops->status(rig_sensor, &rig_status);
    assert_true(rig_status.sentence[0] != '\0');
}

void rig_forget(void)
{
    rig_heard.count = 0;
    rig_phases[0] = '\0';
}

void rig_begin(const char *address)
{
    rig_begin_preferring(address, NULL);
}

void rig_begin_preferring(const char *address, const char *preferred)
{
    if (rig_sensor) /* left over by a test that failed */
        rig_end();
    rig_forget();
    rig_hurry(true);
    rig_sensor =
        ob_ble_create(&(struct ob_ble_desc){.address = address, .preferred = preferred, .look_only = !address});
    assert_non_null(rig_sensor);
    ob_ble_watch(rig_sensor, note_phase, NULL);
}

void rig_end(void)
{
    rig_sensor->ops->close(rig_sensor);
    rig_sensor = NULL;
}

bool rig_until(bool (*reached)(void), double seconds)
{
    const int64_t end_ns = rig_now_ns() + ob_ns_from_s(seconds);
    while (!reached()) {
        if (rig_now_ns() > end_ns) {
            print_message("waited %g s in vain: %s (%s)\n", seconds, rig_status.sentence, rig_phases);
            return false;
        }
        rig_turn();
    }
    return true;
}

static size_t wanted;
static uint32_t wanted_kind;
static const char *wanted_phase;

static bool enough(void)
{
    return heard_of(&rig_heard, wanted_kind) >= wanted;
}

static bool in_phase(void)
{
    return strcmp(ob_ble_phase(rig_sensor), wanted_phase) == 0;
}

bool rig_until_beats(size_t beats, double seconds)
{
    wanted = beats;
    wanted_kind = OB_EVENT_RR;
    return rig_until(enough, seconds);
}

bool rig_until_blocks(size_t blocks, double seconds)
{
    wanted = blocks;
    wanted_kind = OB_EVENT_SAMPLES;
    return rig_until(enough, seconds);
}

bool rig_until_phase(const char *name, double seconds)
{
    wanted_phase = name;
    return rig_until(in_phase, seconds);
}

void rig_for(double seconds)
{
    for (const int64_t end_ns = rig_now_ns() + ob_ns_from_s(seconds); rig_now_ns() < end_ns;)
        rig_turn();
}

void rig_beat(int device)
{
    static unsigned number;
    const unsigned ticks = 1000 + number * 37 % 50;
    number++;
    const unsigned char packet[] = {0x10, 0x3D, (unsigned char)(ticks & 0xFF), (unsigned char)(ticks >> 8)};
    fake_packet(device, packet, sizeof packet);
}
