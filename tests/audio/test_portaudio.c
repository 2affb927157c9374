/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PortAudio against a PulseAudio server of our own with a null sink: opens, plays, loses its server, gets it back.
 * Skipped where there is no PulseAudio or no ALSA plugin for it. */
#include "audio/audio.h"
#include "os/clock.h"

#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/ob-pulse-XXXXXX";
static pid_t server;

static bool have(const char *program)
{
    char command[128];
    snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", program);
    return system(command) == 0;
}

static bool wait_for_socket(void)
{
    char path[96];
    snprintf(path, sizeof path, "%s/native", folder);
    for (int i = 0; i < 100; i++) {
        struct stat status;
        if (stat(path, &status) == 0)
            return true;
        ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + 50000000);
    }
    return false;
}

static bool start_server(void)
{
    char protocol[192];
    snprintf(protocol, sizeof protocol, "module-native-protocol-unix auth-anonymous=1 socket=%s/native", folder);
    server = fork();
    if (server == 0) {
        const int quiet = open("/dev/null", O_RDWR);
        dup2(quiet, 0);
        dup2(quiet, 1);
        dup2(quiet, 2);
        unsetenv("PULSE_SERVER");
        execlp("pulseaudio", "pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "-L",
               protocol, "-L", "module-null-sink sink_name=studio rate=48000 channels=2 norewinds=1", (char *)NULL);
        _exit(127);
    }
    return wait_for_socket();
}

static void stop_server(void)
{
    if (server <= 0)
        return;
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    server = 0;
    char path[96];
    snprintf(path, sizeof path, "%s/native", folder);
    unlink(path);
}

struct source {
    double phase;
    int64_t expected_ns;
    _Atomic int64_t worst_step_ns; /* between the end of a block and the start of the next, by the clock map */
    _Atomic int64_t ahead_ns;      /* of the newest block: heard minus now */
};

static void render(void *user, float *out, uint32_t frames, int64_t heard_ns, double ns_per_frame)
{
    struct source *source = user;
    for (uint32_t i = 0; i < frames; i++) {
        out[2 * i] = out[2 * i + 1] = 0.25f * sinf((float)source->phase);
        source->phase = fmod(source->phase + 6.283185307 * 440.0 / 48000.0, 6.283185307);
    }
    const int64_t step_ns = llabs(heard_ns - source->expected_ns);
    if (source->expected_ns && step_ns > atomic_load(&source->worst_step_ns))
        atomic_store(&source->worst_step_ns, step_ns);
    source->expected_ns = heard_ns + (int64_t)(frames * ns_per_frame);
    atomic_store(&source->ahead_ns, heard_ns - ob_clock_monotonic_ns());
}

static struct ob_audio_status status_of(struct ob_audio *audio)
{
    struct ob_audio_status status;
    ob_audio_portaudio.status(audio, &status);
    return status;
}

static bool wait_for(struct ob_audio *audio, enum ob_audio_state state, double seconds)
{
    const int64_t until_ns = ob_clock_monotonic_ns() + (int64_t)(seconds * 1e9);
    while (ob_clock_monotonic_ns() < until_ns) {
        if (status_of(audio).state == state)
            return true;
        ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + 20000000);
    }
    return false;
}

static void rest(double seconds)
{
    ob_clock_sleep_until_ns(ob_clock_monotonic_ns() + (int64_t)(seconds * 1e9));
}

static void without_a_server_it_says_so_and_goes_on(void **state)
{
    (void)state;
    struct source source = {0};
    const struct ob_audio_desc desc = {.render = render, .user = &source, .device = "no such device"};
    struct ob_audio *audio = NULL;
    assert_int_equal(ob_audio_portaudio.open(&desc, &audio), OB_OK);
    assert_null(ob_audio_portaudio.advance);
    struct ob_audio_status status = status_of(audio);
    for (int i = 0; i < 100 && !status.sentence[0]; i++) {
        rest(0.05);
        status = status_of(audio);
    }
    print_message("%s\n", status.sentence);
    assert_int_equal(status.state, OB_AUDIO_STARTING);
    assert_non_null(strstr(status.sentence, "no such device"));
    assert_int_equal(status.frames, 0);
    assert_int_equal(ob_audio_portaudio.close(audio), OB_OK);
    assert_int_equal(ob_audio_portaudio.close(NULL), OB_OK);
}

