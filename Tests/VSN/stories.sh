# shellcheck shell=bash
# stories.sh: sourced by tell; each function is a rule that is proved on booted hosts. They follow on each other. Those of
# the short form (see run) stand on their own, in this order.

tell_all() {
    story bootstrap_over_ssh 'G6, J7: one line over SSH makes a pristine host a VSN, and says what it needs before it can'
    story bootstrap_again 'the same line again changes nothing and stops nothing; another configuration is refused'
    story commit_and_revert 'G5: a pushed commit is deployed, its revert rolls back'
    story host_settings 'J8: a commit sets up the host, over a reboot; what leaves the plan gets back what it was'
    story log_burst 'C6: a burst of 300 000 lines is whole while the plan bounds the journal; without the key the host is as before'
    story orderly_reboot 'S5: an orderly reboot brings the stack back without anyone'\''s doing'
    story podman_update 'S5: an update of the Podman package does not stop the stack'
    story power_cut 'a power cut while the stack is being replaced ends in the new version, with all data'
    story power_cut_in_each_step 'a power cut in any step of a deployment ends in the new version, with all data'
    story upgrade 'an upgrade of the Fairlead package, and the way back, stop no container and keep the history'
    story maintenance 'S5: in maintenance nothing is deployed, over a reboot, until the end verifies the stack'
    story unreachable_git_server 'an unplanned reboot starts the saved plan in order, without the git server'
    story backup_and_restore 'J4, J9: the daemon makes a missed backup; lost data comes back from it, as files and as a dump'
    story mounted_share 'J5: a share is mounted by systemd when a backup needs it, and taken back when it leaves the plan'
    story unmounted_disk 'S7: nothing is started while the disk of a data directory is not mounted, and it starts when it is'
    story moved_directory 'S7: a data directory that was moved away is missing, nothing starts, and the printed command restores it'
    story emptied_database 'S5, J9: a database that was emptied by hand is not started; the printed command restores it'
    story failing_dump 'J4: a dump that fails costs itself only, and is an incident until it is mended'
    story renamed_data 'S7: a commit that renames a data directory is refused until it says the printed word'
    story storage_without_locks 'J4: a lock that the storage cannot have is refused, and the stack runs on'
    story rights 'T3: what the unit starts, and containers, have no more rights than they need; user namespaces change nothing on disk'
    story uninstall 'uninstalling removes containers and settings, keeps data and keys; the same line brings all back'
    story migration 'S5, J10: copying data and keys and running the one-liner is a complete migration'
    story piped_from_the_web 'curl | bash on a host that follows over https waits for its keys, then deploys'
    story through_sudo 'an operator who is not root runs the one-liner through sudo; the package and the commits are signed (T2)'
    story from_local_files 'a local script and a directory of packages need no mirror; after a power cut they go on'
    story move 'J10: a new host in the repo and the one-liner there: it takes over all data from the old one by the storage'
    story recovery 'J10: the old host is dead: the same procedure brings the newest backup, and says how old it is'
}

bootstrap_over_ssh() {
    local line=(--repo "$ssh_repo" --host vsn --interval 5s --package "$address") before began
    new_host one 10.232.0.11
    before=$(fingerprint one)
    bootstrap one "${line[@]}" --dry-run | tee "$work/dry"
    grep 'would install fairlead' "$work/dry"
    [ "$(fingerprint one)" = "$before" ] || fail 'the dry run changed something'

    began=$(now)
    ends_with 2 bootstrap one "${line[@]}" >"$work/first"
    figure "from nothing to the line that asks for keys: $(since "$began")"
    grep -F "$(host_key_fingerprint)" "$work/first"
    grep -F "bash -s -- --repo $ssh_repo" "$work/first"
    admit vsn "$work/first"

    began=$(now)
    bootstrap one "${line[@]}" --host-key "$(host_key_fingerprint)" | tee "$work/second"
    serves one 1.0.0 || fail 'the stack does not answer'
    figure "from there to a healthy stack: $(since "$began")"
    grep "tested: mail" "$work/second"
    grep -rlq 'To: ops@acme.example.com' "$servers/mail/new" || fail 'no test mail came'
    sql one 'CREATE TABLE orders (id int)'
    place_order one
    without_jitter one
}

