/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks of the real-time path, and the denormal switch of the calling thread.
 *
 * A function marked OB_RT, and all that it calls, never allocates, locks, logs, reads a clock of its own or enters the
 * kernel. The mark is for readers; tests/synth/test_guard.c proves it. */
#ifndef OB_BASE_RT_H
#define OB_BASE_RT_H

#include <stdint.h>

#define OB_RT

#if defined(__SSE__)
#include <xmmintrin.h>
#endif

/* Flushes denormal floats to zero on this thread (they cost up to 18 times as much as other numbers). Returns the state
 * before, for ob_rt_denormals_restore. Does nothing on processors that it does not know. OB_RT. */
static inline uint64_t ob_rt_denormals_off(void)
{
#if defined(__SSE__)
    const unsigned before = _mm_getcsr();
    _mm_setcsr(before | 0x8040u); /* flush to zero, denormals are zero */
    return before;
#elif defined(__aarch64__)
    uint64_t before;
    __asm__ volatile("mrs %0, fpcr" : "=r"(before));
    __asm__ volatile("msr fpcr, %0" : : "r"(before | (UINT64_C(1) << 24)));
    return before;
#else
    return 0;
#endif
}

static inline void ob_rt_denormals_restore(uint64_t before)
{
#if defined(__SSE__)
    _mm_setcsr((unsigned)before);
#elif defined(__aarch64__)
    __asm__ volatile("msr fpcr, %0" : : "r"(before));
#else
    (void)before;
#endif
}

#endif
