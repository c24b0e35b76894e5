# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Completion for bash.  Options are read from `heddle COMMAND --help`, names from `heddle list`, so
# this file knows neither.

# The words that begin the lines of a list.
_heddle_names() {
    heddle list "$@" 2>/dev/null | cut -d ' ' -f 1
}

# SCENARIO/VARIANT, for every one there is.
_heddle_settings() {
    heddle list scenarios 2>/dev/null |
        sed 's/:.*//; s/([a-z]*),\{0,1\}//g' |
        while read -r scenario variants; do
            printf '%s\n' "$scenario"
            # shellcheck disable=SC2086 # words
            [ -z "$variants" ] || printf "$scenario/%s\n" $variants
        done
}

_heddle_options() {
    heddle "$1" --help 2>/dev/null | grep -oE -- '--[a-z][a-z-]*=?' | sort -u
}

# The scenario on the command line, for what depends on it.
_heddle_scenario() {
    local word
    for word in "${COMP_WORDS[@]:2}"; do
        case $word in
        -*) ;;
        *)
            if _heddle_names scenarios | grep -qxF -- "${word%%/*}"; then
                printf '%s\n' "${word%%/*}"
                return
            fi
            ;;
        esac
    done
}

_heddle_values() {
    case $1 in
    --strategy) _heddle_names strategies ;;
    --oracle) _heddle_names oracles ;;
    --format)
        if [ "${COMP_WORDS[1]}" = gate ]; then
            printf '%s\n' text ktap junit sarif github markdown
        else
            _heddle_names formats
        fi
        ;;
    --backend) printf 'fiber\nthread\n' ;;
    --workload) _heddle_names workloads "$(_heddle_scenario)" ;;
    -p | --param) _heddle_names params "$(_heddle_scenario)" | sed 's/$/=/' ;;
    *) return 1 ;;
    esac
}

_heddle() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words=
    COMPREPLY=()
    # `--option=value` arrives as three words.
    if [ "$cur" = = ]; then
        cur=
    elif [ "$prev" = = ]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if [ "$COMP_CWORD" -eq 1 ]; then
        words=$(heddle help 2>/dev/null | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p')
    elif ! words=$(_heddle_values "$prev"); then
        case ${COMP_WORDS[1]}:$cur in
        *:-*) words=$(_heddle_options "${COMP_WORDS[1]}") ;;
        explore:*) words=$(_heddle_settings) ;;
        list:*)
            words='scenarios strategies oracles formats models landmarks workloads params'
            [ "$COMP_CWORD" -eq 2 ] || words=$(_heddle_names scenarios)
            ;;
        help:*) words=$(heddle help 2>/dev/null | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p') ;;
        *)
            mapfile -t COMPREPLY < <(compgen -f -- "$cur")
            return
            ;;
        esac
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
    case ${COMPREPLY[*]-} in
    *=) compopt -o nospace 2>/dev/null ;;
    esac
}
complete -o filenames -o bashdefault -F _heddle heddle
