/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbreath sensors: what is in sight, as a list or as it changes. */
#include "app/commands.h"
#include "app/interrupt.h"
#include "app/json.h"
#include "app/options.h"
#include "app/say.h"
#include "app/scout.h"
#include "base/time.h"
#include "os/clock.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_NS (100 * OB_NS_PER_MS)

struct sensors_options {
    bool json, watch, help;
    double seconds;
};

#define AT(field) offsetof(struct sensors_options, field)
static const struct ob_option table[] = {
    {"json", OB_OPTION_FLAG, AT(json), 0, 0, NULL, "as JSON: an array, or with --watch an object a line"},
    {"watch", OB_OPTION_FLAG, AT(watch), 0, 0, NULL, "a line for each sensor whenever it changes, until Ctrl-C"},
    {"seconds", OB_OPTION_NUMBER, AT(seconds), 0.2, 86400, "S", "how long to look (6; with --watch: for ever)"},
    OB_OPTION_HELP(AT(help)),
};
#define OPTIONS (sizeof table / sizeof *table)

static long long age_ms(const struct ob_sensor_status *status)
{
    return (long long)(status->age_ns / OB_NS_PER_MS);
}

static void print_json(const struct ob_sensor_status *s)
{
    printf("{\"id\": ");
    ob_json_string(stdout, s->id);
    printf(", \"kind\": ");
    ob_json_string(stdout, s->kind);
    printf(", \"name\": ");
    ob_json_string(stdout, s->name);
    printf(", \"state\": ");
    ob_json_string(stdout, ob_sensor_state_name(s->state));
    printf(", \"sentence\": ");
    ob_json_string(stdout, s->sentence);
    if (s->battery_pct >= 0)
        printf(", \"battery_pct\": %d", s->battery_pct);
    else
        printf(", \"battery_pct\": null");
    if (s->rssi_dbm != 0)
        printf(", \"rssi_dbm\": %d", s->rssi_dbm);
    else
        printf(", \"rssi_dbm\": null");
    if (s->state == OB_SOURCE_STREAMING)
        printf(", \"quality_01\": %.2f, \"age_ms\": %lld}", (double)s->quality_01, age_ms(s));
    else
        printf(", \"quality_01\": null, \"age_ms\": null}");
}

static void print_line(const struct ob_sensor_status *s)
{
    char numbers[80] = "";
    size_t at = 0;
    if (s->state == OB_SOURCE_STREAMING)
        at += (size_t)snprintf(numbers, sizeof numbers, "quality %.0f%%  ", 100.0 * (double)s->quality_01);
    if (s->rssi_dbm != 0)
        at += (size_t)snprintf(numbers + at, sizeof numbers - at, "%d dBm  ", s->rssi_dbm);
    if (s->battery_pct >= 0)
        snprintf(numbers + at, sizeof numbers - at, "battery %d%%  ", s->battery_pct);
    printf("%-32s %-11s %-28s %s%s\n", s->id, ob_sensor_state_name(s->state), s->name, numbers, s->sentence);
}

static int print_list(struct ob_scout *scout, bool json)
{
    struct ob_scout_row *rows = calloc(OB_SCOUT_ROWS, sizeof *rows);
    if (!rows)
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    const int count = ob_scout_rows(scout, rows, OB_SCOUT_ROWS);
    if (json)
        printf("[");
    for (int i = 0; i < count; i++) {
        if (json) {
            printf("%s", i ? ",\n " : "");
            print_json(&rows[i].status);
        } else if (!rows[i].about) {
            print_line(&rows[i].status);
        }
    }
    for (int i = 0; i < count && !json; i++)
        if (rows[i].about)
            printf("%s\n", rows[i].status.sentence);
    if (json)
        printf("]\n");
    free(rows);
    return OB_EXIT_DONE;
}

/* What was last said of each sensor, and when. */
struct watched {
    struct ob_sensor_status status;
    int64_t said_ns;
};

struct watch {
    struct ob_scout_row rows[OB_SCOUT_ROWS];
    struct watched said[OB_SCOUT_ROWS];
    int count;
};

/* What is worth a line at once; all else, such as a rate that is still being fitted, is at most once a second. */
static bool same_state(const struct ob_sensor_status *a, const struct ob_sensor_status *b)
{
    return a->state == b->state && strcmp(a->name, b->name) == 0 && a->battery_pct == b->battery_pct;
}

static bool same_details(const struct ob_sensor_status *a, const struct ob_sensor_status *b)
{
    return a->rssi_dbm == b->rssi_dbm && a->quality_01 == b->quality_01 && a->age_ns == b->age_ns &&
           strcmp(a->sentence, b->sentence) == 0;
}

