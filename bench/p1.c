/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* P1: folio/buffers/journal race in plain pthread C.
 * -DOLD    : journal_add(f->buffers) after the folio lock is dropped (bug, and a data race)
 * -DRELOCK : the same bug without a data race: the lock is taken again, but the buffers may be gone
 * else     : NEW, journal_add before unlock (correct)
 * -DW=writers -DN=folios -DM=buffers per folio
 * Bug depth: writer CS -> writeback CS (cleans) -> reclaimer CS (frees) -> writer's journal_add. */
#include <pthread.h>
#include <stdlib.h>
#include <assert.h>
#ifndef W
#define W 1
#endif
#ifndef N
#define N 1
#endif
#ifndef M
#define M 1
#endif
#ifdef POOL /* no malloc: static buffers + a live flag, for tools whose heap model is weak */
struct buf { int uptodate, dirty, jadded, live; };
static struct buf pool[W * N][M];
#define ALLOC(w, i) (pool[(w) * N + (i)][0].live = 1, pool[(w) * N + (i)])
#define FREE(b) ((b)[0].live = 0)
#define CHECK(b) assert((b) && (b)[0].live)
#else
struct buf { int uptodate, dirty, jadded; };
#define ALLOC(w, i) malloc(sizeof(struct buf) * M)
#define FREE(b) free(b)
#define CHECK(b)
#endif
struct folio { pthread_mutex_t lock; struct buf *buffers; };
static struct folio F[N];
static pthread_mutex_t jlock;
static int jcount;

static void journal_add(struct buf *b)
{
    pthread_mutex_lock(&jlock);
    CHECK(b);
    for (int m = 0; m < M; m++)
        b[m].jadded = 1;        /* NULL deref / use after free here */
    jcount++;
    pthread_mutex_unlock(&jlock);
}
static void *writer(void *a)
{
    for (int i = 0; i < N; i++) {
        struct folio *f = &F[i];
        pthread_mutex_lock(&f->lock);
        if (!f->buffers) {
            f->buffers = ALLOC((long)a, i);
            for (int m = 0; m < M; m++)
                f->buffers[m].jadded = 0;
        }
        for (int m = 0; m < M; m++) {
            f->buffers[m].uptodate = 1;
            f->buffers[m].dirty = 1;
        }
#ifdef OLD
        pthread_mutex_unlock(&f->lock);
#ifdef RELOCK /* no data race: the lock is taken again, but the buffers may be gone by then */
        pthread_mutex_lock(&f->lock);
        journal_add(f->buffers);
        pthread_mutex_unlock(&f->lock);
#else
        journal_add(f->buffers);
#endif
#else
        journal_add(f->buffers);
        pthread_mutex_unlock(&f->lock);
#endif
    }
    return NULL;
}
static void *reclaimer(void *a)
{
    for (int i = 0; i < N; i++) {
        struct folio *f = &F[i];
        if (pthread_mutex_trylock(&f->lock) == 0) {
            if (f->buffers) {
                int busy = 0;
                for (int m = 0; m < M; m++)
                    if (f->buffers[m].dirty)
                        busy = 1;
                if (!busy) {
                    FREE(f->buffers);
                    f->buffers = NULL;
                }
            }
            pthread_mutex_unlock(&f->lock);
        }
    }
    return NULL;
}
static void *writeback(void *a)
{
    for (int i = 0; i < N; i++) {
        struct folio *f = &F[i];
        pthread_mutex_lock(&f->lock);
        if (f->buffers)
            for (int m = 0; m < M; m++)
                f->buffers[m].dirty = 0;
        pthread_mutex_unlock(&f->lock);
    }
    return NULL;
}
int main(void)
{
    pthread_t t[W + 2];
    for (int i = 0; i < N; i++)
        pthread_mutex_init(&F[i].lock, NULL);
    pthread_mutex_init(&jlock, NULL);
    for (int i = 0; i < W; i++)
        pthread_create(&t[i], NULL, writer, (void *)(long)i);
    pthread_create(&t[W], NULL, reclaimer, NULL);
    pthread_create(&t[W + 1], NULL, writeback, NULL);
    for (int i = 0; i < W + 2; i++)
        pthread_join(t[i], NULL);
    assert(jcount == W * N);
#ifndef POOL
    for (int i = 0; i < N; i++)
        free(F[i].buffers);
#endif
    return 0;
}
