/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session told in a few plain lines, for a terminal and whoever reads it aloud: what was said a moment ago is not
 * said again, the breath is named in the first breaths and once a minute, and sound leads the rest. Pure. */
#ifndef OB_APP_PLAIN_LINES_H
#define OB_APP_PLAIN_LINES_H

#include "engine/snapshot.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_PLAIN_BREATHS 3 /* that are named at first, and after each return of the guidance */
#define OB_PLAIN_LINE    256

struct ob_plain_lines {
    /* private */
    uint32_t stage;
    int breaths; /* still to be named */
    int told;    /* of the breath: 0 nothing yet, 1 in, 2 out */
    int64_t minute_ns;
    char caption[OB_PLAIN_LINE], notice[OB_PLAIN_LINE];
};

void ob_plain_lines_init(struct ob_plain_lines *lines);

/* Call it at least ten times a second, until it is false: true gives the next line, without its end. caption and
 * notice: what would be shown now, in the person's language; "" for nothing. */
bool ob_plain_lines_step(struct ob_plain_lines *lines, const struct ob_snapshot *snapshot, const char *caption,
                         const char *notice, char *line_out, size_t size);

/* How long it goes on, and the heart rate where it is known. */
void ob_plain_lines_where(const struct ob_snapshot *snapshot, char *line_out, size_t size);

#endif
