/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What could block, or would make a second process, and is not carried out here: an execution that
 * calls it ends with the verdict `unsupported`, which names it.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

#include "native/native.h"

#define REFUSE(type, name, parameters, arguments)                                                  \
    HD_EXPORT type name parameters                                                                 \
    {                                                                                              \
        const void *pc = HD_CALLER();                                                              \
        struct hd_actor *self = hd_caller(pc);                                                     \
                                                                                                   \
        if (self)                                                                                  \
            hd_unsupported(self, #name "() has no meaning here", pc);                              \
        return HD_REAL(name) arguments;                                                            \
    }

/* clang-format off */
REFUSE(pid_t, fork, (void), ())
REFUSE(pid_t, wait, (int *status), (status))
REFUSE(pid_t, waitpid, (pid_t process, int *status, int flags), (process, status, flags))
REFUSE(int, pause, (void), ())
REFUSE(int, sigwait, (const sigset_t *restrict set, int *restrict number), (set, number))
REFUSE(int, sigsuspend, (const sigset_t *set), (set))
REFUSE(int, pthread_kill, (pthread_t thread, int number), (thread, number))
REFUSE(int, pthread_cancel, (pthread_t thread), (thread))
REFUSE(int, pthread_tryjoin_np, (pthread_t thread, void **result), (thread, result))
REFUSE(int, pthread_timedjoin_np,
       (pthread_t thread, void **result, const struct timespec *until), (thread, result, until))
REFUSE(int, select, (int count, fd_set *restrict in, fd_set *restrict out, fd_set *restrict other,
                     struct timeval *restrict limit), (count, in, out, other, limit))
REFUSE(int, poll, (struct pollfd *files, nfds_t count, int limit), (files, count, limit))
REFUSE(int, epoll_wait, (int file, struct epoll_event *events, int count, int limit),
       (file, events, count, limit))
REFUSE(ssize_t, recv, (int file, void *bytes, size_t count, int flags),
       (file, bytes, count, flags))
REFUSE(int, flock, (int file, int operation), (file, operation))
REFUSE(int, thrd_create, (thrd_t *thread, thrd_start_t function, void *argument),
       (thread, function, argument))
REFUSE(int, mtx_lock, (mtx_t *mutex), (mutex))
REFUSE(int, cnd_wait, (cnd_t *condition, mtx_t *mutex), (condition, mutex))
/* clang-format on */
