#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# Every rule of check-layers: what is allowed passes, one planted breach is caught at its line.
set -u
# shellcheck source=tests/scripts/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck disable=SC2034 # used by lib.sh
checker=check-layers

sound_tree() {
    rm -rf "${tree:?}"/*
    printf '#include "heddle/trace.h"\n' | plant harness/base/buf.h
    printf '#include <time.h>\n#include "base/buf.h"\n' | plant harness/engine/engine.h
    printf '#include "engine/engine.h"\n#include "strategy/pct.h"\n#include "oracle/race.h"\n' |
        plant harness/execute/execute.c
    printf '#include "heddle/heddle.h"\n#include "input/offer.h"\n' | plant harness/cli/main.c
    printf '#include "cli/cli.h"\n#include "mm/straddle_rules.h"\n' | plant harness/program/main.c
    printf '#include "heddle/error.h"\n' | plant harness/include/heddle/heddle.h
    printf '#include <string.h>\n#include "kernel/folio.h"\n' | plant models/gfs2/jdata.c
    printf '#include "gfs2/log.h"\n#include "jdata.h"\n' | plant models/gfs2/log.c
    printf '#include "heddle/heddle.h"\n#include "help.h"\n' | plant fuzz/fuzz_case.c
}

sound_tree
passes "a sound tree"

# breach WHAT FILE INCLUDE REASON
breach() {
    sound_tree
    printf '\n  # include %s\n' "$3" | plant "$2"
    catches "$1" "$2:3:" "$4"
}

breach "uphill" harness/trace/x.c '"engine/engine.h"' "trace comes before engine"
breach "uphill by one" harness/strategy/x.c '"engine/engine.h"' "strategy comes before engine"
breach "an unknown folder" harness/base/x.c '"nowhere/x.h"' 'as "layer/header.h"'
breach "no folder" harness/base/x.c '"buf.h"' 'as "layer/header.h"'
breach "a layer nobody listed" harness/attic/x.c '"base/buf.h"' "no layer"
breach "scenarios in the library" harness/cli/x.c '"models.h"' 'as "layer/header.h"'
breach "rules in the library" harness/cli/x.c '"mm/straddle_rules.h"' 'as "layer/header.h"'
breach "a public header that shows insides" harness/include/heddle/x.h '"base/buf.h"' "public"
breach "a model that drives" models/gfs2/x.c '"heddle/heddle.h"' "a model sees"
breach "a model that looks inside" models/gfs2/x.c '"engine/engine.h"' "a model sees"
breach "a model that looks at another" models/gfs2/x.c '"ext4/ext4.h"' "a model sees"
breach "a model that reads the clock" models/gfs2/x.c '<time.h>' "not for a model"
breach "a model with its own threads" models/gfs2/x.c '<pthread.h>' "not for a model"
breach "a fuzz target that looks inside" fuzz/x.c '"input/case.h"' "drives"
breach "a benchmark that looks inside" bench/x.c '"engine/engine.h"' "drives"

sound_tree
printf '#include "engine/a.h"\n#include "strategy/b.h"\n#include "oracle/c.h"\n' |
    plant harness/report/x.c
catches "a second place where all meet" harness/report/x.c "meet in harness/execute/ only"

sound_tree
printf '#include "engine/a.h"\n#include "oracle/c.h"\n' | plant harness/report/x.c
passes "two of the three"

rm -rf "${tree:?}"/*
if "$scripts/check-layers" "$tree" >/dev/null 2>&1; then
    echo "an empty tree passes"
    failed=1
fi
exit $failed
