import Foundation
import Glibc
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "Containers with user ids of their own (issue 11, less root)", .enabled(if: VSN.unavailable == nil),
    .timeLimit(.minutes(10)))
struct UserNamespaceTests {
    /// With what is mounted in each way: a data directory, a file of the repo, a secret.
    private static func patch(_ fields: String) -> String {
        """
        {"containers": {"web": {\(fields)
           "volumes": [{"data": "web", "target": "/data", "owner": "999:998", "mode": "0750"}], "user": "999:998",
           "files": [{"source": "files/page", "target": "/etc/page"}],
           "secretFiles": [{"secret": "token", "target": "/run/token", "owner": "999:998"}]},
         "database": {\(fields) "resources": {"pids": 100}}}}
        """
    }
    private static let own = patch(#""userns": "private","#)

    private static func deployed(_ runtime: ContainerRuntime, _ body: (VSN) async throws -> Void) async throws {
        try await VSN.with(runtime: runtime) { vsn in
            try await vsn.publish("1.0.0")
            let secrets = try vsn.scratch.write(#"{"token": "s3cret"}"#, to: "secrets.json")
            #expect(chmod(secrets, 0o600) == 0)
            try vsn.configure(["secretsFile": secrets])
            try vsn.repo.write("files/page", "static\n")
            try vsn.commit("1.0.0", changes: patch(""))
            let first = try await vsn.fairlead("reconcile")
            #expect(first.status == 0, "\(first.text)\(first.errorTail)")
            try await vsn.write("first")
            try await body(vsn)
        }
    }

    @Test("turning them on, a repair, and turning them off change no owner on disk and hide nothing from the services")
    func onAndOff() async throws {
        try await Self.deployed(.crun) { vsn in
            let owners = try await vsn.owners()
            #expect(owners["web/first"] == "999:998" && owners["database"] == "999:999")
            #expect(try await vsn.firstUser("web") == 0)

            try vsn.commit("1.0.0", "Give them their own ids", changes: Self.own)
            let on = try await vsn.fairlead("reconcile")
            #expect(on.status == 0, "\(on.text)\(on.errorTail)")
            #expect(await vsn.served() == "1.0.0")
            let (web, database) = (try await vsn.firstUser("web"), try await vsn.firstUser("database"))
            #expect(web >= 0x7000_0000 && database >= 0x7000_0000 && web != database)
            #expect(try await vsn.mounted() == "first static s3cret")
            try await vsn.write("second")
            let changes = try #require(try await vsn.deployments().first).changes
            #expect(changes.contains { $0.subject == "web" && $0.text == "userns host -> private" })
            #expect(try await vsn.fairlead("plan", "--resolved").text.contains("userns"))

            let count = try await vsn.deployments().count
            _ = try await vsn.fairlead("reconcile")
            #expect(try await vsn.deployments().count == count, "what runs is what was asked for")
            try await vsn.sandbox.podman("rm", "--force", "--time", "0", "\(vsn.stack)-web")
            let repair = try await vsn.fairlead("reconcile")
            #expect(repair.status == 0, "\(repair.text)\(repair.errorTail)")
            #expect(try await vsn.firstUser("web") == web)
            #expect(try await vsn.mounted() == "first static s3cret")

            try vsn.repo.revert()
            let off = try await vsn.fairlead("reconcile")
            #expect(off.status == 0, "\(off.text)\(off.errorTail)")
            #expect(try await vsn.firstUser("web") == 0)
            #expect(try await vsn.mounted() == "first static s3cret")
            #expect(try await vsn.owners() == owners.merging(["web/second": "999:998"]) { $1 })
        }
    }

    @Test("where the runtime cannot map owners the plan is refused while the stack runs on, with the way to go")
    func refused() async throws {
        try await Self.deployed(.runc) { vsn in
            let before = try await vsn.containerID("web")
            try vsn.commit("1.0.0", "Give them their own ids", changes: Self.own)
            let foreseen = try await vsn.fairlead("doctor").text
            #expect(foreseen.contains("not possible here: the runtime 'runc' 1.1"), "\(foreseen)")
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status != 0)
            let said = result.text + result.errorTail
            #expect(said.contains("runtime 'runc' does not map the owners"), "\(said)")
            #expect(said.contains("install the package 'crun'"), "\(said)")
            #expect(try await vsn.deployments().first?.outcome == .refused)
            #expect(try await vsn.containerID("web") == before)
            let left = try await vsn.sandbox.podman("ps", "--all", "--no-trunc")
            #expect(try await vsn.containers() == ["\(vsn.stack)-database", "\(vsn.stack)-web"], "\(left)\n\(said)")
            #expect(await vsn.served() == "1.0.0")
        }
    }

    @Test("a host that demands them refuses a plan without, names the key of its policy, and lets one with them in")
    func demanded() async throws {
        try await VSN.with(runtime: .crun) { vsn in
            try await vsn.publish("1.0.0")
            try vsn.configure(["policy": ["profile": "trusted", "userns": "required"]])
            try vsn.commit("1.0.0")
            let refused = try await vsn.fairlead("reconcile")
            #expect(refused.status != 0)
            #expect((refused.text + refused.errorTail).contains(#""policy": {"userns": "allowed"}"#))
            #expect(try await vsn.containers() == [])
            try vsn.commit(
                "1.0.0", "Give them their own ids",
                changes: #"{"containers": {"web": {"userns": "private"}, "database": {"userns": "private"}}}"#)
            let accepted = try await vsn.fairlead("reconcile")
            #expect(accepted.status == 0, "\(accepted.text)\(accepted.errorTail)")
            #expect(try await vsn.firstUser("database") >= 0x7000_0000)
            #expect(vsn.data("database/starts") != nil)
        }
    }
}

extension VSN {
    /// `uid:gid` on disk of everything in the data directories, by path.
    fileprivate func owners() async throws -> [String: String] {
        let found = try await Command(
            "/usr/bin/find", [dataDirectory, "-mindepth", "1", "-not", "-name", ".*", "-printf", "%P %U:%G\\n"]
        ).run().text
        let lines = found.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        return Dictionary(uniqueKeysWithValues: lines.map { ($0[0], $0[1]) })
    }

    /// What user 0 of a container is on the host.
    fileprivate func firstUser(_ name: String) async throws -> UInt32 {
        let process = try await sandbox.podman("inspect", "--format", "{{.State.Pid}}", "\(stack)-\(name)")
        let map = try String(contentsOfFile: "/proc/\(process)/uid_map", encoding: .utf8)
        return try #require(map.split(separator: " ").dropFirst().first.flatMap { UInt32($0) })
    }

    /// As the service, which is no root.
    fileprivate func write(_ name: String) async throws {
        try await sandbox.podman("exec", "\(stack)-web", "sh", "-c", "umask 077; echo \(name) > /data/\(name)")
    }

    fileprivate func mounted() async throws -> String {
        let lines = try await sandbox.podman("exec", "\(stack)-web", "cat", "/data/first", "/etc/page", "/run/token")
        return lines.split(separator: "\n").joined(separator: " ")
    }
}
