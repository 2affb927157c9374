/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The desktop's keyring, by libsecret. The label in it says nothing of a person: keyrings show their labels. */
#include "store/secret.h"

#include <libsecret/secret.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

static const SecretSchema schema = {"org.outbreath.PersonKey",
                                    SECRET_SCHEMA_NONE,
                                    {{"person", SECRET_SCHEMA_ATTRIBUTE_STRING}, {NULL, 0}},
                                    0,
                                    0,
                                    0,
                                    0,
                                    0,
                                    0,
                                    0,
                                    0};

static enum ob_err absent(GError *error, char *problem_out, size_t problem_size)
{
    snprintf(problem_out, problem_size, "the desktop's keyring does not answer here (%s)",
             error ? error->message : "no reason given");
    g_clear_error(&error);
    return OB_ERR_UNSUPPORTED;
}

enum ob_err ob_keyring_put(const struct ob_id *person, const unsigned char secret[OB_SECRET_BYTES], char *problem_out,
                           size_t problem_size)
{
    char id[OB_ID_TEXT], label[OB_ID_TEXT + 32];
    ob_id_text(person, id);
    snprintf(label, sizeof label, "Outbreath: key %.8s", id);
    char *text = sodium_malloc(2 * OB_SECRET_BYTES + 1);
    if (!text)
        return OB_ERR_NO_MEMORY;
    sodium_bin2hex(text, 2 * OB_SECRET_BYTES + 1, secret, OB_SECRET_BYTES);
    GError *error = NULL;
    const gboolean kept =
        secret_password_store_sync(&schema, SECRET_COLLECTION_DEFAULT, label, text, NULL, &error, "person", id, NULL);
    sodium_free(text);
    return kept ? OB_OK : absent(error, problem_out, problem_size);
}

enum ob_err ob_keyring_get(const struct ob_id *person, unsigned char secret_out[OB_SECRET_BYTES], char *problem_out,
                           size_t problem_size)
{
    char id[OB_ID_TEXT];
    ob_id_text(person, id);
    GError *error = NULL;
    gchar *text = secret_password_lookup_nonpageable_sync(&schema, NULL, &error, "person", id, NULL);
    if (error)
        return absent(error, problem_out, problem_size);
    size_t got = 0;
    const bool whole = text && sodium_hex2bin(secret_out, OB_SECRET_BYTES, text, strlen(text), NULL, &got, NULL) == 0 &&
                       got == OB_SECRET_BYTES;
    if (text)
        secret_password_free(text);
    if (!whole) {
        snprintf(problem_out, problem_size, "the desktop's keyring has no key for this person (any more)");
        return OB_ERR_KEY;
    }
    return OB_OK;
}

void ob_keyring_forget(const struct ob_id *person)
{
    char id[OB_ID_TEXT];
    ob_id_text(person, id);
    GError *error = NULL;
    secret_password_clear_sync(&schema, NULL, &error, "person", id, NULL);
    g_clear_error(&error);
}
