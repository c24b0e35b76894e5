/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file is written whole or not at all, and nothing is left beside it; reading refuses what is no
 * file, or too large. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "heddle/heddle.h"

/* A directory of our own, with a space in its name, and a path in it. */
struct place {
    char directory[64];
    char path[96];
};

static int enter(void **state)
{
    static struct place place;

    snprintf(place.directory, sizeof place.directory, "/tmp/heddle file XXXXXX");
    assert_non_null(mkdtemp(place.directory));
    snprintf(place.path, sizeof place.path, "%s/a case.sched", place.directory);
    *state = &place;
    return 0;
}

static int leave(void **state)
{
    struct place *place = *state;

    chmod(place->directory, 0700);
    unlink(place->path);
    rmdir(place->path);
    return rmdir(place->directory);
}

/* Entries in the directory, without the two dots. */
static unsigned entries(const struct place *place)
{
    DIR *directory = opendir(place->directory);
    unsigned count = 0;

    assert_non_null(directory);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count - 2;
}

static void expect_content(const struct place *place, const char *bytes, size_t length)
{
    char *read = NULL;
    size_t got = 0;

    assert_int_equal(hd_file_read(place->path, 1 << 20, &read, &got, NULL), HD_OK);
    assert_int_equal(got, length);
    assert_memory_equal(read, bytes, length);
    assert_int_equal(read[length], '\0');
    hd_dealloc(read);
}

static void expect_one_line_about(const struct hd_diag *diag, const char *what)
{
    assert_non_null(strstr(diag->text, what));
    assert_null(strchr(diag->text, '\n'));
}

