/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of the program in the person's language, by gettext: whole English sentences are the keys, and the English
 * sentence itself is what there is where a language has none. Catalogues lie in share/locale beside the program, or in
 * the build. */
#ifndef OB_OS_TR_H
#define OB_OS_TR_H

#include "base/words.h"

/* Before the first word, and again when another language is chosen. language: such as "de"; NULL or "auto": what the
 * environment said in the beginning. Main thread. */
void ob_tr_begin(const char *language);

/* Any thread, after that. Static memory. */
const char *ob_tr(const char *english) __attribute__((format_arg(1)));

/* The decimal points of a sentence as the person's language writes them: each point between two digits. In place. */
void ob_tr_numbers(char *text);

#endif
