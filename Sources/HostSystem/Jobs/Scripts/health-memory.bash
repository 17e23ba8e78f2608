# health-memory.bash: what outlasts a run, in one file for each container. Part of the health-check job; needs
# common.bash.
# shellcheck disable=SC2004,SC2034,SC2153,SC2154 # arrays and settings that other parts of the job declare

# recall NAME: what the last run remembered. What is damaged counts as not remembered.
recall() {
    local key value file=$HEALTH/$1/state
    [ -f "$file" ] || return 0
    while IFS='=' read -r key value; do
        case $key in
            restarts | failures | attempts | well | since | mailed | grace | closed | hold) [[ $value =~ ^(0|[1-9][0-9]{0,14})$ ]] ;;
            id | incident) [[ $value =~ ^[0-9a-f-]{1,64}$ ]] ;;
            gaveup) [ "$value" = yes ] ;;
            kind) [[ $value =~ ^(liveness|readiness|crash-loop)$ ]] ;;
            *) false ;;
        esac && memory[$1,$key]=$value
    done < <(tr --delete '\0' <"$file")
    # An incident without its beginning: it began before this run, that is all that is known.
    [ -z "${memory[$1,incident]:-}" ] || : "${memory[$1,since]:=$NOW}" "${memory[$1,kind]:=liveness}"
}

remember() { # NAME
    local key file=$HEALTH/$1/state text=''
    for key in id restarts failures attempts well gaveup incident kind since mailed grace closed hold; do
        [ -z "${memory[$1,$key]:-}" ] || text+="$key=${memory[$1,$key]}"$'\n'
    done
    # The disk is spared when nothing changed.
    if [ -f "$file" ] && [ "$text" = "$(tr --delete '\0' <"$file")"$'\n' ]; then return 0; fi
    mkdir -p -- "$HEALTH/$1"
    printf '%s' "$text" | write_atomically "$file" || notes+=("cannot remember the state of $1")
}
