#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Reports in the programs that they are for: the page in a browser, with scripts and without, light
# and dark; every case's diagram in Mermaid, if node finds it (NODE_PATH, or MERMAID=DIRECTORY with
# a node_modules in it; mermaid and jsdom).
# shellcheck source=tests/cli/lib.sh
. "$(dirname "$0")/lib.sh"

skipped=

# ---- Mermaid ----
for case in "$source_dir"/corpus/*/*.sched; do
    name=${case#"$source_dir"/corpus/}
    run 0 show --format mermaid "$case"
    cp "$out" "${name//\//-}.mmd"
done
cat >parse.mjs <<'END'
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";
import fs from "node:fs";
import path from "node:path";
const from = createRequire(path.resolve(process.env.MERMAID || ".", "x.js"));
const load = (name) => import(pathToFileURL(from.resolve(name)).href);
let mermaid;
try {
  const {JSDOM} = await load("jsdom");
  globalThis.window = new JSDOM("").window;
  globalThis.document = window.document;
  mermaid = (await load("mermaid")).default;
} catch (error) {
  console.log(String(error).split("\n")[0]);
  process.exit(77);
}
for (const file of process.argv.slice(2)) {
  const {diagramType} = await mermaid.parse(fs.readFileSync(file, "utf8"));
  if (diagramType !== "sequence")
    throw new Error(file + ": " + diagramType);
}
END
status=0
command -v node >/dev/null || status=77
[ "$status" -ne 0 ] || node parse.mjs ./*.mmd >"$out" 2>"$err" || status=$?
ran="node parse.mjs"
case $status in
0)
    printf 'sequenceDiagram\n    a0->: no\n' >wrong.mmd
    if node parse.mjs wrong.mmd >"$out" 2>"$err"; then
        fail "$ran: takes what is wrong"
    fi
    ;;
77) skipped="node has no mermaid and jsdom" ;;
*) fail "$ran: a diagram that Mermaid does not take" ;;
esac

# ---- The page ----
browser=$(command -v chromium || command -v google-chrome || :)
if [ -z "$browser" ]; then
    skipped="${skipped:+$skipped; }there is no chromium"
else
    run 0 show --format html "$source_dir/corpus/gfs2-jdata-write/i1.sched"
    cp "$out" i1.html
    sed '/^<script>$/,/^<\/script>$/d' i1.html >plain.html # --dump-dom is a script itself
    # browse FILE ARGUMENT...: the page, by the browser.
    browse() {
        local page=$1
        shift
        HOME=$PWD timeout 120 "$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars \
            --user-data-dir="$PWD/profile" --window-size=1400,3300 "$@" "file://$PWD/$page" \
            >"$out" 2>"$err" || fail "$browser $*: exit status $?"
        ran="$browser $* $page"
    }
    # With scripts it stands at the wrong step, and tells of that moment.
    browse i1.html --dump-dom
    says '<html lang="en" class="script">'
    says '<g class="row wrong on" '
    says 'State, <span class="moment">after step 85</span>'
    says 'fails buffers-missing'
    # Without, all there is to read is there.
    browse plain.html --dump-dom
    says '<html lang="en">'
    says_not 'class="row wrong on"'
    says 'State, <span class="moment">at the end</span>'
    [ "$(grep -c 'class="number"' "$out")" -eq 86 ] || fail "$ran: not 86 steps"
    # Looks: something is drawn, and the dark page is another picture.
    browse plain.html --screenshot="$PWD/plain.png"
    browse i1.html --screenshot="$PWD/light.png" --blink-settings=preferredColorScheme=1
    browse i1.html --screenshot="$PWD/dark.png" --blink-settings=preferredColorScheme=0
    for picture in plain.png light.png dark.png; do
        [ "$(head -c 4 "$picture" | tail -c 3)" = PNG ] || fail "$picture is no picture"
        [ "$(wc -c <"$picture")" -gt 200000 ] || fail "$picture is nearly empty"
    done
    ! cmp -s light.png dark.png || fail "dark is as light"
fi

[ "$failures" -eq 0 ] || exit 1
if [ -n "$skipped" ]; then
    printf 'the rest is skipped: %s\n' "$skipped"
    exit 77
fi
finish
