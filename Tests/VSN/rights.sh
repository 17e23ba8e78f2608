# shellcheck shell=bash
# rights.sh: sourced by tell; what the programs of a booted host may do that Fairlead's unit starts, and its containers. Each is
# looked at while it works, and tries for itself what it must not do.

rights() {
    local version
    version=$(answer one | cut -d ' ' -f 2)
    # What a program without any limit can do: else the rest would prove nothing.
    install_trial
    [ "$(on one try-rights)" = 'names=yes shadow=yes identity=yes key=yes journal=yes etc=yes podman=yes' ] \
        || fail "an unlimited process: $(on one try-rights)"

    stand_in ssh
    until_holds 120 is_waiting ssh
    stand_down ssh
    # The program itself, and the git child that started it.
    was_found 'names=yes shadow=no identity=no key=yes journal=no etc=no podman=no' "$(limits 0000000000000000)" \
        "$(limits 0000000000000000)"
    figure 'git child and its ssh: no capability, seccomp, no new privileges, Landlock'

    container_rights "$version"

    [ -f "$work/recovery.key" ] || age-keygen -o "$work/recovery.key" 2>/dev/null
    set_plan 'Drill every minute' '.backup = {recipients: ["'"$(age-keygen -y "$work/recovery.key")"'"],
            drill: "* * * * *", targets: {disk: {directory: "'"$saved_at"'", local: true}}}
        | .containers.database.volumes[0].backup = {mode: "pause"}'
    place_order one
    on one fairlead backup now
    # A drill of the daemon's own fetches and unpacks.
    stand_in rclone
    until_holds 300 is_waiting rclone
    stand_down rclone
    # Those that it needs among files of others: CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER.
    was_found 'names=yes shadow=no identity=no key=no journal=no etc=no podman=no' "$(limits 000000000000000f)"
    stand_in tar
    until_holds 300 is_waiting tar
    stand_down tar
    # These, and FSETID, MKNOD, SETFCAP: what is unpacked is what was saved.
    was_found 'names=yes shadow=no identity=no key=no journal=no etc=no podman=no' "$(limits 000000008800001f)"
    set_plan 'Drill no more' 'del(.backup) | .backup = "none" | del(.containers.database.volumes[0].backup)'
    figure 'rclone and tar of a drill: four and seven capabilities of 41, seccomp, no new privileges, Landlock'

    on one 'rm /usr/bin/ssh.real /usr/bin/rclone.real /usr/bin/tar.real'
}

# Of the stack as it is, with user ids of the containers' own, and without again.
container_rights() { # VERSION
    local owners ranges name database web
    owners=$(owners_on_disk)
    for name in database web; do
        on one cat "/proc/$(container_process $name)/status" >"$work/status"
        grep -x "CapBnd:[[:space:]]*00000000000004fb" "$work/status"
        grep -x "NoNewPrivs:[[:space:]]*1" "$work/status"
        grep -x "Seccomp:[[:space:]]*2" "$work/status"
        [ "$(first_user $name)" = 0 ] || fail "$name has user ids of its own"
    done
    place_order one

    set_plan 'Give the containers user ids of their own' '.containers[].userns = "private"'
    until_holds 120 serves one "$1"
    ranges="$(first_user database) $(first_user web)"
    read -r database web <<<"$ranges"
    [ "$database" -ge 1879048192 ] && [ "$web" -ge 1879048192 ] && [ "$database" != "$web" ] \
        || fail "root of the containers is on the host: $ranges"
    has_orders one
    place_order one
    [ "$(owners_on_disk)" = "$owners" ] || fail "owners on disk: $owners, now $(owners_on_disk)"
    ! on one podman ps --all --format '{{.Names}}' | grep trial || fail 'a trial was left'
    figure "root of database and web is $ranges on the host; files belong to: ${owners//$'\n'/, }"

    revert
    until_holds 300 runs_as_of 'Revert "Give the containers user ids of their own"'
    until_holds 120 serves one "$1"
    [ "$(first_user database)" = 0 ] || fail 'the database has user ids of its own still'
    has_orders one
    [ "$(owners_on_disk)" = "$owners" ] || fail "owners on disk: $owners, now $(owners_on_disk)"
}

