# shellcheck shell=bash
# stories.sh: sourced by run; each function is a rule that is proved on booted hosts. They follow on each other.

install_and_deploy() {
    local began
    new_host one 10.232.0.11
    commit 1.0.0
    began=$(now)
    install_fairlead one
    until_holds 60 serves one 1.0.0
    figure "from nothing to served: $(since "$began")"
    sql one 'CREATE TABLE orders (id int)'
    place_order one
}

orderly_reboot() {
    local boot began
    boot=$(boot_id one)
    place_order one
    began=$(now)
    on one systemctl reboot || true
    until_holds 120 has_booted_since one "$boot"
    figure "reboot typed to powered down: $(since "$began")"
    until_holds 60 serves one 1.0.0
    figure "reboot typed to served: $(since "$began")"
    # Without the drop-ins containers restart during the shutdown, often until a time-out of 90 s.
    [ $(($(now) - began)) -lt 60000 ] || fail 'the reboot took too long'
    on one journalctl --boot -1 --output cat | grep 'Stopped fairlead.service'
    ! on one journalctl --boot -1 --output cat | grep 'container restart' || fail 'containers were restarted'
    has_orders one
}

package_update() {
    local before
    before=$(on one podman ps --quiet --no-trunc | sort)
    # What dpkg runs when it replaces Podman.
    on one 'cd /var/lib/dpkg/info && export DPKG_MAINTSCRIPT_PACKAGE=podman
        sh podman.prerm upgrade 9 && sh podman.postinst configure 4'
    [ "$(on one podman ps --quiet --no-trunc | sort)" = "$before" ] || fail 'containers were stopped'
    on one systemctl is-active fairlead podman.socket
    serves one 1.0.0 || fail 'the stack does not answer'
}

power_cut_in_an_update() {
    local version=1.1.0 moment began seen
    for moment in 'container=web phase=stopped' 'container=database phase=started'; do
        place_order one
        on one "journalctl --follow --lines 0 --unit fairlead | grep --max-count 1 '$moment'" &
        seen=$!
        # Until the log is followed.
        sleep 1
        commit "$version"
        on one systemctl reload fairlead
        wait "$seen"
        "$here/box" powercut one
        began=$(now)
        "$here/box" start one
        until_holds 60 serves one "$version"
        figure "cut at '$moment', power on to served: $(since "$began")"
        until_holds 10 is_recovered
        has_orders one
        version=1.0.0
    done
}

# Else the cut came too late, and proves nothing.
is_recovered() { [ "$(last_deployment one '.trigger + " " + .outcome')" = 'recovery deployed' ]; }

maintenance() {
    local boot status=0 began output
    place_order one
    on one fairlead maintenance begin --reason "'system update'"
    is_silent one || fail 'the stack still answers'
    commit 1.1.0
    output=$(on one fairlead reconcile 2>&1) || status=$?
    [ "$status" = 5 ] || fail "reconcile ended with $status"
    [[ $output == *'fairlead maintenance end'* ]] || fail "reconcile says: $output"
    boot=$(boot_id one)
    on one systemctl reboot || true
    until_holds 60 has_booted_since one "$boot"
    "$here/box" wait one
    on one systemctl is-active fairlead
    # Three times the interval at which a daemon would deploy.
    sleep 6
    [ -z "$(on one podman ps --quiet)" ] || fail 'containers run after the reboot'
    on one fairlead status | grep 'in maintenance'
    began=$(now)
    on one fairlead maintenance end | tee "$work/end"
    figure "maintenance end, verified: $(since "$began")"
    grep -E '^ +database +healthy$' "$work/end"
    grep -E '^ +web +healthy$' "$work/end"
    has_orders one
    until_holds 60 serves one 1.1.0
    figure 'the commit of meanwhile is deployed afterwards'
}

unreachable_git_server() {
    local began
    place_order one
    stop_git_server "$servers"
    "$here/box" powercut one
    began=$(now)
    "$here/box" start one
    until_holds 60 serves one 1.1.0
    figure "power on to served: $(since "$began")"
    until_holds 10 is_established
    until_holds 30 is_unreachable
    on one fairlead show "$(last_deployment one .deployment)" --output json >"$work/show"
    jq --exit-status '[.deployments[0].containers[] | "\(.container) \(.phase)"]
        | index("database healthy") < index("web started")' "$work/show"
    has_orders one
    start_git_server "$servers"
    commit 1.0.0
    until_holds 60 serves one 1.0.0
}

is_established() { [ "$(last_deployment one '.trigger + " " + .outcome')" = 'boot deployed' ]; }
is_unreachable() { on one fairlead status | grep --quiet 'unreachable since'; }

migration() {
    local began
    new_host two 10.232.0.12
    place_order one
    began=$(now)
    on one fairlead maintenance begin --reason "'moves to two'"
    on one tar --numeric-owner -C / -c srv/fairlead etc/fairlead | on two tar --numeric-owner -C / -x
    install_fairlead two
    on two fairlead reconcile | grep 'is of another machine\|are of another machine' || fail 'the copy was not noticed'
    on two fairlead adopt
    on two systemctl reload fairlead
    until_holds 60 serves two 1.0.0
    figure "stopped on one host to served by the other: $(since "$began")"
    has_orders two
    is_silent one || fail 'both hosts serve'
}
