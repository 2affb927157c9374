/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Did you mean": the known word nearest to one that was typed. Any thread. */
#ifndef OB_BASE_NEAREST_H
#define OB_BASE_NEAREST_H

#include <stddef.h>

/* The known word with the fewest letters changed, added, left out or swapped (Damerau 1964), or NULL when more than a
 * third of the letters, and more than one, would have to change. */
const char *ob_nearest(const char *typed, const char *const *known, size_t count);

#endif
