/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The console as its own browser sees it, and as strangers do. */
#include "base/time.h"
#include "client.h"
#include "os/clock.h"
#include "os/tr.h"
#include "stream/console.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static struct ob_console *console;
static struct ob_snapshot shot;
static struct ob_console_view view;
static int port;
static char host[32], origin[48], path[64], cookie[128];

static int start(void **state)
{
    (void)state;
    char problem[256];
    const struct ob_console_desc desc = {0};
    if (ob_console_create(&desc, &console, problem, sizeof problem))
        fail_msg("%s", problem);
    struct ob_console_status status;
    ob_console_status(console, &status);
    port = status.port;
    snprintf(host, sizeof host, "127.0.0.1:%d", port);
    snprintf(origin, sizeof origin, "http://%s", host);
    memset(&shot, 0, sizeof shot);
    memset(&view, 0, sizeof view);
    view.sitting = 1;
    shot.begin_ns = OB_NS_PER_S;
    ob_console_publish(console, &shot);
    ob_console_tell(console, &view);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    ob_console_destroy(console);
    return 0;
}

static int enter(void)
{
    char address[OB_CONSOLE_ADDRESS];
    return client_enter(ob_console_address(console, address), path, cookie);
}

static int open_page(void)
{
    int status;
    char live[96];
    snprintf(live, sizeof live, "%slive", path);
    return client_open(port, live, host, origin, cookie, &status);
}

static struct ob_console_status status_now(void)
{
    struct ob_console_status status;
    ob_console_status(console, &status);
    return status;
}

/* What another thread does soon. */
static void wait_for_pages(unsigned pages)
{
    for (int i = 0; i < 1000 && status_now().pages != pages; i++)
        usleep(10000);
    assert_int_equal(status_now().pages, pages);
}

static bool hear_request(struct ob_request *request)
{
    for (int i = 0; i < 1000; i++) {
        if (ob_console_hear(console, request))
            return true;
        usleep(10000);
    }
    return false;
}

/* Hears a page out until it is closed; the number that it is closed with, 0: without one, -1: it is not. */
static int hear_end(int fd)
{
    int code = 0;
    for (int i = 0; i < 200; i++)
        if (!client_hear(fd, &code))
            return code;
    return -1;
}

static void add_beat(int64_t now_ns)
{
    shot.now_ns = shot.last_arrived_ns = now_ns;
    shot.beats[shot.beat_count++ % OB_SNAPSHOT_BEATS] =
        (struct ob_snapshot_beat){.time_ns = now_ns, .rr_ms = 1000.0f, .nn_ms = 1000.0f};
    ob_console_publish(console, &shot);
}

/* Who listens in this process, by the kernel's own list: local address and port of each socket in state LISTEN. */
static int listening(const char *table, char first_out[64])
{
    char line[512], local[64];
    int count = 0;
    unsigned state = 0;
    unsigned long inode = 0;
    FILE *file = fopen(table, "r");
    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, " %*d: %63s %*s %x %*s %*s %*s %*s %*s %lu", local, &state, &inode) != 3 || state != 0x0a)
            continue;
        for (int fd = 0; fd < 256; fd++) {
            char link[64], target[64], wanted[64];
            snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
            snprintf(wanted, sizeof wanted, "socket:[%lu]", inode);
            const ssize_t length = readlink(link, target, sizeof target - 1);
            if (length <= 0 || (size_t)length != strlen(wanted) || memcmp(target, wanted, (size_t)length) != 0)
                continue;
            snprintf(first_out, 64, "%s", local);
            count++;
        }
    }
    if (file)
        fclose(file);
    return count;
}

static void test_listens_on_the_loopback_alone(void **state)
{
    (void)state;
    char local[64] = "", six[64] = "", wanted[64];
    snprintf(wanted, sizeof wanted, "0100007F:%04X", (unsigned)port);
    assert_int_equal(listening("/proc/self/net/tcp", local), 1);
    assert_string_equal(local, wanted);
    assert_int_equal(listening("/proc/self/net/tcp6", six), 0);
}

