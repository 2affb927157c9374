/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/program.h"

#include "base/log.h"
#include "os/file.h"
#include "render/embedded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char *embedded_text(const char *name)
{
    for (const struct ob_embedded *e = ob_embedded_shaders; e->name; e++)
        if (strcmp(e->name, name) == 0)
            return e->text;
    return NULL;
}

/* 0 when there is no file (a pipe of that name would never end). Size and inode are mixed in: two saves may share a
 * coarse time stamp. */
int64_t ob_program_stamp(const char *path)
{
    struct stat st;
    if (!path[0] || stat(path, &st) || !S_ISREG(st.st_mode))
        return 0;
    const int64_t stamp = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
    return (stamp ^ ((int64_t)st.st_size << 20) ^ (int64_t)st.st_ino) | 1;
}

/* The first two lines of what the driver said, on one line. */
static void one_line(char *text)
{
    int lines = 0;
    for (char *c = text; *c; c++) {
        if (*c != '\n' && *c != '\r')
            continue;
        if (++lines == 2 || c[1] == 0) {
            *c = 0;
            return;
        }
        *c = ' ';
    }
}

static GLuint compile(const struct ob_program *program, GLenum kind, const char *defines, const char *text,
                      char *problem, size_t size)
{
    const bool fragment = kind == GL_FRAGMENT_SHADER;
    const char *head = program->es ? "#version 300 es\nprecision highp float;\nprecision highp int;\n"
                                     "precision highp sampler2D;\n"
                                   : "#version 330 core\n";
    const char *parts[] = {head, defines, fragment && program->before ? program->before : "", "\n#line 1\n",
                           text, "\n",    fragment && program->behind ? program->behind : ""};
    const GLuint shader = glCreateShader(kind);
    glShaderSource(shader, 7, parts, NULL);
    glCompileShader(shader);
    GLint ok = 0;
    glGetShaderiv(shader, GL_COMPILE_STATUS, &ok);
    if (ok)
        return shader;
    problem[0] = 0;
    glGetShaderInfoLog(shader, (GLsizei)size, NULL, problem);
    one_line(problem);
    glDeleteShader(shader);
    return 0;
}

static GLuint build(const struct ob_program *program, const char *defines, const char *text, char *problem, size_t size)
{
    const GLuint vertex = compile(program, GL_VERTEX_SHADER, "", embedded_text("quad.vert.glsl"), problem, size);
    const GLuint fragment = vertex ? compile(program, GL_FRAGMENT_SHADER, defines, text, problem, size) : 0;
    GLuint id = 0;
    if (fragment) {
        id = glCreateProgram();
        glAttachShader(id, vertex);
        glAttachShader(id, fragment);
        glLinkProgram(id);
        GLint ok = 0;
        glGetProgramiv(id, GL_LINK_STATUS, &ok);
        if (!ok) {
            problem[0] = 0;
            glGetProgramInfoLog(id, (GLsizei)size, NULL, problem);
            one_line(problem);
            glDeleteProgram(id);
            id = 0;
        }
    }
    glDeleteShader(vertex);
    glDeleteShader(fragment);
    return id;
}

/* Builds every part of a text and takes them all into use, or none. */
static bool take(struct ob_program *program, const char *text, char *problem, size_t size)
{
    struct ob_program_plan plan = {.parts = 1, .to_01 = {1.0f}};
    GLuint ids[OB_PROGRAM_PARTS] = {0};
    if (program->planner)
        program->planner(text, &plan);
    for (int i = 0; i < plan.parts; i++) {
        ids[i] = build(program, plan.defines[i], text, problem, size);
        if (ids[i])
            continue;
        while (i-- > 0)
            glDeleteProgram(ids[i]);
        return false;
    }
    ob_program_finish(program);
    program->plan = plan;
    program->id = ids[0];
    for (int i = 0; i < plan.parts; i++) {
        program->ids[i] = ids[i];
        for (int u = 0; program->uniforms[u] && u < OB_PROGRAM_UNIFORMS; u++)
            program->all_at[i][u] = glGetUniformLocation(ids[i], program->uniforms[u]);
    }
    return true;
}

/* Reads and builds the file; true if its text is in use now. */
static bool take_file(struct ob_program *program)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    char problem[200] = "";
    const enum ob_err err = ob_file_read(program->path, OB_PROGRAM_TEXT, &bytes, &size);
    bool taken = false;
    if (err == OB_ERR_RANGE)
        snprintf(problem, sizeof problem, "it is longer than the %d KiB that a shader may have",
                 OB_PROGRAM_TEXT / 1024);
    else if (err)
        snprintf(problem, sizeof problem, "%s", ob_err_text(err));
    else
        taken = take(program, (const char *)bytes, problem, sizeof problem);
    free(bytes);
    if (taken) {
        program->problem[0] = 0;
        return true;
    }
    const char *slash = strrchr(program->path, '/');
    snprintf(program->problem, sizeof program->problem, "%.40s: %s", slash ? slash + 1 : program->path, problem);
    ob_log(OB_LOG_WARNING, "The shader %s is not used: %s", program->path, problem);
    return false;
}

enum ob_err ob_program_init(struct ob_program *program, const struct ob_program_desc *desc)
{
    memset(program, 0, sizeof *program);
    for (int i = 0; i < OB_PROGRAM_PARTS; i++)
        for (int u = 0; u < OB_PROGRAM_UNIFORMS; u++)
            program->all_at[i][u] = -1;
    program->at = program->all_at[0];
    program->uniforms = desc->uniforms;
    program->planner = desc->planner;
    program->before = desc->before ? embedded_text(desc->before) : NULL;
    program->behind = desc->behind ? embedded_text(desc->behind) : NULL;
    program->es = desc->es;
    const char *text = embedded_text(desc->name);
    if (!text)
        snprintf(program->path, sizeof program->path, "%s", desc->name);
    else if (desc->dir)
        snprintf(program->path, sizeof program->path, "%s/%s", desc->dir, desc->name);
    program->stamp = ob_program_stamp(program->path);
    if (!text && !program->stamp)
        return OB_ERR_NOT_FOUND;
    if (program->stamp && take_file(program))
        return OB_OK;
    char problem[200];
    return text && take(program, text, problem, sizeof problem) ? OB_OK : OB_ERR_SHADER;
}

void ob_program_finish(struct ob_program *program)
{
    for (int i = 0; i < OB_PROGRAM_PARTS; i++) {
        if (program->ids[i])
            glDeleteProgram(program->ids[i]);
        program->ids[i] = 0;
    }
    program->id = 0;
}

bool ob_program_changed(const struct ob_program *program)
{
    const int64_t stamp = ob_program_stamp(program->path);
    /* A file that is gone for a moment is being replaced by an editor. */
    return stamp && stamp != program->stamp;
}

void ob_program_pass_over(struct ob_program *program, const char *problem)
{
    program->stamp = ob_program_stamp(program->path);
    snprintf(program->problem, sizeof program->problem, "%.255s", problem);
}

bool ob_program_refresh(struct ob_program *program)
{
    if (!ob_program_changed(program))
        return false;
    program->stamp = ob_program_stamp(program->path);
    if (take_file(program))
        ob_log(OB_LOG_INFO, "The shader %s was taken in.", program->path);
    return true;
}
