/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Switching the display off and on, against an X server of our own that knows nothing but DPMS: Xvfb and Xorg's dummy
 * driver have no display to switch. It refuses what a true one refuses: a level while its timers are disabled. */
#include "render/display_off.h"

#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

enum { QUERY_EXTENSION = 98, DPMS = 150, BAD_MATCH = 8 };

static struct {
    int listener;
    pthread_t thread;
    bool has_dpms, capable; /* before it starts */
    _Atomic int enabled, level, refused, switched;
    _Atomic int timer_s[3];
} fake;

static bool take(int fd, void *out, size_t size)
{
    for (size_t had = 0; had < size;) {
        const ssize_t got = read(fd, (char *)out + had, size - had);
        if (got <= 0)
            return false;
        had += (size_t)got;
    }
    return true;
}

static bool greet(int fd)
{
    unsigned char hello[12], rest[256], setup[40] = {1, 0, 11, 0, 0, 0, 8, 0};
    uint16_t name, data;
    if (!take(fd, hello, sizeof hello))
        return false;
    memcpy(&name, hello + 6, 2);
    memcpy(&data, hello + 8, 2);
    const size_t more = (name + 3u) / 4 * 4 + (data + 3u) / 4 * 4;
    const uint16_t longest = 65535;
    memcpy(setup + 8 + 18, &longest, 2);
    return more <= sizeof rest && take(fd, rest, more) && write(fd, setup, sizeof setup) == (ssize_t)sizeof setup;
}

static void answer(int fd, uint16_t sequence, const void *body, size_t size)
{
    unsigned char reply[32] = {1};
    memcpy(reply + 2, &sequence, 2);
    memcpy(reply + 8, body, size);
    if (write(fd, reply, sizeof reply) != (ssize_t)sizeof reply)
        fprintf(stderr, "the answer is not taken\n");
}

static void refuse(int fd, uint16_t sequence)
{
    unsigned char error[32] = {0, BAD_MATCH};
    memcpy(error + 2, &sequence, 2);
    fake.refused++;
    if (write(fd, error, sizeof error) != (ssize_t)sizeof error)
        fprintf(stderr, "the error is not taken\n");
}

static void take_dpms(int fd, uint16_t sequence, int minor, const uint16_t *values)
{
    uint16_t body[3] = {(uint16_t)fake.timer_s[0], (uint16_t)fake.timer_s[1], (uint16_t)fake.timer_s[2]};
    unsigned char flag[3] = {0};
    switch (minor) {
    case 1: /* Capable */
        flag[0] = fake.capable;
        answer(fd, sequence, flag, 1);
        break;
    case 2: /* GetTimeouts */
        answer(fd, sequence, body, sizeof body);
        break;
    case 3: /* SetTimeouts */
        for (int i = 0; i < 3; i++)
            fake.timer_s[i] = values[i];
        break;
    case 4: /* Enable */
        fake.enabled = 1;
        break;
    case 5: /* Disable */
        fake.level = 0;
        fake.enabled = 0;
        break;
    case 6: /* ForceLevel */
        if (fake.enabled) {
            fake.level = values[0];
            fake.switched++;
        } else {
            refuse(fd, sequence);
        }
        break;
    case 7: /* Info */
        flag[0] = (unsigned char)fake.level;
        flag[2] = (unsigned char)fake.enabled;
        answer(fd, sequence, flag, sizeof flag);
        break;
    default:
        refuse(fd, sequence);
        break;
    }
}

static void *serve(void *user)
{
    (void)user;
    const int fd = accept(fake.listener, NULL, NULL);
    unsigned char head[4];
    uint16_t sequence = 0;
    for (bool good = fd >= 0 && greet(fd); good && take(fd, head, sizeof head);) {
        uint16_t length, rest[128] = {0};
        memcpy(&length, head + 2, 2);
        sequence++;
        if (length < 1 || length > 32 || !take(fd, rest, 4u * (length - 1u)))
            break;
        const unsigned char about[4] = {fake.has_dpms, DPMS, 0, 0};
        if (head[0] == QUERY_EXTENSION)
            answer(fd, sequence, about, sizeof about);
        else if (head[0] == DPMS)
            take_dpms(fd, sequence, head[1], rest);
        else
            refuse(fd, sequence);
    }
    if (fd >= 0)
        close(fd);
    return NULL;
}

