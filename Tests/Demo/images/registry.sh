#!/usr/bin/env bash
# registry.sh DIR ADDRESS: serves the images in DIR, in the foreground, until it is ended.
set -euo pipefail
directory=$(readlink -m "$1") address=$2
exec docker-registry serve /dev/fd/3 3<<CONF 2>/dev/null
version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: $directory } }
http: { addr: $address }
CONF
