/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The door lets in whoever has the key, once, and nobody else. */
#include "stream/door.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct ob_door fresh(unsigned char from)
{
    unsigned char random[OB_DOOR_RANDOM];
    struct ob_door door;
    for (size_t i = 0; i < sizeof random; i++)
        random[i] = (unsigned char)(from + 37 * i);
    ob_door_renew(&door, random);
    return door;
}

static void test_secrets_are_long_and_fit_into_an_address(void **state)
{
    (void)state;
    const struct ob_door door = fresh(1), other = fresh(2);
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    assert_int_equal(strlen(door.key), 43); /* 256 bits, six a letter */
    assert_int_equal(strlen(door.cookie), 43);
    assert_int_equal(strlen(door.path), 22); /* 128 bits */
    assert_int_equal(strspn(door.key, letters), 43);
    assert_int_equal(strspn(door.cookie, letters), 43);
    assert_int_equal(strspn(door.path, letters), 22);
    assert_string_not_equal(door.key, door.cookie);
    assert_string_not_equal(door.key, other.key);
    assert_string_not_equal(door.cookie, other.cookie);
    assert_string_not_equal(door.path, other.path);
}

static void test_base64url_is_that_of_the_standard(void **state)
{
    (void)state;
    unsigned char random[OB_DOOR_RANDOM] = {0};
    struct ob_door door;
    memset(random, 0xff, 32);
    memcpy(random + 64, "\x14\xfb\x9c\x03\xd9\x7e\0\0\0\0\0\0\0\0\0\0", 16);
    ob_door_renew(&door, random);
    assert_string_equal(door.key, "__________________________________________8"); /* as Python's base64 has it */
    assert_string_equal(door.cookie, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert_string_equal(door.path, "FPucA9l-AAAAAAAAAAAAAA");
}

static void test_the_key_opens_once(void **state)
{
    (void)state;
    struct ob_door door = fresh(1);
    char key[OB_DOOR_SECRET];
    memcpy(key, door.key, sizeof key);
    assert_int_equal(ob_door_try(&door, key, 43), OB_DOOR_OPEN);
    assert_string_equal(door.key, ""); /* it lies nowhere any more */
    assert_int_equal(ob_door_try(&door, key, 43), OB_DOOR_USED);
    assert_int_equal(ob_door_try(&door, "", 0), OB_DOOR_USED);
    assert_int_equal(door.wrong, 2);
}

static void test_no_other_key_opens(void **state)
{
    (void)state;
    struct ob_door door = fresh(1);
    char key[OB_DOOR_SECRET + 1] = "";
    memcpy(key, door.key, OB_DOOR_SECRET);
    assert_int_equal(ob_door_try(&door, "", 0), OB_DOOR_WRONG);
    assert_int_equal(ob_door_try(&door, key, 42), OB_DOOR_WRONG);
    key[43] = 'A';
    assert_int_equal(ob_door_try(&door, key, 44), OB_DOOR_WRONG);
    for (size_t i = 0; i < 43; i++) {
        memcpy(key, door.key, OB_DOOR_SECRET);
        key[i] = key[i] == 'x' ? 'y' : 'x';
        assert_int_equal(ob_door_try(&door, key, 43), OB_DOOR_WRONG);
    }
    assert_false(door.taken);
    assert_int_equal(ob_door_try(&door, door.key, 43), OB_DOOR_OPEN);
}

static bool knows(struct ob_door *door, const char *format, const char *cookie)
{
    char header[256];
    snprintf(header, sizeof header, format, cookie);
    return ob_door_knows(door, header);
}

static void test_the_cookie_is_found_among_others(void **state)
{
    (void)state;
    struct ob_door door = fresh(1);
    const struct ob_door other = fresh(2);
    assert_false(knows(&door, "outbreath=%s", door.cookie)); /* nobody came in yet */
    ob_door_try(&door, door.key, 43);
    assert_true(knows(&door, "outbreath=%s", door.cookie));
    assert_true(knows(&door, "a=b; outbreath=%s; c=d", door.cookie));
    assert_true(knows(&door, "outbreath=old;outbreath=%s", door.cookie));
    assert_false(knows(&door, "outbreath=%s", other.cookie));
    assert_false(knows(&door, "outbreath=%sx", door.cookie));
    assert_false(knows(&door, "xoutbreath=%s", door.cookie));
    assert_false(knows(&door, "%s", door.cookie));
    assert_false(knows(&door, "outbreath=%s", ""));
    assert_false(knows(&door, "%s", ""));
}

static void test_only_the_own_path_leads_inside(void **state)
{
    (void)state;
    struct ob_door door = fresh(1);
    char path[128];
    snprintf(path, sizeof path, "/r/%s/live", door.path);
    assert_null(ob_door_inner(&door, path)); /* nobody came in yet */
    ob_door_try(&door, door.key, 43);
    assert_string_equal(ob_door_inner(&door, path), "/live");
    snprintf(path, sizeof path, "/r/%s", door.path);
    assert_null(ob_door_inner(&door, path));
    snprintf(path, sizeof path, "/r/%sx/live", door.path);
    assert_null(ob_door_inner(&door, path));
    assert_null(ob_door_inner(&door, "/r//live"));
    assert_null(ob_door_inner(&door, "/live"));
    assert_null(ob_door_inner(&door, ""));
}

static void test_a_new_address_puts_everybody_out(void **state)
{
    (void)state;
    struct ob_door door = fresh(1);
    ob_door_try(&door, door.key, 43);
    const struct ob_door before = door;
    door = fresh(2);
    assert_false(knows(&door, "outbreath=%s", before.cookie));
    assert_false(knows(&door, "outbreath=%s", door.cookie)); /* not before its key is used */
}

static void test_host_is_this_machine_at_this_port(void **state)
{
    (void)state;
    assert_true(ob_door_host("127.0.0.1:8642", 8642));
    assert_true(ob_door_host("localhost:8642", 8642));
    assert_true(ob_door_host("[::1]:8642", 8642));
    assert_true(ob_door_host("127.0.0.1", 80));
    static const char *const strangers[] = {"",
                                            "127.0.0.1",
                                            "127.0.0.1:8643",
                                            "evil.example.org:8642",
                                            "localhost",
                                            "0.0.0.0:8642",
                                            "localhost.evil.example.org:8642",
                                            "127.0.0.1:86420",
                                            "127.0.0.1:8642;127.0.0.1:8642",
                                            "127.0.0.1:8642 ",
                                            "192.168.1.7:8642",
                                            "LOCALHOST:8642"};
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++)
        assert_false(ob_door_host(strangers[i], 8642));
    assert_false(ob_door_host(NULL, 8642));
}