static void say_row(struct watched *said, const struct ob_sensor_status *status, int64_t now_ns, bool json)
{
    const bool same = said->said_ns != 0 && same_state(&said->status, status);
    if (same && (same_details(&said->status, status) || now_ns - said->said_ns < OB_NS_PER_S))
        return;
    said->status = *status;
    said->said_ns = now_ns;
    if (!json) {
        print_line(status);
        return;
    }
    print_json(status);
    putchar('\n');
}

/* One that is no longer in sight is said to be so, once. */
static void say_lost(struct watch *watch, int at, int64_t now_ns, bool json)
{
    struct ob_sensor_status status = watch->said[at].status;
    status.state = OB_SOURCE_ENDED;
    status.rssi_dbm = 0;
    snprintf(status.sentence, sizeof status.sentence, "No longer in sight.");
    say_row(&watch->said[at], &status, now_ns, json);
    watch->said[at] = watch->said[--watch->count];
}

static void say_changes(struct watch *watch, struct ob_scout *scout, int64_t now_ns, bool json)
{
    const int count = ob_scout_rows(scout, watch->rows, OB_SCOUT_ROWS);
    for (int k = watch->count - 1; k >= 0; k--) {
        bool there = false;
        for (int i = 0; i < count && !there; i++)
            there = strcmp(watch->rows[i].status.id, watch->said[k].status.id) == 0;
        if (!there)
            say_lost(watch, k, now_ns, json);
    }
    for (int i = 0; i < count; i++) {
        int k = 0;
        while (k < watch->count && strcmp(watch->rows[i].status.id, watch->said[k].status.id) != 0)
            k++;
        if (k == OB_SCOUT_ROWS)
            continue;
        if (k == watch->count)
            watch->said[watch->count++].said_ns = 0;
        say_row(&watch->said[k], &watch->rows[i].status, now_ns, json);
    }
}

/* Whoever reads may have gone: that is an end like any other. */
static bool reader_is_there(void)
{
    struct pollfd fd = {.fd = 1, .events = 0};
    return fflush(stdout) == 0 && !ferror(stdout) && !(poll(&fd, 1, 0) > 0 && (fd.revents & POLLERR));
}

static int look_around(const struct sensors_options *o, struct ob_hub *hub)
{
    struct ob_scout scout;
    struct watch *watch = o->watch ? calloc(1, sizeof *watch) : NULL;
    if (o->watch && !watch)
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    const bool for_ever = o->watch && o->seconds == 0.0;
    const int64_t end_ns = ob_clock_monotonic_ns() + ob_ns_from_s(o->seconds > 0.0 ? o->seconds : 6.0);
    ob_scout_begin(&scout, hub);
    int code = OB_EXIT_DONE;
    if (ob_hub_start(hub))
        code = ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    int64_t now_ns = ob_clock_monotonic_ns();
    bool heard = true;
    while (code == OB_EXIT_DONE && heard && !ob_interrupted() && (for_ever || now_ns < end_ns)) {
        ob_clock_sleep_until_ns(now_ns + LOOK_NS);
        now_ns = ob_clock_monotonic_ns();
        ob_scout_step(&scout, now_ns);
        if (!watch)
            continue;
        say_changes(watch, &scout, now_ns, o->json);
        heard = reader_is_there();
    }
    if (code == OB_EXIT_DONE && !watch)
        code = print_list(&scout, o->json);
    ob_hub_stop(hub);
    ob_scout_end(&scout);
    free(watch);
    return code;
}

int ob_cmd_sensors(int argc, char **argv)
{
    struct sensors_options options = {0};
    const char *words[1];
    if (!ob_options_parse(table, OPTIONS, argc, argv, 0, &options, words, 1))
        return OB_EXIT_USAGE;
    if (options.help) {
        printf(
            "outbreath sensors: boards on serial ports and Bluetooth heart straps in sight.\n"
            "Serial ports are opened and listened to, which makes some boards start anew; straps are only listed.\n");
        ob_options_print(table, OPTIONS);
        return OB_EXIT_DONE;
    }
    struct ob_hub *hub;
    if (ob_hub_create(&(struct ob_hub_desc){0}, &hub))
        return ob_say(OB_EXIT_FAILED, ob_err_text(OB_ERR_NO_MEMORY));
    ob_interrupt_install();
    const int code = look_around(&options, hub);
    ob_hub_destroy(hub);
    return code;
}
