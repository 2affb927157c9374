/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The therapist's console beside a window: from home a next client comes, with a name that nobody has here, with one
 * that somebody has, and without; what is kept is that of the second alone. */
#include "../stream/client.h"
#include "child.h"
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SKIPPED 77

static struct stage stage;
static int wrong;

static bool expect(bool good, const char *what)
{
    printf("%-60s %s\n", what, good ? "good" : "WRONG");
    wrong += !good;
    return good;
}

/* The first message about this sitting. */
static const char *sitting(int page, int number)
{
    char piece[32];
    snprintf(piece, sizeof piece, "\"sitting\":%d,", number);
    const char *message = client_hear_of(page, piece);
    return message ? message : "";
}

static bool add_person(const char *data)
{
    const char *const argv[] = {OB_PROGRAM, "people", "add", "Bo", "--data", data, NULL};
    const struct child_desc desc = {.argv = argv};
    return child_wait(child_start(&desc), 60.0) == 0;
}

/* What GET of a file below the page's own path answers, as a number; says: what has to be in it. */
static int fetch(int port, const char *path, const char *name, const char *cookie, const char *says)
{
    char *answer = client_ask(port, "GET %s%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: %s\r\n\r\n", path, name, port,
                              cookie ? cookie : "none=1");
    const int status = answer && (!says || strstr(answer, says)) ? client_status(answer) : 0;
    free(answer);
    return status;
}

/* The session of Bo, which had no sensor, becomes a page: not while it runs, not without consent, not for another. */
static void take_home(int page, int port, const char *path, const char *cookie)
{
    client_say(page, "{\"do\":\"report\",\"sitting\":2}");
    client_say(page, "{\"do\":\"end\",\"sitting\":1}"); /* somebody who has gone */
    client_say(page, "{\"do\":\"end\",\"sitting\":2}");
    expect(client_hear_of(page, "\"stage\":\"ended\"") != NULL, "the session is ended from the page");
    client_say(page, "{\"do\":\"report\",\"sitting\":2}");
    client_say(page, "{\"do\":\"consent\",\"on\":true}");
    expect(client_hear_of(page, "\"consent\":true") && fetch(port, path, "report.html", cookie, NULL) == 404,
           "without consent there is no page to take home");
    client_say(page, "{\"do\":\"report\",\"sitting\":1,\"words\":\"wrong\"}");
    client_say(page, "{\"do\":\"report\",\"sitting\":2,\"words\":\"both <i>feet</i>\",\"appointment\":\"Friday\"}");
    expect(client_hear_of(page, "\"report\":\"ready\"") != NULL, "with it there is one");
    expect(fetch(port, path, "report.html", cookie, "both &lt;i&gt;feet") == 200, "with the therapist's words");
    expect(fetch(port, path, "report.html", cookie, "No heart beat was recorded") == 200,
           "and that nothing was measured");
    expect(fetch(port, path, "report.html", cookie, "Friday") == 200, "and the next appointment");
    expect(fetch(port, path, "report.pdf", cookie, "%PDF-") == 200, "and as a PDF");
    expect(fetch(port, path, "report.pdf", NULL, NULL) == 403, "for nobody without the cookie");
    client_say(page, "{\"do\":\"consent\",\"on\":false}");
    expect(client_hear_of(page, "\"report\":\"offered\"") && fetch(port, path, "report.pdf", cookie, NULL) == 404,
           "and for nobody when consent is taken back");
    client_say(page, "{\"do\":\"consent\",\"on\":true}");
    client_say(page, "{\"do\":\"report\",\"sitting\":2}");
    expect(client_hear_of(page, "\"report\":\"ready\"") && fetch(port, path, "report.pdf", cookie, "%PDF-") == 200,
           "until it is given again");
}

static void talk(const char *address)
{
    char path[64], cookie[128], live[96], host[32], origin[48];
    int port = 0, status;
    sscanf(address, "http://127.0.0.1:%d/", &port);
    if (!expect(client_enter(address, path, cookie) == 200, "its key opens"))
        return;
    snprintf(live, sizeof live, "%slive", path);
    snprintf(host, sizeof host, "127.0.0.1:%d", port);
    snprintf(origin, sizeof origin, "http://%s", host);
    const int page = client_open(port, live, host, origin, cookie, &status);
    if (!expect(page >= 0, "a page opens"))
        return;
    expect(client_hear_of(page, "\"stage\":\"idle\"") != NULL, "no session runs yet");
    client_say(page, "{\"do\":\"next\",\"sitting\":0,\"name\":\"Nobody Here\"}");
    const char *first = sitting(page, 1);
    expect(strstr(first, "\"client\":\"\"") && strstr(first, "\"kept\":false"), "a name that nobody has: not kept");
    expect(client_hear_of(page, "\"stage\":\"guided\"") != NULL, "and the session runs");
    client_say(page, "{\"do\":\"next\",\"sitting\":1,\"name\":\"Bo\"}");
    const char *second = sitting(page, 2);
    expect(strstr(second, "\"client\":\"Bo\"") && strstr(second, "\"kept\":true"), "a name that somebody has: kept");
    client_say(page, "{\"do\":\"mark\",\"label\":\"sigh\"}");
    expect(client_hear_of(page, "\"sigh\",\"\"]]") != NULL, "a mark is shown");
    take_home(page, port, path, cookie);
    client_say(page, "{\"do\":\"next\",\"sitting\":2}");
    const char *third = sitting(page, 3);
    expect(strstr(third, "\"marks\":[]") && strstr(third, "\"kept\":false") && !strstr(third, "Bo"),
           "nothing is left of it");
    expect(fetch(port, path, "report.html", cookie, NULL) == 404, "and the page is gone");
    close(page);
}

int main(void)
{
    char problem[256], data[256], address[128] = "";
    if (!stage_init(&stage, STAGE_SCREEN, 320, 180, problem, sizeof problem)) {
        printf("skipped: %s\n", problem);
        return SKIPPED;
    }
    snprintf(data, sizeof data, "%s/kept", stage.folder);
    const char *const argv[] = {OB_PROGRAM, "--config", "none",     "--data", data,        "--mute",
                                "--width",  "320",      "--height", "180",    "--console", NULL};
    bool ready = expect(add_person(data), "somebody is known here") && stage_start(&stage, argv);
    for (int i = 0; ready && i < 1200 && !address[0] && stage_runs(&stage); i++) {
        const char *printed = strstr(stage_output(&stage), "http://127.0.0.1:");
        if (printed && strchr(printed, '\n'))
            snprintf(address, sizeof address, "%.*s", (int)strcspn(printed, "\n"), printed);
        sleep_s(0.05);
    }
    if (expect(address[0] != '\0', "an address is printed") &&
        expect(stage_wait_picture(&stage, 120.0), "a picture comes"))
        talk(address);
    expect(stage_end(&stage) == 0, "it ends when it is asked to");
    expect(strstr(stage_output(&stage), "Kept as session 1") != NULL, "one session is kept");
    expect(strstr(stage_output(&stage), "Kept as session 2") == NULL, "and no other");
    if (wrong)
        printf("%s\n", stage_output(&stage));
    stage_finish(&stage);
    return wrong > 0;
}
