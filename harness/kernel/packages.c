/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kernel/packages.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "heddle/heddle.h"
#include "kernel/process.h"

#define PACKAGES_MAX 16
#define ANSWER_BYTES (1u << 20)
#define KEYRING      "/usr/share/keyrings/debian-archive-keyring.gpg"

/* What the guest is made of, beside the kernel; Debian 12's, whatever the host is. */
static const char *const tools[] = { "busybox-static", "libc6", "libblkid1", "libuuid1",
                                     "gfs2-utils", "e2fsprogs", "libext2fs2", "libcom-err2", NULL };

/* apt's configuration: everything that it reads or writes is below our directory.  The host's
 * settings (a proxy) stay, but for those that act on the host. */
static enum hd_error write_configuration(const struct hd_cache *cache, struct hd_diag *diag)
{
    const char *mirror = getenv("HEDDLE_DEBIAN_MIRROR");
    struct hd_buf conf = { 0 }, sources = { 0 };
    char path[HD_PATH_BYTES];
    enum hd_error error;

    hd_buf_addf(&conf,
                "#clear APT::Update;\n#clear DPkg;\n#clear APT::Default-Release;\n"
                "Dir::Etc::sourcelist \"%s/apt/sources.list\";\n"
                "Dir::Etc::sourceparts \"%s/apt/none\";\nDir::Etc::preferences \"/dev/null\";\n"
                "Dir::Etc::preferencesparts \"%s/apt/none\";\nDir::State \"%s/apt/state\";\n"
                "Dir::State::status \"/dev/null\";\nDir::Cache \"%s/apt/cache\";\n"
                "APT::Architecture \"amd64\";\n#clear APT::Architectures;\n"
                "APT::Architectures { \"amd64\"; };\nAPT::Sandbox::User \"\";\n"
                "Acquire::Languages \"none\";\nAcquire::Retries \"3\";\n",
                cache->path, cache->path, cache->path, cache->path, cache->path);
    if (!mirror || !*mirror)
        mirror = "http://deb.debian.org";
    for (size_t i = 0; i < 3; i++) {
        static const char *const suites[] = { "debian bookworm", "debian bookworm-backports",
                                              "debian-security bookworm-security" };

        hd_buf_addf(&sources, "deb [arch=amd64 signed-by=" KEYRING "] %s/%s main\n", mirror,
                    suites[i]);
    }
    snprintf(path, sizeof path, "%s/apt/none", cache->path);
    error = hd_make_directories(path, diag);
    snprintf(path, sizeof path, "%s/apt/state/lists/partial", cache->path);
    if (!error)
        error = hd_make_directories(path, diag);
    snprintf(path, sizeof path, "%s/apt/cache/archives/partial", cache->path);
    if (!error)
        error = hd_make_directories(path, diag);
    if (!error && (conf.failed || sources.failed))
        error = hd_fail(diag, HD_E_NOMEM, "out of memory");
    snprintf(path, sizeof path, "%s/apt/apt.conf", cache->path);
    if (!error)
        error = hd_file_write(path, conf.text, conf.length, diag);
    snprintf(path, sizeof path, "%s/apt/sources.list", cache->path);
    if (!error)
        error = hd_file_write(path, sources.text, sources.length, diag);
    hd_buf_free(&conf);
    hd_buf_free(&sources);
    return error;
}

static void configuration_option(const struct hd_cache *cache, char *option, size_t bytes)
{
    snprintf(option, bytes, "-c=%s/apt/apt.conf", cache->path);
}

enum hd_error hd_packages_update(const struct hd_cache *cache, struct hd_diag *diag)
{
    char option[HD_PATH_BYTES], log[HD_PATH_BYTES];
    const char *const argv[] = { "apt-get", option, "-q", "--error-on=any", "update", NULL };
    enum hd_error error = write_configuration(cache, diag);

    configuration_option(cache, option, sizeof option);
    snprintf(log, sizeof log, "%s/apt/log", cache->path);
    return error ? error : hd_process_run(argv, NULL, log, diag);
}

/* What apt-cache says; malloc()ed. */
static enum hd_error ask(const struct hd_cache *cache, const char *verb, const char *package,
                         char **ret_text, struct hd_diag *diag)
{
    char option[HD_PATH_BYTES];
    const char *const argv[] = { "apt-cache", option, verb, package, NULL };

    configuration_option(cache, option, sizeof option);
    return hd_process_read(argv, NULL, ANSWER_BYTES, ret_text, diag);
}

/* Is version what was asked for, or does it begin with that and something that is no digit? */
static bool version_meets(const char *version, const char *wanted)
{
    size_t length = strlen(wanted);

    return strncmp(version, wanted, length) == 0
           && !(version[length] >= '0' && version[length] <= '9');
}

