/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a person's own scenes lie: the folder scenes/ beside what is kept. */
#ifndef OB_APP_SCENE_FOLDER_H
#define OB_APP_SCENE_FOLDER_H

#include <stddef.h>

/* data: as given to --data, NULL for the usual place. NULL when there is no such place; the folder itself need not
 * exist. */
const char *ob_scene_folder(const char *data, char *path_out, size_t size);

#endif
