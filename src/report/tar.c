/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/tar.h"

#include <stdio.h>
#include <string.h>

/* Where the fields stand. */
enum {
    NAME = 0,
    MODE = 100,
    UID = 108,
    GID = 116,
    SIZE = 124,
    TIME = 136,
    SUM = 148,
    TYPE = 156,
    MAGIC = 257,
    PREFIX = 345
};

static void put_octal(unsigned char *field, int digits, uint64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%0*llo", digits, (unsigned long long)value);
    memcpy(field, text, (size_t)digits);
}

/* The sum over all bytes, with its own field taken for blanks. */
static uint64_t sum_of(const unsigned char *block)
{
    uint64_t sum = 8 * ' ';
    for (int i = 0; i < OB_TAR_BLOCK; i++)
        sum += i >= SUM && i < SUM + 8 ? 0 : block[i];
    return sum;
}

bool ob_tar_encode(const char *name, uint64_t size, int64_t wall_s, unsigned char out[OB_TAR_BLOCK])
{
    const size_t length = strlen(name);
    if (length == 0 || length >= OB_TAR_NAME || size >= OB_TAR_MAX)
        return false;
    memset(out, 0, OB_TAR_BLOCK);
    memcpy(out + NAME, name, length);
    put_octal(out + MODE, 7, 0600);
    put_octal(out + UID, 7, 0);
    put_octal(out + GID, 7, 0);
    put_octal(out + SIZE, 11, size);
    put_octal(out + TIME, 11, wall_s > 0 && wall_s < INT64_C(1) << 33 ? (uint64_t)wall_s : 0);
    out[TYPE] = '0';
    memcpy(out + MAGIC, "ustar\00000", 8);
    put_octal(out + SUM, 6, sum_of(out));
    out[SUM + 7] = ' ';
    return true;
}

static bool take_octal(const unsigned char *field, int width, uint64_t *value_out)
{
    int i = 0;
    uint64_t value = 0;
    while (i < width && field[i] == ' ')
        i++;
    const int first = i;
    for (; i < width && field[i] >= '0' && field[i] <= '7'; i++)
        value = value << 3 | (uint64_t)(field[i] - '0');
    *value_out = value;
    return i > first && (i == width || field[i] == 0 || field[i] == ' ');
}

enum ob_tar ob_tar_decode(const unsigned char block[OB_TAR_BLOCK], struct ob_tar_entry *entry)
{
    uint64_t sum;
    memset(entry, 0, sizeof *entry);
    bool zeros = true;
    for (int i = 0; i < OB_TAR_BLOCK; i++)
        zeros = zeros && block[i] == 0;
    if (zeros)
        return OB_TAR_END;
    if (memcmp(block + MAGIC, "ustar", 5) != 0 || !take_octal(block + SUM, 8, &sum) || sum != sum_of(block) ||
        !take_octal(block + SIZE, 12, &entry->size) || entry->size >= OB_TAR_MAX)
        return OB_TAR_BROKEN;
    memcpy(entry->name, block + NAME, OB_TAR_NAME - 1);
    const bool file = block[TYPE] == '0' || block[TYPE] == 0;
    return file && block[PREFIX] == 0 && entry->name[0] ? OB_TAR_FILE : OB_TAR_OTHER;
}
