/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scenes there are: those in the program, and a person's own, which are the files NAME.glsl of a folder.
 *
 * A name is letters, digits, '-' and '_', at most OB_SHELF_NAME bytes with its end; files of other names are not
 * scenes. Where both have a name, it is the program's: whatever lies in the folder, a session and a protocol that name
 * a scene get the one they mean. Reads the folder anew at each call. Any thread. */
#ifndef OB_RENDER_SHELF_H
#define OB_RENDER_SHELF_H

#include <stdbool.h>

#define OB_SHELF_NAME 48
#define OB_SHELF_MOST 64 /* own scenes; those behind them in the alphabet are not listed */

struct ob_shelf {
    int count;      /* all */
    int in_program; /* the first of them are the program's */
    char names[2 * OB_SHELF_MOST][OB_SHELF_NAME];
};

/* folder: of own scenes; NULL: only the program's. */
void ob_shelf_list(const char *folder, struct ob_shelf *shelf_out);

/* The name of the scene with this index among those in the program, NULL behind the last. */
const char *ob_shelf_name(int index, char *name_out, int size);

/* The file that a scene's name or path means: of the program's "scenes/NAME.glsl" (its name in the embedded table), of
 * one's own a path. True where it is somebody's own. A name that nobody has is left as it is. */
bool ob_shelf_find(const char *folder, const char *name, char *path_out, int size);

/* What a scene calls itself in its header ("Ink in still water"); its name where it does not, or not in UTF-8. */
const char *ob_shelf_title(const char *folder, const char *name, char *title_out, int size);

/* The same from a scene's text (0-terminated): false when its header does not say it, or not in UTF-8 and in less than
 * size bytes. Pure. */
bool ob_shelf_title_of(const char *text, char *title_out, int size);

/* A sentence for a scene that is not there: the nearest name, if one is near, and those there are. */
const char *ob_shelf_unknown(const char *folder, const char *name, char *sentence_out, int size);

#endif
