/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/keepsake.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LATEST_S 7258118400 /* the year 2200 */
#define DAY      " day"

static const char *const keys[OB_KEEPSAKE_CHOICES][2] = {
    {"scene", "scene-then"}, {"soundscape", "soundscape-then"}, {"volume", "volume-then"}};

static bool is_plain(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return false;
    return length < OB_KEEPSAKE_TEXT && ob_text_is_fine(text, length);
}

static void take_text(const char *value, size_t length, char out[OB_KEEPSAKE_TEXT])
{
    if (out[0] || !is_plain(value, length))
        return;
    memcpy(out, value, length);
    out[length] = '\0';
}

static void take_appointment(const char *value, size_t length, struct ob_keepsake *k)
{
    char text[40], *end;
    if (k->appointment_s != 0 || length >= sizeof text)
        return;
    memcpy(text, value, length);
    text[length] = '\0';
    const long long s = strtoll(text, &end, 10);
    const bool day = strcmp(end, DAY) == 0;
    if (end == text || (*end && !day) || s <= 0 || s > LATEST_S)
        return;
    k->appointment_s = s;
    k->appointment_day = day;
}

static void take_line(const char *line, size_t length, struct ob_keepsake *k)
{
    const char *colon = memchr(line, ':', length);
    if (!colon || (size_t)(colon - line) + 2 > length || colon[1] != ' ')
        return;
    const size_t name = (size_t)(colon - line), rest = length - name - 2;
    for (int i = 0; i < OB_KEEPSAKE_CHOICES; i++)
        for (int which = 0; which < 2; which++)
            if (strlen(keys[i][which]) == name && memcmp(keys[i][which], line, name) == 0)
                take_text(colon + 2, rest, which ? k->chosen[i].then : k->chosen[i].value);
    if (name == strlen("appointment") && memcmp(line, "appointment", name) == 0)
        take_appointment(colon + 2, rest, k);
}

void ob_keepsake_read(const void *bytes, size_t size, struct ob_keepsake *k)
{
    const char *text = bytes, *end = text + size;
    memset(k, 0, sizeof *k);
    while (text < end) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        const size_t length = stop ? (size_t)(stop - text) : (size_t)(end - text);
        take_line(text, length, k);
        text += length + 1;
    }
}

size_t ob_keepsake_write(const struct ob_keepsake *k, char out[OB_KEEPSAKE_BYTES])
{
    size_t used = 0;
    out[0] = '\0';
    for (int i = 0; i < OB_KEEPSAKE_CHOICES; i++)
        for (int which = 0; which < 2; which++) {
            const char *value = which ? k->chosen[i].then : k->chosen[i].value;
            const size_t length = strnlen(value, OB_KEEPSAKE_TEXT);
            if (length > 0 && is_plain(value, length))
                used += (size_t)snprintf(out + used, OB_KEEPSAKE_BYTES - used, "%s: %s\n", keys[i][which], value);
        }
    if (k->appointment_s > 0 && k->appointment_s <= LATEST_S)
        used += (size_t)snprintf(out + used, OB_KEEPSAKE_BYTES - used, "appointment: %" PRId64 "%s\n", k->appointment_s,
                                 k->appointment_day ? DAY : "");
    return used;
}

enum ob_err ob_store_keepsake_get(struct ob_store *store, const struct ob_key *key, struct ob_keepsake *keepsake_out)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    memset(keepsake_out, 0, sizeof *keepsake_out);
    const enum ob_err err = ob_store_blob_get(store, key, OB_BLOB_SETTINGS, &bytes, &size);
    if (!err)
        ob_keepsake_read(bytes, size, keepsake_out);
    free(bytes);
    return err == OB_ERR_NOT_FOUND ? OB_OK : err;
}

enum ob_err ob_store_keepsake_put(struct ob_store *store, const struct ob_key *key, const struct ob_keepsake *keepsake)
{
    char bytes[OB_KEEPSAKE_BYTES];
    return ob_store_blob_put(store, key, OB_BLOB_SETTINGS, bytes, ob_keepsake_write(keepsake, bytes));
}
