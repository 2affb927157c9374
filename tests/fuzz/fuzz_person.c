/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --person: whatever is read is within the table, writes back to the same person, and lives. */
#include "person/person.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';

    struct ob_person_desc desc, back;
    char problem[160], written[4096];
    ob_person_desc_init(&desc);
    ob_person_desc_init(&back);
    if (ob_person_desc_parse(text, &desc, problem, sizeof problem) != OB_OK) {
        if (problem[0] == '\0' || memcmp(&desc, &back, sizeof desc) != 0)
            abort(); /* an error has a sentence and changes nothing */
    } else {
#define WITHIN(name, standard, low, high, unit, meaning)                                                               \
    if (!(desc.name >= (low) && desc.name <= (high)))                                                                  \
        abort();
        OB_PERSON_TABLE(WITHIN)
#undef WITHIN
        if (ob_person_desc_text(&desc, written, sizeof written) >= sizeof written ||
            ob_person_desc_parse(written, &back, problem, sizeof problem) != OB_OK)
            abort();
        desc.signals = (1u << OB_PERSON_SIGNALS) - 1u;
        struct ob_person *person = ob_person_create(&desc, 0);
        if (person) {
            const struct ob_person_cue cue = {0.2, 6, 0.4, 1};
            struct ob_person_truth truth;
            ob_person_advance(person, INT64_C(3000000000), &cue);
            ob_person_truth(person, &truth);
            if (!(truth.hr_bpm >= 25 && truth.hr_bpm <= 220 && truth.volume_l >= 0 && truth.volume_l <= 10))
                abort();
            ob_person_destroy(person);
        }
    }
    free(text);
    return 0;
}
