/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/program.h"

#include "base/log.h"
#include "os/file.h"
#include "render/embedded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define TEXT_LIMIT (256 * 1024)

static const char *embedded_text(const char *name)
{
    for (const struct ob_embedded *e = ob_embedded_shaders; e->name; e++)
        if (strcmp(e->name, name) == 0)
            return e->text;
    return NULL;
}

/* 0 when there is no file. Size and inode are mixed in: two saves may share a coarse time stamp. */
static int64_t file_stamp(const char *path)
{
    struct stat st;
    if (!path[0] || stat(path, &st))
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

static GLuint compile(GLenum kind, bool es, bool scene, const char *text, char *problem, size_t size)
{
    const char *head = es ? "#version 300 es\nprecision highp float;\nprecision highp int;\n"
                            "precision highp sampler2D;\n"
                          : "#version 330 core\n";
    const char *inputs = scene ? embedded_text("scene_inputs.glsl") : "";
    const char *tail = scene ? embedded_text("scene_main.glsl") : "";
    const char *parts[] = {head, inputs, "\n#line 1\n", text, "\n", tail};
    const GLuint shader = glCreateShader(kind);
    glShaderSource(shader, 6, parts, NULL);
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

static GLuint build(const struct ob_program *program, const char *text, char *problem, size_t size)
{
    const GLuint vertex = compile(GL_VERTEX_SHADER, program->es, false, embedded_text("quad.vert.glsl"), problem, size);
    const GLuint fragment = vertex ? compile(GL_FRAGMENT_SHADER, program->es, program->scene, text, problem, size) : 0;
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

static void adopt(struct ob_program *program, GLuint id)
{
    if (program->id)
        glDeleteProgram(program->id);
    program->id = id;
    for (int i = 0; program->uniforms[i] && i < OB_PROGRAM_UNIFORMS; i++)
        program->at[i] = glGetUniformLocation(id, program->uniforms[i]);
}

/* Reads and builds the file; true if its text is in use now. */
static bool take_file(struct ob_program *program)
{
    unsigned char *bytes = NULL;
    size_t size = 0;
    char problem[200] = "";
    const enum ob_err err = ob_file_read(program->path, TEXT_LIMIT, &bytes, &size);
    GLuint id = 0;
    if (err)
        snprintf(problem, sizeof problem, "%s", ob_err_text(err));
    else
        id = build(program, (const char *)bytes, problem, sizeof problem);
    free(bytes);
    if (id) {
        adopt(program, id);
        program->problem[0] = 0;
        return true;
    }
    const char *slash = strrchr(program->path, '/');
    snprintf(program->problem, sizeof program->problem, "%.40s: %s", slash ? slash + 1 : program->path, problem);
    ob_log(OB_LOG_WARNING, "The shader %s is not used: %s", program->path, problem);
    return false;
}

enum ob_err ob_program_init(struct ob_program *program, const char *dir, const char *name, const char *const *uniforms,
                            bool es, bool scene)
{
    memset(program, 0, sizeof *program);
    for (int i = 0; i < OB_PROGRAM_UNIFORMS; i++)
        program->at[i] = -1;
    program->uniforms = uniforms;
    program->es = es;
    program->scene = scene;
    const char *text = embedded_text(name);
    if (text) {
        program->name = name;
        if (dir)
            snprintf(program->path, sizeof program->path, "%s/%s", dir, name);
    } else {
        snprintf(program->path, sizeof program->path, "%s", name);
    }
    program->stamp = file_stamp(program->path);
    if (!text && !program->stamp)
        return OB_ERR_NOT_FOUND;
    if (program->stamp && take_file(program))
        return OB_OK;
    char problem[200];
    const GLuint id = text ? build(program, text, problem, sizeof problem) : 0;
    if (!id)
        return OB_ERR_SHADER;
    adopt(program, id);
    return OB_OK;
}

void ob_program_finish(struct ob_program *program)
{
    if (program->id)
        glDeleteProgram(program->id);
    program->id = 0;
}

bool ob_program_refresh(struct ob_program *program)
{
    const int64_t stamp = file_stamp(program->path);
    /* A file that is gone for a moment is being replaced by an editor. */
    if (!stamp || stamp == program->stamp)
        return false;
    program->stamp = stamp;
    if (take_file(program))
        ob_log(OB_LOG_INFO, "The shader %s was taken in.", program->path);
    return true;
}
