/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The therapist's console: how long a beat takes from the engine's hand to a page on the loopback, and what open pages
 * cost the program. Wall time for the first (a loaded machine shows in it), processor time of the console's own thread
 * and of the engine's part for the second. The engine's hand is a thread that publishes a snapshot every 10 ms, as the
 * engine does. Counts nothing. */
#include "stream/console.h"
#include "../stream/client.h"
#include "base/time.h"
#include "os/clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BEATS   300
#define EVERY   10 /* ticks from beat to beat: 600 a minute, so that there are many */
#define IDLE_S  10
#define HUNDRED 100.0

static struct ob_console *console;
static struct ob_snapshot shot;
static _Atomic bool quit;
static _Atomic int every = EVERY;
static _Atomic int64_t publish_ns, published;

static void *publish(void *user)
{
    (void)user;
    int64_t due_ns = ob_clock_monotonic_ns();
    for (int64_t tick = 0; !atomic_load(&quit); tick++) {
        due_ns += OB_TICK_NS;
        ob_clock_sleep_until_ns(due_ns);
        shot.now_ns = due_ns;
        if (tick % 25 == 0)
            shot.trace[shot.trace_count++ % OB_SNAPSHOT_TRACE] = 0.5f;
        if (tick % atomic_load(&every) == 0) {
            shot.last_arrived_ns = ob_clock_monotonic_ns();
            shot.beats[shot.beat_count++ % OB_SNAPSHOT_BEATS] =
                (struct ob_snapshot_beat){.time_ns = shot.now_ns, .rr_ms = 812.5f, .nn_ms = 812.5f};
        }
        const int64_t before_ns = ob_clock_thread_cpu_ns();
        ob_console_publish(console, &shot);
        atomic_fetch_add(&publish_ns, ob_clock_thread_cpu_ns() - before_ns);
        atomic_fetch_add(&published, 1);
    }
    return NULL;
}

static int open_page(const char *path, const char *cookie)
{
    struct ob_console_status status;
    char live[96], host[32], origin[48];
    int code;
    ob_console_status(console, &status);
    snprintf(live, sizeof live, "%slive", path);
    snprintf(host, sizeof host, "127.0.0.1:%d", status.port);
    snprintf(origin, sizeof origin, "http://%s", host);
    return client_open(status.port, live, host, origin, cookie, &code);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A page that reads what comes, as a browser does. */
static void *read_page(void *user)
{
    const int fd = *(int *)user;
    while (client_discard(fd))
        ;
    return NULL;
}

static double cpu_share(int seconds)
{
    struct ob_console_status before, after;
    ob_console_status(console, &before);
    const int64_t begun_ns = ob_clock_monotonic_ns();
    sleep((unsigned)seconds);
    ob_console_status(console, &after);
    return HUNDRED * (double)(after.cpu_ns - before.cpu_ns) / (double)(ob_clock_monotonic_ns() - begun_ns);
}

int main(int argc, char **argv)
{
    char problem[256], address[OB_CONSOLE_ADDRESS], path[64], cookie[128];
    static double late_ms[BEATS];
    struct ob_console_view view = {.sitting = 1};
    const struct ob_console_desc desc = {0};
    pthread_t publisher, readers[OB_CONSOLE_PAGES];
    int pages[OB_CONSOLE_PAGES];
    (void)argv;
    if (argc > 1)
        return 2;
    if (ob_console_create(&desc, &console, problem, sizeof problem)) {
        fprintf(stderr, "bench: %s\n", problem);
        return 1;
    }
    shot.begin_ns = ob_clock_monotonic_ns();
    ob_console_tell(console, &view);
    pthread_create(&publisher, NULL, publish, NULL);
    if (client_enter(ob_console_address(console, address), path, cookie) != 200)
        return 1;
    printf("%-44s %8.3f %% of a core\n", "no page is open", cpu_share(3));

    pages[0] = open_page(path, cookie);
    int count = 0, told = 0;
    for (const char *message; count < BEATS && (message = client_hear(pages[0], NULL)); told++) {
        const char *at = strstr(message, "\"is\":\"beats\",\"at\":");
        if (at && told > 4)
            late_ms[count++] = (double)(ob_clock_monotonic_ns() - strtoll(at + 18, NULL, 10)) / 1e6;
    }
    qsort(late_ms, (size_t)count, sizeof *late_ms, ascending);
    printf("%-44s p50 %.1f  p95 %.1f  worst %.1f ms  (%d beats; the limit is 100 ms)\n", "from a beat to the page",
           late_ms[count / 2], late_ms[count * 95 / 100], late_ms[count - 1], count);

    atomic_store(&every, 80); /* 75 a minute from here on */
    pthread_create(&readers[0], NULL, read_page, &pages[0]);
    printf("%-44s %8.3f %% of a core (the limit is 1 %%)\n", "one page is open", cpu_share(IDLE_S));
    for (int i = 1; i < OB_CONSOLE_PAGES; i++) {
        pages[i] = open_page(path, cookie);
        pthread_create(&readers[i], NULL, read_page, &pages[i]);
    }
    sleep(1);
    printf("%-44s %8.3f %% of a core\n", "eight pages are open", cpu_share(IDLE_S));
    printf("%-44s %8.2f us, a hundred times a second\n", "the engine hands over a snapshot",
           (double)atomic_load(&publish_ns) / (double)atomic_load(&published) / 1e3);
    atomic_store(&quit, true);
    pthread_join(publisher, NULL);
    ob_console_destroy(console);
    for (int i = 0; i < OB_CONSOLE_PAGES; i++) {
        pthread_join(readers[i], NULL);
        close(pages[i]);
    }
    return 0;
}