static void test_origin_is_the_page_itself(void **state)
{
    (void)state;
    const char *host = "127.0.0.1:8642";
    assert_true(ob_door_origin("http://127.0.0.1:8642", host));
    assert_false(ob_door_origin("http://localhost:8642", host)); /* a page of another name is another page */
    assert_false(ob_door_origin("https://127.0.0.1:8642", host));
    assert_false(ob_door_origin("http://127.0.0.1:8643", host));
    assert_false(ob_door_origin("http://127.0.0.1:8642.example.org", host));
    assert_false(ob_door_origin("null", host));
    assert_false(ob_door_origin("", host));
    assert_false(ob_door_origin("http://", ""));
    assert_false(ob_door_origin(NULL, host));
    assert_false(ob_door_origin("http://127.0.0.1:8642", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_secrets_are_long_and_fit_into_an_address),
        cmocka_unit_test(test_base64url_is_that_of_the_standard),
        cmocka_unit_test(test_the_key_opens_once),
        cmocka_unit_test(test_no_other_key_opens),
        cmocka_unit_test(test_the_cookie_is_found_among_others),
        cmocka_unit_test(test_only_the_own_path_leads_inside),
        cmocka_unit_test(test_a_new_address_puts_everybody_out),
        cmocka_unit_test(test_host_is_this_machine_at_this_port),
        cmocka_unit_test(test_origin_is_the_page_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
