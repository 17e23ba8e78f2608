import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite("Secrets reach containers and nothing else", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct SecretTests {
    private let canary = "canary-\(UInt64.random(in: 0 ... .max))"

    @Test("S6: a canary secret reaches its container, and no output, journal, argument or file that others can read")
    func canarySecret() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            try secrets(["token": canary], of: vsn)
            try commit(to: vsn, broken: false)
            var said = ""
            for command in [["validate", vsn.repo.path], ["plan"], ["reconcile"], ["status"], ["history"], ["doctor"]]
                + [["plan", "--resolved"], ["show", "1", "--plan"], ["plan", "--resolved", "--output", "json"]]
            {
                said += try await output(vsn, command)
            }
            #expect(
                try await vsn.sandbox.podman("exec", "\(vsn.stack)-web", "cat", "/run/token") == canary)
            #expect(
                try await vsn.sandbox.podman("exec", "\(vsn.stack)-web", "sh", "-c", "echo $TOKEN") == canary)
            try commit(to: vsn, broken: true)
            for command in [
                ["reconcile"], ["show", "2"], ["status", "--output", "json"], ["history", "--output", "json"],
            ] {
                said += try await output(vsn, command)
            }
            #expect(said.contains("crashes in a loop"))
            #expect(!said.contains(canary))
            let found = Command("/bin/grep", ["-rlF", canary, "\(vsn.scratch.path)/state", "\(vsn.scratch.path)/data"])
            #expect(try await found.runToEnd().text == "")
        }
    }

    @Test("S6: a rotated secret redeploys, and the change says which secret it was")
    func rotation() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            try secrets(["token": "first value"], of: vsn)
            try commit(to: vsn, broken: false)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            try secrets(["token": "second value"], of: vsn)
            try vsn.repo.write("README.md", "words")
            try vsn.repo.commit("words", by: "Bob")
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.errorTail)")
            let changes = try #require(try await vsn.deployments().first?.changes)
            let change = try #require(changes.first { $0.subject == "secret 'token'" })
            #expect(change.commit == nil, "no commit changed it")
            #expect(try await vsn.sandbox.podman("exec", "\(vsn.stack)-web", "cat", "/run/token") == "second value")
        }
    }

    @Test("J3: a secret that was rotated in the repo is put down to the commit that did it")
    func rotatingCommit() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            let identity = "\(vsn.scratch.path)/identity"
            try TestProgram("age-keygen", ["-o", identity]).run()
            try vsn.configure(["ageIdentity": identity])
            try encrypt(["token": "first value"], to: identity, of: vsn)
            try commit(to: vsn, broken: false)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            try encrypt(["token": "second value"], to: identity, of: vsn)
            let rotating = try vsn.repo.commit("Rotate the token")
            try vsn.repo.write("README.md", "words")
            try vsn.repo.commit("words", by: "Bob")
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.errorTail)")
            let changes = try #require(try await vsn.deployments().first?.changes)
            #expect(changes.map(\.subject) == ["secret 'token'"] && changes.first?.commit?.id.hex == rotating)
        }
    }

    @Test("a host that was torn down keeps no secret in the clear")
    func tornDown() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            try secrets(["token": canary], of: vsn)
            try commit(to: vsn, broken: false)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            let search = Command("/bin/grep", ["-rlF", canary, vsn.runtimeDirectory])
            #expect(try await search.runToEnd().text != "")
            #expect(try await vsn.fairlead("teardown", "--yes").status == 0)
            #expect(try await search.runToEnd().text == "")
        }
    }

    @Test("a missing secret refuses the plan and names it")
    func missing() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            try commit(to: vsn, broken: false)
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status != 0)
            #expect(result.errorTail.contains("'token'"))
            #expect(try await vsn.containers() == [])
        }
    }

    private func secrets(_ values: [String: String], of vsn: VSN) throws {
        let file = try vsn.scratch.write(
            String(decoding: try JSONEncoder().encode(values), as: UTF8.self), to: "secrets.json")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        try vsn.configure(["secretsFile": file])
    }

    private func encrypt(_ values: [String: String], to identity: String, of vsn: VSN) throws {
        let recipient = try TestProgram("age-keygen", ["-y", identity]).run()
        let text = String(decoding: try JSONEncoder().encode(values), as: UTF8.self)
        try TestProgram(
            "age", ["-r", recipient, "-o", "\(vsn.repo.path)/secrets.json.age"], environment: [:], input: text
        ).run()
    }

    /// A broken one prints its secret and ends, so that its log holds it.
    private func commit(to vsn: VSN, broken: Bool) throws {
        let command = broken ? #", "command": ["/bin/sh", "-c", "echo token $TOKEN is refused; exit 1"]"# : ""
        try vsn.commit(
            "1.0.0", broken ? "Break it" : "Use a secret",
            changes: """
                {"containers": {"web": {
                    "environment": {"TOKEN": "${secret:token}"},
                    "secretFiles": [{"secret": "token", "target": "/run/token"}]\(command)}}}
                """)
    }

    private func output(_ vsn: VSN, _ arguments: [String]) async throws -> String {
        let result = try await Command(
            FairleadBinary.path, arguments + ["--config", vsn.configuration], environment: vsn.environment,
            deadline: .seconds(60)
        ).runToEnd()
        return result.text + result.errorTail
    }
}
