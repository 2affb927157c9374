/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kind of file this is, from its name and first bytes. Pure. A guess: callers let a person override it. */
#ifndef OB_FORMAT_DETECT_H
#define OB_FORMAT_DETECT_H

#include <stdbool.h>
#include <stddef.h>

#define OB_DETECT_BYTES 4096 /* more of a file's start makes no better guess */

enum ob_file_kind {
    OB_FILE_UNKNOWN,     /* text or bytes that look like nothing we read */
    OB_FILE_EMPTY,       /* no bytes */
    OB_FILE_RR,          /* RR intervals as text: rrtext.h */
    OB_FILE_CSV,         /* signals as text: csv.h */
    OB_FILE_WFDB,        /* a WFDB header: wfdb.h */
    OB_FILE_WFDB_SIGNAL, /* by its name a WFDB signal file: its header says what is in it */
    OB_FILE_WFDB_BEATS,  /* by its name a WFDB annotation file */
    OB_FILE_OBLOG,       /* our event log: oblog.h */
    OB_FILE_EDF,         /* EDF or EDF+: edf.h */
    OB_FILE_BINARY,      /* bytes that are no text */
    OB_FILE_KINDS
};

/* name: a path or file name; only its last part counts; NULL is fine. bytes: the start of the file. */
enum ob_file_kind ob_detect(const char *name, const unsigned char *bytes, size_t count);

/* "rr", "csv", "wfdb", ...: for --format and for people. Static memory. */
const char *ob_file_kind_name(enum ob_file_kind kind);
bool ob_file_kind_from_name(const char *name, enum ob_file_kind *kind_out);

#endif
