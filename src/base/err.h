/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors: one table, a code and a sentence for people. 0 is success. Losing a device is a state, not an error. */
#ifndef OB_BASE_ERR_H
#define OB_BASE_ERR_H

#include <stddef.h>

#define OB_ERR_TABLE(X)                                                                                                \
    X(OB_OK, "all is well")                                                                                            \
    X(OB_ERR_NO_MEMORY, "there is not enough memory")                                                                  \
    X(OB_ERR_USAGE, "the command was not understood")                                                                  \
    X(OB_ERR_NOT_FOUND, "it is not there")                                                                             \
    X(OB_ERR_PERMISSION, "permission was denied")                                                                      \
    X(OB_ERR_IO, "reading or writing failed")                                                                          \
    X(OB_ERR_DISK_FULL, "the disk is full")                                                                            \
    X(OB_ERR_FORMAT, "the contents are not in a form that is understood")                                              \
    X(OB_ERR_EMPTY, "there is nothing in it")                                                                          \
    X(OB_ERR_TRUNCATED, "it ends too early")                                                                           \
    X(OB_ERR_RANGE, "a value is out of range")                                                                         \
    X(OB_ERR_NO_DISPLAY, "there is no display to draw on")                                                             \
    X(OB_ERR_NO_GL, "the display has no OpenGL 3.3 or OpenGL ES 3.0")                                                  \
    X(OB_ERR_NO_AUDIO, "there is no sound device")                                                                     \
    X(OB_ERR_DEVICE, "the device does not answer as expected")                                                         \
    X(OB_ERR_SHADER, "a shader does not compile")                                                                      \
    X(OB_ERR_UNSUPPORTED, "this is not supported here")                                                                \
    X(OB_ERR_EXISTS, "there is one already")                                                                           \
    X(OB_ERR_KEY, "the passphrase or key does not fit")                                                                \
    X(OB_ERR_NO_KEY, "a passphrase is wanted")                                                                         \
    X(OB_ERR_BUSY, "another Outbreath is using it")                                                                    \
    X(OB_ERR_NEWER, "a newer Outbreath wrote it")                                                                      \
    X(OB_ERR_DAMAGED, "it is damaged")

enum ob_err {
#define OB_ERR_ENUM(code, sentence) code,
    OB_ERR_TABLE(OB_ERR_ENUM)
#undef OB_ERR_ENUM
        OB_ERR_COUNT
};

/* A lower-case clause for people, never NULL, also for a code out of range. Static memory. Any thread. */
const char *ob_err_text(enum ob_err err);

/* Writes the sentence that says more, cut to size bytes (0: none), and returns err: `return ob_fail(...)`. Any thread.
 */
enum ob_err ob_fail(char *sentence, size_t size, enum ob_err err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
