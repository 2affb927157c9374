/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Headers of a tar archive in the ustar form (POSIX.1-1988), as far as ours need it: plain files, names up to 100
 * bytes. Other entries of a foreign tar are told apart and passed over. Pure. */
#ifndef OB_REPORT_TAR_H
#define OB_REPORT_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OB_TAR_BLOCK 512
#define OB_TAR_NAME  101
#define OB_TAR_MAX   ((uint64_t)8 << 30) /* bytes of one entry that eleven octal digits hold */

enum ob_tar { OB_TAR_FILE, OB_TAR_OTHER, OB_TAR_END /* a block of zeros */, OB_TAR_BROKEN };

struct ob_tar_entry {
    char name[OB_TAR_NAME];
    uint64_t size;
};

/* False for an empty or too long name, or a size that it can't hold. wall_s: since 1970. */
bool ob_tar_encode(const char *name, uint64_t size, int64_t wall_s, unsigned char out[OB_TAR_BLOCK]);

enum ob_tar ob_tar_decode(const unsigned char block[OB_TAR_BLOCK], struct ob_tar_entry *entry_out);

/* Bytes of zeros behind contents of this size. */
static inline size_t ob_tar_padding(uint64_t size)
{
    return (size_t)((OB_TAR_BLOCK - size % OB_TAR_BLOCK) % OB_TAR_BLOCK);
}

#endif
