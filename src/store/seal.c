/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows. Files are in sealed_file.c. */
#include "store/seal.h"

#include "format/bytes.h"
#include "store/secret.h"

#include <sodium.h>
#include <string.h>

enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES };
enum { ABOUT = 8 + 1 + 2 * OB_ID_BYTES + 8 };

static void say_what_it_is(const struct ob_key *key, const struct ob_row_name *name, unsigned char out[ABOUT])
{
    memcpy(out, "OBROW\1\0\0", 8);
    out[8] = (unsigned char)name->row;
    memcpy(out + 9, key->person.bytes, OB_ID_BYTES);
    memcpy(out + 9 + OB_ID_BYTES, name->session.bytes, OB_ID_BYTES);
    ob_put_u64(out + 9 + 2 * OB_ID_BYTES, name->number);
}

size_t ob_seal_row(const struct ob_key *key, const struct ob_row_name *name, const void *bytes, size_t size,
                   unsigned char *out)
{
    unsigned char about[ABOUT];
    say_what_it_is(key, name, about);
    const size_t padded = (size / OB_SEAL_PAD + 1) * OB_SEAL_PAD;
    unsigned char *inner = out + NONCE;
    randombytes_buf(out, NONCE);
    if (size > 0)
        memcpy(inner, bytes, size);
    inner[size] = 0x80; /* ISO/IEC 7816-4 */
    memset(inner + size + 1, 0, padded - size - 1);
    crypto_aead_xchacha20poly1305_ietf_encrypt(inner, NULL, inner, padded, about, sizeof about, NULL, out, key->rows);
    return NONCE + padded + TAG;
}

enum ob_err ob_unseal_row(const struct ob_key *key, const struct ob_row_name *name, const unsigned char *sealed,
                          size_t size, unsigned char *out, size_t *size_out)
{
    unsigned char about[ABOUT];
    if (size < NONCE + OB_SEAL_PAD + TAG)
        return OB_ERR_DAMAGED;
    say_what_it_is(key, name, about);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, sealed + NONCE, size - NONCE, about, sizeof about,
                                                   sealed, key->rows) != 0)
        return OB_ERR_DAMAGED;
    size_t end = size - NONCE - TAG;
    while (end > 0 && out[end - 1] == 0)
        end--;
    if (end == 0 || out[end - 1] != 0x80)
        return OB_ERR_DAMAGED;
    *size_out = end - 1;
    return OB_OK;
}
