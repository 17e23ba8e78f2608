import Testing

@testable import Model
@testable import Planning

@Suite("What an image says of itself is held against plan and host")
struct ImageCheckTests {
    private static let reference = ImageReference("registry.example.com/acme/web:1")

    private func plan(_ change: (inout ContainerPlan) -> Void = { _ in }) throws -> ResolvedPlan {
        var web = ContainerPlan(image: .reference(try #require(Self.reference)))
        change(&web)
        return ResolvedPlan(stack: "acme", version: "1", host: "h", containers: ["web": web])
    }

    private func obstacle(
        _ image: ImageConfiguration, on platform: HostPlatform? = nil,
        _ change: (inout ContainerPlan) -> Void = { _ in }
    ) throws -> String? {
        try #require(ImageCheck(image, of: "web", in: try plan(change))).obstacle(on: platform, under: VSNPolicy())?
            .message
    }

    struct Machine: Sendable, CustomTestStringConvertible {
        let machine: String
        var emulators: [String] = []
        let image: String
        var variant: String?
        let runs: Bool

        var testDescription: String { "\(machine) \(emulators) \(image)/\(variant ?? "")" }
    }

    @Test(
        "an image for another processor is told by both names, unless an emulator is there",
        arguments: [
            Machine(machine: "x86_64", image: "amd64", runs: true),
            Machine(machine: "x86_64", image: "arm64", runs: false),
            Machine(machine: "x86_64", emulators: ["qemu-aarch64"], image: "arm64", runs: true),
            Machine(machine: "x86_64", emulators: ["qemu-riscv64"], image: "arm64", runs: false),
            Machine(machine: "x86_64", image: "386", runs: true),
            Machine(machine: "i686", image: "amd64", runs: false),
            Machine(machine: "aarch64", image: "arm64", variant: "v8", runs: true),
            Machine(machine: "aarch64", image: "arm", variant: "v7", runs: true),
            Machine(machine: "aarch64", emulators: ["rosetta"], image: "amd64", runs: true),
            Machine(machine: "armv6l", image: "arm", variant: "v7", runs: false),
            Machine(machine: "armv7l", image: "arm", variant: "v6", runs: true),
            Machine(machine: "armv7l", image: "arm", runs: true), Machine(machine: "x86_64", image: "", runs: true),
        ])
    func platforms(of host: Machine) throws {
        let platform = try #require(HostPlatform(machine: host.machine, emulators: host.emulators))
        let image = ImageConfiguration(
            operatingSystem: "linux", architecture: host.image, variant: host.variant, command: ["/app"])
        let obstacle = try obstacle(image, on: platform)
        #expect((obstacle == nil) == host.runs)
        if !host.runs { #expect(obstacle?.contains("is for linux/\(host.image)") == true, "\(obstacle ?? "")") }
    }

    @Test("an image of another system is none; what a host of an unknown kind runs is not guessed")
    func systems() throws {
        let windows = ImageConfiguration(operatingSystem: "windows", architecture: "amd64", command: ["x"])
        #expect(try obstacle(windows, on: HostPlatform(architecture: "amd64")) != nil)
        #expect(HostPlatform(machine: "vax") == nil)
        #expect(try obstacle(windows) == nil)
    }

    @Test(
        "without command and entry point a container is no container; those of the plan count as the engines count them"
    )
    func commands() throws {
        let bare = ImageConfiguration()
        let whole = ImageConfiguration(entrypoint: ["/init"], command: ["serve"])
        #expect(try obstacle(bare)?.contains("neither a command nor an entry point") == true)
        #expect(try obstacle(bare) { $0.command = ["/app"] } == nil)
        #expect(try obstacle(bare) { $0.entrypoint = ["/app"] } == nil)
        #expect(try obstacle(whole) == nil)
        #expect(try obstacle(ImageConfiguration(command: ["/app"])) == nil)
        #expect(try obstacle(ImageConfiguration(entrypoint: ["/app"])) { $0.entrypoint = [] } != nil)
        #expect(try obstacle(ImageConfiguration(command: ["/app"])) { $0.entrypoint = [""] } != nil)
    }

    @Test(
        "a user or group that the image does not know is refused by its name; numbers ask for nothing",
        arguments: [
            ("", "", nil), ("root", "root", nil), ("app", "", nil), ("ghost", "", "'/etc/passwd'"),
            ("", "ghost", "'/etc/passwd'"), ("app", "ghost", nil), ("app:staff", "", nil),
            ("app:ghost", "", "'/etc/group'"), ("1000:ghost", "", "'/etc/group'"), (":staff", "", nil),
            ("1000:1000", "ghost", nil), ("2147483648", "", "'2147483648'"), ("-1", "", "'-1'"), ("+7", "", nil),
        ])
    func users(plan: String, image: String, obstacle: String?) throws {
        let accounts = ImageAccounts(
            passwd: "root:x:0:0:root:/:/bin/sh\n app:x:7:7::/:/bin/sh\n\nbroken", group: "staff:x:50:\n")
        var configuration = ImageConfiguration(command: ["/app"])
        configuration.user = image
        let check = try #require(
            ImageCheck(configuration, of: "web", in: try self.plan { $0.user = plan.isEmpty ? nil : plan }))
        let found = check.obstacle(on: nil, under: VSNPolicy()) ?? check.obstacle(among: accounts)
        #expect((found == nil) == (obstacle == nil), "\(found?.message ?? "")")
        if let obstacle { #expect(found?.message.contains(obstacle) == true, "\(found?.message ?? "")") }
    }

    @Test("an annotation that does not only describe the image is refused with the line that allows it (issue 11)")
    func annotations() throws {
        let describing = ["org.opencontainers.image.title", "com.docker.official-images.bashbrew.arch", "maintainer"]
        let orders = ["run.oci.handler", "org.systemd.property.TasksMax", "com.example.team", "maintainer.x", "a\nb"]
        var policy = VSNPolicy()
        #expect(policy.refusedAnnotations(describing) == [])
        #expect(policy.refusedAnnotations(orders) == orders.sorted())
        #expect(VSNPolicy(profile: .trusted).refusedAnnotations(orders) == [])
        policy.images.annotations = ["com.example.*"]
        let image = ImageConfiguration(command: ["/app"], annotations: Set(describing + orders))
        let check = try #require(ImageCheck(image, of: "web", in: plan()))
        let found = try #require(check.obstacle(on: nil, under: policy))
        #expect(
            found.message.contains(
                "annotations 'a b', 'maintainer.x', 'org.systemd.property.TasksMax', 'run.oci.handler', which"))
        #expect(found.hint.hasSuffix("by 'policy.images.annotations' in the VSN's configuration"), "\(found.hint)")
        let one = policy.obstacle(ofAnnotations: ["run.oci.handler"], on: "web")
        #expect(one?.hint.hasSuffix(#"{"annotations": ["com.example.*", "run.oci.handler"]}}"#) == true)
        #expect(policy.obstacle(ofAnnotations: ["*"], on: "web")?.hint.contains(#""*""#) == false)
        policy.images.annotations = orders
        #expect(check.obstacle(on: nil, under: policy) == nil)
        var trusted = VSNPolicy(profile: .trusted)
        trusted.images.annotations = []
        #expect(trusted.refusedAnnotations(orders) == orders.sorted())
    }

    @Test("where the plan mounts the files that know users, or users have numbers, nothing is looked up")
    func mountedAccounts() throws {
        var image = ImageConfiguration(command: ["/app"])
        image.user = "app"
        func asks(_ target: String, user: String? = nil) throws -> Bool {
            let plan = try plan {
                $0.user = user
                $0.files = [FilePlan(source: "files/x", target: target, contentDigest: "")]
            }
            return try #require(ImageCheck(image, of: "web", in: plan)).asksForAccounts
        }
        #expect(try asks("/etc/app.conf"))
        #expect(try !asks("/etc/passwd") && !asks("/etc/group/") && !asks("/etc"))
        #expect(try !asks("/etc/app.conf", user: "1000") && !asks("/etc/app.conf", user: "0:0"))
    }

    @Test("a volume of the image that the plan keeps nowhere is told with the line that keeps it")
    func volumes() throws {
        let image = ImageConfiguration(command: ["/app"], facts: ImageFacts(volumes: ["/data", "/cache/x", "/log"]))
        let plan = try plan {
            $0.tmpfs = ["/cache/"]
            $0.volumes = [
                VolumePlan(source: .data("web"), target: "/log"), VolumePlan(source: .data("x"), target: "/data/x"),
            ]
        }
        let notes = try #require(ImageCheck(image, of: "web", in: plan)).notes
        #expect(notes.count == 1)
        #expect(notes.first?.contains(#"{"data": "web-data", "target": "/data"}"#) == true, "\(notes)")
    }

    @Test(
        "T3: a way of saving that the image's labels choose is kept and told, unless the plan says it or saves nothing")
    func backup() throws {
        let labels = ["io.fairlead.backup.mode": "stop", "io.fairlead.backup.exclude": "*", "other": "x"]
        let image = ImageConfiguration(command: ["/app"], facts: ImageFacts(labels: labels))
        func check(_ backup: VolumeBackup?, saves: Bool = true) throws -> ImageCheck {
            var plan = try plan { $0.volumes = [VolumePlan(source: .data("x"), target: "/x", backup: backup)] }
            if saves { plan.backup = BackupPlan(recipients: [], targets: [:]) }
            return try #require(ImageCheck(image, of: "web", in: plan))
        }
        let words = "how data is saved, from the image's label: backup.mode 'stop'"
        #expect(try check(nil).notes == ["web: \(words)"])
        #expect(try check(nil).facts.backupWords == words)
        #expect(try check(VolumeBackup(exclude: ["x"])).facts.backup != nil)
        for given in [
            try check(VolumeBackup(mode: .live)), try check(VolumeBackup(dump: ["d"])), try check(nil, saves: false),
        ] {
            #expect(given.notes == [] && given.facts.backup == nil)
        }
    }

    @Test("a check that asks a port which the image does not expose is told; other ports and images say nothing")
    func ports() throws {
        let image = ImageConfiguration(command: ["/app"], exposedPorts: [80, 8080])
        func notes(_ image: ImageConfiguration, _ port: UInt16) throws -> [String] {
            let plan = try plan { $0.health = HealthPlan(check: .tcp(port: port)) }
            return try #require(ImageCheck(image, of: "web", in: plan)).notes
        }
        #expect(try notes(image, 81) == ["web: 'health' asks port 81, and its image exposes 80, 8080"])
        #expect(try notes(image, 80) == [])
        #expect(try notes(ImageConfiguration(command: ["/app"]), 81) == [])
    }
}

@Suite("A HEALTHCHECK is the last source of 'health'")
struct ImageHealthCheckTests {
    @Test("its words and times become a plan's, with Docker's for what it leaves open and a limit for all")
    func parsed() throws {
        let shell = try #require(
            HealthPlan(imageTest: ["CMD-SHELL", "curl -f x"], interval: 0, timeout: nil, startPeriod: nil, retries: 0))
        #expect(shell.check == .command(["/bin/sh", "-c", "curl -f x"]))
        #expect(shell.interval == .seconds(30) && shell.timeout == .seconds(30) && shell.retries == 3)
        #expect(shell.startPeriod == .seconds(0))
        let direct = try #require(
            HealthPlan(
                imageTest: ["CMD", "pg_isready", "-q"], interval: 1_500_000_000, timeout: 1, startPeriod: .max,
                retries: .max))
        #expect(direct.check == .command(["pg_isready", "-q"]))
        #expect(direct.interval == PlanDuration(milliseconds: 1500) && direct.timeout == PlanDuration(milliseconds: 1))
        #expect(direct.startPeriod == .seconds(3600) && direct.retries == 100)
    }

