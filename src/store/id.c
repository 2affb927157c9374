/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/id.h"

#include <sodium.h>
#include <string.h>

void ob_id_make(struct ob_id *id_out)
{
    randombytes_buf(id_out->bytes, sizeof id_out->bytes);
}

bool ob_id_equal(const struct ob_id *a, const struct ob_id *b)
{
    return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0;
}

void ob_id_text(const struct ob_id *id, char text_out[OB_ID_TEXT])
{
    sodium_bin2hex(text_out, OB_ID_TEXT, id->bytes, sizeof id->bytes);
}

bool ob_id_parse(const char *text, struct ob_id *id_out)
{
    size_t got = 0;
    return strlen(text) == OB_ID_TEXT - 1 &&
           sodium_hex2bin(id_out->bytes, sizeof id_out->bytes, text, OB_ID_TEXT - 1, NULL, &got, NULL) == 0 &&
           got == sizeof id_out->bytes;
}
