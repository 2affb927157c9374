/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Bluetooth source against a BlueZ that we did not write: python3-dbusmock's, with mock_peer.py on it. Skipped, and
 * says so, without dbus-daemon or without that package. */
#include "../bus/fake_bus.h"
#include "ble_rig.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define PYTHON OB_PYTHON

static int to_peer, from_peer;
static pid_t peer_pid;
static char said[8192];

static bool start_peer(void)
{
    int in[2], out[2];
    if (pipe(in) != 0 || pipe(out) != 0)
        return false;
    peer_pid = fork();
    if (peer_pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[1]);
        close(out[0]);
        execl(PYTHON, PYTHON, OB_SOURCE_DIR "/tests/sensor/mock_peer.py", (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    to_peer = in[1];
    from_peer = out[0];
    return true;
}

static void stop_peer(void)
{
    close(to_peer);
    waitpid(peer_pid, NULL, 0);
    close(from_peer);
}

/* What the peer has said by now. */
static void listen_to_peer(int wait_ms)
{
    struct pollfd fd = {.fd = from_peer, .events = POLLIN};
    while (poll(&fd, 1, wait_ms) > 0) {
        const size_t used = strlen(said);
        const ssize_t got = read(from_peer, said + used, sizeof said - 1 - used);
        if (got <= 0)
            return;
        said[used + (size_t)got] = '\0';
        wait_ms = 0;
    }
}

static bool peer_said(const char *words)
{
    listen_to_peer(0);
    return strstr(said, words) != NULL;
}

static bool ecg_comes(void)
{
    return strstr(rig_status.sentence, "Receiving ECG") != NULL;
}

static bool dropped(void)
{
    return peer_said("drop\n");
}

static void another_bluez_is_understood_too(void **state)
{
    (void)state;
    for (int i = 0; i < 300 && !peer_said("ready\n"); i++)
        listen_to_peer(100);
    assert_true(peer_said("ready\n"));
    rig_begin("any");
    rig_hurry(false);
    assert_true(rig_until_phase("STREAMING", 30));
    assert_string_equal(rig_status.name, "Mock Belt");
    assert_string_equal(rig_status.id, "bluetooth:00:11:22:33:44:55");
    assert_true(rig_until(ecg_comes, 30));
    assert_true(rig_until_blocks(5, 30));
    for (size_t i = 0; i < rig_heard.count; i++)
        if (rig_heard.event[i].kind == OB_EVENT_SAMPLES)
            assert_true(rig_heard.event[i].u.samples.values[1] == 0.101f);
    assert_true(rig_until(dropped, 30));
    assert_true(rig_until_phase("BACKOFF", 10));
    rig_forget();
    assert_true(rig_until_phase("STREAMING", 60));
    assert_true(rig_until(ecg_comes, 30));
    rig_end();
    for (int i = 0; i < 100 && !(peer_said("stop ecg\n") && strstr(strstr(said, "stop ecg\n"), "disconnect\n")); i++)
        listen_to_peer(100);
    print_message("the peer saw: ");
    for (char *c = said; *c; c++)
        print_message("%c", *c == '\n' ? ',' : *c);
    print_message("\n");
    assert_true(peer_said("agent NoInputNoOutput\n") && peer_said("start ecg\n") && !peer_said("what?"));
    const char *stopped = strstr(said, "start ecg\nstop ecg\n"); /* in this order, or it goes on streaming */
    assert_true(stopped && strstr(stopped, "stop notify\n") && strstr(stopped, "disconnect\n"));
}

int main(void)
{
    if (system(PYTHON " -c 'import dbusmock, dbus, gi' 2>/dev/null") != 0) {
        print_message("skipped: there is no python3-dbusmock\n");
        return 77;
    }
    if (!rig_start_bus()) {
        print_message("skipped: there is no dbus-daemon\n");
        return 77;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(another_bluez_is_understood_too)};
    int failed = 1;
    if (start_peer()) {
        failed = cmocka_run_group_tests(tests, NULL, NULL);
        stop_peer();
    }
    fake_bus_stop();
    return failed;
}