static void test_a_taken_port_is_said(void **state)
{
    (void)state;
    struct ob_console *second;
    char problem[256] = "";
    const struct ob_console_desc desc = {.port = port};
    assert_int_equal(ob_console_create(&desc, &second, problem, sizeof problem), OB_ERR_BUSY);
    assert_null(second);
    assert_non_null(strstr(problem, "another program may have it"));
}

static void test_the_key_opens_once_and_the_page_loads(void **state)
{
    (void)state;
    char address[OB_CONSOLE_ADDRESS], no_path[64] = "", no_cookie[128] = "";
    ob_console_address(console, address);
    assert_int_equal(client_enter(address, path, cookie), 200);
    assert_int_equal(strncmp(path, "/r/", 3), 0);
    assert_int_equal(client_enter(address, no_path, no_cookie), 410);
    assert_string_equal(no_cookie, "");
    assert_null(strchr(ob_console_address(console, address), '#'));
    char *page = client_ask(port, "GET %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", path, host, cookie);
    assert_int_equal(client_status(page), 200);
    assert_non_null(strstr(page, "<title>Outbreath console</title>"));
    assert_non_null(strstr(page, ">breath changed<"));
    free(page);
    char *script = client_ask(port, "GET %sconsole.js HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", path, host, cookie);
    assert_int_equal(client_status(script), 200);
    assert_non_null(strstr(script, "text/javascript"));
    assert_non_null(strstr(script, "\nconnect();\n")); /* to the last line */
    free(script);
}

