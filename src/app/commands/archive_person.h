/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that is kept of a person as one archive, and back (form in report/archive.h). Main thread. */
#ifndef OB_APP_ARCHIVE_PERSON_H
#define OB_APP_ARCHIVE_PERSON_H

#include "store/store.h"

struct ob_archive_person_desc {
    const char *path;
    bool replace;
    const char *passphrase; /* NULL: not sealed */
    size_t passphrase_size;
    const struct ob_person_record *record;
    const struct ob_session_row *rows;
    size_t count;
};

struct ob_archive_person_report {
    size_t sessions; /* written, or newly kept */
    size_t known;    /* were kept already */
    size_t files;
    size_t damaged; /* do not open, and are missing or incomplete in the archive */
    uint64_t beats;
    bool new_person;
};

enum ob_err ob_archive_person_write(struct ob_store *store, const struct ob_key *key,
                                    const struct ob_archive_person_desc *desc,
                                    struct ob_archive_person_report *report_out, char *problem_out, size_t size);

/* Reads the archive to its end and checks every part before anything is changed; then adds what is not kept yet, all of
 * it in one transaction. key: of the person to whom the sessions go; NULL: of the person in the archive, who is found
 * by name and by the moment since when they are kept, or made with a key file. Needs the lock. */
enum ob_err ob_archive_person_read(struct ob_store *store, const struct ob_key *key, const char *path,
                                   const char *passphrase, size_t passphrase_size,
                                   struct ob_archive_person_report *report_out, char *problem_out, size_t size);

#endif
