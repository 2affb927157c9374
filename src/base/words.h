/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words for people in rooms that cannot translate: a pure room marks them, and whoever shows them translates. */
#ifndef OB_BASE_WORDS_H
#define OB_BASE_WORDS_H

/* Marks an English sentence for the catalogue (po/update.sh gathers by this name) and is that sentence. */
#define OB_TR(english) english

/* How a sentence comes into somebody's language. */
typedef const char *ob_tr_fn(const char *english);

static inline const char *ob_words_in(ob_tr_fn *tr, const char *english)
{
    return tr ? tr(english) : english;
}

#endif
