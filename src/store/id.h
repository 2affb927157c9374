/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of people and sessions on disk: 128 random bits, so that a name says nothing. Any thread. */
#ifndef OB_STORE_ID_H
#define OB_STORE_ID_H

#include <stdbool.h>

#define OB_ID_BYTES 16
#define OB_ID_TEXT  (2 * OB_ID_BYTES + 1)

struct ob_id {
    unsigned char bytes[OB_ID_BYTES];
};

void ob_id_make(struct ob_id *id_out);
bool ob_id_equal(const struct ob_id *a, const struct ob_id *b);

/* 32 lower-case hexadecimal digits and a 0. */
void ob_id_text(const struct ob_id *id, char text_out[OB_ID_TEXT]);

/* Exactly 32 hexadecimal digits; false for anything else. */
bool ob_id_parse(const char *text, struct ob_id *id_out);

#endif
