/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window/desk_page.h"

#include "app/say.h"
#include "app/session/take_home.h"
#include "app/window/shell.h"
#include "base/mark.h"
#include "os/tr.h"

#include <stdlib.h>
#include <string.h>

static void say(struct ob_shell *s, uint32_t report, const char *sentence)
{
    s->desk.view.report = report;
    ob_mark_words(sentence, s->desk.view.report_says, sizeof s->desk.view.report_says);
    s->desk.told_ns = 0;
}

void ob_desk_page_begin(struct ob_shell *s)
{
    s->page = (struct ob_desk_page){.due = false};
}

/* The session is closed for good, or will be with the end page. */
static bool is_over(const struct ob_shell *s)
{
    return s->place ? !s->place->over_session : s->sitting.ended_ns != 0;
}

void ob_desk_page_ask(struct ob_shell *s, const struct ob_request *request)
{
    const struct ob_console_view *v = &s->desk.view;
    if (v->report == OB_CONSOLE_REPORT_NONE || v->report == OB_CONSOLE_REPORT_MAKING || !v->consent || !v->kept ||
        request->value != (double)v->sitting || !is_over(s))
        return;
    memcpy(s->page.words, request->text, sizeof s->page.words);
    memcpy(s->page.appointment, request->words, sizeof s->page.appointment);
    s->page.due = true;
    if (!s->place && !s->goes)
        ob_shell_end(s); /* the last picture need not stand any longer */
    say(s, OB_CONSOLE_REPORT_MAKING, "");
}

void ob_desk_page_withdraw(struct ob_shell *s)
{
    s->page = (struct ob_desk_page){.due = false};
    ob_console_give(s->desk.console, "report.html", NULL, 0);
    ob_console_give(s->desk.console, "report.pdf", NULL, 0);
    if (s->desk.view.report != OB_CONSOLE_REPORT_NONE)
        say(s, OB_CONSOLE_REPORT_OFFERED, "");
}

static enum ob_err make(struct ob_shell *s)
{
    const struct ob_take_home_desc desc = {
        .words = s->page.words, .appointment = s->page.appointment[0] ? s->page.appointment : NULL, .suggestion = -1};
    const struct ob_tongue tongue = ob_take_home_tongue();
    struct ob_sheet html = {.bytes = NULL}, pdf = {.bytes = NULL};
    struct ob_summary *summary = malloc(sizeof *summary);
    if (!summary)
        return OB_ERR_NO_MEMORY;
    const enum ob_err err = ob_take_home_kept(&s->kept, &desc, summary);
    bool given = false;
    if (!err) {
        ob_write_page_html(&html, summary, &tongue);
        ob_write_page_pdf(&pdf, summary, &tongue, OB_PAPER_A4);
        given = !html.failed && !pdf.failed && ob_console_give(s->desk.console, "report.html", html.bytes, html.size) &&
                ob_console_give(s->desk.console, "report.pdf", pdf.bytes, pdf.size);
    }
    ob_take_home_wipe(&html);
    ob_take_home_wipe(&pdf);
    ob_summary_finish(summary);
    free(summary);
    return !err && !given ? OB_ERR_NO_MEMORY : err;
}

void ob_desk_page_step(struct ob_shell *s)
{
    if (!s->page.due || !s->place || s->place->over_session || s->goes)
        return;
    ob_shell_keep(s);
    const enum ob_err err = s->kept.key ? make(s) : OB_ERR_NOT_FOUND;
    s->page = (struct ob_desk_page){.due = false};
    if (!err)
        say(s, OB_CONSOLE_REPORT_READY, "");
    else {
        ob_say(0, ob_err_text(err));
        say(s, OB_CONSOLE_REPORT_FAILED, ob_tr("The page can't be made; the terminal says why."));
    }
}
