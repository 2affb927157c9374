/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing JSON by hand needs one thing to be right: strings. */
#ifndef OB_APP_JSON_H
#define OB_APP_JSON_H

#include <stdio.h>

/* The text in quotes with what must be escaped escaped (RFC 8259); null for NULL. Bytes that are not UTF-8 become
 * U+FFFD. */
void ob_json_string(FILE *out, const char *text);

#endif