static void writes_and_replaces(void **state)
{
    struct place *place = *state;
    mode_t mask = umask(027);
    struct stat status;

    assert_int_equal(hd_file_write(place->path, "one\0two", 7, NULL), HD_OK);
    expect_content(place, "one\0two", 7);
    assert_int_equal(stat(place->path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    umask(mask);
    assert_int_equal(hd_file_write(place->path, "x", 1, NULL), HD_OK);
    expect_content(place, "x", 1);
    assert_int_equal(hd_file_write(place->path, "", 0, NULL), HD_OK);
    expect_content(place, "", 0);
    assert_int_equal(entries(place), 1);
}

/* A disk that is full half-way: a limit on the size of files stops the write after 4096 bytes. */
static void a_full_disk_leaves_the_old_file(void **state)
{
    struct place *place = *state;
    struct rlimit limit, small;
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    char *large = calloc(1, 100000);
    struct hd_diag diag = { .text = "" };
    enum hd_error error;

    assert_non_null(large);
    assert_int_equal(hd_file_write(place->path, "old", 3, NULL), HD_OK);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    small = (struct rlimit){ .rlim_cur = 4096, .rlim_max = limit.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    error = hd_file_write(place->path, large, 100000, &diag);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(error, HD_E_IO);
    expect_one_line_about(&diag, place->path);
    expect_content(place, "old", 3);
    assert_int_equal(entries(place), 1);
    /* The disk is back. */
    assert_int_equal(hd_file_write(place->path, large, 100000, NULL), HD_OK);
    expect_content(place, large, 100000);
    free(large);
}

/* Nothing forbids root anything, so root becomes somebody else for the moment. */
static void an_unwritable_directory_is_refused(void **state)
{
    struct place *place = *state;
    struct hd_diag diag = { .text = "" };
    enum hd_error error;
    uid_t uid = geteuid();

    assert_int_equal(chmod(place->directory, 0555), 0);
    if (uid == 0)
        assert_int_equal(seteuid(65534), 0);
    error = hd_file_write(place->path, "x", 1, &diag);
    assert_int_equal(seteuid(uid), 0);
    assert_int_equal(error, HD_E_IO);
    expect_one_line_about(&diag, "a case.sched");
    expect_one_line_about(&diag, "Permission denied");
    assert_int_equal(entries(place), 0);
}

static void no_such_directory_and_no_such_file(void **state)
{
    struct place *place = *state;
    struct hd_diag diag = { .text = "" };
    char below[128];

    snprintf(below, sizeof below, "%s/missing/file", place->directory);
    assert_int_equal(hd_file_write(below, "x", 1, &diag), HD_E_IO);
    expect_one_line_about(&diag, "missing/file");
    assert_int_equal(hd_file_write(place->path, "x", 1, NULL), HD_OK);
    snprintf(below, sizeof below, "%s/file", place->path); /* below a file */
    assert_int_equal(hd_file_write(below, "x", 1, &diag), HD_E_IO);
    assert_int_equal(entries(place), 1);
}

/* The rename fails last; the temporary file goes all the same. */
static void a_directory_in_the_way_is_kept(void **state)
{
    struct place *place = *state;
    struct hd_diag diag = { .text = "" };
    struct stat status;

    assert_int_equal(mkdir(place->path, 0700), 0);
    assert_int_equal(hd_file_write(place->path, "x", 1, &diag), HD_E_IO);
    expect_one_line_about(&diag, place->path);
    assert_int_equal(stat(place->path, &status), 0);
    assert_true(S_ISDIR(status.st_mode));
    assert_int_equal(entries(place), 1);
}

static void a_name_without_a_directory_is_here(void **state)
{
    struct place *place = *state;
    char here[4096];

    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(place->directory), 0);
    assert_int_equal(hd_file_write("a case.sched", "x", 1, NULL), HD_OK);
    assert_int_equal(chdir(here), 0);
    expect_content(place, "x", 1);
}

/* Fails each allocation in turn. */
static void writing_survives_a_lack_of_memory(void **state)
{
    struct place *place = *state;
    uint64_t n = 1;

    assert_int_equal(hd_file_write(place->path, "old", 3, NULL), HD_OK);
    for (;; n++) {
        struct hd_diag diag = { .text = "" };
        enum hd_error error;

        hd_alloc_fail_at(n, 1);
        error = hd_file_write(place->path, "new", 3, &diag);
        hd_alloc_fail_at(0, 0);
        assert_int_equal(entries(place), 1);
        if (error == HD_OK)
            break;
        assert_int_equal(error, HD_E_NOMEM);
        expect_content(place, "old", 3);
    }
    assert_true(n > 1);
    expect_content(place, "new", 3);
}

static void reading_refuses_what_it_cannot_hold(void **state)
{
    struct place *place = *state;
    struct hd_diag diag = { .text = "" };
    char *bytes = (char *)state; /* anything: it must stay */
    char *before = bytes;
    size_t length = 77;

    assert_int_equal(hd_file_write(place->path, "12345", 5, NULL), HD_OK);
    assert_int_equal(hd_file_read(place->path, 4, &bytes, &length, &diag), HD_E_MALFORMED);
    expect_one_line_about(&diag, "larger than 4 bytes");
    assert_int_equal(hd_file_read(place->directory, 100, &bytes, &length, &diag), HD_E_IO);
    expect_one_line_about(&diag, "not a regular file");
    assert_int_equal(unlink(place->path), 0);
    assert_int_equal(hd_file_read(place->path, 100, &bytes, &length, &diag), HD_E_IO);
    expect_one_line_about(&diag, "No such file");
    assert_int_equal(mkfifo(place->path, 0600), 0);
    assert_int_equal(hd_file_read(place->path, 100, &bytes, &length, &diag), HD_E_IO); /* no hang */
    assert_int_equal(unlink(place->path), 0);
    assert_int_equal(hd_file_write(place->path, "12345", 5, NULL), HD_OK);
    hd_alloc_fail_at(1, 1);
    assert_int_equal(hd_file_read(place->path, 100, &bytes, &length, &diag), HD_E_NOMEM);
    hd_alloc_fail_at(0, 0);
    assert_ptr_equal(bytes, before);
    assert_int_equal(length, 77);
    assert_int_equal(hd_file_read(place->path, 5, &bytes, &length, &diag), HD_OK); /* just fits */
    assert_string_equal(bytes, "12345");
    hd_dealloc(bytes);
}

#define IN_PLACE(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PLACE(writes_and_replaces),
        IN_PLACE(a_full_disk_leaves_the_old_file),
        IN_PLACE(an_unwritable_directory_is_refused),
        IN_PLACE(no_such_directory_and_no_such_file),
        IN_PLACE(a_directory_in_the_way_is_kept),
        IN_PLACE(a_name_without_a_directory_is_here),
        IN_PLACE(writing_survives_a_lack_of_memory),
        IN_PLACE(reading_refuses_what_it_cannot_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
