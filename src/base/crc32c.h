/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CRC-32C (Castagnoli), reflected, polynomial 0x1EDC6F41, as in RFC 3720 appendix B.4: "123456789" gives E3069283. */
#ifndef OB_BASE_CRC32C_H
#define OB_BASE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* crc: 0 to begin, or the result over the bytes before these. */
uint32_t ob_crc32c(uint32_t crc, const void *bytes, size_t count);

#endif
