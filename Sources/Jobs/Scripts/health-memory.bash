# health-memory.bash: what outlasts a run, in one file for each container. Part of the health-check job; needs
# common.bash and health-decision.bash.
# shellcheck disable=SC2004,SC2034,SC2153,SC2154 # arrays and settings that other parts of the job declare

# recall NAME: what the last run remembered. What is damaged counts as not remembered; then it is not `known` either whether
# an incident is open.
recall() {
    local key value damaged='' file=$HEALTH/$1/state
    [ -f "$file" ] || return 0
    while IFS='=' read -r key value; do
        if is_memory "$key" "$value"; then memory[$1,$key]=$value; else damaged=yes; fi
    done < <(tr --delete '\0' <"$file")
    [ -z "$damaged" ] || memory[$1,known]=''
    # An incident without its beginning: it began before this run, that is all that is known.
    [ -z "${memory[$1,incident]:-}" ] || : "${memory[$1,since]:=$NOW}" "${memory[$1,kind]:=liveness}"
}

is_memory() { # KEY VALUE
    case $1 in
        restarts | failures | attempts | well | since | mailed | grace | closed | hold)
            [[ $2 =~ ^(0|[1-9][0-9]{0,14})$ ]] ;;
        id | incident) [[ $2 =~ ^[0-9a-f-]{1,64}$ ]] ;;
        gaveup | known) [ "$2" = yes ] ;;
        kind) [[ $2 =~ ^(liveness|readiness|crash-loop)$ ]] ;;
        *) false ;;
    esac
}

remember() { # NAME
    local key file=$HEALTH/$1/state text=''
    for key in $MEMORY_KEYS; do
        [ -z "${memory[$1,$key]:-}" ] || text+="$key=${memory[$1,$key]}"$'\n'
    done
    # The disk is spared when nothing changed.
    if [ -f "$file" ] && [ "$text" = "$(tr --delete '\0' <"$file")"$'\n' ]; then return 0; fi
    mkdir -p -- "$HEALTH/$1"
    printf '%s' "$text" | write_atomically "$file" || notes+=("cannot remember the state of $1")
}
