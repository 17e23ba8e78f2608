# run.bash: what the health check decides in each case of a table. Arguments: the parts of the script that decide, and last the
# table; `run.bash --print` prints what is decided in place of comparing it.
#
# A case is its rule (`# …`), what is given (`< PAIR | PAIR`) and everything that is decided (`> PAIR | PAIR`); both may
# take several lines. What is given adds to `defaults`, `<` alone nothing, `@incident` before it an
# open incident; `@decide_run` and `@decide_engine` ask another function. The memory that is decided is shown where it differs from the one that was given.
set -uo pipefail

defaults() {
    given=(
        [name]=web [now]=2000000 [seen.status]=running [seen.id]=a1 [seen.restarts]=0 [seen.started]=1000 [seen.uptime]=99999
        [setting.restart-after]=2 [setting.restart-limit]=5 [setting.remind-after]=86400 [setting.start-period]=0
        [setting.restarts-unready]=yes [setting.engine]=podman [setting.container]=acme-web
        [remembered.id]=a1 [remembered.restarts]=0 [remembered.known]=yes
    )
    [ "$function" = decide ] || given=([name]=_engine [now]=2000000 [setting.restart-after]=2
        [setting.remind-after]=86400 [setting.engine]=podman [remembered.known]=yes)
    [ "$function" != decide_run ] || given=()
}

# One that is open, of which the last mail told 1000 s ago.
incident() {
    given+=([remembered.incident]=f00 [remembered.kind]=readiness [remembered.since]=1999000 [remembered.mailed]=1999000)
    reached[remembered.incident]=yes
}

# take PAIRS: into the array `pairs`.
take() { mapfile -t pairs <<<"${1//' | '/$'\n'}"; }

# In `shown`: the pairs that were decided.
decided_pairs() {
    local key value
    local -A decision=()
    local -a arguments=() lines=()
    for key in "${!given[@]}"; do arguments+=("$key=${given[$key]}"); done
    "$function" decision "${arguments[@]}"
    for key in "${!decision[@]}"; do
        value=${decision[$key]}
        case $key in
            remember.*) [ "$value" != "${given[remembered.${key#remember.}]:-}" ] || continue ;;
            *) [ -n "$value" ] || continue ;;
        esac
        lines+=("$key=$value") reached[$key]=yes
        case $key in act | verdict | tell) reached[$key=$value]=yes ;; esac
    done
    shown=("${lines[@]}")
}

compare() {
    local pair
    local -A wrong=()
    [ -n "$rule" ] || return 0
    cases=$((cases + 1))
    decided_pairs
    if [ "$print" = yes ]; then
        printf '%s\n' "# $rule" "${source[@]}"
        [ "${#shown[@]}" = 0 ] || printf '> %s\n' "${shown[@]}" | PATH=$programs LC_ALL=C sort
        return
    fi
    for pair in "${shown[@]}"; do wrong[$pair]=unasked; done
    for pair in "${expected[@]}"; do
        if [ -n "${wrong[$pair]:-}" ]; then unset "wrong[\$pair]"; else wrong[$pair]=missing; fi
    done
    [ "${#wrong[@]}" != 0 ] || return 0
    failed=$((failed + 1))
    printf '%s\n' "$rule" "${source[@]/#/    }"
    for pair in "${!wrong[@]}"; do printf '    %s: %s\n' "${wrong[$pair]}" "$pair"; done
}

begin() { rule=$1 function=decide source=() expected=(); defaults; }

print=no programs=$PATH
# What decides starts no program.
# shellcheck disable=SC2123 # none is found from here on
PATH=/nonexistent
[ "$1" != --print ] || { print=yes && shift; }
# shellcheck disable=SC1090 # the parts that decide
for part in "${@:1:$#-1}"; do source "$part" || exit 1; done

declare -A given=() reached=()
declare -a pairs=() expected=() source=() shown=()
rule='' function=decide cases=0 failed=0
while IFS= read -r line; do
    case $line in
        '# '*) compare && begin "${line#'# '}" ;;
        '@incident') source+=("$line") && incident ;;
        '@'*) function=${line#@} source+=("$line") && defaults ;;
        '< '*)
            source+=("$line")
            take "${line#'< '}"
            for pair in "${pairs[@]}"; do given[${pair%%=*}]=${pair#*=} reached[${pair%%=*}]=yes; done ;;
        '<') source+=("$line") ;;
        '> '*) take "${line#'> '}" && expected+=("${pairs[@]}") ;;
    esac
done <"${!#}"
compare

# Nothing that is remembered or decided may go without a case.
for key in $MEMORY_KEYS; do
    [ -n "${reached[remembered.$key]:-}" ] || { echo "no case is given '$key'" && failed=$((failed + 1)); }
    # A new start period is what others are granted by `excuse`.
    [ "$key" = grace ] || [ -n "${reached[remember.$key]:-}" ] || { echo "no case changes '$key'" && failed=$((failed + 1)); }
done
for word in verdict={healthy,starting,consequence,failing} tell={opened,reminded,closed,disclaimed} \
    act={wait,restart,give-up,given-up,stop,absent,unwanted,cut,unheard,half,ruled,misplaced} look excuse forget-marker; do
    [ -n "${reached[$word]:-}" ] || { echo "no case decides '$word'" && failed=$((failed + 1)); }
done
echo "$cases cases, $failed failed"
[ "$failed" = 0 ] && [ "$cases" -gt 0 ]
