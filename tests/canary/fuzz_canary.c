/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Claims, wrongly, that no input begins with "tuna": a fuzzer that doesn't object is broken. */
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size >= 4 && data[0] == 't' && data[1] == 'u' && data[2] == 'n' && data[3] == 'a')
        abort();
    return 0;
}
