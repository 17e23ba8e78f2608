# shellcheck shell=bash
# settings.sh: sourced by tell; what a commit sets up on the host itself, and gives back.

# J8: everything that the section has, over a reboot, and back to what it was, byte by byte.
host_settings() {
    local boot
    settings_of one >"$work/settings.before"
    set_up_host '{"hostname": "vsn1.acme.example.com", "timezone": "Pacific/Auckland", "hosts": {"192.0.2.5": ["db.internal"]},
        "dns": {"servers": ["10.232.0.1"], "search": ["acme.example.com"]}, "sysctl": {"net.core.somaxconn": "1234"}}'
    push 'Set up the host'
    until_holds 120 is_last_subject 'Set up the host'
    is_set_up one
    on one podman inspect --format "'{{.Config.Env}}'" acme-web | grep -F TZ=Pacific/Auckland

    boot=$(boot_id one)
    on one systemctl reboot || true
    until_holds 120 has_booted_since one "$boot"
    until_holds 120 serves one 1.0.0
    "$here/box" wait one
    is_set_up one
    on one fairlead doctor | grep '^ok  *host settings' || fail "$(on one fairlead doctor)"

    set_up_host '{"hostname": "vsn1.acme.example.com", "sysctl": {"kernel.core_pattern": "|/tmp/steal"}}'
    push 'Take over the host'
    until_holds 60 is_refused_for one kernel.core_pattern
    is_set_up one
    serves one 1.0.0 || fail 'the stack does not answer'

    jq 'del(.host)' "$work/acme/hosts/vsn.json" >"$work/entry" && cp "$work/entry" "$work/acme/hosts/vsn.json"
    push 'Leave the host alone'
    until_holds 120 is_last_subject 'Leave the host alone'
    settings_of one | diff "$work/settings.before" -
    has_orders one
}

# C6: a container made by Fairlead writes 300 000 lines at once, of which journald's own limit would drop nine in ten.
log_burst() {
    local replaced began
    [ "$(on one podman inspect --format "'{{.HostConfig.LogConfig.Type}}'" acme-database)" = journald ] \
        || fail 'the container does not write to the journal'
    on one fairlead doctor | grep '^warn  *logs .*drops most of a burst' || fail "$(on one fairlead doctor)"
    replaced=$(containers one)
    jq '.logs = {"maximum": "1GiB"}' "$work/acme/hosts/vsn.json" >"$work/entry"
    cp "$work/entry" "$work/acme/hosts/vsn.json"
    push 'Keep every line'
    until_holds 120 is_last_subject 'Keep every line'
    [ "$(containers one)" = "$replaced" ] || fail 'a container was replaced for a setting of the host'
    on one grep -Fx SystemMaxUse=1073741824 "$journal_file"
    on one fairlead doctor | grep '^ok  *logs' || fail "$(on one fairlead doctor)"

    began=$(on one date +%s)
    # shellcheck disable=SC2016 # dollars of SQL
    sql one 'SET log_error_verbosity = terse;
        DO $do$ BEGIN FOR n IN 1..300000 LOOP RAISE LOG $text$burst % ends$text$, n; END LOOP; END $do$'
    until_holds 180 has_burst one "$began"
    figure "a burst of 300000 lines: $(($(on one date +%s) - began)) s until all are in the journal"
    [ "$(on one "podman logs --since $began acme-database 2>&1 | grep -c 'burst [0-9]* ends'")" = 300000 ] \
        || fail "'podman logs' lacks lines"

    jq 'del(.logs)' "$work/acme/hosts/vsn.json" >"$work/entry" && cp "$work/entry" "$work/acme/hosts/vsn.json"
    push 'Leave the journal alone'
    until_holds 120 is_last_subject 'Leave the journal alone'
    on one test ! -e "$journal_file"
    on one fairlead doctor | grep '^warn  *logs' || fail "$(on one fairlead doctor)"
    has_burst one "$began" || fail 'lines went with the setting'
    has_orders one
}

readonly journal_file=/etc/systemd/journald.conf.d/50-fairlead.conf

# Each line once, whatever the journal had to do meanwhile.
has_burst() { # BOX EPOCH
    [ "$(on "$1" "journalctl --quiet --output cat --since @$2 CONTAINER_NAME=acme-database |
        grep -o 'burst [0-9]* ends' | sort -u | wc -l")" = 300000 ]
}

set_up_host() { # JSON
    jq --argjson host "$1" '.host = $host' "$work/acme/hosts/vsn.json" >"$work/entry"
    cp "$work/entry" "$work/acme/hosts/vsn.json"
}

is_set_up() { # BOX
    [ "$(on "$1" hostname)" = vsn1.acme.example.com ] || fail "the host's name is '$(on "$1" hostname)'"
    on "$1" readlink /etc/localtime | grep Pacific/Auckland
    on "$1" getent hosts db.internal | grep -F 192.0.2.5
    on "$1" cat /etc/resolv.conf | grep -Fx 'nameserver 10.232.0.1'
    [ "$(on "$1" cat /proc/sys/net/core/somaxconn)" = 1234 ] || fail 'the kernel parameter is not set'
}

# What the section can change, as bytes.
settings_of() { # BOX
    on "$1" 'hostname; cat /etc/hostname /etc/hosts /etc/resolv.conf /proc/sys/net/core/somaxconn
        readlink /etc/localtime; ls /etc/sysctl.d /etc/systemd/resolved.conf.d 2>/dev/null || true'
}

is_refused_for() { on "$1" fairlead status | grep --quiet -F "$2"; } # BOX WORD
