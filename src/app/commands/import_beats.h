/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording of another program as a session: its intervals, or the beats of its ECG or pulse wave, judged and
 * corrected as the live loop does it. What only a live session knows (pace, feedback, stages) is not made up. */
#ifndef OB_APP_IMPORT_BEATS_H
#define OB_APP_IMPORT_BEATS_H

#include "report/copy.h"

struct ob_import_desc {
    const char *path;
    const char *kind;    /* as --kind, or NULL */
    const char *channel; /* name or number, or NULL */
    double fs_hz;        /* 0: what the file says */
};

/* start_wall_ns is 0 where the file does not say when it began. note_out: what was left out, "" nothing. On an error
 * the sentence names the file, and the copy is finished. */
enum ob_err ob_import_beats(const struct ob_import_desc *desc, struct ob_copy *copy_out, char *note_out,
                            char *sentence_out, size_t size);

#endif
