# shellcheck shell=bash
# losses.sh: sourced by tell; what goes wrong with data on a host, and that nothing of it goes wrong silently: status,
# incidents and a mail say what is so, nothing starts on other data, and the printed way back works.

unmounted_disk() {
    local version data=/srv/fairlead/acme/database
    version=$(answer one | cut -d ' ' -f 2)
    [ -f "$work/recovery.key" ] || age-keygen -o "$work/recovery.key" 2>/dev/null
    save_database pause
    until_holds 120 is_last_subject 'Save by pause'
    place_order one
    on one fairlead backup now
    on one fairlead maintenance begin --reason disk
    on one "mkdir -p /var/disk && mv $data /var/disk/database && mkdir -m 0700 $data && mount --bind /var/disk/database $data"
    on one fairlead maintenance end
    until_holds 60 serves one "$version"

    # As if the disk were not found: nothing mounts it again.
    reboot_one
    until_holds 120 tells one "'database' is not there"
    is_silent one || fail 'the stack was started without its disk'
    [ -z "$(on one podman ps --quiet --filter name=acme-database)" ] || fail 'the database was started'
    until_holds 60 is_mailed "'database' is not there"
    ends_with 1 on one fairlead backup now >"$work/backup" 2>&1
    grep -F "'database' not saved" "$work/backup"
    on one fairlead incidents | grep -F database

    on one mount --bind /var/disk/database "$data"
    until_holds 150 serves one "$version"
    has_orders one
    until_holds 60 tells_nothing_of one 'is not there'
    on one fairlead maintenance begin --reason disk
    on one "umount $data && rmdir $data && mv /var/disk/database $data"
    on one fairlead maintenance end
    on one fairlead backup now
    on one rm -r /var/backups/acme
}

reboot_one() {
    local boot
    boot=$(boot_id one)
    on one systemctl reboot || true
    until_holds 120 has_booted_since one "$boot"
    "$here/box" wait one
}

tells() { on "$1" fairlead status 2>&1 | grep -F "$2" >/dev/null; } # BOX TEXT
tells_nothing_of() { ! tells "$@"; }
is_mailed() { mails | grep -F "$1" >/dev/null; } # TEXT
# Each as one line, decoded.
mails() {
    python3 -c 'import email, email.policy, pathlib, sys
for path in pathlib.Path(sys.argv[1]).iterdir():
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    print(*mail["subject"].split(), *mail.get_content().split())' "$servers/mail/new"
}
