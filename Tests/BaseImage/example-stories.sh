# shellcheck shell=bash
# example-stories.sh: sourced by tell; the complete image of docs/base-image.md.

# The page shows each file as it is.
is_shown() { # FILE
    local text page
    text=$(cat "$1")
    page=$(cat "$repo/docs/base-image.md")
    [[ $page == *"$text"* ]] || fail "docs/base-image.md shows another '$1'"
}

example_starts() { # NAME OPTION...
    podman run --detach --name "$1" --cap-drop ALL --security-opt no-new-privileges --network none --read-only "${@:2}" \
        --env APP_NAME=shop --env APP_VERSION=2.1.0 --volume "$own/$1:/data" localhost/shop >/dev/null
    within 120 is_ready "$1"
    checks "$1" live
}

sql() { podman exec "$1" psql --no-align --tuples-only --host /tmp --username shop --command "$2" shop; } # NAME STATEMENT

example() {
    local context=$repo/deploy/base-image/example file name version=15
    [ ! -e "$base.apt/Packages" ] || version=$(sed -n 's/^Package: postgresql-\([0-9]*\)$/\1/p' "$base.apt/Packages")
    while read -r file; do is_shown "$file"; done < <(find "$context" -type f)
    [ -z "$(find "$context/fairlead" -type f ! -name down-signal ! -perm 755)" ]
    build localhost/shop "$context" --build-arg BASE=localhost/fairlead-base --build-arg "POSTGRESQL=$version"
    for name in first second; do install -d -o 500 -g 500 -m 0700 "$own/$name"; done

    example_starts first
    sql first "INSERT INTO orders (article) VALUES ('a lamp')"
    [ "$(podman exec first busybox wget -q -O - http://127.0.0.1:8080/)" = 'shop 2.1.0' ]
    podman exec first /fairlead/backup/dump >"$own/dump"
    stops 0 first
    says first 'database system is shut down'
    podman start first >/dev/null
    within 60 is_ready first
    [ "$(sql first 'SELECT article FROM orders')" = 'a lamp' ]

    # On another host with new data, as another user.
    chown 4711:4711 "$own/second"
    example_starts second --user 4711:4711
    [ -z "$(sql second 'SELECT article FROM orders')" ]
    podman exec --interactive second /fairlead/backup/load <"$own/dump"
    [ "$(sql second 'SELECT article FROM orders')" = 'a lamp' ]

    # The database is killed, and recovers.
    podman exec second sh -c 'kill -9 "$(head -n 1 /data/postgres/postmaster.pid)"'
    within 60 says second "service 'database' ended by signal 9"
    within 60 is_ready second
    [ "$(sql second 'SELECT article FROM orders')" = 'a lamp' ]
}