bootstrap_again() {
    local line=(--repo "$ssh_repo" --host vsn --interval 5s --package "$address") running began
    running=$(containers one)
    began=$(now)
    bootstrap one "${line[@]}"
    figure "again: $(since "$began")"
    [ "$(containers one)" = "$running" ] || fail 'containers were replaced'
    ends_with 1 bootstrap one "${line[@]}" --branch other >"$work/other" 2>&1
    grep -E '^ +\+ +"branch": "other"' "$work/other"
    on one fairlead status | grep 'deployed'
    # Without --repo the configuration stays.
    bootstrap one --wait 0 | grep 'Fairlead'
    [ "$(containers one)" = "$running" ] || fail 'containers were replaced'
    on one fairlead doctor >"$work/doctor" || fail "$(cat "$work/doctor")"
    grep "'server.test:5000' lets 'acme' in" "$work/doctor"
    push_wrong_password
    ends_with 1 on one fairlead doctor --set repository.branch=wrong >"$work/doctor"
    grep -A 1 '^fail  *registry ' "$work/doctor" | grep 'check user name and password'
    ! grep -F a-wrong-password "$work/doctor" || fail 'the password was shown'
    # Another key of the git host is somebody else's.
    on one "sed -i 's/AAAA./AAAAB/' /etc/fairlead/known_hosts"
    ends_with 1 bootstrap one "${line[@]}" >"$work/other" 2>&1
    grep 'somebody may be in between' "$work/other"
    bootstrap one "${line[@]}" --force --host-key "$(host_key_fingerprint)"
    has_orders one
}

commit_and_revert() {
    local began
    place_order one
    commit 1.1.0
    began=$(now)
    until_holds 120 serves one 1.1.0
    figure "pushed to served: $(since "$began")"
    revert
    began=$(now)
    until_holds 120 serves one 1.0.0
    figure "revert pushed to served: $(since "$began")"
    until_holds 30 is_reverted
    ! on one journalctl --unit fairlead --output cat | grep 'thread priority' || fail 'noise in the journal'
    has_orders one
}

is_reverted() { [ "$(last_deployment one '.version + " " + .outcome + " " + .commit.subject')" = '1.0.0 deployed Revert "Run acme 1.1.0"' ]; }

orderly_reboot() {
    local boot began
    boot=$(boot_id one)
    place_order one
    began=$(now)
    on one systemctl reboot || true
    until_holds 120 has_booted_since one "$boot"
    figure "reboot typed to powered down: $(since "$began")"
    until_holds 120 serves one 1.0.0
    figure "reboot typed to served: $(since "$began")"
    # Without the drop-ins containers restart during the shutdown, often until a time-out of 90 s.
    [ $(($(now) - began)) -lt 60000 ] || fail 'the reboot took too long'
    "$here/box" wait one
    on one journalctl --boot -1 --output cat | grep 'Stopped fairlead.service'
    ! on one journalctl --boot -1 --output cat | grep 'container restart' || fail 'containers were restarted'
    has_orders one
}

podman_update() {
    local before
    before=$(containers one)
    # What dpkg runs when it replaces Podman.
    on one 'cd /var/lib/dpkg/info && export DPKG_MAINTSCRIPT_PACKAGE=podman
        sh podman.prerm upgrade 9 && sh podman.postinst configure 4'
    [ "$(containers one)" = "$before" ] || fail 'containers were stopped'
    on one systemctl is-active fairlead podman.socket
    serves one 1.0.0 || fail 'the stack does not answer'
}

power_cut() {
    cut_at 'container=web phase=stopped' 1.1.0
    until_holds 30 is_recovered
    cut_at 'container=database phase=started' 1.0.0
    until_holds 30 is_recovered
}

power_cut_in_each_step() {
    local version=1.1.0 moment
    for moment in 'started step=validate' 'container=web phase="image ready"' 'started step="tear down"' \
        'container=web phase=removed' 'container=web phase=created' 'container=database phase=healthy' \
        'started step=maintenance' 'started step=finalise'; do
        cut_at "$moment" "$version"
        if [ "$version" = 1.1.0 ]; then version=1.0.0; else version=1.1.0; fi
    done
}

