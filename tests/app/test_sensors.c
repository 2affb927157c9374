/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `outbreath sensors` with boards on ptys and no Bluetooth. */
#include "program.h"

#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static const char *folder;
static int masters[3]; /* a PulseSensor, noise, silence */
static atomic_bool quit;

static int plug_in(const char *name)
{
    char path[300];
    const int master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
    assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(symlink(ptsname(master), path), 0);
    return master;
}

static void say(int fd, const char *text)
{
    const ssize_t got = write(fd, text, strlen(text)); /* what nobody reads is lost */
    (void)got;
}

static void *boards(void *unused)
{
    (void)unused;
    for (int i = 0; !atomic_load(&quit); i++) {
        char line[40];
        snprintf(line, sizeof line, "S%d\r\n%s", 500 + (int)(100 * sin(i * 0.13)), i % 40 ? "" : "Q800\r\nB75\r\n");
        say(masters[0], line);
        say(masters[1], "\xff\xfe\xf0\n\x81\n");
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    }
    return NULL;
}

static pthread_t thread;

static int set_up(void **state)
{
    (void)state;
    folder = scratch_folder();
    setenv("OUTBREATH_SERIAL_DIR", folder, 1);
    setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", 1);
    masters[0] = plug_in("ttyUSB0");
    masters[1] = plug_in("ttyUSB1");
    masters[2] = plug_in("ttyACM0");
    return pthread_create(&thread, NULL, boards, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    atomic_store(&quit, true);
    pthread_join(thread, NULL);
    for (int i = 0; i < 3; i++)
        close(masters[i]);
    return 0;
}

/* The object of the board at this port, as JSON text; static memory. */
static const char *object_of(const char *port)
{
    static char object[2][1000];
    static int turn;
    char id[300];
    snprintf(id, sizeof id, "{\"id\": \"serial:%s/%s\"", folder, port);
    const char *from = strstr(printed(), id);
    if (!from)
        fail_msg("no %s in: %s", id, printed());
    const char *to = strchr(from, '}');
    turn = !turn;
    snprintf(object[turn], sizeof object[0], "%.*s", (int)(to - from) + 1, from);
    return object[turn];
}

static void a_list_names_each_and_what_is_absent(void **state)
{
    (void)state;
    assert_int_equal(run_program("sensors --json --seconds 4"), 0);
    const char *good = object_of("ttyUSB0");
    static const char *const keys[] = {"id",          "kind",     "name",       "state", "sentence",
                                       "battery_pct", "rssi_dbm", "quality_01", "age_ms"};
    size_t before = 0;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char key[40];
        snprintf(key, sizeof key, "\"%s\": ", keys[i]);
        const char *at = strstr(good, key);
        assert_non_null(at);
        assert_true(i == 0 || (size_t)(at - good) > before); /* in this order */
        before = (size_t)(at - good);
    }
    assert_non_null(strstr(good, "\"kind\": \"serial\""));
    assert_non_null(strstr(good, "PulseSensor"));
    assert_non_null(strstr(good, "\"state\": \"streaming\""));
    assert_null(strstr(good, "\"quality_01\": null"));
    const char *noise = object_of("ttyUSB1");
    assert_non_null(strstr(noise, "\"state\": \"connecting\""));
    assert_non_null(strstr(noise, "noise"));
    assert_non_null(strstr(object_of("ttyACM0"), "waiting for data"));
    assert_non_null(strstr(printed(), "no system bus"));
    assert_null(strstr(printed(), "serial:auto"));
    assert_int_equal(run_program("sensors --seconds 2"), 0);
    assert_non_null(strstr(printed(), "PulseSensor at ttyUSB0"));
    assert_non_null(strstr(printed(), "no Bluetooth"));
}

static void a_watch_says_what_changes(void **state)
{
    (void)state;
    assert_int_equal(run_program("sensors --watch --json --seconds 4"), 0);
    int lines = 0, streaming = 0, silent = 0;
    for (const char *line = printed(); *line; line = strchr(line, '\n') + 1, lines++) {
        assert_true(line[0] == '{' && strchr(line, '\n') && strchr(line, '\n')[-1] == '}');
        const size_t length = strcspn(line, "\n");
        char copy[1000];
        snprintf(copy, sizeof copy, "%.*s", (int)length, line);
        streaming += strstr(copy, "ttyUSB0") && strstr(copy, "\"streaming\"");
        silent += strstr(copy, "ttyACM0") != NULL;
    }
    assert_true(streaming >= 2 && streaming <= 8); /* not more than once a second but for changes of words */
    assert_true(silent >= 1 && silent <= 3);
    assert_true(lines < 40);
}

static void a_watch_ends_when_nobody_reads_or_somebody_asks(void **state)
{
    (void)state;
    assert_int_equal(run_program("sensors --watch --seconds 600 | head -n 1 >%s/first; true", folder), 0);
    char first[300];
    snprintf(first, sizeof first, "%s/first", folder);
    assert_true(strlen(text_of(first)) > 10);
    assert_string_equal(said(), "");
    assert_int_equal(run_program("sensors --watch & pid=$!; sleep 1; kill -INT $pid; wait $pid"), 0);
}

static void mistakes_are_told(void **state)
{
    (void)state;
    assert_int_equal(run_program("sensors --seconds=-1"), 2);
    assert_int_equal(run_program("sensors --jsn"), 2);
    assert_non_null(strstr(said(), "--json"));
    assert_int_equal(run_program("sensors --help"), 0);
    assert_non_null(strstr(printed(), "--watch"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_names_each_and_what_is_absent),
        cmocka_unit_test(a_watch_says_what_changes),
        cmocka_unit_test(a_watch_ends_when_nobody_reads_or_somebody_asks),
        cmocka_unit_test(mistakes_are_told),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
