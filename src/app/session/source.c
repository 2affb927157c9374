/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/source.h"

#include "sensor/ble.h"
#include "sensor/last_good.h"
#include "sensor/replay.h"
#include "sensor/serial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum ob_err open_person(const struct ob_source_desc *desc, struct ob_source *source, char *problem_out,
                               size_t size)
{
    struct ob_person_source_desc person = {.hear = desc->hear, .hear_user = desc->hear_user};
    ob_person_desc_init(&person.person);
    const enum ob_err err = ob_person_desc_parse(desc->person, &person.person, problem_out, size);
    if (err)
        return err;
    if (!desc->feed || strcmp(desc->feed, "ecg") == 0)
        person.feed = OB_PERSON_FEED_ECG;
    else if (strcmp(desc->feed, "rr") == 0)
        person.feed = OB_PERSON_FEED_RR;
    else if (strcmp(desc->feed, "ppg") == 0)
        person.feed = OB_PERSON_FEED_PPG;
    else {
        snprintf(problem_out, size, "--feed is ecg, rr or ppg, not '%.40s'", desc->feed);
        return OB_ERR_USAGE;
    }
    source->simulated = true;
    source->seed = (uint64_t)person.person.seed;
    ob_person_desc_text(&person.person, source->person, sizeof source->person);
    snprintf(source->about, sizeof source->about, "simulated person");
    source->sensor = ob_person_source_create(&person);
    return source->sensor ? OB_OK : OB_ERR_NO_MEMORY;
}

static enum ob_err open_replay(const struct ob_source_desc *desc, struct ob_source *source, char *problem_out,
                               size_t size)
{
    struct ob_replay_desc replay = {
        .recording = {.path = desc->replay, .fs_hz = desc->fs_hz}, .channel = desc->channel, .speed = desc->speed};
    int signal;
    if (!ob_recording_kind(desc->kind, &replay.recording.kind, &signal)) {
        snprintf(problem_out, size, "--kind is rr, csv, wfdb, edf, ecg, ppg or resp, not '%.40s'", desc->kind);
        return OB_ERR_USAGE;
    }
    replay.recording.signal = signal >= 0;
    replay.signal_kind = signal + 1;
    const char *slash = strrchr(desc->replay, '/');
    snprintf(source->about, sizeof source->about, "recording %s", slash ? slash + 1 : desc->replay);
    const enum ob_err err = ob_replay_open(&replay, &source->sensor, problem_out, size);
    /* Usage and range mean the command line to whoever reads our answer; here they are about the file. */
    return err == OB_ERR_USAGE || err == OB_ERR_RANGE ? OB_ERR_FORMAT : err;
}

static enum ob_err open_serial(const struct ob_source_desc *desc, struct ob_source *source)
{
    const bool find = strcmp(desc->serial, "auto") == 0;
    const struct ob_serial_desc serial = {
        .path = find ? NULL : desc->serial, .baud = (int)desc->baud, .fs_hz = desc->fs_hz};
    snprintf(source->about, sizeof source->about, "serial port %s", desc->serial);
    source->sensor = ob_serial_create(&serial);
    return source->sensor ? OB_OK : OB_ERR_NO_MEMORY;
}

static enum ob_err open_bluetooth(const struct ob_source_desc *desc, struct ob_source *source, char *problem_out,
                                  size_t size)
{
    if (!ob_ble_address_valid(desc->bluetooth)) {
        snprintf(problem_out, size, "--bluetooth is 'any' or an address like 00:11:22:33:44:55, not '%.40s'",
                 desc->bluetooth);
        return OB_ERR_USAGE;
    }
    char last_good[OB_LAST_GOOD_SIZE];
    (void)ob_last_good_read(last_good);
    const struct ob_ble_desc ble = {.address = desc->bluetooth, .preferred = last_good};
    snprintf(source->about, sizeof source->about, "Bluetooth heart strap %s", desc->bluetooth);
    source->sensor = ob_ble_create(&ble);
    return source->sensor ? OB_OK : OB_ERR_NO_MEMORY;
}

enum ob_err ob_source_open(const struct ob_source_desc *desc, struct ob_source *source_out, char *problem_out,
                           size_t problem_size)
{
    memset(source_out, 0, sizeof *source_out);
    snprintf(source_out->about, sizeof source_out->about, "no sensor: plain pacing");
    if (desc->replay)
        return open_replay(desc, source_out, problem_out, problem_size);
    if (desc->serial)
        return open_serial(desc, source_out);
    if (desc->bluetooth)
        return open_bluetooth(desc, source_out, problem_out, problem_size);
    if (desc->person)
        return open_person(desc, source_out, problem_out, problem_size);
    return OB_OK;
}

enum ob_err ob_source_by_id(const char *id, struct ob_sensor **sensor_out, char *problem_out, size_t problem_size)
{
    const char *serial = strncmp(id, "serial:", 7) == 0 && id[7] ? id + 7 : NULL;
    const char *bluetooth = strncmp(id, "bluetooth:", 10) == 0 ? id + 10 : NULL;
    *sensor_out = NULL;
    if (serial) {
        *sensor_out = ob_serial_create(&(struct ob_serial_desc){.path = strcmp(serial, "auto") == 0 ? NULL : serial});
    } else if (bluetooth && ob_ble_address_valid(bluetooth)) {
        char last_good[OB_LAST_GOOD_SIZE];
        (void)ob_last_good_read(last_good);
        *sensor_out = ob_ble_create(&(struct ob_ble_desc){.address = bluetooth, .preferred = last_good});
    } else {
        snprintf(problem_out, problem_size,
                 "a sensor is named serial:PORT, serial:auto, bluetooth:ADDRESS or bluetooth:any, not '%.60s'", id);
        return OB_ERR_USAGE;
    }
    if (!*sensor_out)
        snprintf(problem_out, problem_size, "%s", ob_err_text(OB_ERR_NO_MEMORY));
    return *sensor_out ? OB_OK : OB_ERR_NO_MEMORY;
}

void ob_source_print_person_help(void)
{
    const size_t size = ob_person_desc_help(NULL, 0) + 1;
    char *text = malloc(size);
    if (!text)
        return;
    ob_person_desc_help(text, size);
    fputs(text, stdout);
    free(text);
}
