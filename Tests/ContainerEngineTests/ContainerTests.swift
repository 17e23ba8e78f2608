import ContainerEngine
import Foundation
import Glibc
import Model
import Processes
import TestSupport
import Testing

@Suite("Containers", .enabled(if: EngineFixture.canRun))
struct ContainerTests {
    @Test("get everything that their spec says (S1, J2)")
    func everything() async throws {
        try await EngineFixture.with { fixture in
            let host = try Scratch()
            try host.write("static\n", to: "file")
            try FileManager.default.createDirectory(atPath: host.path + "/data", withIntermediateDirectories: true)
            var spec = try await fixture.spec("all", image: PodmanTestImage("1", command: "/bin/false"))
            spec.entrypoint = ["/bin/sh", "-c"]
            spec.command = [
                """
                echo env $NAME; id -u; pwd; hostname; cat /etc/static; echo written > /data/out; \
                (echo x > /etc/static) 2>/dev/null || echo read-only; (echo x > /x) 2>/dev/null || echo sealed; \
                echo t > /scratch/t && echo tmpfs; (chown 5 /scratch/t) 2>/dev/null || echo no chown; sleep 1000
                """
            ]
            spec.environment = ["NAME": #"a "quoted" $value=ü"#]
            spec.mounts = [
                MountSpec(source: host.path + "/file", target: "/etc/static", readOnly: true),
                MountSpec(source: host.path + "/data", target: "/data", readOnly: false),
            ]
            spec.tmpfs = ["/scratch"]
            spec.labels = [FairleadLabel.stack: fixture.sandbox.id, FairleadLabel.container: "all"]
            spec.resources = ResourcePlan(memory: ByteCount(bytes: 64 << 20), cpus: 0.5, pids: 50)
            spec.stopTimeout = PlanDuration(milliseconds: 2500)
            spec.user = "0:0"
            spec.workingDirectory = "/www"
            spec.hostname = "harbour"
            spec.capabilities = CapabilityPlan(add: ["NET_ADMIN"], drop: ["CHOWN"])
            spec.readOnly = true
            let status = try await fixture.run(spec)
            #expect(status.state == .running)
            #expect(status.name == spec.name)
            #expect(status.imageID == spec.image)
            #expect(status.labels[FairleadLabel.container] == "all")
            #expect(status.address?.hasPrefix(fixture.sandbox.subnetPrefix) == true)
            let expected = """
                env a "quoted" $value=ü
                0
                /www
                harbour
                static
                read-only
                sealed
                tmpfs
                no chown
                """
            var log = ""
            _ = try await EngineFixture.eventually {
                log = try await fixture.engine.logTail(status.id, lines: 20)
                return log == expected
            }
            #expect(log == expected)
            #expect(try String(contentsOfFile: host.path + "/data/out", encoding: .utf8) == "written\n")

            let host2 = try await fixture.sandbox.podman(
                "inspect", "--format",
                """
                {{.HostConfig.Memory}} {{.HostConfig.NanoCpus}} {{.HostConfig.PidsLimit}} {{.Config.StopTimeout}} \
                {{.HostConfig.RestartPolicy.Name}} {{.HostConfig.Init}}
                """, status.id)
            #expect(host2 == "67108864 500000000 50 3 unless-stopped true")
        }
    }

    @Test("have eight capabilities and no way to more rights, unless their specification says so")
    func confined() async throws {
        try await EngineFixture.with { fixture in
            var spec = try await fixture.spec("confined")
            spec.capabilities = CapabilityPlan().confined
            spec.command = ["/bin/sh", "-c", "grep -E '^(CapBnd|NoNewPrivs)' /proc/self/status; sleep 1000"]
            #expect(try await Self.rights(of: spec, fixture) == ["CapBnd:00000000000004fb", "NoNewPrivs:1"])
            spec.name += "-not"
            spec.capabilities = CapabilityPlan(add: ["SYS_CHROOT"]).confined
            spec.allowsPrivilegeEscalation = true
            #expect(try await Self.rights(of: spec, fixture) == ["CapBnd:00000000000404fb", "NoNewPrivs:0"])
        }
    }

    private static func rights(of spec: ContainerSpec, _ fixture: EngineFixture) async throws -> [String] {
        let status = try await fixture.run(spec)
        var lines: [String] = []
        _ = try await EngineFixture.eventually {
            let log = try await fixture.engine.logTail(status.id, lines: 5)
            lines = log.split(separator: "\n").map { $0.filter { !$0.isWhitespace } }
            return lines.count == 2
        }
        return lines
    }

    @Test("are listed by label and value, whatever their state; the others stay unseen")
    func listing() async throws {
        try await EngineFixture.with { fixture in
            var spec = try await fixture.spec("one", image: PodmanTestImage("1", command: "/bin/sh", "-c", "exit 3"))
            spec.labels = ["stack": "a"]
            let created = try await fixture.engine.create(spec)
            spec.name += "2"
            spec.labels = ["stack": "b"]
            spec.command = ["/bin/sleep", "1000"]
            let running = try await fixture.run(spec)
            #expect(try await fixture.engine.containers(label: "stack", value: "a").map(\.state) == [.created])
            #expect(try await fixture.engine.containers(label: "stack", value: "b").map(\.id) == [running.id])
            #expect(try await fixture.engine.containers(label: "stack", value: "c").isEmpty)
            #expect(try await fixture.engine.containers(label: "other", value: nil).isEmpty)
            #expect(
                Set(try await fixture.engine.containers(label: "stack", value: nil).map(\.id)) == [created, running.id])
            #expect(try await fixture.engine.allContainers().count == 2)
            #expect(try await fixture.engine.inspect("0123456789ab") == nil)
        }
    }

