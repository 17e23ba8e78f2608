# shellcheck shell=bash
# images-stories.sh: sourced by tell; images that somebody built wrongly, and what Fairlead reads in one.

# Starts an image whose parts are those that FUNCTION has made beside a good service, and which must say TEXT.
wrong() { # FUNCTION TEXT
    local all=$own
    own=$all/$1
    has_service good
    has_data
    has setup/always.d/first <<<$'#!/bin/sh\necho "a script ran"'
    "$1"
    runs 78 "$1" >"$own/said" || fail "$1: $(cat "$own/said")"
    grep -F -- "$2" "$own/said" || fail "$1 says: $(cat "$own/said")"
    ! grep -F 'a script ran' "$own/said" || fail 'a script ran before'
    own=$all
}

no_x_bit() { has 'setup/once.d/10 create' 644 <<<$'#!/bin/sh'; }
no_x_bit_run() { has services/web/run 644 <<<$'#!/bin/sh'; }
no_right_to_read() { has health/live.d/check 700 <<<$'#!/bin/sh'; }
windows_lines() { has setup/once.d/create <<<$'#!/bin/sh\r\ntrue\r'; }
windows_run() { has services/web/run <<<$'#!/bin/bash -e\r\ntrue\r'; }
no_interpreter() { has services/web/run <<<$'#! /command/with-contenv bash\ntrue'; }
no_run() { mkdir "$own/services/web"; }
run_is_a_folder() { mkdir -p "$own/services/web/run"; }
oneshot() { has services/web/up 644 <<<echo; }
dangling_link() { ln -s /nowhere "$own/setup/always.d/second"; }
folder_among_scripts() { mkdir "$own/setup/always.d/more"; }
file_among_services() { has services/README 644 <<<text; }
spaces_in_service() { has 'services/my web/run' <<<$'#!/bin/sh'; }
closed_folder() { chmod 700 "$own/services"; }
closed_service() { has services/web/run <<<$'#!/bin/sh' && chmod 700 "$own/services/web"; }
bad_restarts() { has services/good/restarts 644 <<<'5 often'; }
windows_restarts() { has services/good/restarts 644 <<<$'5 60\r'; }
empty_restarts() { has services/good/restarts 644 </dev/null; }
down() { has services/good/down 644 </dev/null; }
no_log_run() { mkdir "$own/services/good/log"; }
own_files() { chown 500 "$own/setup/always.d/first"; }
open_folder() { chmod 777 "$own/setup/always.d"; }
bad_dump() { has backup/dump 644 <<<$'#!/bin/sh'; }
no_service() { rm -r "$own/services/good"; }
too_many() { for i in $(seq 201); do mkdir "$own/services/s$i" && ln -s ../good/run "$own/services/s$i/run"; done; }

wrong_images() {
    wrong no_x_bit "user 500 cannot run '/fairlead/setup/once.d/10 create'; give it mode 0755 in the image"
    wrong no_x_bit_run "user 500 cannot run '/fairlead/services/web/run'"
    wrong no_right_to_read "user 500 cannot run '/fairlead/health/live.d/check'"
    wrong windows_lines "'/fairlead/setup/once.d/create' has Windows line ends (CRLF); save it with LF"
    wrong windows_run "'/fairlead/services/web/run' has Windows line ends"
    wrong no_interpreter "'/fairlead/services/web/run' names the interpreter '/command/with-contenv', which is not in this image"
    wrong no_run "service 'web' has no '/fairlead/services/web/run'"
    wrong run_is_a_folder "'/fairlead/services/web/run' is no file"
    wrong oneshot "service 'web' is a oneshot of s6-rc; make '/fairlead/services/web/up' a program in '/fairlead/setup/always.d'"
    wrong dangling_link "'/fairlead/setup/always.d/second' is no file"
    wrong folder_among_scripts "'/fairlead/setup/always.d/more' is no file; only programs belong there"
    wrong file_among_services "'/fairlead/services/README' is no folder"
    wrong spaces_in_service "'/fairlead/services/my web': name a service with letters, digits"
    wrong closed_folder "user 500 cannot read the folder '/fairlead/services'"
    wrong closed_service "user 500 cannot read the folder '/fairlead/services/web'"
    wrong bad_restarts "'/fairlead/services/good/restarts' is not two numbers, as '5 60' for 5 restarts in 60 s"
    wrong windows_restarts "'/fairlead/services/good/restarts' is not two numbers"
    wrong empty_restarts "'/fairlead/services/good/restarts' is not two numbers"
    wrong down "service 'good' has a file 'down'"
    wrong no_log_run "the log of service 'good' has no '/fairlead/services/good/log/run'"
    wrong own_files "'/fairlead/setup/always.d/first' can be changed by user 500, who runs here; copy it without '--chown'"
    wrong open_folder "'/fairlead/setup/always.d' can be changed by user 500"
    wrong bad_dump "user 500 cannot run '/fairlead/backup/dump'"
    wrong no_service "this image has no service; add '/fairlead/services/NAME/run', or name a command"
    wrong too_many 'this image has 202 services; 200 are the most'
    # The base by itself.
    rm -rf "${own:?}"/*
    runs 78 bare | grep -F 'this image has no service'
}

labels() {
    local labels
    labels=$(podman image inspect --format '{{json .Labels}}' localhost/fairlead-base)
    jq --exit-status '.["io.fairlead.health"] | fromjson | .command == ["/fairlead/bin/checks", "ready"]' <<<"$labels"
    jq --exit-status '.["io.fairlead.liveness"] | fromjson | .command == ["/fairlead/bin/checks", "live"]' <<<"$labels"
    # A volume or a name that every image would inherit.
    podman image inspect localhost/fairlead-base |
        jq --exit-status '.[0].Config | .Volumes == null and .User == "500:500" and (.Labels | keys | all(startswith("org.opencontainers.image.") | not))'
}
