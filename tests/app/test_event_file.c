/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The event log on a disk that is full for a while: what did not fit waits, and no torn record stands in the middle. */
#include "app/session/session_files.h"
#include "base/time.h"
#include "format/oblog.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

static void limit_files(rlim_t bytes)
{
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static uint64_t events_in(const char *path, enum ob_oblog_stop *stop_out)
{
    static unsigned char bytes[1 << 21];
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    size_t count = fread(bytes, 1, sizeof bytes, in);
    fclose(in);
    struct ob_oblog_decoder decoder;
    ob_oblog_decoder_init(&decoder);
    const unsigned char *at = bytes;
    struct ob_event event;
    int64_t last = -1;
    while (ob_oblog_next(&decoder, &at, &count, &event)) {
        assert_true(event.applied_ns == last + 1); /* none missing, none twice */
        last = event.applied_ns;
    }
    *stop_out = ob_oblog_finish(&decoder);
    return decoder.events;
}

static void what_did_not_fit_is_written_when_there_is_room(void **state)
{
    (void)state;
    char path[] = "/tmp/outbreath-log-XXXXXX";
    close(mkstemp(path));
    struct ob_event_file *file = NULL;
    assert_int_equal(ob_event_file_open(path, &file), OB_OK);
    signal(SIGXFSZ, SIG_IGN);
    enum ob_oblog_stop stop;
    struct ob_event event = {.kind = OB_EVENT_RR};
    for (int i = 0; i < 3000; i++) {
        if (i == 1000)
            limit_files(30001); /* ends within a record */
        if (i == 2000) {
            assert_int_not_equal(ob_event_file_flush(file), OB_OK);
            const uint64_t whole = events_in(path, &stop);
            assert_int_equal(stop, OB_OBLOG_END); /* what is there is whole */
            assert_true(whole > 0 && whole <= 2000);
            limit_files(RLIM_INFINITY);
        }
        event.applied_ns = i;
        event.u.rr.rr_ms = 900;
        assert_int_equal(ob_event_file_write(file, &event), OB_OK);
        if (i % 100 == 0)
            ob_event_file_flush(file);
    }
    assert_int_equal(ob_event_file_close(file), OB_OK);
    assert_int_equal(events_in(path, &stop), 3000);
    assert_int_equal(stop, OB_OBLOG_END);
    unlink(path);
}

static void a_disk_that_stays_full_is_told(void **state)
{
    (void)state;
    char path[] = "/tmp/outbreath-log-XXXXXX";
    close(mkstemp(path));
    struct ob_event_file *file = NULL;
    assert_int_equal(ob_event_file_open(path, &file), OB_OK);
    signal(SIGXFSZ, SIG_IGN);
    limit_files(5000);
    struct ob_event event = {.kind = OB_EVENT_RR};
    int lost = 0;
    for (int i = 0; i < 40000; i++) {
        event.applied_ns = i;
        lost += ob_event_file_write(file, &event) != OB_OK;
    }
    assert_true(lost > 0);
    assert_int_not_equal(ob_event_file_close(file), OB_OK);
    limit_files(RLIM_INFINITY);
    enum ob_oblog_stop stop;
    events_in(path, &stop);
    assert_int_equal(stop, OB_OBLOG_END);
    assert_int_not_equal(ob_event_file_open("/nowhere/at/all.oblog", &file), OB_OK);
    assert_int_equal(ob_event_file_close(NULL), OB_OK);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_did_not_fit_is_written_when_there_is_room),
        cmocka_unit_test(a_disk_that_stays_full_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
