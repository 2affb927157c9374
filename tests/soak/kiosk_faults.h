/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can go wrong with a kiosk, on purpose, and how long it takes until it is well again. One thread. */
#ifndef OB_TEST_KIOSK_FAULTS_H
#define OB_TEST_KIOSK_FAULTS_H

#include "../live/studio.h"

#include <stdbool.h>
#include <sys/types.h>

enum kiosk_fault {
    KIOSK_KILLED,
    KIOSK_STOPPED,
    KIOSK_PICTURE_HANGS, /* the main thread */
    KIOSK_SOUND_HANGS,   /* control thread and callback */
    KIOSK_SENSOR_HANGS,
    KIOSK_ENGINE_HANGS, /* in the place of the writer; only while a session runs */
    KIOSK_SOUND_DIES,   /* the sound server is killed and comes back; no child dies of it */
    KIOSK_FAULTS
};

struct kiosk_place {
    char folder[64]; /* all of the kiosk's homes */
    char beside[64]; /* what is not the kiosk's: the sound server, the service manager's ear */
    bool has_sound;
    struct studio studio;
    int notify_fd;
    pid_t supervisor;
};

struct kiosk_healed {
    double back_s; /* until another child was alive, or, after the sound's death, sound was heard; negative: never */
    int fed;       /* so often the watchdog was fed while something stood still */
};

const char *kiosk_fault_name(enum kiosk_fault fault);

/* Whether the child dies of it. */
bool kiosk_fault_kills(enum kiosk_fault fault);

/* Plants it and waits until all is well. False: it can't be planted just now. */
bool kiosk_plant(struct kiosk_place *place, enum kiosk_fault fault, pid_t child, struct kiosk_healed *healed_out);

#endif
