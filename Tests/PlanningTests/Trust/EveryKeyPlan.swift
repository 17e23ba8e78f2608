import Testing

/// Plans that together have each key of the schema, each with several values.
enum EveryKeyPlan {
    static let sshKey =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAII3MP1iaTDzBBeDK50zHBFQZBo7u60bfZOtJAUvTEnMS"
    static let nextKey =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE8KGOKYGtFFJjL/o/rc390sI1ZDLMGTiHkp3WBfKdqm"

    /// Of `«a|b|c»` the plan with the number 0 has `a`; the last one stands for all higher numbers.
    static func tree(_ number: Int) -> MemoryTree {
        MemoryTree(files: [
            "plan.json": chosen(plan, number), "hosts/berlin.json": chosen(overlay, number),
            "files/a": "a", "files/b": "b", "images/a/Containerfile": "FROM scratch\n",
            "images/b/Containerfile": "FROM scratch\n",
        ])
    }

    /// Has only what each plan has to have, with the same containers.
    static let least = MemoryTree(
        containers: ["archive", "build", "database", "spare", "web"].map {
            #""\#($0)": {"image": "registry.example.com/acme/other:0"}"#
        }.joined(separator: ", "))

    private static func chosen(_ text: String, _ number: Int) -> String {
        text.split(separator: "«", omittingEmptySubsequences: false).enumerated().map { index, piece in
            guard index > 0 else { return String(piece) }
            let parts = piece.split(separator: "»", maxSplits: 1, omittingEmptySubsequences: false)
            let forms = parts[0].split(separator: "|", omittingEmptySubsequences: false)
            return String(forms[min(number, forms.count - 1)]) + parts[1]
        }.joined()
    }

    private static let digits = String(repeating: "0a", count: 31)
    private static let ageKeys =
        "age1qyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqszqgpqyqs3290gq|"
        + "age1dk4vwmketjs3e5jcx7e9ztgwudqxur3alzwcv9pmga4343p003sqpdlk5u"
    private static let sshKeys = "\(sshKey)|\(nextKey)"

    private static let overlay = """
        {"formerly": "acme-«old|older»", "replaces": "vsn«8|9»", "hostKey": ["«\(sshKeys)»"]}
        """

    private static let plan = """
        { "$schema": "./«plan|other».schema.json", "schemaVersion": 1, "stack": "acme«|2»", "version": "1.«1|2»",
          "size": "«small|large»", "variables": {"domain": "«a|b».example.com"},
          "registries": {"registry.example.com": {"username": "acme«1|2»", "password": "${secret:registry«1|2»}"}},
          "network": {«"subnet": "10.89.7.0/24"|"subnets": ["10.89.7.0/24"]|"ipv6": true»},
          "sizes": {"small": {"containers": {"web": {"stopTimeout": "«11s|12s»"}}}, "large": {}},
          "hotfixes": {"web": "registry.example.com/acme/web:hf«1|2»"},
          "logs": {"maximum": "«2|3»GiB"}, "onFailure": "«containerless|previous»", "drift": "«repair|report»",
          "maintenance": {
            "cleanup": {"schedule": "30 «3|4» * * *", "keep": "«14d|15d»"},
            "healthcheck": {"schedule": "*/«5|6» * * * *", "restartAfter": «2|3», "restartLimit": «5|6»,
              "remindAfter": "«1d|2d»"}},
          "mail": {"from": "vsn«1|2»@acme.example.com", "to": ["ops«1|2»@acme.example.com"],
            "smtp": "smtps://mail«1|2».example.com:465", "username": "vsn«1|2»", "password": "${secret:mail«1|2»}"},
          "host": {"hostname": "v«1|2».acme.example.com", "timezone": "Europe/«Berlin|Paris»",
            "hosts": {"192.0.2.5": ["db«1|2».internal"]}, "sysctl": {"vm.max_map_count": "26214«3|4»"},
            "dns": {"servers": ["192.0.2.5«3|4»"], "search": ["acme«1|2».example.com"]}},
          "backup": \(backup),
          "containers": {
            "archive": {"image": {"archive": "https://files.example.com/web«1|2».tar", "sha256": "\(digits)0«0|1»"}},
            "build": {"image": {"build": "images/«a|b»"}, "health": {"tcp": «80|81»}, "liveness": {"tcp": «80|81»}},
            "database": \(database),
            "spare": {"image": "registry.example.com/acme/spare:«1|2»", "active": «false|true»},
            "web": \(web) } }
        """

