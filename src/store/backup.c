/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/backup.h"
#include "os/paths.h"
#include "store/backup_inner.h"

enum ob_err ob_store_backup(struct ob_store *store, const char *path, const char *passphrase, size_t passphrase_size,
                            struct ob_backup_report *report_out, char *problem_out, size_t problem_size)
{
    (void)store, (void)path, (void)passphrase, (void)passphrase_size, (void)report_out, (void)problem_out,
        (void)problem_size;
    return OB_ERR_UNSUPPORTED;
}
bool ob_restore_waits(const char *folder)
{
    (void)folder;
    return false;
}
enum ob_err ob_restore_finish(const char *folder)
{
    (void)folder;
    return OB_OK;
}
