/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kiosk: a supervisor and real children of this program, offscreen. What a service manager is told is heard by a
 * fake notify socket. Skips without GL. */
#include "kiosk_child.h"
#include "kiosk_look.h"
#include "program.h"

#include "app/kiosk/kiosk.h"
#include "app/kiosk/pulse.h"
#include "app/kiosk/supervisor.h"
#include "app/options.h"
#include "app/window/shell.h"
#include "base/time.h"
#include "os/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sodium.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
/* cmocka wants the headers above first */
#include <cmocka.h>

#define PATIENCE_NS (120 * OB_NS_PER_S) /* for what has to come sooner or later, on any machine */

static const char *self;
static char folder[64];
static int notify_fd = -1;
static pid_t supervisor;
static bool lives; /* there is GL, so that children come to life */

/* ---- pure parts ---- */

static void languages_of_settings(void **state)
{
    (void)state;
    char languages[OB_KIOSK_LANGUAGES][8];
    assert_int_equal(ob_kiosk_languages("en, de", languages), 2);
    assert_string_equal(languages[1], "de");
    assert_int_equal(ob_kiosk_languages("en, xx", languages), 0);
    assert_int_equal(ob_kiosk_languages("e", languages), 0);
}

static void locks(void **state)
{
    (void)state;
    assert_true(ob_kiosk_lock_s(0) == 0.0);
    assert_true(ob_kiosk_lock_s(1) == 5.0);
    assert_true(ob_kiosk_lock_s(2) == 10.0);
    assert_true(ob_kiosk_lock_s(3) == 20.0);
    assert_true(ob_kiosk_lock_s(4000000000u) == 600.0);
}

/* The right PIN opens, a wrong one locks the pad, and while it is locked the right one does not open either. */
static void pins(void **state)
{
    (void)state;
    char hash[crypto_pwhash_STRBYTES];
    assert_true(sodium_init() >= 0);
    assert_int_equal(
        crypto_pwhash_str(hash, KIOSK_PIN, strlen(KIOSK_PIN), crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN),
        0);
    struct ob_shell *shell = calloc(1, sizeof *shell);
    struct ob_kiosk kiosk;
    assert_non_null(shell);
    ob_settings_init(&shell->loaded.settings);
    ob_kiosk_init(&kiosk, &shell->loaded.settings, true);
    shell->kiosk = &kiosk;
    assert_false(ob_kiosk_pin_fits(shell, "")); /* none is set: nothing opens */
    kiosk.locked_until_ns = 0;
    kiosk.wrong = 0;
    assert_true(ob_settings_take(&shell->loaded.settings, OB_SET_KIOSK_PIN, hash, OB_LAYER_USER, 0));
    assert_true(ob_kiosk_pin_fits(shell, KIOSK_PIN));
    assert_int_equal(kiosk.wrong, 0);
    assert_false(ob_kiosk_pin_fits(shell, "4712"));
    assert_false(ob_kiosk_pin_fits(shell, KIOSK_PIN));
    assert_int_equal(kiosk.wrong, 1); /* a locked pad does not even look */
    kiosk.locked_until_ns = 0;
    assert_true(ob_kiosk_pin_fits(shell, KIOSK_PIN));
    free(shell);
}

static void pulses(void **state)
{
    (void)state;
    struct ob_pulse pulse;
    uint64_t counters[OB_KIOSK_COUNTERS] = {1, 1, 1, 1};
    for (int still = 0; still < OB_KIOSK_COUNTERS; still++) {
        ob_pulse_begin(&pulse, 0);
        assert_int_equal(ob_pulse_stalled(&pulse, 9 * OB_NS_PER_S, 5 * OB_NS_PER_S, 20 * OB_NS_PER_S),
                         OB_KIOSK_COUNTERS);
        int fed = 0;
        for (int64_t t = 1; t <= 10; t++) {
            for (int i = 0; i < OB_KIOSK_COUNTERS; i++)
                counters[i] += t <= 4 || i != still;
            ob_pulse_take(&pulse, counters, t * OB_NS_PER_S);
            fed += ob_pulse_feed(&pulse, t * OB_NS_PER_S, OB_NS_PER_S);
        }
        assert_int_equal(fed, 4);
        assert_int_equal(ob_pulse_stalled(&pulse, 9 * OB_NS_PER_S, 5 * OB_NS_PER_S, 20 * OB_NS_PER_S),
                         OB_KIOSK_COUNTERS);
        assert_int_equal(ob_pulse_stalled(&pulse, 10 * OB_NS_PER_S, 5 * OB_NS_PER_S, 20 * OB_NS_PER_S), still);
    }
}