    @Test("name the driver of their log, whatever this host's default is, and a file is bounded")
    func logDriver() async throws {
        try await EngineFixture.with { fixture in
            var spec = try await fixture.spec("file")
            func driver() async throws -> String {
                _ = try await fixture.engine.create(spec)
                let format = "{{.HostConfig.LogConfig.Type}} {{.HostConfig.LogConfig.Size}}"
                return try await fixture.sandbox.podman("inspect", "--format", format, spec.name)
                    .trimmingCharacters(in: .whitespacesAndNewlines)
            }
            #expect(try await driver() == "k8s-file 52.43MB")
            spec.name += "-small"
            spec.logs = .file(maximum: ByteCount(bytes: 1 << 20))
            #expect(try await driver() == "k8s-file 1.049MB")
            // Podman makes no container for a journal that is not there.
            guard access("/run/systemd/journal/socket", F_OK) == 0 else { return }
            spec.name += "-journal"
            spec.logs = .journal
            #expect(try await driver() == "journald 0B")
        }
    }

    @Test("whose log is switched off say so where their last words are asked for")
    func noLog() async throws {
        try await EngineFixture.with { fixture in
            let image = PodmanTestImage("1", command: "/bin/sh", "-c", "echo word")
            var spec = try await fixture.spec("mute", image: image)
            spec.restarts = false
            spec.logs = .nowhere
            let status = try await fixture.run(spec)
            let said = try await fixture.engine.logTail(status.id, lines: 5)
            #expect(said == #"(its log is switched off: "logs": {"driver": "none"} in the plan)"#)
            try await fixture.engine.removeContainer(status.id)
            await #expect(throws: EngineError.self) { try await fixture.engine.logTail(status.id, lines: 5) }
        }
    }

