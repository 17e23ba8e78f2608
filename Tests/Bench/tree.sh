# shellcheck shell=bash
# tree.sh: sourced by measure-backup.sh; a tree of many files beside a database file, and what a day changes in it.

noise() { head --bytes="$1" /dev/urandom; }

# Compresses to some 40 %, and repeats nothing that a later run could find again.
text() {
    noise "$(($1 * 3 / 4))" | base64 --wrap=0 \
        | tr 'A-Za-z0-9+/' 'eeeeeeeeeeeeeeeeetttttttttttaaaaaaaoooooiiiiinnnnsssrrrhhllddcuw'
}

# 40 % of SIZE megabytes in noise, 40 % in text, 20 % in one file: of 500, 2000 files of 200 kB and 100 MB.
make_tree() { # DIRECTORY SIZE
    mkdir -p "$1/noise" "$1/text" "$1/new"
    noise "$(($2 * 400000))" | split --bytes=200000 --numeric-suffixes --suffix-length=5 - "$1/noise/"
    text "$(($2 * 400000))" | split --bytes=200000 --numeric-suffixes --suffix-length=5 - "$1/text/"
    text "$(($2 * 200000))" >"$1/database"
}

# 1 %: new files, grown ones, some that go, and 8 kB pages here and there of the database.
change_tree() { # DIRECTORY SIZE
    local index pages=$(($2 * 200000 / 8192))
    for ((index = 0; index < 10; index++)); do
        noise 200000 >"$1/new/noise$index"
        text 200000 >"$1/new/text$index"
        text 1000 >>"$1/text/0000$index"
    done
    rm -f "$1/noise"/0001[0-4]
    for ((index = 0; index < 128; index++)); do
        noise 8192 | dd of="$1/database" bs=8192 seek="$((SRANDOM % pages))" conv=notrunc status=none
    done
}