static void test_the_page_speaks_the_language_of_the_program(void **state)
{
    (void)state;
    static const char *const files[] = {"", "console.js"};
    ob_tr_begin("de");
    if (strcmp(ob_tr("sigh"), "sigh") == 0) {
        print_message("skipped: there is no catalogue beside this program\n");
        skip();
    }
    assert_int_equal(enter(), 200);
    for (size_t i = 0; i < 2; i++) {
        char *page =
            client_ask(port, "GET %s%s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", path, files[i], host, cookie);
        assert_int_equal(client_status(page), 200);
        assert_non_null(strstr(page, i == 0 ? ">Seufzer<" : "'Kein Signal'"));
        assert_null(strstr(page, "{{"));
        assert_true(i > 0 || strstr(page, "<html lang=\"de\">"));
        free(page);
    }
    char *door = client_ask(port, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", host);
    assert_non_null(strstr(door, "Diese Adresse wurde schon benutzt."));
    free(door);
    ob_tr_begin("en");
}

static char *get(const char *below, const char *with)
{
    return client_ask(port, "GET %s%s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", path, below, host, with);
}

static int status_of(const char *below, const char *with)
{
    char *answer = get(below, with);
    const int status = client_status(answer);
    free(answer);
    return status;
}

static void test_a_report_is_for_the_page_alone_and_for_one_client(void **state)
{
    (void)state;
    assert_int_equal(enter(), 200);
    assert_int_equal(status_of("report.html", cookie), 404);
    assert_false(ob_console_give(console, "report.txt", "x", 1));
    assert_false(ob_console_give(console, "../report.html", "x", 1));
    assert_true(ob_console_give(console, "report.html", "<p>first</p>", 12));
    assert_true(ob_console_give(console, "report.html", "<p>Anna</p>", 11));
    assert_true(ob_console_give(console, "report.pdf", "%PDF-\0\1\2", 8));
    char *answer = get("report.html", cookie);
    assert_int_equal(client_status(answer), 200);
    assert_non_null(strstr(answer, "\r\n\r\n<p>Anna</p>"));
    assert_non_null(strstr(answer, "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"));
    assert_null(strstr(answer, "script-src"));
    assert_non_null(strstr(answer, "no-store"));
    free(answer);
    answer = get("report.pdf", cookie);
    assert_non_null(strstr(answer, "application/pdf"));
    assert_non_null(strstr(answer, "content-length: 8\r\n"));
    assert_non_null(strstr(answer, "attachment; filename="));
    free(answer);
    assert_int_equal(status_of("report.html", "outbreath=wrong"), 403);
    answer = client_ask(port, "GET /report.html HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", host, cookie);
    assert_int_equal(client_status(answer), 404);
    free(answer);
    answer = client_ask(port, "GET %sreport.html HTTP/1.1\r\nHost: evil.example:%d\r\nCookie: %s\r\n\r\n", path, port,
                        cookie);
    assert_int_equal(client_status(answer), 403); /* DNS rebinding */
    assert_null(strstr(answer, "Anna"));
    free(answer);
    view.consent = true; /* the same client */
    ob_console_tell(console, &view);
    assert_int_equal(status_of("report.html", cookie), 200);
    view.sitting++;
    ob_console_tell(console, &view);
    assert_int_equal(status_of("report.html", cookie), 404);
    assert_int_equal(status_of("report.pdf", cookie), 404);
    assert_true(ob_console_give(console, "report.html", "<p>Bo</p>", 9));
    ob_console_renew(console);
    assert_int_equal(enter(), 200);
    assert_int_equal(status_of("report.html", cookie), 404);
}

/* Large, and taken slowly: it goes out whole, though it is taken back meanwhile. */
static void test_a_large_report_goes_out_whole(void **state)
{
    (void)state;
    const size_t size = 3000000;
    char *bytes = malloc(size), *answer;
    memset(bytes, 'x', size);
    assert_int_equal(enter(), 200);
    assert_true(ob_console_give(console, "report.pdf", bytes, size));
    const int fd = client_connect(port);
    char request[512];
    snprintf(request, sizeof request, "GET %sreport.pdf HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", path, host,
             cookie);
    client_send(fd, request, strlen(request));
    usleep(100000);
    view.sitting++;
    ob_console_tell(console, &view);
    answer = client_read_all(fd);
    close(fd);
    assert_int_equal(client_status(answer), 200);
    const char *body = strstr(answer, "\r\n\r\n");
    assert_non_null(body);
    assert_int_equal(strlen(body + 4), size);
    free(answer);
    free(bytes);
}

static void test_the_cookie_is_a_strict_one(void **state)
{
    (void)state;
    char address[OB_CONSOLE_ADDRESS];
    char *answer = client_ask(port,
                              "POST /enter HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nAuthorization: Bearer %s\r\n"
                              "Content-Length: 0\r\n\r\n",
                              host, origin, strchr(ob_console_address(console, address), '#') + 1);
    assert_int_equal(client_status(answer), 200);
    assert_non_null(strstr(answer, "; HttpOnly; SameSite=Strict\r\n"));
    assert_non_null(strstr(answer, "; Path=/r/"));
    assert_null(strstr(answer, "Domain"));
    free(answer);
}

static void test_every_answer_is_guarded(void **state)
{
    (void)state;
    static const char *const asked[] = {"/", "/door.js", "/nowhere", "/r/x/"};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        char *answer = client_ask(port, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", asked[i], host);
        assert_non_null(strstr(answer, "content-security-policy: default-src 'none'; script-src 'self'"));
        assert_non_null(strstr(answer, "frame-ancestors 'none'"));
        assert_non_null(strstr(answer, "cache-control: no-store"));
        assert_non_null(strstr(answer, "x-content-type-options: nosniff"));
        assert_non_null(strstr(answer, "referrer-policy: no-referrer"));
        assert_null(strstr(answer, "access-control"));
        free(answer);
    }
}

static void test_wrong_keys_are_refused(void **state)
{
    (void)state;
    char address[OB_CONSOLE_ADDRESS], wrong[OB_CONSOLE_ADDRESS];
    ob_console_address(console, address);
    memcpy(wrong, address, sizeof wrong);
    wrong[strlen(wrong) - 2] ^= 1;
    assert_int_equal(client_enter(wrong, path, cookie), 403);
    *strchr(wrong, '#') = '\0';
    assert_int_equal(client_enter(wrong, path, cookie), 403);   /* none at all */
    assert_int_equal(client_enter(address, path, cookie), 200); /* which costs the right one nothing */
}

static int ask(const char *request)
{
    char *answer = client_ask(port, "%s", request);
    const int status = client_status(answer);
    free(answer);
    return status;
}

static void test_foreign_hosts_and_origins_are_refused(void **state)
{
    (void)state;
    char request[512], live[96], address[OB_CONSOLE_ADDRESS];
    int status;
    assert_int_equal(ask("GET / HTTP/1.1\r\nHost: evil.example.org\r\n\r\n"), 403); /* DNS rebinding */
    assert_int_equal(ask("GET / HTTP/1.1\r\n\r\n"), 403);
    snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: evil.example.org:%d\r\n\r\n", port);
    assert_int_equal(ask(request), 403);
    snprintf(request, sizeof request, "GET / HTTP/1.1\r\nHost: %s\r\nOrigin: http://evil.example.org\r\n\r\n", host);
    assert_int_equal(ask(request), 403);
    ob_console_address(console, address);
    snprintf(request, sizeof request,
             "POST /enter HTTP/1.1\r\nHost: %s\r\nOrigin: http://127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n"
             "Content-Length: 0\r\n\r\n",
             host, port + 1, strchr(address, '#') + 1);
    assert_int_equal(ask(request), 403); /* another local server's page, even with the key */
    assert_int_equal(enter(), 200);
    snprintf(live, sizeof live, "%slive", path);
    assert_int_equal(client_open(port, live, host, "http://evil.example.org", cookie, &status), -1);
    assert_int_not_equal(status, 101);
    assert_int_equal(client_open(port, live, host, NULL, cookie, &status), -1);
    assert_int_equal(client_open(port, live, host, "null", cookie, &status), -1);
    assert_int_equal(client_open(port, live, "evil.example.org", origin, cookie, &status), -1);
    assert_int_equal(client_open(port, live, NULL, origin, cookie, &status), -1);
    assert_int_equal(client_open(port, live, host, origin, NULL, &status), -1);
    assert_int_equal(client_open(port, live, host, origin, "outbreath=AAAA", &status), -1);
    assert_int_equal(client_open(port, "/live", host, origin, cookie, &status), -1);
    assert_int_equal(client_open(port, "/r/AAAAAAAAAAAAAAAAAAAAAA/live", host, origin, cookie, &status), -1);
    assert_int_equal(status_now().pages, 0);
    const int fd = open_page(); /* and the right one is let in */
    assert_true(fd >= 0);
    close(fd);
}

static void test_only_its_own_files_are_there(void **state)
{
    (void)state;
    static const char *const tried[] = {"/../../../../etc/passwd",
                                        "/..%2f..%2f..%2fetc/passwd",
                                        "/%2e%2e/%2e%2e/etc/passwd",
                                        "//etc/passwd",
                                        "/console.html",
                                        "/door.html",
                                        "/console.css/../door.js",
                                        "/console.css%00.js",
                                        "/.",
                                        "/console.js",
                                        "/%"};
    for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
        char *answer = client_ask(port, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", tried[i], host);
        assert_true(client_status(answer) != 200 ||
                    strstr(answer, "SPDX-License-Identifier")); /* dots are folded: ours */
        assert_null(strstr(answer, "root:"));
        free(answer);
    }
    assert_int_equal(enter(), 200);
    char request[512];
    snprintf(request, sizeof request, "GET %s../../etc/passwd HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", path, host,
             cookie);
    assert_int_not_equal(ask(request), 200);
    snprintf(request, sizeof request, "GET %sdoor.html HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\n\r\n", path, host, cookie);
    assert_int_equal(ask(request), 404);
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, host);
    assert_int_equal(ask(request), 403); /* without the cookie */
}

