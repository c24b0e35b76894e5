/* SPDX-License-Identifier: CC0-1.0 */
/*
 * How the ring touches what two threads share: as the C compiler does it; or, in a program that
 * defines RING_UNDER_HEDDLE, as points at which Heddle may let the other thread run.
 */
#ifndef SHARED_H
#define SHARED_H

#ifdef RING_UNDER_HEDDLE

#include <heddle/model.h>

/* Without arguments, so that reports quote the ring's own words. */
#define shared_function      HD_CALL
#define shared_load          hd_load
#define shared_store         hd_store
#define shared_load_acquire  hd_load_acquire
#define shared_store_release hd_store_release

#else

#define shared_function(name)      ((void)0)
#define shared_load(p)             (*(p))
#define shared_store(p, v)         ((void)(*(p) = (v)))
#define shared_load_acquire(p)     __atomic_load_n(p, __ATOMIC_ACQUIRE)
#define shared_store_release(p, v) __atomic_store_n(p, v, __ATOMIC_RELEASE)

#endif
#endif
