/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "program.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[256];
static pid_t maker; /* of the folder: not a child of the test that ends */

static void remove_folder(void)
{
    char command[600];
    if (getpid() != maker)
        return;
    snprintf(command, sizeof command, "chmod -R u+w '%s'; rm -rf '%s'", folder, folder);
    if (system(command) != 0)
        fprintf(stderr, "%s is left over\n", folder);
}

const char *scratch_folder(void)
{
    if (maker)
        remove_folder();
    else
        atexit(remove_folder);
    maker = getpid();
    snprintf(folder, sizeof folder, "%s/outbreath-test-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    if (!mkdtemp(folder))
        exit(99);
    setenv("OUTBREATH_CONFIG", "none", 1); /* whatever the settings of whoever runs the tests are */
    return folder;
}

const char *in_folder(const char *name)
{
    static char paths[4][600];
    static int turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

int run_program(const char *arguments, ...)
{
    char line[2048], command[4096];
    va_list args;
    va_start(args, arguments);
    vsnprintf(line, sizeof line, arguments, args);
    va_end(args);
    snprintf(command, sizeof command, "'%s' %s >'%s/stdout' 2>'%s/stderr' </dev/null", OB_PROGRAM, line, folder,
             folder);
    const int status = system(command);
    if (WIFSIGNALED(status))
        return 128 + WTERMSIG(status);
    return WEXITSTATUS(status);
}

static const char *load(const char *path, char *memory, size_t size)
{
    memory[0] = '\0';
    FILE *in = fopen(path, "rb");
    if (in) {
        memory[fread(memory, 1, size - 1, in)] = '\0';
        fclose(in);
    }
    return memory;
}

const char *said(void)
{
    static char memory[8192];
    char path[512];
    snprintf(path, sizeof path, "%s/stderr", folder);
    return load(path, memory, sizeof memory);
}

const char *printed(void)
{
    static char memory[65536];
    char path[512];
    snprintf(path, sizeof path, "%s/stdout", folder);
    return load(path, memory, sizeof memory);
}

double printed_number(const char *key)
{
    char wanted[64];
    snprintf(wanted, sizeof wanted, "\"%s\": ", key);
    const char *at = strstr(printed(), wanted);
    if (!at || strncmp(at + strlen(wanted), "null", 4) == 0)
        return (double)NAN;
    return atof(at + strlen(wanted));
}

const char *text_of(const char *path)
{
    static char memory[1 << 20];
    return load(path, memory, sizeof memory);
}

int same_bytes(const char *a, const char *b)
{
    FILE *x = fopen(a, "rb"), *y = fopen(b, "rb");
    int same = x && y;
    long count = 0;
    while (same) {
        const int c = getc(x), d = getc(y);
        same = c == d;
        if (c == EOF || d == EOF)
            break;
        count++;
    }
    if (x)
        fclose(x);
    if (y)
        fclose(y);
    return same && count > 0;
}

size_t csv_column(const char *path, const char *heading, double *out, size_t max)
{
    FILE *in = fopen(path, "r");
    char line[4096];
    int column = -1;
    size_t n = 0;
    if (!in)
        return 0;
    while (n < max && fgets(line, sizeof line, in)) {
        line[strcspn(line, "\r\n")] = '\0';
        int at = 0;
        char *rest = line;
        for (char *field; (field = strsep(&rest, ",")); at++) {
            if (column < 0 && strcmp(field, heading) == 0) {
                column = at;
                break;
            }
            if (at == column) {
                out[n++] = *field ? strtod(field, NULL) : (double)NAN;
                break;
            }
        }
        if (column < 0 && line[0] != '#')
            break;
    }
    fclose(in);
    return n;
}
