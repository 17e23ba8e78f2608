# shellcheck shell=bash
# losses.sh: sourced by tell; what goes wrong with data on a host, and that nothing of it goes wrong silently. After each loss
# status, the list of backups, the incidents and a mail say what is so, nothing starts on other data, and the way back is what
# was printed. Each story stands on its own after the bootstrap, and leaves the stack whole.

data=/srv/fairlead/acme/database
saved_at=/mnt/backups/acme

unmounted_disk() {
    local version
    begin_loss
    on one fairlead maintenance begin --reason disk
    on one "mkdir -p /var/disk && mv $data /var/disk/database && mkdir -m 0700 $data && mount --bind /var/disk/database $data"
    on one fairlead maintenance end
    until_holds 300 serves one "$version"

    # As if the disk were not found: nothing mounts it again.
    reboot_one
    until_holds 300 tells one "'database' is not there"
    starts_nothing
    all_say "'database' is not there"
    backup_lacks "'database' not saved: it is not the directory that was deployed"

    on one mount --bind /var/disk/database "$data"
    until_holds 300 serves one "$version"
    has_orders one
    until_holds 300 tells_nothing_of one 'is not there'
    on one fairlead maintenance begin --reason disk
    on one "umount $data && rmdir $data && mv /var/disk/database $data"
    on one fairlead maintenance end
    ends_loss "$version"
}

moved_directory() {
    local version running
    begin_loss
    running=$(containers one)
    on one mv "$data" /srv/moved
    # Nobody has to ask.
    until_holds 300 tells one "data directory 'database' is missing"
    all_say "data directory 'database' is missing"
    backup_lacks "'database' missing: it has no directory"
    all_say "'database' missing"
    commit "$(other_than "$version")"
    until_holds 300 tells one "'database' was on this host and is gone"
    all_say "'database' was on this host and is gone"
    [ "$(containers one)" = "$running" ] || fail 'the stack was touched'
    revert
    reboot_one
    until_holds 300 tells one 'boot deployment'
    starts_nothing
    ! on one test -e "$data" || fail 'something was made in its place'
    goes_back
    on one rm -r /srv/moved
    ends_loss "$version"
}

emptied_database() {
    local version
    begin_loss
    on one systemctl stop fairlead
    on one podman stop --all --time 20
    on one "find $data -mindepth 1 -delete"
    reboot_one
    until_holds 300 tells one 'the directory is empty now'
    starts_nothing
    all_say 'the directory is empty now'
    backup_lacks "'database' missing: it is empty"
    goes_back
    ends_loss "$version"
}

failing_dump() {
    local version
    begin_loss
    set_plan 'Dump with a command that fails' '.containers.database.volumes[0].backup = {mode: "hook",
        dump: ["false"], load: ["pg_restore", "--dbname=postgres"]}'
    backup_lacks "'database' not saved: its dump failed"
    on one "ls $saved_at/acme/vsn/$(newest_run)" | grep -F site.tar || fail 'the other data directory is not in the run'
    serves one "$version" || fail 'the stack does not answer'
    set_plan 'Dump no more' '.containers.database.volumes[0].backup = {mode: "pause"}'
    goes_back
    ends_loss "$version"
}

renamed_data() {
    local version running word
    begin_loss
    running=$(containers one)
    change_plan 'Keep the data in records' '.containers.database.volumes[0].data = "records"'
    until_holds 300 tells one "'database' stays behind on the host, 'records' starts empty"
    all_say "'database' stays behind on the host, 'records' starts empty"
    [ "$(containers one)" = "$running" ] || fail 'the stack was touched'
    on one fairlead backup now
    backup_list_says listed database

    word=$(on one fairlead status | grep --only-matching '"formerly": "[^"]*"' | head -n 1)
    set_plan 'Say what records was called' ".containers.database.volumes[0] += {$word}"
    until_holds 300 serves one "$version"
    has_orders one
    on one "[ ! -e $data ] && [ -d /srv/fairlead/acme/records ]"
    on one fairlead backup now
    backup_list_says listed records
    set_plan 'Keep the data in database' '.containers.database.volumes[0] |= (.data = "database" | del(.formerly))'
    ends_loss "$version"
}

storage_without_locks() {
    local version running
    begin_loss
    running=$(containers one)
    change_plan 'Lock what cannot be locked' '.backup.targets.disk.lock = "180d"'
    ends_with 1 validates_on one >"$work/validated" 2>&1
    grep -F '/backup/targets/disk/lock' "$work/validated"
    until_holds 300 tells one 'nothing tells whether'
    all_say 'nothing tells whether'
    [ "$(containers one)" = "$running" ] || fail 'the stack was touched'
    on one fairlead backup now
    backup_list_says listed database
    revert
    ends_loss "$version"
    # The stories after these are of one data directory.
    set_plan 'Save one data directory' 'del(.containers.web.volumes)'
    serves one "$version" || fail 'the stack does not answer'
    rm "$work/saved"
}

