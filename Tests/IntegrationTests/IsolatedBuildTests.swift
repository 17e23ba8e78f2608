import Foundation
import Processes
import TestSupport
import Testing

@Suite("Images that a commit has built", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct IsolatedBuildTests {
    /// A plan with one more container, `built`, from a build context with these `steps`.
    private func commit(_ vsn: VSN, _ steps: String, more: String = "") throws {
        try vsn.repo.write("images/built/Containerfile", steps)
        try vsn.commit(
            "1.0.0", changes: #"{\#(more)"containers": {"built": {"image": {"build": "images/built"}}}}"#)
    }

    private func reconcile(_ vsn: VSN) async throws {
        let result = try await vsn.fairlead("reconcile")
        #expect(result.status == 0, "\(result.text)\(result.errorTail)")
    }

    private func made(_ vsn: VSN) async throws -> String {
        try await vsn.sandbox.podman("exec", "\(vsn.stack)-built", "cat", "/made")
    }

    @Test("S10: a base comes with the plan's login, which the build never sees, and is there when its registry is not")
    func login() async throws {
        try await VSN.with { vsn in
            let password = "word-\(UInt32.random(in: 0 ... .max))"
            try await RegistryFixture.with(user: "acme", password: password) { registry in
                let insecure = "[[registry]]\nlocation=\"\(registry.address)\"\ninsecure=true\n"
                let file = "\(vsn.sandbox.root)/registries.conf"
                try (String(contentsOfFile: file, encoding: .utf8) + insecure)
                    .write(toFile: file, atomically: true, encoding: .utf8)
                try await registry.push(PodmanTestImage("base"), repository: "acme/base", tag: "1")
                try vsn.configure(["policy": ["profile": "trusted", "builds": "isolated"]])
                try await vsn.publish("1.0.0")
                let more =
                    #""registries": {"\#(registry.address)": {"username": "acme", "password": "\#(password)"}}, "#
                try commit(
                    vsn, "ARG R=1\nFROM \(registry.address)/acme/base:$R\nRUN env >/seen; echo one >/made\n", more: more
                )
                try await reconcile(vsn)
                #expect(try await made(vsn) == "one")
                let seen = try await vsn.sandbox.podman("exec", "\(vsn.stack)-built", "cat", "/seen")
                #expect(!seen.contains(password))
                let area = Command("/bin/grep", ["-rlF", password, "\(vsn.scratch.path)/state/builds"])
                #expect(try await area.runToEnd().text == "")
                registry.shutDown()
                try commit(vsn, "FROM \(registry.address)/acme/base:1\nRUN echo two >/made\n", more: more)
                try await reconcile(vsn)
                #expect(try await made(vsn) == "two")
            }
        }
    }

    @Test("C2: a host that cannot isolate refuses the build, lets the stack run, and names the line that allows it")
    func obstacle() async throws {
        try await VSN.deployed { vsn in
            try vsn.configure(["policy": ["profile": "trusted", "builds": "isolated"]])
            try commit(vsn, "FROM scratch\nCOPY Containerfile /made\n")
            let setpriv = try #require(Command.find("setpriv"))
            let result = try await vsn.fairlead("reconcile", without: [setpriv])
            let said = result.text + result.errorTail
            #expect(result.status != 0 && said.contains("in isolation: 'setpriv' is not installed"), "\(said)")
            #expect(said.contains(#""policy": {"builds": "host"}"#), "\(said)")
            #expect(await vsn.served() == "1.0.0")
            let doctor = try await vsn.fairlead("doctor", without: [setpriv])
            #expect(doctor.text.contains("as 'policy.builds' says, which this host cannot"), "\(doctor.text)")
            let whole = try await vsn.fairlead("doctor")
            #expect(whole.text.contains("isolated, as 'policy.builds' says, with podman "), "\(whole.text)")
        }
    }

    @Test("a build may start only from images that the host's owner lets in")
    func bases() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            let policy: [String: any Sendable] = [
                "profile": "trusted", "builds": "isolated",
                "images": ["registries": ["\(vsn.registry.address)/acme"], "buildBases": ["registry.example.com"]],
            ]
            try vsn.configure(["policy": policy])
            try commit(vsn, "FROM \(vsn.registry.address)/acme/web:1.0.0\nRUN true\n")
            let result = try await vsn.fairlead("reconcile")
            let said = result.text + result.errorTail
            #expect(result.status != 0 && said.contains("policy.images.buildBases"), "\(said)")
        }
    }
}
