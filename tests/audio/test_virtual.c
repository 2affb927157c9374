/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outputs on the caller's clock: exact frames, exact bytes, and files that survive. */
#include "audio/audio.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct source {
    uint64_t frames;
    uint64_t calls;
    int64_t last_heard_ns;
    double ns_per_frame;
};

/* Left counts up through the 24-bit range, right is its negative: every sample says where it stands. */
static float ramp(uint64_t frame)
{
    return (float)((double)(int64_t)(frame % 16000001 - 8000000) / 8388607.0);
}

static void render(void *user, float *out, uint32_t frames, int64_t heard_ns, double ns_per_frame)
{
    struct source *source = user;
    for (uint32_t i = 0; i < frames; i++) {
        out[2 * i] = ramp(source->frames * 1000 + i * 1000);
        out[2 * i + 1] = -out[2 * i];
    }
    source->frames += frames;
    source->calls++;
    source->last_heard_ns = heard_ns;
    source->ns_per_frame = ns_per_frame;
}

static char folder[] = "/tmp/ob-audio-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/sound.wav", folder);
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static uint64_t frames_of(const struct ob_audio_ops *ops, struct ob_audio *audio)
{
    struct ob_audio_status status;
    ops->status(audio, &status);
    return status.frames;
}

static void null_renders_exactly_what_is_due(void **state)
{
    (void)state;
    struct source source = {0};
    const struct ob_audio_desc desc = {.render = render, .user = &source};
    struct ob_audio *audio = NULL;
    assert_int_equal(ob_audio_null.open(&desc, &audio), OB_OK);
    const int64_t start_ns = INT64_C(123456789012345);
    assert_int_equal(ob_audio_null.advance(audio, start_ns), OB_OK);
    assert_int_equal(source.frames, 0);
    assert_int_equal(ob_audio_null.advance(audio, start_ns + 1000000000), OB_OK);
    assert_int_equal(source.frames, 48000);
    assert_int_equal(ob_audio_null.advance(audio, start_ns + 500), OB_OK); /* backwards: nothing is due */
    assert_int_equal(source.frames, 48000);
    for (int64_t ms = 1001; ms <= 11000; ms++)
        assert_int_equal(ob_audio_null.advance(audio, start_ns + ms * 1000000), OB_OK);
    assert_int_equal(source.frames, 11 * 48000);
    assert_int_equal(frames_of(&ob_audio_null, audio), 11 * 48000);
    assert_true(fabs(source.ns_per_frame - 1e9 / 48000) < 1e-6);
    assert_true(llabs(source.last_heard_ns - (start_ns + 10999000000)) <= 21000);
    struct ob_audio_status status;
    ob_audio_null.status(audio, &status);
    assert_int_equal(status.state, OB_AUDIO_RUNNING);
    assert_int_equal(ob_audio_null.close(audio), OB_OK);
    assert_int_equal(ob_audio_null.close(NULL), OB_OK);
}

static void a_day_has_exactly_its_frames(void **state)
{
    (void)state;
    struct source source = {0};
    const struct ob_audio_desc desc = {
        .sample_rate_hz = 44100, .frames_per_buffer = 8192, .render = render, .user = &source};
    struct ob_audio *audio = NULL;
    assert_int_equal(ob_audio_null.open(&desc, &audio), OB_OK);
    assert_int_equal(ob_audio_null.advance(audio, 0), OB_OK);
    for (int64_t hour = 1; hour <= 3; hour++)
        assert_int_equal(ob_audio_null.advance(audio, hour * 3600 * INT64_C(1000000000)), OB_OK);
    assert_int_equal(source.frames, 3 * 3600 * UINT64_C(44100));
    assert_int_equal(ob_audio_null.close(audio), OB_OK);
}

static uint32_t u32(const unsigned char *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static unsigned char *load(size_t *size_out)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    unsigned char *bytes = malloc(8 << 20);
    *size_out = fread(bytes, 1, 8 << 20, file);
    fclose(file);
    return bytes;
}

static void check_header(const unsigned char *bytes, uint32_t rate, uint32_t frames)
{
    assert_memory_equal(bytes, "RIFF", 4);
    assert_int_equal(u32(bytes + 4), 36 + frames * 6);
    assert_memory_equal(bytes + 8, "WAVEfmt \x10\0\0\0\x01\0\x02\0", 16);
    assert_int_equal(u32(bytes + 24), rate);
    assert_int_equal(u32(bytes + 28), rate * 6);
    assert_memory_equal(bytes + 32, "\x06\0\x18\0data", 8);
    assert_int_equal(u32(bytes + 40), frames * 6);
}

static void check_samples(const unsigned char *bytes, uint32_t frames)
{
    for (uint32_t i = 0; i < frames; i++) {
        const unsigned char *at = bytes + 44 + i * 6;
        const int32_t left = (int32_t)((uint32_t)at[0] << 8 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 24) / 256;
        const int32_t right = (int32_t)((uint32_t)at[3] << 8 | (uint32_t)at[4] << 16 | (uint32_t)at[5] << 24) / 256;
        assert_int_equal(left, (int32_t)lround((double)ramp(i * 1000) * 8388607.0));
        assert_int_equal(right, -left);
    }
}

static void wav_is_exact(void **state)
{
    (void)state;
    struct source source = {0};
    const struct ob_audio_desc desc = {.path = path, .render = render, .user = &source};
    struct ob_audio *audio = NULL;
    assert_int_equal(ob_audio_wav.open(&desc, &audio), OB_OK);
    assert_int_equal(ob_audio_wav.advance(audio, 5), OB_OK);
    assert_int_equal(ob_audio_wav.advance(audio, 5 + 1234567890), OB_OK);
    const uint32_t frames = (uint32_t)source.frames;
    assert_int_equal(frames, 59260); /* the first frame at or after 1.23456789 s is number 59259.26 */
    assert_int_equal(ob_audio_wav.close(audio), OB_OK);
    size_t size;
    unsigned char *bytes = load(&size);
    assert_int_equal(size, 44 + frames * 6);
    check_header(bytes, 48000, frames);
    check_samples(bytes, frames);
    free(bytes);
}

