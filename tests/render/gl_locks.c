/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For tests that draw in their own process, under the thread sanitizer: its detector of deadlocks counts the locks that
 * are held; those that the GL driver gives back in code it leaves out seem held for ever, until its table is full. */
#ifdef __SANITIZE_THREAD__
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "detect_deadlocks=0";
}
#else
typedef int nothing_to_say; /* a file of C holds at least one declaration */
#endif
