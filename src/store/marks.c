/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks that are added to a session which is over: a further packed row behind those that there are. */
#include "store/inner.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static enum ob_err put_row(struct ob_store *store, const struct ob_key *key, const struct ob_id *session,
                           const unsigned char *bytes, size_t size)
{
    int64_t next = 0;
    sqlite3_stmt *statement;
    enum ob_err err =
        ob_db_number(store->sql, "SELECT coalesce(max(number) + 1, 0) FROM pack WHERE session = ?", session, &next);
    if (!err)
        err = ob_db_prepare(store->sql, "INSERT INTO pack(session, number, sealed) VALUES (?, ?, ?)", &statement);
    if (err)
        return err;
    const struct ob_row_name name = {.row = OB_ROW_PACK, .session = *session, .number = (uint64_t)next};
    ob_db_bind_id(statement, 1, session);
    sqlite3_bind_int64(statement, 2, next);
    err = ob_store_bind_sealed(statement, 3, key, &name, bytes, size);
    if (!err)
        return ob_db_finish(statement);
    sqlite3_finalize(statement);
    return err;
}

enum ob_err ob_store_session_mark(struct ob_store *store, const struct ob_key *key, const struct ob_id *session,
                                  const struct ob_item_mark *mark, char *problem_out, size_t problem_size)
{
    struct ob_session_row row;
    struct ob_item item = {.kind = OB_ITEM_MARK, .u.mark = *mark};
    unsigned char bytes[OB_ITEM_MAX];
    const size_t size = ob_item_encode(&item, bytes);
    enum ob_err err = size > 0 ? ob_store_lock(store, problem_out, problem_size) : OB_ERR_RANGE;
    if (err == OB_ERR_RANGE)
        snprintf(problem_out, problem_size, "a mark has a name and at most %d bytes of words, in UTF-8",
                 OB_MARK_WORDS - 1);
    if (err)
        return err;
    err = ob_store_session_get(store, key, session, &row);
    if (!err && row.state == OB_SESSION_RUNNING)
        err = OB_ERR_BUSY;
    if (!err)
        err = ob_store_change(store);
    if (!err) {
        err = put_row(store, key, session, bytes, size);
        const enum ob_err end = ob_store_change_end(store, !err);
        err = err ? err : end;
        if (end)
            ob_store_change_end(store, false);
    }
    sodium_memzero(&item, sizeof item);
    sodium_memzero(bytes, sizeof bytes);
    if (err)
        snprintf(problem_out, problem_size, "the mark can't be kept: %s", ob_err_text(err));
    return err;
}
