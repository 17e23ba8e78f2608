import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

/// A whole VSN of one test: a Podman, a registry, a customer repo, and the real `fairlead` binary beside them.
final class VSN: Sendable {
    let sandbox: PodmanSandbox
    let registry: RegistryFixture
    let repo: GitFixture
    let scratch: Scratch
    let cron: CronTables
    let stack: String
    /// Published by the container `web`.
    let port: UInt16

    /// Why these tests cannot run here.
    static let unavailable = PodmanSandbox.unavailable ?? RegistryFixture.unavailable

    private init(sandbox: PodmanSandbox, registry: RegistryFixture, beside other: VSN? = nil) throws {
        self.sandbox = sandbox
        self.registry = registry
        stack = other?.stack ?? sandbox.id
        repo = try other?.repo ?? GitFixture()
        scratch = try Scratch()
        cron = try CronTables(root: "\(scratch.path)/cron")
        port = try other?.port ?? LoopbackPort.free()
    }

    /// Two hosts of one customer repo, of which one at a time can run its stack.
    static func pair(_ body: (VSN, VSN) async throws -> Void) async throws {
        try await RegistryFixture.with { registry in
            try await PodmanSandbox.with(insecureRegistries: [registry.address]) { first in
                try await PodmanSandbox.with(insecureRegistries: [registry.address]) { second in
                    let vsn = try VSN(sandbox: first, registry: registry)
                    let other = try VSN(sandbox: second, registry: registry, beside: vsn)
                    defer {
                        for vsn in [vsn, other] { try? FileManager.default.removeItem(atPath: vsn.runtimeDirectory) }
                    }
                    try await body(vsn, other)
                }
            }
        }
    }

    static func with(runtime: ContainerRuntime? = nil, _ body: (VSN) async throws -> Void) async throws {
        try await RegistryFixture.with { registry in
            try await PodmanSandbox.with(insecureRegistries: [registry.address], runtime: runtime) { sandbox in
                let vsn = try VSN(sandbox: sandbox, registry: registry)
                defer { try? FileManager.default.removeItem(atPath: vsn.runtimeDirectory) }
                try vsn.configure()
                try await body(vsn)
            }
        }
    }

    /// One that runs version 1.0.0.
    static func deployed(_ body: (VSN) async throws -> Void) async throws {
        try await with { vsn in
            try await vsn.publish("1.0.0")
            try vsn.commit("1.0.0")
            let first = try await vsn.fairlead("reconcile")
            #expect(first.status == 0, "\(first.text)\(first.errorTail)")
            try await body(vsn)
        }
    }

    var dataDirectory: String { "\(scratch.path)/data/\(stack)" }
    /// In memory, as mounted secrets have to be.
    var runtimeDirectory: String { "/dev/shm/fairlead-\(sandbox.id)" }
    var configuration: String { "\(scratch.path)/config.json" }
    /// For the binary: cron's tables of the host are not touched.
    var environment: [String: String] { Command.plainEnvironment.merging(["FAIRLEAD_CRON_ROOT": cron.root]) { $1 } }

    /// Writes the configuration; `changes` replaces top-level keys.
    func configure(_ changes: [String: any Sendable] = [:]) throws {
        var values: [String: Any] = [
            "repository": ["url": repo.path, "timeout": "20s"],
            "host": "test", "interval": "1s", "jitter": "0s",
            "stateDirectory": "\(scratch.path)/state", "dataRoot": "\(scratch.path)/data",
            "runtimeDirectory": runtimeDirectory, "logDirectory": "\(scratch.path)/log", "stabilityPeriod": "1s",
            "engine": [
                "socket": sandbox.socket, "environment": sandbox.environment, "storage": "\(sandbox.root)/graph",
            ] as [String: Any],
            "retry": ["attempts": 5, "firstDelay": "1s", "longestDelay": "2s"],
            // Storages and archives lie in temporary directories; what a policy refuses is tested with one of its own.
            "policy": ["profile": "trusted"],
        ]
        values.merge(changes) { $1 }
        try scratch.write(
            String(decoding: try JSONSerialization.data(withJSONObject: values), as: UTF8.self), to: "config.json")
    }

    /// Pushes `acme/web:VERSION`, whose page tells the version.
    func publish(_ versions: String...) async throws {
        for version in versions {
            try await registry.push(PodmanTestImage(version), repository: "acme/web", tag: version)
        }
    }

    /// Commits a plan of two containers, with `changes` as the merge patch of the only host; returns the commit.
    @discardableResult
    func commit(_ version: String, _ subject: String? = nil, changes: String = "{}") throws -> String {
        try repo.write("plan.json", Self.plan(stack: stack, version: version, registry: registry.address, port: port))
        try repo.write("hosts/test.json", changes)
        return try repo.commit(subject ?? "Deploy \(version)")
    }

