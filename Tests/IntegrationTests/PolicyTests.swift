import Foundation
import Processes
import TestSupport
import Testing

/// T1: whoever can push is not root. Each of these was done for real before.
@Suite("What a commit cannot do to a host", .enabled(if: VSN.backupUnavailable == nil), .timeLimit(.minutes(5)))
struct PolicyTests {
    /// With the policy of a host whose owner wrote none, but for what lies in the test's own directory.
    private func strict(_ body: (VSN) async throws -> Void) async throws {
        try await VSN.deployed { vsn in
            try await vsn.makeBackupKeys(["policy": ["profile": "strict"]])
            try await body(vsn)
        }
    }

    private func refused(_ vsn: VSN, _ changes: String, saying words: String) async throws {
        try vsn.commit("1.0.0", "Attack", changes: changes)
        let before = try await vsn.containerID("web")
        let result = try await vsn.fairlead("reconcile")
        #expect(result.status == 3, "\(result.text)\(result.errorTail)")
        #expect((result.text + result.errorTail).contains(words), "\(result.text)\(result.errorTail)")
        #expect(try await vsn.containerID("web") == before)
        #expect(await vsn.served() == "1.0.0")
    }

    private func backup(_ vsn: VSN, to target: String) async throws -> String {
        try await vsn.backupChanges().replacing(/"targets": .*/) { _ in #""targets": {"a": \#(target)}},"# }
    }

    @Test("a storage's options run no program: not in a deployment, and not in a look at a commit (C1)")
    func command() async throws {
        try await strict { vsn in
            let mark = "\(vsn.scratch.path)/was-here"
            let target = """
                {"rclone": {"type": "webdav", "url": "http://127.0.0.1:9", "bearer_token_command": "touch \(mark)"}}
                """
            try await refused(
                vsn, backup(vsn, to: target), saying: "option 'bearer_token_command' of a remote of type 'webdav'")
            let doctor = try await vsn.fairlead("doctor")
            #expect(doctor.status == 1 && doctor.text.contains("bearer_token_command"), "\(doctor.text)")
            #expect(doctor.text.contains("policy"), "\(doctor.text)")
            #expect(!FileManager.default.fileExists(atPath: mark))
        }
    }

    @Test("doctor speaks to no storage and no registry that only an undeployed commit names")
    func look() async throws {
        try await strict { vsn in
            let server = try await RcloneServer(.webdav)
            let options = """
                {"rclone": {"type": "webdav", "url": "http://127.0.0.1:\(server.port)", "user": "\(RcloneServer.user)",
                            "pass": "x"}, "path": "acme"}
                """
            try vsn.commit("1.0.0", changes: try await backup(vsn, to: options))
            server.suspend()
            let doctor = try await vsn.fairlead("doctor")
            #expect(
                doctor.text.contains("the webdav storage at 'acme' ('a') is of a commit that is not deployed"),
                "\(doctor.text)")
            server.resume()
        }
    }

    @Test("a backup is no way to write files of the host (H1)")
    func directory() async throws {
        try await strict { vsn in
            let scratch = vsn.scratch.path
            for (path, words) in [
                (scratch + "/store", #""policy": {"backupDirectories": ["/mnt", "/media", ""#),
                ("/etc/cron.d", "which is the host's own"),
                (vsn.dataDirectory + "/database", "which is the host's own"),
            ] {
                let changes = try await backup(vsn, to: #"{"directory": "\#(path)", "local": true}"#)
                try await refused(vsn, changes, saying: words)
            }
            try await vsn.makeBackupKeys(["policy": ["backupDirectories": [scratch]]])
            try FileManager.default.createSymbolicLink(atPath: "\(scratch)/link", withDestinationPath: "/etc/cron.d")
            let changes = try await backup(vsn, to: #"{"directory": "\#(scratch)/link", "local": true}"#)
            try await refused(vsn, changes, saying: "leads over a symbolic link")
        }
    }

    @Test("a link below an allowed directory mounts nothing else, with or without a container that makes it (H2)")
    func hostPath() async throws {
        try await strict { vsn in
            let share = "\(vsn.scratch.path)/share"
            try FileManager.default.createDirectory(atPath: "\(share)/sub", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: "\(share)/link", withDestinationPath: "/")
            try await vsn.makeBackupKeys(["policy": ["allowedHostPaths": [share]]])
            func mounting(_ path: String, database: String = "") -> String {
                let data = #"{"data": "database", "target": "/data", "owner": "999:999", "mode": "0700"}"#
                return """
                    {"containers": {"web": {"volumes": [{"path": "\(path)", "target": "/host"}]},
                                    "database": {"volumes": [\(data)\(database)]}}}
                    """
            }
            for path in ["\(share)/link", "\(share)/link/etc"] {
                try await refused(vsn, mounting(path), saying: "leads over a symbolic link")
            }
            let writing = #", {"path": "\#(share)", "target": "/share"}"#
            try await refused(
                vsn, mounting("\(share)/sub", database: writing), saying: "container 'database' can write")
            try vsn.commit("1.0.0", changes: mounting("\(share)/sub"))
            let allowed = try await vsn.fairlead("reconcile")
            #expect(allowed.status == 0, "\(allowed.text)\(allowed.errorTail)")
            #expect(try await vsn.sandbox.podman("exec", "\(vsn.stack)-web", "ls", "/host") == "")
        }
    }

    @Test("named registries let in no archive and no build beside them (H3)")
    func images() async throws {
        try await strict { vsn in
            try vsn.repo.write("images/web/Containerfile", "FROM scratch\n")
            let digest = String(repeating: "0a", count: 32)
            let registries = [vsn.registry.address]
            let policies: [[String: any Sendable]] = [
                ["images": ["registries": registries]], ["allowedRegistries": registries],
            ]
            for policy in policies {
                try await vsn.makeBackupKeys(["policy": policy])
                for (image, words) in [
                    (#"{"build": "images/web"}"#, #""policy": {"builds": "isolated"}"#),
                    (
                        #"{"archive": "https://files.example.com/web.tar", "sha256": "\#(digest)"}"#,
                        #""policy": {"images": {"archives": ["https://files.example.com/web.tar"]}}"#
                    ),
                    (#""registry.example.com/web:1""#, #""policy": {"images": {"registries": [""#),
                ] {
                    try await refused(vsn, #"{"containers": {"web": {"image": \#(image)}}}"#, saying: words)
                }
            }
        }
    }
}