/* A child may take as long to begin as the ones before did; the first one as long as there is. */
static void beginnings(void **state)
{
    (void)state;
    const int64_t s = OB_NS_PER_S;
    assert_int_equal(ob_pulse_first(0, 4 * s, 20 * s), 20 * s);
    assert_int_equal(ob_pulse_first(s, 4 * s, 20 * s), 4 * s);
    assert_int_equal(ob_pulse_first(3 * s, 4 * s, 20 * s), 9 * s);
    assert_int_equal(ob_pulse_first(9 * s, 4 * s, 20 * s), 20 * s);
    assert_int_equal(ob_pulse_usual(0, 2 * s), 2 * s);
    assert_int_equal(ob_pulse_usual(2 * s, 6 * s), 6 * s);
    assert_int_equal(ob_pulse_usual(6 * s, 2 * s), 4 * s);
}

/* What hangs twice in a row is left out for a while; what can't be left out never is. */
static void without(void **state)
{
    (void)state;
    struct ob_hangs hangs = {0};
    ob_hangs_note(&hangs, OB_KIOSK_AUDIO, OB_NS_PER_S);
    ob_hangs_none(&hangs);
    ob_hangs_note(&hangs, OB_KIOSK_AUDIO, 2 * OB_NS_PER_S);
    assert_int_equal(ob_hangs_without(&hangs, 3 * OB_NS_PER_S), 0);
    ob_hangs_note(&hangs, OB_KIOSK_AUDIO, 3 * OB_NS_PER_S);
    for (int i = 0; i < 5; i++)
        ob_hangs_note(&hangs, OB_KIOSK_RENDER, 4 * OB_NS_PER_S);
    assert_int_equal(ob_hangs_without(&hangs, 5 * OB_NS_PER_S), 1u << OB_KIOSK_AUDIO);
    ob_hangs_none(&hangs);
    assert_int_equal(ob_hangs_without(&hangs, 5 * OB_NS_PER_S), 1u << OB_KIOSK_AUDIO);
    assert_int_equal(ob_hangs_without(&hangs, 700 * OB_NS_PER_S), 0);
}

/* A child that is told to do without sound and sensor has neither. */
static void told_without(void **state)
{
    (void)state;
    int pair[2];
    struct ob_shell *shell = calloc(1, sizeof *shell);
    struct ob_kiosk kiosk;
    assert_non_null(shell);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
    struct ob_settings *set = &shell->loaded.settings;
    ob_settings_init(set);
    assert_true(ob_settings_take(set, OB_SET_CONSOLE_PORT, "0", OB_LAYER_COMMAND_LINE, 0));
    assert_true(ob_settings_take(set, OB_SET_SENSOR_PREFER, "serial", OB_LAYER_USER, 0));
    ob_kiosk_init(&kiosk, set, true);
    assert_string_equal(ob_settings_text(set, OB_SET_CONSOLE_PORT), "off"); /* whatever anybody says */
    assert_false(ob_settings_is(set, OB_SET_SESSION_KEEP));
    kiosk.fd = pair[1];
    struct ob_kiosk_message brief = {.kind = OB_KIOSK_BRIEF};
    assert_true(ob_kiosk_send(pair[0], &brief));
    ob_kiosk_listen(&kiosk, shell);
    assert_false(ob_settings_is(set, OB_SET_SOUND_MUTE));
    assert_string_equal(ob_settings_text(set, OB_SET_SENSOR_PREFER), "serial");
    brief.without = 1u << OB_KIOSK_AUDIO | 1u << OB_KIOSK_SENSOR;
    assert_true(ob_kiosk_send(pair[0], &brief));
    ob_kiosk_listen(&kiosk, shell);
    assert_true(ob_settings_is(set, OB_SET_SOUND_MUTE));
    assert_string_equal(ob_settings_text(set, OB_SET_SENSOR_PREFER), "none");
    close(pair[0]);
    close(pair[1]);
    free(shell);
}

/* ---- the whole ---- */

/* Somebody tries it at a desk that has no display: a sentence, not a child after the other. */
static void tried_in_vain(void **state)
{
    (void)state;
    setenv("SDL_VIDEODRIVER", "dummy", 1);
    assert_int_equal(run_program("kiosk --window"), 4);
    unsetenv("SDL_VIDEODRIVER");
    assert_non_null(strstr(said(), "no display"));
    const char *first = strstr(said(), "started");
    assert_non_null(first);
    assert_null(strstr(first + 1, "started"));
}

