/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A virtual machine: QEMU, emulating (no KVM is needed), one processor, with two serial lines.  The
 * first is the kernel's console, the second speaks with the agent (harness/kernel/guest/agent.c).
 *
 * It is a child that dies with us, and it never outlives hd_machine_stop().
 */
#ifndef HD_MACHINE_H
#define HD_MACHINE_H

#include <stdio.h>
#include <sys/types.h>

#include "base/buf.h"
#include "heddle/error.h"
#include "kernel/serial.h"

struct hd_machine {
    pid_t pid; /* 0: none */
    int link, console, control; /* sockets; -1: closed */
    struct hd_serial serial;    /* of the link */
    struct hd_buf text;         /* all that the console has said, at most HD_CONSOLE_BYTES_MAX */
    FILE *echo;                 /* the console goes here too; or NULL */
};
#define HD_CONSOLE_BYTES_MAX (4u << 20)
/* How long to wait for the guest, in milliseconds: an emulated processor on a busy machine. */
#define HD_BOOT_MS   300000
#define HD_ANSWER_MS 60000

/*
 * directory has vmlinuz and initramfs.  From a snapshot if there is one that fits, else by booting
 * (which takes some 15 s), and then one is made.  On success the agent listens, and *ret_machine is
 * to be stopped.  HD_E_UNSUPPORTED if there is no QEMU.
 */
enum hd_error hd_machine_start(const char *directory, FILE *echo, struct hd_machine *ret_machine,
                               struct hd_diag *diag);
/* Kills it; it may have gone by itself.  NULL-safe fields: stopping twice does nothing. */
void hd_machine_stop(struct hd_machine *machine);

/*
 * Sends a line to the agent and returns what follows "ok" in its answer, borrowed until the next
 * call.  An answer "error ..." is HD_E_UNKNOWN with its text; no answer in time, or a machine that
 * has gone, HD_E_IO.
 */
enum hd_error hd_machine_ask(struct hd_machine *machine, int milliseconds, const char **ret_text,
                             struct hd_diag *diag, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* Reads what has come from the console so far. */
void hd_machine_drain(struct hd_machine *machine);

#endif