static void test_other_methods_are_refused(void **state)
{
    (void)state;
    static const char *const methods[] = {"PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "NONSENSE"};
    char request[512];
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        snprintf(request, sizeof request, "%s / HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\n\r\n", methods[i], host);
        assert_int_not_equal(ask(request), 200);
    }
    snprintf(request, sizeof request, "POST / HTTP/1.1\r\nHost: %s\r\nOrigin: %s\r\nContent-Length: 0\r\n\r\n", host,
             origin);
    assert_int_equal(ask(request), 405);
    snprintf(request, sizeof request,
             "GET / HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: "
             "AAMAAABkAAQAAP__\r\n\r\n",
             host);
    assert_int_not_equal(ask(request), 101);
}

static void test_a_page_is_told_and_heard(void **state)
{
    (void)state;
    struct ob_request request;
    strcpy(view.client, "Somebody");
    ob_console_tell(console, &view);
    add_beat(2 * OB_NS_PER_S);
    assert_int_equal(enter(), 200);
    const int fd = open_page();
    assert_true(fd >= 0);
    assert_non_null(client_hear_of(fd, "\"client\":\"Somebody\""));
    assert_non_null(client_hear_of(fd, "\"beats\":[[1,1000,1000,\"normal\"]]"));
    assert_non_null(client_hear_of(fd, "\"is\":\"now\""));
    add_beat(3 * OB_NS_PER_S);
    assert_non_null(client_hear_of(fd, "\"beats\":[[2,1000,1000,\"normal\"]]"));
    shot.newest_ns = 4 * OB_NS_PER_S; /* one that nothing is known of yet is told at once */
    shot.newest_rr_ms = 990.0;
    ob_console_publish(console, &shot);
    assert_non_null(client_hear_of(fd, "\"beats\":[],\"newest\":[3,990]"));
    assert_true(client_say(fd, "{\"do\":\"mark\",\"label\":\"turned over\"}"));
    assert_true(hear_request(&request));
    assert_int_equal(request.kind, OB_REQUEST_MARK);
    assert_int_equal(request.code, OB_MARK_TURNED_OVER);
    const char *parts = "{\"do\":\"volume\",\"level\":0.25}"; /* in three fragments */
    assert_true(client_frame(fd, 1, false, parts, 5));
    assert_true(client_frame(fd, 0, false, parts + 5, 10));
    assert_true(client_frame(fd, 0, true, parts + 15, strlen(parts) - 15));
    assert_true(hear_request(&request));
    assert_float_equal(request.value, 0.25, 0.0);
    close(fd);
    wait_for_pages(0);
}

