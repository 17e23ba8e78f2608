# shellcheck shell=bash
# servers.sh: sourced by tell; what stands outside of the hosts, all at server.test, the address of the bridge: a git
# server over ssh and https, a registry with TLS and a login, a web server with packages, a mail server.

make_server_keys() { # DIR
    local dir=$1
    mkdir -p "$dir/www" "$dir/run"
    # The authority of this site, which its hosts trust.
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=server.test \
        -addext subjectAltName=DNS:server.test -keyout "$dir/tls.key" -out "$dir/tls.crt" 2>/dev/null
    htpasswd -Bbc "$dir/htpasswd" acme "$registry_password" 2>/dev/null
    htpasswd -bc "$dir/htpasswd-git" acme "$git_token" 2>/dev/null
    ssh-keygen -q -t ed25519 -N '' -f "$dir/host_key"
    : >"$dir/authorized_keys"
}

host_key_fingerprint() { ssh-keygen -lf "$servers/host_key.pub" | cut -d ' ' -f 2; }

# The depth of the shell keeps Bash from reading root's .bashrc, which may take a second, or wait for a lock of its own.
start_git_server() { # DIR: the repositories are reached by their paths
    cat >"$1/sshd_config" <<CONF
ListenAddress $gateway
HostKey $1/host_key
AuthorizedKeysFile $1/authorized_keys
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
SetEnv SHLVL=2
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
    until_answers 5000 "$!"
}

start_web_server() { # DIR PROJECTS MIRROR: git below /git/ with a password, packages for apt below /apt/, and DIR/www
    local dir=$1
    fcgiwrap -f -c 2 -s "unix:$dir/run/fcgi" >"$dir/fcgi.log" 2>&1 &
    cat >"$dir/nginx.conf" <<CONF
pid $dir/run/nginx.pid; error_log $dir/nginx.log; user root; worker_processes 1; daemon off;
events { worker_connections 256; }
http {
    access_log off; client_max_body_size 0; sendfile on;
    client_body_temp_path $dir/run/b; proxy_temp_path $dir/run/p; fastcgi_temp_path $dir/run/f;
    uwsgi_temp_path $dir/run/u; scgi_temp_path $dir/run/s;
    server {
        listen $gateway:443 ssl; ssl_certificate $dir/tls.crt; ssl_certificate_key $dir/tls.key;
        location ~ ^/git(/.*)\$ {
            auth_basic git; auth_basic_user_file $dir/htpasswd-git;
            include /etc/nginx/fastcgi_params; fastcgi_pass unix:$dir/run/fcgi;
            fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend; fastcgi_param PATH_INFO \$1;
            fastcgi_param GIT_PROJECT_ROOT $2; fastcgi_param GIT_HTTP_EXPORT_ALL ""; fastcgi_param REMOTE_USER \$remote_user;
        }
        location /apt/ { alias $3/; }
        location / { root $dir/www; }
    }
}
CONF
    nginx -c "$dir/nginx.conf" -p "$dir" -e "$dir/nginx.log" &
    until_answers 443 "$!"
}

start_storage() { # DIR: S3 on port 8000 with the bucket 'acme', which keeps what it takes for 180 days
    local key secret
    mkdir "$1/s3"
    mkfifo "$1/s3.input"
    "$here/../TestSupport/Scripts/s3-server.bash" "$1/s3" 3300 8000 "$gateway" <"$1/s3.input" 2>"$1/s3.log" &
    exec 7>"$1/s3.input"
    until [ -e "$1/s3/ready" ]; do
        kill -0 "$!"
        sleep 0.1
    done
    read -r key secret <"$1/s3/owner.key"
    "$here/../TestSupport/Scripts/s3-bucket.bash" "http://$gateway:8000" acme 180 <<<"$key:$secret"
}

start_mail_server() { # DIR: what it takes lies in DIR/mail/new
    # Debian's own Python, which Debian's packages are for.
    env PYTHONPATH= /usr/bin/python3 -m aiosmtpd --nosetuid --listen "$gateway:25" --class aiosmtpd.handlers.Mailbox "$1/mail" \
        >"$1/mail.log" 2>&1 &
    until (exec 3<>"/dev/tcp/$gateway/25") 2>/dev/null; do
        kill -0 "$!"
        sleep 0.05
    done
}

until_answers() { # PORT PROCESS
    until curl --silent --output /dev/null --insecure --max-time 1 "https://$gateway:$1/"; do
        kill -0 "$2"
        sleep 0.05
    done
}
