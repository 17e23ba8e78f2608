import Commands
import Foundation
import Journal
import Model
import TestSupport
import Testing

@Suite("T2: commands and lists of signers from the repo", .timeLimit(.minutes(5)))
struct RotationCommandTests {
    private let ada: SSHTestKey
    private let grace: SSHTestKey
    private let host: CommandFixture
    private let lists: Scratch

    init() throws {
        ada = try SSHTestKey()
        grace = try SSHTestKey()
        lists = try Scratch()
        host = try CommandFixture(
            environment: [
                "FAIRLEAD_TRUST_COMMITS_MODE": "ssh", "FAIRLEAD_TRUST_STACK": "acme",
                "FAIRLEAD_TRUST_ROTATION_THRESHOLD": "2",
                "FAIRLEAD_TRUST_COMMITS_ALLOWED_SIGNERS": try lists.write(
                    "ada \(ada.line)\ngrace \(grace.line)\n", to: "allowed"),
            ])
    }

    private func commit(_ version: String, by key: SSHTestKey) throws -> CommitID {
        try host.commit(version, "Version \(version)")
        try host.repo.git(key.settings + ["commit", "--quiet", "--amend", "--no-edit", "-S"])
        return try #require(CommitID(try host.repo.head()))
    }

    private func accept(_ number: Int, _ persons: [(String, SSHTestKey)]) async throws {
        try await TrustLedger(host.journal()).record(
            SignerRotation(
                number: number, lines: persons.map { "\($0) \($1.line)\n" }.joined(), persons: persons.map(\.0),
                signers: [CommitSigner(name: "ada", key: "A"), CommitSigner(name: "grace", key: "G")],
                time: Timestamp(milliseconds: 1_795_000_000_000)))
    }

    private func checks(_ arguments: String...) async throws -> [String] {
        let result = await host.run(["doctor", "--output", "json"] + arguments)
        let checks = try #require(result.json["checks"] as? [[String: Any]])
        return checks.filter { $0["name"] as? String == "signers" }.compactMap { check in
            "\(check["status"] ?? ""): \(check["found"] ?? ""); \(check["advice"] ?? "")"
        }
    }

    @Test("an accepted list says who signs, for every command; a higher number in the configuration overrules it")
    func present() async throws {
        let eve = try SSHTestKey()
        _ = try commit("1.0.0", by: eve)
        #expect(await host.run("plan").output.contains("no allowed signer's"))
        #expect(try await checks().contains { $0.hasPrefix("ok: list 0, by '") && $0.contains("ada, grace") })
        try await accept(1, [("eve", eve), ("grace", grace)])
        let plan = await host.run("plan")
        #expect(plan.status == .changes, "\(plan.chatter)")
        let words = "list 1 of signers, signed by ada and grace: eve, grace"
        #expect(try await checks().contains { $0.hasPrefix("ok: \(words)") && $0.contains("the file is not used") })
        let status = await host.run("status", "--output", "json").json["signers"] as? [String: Any]
        #expect(status?["list"] as? Int == 1)
        #expect(status?["persons"] as? [String] == ["eve", "grace"])
        #expect(status?["signedBy"] as? [String] == ["ada", "grace"])
        let lines = (status?["lines"] as? String ?? "").split(separator: "\n")
        #expect(lines.map { $0.split(separator: " ").first } == ["eve", "grace"], "\(lines)")
        #expect(await host.run("history").output.contains(words))

        let overruled = await host.run("plan", "--set", "trust.rotation.number=1")
        #expect(overruled.output.contains("no allowed signer's"), "\(overruled.output)")
        let found = try await checks("--set", "trust.rotation.number=1")
        #expect(found.contains { $0.contains("list 1, which was accepted here, is overruled") }, "\(found)")
    }

    @Test("doctor says what the server has of the next list, with the line that signs it, and what the next cycle does")
    func next() async throws {
        let tip = try commit("1.0.0", by: ada)
        let text = "number: 1\nstack: acme\nhosts: vsn1\n\nada \(ada.line)\ngrace \(grace.line)\n"
        func tag(_ name: String, _ key: SSHTestKey) throws {
            try host.repo.git(
                key.settings + ["tag", "-f", "-s", "-m", text, "fairlead-signers/1/\(name)", tip.hex])
        }
        try tag("ada", ada)
        let waiting = try await checks()
        #expect(
            waiting.contains { $0.hasPrefix("warn: list 1 of the repo does not count: it is signed by ada, 1 of 2") })
        #expect(waiting.contains { $0.contains("git tag -f -s -F signers") }, "\(waiting)")
        try tag("grace", grace)
        #expect(try await checks().contains { $0.hasPrefix("ok: the next cycle accepts list 1 of signers") })
        let other = try await checks("--set", "trust.anchor=\(String(repeating: "1", count: 40))")
        #expect(other.contains { $0.contains("older than the anchor") }, "\(other)")
    }

    @Test("fewer signers than have to sign the next list are told, since none could ever be accepted")
    func tooFew() async throws {
        _ = try commit("1.0.0", by: ada)
        let found = try await checks("--set", "trust.rotation.threshold=3")
        #expect(found.contains { $0.hasPrefix("warn: ") && $0.contains("3 have to sign the next list") }, "\(found)")
    }

    @Test(
        "a rotation without ssh signatures, or without the stack that lists are for, is a mistake of the configuration",
        arguments: [("trust.commits.mode=off", "/trust/rotation/threshold"), ("trust.stack=", "/trust/stack")])
    func configuration(setting: String, pointer: String) async throws {
        let bare = try CommandFixture(
            environment: [
                "FAIRLEAD_TRUST_COMMITS_MODE": "ssh", "FAIRLEAD_TRUST_ROTATION_THRESHOLD": "2",
                "FAIRLEAD_TRUST_COMMITS_ALLOWED_SIGNERS": "/etc/fairlead/allowed_signers",
            ])
        let result =
            setting.hasSuffix("=") ? await bare.run("plan") : await host.run("plan", "--set", setting)
        #expect(result.status == .failure && result.chatter.contains(pointer), "\(result.chatter)")
    }
}