    /// What makes `web` start and never become healthy, which is noticed after some seconds.
    static func neverHealthy(at path: String = "/no", onFailure: String = "containerless") -> String {
        """
        {"onFailure": "\(onFailure)", "containers": {"web": {"health": {"http": {"path": "\(path)"}, "retries": 5}}}}
        """
    }

    /// Its checks have the patience that a loaded machine needs.
    static func plan(stack: String, version: String, registry: String, port: UInt16) -> String {
        """
        {
          "schemaVersion": 1,
          "stack": "\(stack)",
          "version": "\(version)",
          "containers": {
            "database": {
              "image": "\(registry)/acme/web:1.0.0",
              "command": ["/bin/sh", "-c", "date >> /data/starts; exec httpd -f -p 5432 -h /data"],
              "volumes": [{"data": "database", "target": "/data", "owner": "999:999", "mode": "0700"}],
              "health": {"tcp": 5432, "interval": "1s", "timeout": "1s", "retries": 60}
            },
            "web": {
              "image": "\(registry)/acme/web:${version}",
              "dependsOn": ["database"],
              "ports": ["127.0.0.1:\(port):8080"],
              "health": {"http": {"port": 8080, "path": "/version"}, "interval": "1s", "timeout": "1s", "retries": 60}
            }
          }
        }
        """
    }

    /// Runs the binary to its end.
    func fairlead(_ arguments: String..., environment: [String: String] = [:]) async throws -> CommandResult {
        try await fairlead(arguments, environment: environment)
    }

    func fairlead(
        _ arguments: [String], environment: [String: String] = [:], deadline: Duration = .seconds(120)
    ) async throws -> CommandResult {
        try await Command(
            FairleadBinary.path, arguments + ["--config", configuration],
            environment: self.environment.merging(environment) { $1 }, deadline: deadline
        ).runToEnd()
    }

    /// The same on a host whose `/etc/hosts` is `hosts`, a file of the test's own.
    func fairlead(
        _ arguments: String..., hosts: String, environment: [String: String] = [:]
    ) async throws -> CommandResult {
        let script = #"mount --bind "$0" /etc/hosts && exec "$@""#
        return try await Command(
            "/usr/bin/unshare",
            ["--mount", "/bin/sh", "-c", script, hosts, FairleadBinary.path] + arguments + ["--config", configuration],
            environment: self.environment.merging(environment) { $1 }, deadline: .seconds(120)
        ).runToEnd()
    }

    /// The same on a host that lacks `programs`, which are absolute paths.
    func fairlead(_ arguments: String..., without programs: [String]) async throws -> CommandResult {
        // What lies there is no program then.
        let script = #"while [ "$1" != -- ]; do mount --bind /dev/null "$1"; shift; done; shift; exec "$@""#
        return try await Command(
            "/usr/bin/unshare",
            ["--mount", "/bin/bash", "-ec", script, "bash"] + programs + ["--", FairleadBinary.path] + arguments
                + ["--config", configuration],
            environment: environment, deadline: .seconds(120)
        ).runToEnd()
    }

    /// What `http://127.0.0.1:PORT/version` answers; `nil` when nothing does.
    func served() async -> String? {
        let curl = Command(
            "/usr/bin/curl", ["--silent", "--fail", "--max-time", "5", "http://127.0.0.1:\(port)/version"])
        return try? await curl.run().text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// As by a boot: the mark that Fairlead has left in memory is gone. The kernel stays, as below a container that boots.
    func losesMemory() throws { try FileManager.default.removeItem(atPath: "\(runtimeDirectory)/boot") }

    /// Names of all containers of this Podman, sorted.
    func containers() async throws -> [String] {
        let names = try await sandbox.podman("ps", "--all", "--format", "{{.Names}}")
        return names.split(separator: "\n").map(String.init).sorted()
    }

    /// Ids of all containers of this Podman by name.
    func containerID(_ name: String) async throws -> String {
        try await sandbox.podman("inspect", "--format", "{{.Id}}", "\(stack)-\(name)")
    }

    func networks() async throws -> [String] {
        let names = try await sandbox.podman("network", "ls", "--quiet")
        return names.split(separator: "\n").map(String.init).filter { $0 != "podman" }.sorted()
    }

    func journal() throws -> Journal { try Journal.openReadOnly(at: "\(scratch.path)/state/journal.sqlite") }

    /// Newest first.
    func deployments() async throws -> [DeploymentRecord] { try await journal().deployments(limit: 100) }

    func data(_ name: String) -> String? {
        FileManager.default.contents(atPath: "\(dataDirectory)/\(name)").map { String(decoding: $0, as: UTF8.self) }
    }
}