static void test_another_client_is_told(void **state)
{
    (void)state;
    strcpy(view.client, "Whoever was here before");
    ob_console_tell(console, &view);
    assert_int_equal(enter(), 200);
    const int fd = open_page();
    assert_non_null(client_hear_of(fd, "Whoever was here before"));
    memset(&view, 0, sizeof view);
    view.sitting = 2;
    ob_console_tell(console, &view);
    const char *message = client_hear_of(fd, "\"sitting\":2");
    assert_non_null(message);
    assert_null(strstr(message, "Whoever"));
    close(fd);
}

static void test_a_new_address_puts_everybody_out(void **state)
{
    (void)state;
    int status;
    char live[96];
    assert_int_equal(enter(), 200);
    const int fd = open_page();
    assert_true(fd >= 0);
    ob_console_renew(console);
    assert_int_equal(hear_end(fd), 1008);
    close(fd);
    snprintf(live, sizeof live, "%slive", path);
    assert_int_equal(client_open(port, live, host, origin, cookie, &status), -1);
    assert_int_equal(enter(), 200); /* with the new one */
    const int again = open_page();
    assert_true(again >= 0);
    close(again);
}

static void closed_after(const void *bytes, size_t size, int opcode)
{
    struct ob_request request;
    const int fd = open_page();
    assert_true(fd >= 0);
    client_frame(fd, opcode, true, bytes, size);
    assert_true(hear_end(fd) >= 0);
    close(fd);
    wait_for_pages(0);
    assert_false(ob_console_hear(console, &request));
}