# Commits VERSION and pulls the plug when the log says MOMENT.
cut_at() { # MOMENT VERSION
    local began seen cursor
    place_order one
    cursor=$(on one journalctl --unit fairlead --lines 1 --show-cursor | sed -n 's/^-- cursor: //p')
    on one "timeout 120 journalctl --follow --no-tail --after-cursor '$cursor' --unit fairlead | grep --max-count 1 '$1'" &
    seen=$!
    commit "$2"
    on one systemctl reload fairlead
    wait "$seen" || fail "the log does not say '$1'"
    "$here/box" powercut one
    began=$(now)
    "$here/box" start one
    until_holds 120 serves one "$2"
    figure "cut at '$1', power on to served: $(since "$began")"
    "$here/box" wait one
    until_holds 30 is_settled
    has_orders one
}

is_settled() { [ "$(last_deployment one .outcome)" = deployed ]; }
# Else the cut came too late, and proves nothing.
is_recovered() { [ "$(last_deployment one '.trigger + " " + .outcome')" = 'recovery deployed' ]; }

upgrade() {
    local before version deployments began
    version=$(dpkg-deb --field "$package" Version)
    repack "$package" "9.$version" "$servers/www/next"
    before=$(containers one)
    deployments=$(on one fairlead history --output json | jq '[.entries[] | select(.deployment)] | length')
    began=$(now)
    bootstrap one --package "https://server.test/next/$(basename "$servers"/www/next/*.deb)"
    figure "upgrade: $(since "$began")"
    on one 'dpkg-query --show --showformat=\${Version} fairlead' | grep -Fx "9.$version"
    [ "$(containers one)" = "$before" ] || fail 'the upgrade stopped containers'
    ends_with 1 bootstrap one --package "$address" 2>&1 | grep 'add --force'
    bootstrap one --package "$address" --force
    on one 'dpkg-query --show --showformat=\${Version} fairlead' | grep -Fx "$version"
    [ "$(containers one)" = "$before" ] || fail 'the way back stopped containers'
    [ "$(on one fairlead history --output json | jq '[.entries[] | select(.deployment)] | length')" = "$deployments" ] \
        || fail 'the history is another'
    on one systemctl is-active fairlead
    has_orders one
}

maintenance() {
    local boot began output
    commit 1.0.0
    on one systemctl reload fairlead
    until_holds 120 serves one 1.0.0
    place_order one
    on one fairlead maintenance begin --reason "'system update'"
    is_silent one || fail 'the stack still answers'
    commit 1.1.0
    output=$(ends_with 5 on one fairlead reconcile 2>&1)
    [[ $output == *'fairlead maintenance end'* ]] || fail "reconcile says: $output"
    boot=$(boot_id one)
    on one systemctl reboot || true
    until_holds 60 has_booted_since one "$boot"
    "$here/box" wait one
    on one systemctl is-active fairlead
    # Longer than the interval at which a daemon would deploy.
    sleep 6
    [ -z "$(on one podman ps --quiet)" ] || fail 'containers run after the reboot'
    on one fairlead status | grep 'in maintenance'
    began=$(now)
    on one fairlead maintenance end | tee "$work/end"
    figure "maintenance end, verified: $(since "$began")"
    grep -E '^ +database +healthy$' "$work/end"
    grep -E '^ +web +healthy$' "$work/end"
    has_orders one
    until_holds 120 serves one 1.1.0
    figure 'the commit of meanwhile is deployed afterwards'
}

unreachable_git_server() {
    local began
    place_order one
    stop_git_server "$servers"
    "$here/box" powercut one
    began=$(now)
    "$here/box" start one
    until_holds 120 serves one 1.1.0
    figure "power on to served: $(since "$began")"
    until_holds 30 is_established
    until_holds 30 is_unreachable
    on one fairlead show "$(last_deployment one .deployment)" --output json >"$work/show"
    jq --exit-status '[.deployments[0].containers[] | "\(.container) \(.phase)"]
        | index("database healthy") < index("web started")' "$work/show"
    has_orders one
    start_git_server "$servers"
    commit 1.0.0
    until_holds 120 serves one 1.0.0
}

