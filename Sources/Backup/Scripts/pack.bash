#!/usr/bin/env bash
# pack.bash SOURCE STEM PART-SIZE: compresses the directory or the file SOURCE into the parts STEM.0000, STEM.0001 …
#
# A directory becomes a tar with owners, modes, times, links, holes and all attributes.
set -euo pipefail
umask 022

source=$1 stem=$2 part_size=$3

stream() {
    if [ -d "$source" ]; then
        tar --create --file=- --directory="$source" --numeric-owner --xattrs --xattrs-include='*' --acls --sparse \
            --sort=name .
    else
        cat -- "$source"
    fi
}

stream | zstd --quiet -12 --threads=0 | split --bytes="$part_size" --numeric-suffixes --suffix-length=4 - "$stem."