static void pause_ms(int ms)
{
    ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + ms * OB_NS_PER_MS);
}

/* What the health file says, as a number; -1: nothing. */
static long health(const char *key)
{
    return kiosk_health(folder, key);
}

/* How many of a word the service manager has heard since the last call. */
static int heard(const char *word)
{
    return kiosk_notify_heard(notify_fd, word);
}

static bool await(const char *key, long at_least)
{
    const int64_t until_ns = ob_clock_monotonic_ns() + PATIENCE_NS;
    while (health(key) < at_least && ob_clock_monotonic_ns() < until_ns) {
        heard(""); /* a full socket would hold the supervisor up */
        pause_ms(50);
    }
    return health(key) >= at_least;
}

static void begin(const char *play, double stall_s)
{
    setenv("OB_KIOSK_PLAY", play, 1);
    supervisor = fork();
    assert_true(supervisor >= 0);
    if (supervisor == 0) {
        if (!getenv("OB_KIOSK_TALK")) {
            const int nowhere = open("/dev/null", O_WRONLY);
            dup2(nowhere, STDERR_FILENO);
        }
        _exit(kiosk_supervise(self, stall_s));
    }
}

static void end(void)
{
    int status = -1;
    heard("");
    kill(supervisor, SIGTERM);
    assert_int_equal(waitpid(supervisor, &status, 0), supervisor);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    supervisor = 0;
}

static bool await_word(const char *word)
{
    const int64_t until_ns = ob_clock_monotonic_ns() + PATIENCE_NS;
    while (ob_clock_monotonic_ns() < until_ns) {
        if (heard(word) > 0)
            return true;
        pause_ms(50);
    }
    return false;
}

static void heals(void **state)
{
    (void)state;
    begin("stay", 0.0);
    const int64_t until_ns = ob_clock_monotonic_ns() + PATIENCE_NS;
    bool ready = false;
    while (!(ready = heard("READY=1") > 0) && health("crashes") < 2 && ob_clock_monotonic_ns() < until_ns)
        pause_ms(50);
    if (!ready) {
        end();
        printf("no child comes to life, as where there is no GL: skipped\n");
        skip();
    }
    lives = true;
    assert_true(await_word("WATCHDOG=1"));

    /* Killed: another one, and one crash more. */
    const long first = health("child");
    assert_true(first > 0);
    kill((pid_t)first, SIGKILL);
    assert_true(await("crashes", 1));
    assert_true(await_word("WATCHDOG=1"));
    const long second = health("child");
    assert_true(second > 0 && second != first);

    /* Stopped: it is found, ended and replaced. */
    kill((pid_t)second, SIGSTOP);
    assert_true(await("stalls", 1));
    assert_true(await_word("WATCHDOG=1"));
    assert_true(health("child") > 0 && health("child") != second);
    end();
    assert_int_equal(health("child"), -1); /* the page goes with it */
}

/* Nobody stays behind: the compositor ends, and so does the supervisor; the supervisor is killed, and so is its child.
 */
static void nobody_stays(void **state)
{
    (void)state;
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    snprintf(at.sun_path, sizeof at.sun_path, "%s/wayland-9", folder);
    const int compositor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(compositor, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(compositor, 4), 0);
    const pid_t display = fork();
    assert_true(display >= 0);
    if (display == 0)
        for (;;)
            pause();
    close(compositor);
    setenv("WAYLAND_DISPLAY", "wayland-9", 1);
    begin("die", 0.0);
    unsetenv("WAYLAND_DISPLAY");
    assert_true(await("crashes", 1));
    assert_int_equal(waitpid(supervisor, NULL, WNOHANG), 0);
    int status = -1;
    kill(display, SIGKILL);
    assert_int_equal(waitpid(display, NULL, 0), display);
    for (int i = 0; i < 2400 && waitpid(supervisor, &status, WNOHANG) == 0; i++) {
        heard("");
        pause_ms(50);
    }
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == OB_EXIT_DEVICE);
    unlink(at.sun_path);

    if (!lives)
        return;
    begin("stay", 0.0);
    assert_true(await("begun", 1));
    const pid_t child = (pid_t)health("child");
    assert_int_equal(kill(child, SIGSTOP), 0); /* one that could not even notice */
    kill(supervisor, SIGKILL);
    assert_int_equal(waitpid(supervisor, NULL, 0), supervisor);
    supervisor = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* Which counter of the child stands still from now on; -1: none. */
static void hold(int which)
{
    char path[128];
    snprintf(path, sizeof path, "%s/still", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "%d", which);
    fclose(file);
}