is_established() { [ "$(last_deployment one '.trigger + " " + .outcome')" = 'boot deployed' ]; }
is_unreachable() { on one fairlead status | grep --quiet 'unreachable since'; }

# The daemon works within the limits of its unit here, and asks Podman's service for what they forbid.
backup_and_restore() {
    local began mode version since
    version=$(answer one | cut -d ' ' -f 2)
    age-keygen -o "$work/recovery.key" 2>/dev/null
    for mode in pause hook; do
        save_database "$mode"
        until_holds 60 is_last_subject "Save by $mode"
        on one fairlead backup now
        place_order one
        # As if the host had been off at two o'clock.
        on one "sed -i '/\"copy\"/,/began/s/\"began\" : [0-9]*/\"began\" : 1700000000000/' /var/lib/fairlead/backup/state.json"
        began=$(now)
        until_holds 120 has_runs 2
        figure "$mode: the missed backup was delivered after $(since "$began")"
        on one fairlead teardown --yes
        on one 'chmod -R u+w /srv/fairlead/acme/database && rm -r /srv/fairlead/acme/database'
        began=$(now)
        on one fairlead resume
        until_holds 120 serves one "$version"
        figure "$mode: without data to served with it: $(since "$began")"
        has_orders one
        on one fairlead backup verify
        # The daemon's own may be under way, which refuses it.
        until_holds 120 drills_by_hand
        # The daemon makes one within the limits of its unit, every minute.
        since=$(on one date +%s)
        until_holds 150 has_drilled "$since"
        serves one "$version" || fail 'the drill stopped the stack'
        ! on one podman ps --all --format '{{.Names}}' | grep drill || fail 'the drill left containers'
        # All of it gone would be a disk that is away.
        on one rm -r /mnt/backups/acme/acme/vsn
    done
}

save_database() { # MODE
    local backup='{"mode": "pause"}'
    [ "$1" = pause ] || backup='{"mode": "hook", "dump": ["pg_dump", "-Fc", "postgres"],
        "load": ["pg_restore", "--dbname=postgres", "--exit-on-error"]}'
    jq --arg recipient "$(age-keygen -y "$work/recovery.key")" --argjson backup "$backup" '
        .backup = {recipients: [$recipient], drill: "* * * * *", targets: {disk: {directory: "/mnt/backups/acme", local: true}}}
        | .containers.database.volumes[0].backup = $backup' "$work/acme/plan.json" >"$work/plan.json"
    cp "$work/plan.json" "$work/acme/plan.json"
    push "Save by $1"
}

drills_by_hand() {
    on one fairlead backup drill | tee "$work/drill" || return 1
    grep 'the stack serves on its backup' "$work/drill"
}
has_drilled() { on one journalctl --unit fairlead --since "@$1" --grep "'backup drill passed'" --quiet; }
is_last_subject() { [ "$(last_deployment one '.outcome + " " + .commit.subject')" = "deployed $1" ]; }
has_runs() { [ "$(on one 'ls -d /mnt/backups/acme/acme/vsn/*/manifest.json' 2>/dev/null | wc -l)" -ge "$1" ]; }

# With a stand-in for the program that mounts: the kernel of a machine for tests has no client of SMB or NFS.
mounted_share() {
    local version
    version=$(answer one | cut -d ' ' -f 2)
    [ -f "$work/recovery.key" ] || age-keygen -o "$work/recovery.key" 2>/dev/null
    jq --arg recipient "$(age-keygen -y "$work/recovery.key")" '.backup = {recipients: [$recipient], targets: {nas: {path: "acme",
        mount: {type: "smb", source: "//server.test/backup", username: "vsn", password: "${secret:registry}"}}}}' \
        "$work/acme/plan.json" >"$work/plan.json"
    cp "$work/plan.json" "$work/acme/plan.json"
    push 'Save to a share'
    until_holds 300 is_refused_for one "'mount.cifs' is not installed"
    on one 'cat >/sbin/mount.cifs && chmod 755 /sbin/mount.cifs' <<'END'
