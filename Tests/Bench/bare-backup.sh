# shellcheck shell=bash disable=SC2154
# bare-backup.sh: sourced by measure-backup.sh; the same backups with plain tools, which hold nothing and check nothing.

as_tar() { tar --create --file=- --directory="$tree" --numeric-owner --xattrs --acls --sparse --sort=name .; }
from_tar() { tar --extract --file=- --directory="$1" --numeric-owner --xattrs --acls --same-permissions; }
upload() { rclone rcat --quiet --s3-chunk-size 16M "S3:bench-plain/$1"; }

tar_backup() { as_tar | zstd --quiet -3 --threads=0 | upload "tar/$1"; }
tar_restore() { rclone cat "S3:bench-plain/tar/2" | zstd --quiet --decompress | from_tar "$1"; }

age_backup() {
    as_tar | zstd --quiet -3 --threads=0 | age --encrypt --recipient "$recipient" | upload "age/$1"
}
age_restore() {
    rclone cat "S3:bench-plain/age/2" | age --decrypt --identity "$work/age.key" | zstd --quiet --decompress \
        | from_tar "$1"
}

restic_bare() {
    AWS_ACCESS_KEY_ID=$key AWS_SECRET_ACCESS_KEY=$secret RESTIC_PASSWORD=bench RESTIC_CACHE_DIR=$work/restic-cache \
        restic --quiet --repo "s3:$endpoint/bench-plain/restic" "$@"
}
restic_backup() {
    [ "$1" != 1 ] || restic_bare init --repository-version 2
    restic_bare backup "$tree"
}
restic_restore() { restic_bare restore latest --target "$1"; }
