/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small board on a serial line (USB or a pty): PulseSensor, or one number a line. Formats: serial_decode.h.
 *
 * PulseSensor's intervals become RR events, measured when their line arrives (there is no stamp on the wire); samples
 * become SAMPLES events of at most 48 frames and 50 ms, stamped by a fit of the rate to their arrival (rate_fit.h).
 * What is lost is a GAP event. An unplugged board is a state: the port is tried again each second. */
#ifndef OB_SENSOR_SERIAL_H
#define OB_SENSOR_SERIAL_H

#include "sensor/sensor.h"
#include "sensor/serial_decode.h"

struct ob_serial_desc {
    const char *path;             /* NULL: the first of /dev/ttyUSB* and /dev/ttyACM* that opens */
    int baud;                     /* 0: 115200. Of 9600 to 921600 those that termios knows */
    double fs_hz;                 /* of samples; 0: fitted from their arrival (takes 1.5 s) */
    enum ob_serial_format format; /* AUTO: found from the lines */
    int signal_kind;              /* enum ob_signal_kind + 1; 0: PPG from a PulseSensor, else ECG */
};

/* Opens nothing yet: the port is opened by the first service() call. NULL without memory. */
struct ob_sensor *ob_serial_create(const struct ob_serial_desc *desc);

/* Whether there is a serial port that could be a board: the first such path in path_out. */
bool ob_serial_find(char *path_out, size_t size);

#endif