static void test_bad_messages_end_the_page_alone(void **state)
{
    (void)state;
    char *long_text = calloc(1, 1 << 20);
    memset(long_text, ' ', (1 << 20) - 1);
    memcpy(long_text, "{\"do\":\"part\"}", 13);
    assert_int_equal(enter(), 200);
    closed_after("hello", 5, 1);
    closed_after("{\"do\":\"dance\"}", 14, 1);
    closed_after("{\"do\":\"part\"}", 13, 2); /* binary */
    closed_after(long_text, OB_REQUEST_MAX + 1, 1);
    closed_after(long_text, 60000, 1);
    closed_after(long_text, (1 << 20) - 1, 1);
    free(long_text);
    const int fd = open_page(); /* and the next one finds all as it was */
    assert_non_null(client_hear_of(fd, "\"is\":\"now\""));
    close(fd);
}

static void test_a_message_that_never_ends_is_cut(void **state)
{
    (void)state;
    assert_int_equal(enter(), 200);
    const int fd = open_page();
    char piece[256];
    memset(piece, ' ', sizeof piece);
    bool sent = client_frame(fd, 1, false, piece, sizeof piece);
    for (int i = 0; i < 100 && sent; i++)
        sent = client_frame(fd, 0, false, piece, sizeof piece);
    assert_true(hear_end(fd) >= 0);
    close(fd);
    wait_for_pages(0);
}

static void test_long_headers_end_early(void **state)
{
    (void)state;
    char *request = malloc(60000);
    int used = sprintf(request, "GET / HTTP/1.1\r\nHost: %s\r\nX-Long: ", host);
    memset(request + used, 'a', 50000);
    strcpy(request + used + 50000, "\r\n\r\n");
    int status = ask(request);
    assert_int_not_equal(status, 200);
    used = sprintf(request, "GET /%0*d HTTP/1.1\r\nHost: %s\r\n\r\n", 20000, 1, host);
    status = ask(request);
    assert_int_not_equal(status, 200);
    free(request);
    snprintf(host, sizeof host, "127.0.0.1:%d", port);
    char good[128];
    snprintf(good, sizeof good, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", host);
    assert_int_equal(ask(good), 200);
}

static void test_more_pages_than_there_is_room_for(void **state)
{
    (void)state;
    int pages[OB_CONSOLE_PAGES];
    assert_int_equal(enter(), 200);
    for (int i = 0; i < OB_CONSOLE_PAGES; i++) {
        pages[i] = open_page();
        assert_true(pages[i] >= 0);
    }
    assert_int_equal(open_page(), -1);
    for (int i = 0; i < OB_CONSOLE_PAGES; i++)
        close(pages[i]);
    wait_for_pages(0);
    const int again = open_page();
    assert_true(again >= 0);
    close(again);
}

/* Strangers who connect and say nothing: the page goes on, and whoever comes rightly is let in. */
static void test_a_thousand_connections(void **state)
{
    (void)state;
    static int strangers[1000];
    struct rlimit limit; /* both ends of all connections are in this process */
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max == RLIM_INFINITY || limit.rlim_max > 4096 ? 4096 : limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < 1300)
        skip();
    assert_int_equal(enter(), 200);
    const int page = open_page();
    assert_non_null(client_hear_of(page, "\"is\":\"now\""));
    int connected = 0;
    for (int i = 0; i < 1000; i++) {
        strangers[i] = client_connect(port);
        connected += strangers[i] >= 0;
        if (strangers[i] >= 0 && i % 3 == 0)
            client_send(strangers[i], "GET / HTTP/1.1\r\nHost:", 21); /* and never goes on */
    }
    assert_true(connected > 900);
    assert_true(status_now().connections <= 2 * OB_CONSOLE_CONNECTIONS);
    add_beat(7 * OB_NS_PER_S);
    assert_non_null(client_hear_of(page, "\"beats\":[[6,1000,1000,\"normal\"]]"));
    char good[128];
    snprintf(good, sizeof good, "GET / HTTP/1.1\r\nHost: %s\r\n\r\n", host);
    int status = 0;
    for (int i = 0; i < 100 && status != 200; i++) /* while they are still sitting there */
        status = ask(good);
    assert_int_equal(status, 200);
    for (int i = 0; i < 1000; i++)
        if (strangers[i] >= 0)
            close(strangers[i]);
    assert_true(client_say(page, "{\"do\":\"part\"}"));
    struct ob_request request;
    assert_true(hear_request(&request));
    close(page);
}

