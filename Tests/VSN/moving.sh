# shellcheck shell=bash
# moving.sh: sourced by tell; stories of stacks that go from host to host by the storage. They follow on each other.

move() {
    local began
    start_storage "$servers"
    new_host six 10.232.0.16
    ends_with 2 bootstrap_follower six >"$work/six"
    save_to_storage
    trusts_backups_of six "$work/six"
    admit six "$work/six"
    bootstrap_follower six
    without_jitter six
    serves six 1.0.0 || fail 'the stack does not answer'
    sql six 'CREATE TABLE orders (id int)'
    echo 0 >"$work/orders"
    place_order six
    on six fairlead doctor >"$work/doctor" || fail "$(cat "$work/doctor")"
    grep "'offsite' locks what it takes until $(date --utc --date '180 days' +%F), mode COMPLIANCE" "$work/doctor" ||
        fail "$(cat "$work/doctor")"

    new_host seven 10.232.0.17
    ends_with 2 bootstrap_follower seven >"$work/seven"
    place_order six
    trusts_backups_of seven "$work/seven"
    began=$(now)
    admit seven "$work/seven" '.replaces = "six"'
    bootstrap_follower seven | tee "$work/moved"
    serves seven 1.0.0 || fail 'the stack does not answer'
    figure "from the commit to served by the new host: $(since "$began")"
    grep "the last backup of host 'six', is restored" "$work/moved"
    has_orders seven
    is_silent six || fail 'both hosts serve'
    on six fairlead status | grep 'containerless, moved to another host'
    on seven fairlead history | grep "restored from run .* of 'six'"
}

recovery() {
    local began
    place_order seven
    without_jitter seven
    # It makes one at once when it has taken over.
    until_holds 60 on seven fairlead backup now
    "$here/box" powercut seven
    new_host eight 10.232.0.18
    ends_with 2 bootstrap_follower eight >"$work/eight"
    trusts_backups_of eight "$work/eight"
    # Its backups were not encrypted for a host that did not exist.
    on eight 'umask 077; cat >/etc/fairlead/recovery.key' <"$work/recovery.key"
    admit eight "$work/eight" '.replaces = "seven"'
    began=$(now)
    bootstrap_follower eight >"$work/recovered" 2>&1 &
    until_holds 120 grep --quiet 'is waited for, 15m at most' "$work/recovered"
    on eight 'sed -i "1 a \  \"recoveryIdentity\": \"/etc/fairlead/recovery.key\", \"takeOverWait\": \"0s\"," /etc/fairlead/config.json &&
        systemctl restart fairlead'
    wait "$!" || fail "$(cat "$work/recovered")"
    serves eight 1.0.0 || fail 'the stack does not answer'
    figure "from the one line on a new host to served with the newest backup: $(since "$began")"
    has_orders eight
    on eight fairlead history | grep "restored from run .* of 'seven' (.* old"
    # It sees the commit before it starts anything.
    "$here/box" start seven
    "$here/box" wait seven
    until_holds 60 has_moved seven
    is_silent seven || fail 'both hosts serve'
    has_orders eight
}

bootstrap_follower() { # BOX
    bootstrap "$1" --repo "$ssh_repo" --host "$1" --interval 5s --package "$address" \
        --host-key "$(host_key_fingerprint)" --wait 0
}

has_moved() { on "$1" fairlead status | grep --quiet 'containerless, moved to another host'; }

save_to_storage() {
    local key secret
    read -r key secret <"$servers/s3/owner.key"
    age-keygen -y "$work/recovery.key" 2>/dev/null || age-keygen -o "$work/recovery.key" 2>/dev/null
    jq --arg recipient "$(age-keygen -y "$work/recovery.key")" --arg endpoint "http://$gateway:8000" '.version = "1.0.0"
        | .backup = { recipients: [$recipient], signers: [], targets: { offsite: { path: "acme/acme", lock: "180d",
            rclone: { type: "s3", provider: "Ceph", endpoint: $endpoint, region: "us-east-1",
                access_key_id: "${secret:backup-id}", secret_access_key: "${secret:backup-key}" } } } }
        | .containers.database.volumes[0].backup = { mode: "pause" }' \
        "$work/acme/plan.json" >"$work/plan.json"
    cp "$work/plan.json" "$work/acme/plan.json"
    jq --arg key "$key" --arg secret "$secret" '. + { "backup-id": $key, "backup-key": $secret }' \
        "$work/acme/secrets.example.json" >"$work/secrets.json"
    cp "$work/secrets.json" "$work/acme/secrets.example.json"
}

# What docs/move.md asks for, to be committed with what comes next.
trusts_backups_of() { # BOX OUTPUT
    jq --arg signer "$(on "$1" cut -d "' '" -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub)" \
        --arg recipient "$(grep --only-matching 'age1[a-z0-9]*' "$2" | head -n 1)" \
        '.backup |= (.signers += [$signer] | .recipients += [$recipient])' "$work/acme/plan.json" >"$work/plan.json"
    cp "$work/plan.json" "$work/acme/plan.json"
}