# Beside copies from before a change, whose directories are the host's.
owners_on_disk() { on one "find /srv/fairlead/acme -mindepth 2 -not -path '*/.fairlead-before/*' -printf '%U:%G\n' | sort -u"; }
container_process() { on one podman inspect --format "'{{.State.Pid}}'" "acme-$1"; } # CONTAINER
# What its user 0 is on the host.
first_user() { on one cat "/proc/$(container_process "$1")/uid_map" | awk '{print $2}'; } # CONTAINER

# Tells what the process that runs it can do.
install_trial() {
    on one 'cat >/usr/local/bin/try-rights && chmod 755 /usr/local/bin/try-rights' <<'END'
#!/bin/bash
try() { if "${@:2}" </dev/null >/dev/null 2>&1; then echo "$1=yes"; else echo "$1=no"; fi; }
echo "$(try names head -c 1 /etc/passwd) $(try shadow head -c 1 /etc/shadow)" \
    "$(try identity head -c 1 /etc/fairlead/age.txt) $(try key head -c 1 /etc/fairlead/ssh_key)" \
    "$(try journal head -c 1 /var/lib/fairlead/journal.sqlite) $(try etc touch /etc/rights)" \
    "$(try podman curl --fail --max-time 10 --unix-socket /run/podman/podman.sock http://podman/_ping)"
rm -f /etc/rights 2>/dev/null
END
}

# Whoever starts the program starts this first: it waits, with what it could do as its name.
stand_in() { # PROGRAM
    on one "cp -p /usr/bin/$1 /usr/bin/$1.real && cat >/usr/bin/$1.new && chmod 755 /usr/bin/$1.new && mv /usr/bin/$1.new /usr/bin/$1" <<'END'
#!/bin/bash
name=${0##*/}
(exec -a "rights-of-$name $(/usr/local/bin/try-rights)" sleep 40) </dev/null >/dev/null 2>&1
exec "/usr/bin/$name.real" "$@"
END
}
# What waits goes on with the program itself, so that nothing fails for it.
stand_down() { # PROGRAM
    on one "cp -p /usr/bin/$1.real /usr/bin/$1.new && mv /usr/bin/$1.new /usr/bin/$1 && { pkill --full '^rights-of-$1 ' || true; }"
}

# Puts what the waiting program could do, and its limits, into the file 'found', with those of a git child that started it.
is_waiting() { # PROGRAM
    on one bash -s "$1" <<'END' >"$work/found"
process=$(pgrep --full "^rights-of-$1 " | head -n 1)
[ -n "$process" ] || exit 1
limits() {
    awk '/^(Cap(Inh|Prm|Eff)|NoNewPrivs|Seccomp):/ {printf "%s ", $2}' "/proc/$1/status"
    grep --only-matching --max-count 1 'fairlead.service' "/proc/$1/cgroup" | head -n 1
}
tr '\0' '\n' <"/proc/$process/cmdline" | sed -n '1s/^[^ ]* //p'
limits "$process"
until [ "$process" -le 1 ]; do
    process=$(awk '/^PPid:/ {print $2}' "/proc/$process/status") || exit 1
    ! tr '\0' ' ' <"/proc/$process/cmdline" | grep --quiet '^[^ ]*fairlead internal-git' || limits "$process"
done
END
}

was_found() { # LINE...
    [ "$(cat "$work/found")" = "$(printf '%s\n' "$@")" ] || fail "found: $(cat "$work/found")"
}
# Under the unit: inheritable, permitted, effective capabilities, no new privileges, a filter of system calls.
limits() { echo "0000000000000000 $1 $1 1 2 fairlead.service"; } # CAPABILITIES
