#!/usr/bin/env bash
# story.sh FAIRLEAD IMAGES WORK: a customer's commits on one host, told with the real output of every command.
# Runs in sandbox.sh. Each claim is checked; the first one that does not hold ends the story with an error.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
binary=$1 images=$2 work=$3
# shellcheck source-path=SCRIPTDIR source=telling.sh
. "$here/telling.sh"

fairlead() { "$binary" "$@"; }
sql() { succeeds podman exec acme-database psql -qAtc "$1"; }

commit() { # SUBJECT: commits everything and pushes
    show "git add --all && git commit -m '$1' && git push"
    git add --all
    git commit --quiet --message "$1"
    git push --quiet origin main
}

set_version() { # FROM TO
    show "sed -i 's/$1/$2/' plan.json"
    sed -i "s/\"version\": \"$1\"/\"version\": \"$2\"/" plan.json
}

serves() { # VERSION
    succeeds curl --silent http://127.0.0.1:8080/
    mentions "acme $1"
}

# nginx in front of it resolved the name 'web' once, when it started.
serves_through_proxy() { # VERSION
    succeeds curl --silent --fail --retry 5 http://127.0.0.1:8081/
    mentions "acme $1"
}

prepare_host() {
    "$here/images/registry.sh" "$images" 127.0.0.1:5000 &
    mkdir -p "$work/bin" "$work/state" "$work/data" "$work/run"
    age-keygen -o "$work/age.txt" 2>/dev/null
    jq --null-input --arg work "$work" --arg containers "$CONTAINERS_CONF" \
        --arg storage "$CONTAINERS_STORAGE_CONF" --arg registries "$CONTAINERS_REGISTRIES_CONF" '{
            repository: { url: "\($work)/acme.git", branch: "main" },
            host: "demo",
            stateDirectory: "\($work)/state", dataRoot: "\($work)/data", runtimeDirectory: "\($work)/run",
            ageIdentity: "\($work)/age.txt",
            engine: {
                socket: "\($work)/podman.sock", storage: "\($work)/podman/storage",
                environment: {
                    CONTAINERS_CONF: $containers, CONTAINERS_STORAGE_CONF: $storage,
                    CONTAINERS_REGISTRIES_CONF: $registries
                }
            }
        }' >"$work/config.json"
    export FAIRLEAD_CONFIG="$work/config.json"
}

prepare_repo() {
    export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
    export GIT_AUTHOR_NAME='Olga Operator' GIT_AUTHOR_EMAIL=olga@acme.example.com
    export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
    git init --quiet --bare --initial-branch main "$work/acme.git"
    cp -a "$here/../../customer-repo-template" "$work/acme"
    cd "$work/acme"
    git init --quiet --initial-branch main
    git remote add origin "$work/acme.git"
    cp "$here/demo-host.json" hosts/demo.json
    mkdir -p files/proxy
    cp "$here/proxy.conf" files/proxy/web.conf
    jq '.database = "correct horse battery staple"' secrets.example.json \
        | age --encrypt --recipient "$(age-keygen -y "$work/age.txt")" --output secrets.json.age
}

first_deployment() {
    chapter 'A customer repo, and a host with nothing on it'
    tell 'The repo is a copy of customer-repo-template; hosts/demo.json adds this host.'
    succeeds git status --short --untracked-files=all
    succeeds jq --compact-output '.version, (.containers[] | {image, ports, health})' plan.json
    commit 'Run acme 1.0.0'
    ends_with 2 fairlead plan
    succeeds fairlead reconcile
    serves 1.0.0
    tell 'A customer enters data; it has to survive everything that follows.'
    sql "CREATE TABLE orders (id int, item text); INSERT INTO orders VALUES (1, 'a lasting order')"
}

update() {
    chapter 'A commit to 1.1.0 redeploys'
    set_version 1.0.0 1.1.0
    commit 'Update acme to 1.1.0'
    succeeds fairlead reconcile
    serves 1.1.0
}

replaced_container() {
    chapter 'A container that is removed by hand comes back at its address, so the proxy in front of it goes on'
    serves_through_proxy 1.1.0
    succeeds podman rm --force --time 0 acme-web
    succeeds fairlead reconcile
    serves_through_proxy 1.1.0
    succeeds podman restart --time 0 acme-web
    serves_through_proxy 1.1.0
}

documentation_only() {
    chapter 'A commit that only edits the README deploys nothing, and says so'
    local before
    before=$(podman ps --quiet --no-trunc | sort)
    echo 'Questions: ops@acme.example.com' >>README.md
    commit 'Say whom to ask'
    succeeds fairlead reconcile
    mentions 'nothing to deploy'
    [ "$(podman ps --quiet --no-trunc | sort)" = "$before" ] || broken_story 'containers were replaced'
}

broken_plan() {
    chapter 'A broken plan is refused while the stack keeps running'
    show "sed -i 's/\"ports\"/\"prots\"/' plan.json"
    sed -i 's/"ports"/"prots"/' plan.json
    commit 'Publish the web service'
    ends_with 3 fairlead reconcile
    mentions prots
    mentions 'ports'
    serves 1.1.0
    tell "The customer's pipeline says the same before the push, without Podman and without root:"
    ends_with 1 fairlead validate .
    show 'git revert HEAD && git push'
    git revert --no-edit HEAD >/dev/null
    git push --quiet origin main
    succeeds fairlead reconcile
    mentions 'nothing to deploy'
}

unhealthy_version() {
    chapter 'A version that never becomes healthy is rolled back to containerless'
    set_version 1.1.0 1.2.0
    commit 'Update acme to 1.2.0'
    ends_with 4 fairlead reconcile
    succeeds podman ps --all
    [ -z "$(podman ps --all --quiet)" ] || broken_story 'containers are left'
    tell 'No container, no network, all data:'
    succeeds ls "$work/data/acme"
    mentions database
}

revert() {
    chapter 'git revert brings the good version back'
    show 'git revert HEAD && git push'
    git revert --no-edit HEAD >/dev/null
    git push --quiet origin main
    succeeds fairlead reconcile
    serves 1.1.0
    tell 'And the data of 1.0.0:'
    sql 'SELECT item FROM orders'
    mentions 'a lasting order'
}

epilogue() {
    chapter 'What happened on this host, commit by commit'
    succeeds fairlead history
    mentions 'Update acme to 1.2.0'
    serves 1.1.0
    printf '\nEvery claim above was checked, in %d seconds. Nothing of it is left on this machine.\n' "$SECONDS"
}

prepare_host
prepare_repo
first_deployment
update
replaced_container
documentation_only
broken_plan
unhealthy_version
revert
epilogue
