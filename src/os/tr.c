/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "os/tr.h"

#include "os/paths.h"

#include <ctype.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DOMAIN "outbreath"

/* The environment and the locale change under nobody who is asking. */
static pthread_rwlock_t choosing = PTHREAD_RWLOCK_INITIALIZER;

/* What gettext asks first. What the desktop said is remembered, for whoever goes back to it. */
static void ask_for(const char *language)
{
    static char desktops[256];
    static bool asked, had;
    const char *now = getenv("LANGUAGE");
    if (!asked) {
        asked = true;
        had = now != NULL;
        snprintf(desktops, sizeof desktops, "%s", now ? now : "");
    }
    if (language && language[0] && strcmp(language, "auto") != 0)
        setenv("LANGUAGE", language, 1);
    else if (had)
        setenv("LANGUAGE", desktops, 1);
    else
        unsetenv("LANGUAGE");
}

void ob_tr_begin(const char *language)
{
    char folder[PATH_MAX + 16] = "";
    pthread_rwlock_wrlock(&choosing);
    ask_for(language);
    /* Messages and the order of letters alone: numbers in files keep their point. gettext answers nobody in the C
     * locale, so a language that somebody asks for needs one that is not it. */
    if (!setlocale(LC_CTYPE, "") || !setlocale(LC_MESSAGES, "") || strcmp(setlocale(LC_MESSAGES, NULL), "C") == 0) {
        setlocale(LC_CTYPE, "C.UTF-8");
        setlocale(LC_MESSAGES, "C.UTF-8");
    }
    if (ob_paths_locale(folder, sizeof folder) == OB_OK)
        bindtextdomain(DOMAIN, folder);
    bind_textdomain_codeset(DOMAIN, "UTF-8");
    textdomain(DOMAIN);
    pthread_rwlock_unlock(&choosing);
}

const char *ob_tr(const char *english)
{
    if (!english[0])
        return english;
    pthread_rwlock_rdlock(&choosing);
    const char *text = gettext(english);
    pthread_rwlock_unlock(&choosing);
    return text;
}

void ob_tr_numbers(char *text)
{
    const char sign = ob_tr(".")[0];
    for (char *p = text; p[0] && p[1]; p++)
        if (p[1] == '.' && isdigit((unsigned char)p[0]) && isdigit((unsigned char)p[2]))
            p[1] = sign;
}
