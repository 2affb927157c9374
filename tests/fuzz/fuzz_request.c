/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a page of the console sends: any bytes. Whatever is understood is within its limits and whole. */
#include "base/mark.h"
#include "stream/door.h"
#include "stream/request.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct ob_request request;
    char clean[OB_REQUEST_WORDS];
    const bool understood = ob_request_read((const char *)bytes, size, &request);
    if (understood != (request.kind != OB_REQUEST_NONE) || request.kind >= OB_REQUEST_KINDS)
        abort();
    if (!memchr(request.words, 0, sizeof request.words))
        abort();
    ob_mark_words(request.words, clean, sizeof clean);
    if (strcmp(clean, request.words) != 0)
        abort(); /* nothing is left to clean */
    if ((request.kind == OB_REQUEST_MARK && request.code >= OB_MARK_LABELS) ||
        (request.kind == OB_REQUEST_SILENT && request.code >= OB_SILENT_KINDS) ||
        (request.kind == OB_REQUEST_PACE && !(request.value >= 3.0 && request.value <= 12.0)) ||
        (request.kind == OB_REQUEST_VOLUME && !(request.value >= 0.0 && request.value <= 1.0)))
        abort();
    /* The same bytes as headers and path: nobody comes in by them. */
    static const unsigned char random[OB_DOOR_RANDOM] = {1, 2, 3};
    struct ob_door door;
    char *text = malloc(size + 1);
    memcpy(text, bytes, size);
    text[size] = '\0';
    ob_door_renew(&door, random);
    if (ob_door_try(&door, text, size) == OB_DOOR_OPEN)
        abort();
    door.taken = true;
    ob_door_inner(&door, text);
    ob_door_host(text, 8642);
    ob_door_origin(text, "127.0.0.1:8642");
    if (ob_door_knows(&door, text))
        abort();
    free(text);
    return 0;
}