/* A page that takes nothing holds up nobody: neither the engine's publish nor another page. */
static void test_a_page_that_takes_nothing(void **state)
{
    (void)state;
    assert_int_equal(enter(), 200);
    const int slow = open_page(), quick = open_page();
    const int small = 2048;
    assert_true(slow >= 0 && quick >= 0);
    setsockopt(slow, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    for (int i = 0; i < 60; i++) {
        for (int k = 0; k < OB_SNAPSHOT_BEATS; k++)
            shot.beats[shot.beat_count++ % OB_SNAPSHOT_BEATS].time_ns = OB_NS_PER_S * (i + 2);
        add_beat((i + 2) * OB_NS_PER_S);
        usleep(5000);
    }
    char piece[64];
    snprintf(piece, sizeof piece, "[%d,1000,1000,\"normal\"]]", 60);
    assert_non_null(client_hear_of(quick, piece));
    close(slow);
    close(quick);
}

static void test_requests_that_nobody_hears_are_counted(void **state)
{
    (void)state;
    assert_int_equal(enter(), 200);
    const int page = open_page();
    for (int i = 0; i < 200; i++)
        assert_true(client_say(page, "{\"do\":\"part\"}"));
    for (int i = 0; i < 1000 && status_now().lost < 136; i++)
        usleep(10000);
    assert_int_equal(status_now().lost, 136); /* 64 have room */
    close(page);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_listens_on_the_loopback_alone, start, stop),
        cmocka_unit_test_setup_teardown(test_a_taken_port_is_said, start, stop),
        cmocka_unit_test_setup_teardown(test_the_key_opens_once_and_the_page_loads, start, stop),
        cmocka_unit_test_setup_teardown(test_the_page_speaks_the_language_of_the_program, start, stop),
        cmocka_unit_test_setup_teardown(test_a_report_is_for_the_page_alone_and_for_one_client, start, stop),
        cmocka_unit_test_setup_teardown(test_a_large_report_goes_out_whole, start, stop),
        cmocka_unit_test_setup_teardown(test_the_cookie_is_a_strict_one, start, stop),
        cmocka_unit_test_setup_teardown(test_every_answer_is_guarded, start, stop),
        cmocka_unit_test_setup_teardown(test_wrong_keys_are_refused, start, stop),
        cmocka_unit_test_setup_teardown(test_foreign_hosts_and_origins_are_refused, start, stop),
        cmocka_unit_test_setup_teardown(test_only_its_own_files_are_there, start, stop),
        cmocka_unit_test_setup_teardown(test_other_methods_are_refused, start, stop),
        cmocka_unit_test_setup_teardown(test_a_page_is_told_and_heard, start, stop),
        cmocka_unit_test_setup_teardown(test_another_client_is_told, start, stop),
        cmocka_unit_test_setup_teardown(test_a_new_address_puts_everybody_out, start, stop),
        cmocka_unit_test_setup_teardown(test_bad_messages_end_the_page_alone, start, stop),
        cmocka_unit_test_setup_teardown(test_a_message_that_never_ends_is_cut, start, stop),
        cmocka_unit_test_setup_teardown(test_long_headers_end_early, start, stop),
        cmocka_unit_test_setup_teardown(test_more_pages_than_there_is_room_for, start, stop),
        cmocka_unit_test_setup_teardown(test_a_thousand_connections, start, stop),
        cmocka_unit_test_setup_teardown(test_a_page_that_takes_nothing, start, stop),
        cmocka_unit_test_setup_teardown(test_requests_that_nobody_hears_are_counted, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