/* How long a counter has stood still, by the health file; -1: not known. */
static double stands_s(const char *name)
{
    char text[2048], word[40];
    kiosk_health_text(folder, text, sizeof text);
    snprintf(word, sizeof word, "\"%s\": ", name);
    const char *since = strstr(text, "seconds_since"), *at = since ? strstr(since, word) : NULL;
    return at ? strtod(at + strlen(word), NULL) : -1.0;
}

/* A counter that stands still leaves the watchdog hungry, whichever it is; when all go on it is fed again. */
static void one_stands_still(void **state)
{
    (void)state;
    if (!lives)
        skip();
    hold(-1);
    begin("stay,still", 1000.0);
    for (int which = 0; which < OB_KIOSK_COUNTERS; which++) {
        const char *name = ob_kiosk_counter_name((enum ob_kiosk_counter)which);
        heard("");
        assert_true(await_word("WATCHDOG=1"));
        hold(which);
        const int64_t until_ns = ob_clock_monotonic_ns() + PATIENCE_NS;
        while (stands_s(name) < 0.9 && ob_clock_monotonic_ns() < until_ns) {
            heard("");
            pause_ms(50);
        }
        heard("");
        pause_ms(900);
        const int fed = heard("WATCHDOG=1");
        if (fed != 0)
            fail_msg("the watchdog was fed %d times while %s stood still", fed, name);
        hold(-1);
    }
    end();
}

/* Strangers who press everything: one child a visit, and nothing of them in the supervisor or in the folder. */
static void strangers(void **state)
{
    (void)state;
    if (!lives)
        skip();
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    printf("a visit takes minutes under a sanitizer: skipped\n");
    skip();
#endif
    begin("stranger,heart", 0.0);
    assert_true(await("visits", 1));
    assert_true(await("child", 1));
    const long child = health("child");
    assert_true(await("visits", 2));
    assert_int_equal(health("crashes"), 0);
    char marker[64], command[256];
    snprintf(marker, sizeof marker, KIOSK_MARKER, (int)child);
    assert_true(await("child", 1));
    assert_true(health("child") != child);
    assert_false(kiosk_in_memory(supervisor, marker));
    if (!kiosk_in_memory(supervisor, "outbreath kiosk: ")) /* which is in any supervisor */
        printf("another process's memory can't be read here: not searched\n");
    end();
    snprintf(command, sizeof command, "%s/still", folder);
    unlink(command);
    snprintf(command, sizeof command, "grep -rqs 'was-here' '%s'", folder);
    assert_int_not_equal(system(command), 0);
    snprintf(command, sizeof command, "test -z \"$(find '%s' -type f)\"", folder);
    assert_int_equal(system(command), 0); /* no file at all is left */
}

static int set_up(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "%s/ob-kiosk.XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (!mkdtemp(folder))
        return -1;
    static const char *const homes[] = {"HOME",          "XDG_RUNTIME_DIR", "XDG_STATE_HOME",
                                        "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"};
    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++)
        setenv(homes[i], folder, 1);
    setenv("MESA_SHADER_CACHE_DISABLE", "true", 1);
    setenv("OUTBREATH_CONFIG", "none", 1);
    setenv("OUTBREATH_DATA", folder, 1);
    setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", 1);
    /* What a kiosk has none of, whoever asks for it. */
    setenv("OUTBREATH_CONSOLE_PORT", "0", 1);
    setenv("OUTBREATH_SESSION_KEEP", "true", 1);
    prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL); /* whoever is left over is found */
    char path[80];
    snprintf(path, sizeof path, "%s.notify", folder);
    notify_fd = kiosk_notify_open(path, "800000");
    return notify_fd < 0 ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[160];
    if (supervisor > 0)
        kill(supervisor, SIGKILL);
    snprintf(command, sizeof command, "rm -rf '%s' '%s.notify'", folder, folder);
    return system(command);
}

int main(int argc, char **argv)
{
    const int code = kiosk_child_main(argc, argv);
    if (code >= 0)
        return code;
    self = argv[0];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(languages_of_settings),
        cmocka_unit_test(locks),
        cmocka_unit_test(pins),
        cmocka_unit_test(pulses),
        cmocka_unit_test(beginnings),
        cmocka_unit_test(without),
        cmocka_unit_test(told_without),
        cmocka_unit_test(tried_in_vain),
        cmocka_unit_test(heals),
        cmocka_unit_test(nobody_stays),
        cmocka_unit_test(one_stands_still),
        cmocka_unit_test(strangers),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