static void an_empty_wav_is_whole(void **state)
{
    (void)state;
    struct source source = {0};
    const struct ob_audio_desc desc = {.path = path, .sample_rate_hz = 44100, .render = render, .user = &source};
    struct ob_audio *audio = NULL;
    assert_int_equal(ob_audio_wav.open(&desc, &audio), OB_OK);
    assert_int_equal(ob_audio_wav.close(audio), OB_OK);
    size_t size;
    unsigned char *bytes = load(&size);
    assert_int_equal(size, 44);
    check_header(bytes, 44100, 0);
    free(bytes);
}

static void a_kill_leaves_a_file_that_plays(void **state)
{
    (void)state;
    int ready[2];
    assert_int_equal(pipe(ready), 0);
    const pid_t child = fork();
    if (child == 0) {
        struct source source = {0};
        const struct ob_audio_desc desc = {.path = path, .render = render, .user = &source};
        struct ob_audio *audio = NULL;
        ob_audio_wav.open(&desc, &audio);
        ob_audio_wav.advance(audio, 0);
        ob_audio_wav.advance(audio, INT64_C(3700000000));
        if (write(ready[1], "x", 1) == 1)
            pause();
        _exit(1);
    }
    char byte;
    assert_int_equal(read(ready[0], &byte, 1), 1);
    kill(child, SIGKILL);
    int status;
    waitpid(child, &status, 0);
    close(ready[0]);
    close(ready[1]);
    size_t size;
    unsigned char *bytes = load(&size);
    const uint32_t told = u32(bytes + 40) / 6;
    print_message("3.7 s were rendered before the kill; the header tells of %.2f s\n", told / 48000.0);
    assert_true(told >= 2.7 * 48000 && told <= 3.7 * 48000);
    assert_true(size >= 44 + told * 6);
    check_header(bytes, 48000, told);
    check_samples(bytes, told);
    free(bytes);
}

/* A limit on the size of files stands in for a disk that fills up: what fits is kept, the rest is refused. */
static void a_full_disk_is_said_and_what_was_written_kept(void **state)
{
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    struct rlimit before;
    getrlimit(RLIMIT_FSIZE, &before);
    const struct rlimit small = {300000, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    struct source source = {0};
    const struct ob_audio_desc desc = {.path = path, .render = render, .user = &source};
    struct ob_audio *audio = NULL;
    assert_int_equal(ob_audio_wav.open(&desc, &audio), OB_OK);
    assert_int_equal(ob_audio_wav.advance(audio, 0), OB_OK);
    const enum ob_err err = ob_audio_wav.advance(audio, INT64_C(5000000000));
    assert_int_not_equal(err, OB_OK);
    const uint64_t calls = source.calls;
    assert_int_equal(ob_audio_wav.advance(audio, INT64_C(6000000000)), err);
    assert_int_equal(source.calls, calls);
    struct ob_audio_status status;
    ob_audio_wav.status(audio, &status);
    assert_int_equal(status.state, OB_AUDIO_LOST);
    assert_true(strlen(status.sentence) > 20);
    print_message("%s\n", status.sentence);
    assert_int_equal(ob_audio_wav.close(audio), err);
    setrlimit(RLIMIT_FSIZE, &before);
    size_t size;
    unsigned char *bytes = load(&size);
    const uint32_t frames = u32(bytes + 40) / 6;
    assert_true(frames > 40000);
    assert_int_equal(size, 44 + frames * 6);
    check_header(bytes, 48000, frames);
    check_samples(bytes, frames);
    free(bytes);
}

static void what_cannot_be_opened_is_said(void **state)
{
    (void)state;
    struct source source = {0};
    struct ob_audio *audio = NULL;
    struct ob_audio_desc desc = {.path = "/dev/full", .render = render, .user = &source};
    assert_int_equal(ob_audio_wav.open(&desc, &audio), OB_ERR_DISK_FULL);
    assert_null(audio);
    desc.path = "/nowhere/at/all/sound.wav";
    assert_int_equal(ob_audio_wav.open(&desc, &audio), OB_ERR_NOT_FOUND);
    desc.path = NULL;
    assert_int_equal(ob_audio_wav.open(&desc, &audio), OB_ERR_USAGE);
    desc.path = path;
    desc.sample_rate_hz = 100;
    assert_int_equal(ob_audio_wav.open(&desc, &audio), OB_ERR_RANGE);
    desc.sample_rate_hz = NAN;
    assert_int_equal(ob_audio_null.open(&desc, &audio), OB_OK); /* not a number means the default, as 0 does */
    assert_int_equal(ob_audio_null.close(audio), OB_OK);
    desc.sample_rate_hz = 0;
    desc.frames_per_buffer = 9000;
    assert_int_equal(ob_audio_null.open(&desc, &audio), OB_ERR_RANGE);
    assert_null(audio);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_renders_exactly_what_is_due),
        cmocka_unit_test(a_day_has_exactly_its_frames),
        cmocka_unit_test(wav_is_exact),
        cmocka_unit_test(an_empty_wav_is_whole),
        cmocka_unit_test(a_kill_leaves_a_file_that_plays),
        cmocka_unit_test(a_full_disk_is_said_and_what_was_written_kept),
        cmocka_unit_test(what_cannot_be_opened_is_said),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
