/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A scenario to read files against: every list there is, and nothing to execute.  It has the name
 * and the main keys of a real one, so that the files of corpus/malformed/ are wrong for the same
 * reason here as there.  A second scenario has no lists at all.
 */
#ifndef TEST_INPUT_FAKE_H
#define TEST_INPUT_FAKE_H

#include "heddle/heddle.h"

static const struct hd_scenario fake_scenario = {
    .name = "gfs2-jdata-write",
    .variants = (const struct hd_variant_info[]){ { "old" }, { "merged" }, { "literal" }, { 0 } },
    .params = (const struct hd_param_info[]){
        { .name = "pos", .max = 1048576 },
        { .name = "copied", .value = 4096, .min = 1, .max = 4096 },
        { .name = "mode", .value = 1, .max = 2,
          .words = (const char *const[]){ "lazy", "eager", "direct" } },
        { .name = "flushers", .value = 2, .max = 100 },
        { 0 } },
    .roles = (const struct hd_role_info[]){
        { .name = "writer" },
        { .name = "flusher", .count_param = 4 },
        { .name = "completion", .kind = HD_SERVICE },
        { .name = "reclaimer", .started = "first-pin" },
        { .name = "fsync", .off = true, .started = "writer.end" },
        { 0 } },
    .landmarks = (const struct hd_landmark_info[]){
        { "hook", { "page_done", "put_folio" } },
        { "commit", { "commit_old", NULL, "put_folio" } },
        { 0 } },
    .workloads = (const struct hd_workload_info[]){
        { .name = "full-block" },
        { .name = "n1", .keys = "pos=512  mode=lazy io-error=choice fsync=on" },
        { .name = "n2", .keys = "copied=0" }, /* out of range */
        { .name = "n3", .keys = "workload=n1" },
        { 0 } },
    .kinds = (const char *const[]){ "buffers-missing", "data-lost", NULL },
    .faults = (const char *const[]){ "io-error", "short-copy", NULL },
    .marks = (const char *const[]){ "first-pin", "committed", NULL },
    .uses_rcu_callbacks = true,
};

static const struct hd_scenario bare_scenario = {
    .name = "bare",
    .variants = (const struct hd_variant_info[]){ { "only" }, { 0 } },
};

static const struct hd_catalogue fakes = {
    .scenarios = (const struct hd_scenario *const[]){ &fake_scenario, &bare_scenario },
    .count = 2,
};

/* Lines 1 to 3 of every case below. */
#define FAKE_HEAD "heddle case 1\nscenario gfs2-jdata-write\nvariant old\n"

/* A case with every form there is, and with comments and spacing of its own. */
#define FAKE_SAMPLE                                                                                \
    "heddle case 1 # a comment\n"                                                                  \
    "\n"                                                                                           \
    "scenario  gfs2-jdata-write\n"                                                                 \
    "\tvariant   old\n"                                                                            \
    "# caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\xa7\xb5\n"                                                \
    "workload  pos=8 copied=512\n"                                                                 \
    "workload  io-error=choice flushers=3\n"                                                       \
    "run       writer      until hook        # folio unlocked\n"                                   \
    "run       flusher[2]  until put_folio#12\n"                                                   \
    "run       completion  until blocked\n"                                                        \
    "run       reclaimer   after folio[3].lock.write-lock\n"                                       \
    "run       rcu         after rcu-wait\n"                                                       \
    "run       io-error    until end\n"                                                            \
    "run       writer      for 1000000\n"                                                          \
    "expect    old         buffers-missing at gfs2_page_add_databufs\n"                            \
    "expect    merged      holds\n"                                                                \
    "expect    literal     deadlock\n"                                                             \
    "digest    old         5f1d0c7a90b2e644   # as found\n"

#endif
