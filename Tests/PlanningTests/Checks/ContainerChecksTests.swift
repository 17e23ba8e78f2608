import Testing

@Suite("What is checked inside one container")
struct ContainerChecksTests {
    private static let web = "plan.json:3 /containers/web"

    @Test(
        "mounts, limits, health, names and capabilities are checked, with place and hint",
        arguments: [
            ProblemCase(
                #""volumes": [{"data": "web", "target": "srv"}]"#,
                "/volumes/0/target: 'srv' cannot be a mount target; write an absolute path inside the container, such "
                    + "as '/var/lib/data', without '..' and trailing '/'"),
            ProblemCase(
                #""tmpfs": ["/run/web/"]"#, "/tmpfs/0: '/run/web/' cannot be a mount target; write '/run/web'"),
            ProblemCase(
                #""volumes": [{"data": "../web", "target": "/srv"}]"#,
                "/volumes/0/data: '../web' cannot be the name of a data directory; write a name such as 'database', of "
                    + "letters, digits, '.', '_' and '-'"),
            ProblemCase(
                #""tmpfs": ["/proc/x"]"#,
                "/tmpfs/0: mount target '/proc/x' lies in '/proc'; choose another: '/proc' belongs to the kernel"),
            ProblemCase(
                #""secretFiles": [{"secret": "key", "target": "/run/a:b"}]"#,
                "/secretFiles/0/target: mount target '/run/a:b' contains ':'; choose a path without it"),
            ProblemCase(
                #""volumes": [{"data": "a", "target": "/srv"}], "tmpfs": ["/srv"]"#,
                "/tmpfs/0: '/srv' is mounted twice; give one of them another target"),
            ProblemCase(
                #""volumes": [{"data": "a", "target": "/srv"}, {"data": "b", "target": "/srv/b"}]"#,
                "/volumes/1/target: warning: '/srv/b' hides a part of what is mounted at '/srv'; mount it elsewhere "
                    + "unless that is meant"),
            ProblemCase(
                #""secretFiles": [{"secret": "key", "target": "/run/key"}], "tmpfs": ["/run/key/x"]"#,
                "/tmpfs/0: '/run/key/x' lies below '/run/key', which is mounted as a file; mount it elsewhere"),
            ProblemCase(
                #""volumes": [{"path": "mnt/share", "target": "/srv"}]"#,
                "/volumes/0/path: 'mnt/share' is not an absolute path of the host; write one without '..', empty "
                    + "parts and trailing '/'"),
            ProblemCase(
                #""volumes": [{"path": "/mnt/share", "target": "/srv", "mode": "0700"}]"#,
                "/volumes/0: warning: 'owner' and 'mode' of host path '/mnt/share' have no effect; fairlead never "
                    + "alters a directory that it did not create; remove them"),
            ProblemCase(
                #""volumes": [{"data": "a", "target": "/a"}, {"data": "a/b", "target": "/b"}]"#,
                "/volumes/1/data: 'a/b' cannot be the name of a data directory; write a name such as 'database', of "
                    + "letters, digits, '.', '_' and '-'"),
            ProblemCase(
                #""resources": {"memory": "5MiB"}"#,
                "/resources/memory: memory '5MiB' is too little for any container; write at least '6MiB'"),
            ProblemCase(
                #""resources": {"memory": "${host}"}"#,
                "/resources/memory: 'berlin' is not a size; write a size such as '512MiB'"),
            ProblemCase(
                #""resources": {"cpus": 0.001}"#,
                "/resources/cpus: cpus must be at least 0.01; write 0.5 for half a core"),
            ProblemCase(
                #""stopTimeout": "61m""#, "/stopTimeout: stopTimeout '61m' is longer than an hour; write at most '1h'"),
            ProblemCase(
                #""logs": {"driver": "journald", "maximum": "50MiB"}"#,
                "/logs/maximum: 'maximum' bounds a file, and the driver is 'journald'; systemd's journal is bounded as a "
                    + #"whole, by 'logs' of the plan; remove it, or write "driver": "file""#),
            ProblemCase(
                #""logs": {"driver": "none", "maximum": "50MiB"}"#,
                "/logs/maximum: 'maximum' bounds a file, and the driver is 'none'; remove it, or write "
                    + #""driver": "file""#),
            ProblemCase(
                #""logs": {"driver": "file", "maximum": "1023KiB"}"#,
                "/logs/maximum: a log of '1023KiB' is too little; write at least '1MiB'"),
            ProblemCase(
                #""logs": {"driver": "file", "maximum": "50"}"#,
                "/logs/maximum: '50' is not a size; write a size such as '512MiB'"),
            ProblemCase(
                #""health": {"tcp": 80, "interval": "0s"}"#,
                "/health/interval: interval must be longer than '0s'; write a duration such as '5s'"),
            ProblemCase(
                #""health": {"command": [""]}"#,
                "/health/command: the health command is empty; write the program and its arguments, such as "
                    + #"["pg_isready"]"#),
            ProblemCase(
                #""health": {"http": {"port": 80, "path": "healthz"}}"#,
                "/health/http/path: 'healthz' is not a path; begin it with '/'"),
            ProblemCase(
                #""hostname": "-web""#,
                "/hostname: '-web' is not a host name; use letters, digits and '-' in parts joined by '.', at most "
                    + "64 characters"),
            ProblemCase(
                #""user": "a b""#, "/user: 'a b' is not a user; write USER or USER:GROUP, as names or numbers"),
            ProblemCase(
                #""workingDirectory": "srv""#,
                "/workingDirectory: working directory 'srv' is not absolute; begin it with '/'"),
            ProblemCase(
                #""capabilities": {"add": ["NET_ADMINN"]}"#,
                "/capabilities/add/0: 'NET_ADMINN' is not a Linux capability; write 'NET_ADMIN'"),
            ProblemCase(
                #""capabilities": {"add": ["CHOWN"], "drop": ["CHOWN"]}"#,
                "/capabilities: capability 'CHOWN' is added and dropped; remove it from one of the lists"),
            ProblemCase(
                #""labels": {"io.fairlead.stack": "x"}"#,
                "/labels/io.fairlead.stack: label 'io.fairlead.stack' belongs to fairlead; choose a name that does "
                    + "not begin with 'io.fairlead.'"),
            ProblemCase(
                #""labels": {"PODMAN_SYSTEMD_UNIT": "ssh.service", "io.containers.autoupdate": "registry", "io.x": "1"}"#,
                "/labels/PODMAN_SYSTEMD_UNIT: label 'PODMAN_SYSTEMD_UNIT' belongs to the engine; remove it: it makes "
                    + "programs of the host act on the container, or on a unit of systemd",
                "/labels/io.containers.autoupdate: label 'io.containers.autoupdate' belongs to the engine; remove it: it "
                    + "makes programs of the host act on the container, or on a unit of systemd"),
            ProblemCase(
                #""hostname": "web\u0007""#,
                "/hostname: contains the control character U+0007; remove it"),
            ProblemCase(
                #""ports": ["8080:80", "127.0.0.1:8080:81"]"#,
                "/ports/1: port '127.0.0.1:8080:81' clashes with '8080:80' of the same container; publish one of them "
                    + "on another port of the host"),
            ProblemCase(
                #""ports": ["999.1.1.1:8080:80"]"#,
                "/ports/0: '999.1.1.1' is not an IP address; write an address of the host, such as "
                    + "'127.0.0.1:8080:80'"),
            ProblemCase(
                #""ports": ["80"]"#,
                "/ports/0: '80' is not a port mapping; write a port mapping such as '8080:80'"),
            ProblemCase(
                #""entrypoint": [""]"#,
                "/entrypoint/0: entrypoint begins with an empty word; write the program first, or leave "
                    + "'entrypoint' out"),
        ])
    func fields(_ example: ProblemCase) throws {
        let found = try MemoryTree(web: example.fields).problems()
        #expect(found.contains { $0 == Self.web + example.problem }, "\(found.joined(separator: "\n"))")
        #expect(found.allSatisfy { $0.hasPrefix(Self.web) })
    }

    @Test(
        "what a good container may say raises nothing",
        arguments: [
            #""environment": {"CERTIFICATE": "a\nb\tc", "discovery.type": "x"}, "command": ["sh", "-c", "a\nb"]"#,
            #""volumes": [{"data": "a", "target": "/a"}, {"data": "a", "target": "/b", "readOnly": true}]"#,
            #""volumes": [{"data": "a", "target": "/srv"}], "secretFiles": [{"secret": "k", "target": "/srv/k"}]"#,
            #""volumes": [{"data": "x", "target": "/x"}, {"data": "xy", "target": "/xy"}]"#,
            #""ports": ["127.0.0.1:80:80", "127.0.0.2:80:80", "80:80/udp"]"#,
            #""capabilities": {"add": ["ALL"], "drop": ["NET_RAW"]}, "privileged": true, "user": "33:www-data""#,
            #""health": {"http": {"port": 80}, "timeout": "500ms"}, "hostname": "web.example.com", "tmpfs": ["/run"]"#,
            #""stopTimeout": "1h", "resources": {"memory": "6MiB", "cpus": 0.01, "pids": 1}"#,
        ])
    func good(_ fields: String) throws {
        #expect(try MemoryTree(web: fields).problems() == [])
    }

    @Test("a text beyond the kernel's limit for one argument is refused")
    func longText() throws {
        let text = String(repeating: "x", count: 131_072)
        let found = try MemoryTree(web: #""environment": {"A": "\#(text)"}"#).problems()
        #expect(found.count == 1 && found.first?.contains("/environment/A: is longer than 128 KiB; put it") == true)
        #expect(try MemoryTree(web: #""environment": {"A": "\#(text.dropLast())"}"#).problems() == [])
    }

    @Test("control characters of a plan do not reach the terminal")
    func controlCharacters() throws {
        let found = try MemoryTree(
            web: #""environment": {"A\u001b[2J": "", "B": "${\u001b[31m}"}, "user": "\u0007\n", "\u001b": 1"#
        ).problems()
        #expect(found.count >= 4)
        #expect(!found.joined().unicodeScalars.contains { $0.properties.generalCategory == .control })
    }

    @Test("more than can be compared in time is refused")
    func hugePlan() throws {
        func ports(_ count: Int) -> String {
            (1...count).map { #""\#($0):1""# }.joined(separator: ",")
        }
        let long = try MemoryTree(web: #""ports": [\#(ports(1001))]"#).problems()
        #expect(
            long == [
                "plan.json:3 /containers/web/ports: is a list with more than 1000 elements; write fewer"
            ])
        let containers = (1...40).map { (number: Int) in
            #""c\#(number)": {"image": "localhost/c:1", "ports": [\#(ports(50))]}"#
        }
        let many = try MemoryTree(containers: containers.joined(separator: ",")).problems()
        #expect(
            many == [
                "plan.json:3 /containers: the plan has 2040 containers, mounts, ports and dependencies; write at most "
                    + "2000"
            ])
    }

    @Test("files that shadow each other are told apart by what they are in the repo")
    func nestedFiles() throws {
        let files = ["files/site/index": "", "files/key": ""]
        let directory = MemoryTree(
            web:
                #""files": [{"source": "files/site", "target": "/srv"}, {"source": "files/key", "target": "/srv/key"}]"#,
            files: files)
        #expect(
            try directory.problems() == [
                Self.web + "/files/1/target: warning: '/srv/key' lies in '/srv', which is mounted read-only; the "
                    + "directory in the repo must have an entry of that name, or mount it elsewhere"
            ])
        let file = MemoryTree(
            web:
                #""files": [{"source": "files/key", "target": "/srv"}, {"source": "files/key", "target": "/srv/key"}]"#,
            files: files)
        #expect(
            try file.problems() == [
                Self.web
                    + "/files/1/target: '/srv/key' lies below '/srv', which is mounted as a file; mount it elsewhere"
            ])
    }
}
