/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a desktop says, against a portal and an accessibility bus of our own on a private bus. Skipped, and says so,
 * without dbus-daemon. */
#include "base/time.h"
#include "os/clock.h"
#include "os/desktop.h"

#include "../bus/fake_bus.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static char address[256];
static uint32_t scheme, contrast;
static int reader;

static int on_read(sd_bus_message *m, void *user, sd_bus_error *error)
{
    (void)user;
    (void)error;
    const char *group, *key;
    if (sd_bus_message_read(m, "ss", &group, &key) < 0 || strcmp(group, "org.freedesktop.appearance") != 0)
        return -22;
    return sd_bus_reply_method_return(m, "v", "v", "u", strcmp(key, "contrast") == 0 ? contrast : scheme);
}

static int on_get(sd_bus_message *m, void *user, sd_bus_error *error)
{
    (void)user;
    (void)error;
    return sd_bus_message_is_method_call(m, "org.freedesktop.DBus.Properties", "Get")
               ? sd_bus_reply_method_return(m, "v", "b", reader)
               : 0;
}

static const sd_bus_vtable portal[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Read", "ss", "v", on_read, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_SIGNAL("SettingChanged", "ssv", 0),
    SD_BUS_VTABLE_END,
};

static sd_bus *fake;

static int set_up(void **state)
{
    (void)state;
    scheme = contrast = 0;
    reader = 0;
    if (!address[0])
        return 0;
    assert_true(sd_bus_open_user(&fake) >= 0);
    assert_true(sd_bus_add_object_vtable(fake, NULL, "/org/freedesktop/portal/desktop",
                                         "org.freedesktop.portal.Settings", portal, NULL) >= 0);
    assert_true(sd_bus_add_object(fake, NULL, "/org/a11y/bus", on_get, NULL) >= 0);
    assert_true(sd_bus_request_name(fake, "org.freedesktop.portal.Desktop", 0) >= 0);
    assert_true(sd_bus_request_name(fake, "org.a11y.Bus", 0) >= 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fake = sd_bus_flush_close_unref(fake);
    return 0;
}

/* Both sides take turns until there is news; a minute is patience for a slow machine, not a measure. */
static bool news(struct ob_desktop *desktop)
{
    for (int64_t end = ob_clock_monotonic_ns() + 60 * OB_NS_PER_S; ob_clock_monotonic_ns() < end; usleep(1000)) {
        while (sd_bus_process(fake, NULL) > 0)
            ;
        if (ob_desktop_step(desktop))
            return true;
    }
    return false;
}

static void a_desktop_is_light_or_dark_and_may_change(void **state)
{
    (void)state;
    if (!address[0])
        skip();
    scheme = 2;
    struct ob_desktop *desktop = ob_desktop_create();
    assert_int_equal(ob_desktop_says(desktop).scheme, OB_DESKTOP_UNKNOWN);
    assert_true(news(desktop));
    assert_int_equal(ob_desktop_says(desktop).scheme, OB_DESKTOP_LIGHT);
    assert_false(ob_desktop_says(desktop).contrast);
    assert_false(ob_desktop_says(desktop).screen_reader);
    sd_bus_emit_signal(fake, "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings", "SettingChanged",
                       "ssv", "org.freedesktop.appearance", "color-scheme", "u", 1u);
    assert_true(news(desktop));
    assert_int_equal(ob_desktop_says(desktop).scheme, OB_DESKTOP_DARK);
    sd_bus_emit_signal(fake, "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings", "SettingChanged",
                       "ssv", "org.freedesktop.appearance", "accent-color", "(ddd)", 0.1, 0.2, 0.3); /* not ours */
    sd_bus_emit_signal(fake, "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings", "SettingChanged",
                       "ssv", "org.freedesktop.appearance", "contrast", "u", 1u);
    assert_true(news(desktop));
    assert_true(ob_desktop_says(desktop).contrast);
    assert_int_equal(ob_desktop_says(desktop).scheme, OB_DESKTOP_DARK);
    ob_desktop_destroy(desktop);
}

static void a_screen_reader_is_noticed(void **state)
{
    (void)state;
    if (!address[0])
        skip();
    reader = 1;
    struct ob_desktop *desktop = ob_desktop_create();
    assert_true(news(desktop));
    assert_true(ob_desktop_says(desktop).screen_reader);
    assert_int_equal(ob_desktop_says(desktop).scheme, OB_DESKTOP_UNKNOWN);
    ob_desktop_destroy(desktop);
}

static void where_nobody_answers_all_is_unknown(void **state)
{
    (void)state;
    setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", 1);
    struct ob_desktop *desktop = ob_desktop_create();
    for (int i = 0; i < 10; i++)
        assert_false(ob_desktop_step(desktop));
    assert_int_equal(ob_desktop_says(desktop).scheme, OB_DESKTOP_UNKNOWN);
    ob_desktop_destroy(desktop);
    assert_false(ob_desktop_step(NULL));
}

int main(void)
{
    if (!fake_bus_start(address, sizeof address)) {
        printf("there is no dbus-daemon: skipped\n");
        address[0] = '\0';
    } else {
        setenv("DBUS_SESSION_BUS_ADDRESS", address, 1);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_desktop_is_light_or_dark_and_may_change, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_screen_reader_is_noticed, set_up, tear_down),
        cmocka_unit_test(where_nobody_answers_all_is_unknown),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    fake_bus_stop();
    return failed;
}
