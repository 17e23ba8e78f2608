#!/usr/bin/env bash
# registry.sh DIR ADDRESS: serves the images in DIR, in the foreground, until it is ended.
set -euo pipefail
directory=$(readlink -f "$1") address=$2
configuration=$(mktemp)
cat >"$configuration" <<CONF
version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: $directory } }
http: { addr: $address }
CONF
exec 3<"$configuration"
rm "$configuration"
exec docker-registry serve /dev/fd/3
