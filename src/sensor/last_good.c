/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensor/last_good.h"

#include "os/file.h"
#include "os/paths.h"
#include "sensor/ble.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PREFIX  "bluetooth:"
#define GOOD_01 0.5f

static bool path_of(char folder[PATH_MAX], char path[PATH_MAX])
{
    if (ob_paths_user_state(folder, PATH_MAX))
        return false;
    const int length = snprintf(path, PATH_MAX, "%s/last-strap", folder);
    return length > 0 && length < PATH_MAX;
}

bool ob_last_good_read(char address_out[OB_LAST_GOOD_SIZE])
{
    char folder[PATH_MAX], path[PATH_MAX];
    unsigned char *bytes;
    size_t size;
    address_out[0] = '\0';
    if (!path_of(folder, path) || ob_file_read(path, 64, &bytes, &size))
        return false;
    bytes[strcspn((const char *)bytes, "\n")] = '\0';
    const bool good = strlen((const char *)bytes) == OB_LAST_GOOD_SIZE - 1 && ob_ble_address_valid((const char *)bytes);
    if (good)
        memcpy(address_out, bytes, OB_LAST_GOOD_SIZE);
    free(bytes);
    return good;
}

bool ob_last_good_note(const struct ob_sensor_status *status)
{
    char folder[PATH_MAX], path[PATH_MAX], before[OB_LAST_GOOD_SIZE], line[OB_LAST_GOOD_SIZE + 1];
    const char *address = status->id + strlen(PREFIX);
    if (strncmp(status->id, PREFIX, strlen(PREFIX)) != 0 || status->state != OB_SOURCE_STREAMING ||
        status->quality_01 < GOOD_01 || strlen(address) != OB_LAST_GOOD_SIZE - 1 || !ob_ble_address_valid(address))
        return false;
    if (ob_last_good_read(before) && strcmp(before, address) == 0)
        return true;
    const int length = snprintf(line, sizeof line, "%s\n", address);
    return path_of(folder, path) && !ob_paths_make(folder) && !ob_file_write_atomic(path, line, (size_t)length);
}
