# shellcheck shell=bash
# servers.sh: sourced by run; what stands outside of the hosts: a git server over ssh and a registry with TLS and a login,
# both at server.test, the address of the bridge.

make_server_keys() { # DIR
    local dir=$1
    mkdir -p "$dir"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=server.test \
        -addext subjectAltName=DNS:server.test -keyout "$dir/tls.key" -out "$dir/tls.crt" 2>/dev/null
    htpasswd -Bbc "$dir/htpasswd" acme "$registry_password" 2>/dev/null
    ssh-keygen -q -t ed25519 -N '' -f "$dir/host_key"
    ssh-keygen -q -t ed25519 -N '' -f "$dir/deploy_key"
    echo "restrict $(cat "$dir/deploy_key.pub")" >"$dir/authorized_keys"
    echo "server.test $(cut -d ' ' -f 1,2 "$dir/host_key.pub")" >"$dir/known_hosts"
}

start_git_server() { # DIR: the repositories are reached by their paths
    cat >"$1/sshd_config" <<CONF
ListenAddress $gateway
HostKey $1/host_key
AuthorizedKeysFile $1/authorized_keys
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
PidFile $1/sshd.pid
CONF
    mkdir -p /run/sshd
    /usr/sbin/sshd -f "$1/sshd_config" -E "$1/sshd.log"
}

stop_git_server() { # DIR
    kill "$(cat "$1/sshd.pid")"
}

start_registry() { # DIR IMAGES
    docker-registry serve /dev/fd/3 3<<CONF >"$1/registry.log" 2>&1 &
version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: $2 } }
http: { addr: "$gateway:5000", tls: { certificate: $1/tls.crt, key: $1/tls.key } }
auth: { htpasswd: { realm: acme, path: $1/htpasswd } }
CONF
    until curl --silent --output /dev/null --insecure --max-time 1 "https://$gateway:5000/v2/"; do
        kill -0 "$!"
        sleep 0.05
    done
}