    private static let backup = """
        {"schedule": "0 «2|3» * * *", "drill": "0 «5|6» * * 0", "recipients": ["«\(ageKeys)»"],
         "signers": ["vsn«2|3» \(sshKey)"], "restore": "«newest|required»", "shrinkAlert": «50|60»,
         "beforeDeploy": {"keep": «3|4»},
         "targets": {
           "share": {"directory": "/mnt/backup«1|2»", "local": «false|true»},
           "s3": {"rclone": {"type": "s3", "provider": "AWS", "region": "eu-«1|2»",
               "access_key_id": "${secret:id}", "secret_access_key": "${secret:key}"}, "path": "bucket/acme«1|2»",
             "lock": "«180d|181d»", "bandwidth": "«10MiB|11MiB»"},
           "own": {"remote": "offsite«1|2»", "path": "acme"},
           "smb": {"mount": {"type": "smb", "source": "//nas/backup«1|2»", "options": ["vers=3.«0|1.1»"],
             "username": "v«1|2»", "password": "${secret:nas«1|2»}", "domain": "EX«1|2»"}, "path": "p"},
           "nfs": {"mount": {«"type": "nfs", "source": "nas:/b"|
             "type": "smb", "source": "//nas/b", "username": "u", "password": "${secret:nas}"»}, "path": "p"}},
         "vendor": {"signers": ["«\(sshKeys)»"],
           «"directory": "/mnt/vendor", "local": true|"remote": "vendor", "path": "p"|
            "rclone": {"type": "sftp", "host": "x.example.com", "user": "u"}, "path": "q"»}}
        """

    private static let database = """
        {"image": "registry.example.com/acme/database:«1|2»",
         "volumes": [
           {"data": "db«1|2»", "target": "/var/lib/db«1|2»", "owner": "«1|2»:1", "mode": "070«0|1»",
            "mayBeEmpty": «true|false», "formerly": "old«1|2»",
            "backup": {"mode": "hook", "engine": "tar", "dump": ["dump«1|2»"], "load": ["load«1|2»"],
              "timeout": "«1|2»m"}},
           {"data": "b", "target": "/b", "readOnly": «true|false»,
            "backup": {"mode": "«live|stop»", "engine": "«tar|restic»", "exclude": ["cache«1|2»"]}},
           {"data": "c", "target": "/c", "startEmpty": «true|false»,
            "backup": {"mode": "stop", "include": ["up«1|2»"]}}],
         "health": {"command": ["isready«1|2»"], "interval": "«5|6»s", "timeout": "«3|4»s", "retries": «12|13»,
           "startPeriod": "3«0|1»s", "restart": «true|false»},
         "liveness": {"command": ["live«1|2»"], "timeout": "«4|3»s"},
         "resources": {"memory": "51«2|3»MiB", "cpus": «1|2», "pids": 51«2|3»}, "stopTimeout": "3«0|1»s",
         "logs": {"driver": "«journald|none»"}, "init": «true|false», "user": "100«0|1»:1", "workingDirectory": "/srv«1|2»", "hostname": "db«1|2»",
         "capabilities": {"add": ["NET_«RAW|ADMIN»"], "drop": ["«KILL|CHOWN»"]},
         "allowPrivilegeEscalation": «true|false», "userns": "«host|private»", "privileged": false,
         "readOnly": «true|false», "tmpfs": ["/tmp«1|2»"], "labels": {"com.example.team": "«x|y»"},
         "secretFiles": [{"secret": "tls«1|2»", "target": "/run/secrets/k«1|2»",
           "owner": "10«1|2»:1", "mode": "040«0|4»"}]}
        """

    private static let web = """
        {"image": "registry.example.com/acme/web:${version}", "entrypoint": ["/e«1|2»"], "command": ["serve«1|2»"],
         "environment": {"A": "${variable:domain}"}, "privileged": «false|true»,
         "volumes": [{"path": "/mnt/share«1|2»", "target": "/m"}, {"release": "docs«1|2»", "target": "/docs"}],
         "files": [{"source": "files/«a|b»", "target": "/etc/site«1|2»"}],
         "dependsOn": [{"container": "«database|build»", "restartWith": «true|false»}], "ports": ["44«3|4»:8443"],
         "logs": {"driver": "file", "maximum": "2«0|1»MiB"},
         "health": {"http": {"port": 844«3|4», "path": "/h«1|2»", "tls": «true|false»}},
         "liveness": {"http": {"port": 844«3|4», "path": "/l«1|2»", "tls": «true|false»}}}
        """
}
