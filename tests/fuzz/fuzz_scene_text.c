/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is read of a scene's text before the driver sees it: its title and its bands. */
#include "render/scene.h"
#include "render/shelf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    if (size)
        memcpy(text, data, size);
    text[size] = '\0';
    char title[80];
    if (ob_shelf_title_of(text, title, sizeof title) && (!title[0] || strlen(title) >= sizeof title))
        abort();
    struct ob_program_plan plan;
    ob_scene_plan(text, &plan);
    if (plan.parts < 1 || plan.parts > OB_PROGRAM_PARTS)
        abort();
    for (int i = 0; i < plan.parts; i++)
        if (!(plan.from_01[i] >= 0.0f && plan.from_01[i] <= 1.0f && plan.to_01[i] >= 0.0f && plan.to_01[i] <= 1.0f))
            abort();
    free(text);
    return 0;
}