#!/bin/sh
mountpoint -q /run/share || { mkdir /run/share && mount -t tmpfs tmpfs /run/share; }
exec mount -i --bind /run/share "$2"
END
    on one fairlead retry
    until_holds 300 is_last_subject 'Save to a share'
    on one fairlead backup now
    on one 'findmnt /mnt/fairlead/nas-* && ls /mnt/fairlead/nas-*/acme/acme/vsn/*/manifest.json'
    on one '[ "$(stat -c %a /run/fairlead/mounts/nas-*)" = 600 ]'
    ! on one "grep -rlF '$registry_password' /etc/systemd /var/lib/fairlead" || fail 'the password is on the disk'
    # Whoever needs it next mounts it again, the daemon within the limits of its unit too.
    on one 'systemctl stop /mnt/fairlead/nas-*'
    on one 'fairlead backup list && findmnt /mnt/fairlead/nas-*'
    on one 'systemctl stop /mnt/fairlead/nas-*'
    revert
    until_holds 300 is_last_subject 'Revert "Save to a share"'
    on one '! ls /etc/systemd/system/mnt-fairlead-* /mnt/fairlead/* /run/fairlead/mounts/* 2>/dev/null && systemctl is-system-running'
    serves one "$version" || fail 'the stack does not answer'
}

uninstall() {
    local began version
    version=$(answer one | cut -d ' ' -f 2)
    place_order one
    on one sh -c "'cat /etc/fairlead/ssh_key /etc/fairlead/age.txt'" | sha256sum >"$work/keys"
    bootstrap one --uninstall --dry-run
    serves one "$version" || fail 'the dry run stopped the stack'
    began=$(now)
    bootstrap one --uninstall | tee "$work/uninstalled"
    figure "uninstalled: $(since "$began")"
    on one '[ -z "$(podman ps --all --quiet)" ] && ! podman network exists acme && [ ! -e /etc/fairlead/config.json ] &&
        ! command -v fairlead && [ -d /srv/fairlead/acme/database ] && ! crontab -l 2>/dev/null | grep -i fairlead'
    on one sh -c "'cat /etc/fairlead/ssh_key /etc/fairlead/age.txt'" | sha256sum | cmp - "$work/keys"
    bootstrap one --uninstall
    began=$(now)
    bootstrap one --repo "$ssh_repo" --host vsn --interval 5s --package "$address" --host-key "$(host_key_fingerprint)"
    figure "installed again: $(since "$began")"
    serves one "$version" || fail 'the stack does not answer'
    has_orders one
}

migration() {
    local began
    new_host two 10.232.0.12
    place_order one
    began=$(now)
    on one fairlead maintenance begin --reason "'moves to two'"
    on one tar --numeric-owner -C / -c srv/fairlead etc/fairlead | on two tar --numeric-owner -C / -x
    ends_with 1 bootstrap two --package "$address" >"$work/foreign" 2>&1
    grep 'is of another machine\|are of another machine' "$work/foreign"
    grep -e 'add --adopt' "$work/foreign"
    [ -z "$(on two podman ps --quiet)" ] || fail 'the copy was started unasked'
    ends_with 2 bootstrap two --package "$address" --adopt --wait 0 >"$work/pinned"
    grep "host 'vsn' is another machine" "$work/pinned"
    [ -z "$(on two podman ps --quiet)" ] || fail 'a machine that is not the pinned one runs the stack'
    jq --arg key "$(pinned_key "$work/pinned")" '.hostKey = [.hostKey, $key]' "$work/acme/hosts/vsn.json" >"$work/vsn.json"
    cp "$work/vsn.json" "$work/acme/hosts/vsn.json"
    push 'Let vsn be the new machine too'
    bootstrap two --package "$address" --adopt
    serves two 1.0.0 || fail 'the stack does not answer'
    figure "stopped on one host to served by the other: $(since "$began")"
    has_orders two
    is_silent one || fail 'both hosts serve'
}

piped_from_the_web() {
    local began
    new_host three 10.232.0.13
    began=$(now)
    # The token comes from a file, as a secret has to.
    echo "$git_token" | on three 'umask 077; cat >/root/token'
    on three "curl -fsSL https://server.test/bootstrap.sh | bash -s -- --repo https://server.test/git/acme.git \
        --username acme --token-file /root/token --host three --package $address --wait 2m" >"$work/piped" 2>&1 &
    until_holds 300 grep --quiet 'Not yet' "$work/piped"
    grep 'hosts/three.json' "$work/piped"
    ! grep -F "$git_token" "$work/piped" || fail 'the token was shown'
    admit three "$work/piped"
    wait "$!" || fail "$(cat "$work/piped")"
    serves three 1.0.0 || fail 'the stack does not answer'
    figure "from nothing to served, keys put in place by a script: $(since "$began")"
}

