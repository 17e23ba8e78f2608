import ContainerEngine
import Foundation
import Glibc
import Model
import Processes
import TestSupport
import Testing

@Suite("Containers with user ids of their own (issue 11, less root)", .enabled(if: EngineFixture.canRun))
struct UserNamespaceTests {
    private static func range() throws -> IDRange {
        var container = ContainerPlan(image: .build(BuildContext(path: "a", contentDigest: "")))
        container.userns = .private
        let plan = ResolvedPlan(stack: "acme", version: "1", host: "vsn1", containers: ["web": container])
        return try #require(plan.idRanges["web"])
    }

    /// A directory as a service left it that ran with the host's ids.
    private static func data(in host: Scratch) throws -> String {
        try host.write("old\n", to: "data/file")
        let directory = "\(host.path)/data"
        for path in [directory, "\(directory)/file"] {
            #expect(chown(path, 999, 998) == 0 && chmod(path, 0o700) == 0)
        }
        return directory
    }

    private static func owner(_ path: String) -> [UInt32] {
        var status = stat()
        return lstat(path, &status) == 0 ? [status.st_uid, status.st_gid] : []
    }

    private static func expectNoTrial(_ fixture: EngineFixture) async throws {
        #expect(try await fixture.engine.allContainers().filter { $0.name.hasSuffix("_trial") } == [])
    }

    @Test("with crun a process is nobody on the host, sees the owners that its files have on disk, and keeps to them")
    func owners() async throws {
        try await EngineFixture.with(runtime: .crun) { fixture in
            let (host, range) = (try Scratch(), try Self.range())
            let data = try Self.data(in: host)
            let secret = try host.write("s3cret\n", to: "secret")
            #expect(chown(secret, range.first + 999, range.first + 998) == 0 && chmod(secret, 0o400) == 0)
            var spec = try await fixture.spec("own")
            spec.userNamespace = range
            spec.user = "999:998"
            spec.mounts = [
                MountSpec(source: data, target: "/data", readOnly: false, keepsOwners: true),
                MountSpec(source: secret, target: "/run/secret", readOnly: true),
            ]
            spec.tmpfs = ["/scratch"]
            spec.command = [
                "/bin/sh", "-c",
                "cat /data/file /run/secret; stat -c %u:%g /data/file /run/secret; echo new > /data/new; "
                    + "echo t > /scratch/t && echo scratch; sleep 1000",
            ]
            let outlook = try await fixture.engine.namespaceOutlook(at: "\(host.path)/data/later")
            guard case .possible(let runtime) = outlook, runtime.hasPrefix("crun 1") else {
                Issue.record("\(outlook)")
                return
            }
            try await fixture.engine.tryUserNamespace(spec)
            try await Self.expectNoTrial(fixture)
            let status = try await fixture.run(spec)
            var log = ""
            let expected = "old\ns3cret\n999:998\n999:998\nscratch"
            _ = try await EngineFixture.eventually {
                log = try await fixture.engine.logTail(status.id, lines: 9)
                return log == expected
            }
            #expect(log == expected)
            #expect(Self.owner("\(data)/new") == [999, 998] && Self.owner("\(data)/file") == [999, 998])
            let process = try #require(status.process)
            let users = try String(contentsOfFile: "/proc/\(process)/uid_map", encoding: .utf8)
            #expect(users.split(separator: " ").map { $0.filter(\.isNumber) } == ["0", "\(range.first)", "65536"])
            // A command of a health check or a dump is in it as well, and its root is nobody's either.
            try await fixture.sandbox.podman("exec", "--user", "0", status.id, "/bin/sh", "-c", "echo > /data/root")
            #expect(Self.owner("\(data)/root") == [0, 0])
            let inside = try await fixture.sandbox.podman("exec", status.id, "cat", "/proc/self/uid_map")
            #expect(inside.contains("\(range.first)"))
        }
    }

    @Test("a file system that cannot map owners is foreseen")
    func fileSystem() {
        #expect(NamespaceOutlook.Kernel(path: "/proc") == .unmapped("/proc", "Invalid argument"))
        #expect(NamespaceOutlook.Kernel(path: "/") == .works)
    }

    @Test("runc, which says nothing and shows files as a stranger's, is found out while nothing runs yet")
    func silentRuntime() async throws {
        try await EngineFixture.with(runtime: .runc) { fixture in
            let host = try Scratch()
            var spec = try await fixture.spec("own")
            spec.userNamespace = try Self.range()
            spec.mounts = [
                MountSpec(source: try Self.data(in: host), target: "/data", readOnly: false, keepsOwners: true)
            ]
            guard case .impossible(let reason, _) = try await fixture.engine.namespaceOutlook(at: host.path) else {
                Issue.record("runc is not foreseen")
                return
            }
            #expect(reason.hasPrefix("the runtime 'runc' 1.1"))
            let error = await engineError { try await fixture.engine.tryUserNamespace(spec) }
            #expect(
                error?.message == "cannot give container '\(spec.name)' a user namespace of its own: runtime 'runc' "
                    + "does not map the owners of the files in '/data', which would belong to nobody")
            #expect(error?.hint.contains("install the package 'crun'") == true)
            try await Self.expectNoTrial(fixture)
            // Where it has no files there is nothing to map.
            spec.mounts = []
            try await fixture.engine.tryUserNamespace(spec)
        }
    }

    @Test("a file system that cannot map owners is named, and so is one inside of a volume, which would be missing")
    func fileSystems() async throws {
        try await EngineFixture.with(runtime: .crun) { fixture in
            var spec = try await fixture.spec("own")
            spec.userNamespace = try Self.range()
            spec.mounts = [MountSpec(source: "/proc/sys/net", target: "/data", readOnly: true, keepsOwners: true)]
            let foreign = await engineError { try await fixture.engine.tryUserNamespace(spec) }
            #expect(foreign?.message.contains("mount_setattr") == true, "\(foreign?.message ?? "")")
            #expect(foreign?.hint.contains("ext4, xfs, btrfs") == true)
            try await Self.expectNoTrial(fixture)
            spec.mounts[0].source = "/dev"
            let nested = await engineError { try await fixture.engine.tryUserNamespace(spec) }
            #expect(
                nested?.message.contains("is mounted below '/dev', and would be missing in '/data'") == true,
                "\(nested?.message ?? "")")
            spec.mounts[0].includesMounts = false
            spec.mounts[0].source = "\(fixture.sandbox.root)/not/yet"
            try await fixture.engine.tryUserNamespace(spec)
            #expect(!FileManager.default.fileExists(atPath: spec.mounts[0].source))
        }
    }

    @Test("what a crash left of a trial is in the way of none")
    func remains() async throws {
        try await EngineFixture.with(runtime: .crun) { fixture in
            var spec = try await fixture.spec("own")
            spec.labels = [FairleadLabel.stack: fixture.sandbox.id]
            var left = spec
            left.name += "_trial"
            _ = try await fixture.engine.create(left)
            spec.userNamespace = try Self.range()
            try await fixture.engine.tryUserNamespace(spec)
            try await Self.expectNoTrial(fixture)
        }
    }
}
