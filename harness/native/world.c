/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What would be different in each run: numbers drawn, the process, and what is printed. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/prng.h"
#include "native/native.h"

#define PROCESS 4242

/* ---- Random numbers: an execution draws the same as any other -------------------------------- */

static uint64_t drawn;

void hd_world_reset(void)
{
    drawn = 0;
}

static uint64_t draw(void)
{
    return hd_mix64(++drawn);
}

HD_EXPORT int rand(void)
{
    return hd_caller(HD_CALLER()) ? (int)(draw() & RAND_MAX) : HD_REAL(rand)();
}

HD_EXPORT void srand(unsigned seed)
{
    if (hd_caller(HD_CALLER()))
        drawn = (uint64_t)seed << 32;
    else
        HD_REAL(srand)(seed);
}

HD_EXPORT long random(void)
{
    return hd_caller(HD_CALLER()) ? (long)(draw() & RAND_MAX) : HD_REAL(random)();
}

HD_EXPORT void srandom(unsigned seed)
{
    if (hd_caller(HD_CALLER()))
        drawn = (uint64_t)seed << 32;
    else
        HD_REAL(srandom)(seed);
}

/* The caller's own state; a thread's sequence doesn't depend on the others'. */
HD_EXPORT int rand_r(unsigned *state)
{
    if (!hd_caller(HD_CALLER()))
        return HD_REAL(rand_r)(state);
    *state = (unsigned)hd_mix64(*state + 1u);
    return (int)(*state & RAND_MAX);
}

HD_EXPORT ssize_t getrandom(void *bytes, size_t count, unsigned flags)
{
    if (!hd_caller(HD_CALLER()))
        return HD_REAL(getrandom)(bytes, count, flags);
    for (size_t i = 0; i < count; i++)
        ((unsigned char *)bytes)[i] = (unsigned char)draw();
    return (ssize_t)count;
}

HD_EXPORT pid_t getpid(void)
{
    return hd_caller(HD_CALLER()) ? PROCESS : HD_REAL(getpid)();
}

HD_EXPORT pid_t gettid(void)
{
    struct hd_actor *self = hd_caller(HD_CALLER());

    return self ? PROCESS + self->id : HD_REAL(gettid)();
}

/* ---- Output: of thousands of executions nobody wants to read it ------------------------------ */

static FILE *sink(void)
{
    static FILE *null;

    if (!null)
        null = fopen("/dev/null", "we");
    return null;
}

static FILE *redirected(struct hd_actor *self, FILE *file)
{
    return self && !self->engine->describe && (file == stdout || file == stderr) && sink() ? sink()
                                                                                           : file;
}

/* Where reports are made, what the program prints goes to stderr: stdout is ours. */
static FILE *output_of(struct hd_actor *self, FILE *file)
{
    if (self && self->engine->describe && file == stdout)
        return stderr;
    return redirected(self, file);
}

#define PRINT(self, file, format, result)                                                          \
    va_list arguments_;                                                                            \
                                                                                                   \
    va_start(arguments_, format);                                                                  \
    result = vfprintf(output_of(self, file), format, arguments_);                                  \
    va_end(arguments_)

HD_EXPORT int printf(const char *format, ...)
{
    struct hd_actor *self = hd_caller(HD_CALLER());
    int result;

    PRINT(self, stdout, format, result);
    return result;
}

HD_EXPORT int fprintf(FILE *file, const char *format, ...)
{
    struct hd_actor *self = hd_caller(HD_CALLER());
    int result;

    PRINT(self, file, format, result);
    return result;
}

HD_EXPORT int __printf_chk(int flag, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
HD_EXPORT int __printf_chk(int flag, const char *format, ...)
{
    struct hd_actor *self = hd_caller(HD_CALLER());
    int result;

    (void)flag;
    PRINT(self, stdout, format, result);
    return result;
}

HD_EXPORT int __fprintf_chk(FILE *file, int flag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
HD_EXPORT int __fprintf_chk(FILE *file, int flag, const char *format, ...)
{
    struct hd_actor *self = hd_caller(HD_CALLER());
    int result;

    (void)flag;
    PRINT(self, file, format, result);
    return result;
}

HD_EXPORT int puts(const char *text)
{
    struct hd_actor *self = hd_caller(HD_CALLER());

    return self ? HD_REAL(fprintf)(output_of(self, stdout), "%s\n", text) : HD_REAL(puts)(text);
}

HD_EXPORT int fputs(const char *text, FILE *file)
{
    return HD_REAL(fputs)(text, output_of(hd_caller(HD_CALLER()), file));
}

HD_EXPORT int fputc(int byte, FILE *file)
{
    return HD_REAL(fputc)(byte, output_of(hd_caller(HD_CALLER()), file));
}

/* By another name, for the C library's header has it inline. */
HD_EXPORT int put_byte(int byte) __asm__("putchar");
int put_byte(int byte)
{
    return HD_REAL(fputc)(byte, output_of(hd_caller(HD_CALLER()), stdout));
}

HD_EXPORT size_t fwrite(const void *items, size_t bytes, size_t count, FILE *file)
{
    return HD_REAL(fwrite)(items, bytes, count, output_of(hd_caller(HD_CALLER()), file));
}

HD_EXPORT void perror(const char *text)
{
    struct hd_actor *self = hd_caller(HD_CALLER());

    if (output_of(self, stderr) == stderr)
        HD_REAL(perror)(text);
}

HD_EXPORT ssize_t write(int file, const void *bytes, size_t count)
{
    struct hd_actor *self = hd_caller(HD_CALLER());

    if (self && (file == STDOUT_FILENO || file == STDERR_FILENO)) {
        if (!self->engine->describe)
            return (ssize_t)count;
        file = STDERR_FILENO;
    }
    return HD_REAL(write)(file, bytes, count);
}