through_sudo() {
    local line="--repo $ssh_repo --host five --package $address --host-key $(host_key_fingerprint) --wait 0" other
    begin_to_sign
    line+=" $(signed_by_its_builder) --signers olga@acme.example.com $(cut -d ' ' -f 1,2 "$servers/olga.pub")"
    new_host five 10.232.0.15
    add_operator five olga
    export VSN_USER=olga
    ends_with 1 on five "bash -s -- $line" <"$bootstrap" >"$work/sudo" 2>&1
    grep 'not run as root' "$work/sudo"
    other=$(cut -d ' ' -f 1,2 "$VSN_DIR/operator_key.pub")
    ends_with 1 on five "sudo bash -s -- ${line/ssh-ed25519*/$other}" <"$bootstrap" >"$work/sudo" 2>&1
    grep 'was not signed by the key' "$work/sudo"
    ends_with 2 on five "sudo bash -s -- $line" <"$bootstrap" >"$work/sudo"
    grep '^ *sudo bash -s -- --repo' "$work/sudo"
    admit five "$work/sudo"
    on five "sudo bash -s -- $line" <"$bootstrap" | tee "$work/sudo"
    serves five 1.0.0 || fail 'the stack does not answer'
    ends_with 1 on five fairlead status >"$work/sudo-status" 2>&1
    on five sudo fairlead status | grep deployed
    believes_signed_commits_only
    # As whoever tells the next stories commits.
    git -C "$work/acme" config commit.gpgsign false
}

# By docs/trust.md; the anchor is the tip that bootstrap found.
believes_signed_commits_only() {
    local anchor
    anchor=$(git -C "$work/acme" rev-parse HEAD)
    grep "to contain $anchor, which was the tip" "$work/sudo"
    on five sudo cat /etc/fairlead/config.json | jq --exit-status --arg anchor "$anchor" '.trust.anchor == $anchor'
    on five sudo fairlead history | grep 'signed by olga@acme.example.com'
    git -C "$work/acme" config commit.gpgsign false
    push 'Not signed'
    on five sudo systemctl reload fairlead
    until_holds 60 is_refused five
    serves five 1.0.0 || fail 'a commit that is refused stopped the stack'
    git -C "$work/acme" config commit.gpgsign true
    git -C "$work/acme" commit --quiet --amend --no-edit --allow-empty
    git -C "$work/acme" push --quiet --force-with-lease origin main
    on five sudo systemctl reload fairlead
    until_holds 60 is_accepted five
    figure "the tip that bootstrap found is the anchor; without a signature refused, with one accepted"
}
is_refused() { on "$1" sudo fairlead status | grep --quiet 'is not signed'; }
is_accepted() { on "$1" sudo fairlead status | grep --quiet '^  tip .*signed by olga@acme.example.com: “Not signed”'; }

from_local_files() {
    local line="bash /root/bootstrap.sh --repo $ssh_repo --host four --package /root/packages --host-key $(host_key_fingerprint) --wait 0" cut
    line+=" $(signed_by_its_builder)"
    new_host four 10.232.0.14
    on four 'mkdir /root/packages; : >/etc/apt/sources.list'
    tar -C "$image.apt" --exclude Packages -c . | on four tar -C /root/packages -x
    tar -C "$servers/www" --exclude ./next -c . | on four 'tar -C /root/packages -x && mv /root/packages/bootstrap.sh /root/'
    on four "$line" >"$work/local" 2>&1 &
    cut=$!
    until_holds 60 grep --quiet 'install fairlead' "$work/local"
    # In the middle of dpkg's work.
    sleep 2
    "$here/box" powercut four
    ! wait "$cut" || fail 'it was faster than the power cut'
    "$here/box" start four
    "$here/box" wait four
    ends_with 2 on four "$line" >"$work/local"
    admit four "$work/local"
    on four "$line"
    serves four 1.0.0 || fail 'the stack does not answer'
}
