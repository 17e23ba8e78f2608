import Foundation
import Processes
import TestSupport
import Testing

@Suite(
    "On Docker (S3)", .enabled(if: DockerFixture.unavailable == nil, "\(DockerFixture.unavailable ?? "")"),
    .enabled(if: RegistryFixture.unavailable == nil))
struct DockerTests {
    @Test("a commit is deployed, a failing one leaves nothing, the next replaces it, teardown removes everything")
    func redeployment() async throws {
        try await RegistryFixture.with { registry in
            try await DockerFixture.with(insecureRegistries: [registry.address]) { docker in
                let vsn = try DockerVSN(docker, registry)
                defer { try? FileManager.default.removeItem(atPath: vsn.runtimeDirectory) }
                try vsn.configure()
                for version in ["1.0.0", "1.1.0"] {
                    try await registry.push(PodmanTestImage(version), repository: "acme/web", tag: version)
                }
                try vsn.commit("1.0.0")
                let first = try await vsn.fairlead("reconcile")
                #expect(first.status == 0, "\(first.text)\(first.errorTail)")
                #expect(try vsn.served() == "1.0.0")
                #expect(try vsn.starts() == 1)

                try vsn.commit("9.9.9")
                #expect(try await vsn.fairlead("reconcile").status != 0)
                #expect(try vsn.served() == "1.0.0")

                try vsn.commit("1.1.0")
                let second = try await vsn.fairlead("reconcile")
                #expect(second.status == 0, "\(second.text)\(second.errorTail)")
                #expect(try vsn.served() == "1.1.0")
                #expect(try vsn.starts() == 2)
                let third = try await vsn.fairlead("reconcile")
                #expect(third.status == 0, "\(third.text)\(third.errorTail)")
                #expect(try vsn.starts() == 2)

                let doctor = try await vsn.fairlead("doctor")
                #expect(doctor.text.contains("docker 2"), "\(doctor.text)")
                let status = try await vsn.fairlead("status")
                #expect(status.text.contains("1.1.0"), "\(status.text)")
                let end = try await vsn.fairlead("teardown", "--yes")
                #expect(end.status == 0, "\(end.text)\(end.errorTail)")
                #expect(try await docker.answer(to: "containers/json?all=1") == "[]\n")
                #expect(try await !docker.answer(to: "networks").contains(docker.id))
                #expect(try vsn.starts() == 2)
            }
        }
    }

    @Test(
        "files of the vendor's release are mounted, and cannot be written (J6)",
        .enabled(if: TestProgram.missingForRoot("age", "zstd", "rclone") == nil))
    func releaseFiles() async throws {
        try await RegistryFixture.with { registry in
            try await DockerFixture.with(insecureRegistries: [registry.address]) { docker in
                let vsn = try DockerVSN(docker, registry)
                defer { try? FileManager.default.removeItem(atPath: vsn.runtimeDirectory) }
                let path = vsn.scratch.path
                _ = try await Command("/usr/bin/age-keygen", ["-o", "\(path)/age"]).run()
                for key in ["signing", "release"] {
                    let file = "\(path)/\(key)"
                    _ = try await Command("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file]).run()
                }
                try vsn.configure([
                    "ageIdentity": "\(path)/age", "signingKey": "\(path)/signing", "minimumFreeSpace": "1MiB",
                    "policy": ["backupDirectories": [path]],
                ])
                try await registry.push(PodmanTestImage("1.0.0"), repository: "acme/web", tag: "1.0.0")
                try vsn.scratch.write("what is new", to: "notes/docs/changes")
                _ = try await Command(
                    FairleadBinary.path,
                    [
                        "vendor", "pack", "1.0.0", "--key", "\(path)/release", "--to", "\(path)/vendor",
                        "--files", "\(path)/notes",
                    ]
                ).run()
                try vsn.commit("1.0.0", changes: try await vsn.releaseChanges())
                let result = try await vsn.fairlead("reconcile")
                #expect(result.status == 0, "\(result.text)\(result.errorTail)")
                #expect(try vsn.served("docs/changes") == "what is new")
                let web = try await docker.answer(to: "containers/\(docker.id)-web/json")
                #expect(web.contains("/state/releases/1.0.0/files/docs") && web.contains(#""RW":false"#), "\(web)")
            }
        }
    }
}

/// A customer's host whose engine is Docker.
private struct DockerVSN {
    let docker: DockerFixture
    let registry: RegistryFixture
    let repo: GitFixture
    let scratch: Scratch
    let cron: CronTables
    let port: UInt16

    init(_ docker: DockerFixture, _ registry: RegistryFixture) throws {
        self.docker = docker
        self.registry = registry
        repo = try GitFixture()
        scratch = try Scratch()
        cron = try CronTables(root: "\(scratch.path)/cron")
        port = try LoopbackPort.free()
    }

    /// In memory, as mounted secrets have to be.
    var runtimeDirectory: String { "/dev/shm/fairlead-\(docker.id)" }

    func configure(_ changes: [String: any Sendable] = [:]) throws {
        var values: [String: Any] = [
            "repository": ["url": repo.path, "timeout": "20s"],
            "host": "test", "stateDirectory": "\(scratch.path)/state", "dataRoot": "\(scratch.path)/data",
            "runtimeDirectory": runtimeDirectory, "stabilityPeriod": "1s",
            "engine": ["socket": docker.socket, "storage": docker.storage],
            "retry": ["attempts": 1],
        ]
        values.merge(changes) { $1 }
        let data = try JSONSerialization.data(withJSONObject: values)
        try scratch.write(String(decoding: data, as: UTF8.self), to: "config.json")
    }

    /// The merge patch of a host whose web server serves `docs` of the vendor's release.
    func releaseChanges() async throws -> String {
        let recipient = try await Command("/usr/bin/age-keygen", ["-y", "\(scratch.path)/age"]).run().text
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let key = try String(contentsOfFile: "\(scratch.path)/release.pub", encoding: .utf8)
        let signer = key.split(separator: " ").prefix(2).joined(separator: " ")
        return """
            {"backup": {"recipients": ["\(recipient)"],
               "targets": {"disk": {"directory": "\(scratch.path)/store", "local": true}},
               "vendor": {"directory": "\(scratch.path)/vendor", "local": true, "signers": ["\(signer)"]}},
             "containers": {"web": {"volumes": [{"release": "docs", "target": "/www/docs"}]}}}
            """
    }

    func commit(_ version: String, changes: String = "{}") throws {
        let plan = VSN.plan(stack: docker.id, version: version, registry: registry.address, port: port)
        try repo.write("plan.json", plan)
        try repo.write("hosts/test.json", changes)
        _ = try repo.commit("Deploy \(version)")
    }

    func fairlead(_ arguments: String...) async throws -> CommandResult {
        try await Command(
            FairleadBinary.path, arguments + ["--config", "\(scratch.path)/config.json"],
            environment: Command.plainEnvironment.merging(["FAIRLEAD_CRON_ROOT": cron.root]) { $1 },
            deadline: .seconds(120)
        ).runToEnd()
    }

    func served(_ path: String = "version") throws -> String {
        try TestProgram("curl", ["--silent", "--fail", "http://127.0.0.1:\(port)/\(path)"]).run()
    }

    /// How often the database was started, as it writes into its data directory.
    func starts() throws -> Int {
        let path = "\(scratch.path)/data/\(docker.id)/database/starts"
        return try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count
    }
}