enum hd_error hd_packages_find_kernel(const struct hd_cache *cache, const char *version,
                                      char ret_release[HD_RELEASE_BYTES], struct hd_diag *diag)
{
    char package[192], found[96], release[HD_RELEASE_BYTES] = "";
    char *list = NULL, *about = NULL;
    const char *depends, *line;
    enum hd_error error = ask(cache, "madison", "linux-image-amd64", &list, diag);
    bool have = false;

    /* Newest first: " linux-image-amd64 | 6.1.192-2 | http://..." */
    for (line = list; line && *line && !have; line += strcspn(line, "\n"), line += *line == '\n')
        have = sscanf(line, " linux-image-amd64 | %95s |", found) == 1
               && version_meets(found, version);
    if (!error && !have)
        error = hd_fail(diag, HD_E_UNSUPPORTED, "Debian 12 and its backports have no kernel %s",
                        version);
    if (!error) {
        snprintf(package, sizeof package, "linux-image-amd64=%s", found);
        error = ask(cache, "show", package, &about, diag);
    }
    depends = about ? strstr(about, "\nDepends: linux-image-") : NULL;
    if (!error
        && (!depends || sscanf(depends, "\nDepends: linux-image-%95[^ ,\n]", release) != 1
            || !hd_cache_name_valid(release)))
        error = hd_fail(diag, HD_E_IO, "%s names no kernel that it depends on", package);
    if (!error)
        snprintf(ret_release, HD_RELEASE_BYTES, "%s", release);
    hd_dealloc(list);
    hd_dealloc(about);
    return error;
}

/* Names of packages, in one buffer. */
struct names {
    char text[PACKAGES_MAX][128];
    size_t count;
};

static void add(struct names *names, const char *prefix, const char *name, size_t length)
{
    if (names->count < PACKAGES_MAX)
        snprintf(names->text[names->count++], sizeof names->text[0], "%s%.*s", prefix, (int)length,
                 name);
}

/* The headers, and those of the packages they depend on that are headers or kbuild. */
static enum hd_error add_headers(const struct hd_cache *cache, const char *release,
                                 struct names *names, struct hd_diag *diag)
{
    char package[192];
    char *about = NULL, *end;
    const char *at;
    enum hd_error error;

    add(names, "linux-headers-", release, strlen(release));
    snprintf(package, sizeof package, "linux-headers-%s", release);
    error = ask(cache, "show", package, &about, diag);
    if (error)
        return error;
    at = strstr(about, "\nDepends: ");
    if (!at) {
        hd_dealloc(about);
        return hd_fail(diag, HD_E_IO, "%s depends on nothing", package);
    }
    at += strlen("\nDepends: ");
    end = strchr(at, '\n');
    if (end)
        *end = '\0';
    while (*at) {
        size_t length = strcspn(at, " ,(|");

        if (strncmp(at, "linux-headers-", 14) == 0 || strncmp(at, "linux-kbuild-", 13) == 0)
            add(names, "", at, length);
        at += strcspn(at, ",");
        at += strspn(at, ", ");
    }
    hd_dealloc(about);
    return HD_OK;
}

/* Downloads into directory/debs, unpacks into directory, removes what was downloaded. */
static enum hd_error download(const struct hd_cache *cache, const struct names *names,
                              const char *directory, struct hd_diag *diag)
{
    char debs[HD_PATH_BYTES], pattern[HD_PATH_BYTES + 8], option[HD_PATH_BYTES], log[HD_PATH_BYTES];
    const char *argv[PACKAGES_MAX + 8] = { "apt-get", option, "-q", "download" };
    glob_t files = { 0 };
    enum hd_error error;

    configuration_option(cache, option, sizeof option);
    snprintf(debs, sizeof debs, "%s/debs", directory);
    snprintf(pattern, sizeof pattern, "%s/*.deb", debs);
    snprintf(log, sizeof log, "%s/apt/log", cache->path);
    for (size_t i = 0; i < names->count; i++)
        argv[4 + i] = names->text[i];
    error = hd_make_directories(debs, diag);
    if (!error)
        error = hd_process_run(argv, debs, log, diag);
    if (!error && glob(pattern, 0, NULL, &files))
        error = hd_fail(diag, HD_E_IO, "apt-get downloaded nothing into %s", debs);
    for (size_t i = 0; !error && i < files.gl_pathc; i++) {
        const char *const unpack[] = { "dpkg-deb", "-x", files.gl_pathv[i], directory, NULL };

        error = hd_process_run(unpack, NULL, log, diag);
    }
    globfree(&files);
    return error ? error : hd_remove_tree(debs, diag);
}

enum hd_error hd_packages_kernel(const struct hd_cache *cache, const char *release,
                                 const char *directory, struct hd_diag *diag)
{
    struct names names = { .count = 0 };
    enum hd_error error;

    add(&names, "linux-image-", release, strlen(release));
    error = add_headers(cache, release, &names, diag);
    return error ? error : download(cache, &names, directory, diag);
}

enum hd_error hd_packages_tools(const struct hd_cache *cache, const char *directory,
                                struct hd_diag *diag)
{
    struct names names = { .count = 0 };

    for (size_t i = 0; tools[i]; i++)
        add(&names, "", tools[i], strlen(tools[i]));
    return download(cache, &names, directory, diag);
}
