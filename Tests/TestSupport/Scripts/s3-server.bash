#!/bin/bash
# s3-server.bash DIR MONITOR-PORT PORT [ADDRESS]: Ceph's S3 gateway on ADDRESS:PORT, or 127.0.0.1:PORT, with a monitor and a store in memory, until
# standard input ends, as it does when the tests end, however they end; then nothing is left of it, nor of DIR.
# The gateway is killed and started again when standard input says 'stop' and 'start'; what it stored stays.
# 'owner' may do everything with its buckets; its key lies in DIR/owner.key.key. DIR/ready is there while it serves.
set -euo pipefail
directory=$1 monitor=$2 address=${4:-127.0.0.1}:$3
cd "$directory"
configuration=$directory/ceph.conf
# Tests that read what a program prints would wait for the end of this one, had it a descriptor of theirs.
for descriptor in "/proc/$$/fd/"*; do
    number=${descriptor##*/}
    # 255 is this script.
    [ "$number" -le 2 ] || [ "$number" = 255 ] || eval "exec $number>&-"
done
cluster=$(cat /proc/sys/kernel/random/uuid)
# Debian 13 has a relative path built in.
classes=(/usr/lib/*/rados-classes)
pids=()

clean_up() {
    [ "${#pids[@]}" = 0 ] || kill -KILL "${pids[@]}" 2>/dev/null || true
    wait
    cd /
    # Why it did not start.
    [ ! -e "$directory/served" ] || rm -rf "$directory"
}
trap clean_up EXIT
trap 'exit 0' TERM INT HUP

# Changes of maps are made at once: by default each of some twenty waits for a second.
cat >ceph.conf <<CONF
[global]
fsid = $cluster
mon host = [v2:127.0.0.1:$monitor/0]
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind port min = 16800
ms bind port max = 17800
ms bind msgr1 = false
ms bind ipv6 = false
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
mon allow pool size one = true
mon data avail crit = 1
mon data avail warn = 2
mon max pg per osd = 1000
paxos propose interval = 0.05
paxos min wait = 0.01
osd crush chooseleaf type = 0
osd class dir = ${classes[0]}
osd class load list = *
osd class default list = *
keyring = $directory/keyring
run dir = $directory
admin socket = $directory/\$name.asok
pid file = $directory/\$name.pid
log file = $directory/\$name.log
[mon.a]
mon data = $directory/mon
[osd.0]
osd data = $directory/osd
osd objectstore = memstore
memstore device bytes = 8589934592
[client.rgw]
rgw frontends = beast endpoint=$address
rgw data = $directory/rgw
rgw thread pool size = 16
CONF

keep() { # PROGRAM...: in the background, for no longer than this script
    setpriv --pdeathsig KILL "$@" </dev/null >>output 2>&1 &
    pids+=("$!")
}
start() {
    keep radosgw --conf "$configuration" -f -n client.rgw
    gateway=$!
    until curl --silent --output /dev/null "http://$address/"; do
        kill -0 "$gateway"
        sleep 0.1
    done
}
ceph() { /usr/bin/ceph --conf "$configuration" --connect-timeout 5 "$@" >>output 2>&1; }
key() { ceph-authtool keyring --gen-key --name "$@"; }

mkdir mon osd rgw
ceph-authtool --create-keyring keyring --gen-key --name mon. --cap mon 'allow *' >>output
key client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
key osd.0 --cap mon 'allow *' --cap osd 'allow *'
key client.rgw --cap mon 'allow *' --cap osd 'allow *'
monmaptool --create --fsid "$cluster" --addv a "[v2:127.0.0.1:$monitor/0]" monmap >>output
ceph-mon --conf "$configuration" --mkfs -i a --monmap monmap --keyring keyring >>output 2>&1
keep ceph-mon --conf "$configuration" -f -i a
store=$(cat /proc/sys/kernel/random/uuid)
until ceph osd new "$store"; do sleep 0.2; done
ceph osd crush add osd.0 1.0 host=h root=default
ceph-osd --conf "$configuration" -i 0 --mkfs --osd-uuid "$store" >>output 2>&1
keep ceph-osd --conf "$configuration" -f -i 0
start
radosgw-admin --conf "$configuration" user create --uid owner --display-name owner 2>>output \
    | jq --raw-output '.keys[0] | .access_key + " " + .secret_key' >owner.key
: >served
: >ready
while read -r word; do
    case $word in
        stop)
            kill -KILL "$gateway"
            wait "$gateway" || true
            rm ready
            ;;
        start) start && : >ready ;;
    esac
done
