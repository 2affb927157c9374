/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether bytes from outside are text. Any thread. */
#ifndef OB_BASE_UTF8_H
#define OB_BASE_UTF8_H

#include <stddef.h>

/* Bytes of the letter that begins here, 1 to 4, of which a NUL is one; 0: it is none (RFC 3629: no overlong form, no
 * surrogate, nothing above U+10FFFF). left: the bytes that are there; SIZE_MAX for a string that a NUL ends. */
size_t ob_utf8_letter(const void *text, size_t left);

#endif