static void begin(bool has_dpms, bool capable, bool enabled)
{
    fake.has_dpms = has_dpms;
    fake.capable = capable;
    fake.enabled = enabled;
    fake.level = fake.refused = fake.switched = 0;
    for (int i = 0; i < 3; i++)
        fake.timer_s[i] = 600 * (i + 1);
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof name;
    char display[32];
    fake.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(fake.listener, (const struct sockaddr *)&name, size), 0);
    assert_int_equal(listen(fake.listener, 1), 0);
    assert_int_equal(getsockname(fake.listener, (struct sockaddr *)&name, &size), 0);
    snprintf(display, sizeof display, "127.0.0.1:%d", ntohs(name.sin_port) - 6000); /* X's numbers begin there */
    setenv("DISPLAY", display, 1);
    assert_int_equal(pthread_create(&fake.thread, NULL, serve, NULL), 0);
}

/* Everything that was asked for has been done when the server has seen the end of the line. */
static void end(struct ob_display_off *display)
{
    ob_display_off_finish(display);
    pthread_join(fake.thread, NULL);
    close(fake.listener);
}

static void off_and_on_with_timers(void **state)
{
    (void)state;
    struct ob_display_off display;
    begin(true, true, true);
    ob_display_off_init(&display, "x11");
    assert_true(ob_display_off_switches(&display));
    ob_display_off_set(&display, true);
    ob_display_off_set(&display, true);
    ob_display_off_set(&display, false);
    ob_display_off_set(&display, true);
    end(&display); /* in the dark: left off, for a key to bring it back */
    assert_int_equal(fake.level, 3);
    assert_int_equal(fake.switched, 3);
    assert_int_equal(fake.enabled, 1);
    assert_int_equal(fake.timer_s[2], 1800);
    assert_int_equal(fake.refused, 0);
}

static void off_and_on_where_somebody_wants_no_timers(void **state)
{
    (void)state;
    struct ob_display_off display;
    begin(true, true, false);
    ob_display_off_init(&display, "x11");
    ob_display_off_set(&display, true);
    end(&display); /* as a program that is killed leaves it */
    assert_int_equal(fake.level, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(fake.timer_s[i], 0); /* it never goes off by itself */
    begin(true, true, false);
    ob_display_off_init(&display, "x11");
    ob_display_off_set(&display, true);
    ob_display_off_set(&display, false);
    end(&display);
    assert_int_equal(fake.level, 0);
    assert_int_equal(fake.enabled, 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(fake.timer_s[i], 600 * (i + 1));
    assert_int_equal(fake.refused, 0);
}

static void black_where_nothing_can_be_switched(void **state)
{
    (void)state;
    struct ob_display_off display;
    for (int capable = 0; capable < 2; capable++) {
        begin(capable == 0, capable == 1, false);
        ob_display_off_init(&display, "x11");
        assert_false(ob_display_off_switches(&display));
        assert_non_null(strstr(ob_display_off_sentence(&display), "black"));
        ob_display_off_set(&display, true);
        assert_false(display.off);
        end(&display);
        assert_int_equal(fake.level, 0);
    }
    setenv("DISPLAY", "127.0.0.1:1", 1);
    static const char *const drivers[] = {"x11", "wayland", "KMSDRM", "offscreen"};
    for (size_t i = 0; i < sizeof drivers / sizeof *drivers; i++) {
        ob_display_off_init(&display, drivers[i]);
        assert_false(ob_display_off_switches(&display));
        ob_display_off_finish(&display);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(off_and_on_with_timers),
        cmocka_unit_test(off_and_on_where_somebody_wants_no_timers),
        cmocka_unit_test(black_where_nothing_can_be_switched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