    @Test(
        "that is none, or has a form that nobody knows, is none",
        arguments: [[], ["NONE"], ["CMD"], ["CMD", ""], ["X", "y"]])
    func none(test: [String]) {
        #expect(HealthPlan(imageTest: test, interval: nil, timeout: nil, startPeriod: nil, retries: nil) == nil)
    }

    @Test("the plan's own check comes first, and \"none\" leaves that of the image out")
    func order() throws {
        let image = StoredImage(
            id: "sha256:1", facts: ImageFacts(health: HealthPlan(check: .command(["from-image"]))))
        func check(_ text: String) throws -> HealthCheck? {
            let tree = MemoryTree(files: [
                "plan.json": """
                {"schemaVersion": 1, "stack": "acme", "version": "1", "containers":
                  {"web": {"image": "registry.example.com/acme/web:1"\(text)}}}
                """, "hosts/h.json": "{}",
            ])
            let plan = try PlanResolver(tree: tree, policy: nil).resolve(host: "h").plan
            return plan.completed(by: ["web": image]).containers["web"]?.health?.check
        }
        #expect(try check("") == .command(["from-image"]))
        #expect(try check(#", "health": {"tcp": 80}"#) == .tcp(port: 80))
        #expect(try check(#", "health": "none""#) == nil)
        #expect(throws: PlanProblems.self) { try check(#", "health": "off""#) }
        #expect(throws: PlanProblems.self) { try check(#", "health": {"interval": "5s"}"#) }
    }
}