/* A device of ALSA's type "null" has no clock: it takes frames as fast as they come. */
static void a_device_without_a_clock_is_stopped(void **state)
{
    (void)state;
    struct source source = {0};
    const struct ob_audio_desc desc = {.render = render, .user = &source, .device = "wild"};
    struct ob_audio *audio = NULL;
    char path[96];
    snprintf(path, sizeof path, "%s/.asoundrc", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("pcm.wild { type null }\n", file);
    fclose(file);
    assert_int_equal(ob_audio_portaudio.open(&desc, &audio), OB_OK);
    const bool ran = wait_for(audio, OB_AUDIO_RUNNING, 3.0) || status_of(audio).losses > 0;
    if (ran) {
        assert_true(wait_for(audio, OB_AUDIO_LOST, 10.0));
        const struct ob_audio_status status = status_of(audio);
        print_message("after %.1f s of sound: %s\n", (double)status.frames / 48000.0, status.sentence);
        assert_non_null(strstr(status.sentence, "keep time"));
    } else {
        print_message("this ALSA does not offer the planted device: not tested\n");
    }
    assert_int_equal(ob_audio_portaudio.close(audio), OB_OK);
    unlink(path);
}

/* Half a second of what the null sink hears. */
static double recorded_rms(void)
{
    FILE *pipe = popen("timeout 5 parec --raw --format=s16le --rate=48000 --channels=2 -d studio.monitor "
                       "--latency-msec=50 2>/dev/null | head -c 192000",
                       "r");
    if (!pipe)
        return -1.0;
    static int16_t samples[96000];
    const size_t count = fread(samples, sizeof *samples, 96000, pipe);
    pclose(pipe);
    double sum = 0.0;
    for (size_t i = count / 2; i < count; i++)
        sum += (double)samples[i] * samples[i];
    return count < 1000 ? -1.0 : sqrt(sum / (double)(count - count / 2)) / 32768.0;
}

static void a_server_that_dies_is_missed_and_found_again(void **state)
{
    (void)state;
    if (!have("pulseaudio") || !start_server()) {
        stop_server();
        print_message("skipped: there is no PulseAudio that starts here\n");
        skip();
    }
    struct source source = {0};
    const struct ob_audio_desc desc = {.render = render, .user = &source};
    struct ob_audio *audio = NULL;
    assert_int_equal(ob_audio_portaudio.open(&desc, &audio), OB_OK);
    if (!wait_for(audio, OB_AUDIO_RUNNING, 10.0)) {
        ob_audio_portaudio.close(audio);
        stop_server();
        print_message("skipped: PortAudio does not see PulseAudio (the ALSA plugins are not installed)\n");
        skip();
    }
    rest(3.0);
    struct ob_audio_status status = status_of(audio);
    print_message(
        "\"%s\", %.1f ms latency, %.2f s of sound, %llu underruns, %llu gaps; blocks meet within %.3f ms, heard "
        "%.1f ms ahead\n",
        status.device, 1e3 * status.latency_s, (double)status.frames / 48000.0, (unsigned long long)status.underruns,
        (unsigned long long)status.gaps, (double)atomic_load(&source.worst_step_ns) * 1e-6,
        (double)atomic_load(&source.ahead_ns) * 1e-6);
    assert_int_equal(status.state, OB_AUDIO_RUNNING);
    assert_string_equal(status.sentence, "");
    assert_true(status.frames > 48000);
    assert_int_equal(status.losses, 0);
    if (have("parec")) {
        const double rms = recorded_rms();
        print_message("the sink hears an RMS of %.3f\n", rms);
        assert_true(rms > 0.15 && rms < 0.20); /* 0.25 / sqrt 2 */
    }

    stop_server();
    assert_true(wait_for(audio, OB_AUDIO_LOST, 5.0));
    status = status_of(audio);
    print_message("server killed: %s\n", status.sentence);
    assert_true(status.sentence[0] != 0);
    assert_int_equal(status.losses, 1);
    rest(1.5);
    assert_int_equal(status_of(audio).state, OB_AUDIO_LOST);

    assert_true(start_server());
    const int64_t from_ns = ob_clock_monotonic_ns();
    assert_true(wait_for(audio, OB_AUDIO_RUNNING, 10.0));
    print_message("server back: plays again after %.1f s\n", (double)(ob_clock_monotonic_ns() - from_ns) * 1e-9);
    const uint64_t frames = status_of(audio).frames;
    rest(1.0);
    assert_true(status_of(audio).frames > frames + 24000);
    assert_int_equal(status_of(audio).losses, 1);
    assert_int_equal(ob_audio_portaudio.close(audio), OB_OK);
    stop_server();
}

int main(void)
{
    if (!mkdtemp(folder))
        return 1;
    char address[96];
    snprintf(address, sizeof address, "unix:%s/native", folder);
    setenv("XDG_RUNTIME_DIR", folder, 1);
    setenv("HOME", folder, 1); /* nobody's own settings, cookies or servers */
    setenv("XDG_CONFIG_HOME", folder, 1);
    setenv("PULSE_SERVER", address, 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_server_it_says_so_and_goes_on),
        cmocka_unit_test(a_device_without_a_clock_is_stopped),
        cmocka_unit_test(a_server_that_dies_is_missed_and_found_again),
    };
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    stop_server();
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    if (system(command) != 0)
        return 1;
    return failed;
}
