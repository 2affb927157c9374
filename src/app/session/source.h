/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the heart comes from, by the command line: the simulated person, a recording, a serial port, a Bluetooth strap,
 * or nothing. */
#ifndef OB_APP_SOURCE_H
#define OB_APP_SOURCE_H

#include "base/err.h"
#include "sensor/person_source.h"
#include "sensor/sensor.h"

#include <stdbool.h>
#include <stddef.h>

struct ob_source_desc {
    const char *person;      /* keys of the simulated person; "" for the default one; NULL: none */
    const char *feed;        /* what its sensor gives: "ecg" (default), "rr", "ppg" */
    const char *replay;      /* a recording's path; NULL: none */
    const char *kind;        /* "rr", "csv", "wfdb": what the recording is, where the guess is wrong */
    const char *channel;     /* name or number */
    double fs_hz;            /* of a file or port that does not say; 0: unknown */
    double speed;            /* of a replay; 0: true speed */
    const char *serial;      /* a port, or "auto" */
    double baud;             /* 0: tried out */
    const char *bluetooth;   /* a strap's address, or "any" */
    ob_person_hear_fn *hear; /* what the simulated person hears and sees */
    void *hear_user;
};

struct ob_source {
    struct ob_sensor *sensor; /* NULL: none */
    bool simulated;
    uint64_t seed;
    char person[512]; /* the person's description, as text */
    char about[256];  /* for the summary and the log */
};

/* OB_OK, also with no source at all. Else an error and a sentence. The caller closes sensor with its ops. */
enum ob_err ob_source_open(const struct ob_source_desc *desc, struct ob_source *source_out, char *problem_out,
                           size_t problem_size);

/* A source by its id ("serial:PATH", "serial:auto", "bluetooth:ADDRESS", "bluetooth:any"), as statuses and --breath
 * have it. OB_ERR_USAGE and a sentence for an id that is none. */
enum ob_err ob_source_by_id(const char *id, struct ob_sensor **sensor_out, char *problem_out, size_t problem_size);

/* Prints the keys of --person. */
void ob_source_print_person_help(void);

#endif
