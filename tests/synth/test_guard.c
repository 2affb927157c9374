/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The guard of the real-time path: this program defines malloc, locks, file and clock calls itself, so that every call
 * in it, libm and libc's own included, comes by here. While a thread renders, any of them ends the program.
 *
 * Sanitizers bring an allocator of their own: there the test is skipped. */
#include "synth/spoken.h"
#include "synth/synth.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifdef SANITIZED
int main(void)
{
    puts("skipped: the sanitizer brings its own allocator; other builds run the guard");
    return 77;
}
#else

static _Thread_local bool rendering;

static void guard(const char *call)
{
    if (!rendering)
        return;
    rendering = false;
    fprintf(stderr, "guard: %s was called while rendering\n", call);
    abort();
}

/* glibc's own names for what we stand in front of. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *old);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
    guard("malloc");
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    guard("calloc");
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    guard("realloc");
    return __libc_realloc(old, size);
}

void free(void *old)
{
    guard("free");
    __libc_free(old);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    guard("aligned_alloc");
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size)
{
    guard("posix_memalign");
    *out = __libc_memalign(alignment, size);
    return *out ? 0 : 12;
}

static void *real(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (!found)
        abort();
    return found;
}

/* A call that is let through outside of rendering. The pointer is looked up anew each time: nothing here is fast. */
#define STAND_IN(result, name, parameters, arguments)                                                                  \
    result name parameters                                                                                             \
    {                                                                                                                  \
        guard(#name);                                                                                                  \
        result(*next) parameters;                                                                                      \
        void *found = real(#name);                                                                                     \
        memcpy(&next, &found, sizeof next);                                                                            \
        return next arguments;                                                                                         \
    }

STAND_IN(int, pthread_mutex_lock, (pthread_mutex_t * mutex), (mutex))
STAND_IN(int, pthread_mutex_trylock, (pthread_mutex_t * mutex), (mutex))
STAND_IN(int, pthread_mutex_unlock, (pthread_mutex_t * mutex), (mutex))
STAND_IN(int, pthread_cond_signal, (pthread_cond_t * condition), (condition))
STAND_IN(int, pthread_cond_wait, (pthread_cond_t * condition, pthread_mutex_t *mutex), (condition, mutex))
STAND_IN(int, pthread_rwlock_rdlock, (pthread_rwlock_t * lock), (lock))
STAND_IN(int, pthread_rwlock_wrlock, (pthread_rwlock_t * lock), (lock))
STAND_IN(ssize_t, write, (int fd, const void *bytes, size_t count), (fd, bytes, count))
STAND_IN(ssize_t, pwrite, (int fd, const void *bytes, size_t count, off_t at), (fd, bytes, count, at))
STAND_IN(ssize_t, read, (int fd, void *bytes, size_t count), (fd, bytes, count))
STAND_IN(int, close, (int fd), (fd))
STAND_IN(int, nanosleep, (const struct timespec *wanted, struct timespec *left), (wanted, left))
STAND_IN(int, clock_gettime, (clockid_t id, struct timespec *now), (id, now))
STAND_IN(void *, mmap, (void *at, size_t size, int use, int flags, int fd, off_t from),
         (at, size, use, flags, fd, from))
STAND_IN(int, munmap, (void *at, size_t size), (at, size))
STAND_IN(FILE *, fopen, (const char *restrict path, const char *restrict mode), (path, mode))

int open(const char *path, int flags, ...)
{
    guard("open");
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = flags & O_CREAT ? (mode_t)va_arg(rest, int) : 0;
    va_end(rest);
    int (*next)(const char *, int, ...);
    void *found = real("open");
    memcpy(&next, &found, sizeof next);
    return next(path, flags, mode);
}

int printf(const char *format, ...)
{
    guard("printf");
    va_list rest;
    va_start(rest, format);
    const int count = vfprintf(stdout, format, rest);
    va_end(rest);
    return count;
}

/* --- what is rendered under guard: every corner of the inputs --- */

static void guarded_render(struct ob_synth *synth, const struct ob_synth_input *input, int64_t now_ns, float *out,
                           uint32_t frames)
{
    rendering = true;
    ob_synth_render(synth, input, now_ns, 1e9 / 48000, out, frames);
    rendering = false;
}

static void render_every_corner(void)
{
    static int16_t samples[2 * 5000];
    const struct ob_loop loops[2] = {{samples, 5000, 1e-5f}, {samples, 0, 1e-5f}};
    const struct ob_synth_desc desc = {.seed = 3, .ease_in_s = 2.0, .loops = loops, .loop_count = 2};
    struct ob_synth *synth = ob_synth_create(&desc);
    if (!synth)
        abort();
    static float out[2 * 1024], words[2 * 3000];
    static const struct ob_spoken_clip clip = {words, 3000, 1000, 48000};
    static struct ob_spoken_queue queue;
    ob_spoken_queue_init(&queue);
    static const double rates[] = {6.0, 0.0, 30.0, 0.001, NAN, -4.0, 1e9};
    static const uint32_t sizes[] = {512, 1, 1024, 63, 0, 256};
    int64_t now_ns = 0;
    for (unsigned corner = 0; corner < 4096; corner++) {
        struct ob_synth_input input = {.volume_01 = corner & 1 ? 1.0f : 0.6f, .probe_count = corner / 7};
        const float high = corner % 511 == 0 ? NAN : 1.0f;
        input.params.presence_01 = corner & 1024 && corner & 2048 ? 0.0f : 1.0f;
        input.params.guidance_01 = corner & 2 ? 0.0f : high;
        input.params.feedback_01 = corner & 4 ? high : 0.5f;
        input.params.exhale_01 = corner & 8 ? high : 0.0f;
        input.params.tail_01 = corner & 16 ? high : 0.0f;
        input.params.bloom_01 = corner & 32 ? high : 0.0f;
        input.params.pulse_01 = corner & 64 ? high : 0.0f;
        input.params.signal_01 = corner & 128 ? high : 0.0f;
        input.pacer.rate_brpm = rates[corner / 64 % 7];
        input.pacer.start_ns = corner & 512 ? INT64_MAX / 2 : 0;
        input.pacer.shape = ob_breath_shape_make(0.4, 6.0, corner & 256 ? 4.0 : 0.0, corner & 128 ? 4.0 : 0.0);
        input.pacer.next = input.pacer.shape;
        input.spoken = corner % 1000 < 900 ? &queue : NULL;
        input.voice_01 = corner % 100 < 90 ? 0.6f : corner & 1 ? NAN : 0.0f;
        const struct ob_spoken_post post = {&clip, corner & 2 ? now_ns : INT64_MAX, corner & 4 ? now_ns : 0,
                                            corner % 5};
        while (ob_spoken_returned(&queue))
            ;
        if (corner % 3 == 0)
            ob_spoken_post(&queue, &post);
        /* Each soundscape, a place that is empty and one that is none; every crossfade, some broken off half-way. */
        input.soundscape = corner < 2048 ? corner / 128 % (OB_SOUNDSCAPE_OWN + 3) : corner / 700;
        input.gong_count = corner / 900;
        const uint32_t frames = sizes[corner % 6];
        guarded_render(synth, &input, now_ns, out, frames);
        now_ns += frames * INT64_C(1000000000) / 48000;
    }
    ob_synth_destroy(synth);
}

/* --- the guard catches what it should --- */

static void plant_malloc(void)
{
    void *volatile kept = malloc(10);
    free(kept);
}

static void plant_lock(void)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
}

static void plant_write(void)
{
    if (write(2, "", 0) < 0)
        return;
}

static void plant_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
}

static void plant_open(void)
{
    if (open("/dev/null", O_RDONLY) < 0)
        return;
}

static bool is_caught(void (*planted)(void))
{
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        const int quiet = open("/dev/null", O_WRONLY);
        dup2(quiet, 2);
        rendering = true;
        planted();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

int main(void)
{
    static const struct {
        const char *name;
        void (*planted)(void);
    } plants[] = {
        {"malloc", plant_malloc}, {"a lock", plant_lock}, {"write", plant_write},
        {"a clock", plant_clock}, {"open", plant_open},
    };
    for (size_t i = 0; i < sizeof plants / sizeof plants[0]; i++) {
        if (!is_caught(plants[i].planted)) {
            printf("the guard let %s pass\n", plants[i].name);
            return 1;
        }
    }
    printf("the guard catches %zu planted calls\n", sizeof plants / sizeof plants[0]);
    render_every_corner();
    printf("4096 corners rendered without an allocation, a lock or a system call\n");
    return 0;
}

#endif
