import Foundation
import Model
import TestSupport
import Testing

@testable import GitSource

@Suite("T2: approvals as git makes them", .timeLimit(.minutes(5)))
struct ApprovalTagTests {
    private let repository: GitFixture
    private let bench: GitBench
    private let scratch: Scratch
    private let ada: SSHTestKey
    private let grace: SSHTestKey

    init() throws {
        repository = try GitFixture()
        bench = try GitBench(repository.path)
        scratch = try Scratch()
        ada = try SSHTestKey()
        grace = try SSHTestKey()
        try repository.commit("first", signedWith: ada.settings)
    }

    private func findings(revoked: String? = nil) async throws -> [ApprovalFinding] {
        let tip = try await bench.follow()
        let lines = "ada@example.com \(ada.line)\ngrace@example.com \(grace.line)\n"
        let signers = SignerList(
            form: .ssh, file: try scratch.write(lines, to: "allowed"),
            revoked: try revoked.map { try scratch.write($0, to: "revoked") })
        return try await ApprovalTags(source: bench.source, signers: signers).findings(of: tip, at: SignatureTests.now)
    }

    private func tip() throws -> CommitID { try #require(CommitID(try repository.head())) }

    private func tag(_ name: String, on revision: String = "HEAD", by key: SSHTestKey) throws {
        try repository.git(key.settings + ["tag", "-f", "-s", "-m", "approve", name, revision])
    }

    @Test("the line of the refusal makes one in a clone, again and again; a key that is revoked makes none")
    func command() async throws {
        #expect(try await findings() == [])
        let clone = "\(scratch.path)/acme"
        try TestProgram("git", ["clone", "--quiet", repository.path, clone]).run()
        for (name, value) in [
            ("user.name", "Grace"), ("user.email", "grace@example.com"), ("gpg.format", "ssh"),
            ("user.signingkey", grace.path),
        ] { try TestProgram("git", ["-C", clone, "config", name, value]).run() }
        let environment = ["HOME": scratch.path, "PATH": TestProgram.path, "GIT_CONFIG_NOSYSTEM": "1"]
        let line = "cd \(clone) && \(Approval.command(for: try tip()))"
        for _ in 1...2 { try TestProgram("sh", ["-c", line], environment: environment).run() }
        let signer = CommitSigner(name: "grace@example.com", key: grace.fingerprint)
        #expect(try await findings() == [.signed(signer)])
        #expect(try await findings(revoked: grace.line).first?.fault?.contains("is revoked") == true)
    }

    @Test("with PGP a second person approves just so, and is the person of the address in their key")
    func gpg() async throws {
        let home = try GPGTestHome()
        for name in ["ada", "grace"] { try home.makeKey(name) }
        let name = "\(Approval.prefix(for: try tip()))grace@example.com"
        try repository.git(try home.settings("grace") + ["tag", "-s", "-m", "approve", name])
        let tip = try await bench.follow()
        func found(_ keyring: String) async throws -> [ApprovalFinding] {
            let list = SignerList(form: .gpg, file: keyring)
            return try await ApprovalTags(source: bench.source, signers: list).findings(of: tip, at: SignatureTests.now)
        }
        guard case .signed(let signer)? = try await found(home.keyring("ada", "grace")).first else {
            Issue.record("\(try await found(home.keyring("ada", "grace")))")
            return
        }
        #expect(signer.person == "grace@example.com")
        #expect(try await found(home.keyring("ada")).first?.fault?.contains("no allowed signer's") == true)
    }

    @Test("a tag on another commit, of another name, of a stranger, without signature or for another purpose is none")
    func foreign() async throws {
        let first = try repository.head()
        try repository.commit("second", signedWith: ada.settings)
        let prefix = Approval.prefix(for: try tip())
        try tag("\(prefix)1", on: first, by: grace)
        try tag("v1.0.0", by: grace)
        try repository.git("update-ref", "refs/tags/\(prefix)2", try repository.git("rev-parse", "refs/tags/v1.0.0"))
        try tag("\(prefix)3", by: try SSHTestKey())
        try repository.git("tag", "-a", "-m", "approve", "\(prefix)4")
        try repository.git("tag", "\(prefix)5")
        let text = "object \(try tip().hex)\ntype commit\ntag \(prefix)6\ntagger Grace <g@x> 1 +0000\n\napprove\n"
        let signed = text + (try grace.signature(of: text, namespace: "file"))
        let id = try repository.git("hash-object", "-t", "tag", "-w", "--stdin", "--literally", input: signed)
        try repository.git("update-ref", "refs/tags/\(prefix)6", id)
        let faults = try await findings().map { $0.fault ?? "none" }
        let expected = [
            "it is on another commit", "it was signed under another name", "no allowed signer's", "it is not signed",
            "it is not an annotated tag on a commit", "made for another purpose",
        ]
        #expect(faults.count == expected.count)
        for (fault, words) in zip(faults, expected) { #expect(fault.contains(words), "\(fault)") }
    }

    @Test("a name of the server's that means more to git than a name is not asked for, and more than 32 are not")
    func names() {
        let names = TagNames(prefix: "fairlead-approve/1/")
        let wanted = "refs/tags/fairlead-approve/1/ada+x@example.com"
        let strange = [
            "refs/tags/fairlead-approve/1/a:refs/heads/main", "refs/tags/fairlead-approve/1/*",
            "refs/tags/fairlead-approve/1/a/b", "refs/tags/fairlead-approve/1/..",
            "refs/tags/fairlead-approve/1/a.lock",
            "refs/tags/fairlead-approve/1/", "refs/tags/fairlead-approve/1/a^{}", "refs/tags/fairlead-approve/1/ä",
            "refs/tags/fairlead-approve/2/a", "refs/heads/fairlead-approve/1/a",
        ]
        let found = names.among(Dictionary(uniqueKeysWithValues: ([wanted] + strange).map { ($0, 0) })).found
        #expect(Array(found.keys) == ["fairlead-approve/1/ada+x@example.com"])
        let many = (1...100).map { ("refs/tags/fairlead-approve/1/\($0)", 0) }
        let some = names.among(Dictionary(uniqueKeysWithValues: many))
        #expect(some.found.count == TagNames.most && some.count == 100)
    }

    @Test("those named after somebody on the list are looked at first, however many others there are")
    func crowd() throws {
        let lines = "ada@x,zoe@x namespaces=\"git\" \(ada.line)\n# eve@x\ngrace@x \(grace.line)\n"
        let list = SignerList(form: .ssh, file: try scratch.write(lines, to: "allowed"))
        #expect(list.names == ["ada@x", "zoe@x", "grace@x"])
        #expect(SignerList(form: .ssh, file: "/none", lines: lines).names == list.names)
        let prefix = "fairlead-signers/1/"
        let names = (1...99).map { "+\($0)" } + ["zoe@x", "ZOE@x", "grace@x"]
        let references = Dictionary(uniqueKeysWithValues: names.map { ("refs/tags/\(prefix)\($0)", 0) })
        let (found, count) = TagNames(prefix: prefix, listed: Set(list.names)).among(references)
        #expect(found.count == TagNames.most && count == 102)
        #expect(found["\(prefix)zoe@x"] != nil && found["\(prefix)grace@x"] != nil && found["\(prefix)ZOE@x"] == nil)
    }
}
