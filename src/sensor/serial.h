/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small board on a serial line (USB or a pty): PulseSensor, one number a line, or ProtoCentral frames. Formats:
 * serial_decode.h; what becomes of them: serial_stream.h.
 *
 * With a path that port is used, and waited for when it is not there. Without one a board is looked for among
 * /dev/ttyUSB* and /dev/ttyACM*, each second: a port that is silent for four seconds, or sends nothing that is
 * understood at any speed, is left for the next one; the port of a board that was heard before comes first.
 *
 * Without a speed, 115200, 57600 and 9600 baud are tried in this order for two seconds each while what comes is noise,
 * on the open port: opening makes many boards start anew, so it is done once. Never 1200, which some boards take for
 * the wish to be programmed.
 *
 * An unplugged board is a state: it is looked for each second, and what comes after it is behind a GAP event. A board
 * that sends noise is named; no beats come of it, and its port is kept. More than 64 KiB in a tenth of a second are
 * left waiting in the port, so that a flood takes only some percent of a processor. */
#ifndef OB_SENSOR_SERIAL_H
#define OB_SENSOR_SERIAL_H

#include "sensor/sensor.h"
#include "sensor/serial_decode.h"

struct ob_serial_desc {
    const char *path;             /* NULL: a board is looked for */
    const char *folder;           /* where it is looked for; NULL: $OUTBREATH_SERIAL_DIR, and without that /dev */
    int baud;                     /* 0: tried out. Of 9600 to 921600 those that termios knows */
    double fs_hz;                 /* of samples; 0: fitted from their arrival (takes 1.5 s) */
    enum ob_serial_format format; /* AUTO: found from the bytes */
    int signal_kind;              /* enum ob_signal_kind + 1; 0: PPG from what measures light, else ECG */
    bool look_only;               /* opens nothing: the ports in sight are listed by found() */
};

/* Opens nothing yet: the port is opened by the first service() call. NULL without memory. Its id is "serial:PATH", or
 * "serial:auto" while there is none. */
struct ob_sensor *ob_serial_create(const struct ob_serial_desc *desc);

#endif
