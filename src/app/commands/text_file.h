/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words of somebody's own for a command: as its argument, from a file, or from standard input. Main thread. */
#ifndef OB_APP_TEXT_FILE_H
#define OB_APP_TEXT_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* text, or the contents of file ("-": standard input), or "" where both are NULL; option: what it is called, for the
 * sentence. What is written on a command line stays in the shell's history: a file does not. False after a sentence:
 * both are given, the file can't be read, or it is longer than size - 1 bytes. */
bool ob_text_given(const char *text, const char *file, const char *option, char *out, size_t size);

#endif