# A plan with two data directories that are saved, a run that holds both, and nothing said yet. Sets 'version'.
begin_loss() {
    version=$(answer one | cut -d ' ' -f 2)
    [ -f "$work/recovery.key" ] || age-keygen -o "$work/recovery.key" 2>/dev/null
    set_plan 'Save two data directories' '.backup = {recipients: ["'"$(age-keygen -y "$work/recovery.key")"'"],
            targets: {disk: {directory: "'"$saved_at"'", local: true}}}
        | .containers.database.volumes[0].backup = {mode: "pause"}
        | .containers.web.volumes = [{data: "site", target: "/srv/site"}]'
    # Where the story before left a run with every order, that will do.
    [ "$(cat "$work/saved" 2>/dev/null)" = "$(cat "$work/orders")" ] || {
        on one 'echo a page >/srv/fairlead/acme/site/page'
        save_everything
    }
    until_holds 120 has_no_open_incident
    rm -f "$servers"/mail/new/*
}

# The stack is whole, with all data and a complete backup, and everybody knows.
ends_loss() { # VERSION
    until_holds 300 serves one "$1"
    has_orders one
    save_everything
    until_holds 120 has_no_open_incident
    until_holds 120 is_mailed recovered
}

save_everything() {
    place_order one
    on one fairlead backup now
    backup_list_says listed 'database, site'
    cp "$work/orders" "$work/saved"
}

# Deploys the plan that FILTER makes of it, where it is another one.
set_plan() { # SUBJECT FILTER
    change_plan "$@" || return 0
    until_holds 300 runs_as_of "$1"
}

change_plan() { # SUBJECT FILTER: pushes it; fails where it changes nothing
    jq "$2" "$work/acme/plan.json" >"$work/plan.json"
    ! cmp --silent "$work/plan.json" "$work/acme/plan.json" || return 1
    cp "$work/plan.json" "$work/acme/plan.json"
    push "$1"
}

reboot_one() {
    local boot
    boot=$(boot_id one)
    on one systemctl reboot || true
    until_holds 120 has_booted_since one "$boot"
    "$here/box" wait one
}

starts_nothing() {
    is_silent one || fail 'the stack was started on other data'
    [ -z "$(on one podman ps --quiet --filter name=acme-database)" ] || fail 'the database was started'
    [ -z "$(on one ls -A "$data" 2>/dev/null)" ] || fail "something was written into '$data'"
}

all_say() { # TEXT
    tells one "$1" || fail "status does not say: $1"
    until_holds 120 has_incident "$1"
    until_holds 120 is_mailed "$1"
}

# A run is made without that data directory, with the other one, and is no success.
backup_lacks() { # TEXT
    ends_with 1 on one fairlead backup now >"$work/backup" 2>&1
    grep -F "$1" "$work/backup"
    backup_list_says incomplete "$1"
    all_say "$1"
}

backup_list_says() { # STATE TEXT, of the newest run
    on one fairlead backup list >"$work/list"
    head -n 1 "$work/list" | grep -F " $1 " | grep -F "$2" || fail "the list of backups says: $(cat "$work/list")"
}
newest_run() { cut -d ' ' -f 1 "$work/list" | head -n 1; }

# The command that an open incident names for it.
goes_back() {
    local command
    command=$(on one fairlead incidents --open | grep -oE "then 'fairlead [^']*'|'fairlead [^']*' restores" \
        | grep -o "fairlead [^']*" | head -n 1)
    [ -n "$command" ] || fail "no way back is printed: $(on one fairlead incidents --open)"
    echo "printed: $command"
    on one "$command"
}

validates_on() { # BOX: what a pipeline of the customer does
    git -C "$work/acme" archive HEAD | on "$1" 'rm -rf /root/clone && mkdir /root/clone && tar -C /root/clone -x &&
        fairlead validate /root/clone'
}
other_than() { if [ "$1" = 1.0.0 ]; then echo 1.1.0; else echo 1.0.0; fi; } # VERSION
runs_as_of() { # SUBJECT: of the newest commit, which may ask for what runs already
    on one fairlead status | grep -E "^ +tip .*“$1”.*: (deployed|nothing to deploy)$" >/dev/null
}
# Of those that are about data; the health check's come with a busy machine.
has_no_open_incident() {
    on one fairlead incidents --open --output json \
        | jq --exit-status 'all(.incidents[]; .kind | IN("deployment", "backup", "drift") | not)' >/dev/null
}
tells() { on "$1" fairlead status 2>&1 | grep -F "$2" >/dev/null; } # BOX TEXT
tells_nothing_of() { ! tells "$@"; }
has_incident() { on one fairlead incidents --open | grep -F "$1" >/dev/null; } # TEXT
is_mailed() { mails | grep -F "$1" >/dev/null; } # TEXT
# Each as one line, decoded.
mails() {
    PYTHONPATH='' /usr/bin/python3 -c 'import email, email.policy, pathlib, sys
for path in pathlib.Path(sys.argv[1]).iterdir():
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    print(*mail["subject"].split(), *mail.get_content().split())' "$servers/mail/new"
}
