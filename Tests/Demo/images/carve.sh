#!/usr/bin/env bash
# carve.sh ROOT OUT PATH...: copies PATHs (files or directories below ROOT) to OUT together with the shared
# libraries that they load: the file system of an image that is built FROM scratch.
set -euo pipefail
root=$(readlink -f "$1")
out=$2
shift 2

for name in bin sbin lib lib64; do
    mkdir -p "$out/usr/$name"
    ln -s "usr/$name" "$out/$name"
done
mkdir -p "$out"/{etc,run,tmp,var}
chmod 1777 "$out/tmp"
printf 'root:x:0:0:root:/:/bin/sh\nservice:x:999:999:service:/:/bin/sh\n' >"$out/etc/passwd"
printf 'root:x:0:\nservice:x:999:\n' >"$out/etc/group"

for path in "$@"; do
    mkdir -p "$out/$(dirname "$path")"
    cp -a "$root/$path" "$out/$(dirname "$path")/"
done
# Just-in-time compilation needs 100 MB of LLVM, and nothing here profits from it.
find "$out" \( -name 'llvmjit*' -o -name bitcode -o -name pgxs \) -prune -exec rm -rf {} +

loader=$(cd "$root" && compgen -G 'lib*/ld-linux*.so.*' | head -n 1)
libraries=$(dirname "$(find "$root/usr/lib" -name libc.so.6 -print -quit)")
cp -L "$root/$loader" "$out/$loader"

find "$out" -type f \( -perm -u+x -o -name '*.so*' \) -print0 \
    | while IFS= read -r -d '' file; do
        "$root/$loader" --verify "$file" 2>/dev/null || [ $? -eq 2 ] || continue # static, or no program at all
        "$root/$loader" --library-path "$libraries" --list "$file"
    done \
    | awk -v root="$root/" '$2 == "=>" && $1 !~ /^\// { print index($3, root) == 1 ? $3 : "missing " $1 }' \
    | sort -u \
    | while read -r library missing; do
        [ -z "$missing" ] || {
            echo "carve.sh: '$missing' is not below '$root'; unpack the package that holds it there" >&2
            exit 1
        }
        target=$out/${library#"$root"/}
        mkdir -p "$(dirname "$target")"
        cp -L "$library" "$target"
    done
