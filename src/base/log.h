/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where sentences for a log go. Pure rooms may call it; nothing on the real-time path does. */
#ifndef OB_BASE_LOG_H
#define OB_BASE_LOG_H

enum ob_log_level { OB_LOG_DEBUG, OB_LOG_INFO, OB_LOG_WARNING, OB_LOG_ERROR };

typedef void ob_log_fn(void *user, enum ob_log_level level, const char *sentence);

/* Set once by main before any thread starts. Without one, sentences are dropped. */
void ob_log_set_sink(ob_log_fn *fn, void *user);

/* Formats at most 511 bytes and hands them to the sink on the calling thread. */
void ob_log(enum ob_log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
