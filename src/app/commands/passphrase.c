/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/commands/passphrase.h"

#include "app/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

void ob_passphrase_wipe(struct ob_passphrase *passphrase)
{
    explicit_bzero(passphrase, sizeof *passphrase);
}

bool ob_somebody_is_here(void)
{
    return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

/* Byte by byte: stdio would leave a copy in its buffer. False for a line that is too long or an error. */
static bool read_line(int fd, struct ob_passphrase *out)
{
    out->size = 0;
    for (;;) {
        char c;
        const ssize_t got = read(fd, &c, 1);
        if (got < 0)
            return false;
        if (got == 0 || c == '\n')
            break;
        if (out->size == OB_PASSPHRASE_MAX)
            return false;
        out->text[out->size++] = c;
    }
    if (out->size > 0 && out->text[out->size - 1] == '\r')
        out->size--;
    out->text[out->size] = '\0';
    return true;
}

static bool ask(const char *question, struct ob_passphrase *out)
{
    struct termios before, quiet;
    if (tcgetattr(STDIN_FILENO, &before) != 0)
        return false;
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    fprintf(stderr, "%s", question);
    const bool got = read_line(STDIN_FILENO, out);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    fputc('\n', stderr);
    return got;
}

static bool from_file(const char *file, struct ob_passphrase *out)
{
    char sentence[256];
    FILE *in = fopen(file, "re");
    const bool got = in && read_line(fileno(in), out) && out->size > 0;
    if (in)
        fclose(in);
    if (!got) {
        snprintf(sentence, sizeof sentence, "no passphrase can be read from %.150s (its first line, 1 to %d bytes)",
                 file, OB_PASSPHRASE_MAX);
        ob_say(0, sentence);
    }
    return got;
}

bool ob_passphrase_get(const char *file, const char *question, bool anew, struct ob_passphrase *out, bool *given_out)
{
    *given_out = true;
    if (file)
        return from_file(file, out);
    const char *set = getenv("OUTBREATH_PASSPHRASE");
    if (set && *set) {
        out->size = strlen(set);
        if (out->size > OB_PASSPHRASE_MAX) {
            ob_say(0, "the passphrase in OUTBREATH_PASSPHRASE is too long");
            return false;
        }
        memcpy(out->text, set, out->size + 1);
        return true;
    }
    *given_out = ob_somebody_is_here();
    if (!*given_out)
        return false;
    if (!ask(question, out))
        return false;
    if (out->size == 0) {
        *given_out = false;
        return false;
    }
    if (!anew)
        return true;
    struct ob_passphrase again;
    const bool same =
        ask("The same once more: ", &again) && again.size == out->size && memcmp(again.text, out->text, out->size) == 0;
    ob_passphrase_wipe(&again);
    if (!same)
        ob_say(0, "the two were not the same; nothing was changed");
    return same;
}

bool ob_confirm(const char *question, const char *answer)
{
    char line[64];
    if (!ob_somebody_is_here())
        return false;
    fprintf(stderr, "%s", question);
    if (!fgets(line, sizeof line, stdin))
        return false;
    line[strcspn(line, "\n")] = '\0';
    return strcmp(line, answer) == 0;
}