    @Test("that crash are started again by the engine, which counts; their last words can be read")
    func crashLoop() async throws {
        try await EngineFixture.with { fixture in
            let image = PodmanTestImage("1", command: "/bin/sh", "-c", "echo out; echo no database >&2; exit 7")
            let status = try await fixture.run(try await fixture.spec("loop", image: image))
            #expect(
                try await EngineFixture.eventually {
                    (try await fixture.engine.inspect(status.id)?.restarts ?? 0) >= 2
                })
            // Between the two lines of a run the last two are in the other order.
            #expect(
                try await EngineFixture.eventually {
                    try await fixture.engine.logTail(status.id, lines: 2) == "out\nno database"
                })
            try await fixture.engine.stop(status.id, grace: .seconds(1))
            let stopped = try #require(try await fixture.engine.inspect(status.id))
            #expect(stopped.state == .exited)
            #expect([7, 143].contains(stopped.exitCode))
            try await fixture.engine.removeContainer(status.id)
            #expect(try await fixture.engine.inspect(status.id) == nil)
        }
    }

    @Test("of which a power cut left the storage and nothing else do not keep their name")
    func leftInStorage() async throws {
        try await EngineFixture.with { fixture in
            let spec = try await fixture.spec()
            let id = try await fixture.engine.create(spec)
            let (graph, saved) = ("\(fixture.sandbox.root)/graph", "\(fixture.sandbox.root)/saved")
            let parts = ["overlay", "overlay-containers", "overlay-layers"]
            _ = try await Command("/bin/mkdir", [saved]).run()
            _ = try await Command("/bin/cp", ["-a"] + parts.map { "\(graph)/\($0)" } + [saved]).run()
            try await fixture.engine.removeContainer(id)
            _ = try await Command("/bin/cp", ["-a"] + parts.map { "\(saved)/\($0)" } + [graph]).run()
            let refused = try await Command(
                "/usr/bin/podman", ["create", "--name", spec.name, spec.image], environment: fixture.sandbox.environment
            ).runToEnd()
            #expect(
                refused.errorTail.contains("creating container storage: the container name"), "\(refused.errorTail)")
            let again = try await fixture.engine.create(spec)
            #expect(try await fixture.engine.inspect(again)?.state == .created)
        }
    }

    @Test("twenty at once are created, started, stopped and removed")
    func many() async throws {
        try await EngineFixture.with { fixture in
            let spec = try await fixture.spec("many", image: PodmanTestImage("1", command: "/bin/sleep", "1000"))
            let engine = fixture.engine
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        var spec = spec
                        spec.name += "-\(number)"
                        let id = try await engine.create(spec)
                        try await engine.start(id)
                    }
                }
                try await group.waitForAll()
            }
            let all = try await engine.allContainers()
            #expect(all.filter { $0.state == .running }.count == 20)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for container in all {
                    group.addTask {
                        try await engine.stop(container.id, grace: .seconds(5))
                        try await engine.removeContainer(container.id)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await engine.allContainers().isEmpty)
        }
    }

    @Test("of a name that is taken, an image that is gone or a network that is missing are refused with the reason")
    func refusals() async throws {
        try await EngineFixture.with { fixture in
            let spec = try await fixture.spec()
            let id = try await fixture.engine.create(spec)
            let taken = await engineError { try await fixture.engine.create(spec) }
            #expect(taken?.message.contains("already in use by") == true)
            #expect(taken?.hint.isEmpty == false)
            #expect(taken?.disposition == .permanent)

            var other = spec
            other.name += "2"
            other.network = "nowhere"
            let lost = await engineError { try await fixture.engine.create(other) }
            #expect(lost?.message.contains("nowhere") == true)
            other = spec
            other.name += "3"
            other.image = "sha256:" + String(repeating: "0", count: 64)
            let imageless = await engineError { try await fixture.engine.create(other) }
            #expect(imageless?.message.hasPrefix("cannot create container '\(other.name)': ") == true)

            try await fixture.engine.start(id)
            try await fixture.engine.start(id)
            let unknown = await engineError { try await fixture.engine.start("0123456789ab") }
            #expect(unknown?.reason == .refused(status: 404))
            other = spec
            other.name += "4"
            other.command = ["/bin/missing"]
            other.`init` = false
            let broken = try await fixture.engine.create(other)
            let error = await engineError { try await fixture.engine.start(broken) }
            #expect(error?.message.contains("/bin/missing") == true)
            #expect(error?.hint.contains("entrypoint") == true)
        }
    }

    @Test("keep what an image would put into anonymous volumes inside the mounted data directory above it (S1)")
    func imageVolumes() async throws {
        try await EngineFixture.with { fixture in
            let host = try Scratch()
            var image = PodmanTestImage("1", command: "/bin/sh", "-c", "echo rows > /data/pg/rows; sleep 1000")
            image.volumes = ["/data/pg"]
            var spec = try await fixture.spec("pg", image: image)
            try FileManager.default.createDirectory(atPath: host.path + "/pg", withIntermediateDirectories: true)
            spec.mounts = [MountSpec(source: host.path, target: "/data", readOnly: false)]
            _ = try await fixture.run(spec)
            #expect(
                try await EngineFixture.eventually { FileManager.default.fileExists(atPath: host.path + "/pg/rows") })
            #expect(try await fixture.sandbox.podman("volume", "ls", "--quiet").isEmpty)
        }
    }
}
