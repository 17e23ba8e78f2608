import Foundation
import Model
import TestSupport
import Testing

@testable import GitSource

@Suite("T2: who signed a commit", .timeLimit(.minutes(5)))
struct SignatureTests {
    static let now = Timestamp(milliseconds: 1_795_256_000_000)

    let repository: GitFixture
    let bench: GitBench
    let ada: SSHTestKey
    let scratch: Scratch

    init() throws {
        repository = try GitFixture()
        bench = try GitBench(repository.path)
        ada = try SSHTestKey()
        scratch = try Scratch()
    }

    private func list(_ lines: String..., revoked: String? = nil) throws -> SignerList {
        let file = try scratch.write(lines.joined(separator: "\n") + "\n", to: "allowed")
        return SignerList(form: .ssh, file: file, revoked: try revoked.map { try scratch.write($0, to: "revoked") })
    }

    private var signers: SignerList { get throws { try list("ada@example.com \(ada.line)") } }

    /// What `list` says of the tip.
    private func finding(
        _ list: SignerList, at time: Timestamp = now, path: String? = nil
    ) async throws -> SignatureFinding? {
        let tip = try await bench.follow()
        let verifier = SignatureVerifier(source: bench.source, signers: list, commandPath: path)
        return try await verifier.findings(of: [tip], at: time)[tip]
    }

    @Test("a commit of an allowed signer is theirs, whoever it says its author is")
    func signed() async throws {
        try repository.commit("first", signedWith: ada.settings)
        let expected = SignatureFinding.signed(CommitSigner(name: "ada@example.com", key: ada.fingerprint))
        #expect(try await finding(signers) == expected)
    }

    @Test("all names are told that the list has for a key, or a certificate, beside the first one")
    func aliases() async throws {
        let (old, authority) = (try SSHTestKey(), try SSHTestKey())
        func names(_ signature: String, _ lines: String...) async throws -> [String] {
            let list = SignerList(form: .ssh, file: try scratch.write(lines.joined(separator: "\n"), to: "allowed"))
            let check = SSHSignatureCheck(program: "/usr/bin/ssh-keygen", list: list, time: Self.now)
            let file = try scratch.write(signature, to: "signature")
            let signer = try await check.finding(of: Array("text".utf8), signedBy: file).signer
            return signer.map { [$0.name] + ($0.aliases ?? []) } ?? []
        }
        let signature = try ada.signature(of: "text", namespace: "git")
        #expect(try await names(signature, "ada@x \(ada.line)", "grace@x \(old.line)") == ["ada@x"])
        #expect(try await names(signature, "ada@x,Ada@y namespaces=\"git\" \(ada.line)") == ["ada@x", "ada@y"])
        #expect(try await names(signature, "ada@x \(ada.line)", "ada@y \(ada.line)") == ["ada@x", "ada@y"])
        #expect(
            try await names(signature, "ada@x \(ada.line)", "\"ada@x,ada@y\" \(old.line)", "ada@z \(old.line) old")
                == ["ada@x", "ada@y", "ada@z"])

        let certified = ["-q", "-s", authority.path, "-I", "1", "-n", "grace@x,ada@x", "\(ada.path).pub"]
        try TestProgram("ssh-keygen", certified).run()
        let sign = ["-q", "-Y", "sign", "-n", "git", "-f", "\(ada.path)-cert.pub"]
        let other = try TestProgram("ssh-keygen", sign, input: "text").run() + "\n"
        let line = "*@x,eve@y cert-authority \(authority.line)"
        #expect(try await names(other, line) == ["grace@x", "ada@x"])
    }

    @Test("a commit without a signature is nobody's")
    func unsigned() async throws {
        try repository.commit("first")
        #expect(try await finding(signers) == .unsigned)
    }

    @Test("a key that is not on the list, has expired, is not valid yet, is revoked, or may sign other things only")
    func otherKeys() async throws {
        try repository.commit("first", signedWith: ada.settings)
        let key = "is of key \(ada.fingerprint), which"
        let eve = try SSHTestKey()
        #expect(try await finding(list("eve \(eve.line)")) == .refused("\(key) is no allowed signer's"))
        #expect(
            try await finding(list("ada valid-before=\"20200101000000Z\" \(ada.line)"))
                == .refused("\(key) is not valid any more"))
        #expect(
            try await finding(list("ada valid-after=\"20300101000000Z\" \(ada.line)"))
                == .refused("\(key) is not valid yet"))
        #expect(
            try await finding(list("ada namespaces=\"file\" \(ada.line)"))
                == .refused("\(key) may not sign commits: its 'namespaces' lacks 'git'"))
        #expect(try await finding(list("ada \(ada.line)", revoked: ada.line)) == .refused("\(key) is revoked"))
        #expect(try await finding(list("ada \(ada.line)", revoked: eve.line))?.signer?.name == "ada")
        #expect(try await finding(list("")) == .refused("\(key) is no allowed signer's"))
    }

    @Test("a file of revoked keys of another form revokes nobody: what is wrong with it is told, and nothing is judged")
    func revocationsOfAnotherForm() async throws {
        try repository.commit("first", signedWith: ada.settings)
        let eve = try SSHTestKey()
        for (revoked, fault) in [
            ("# stolen\neve@example.com \(eve.line)", "revoked:2: it has more before the key"),
            (eve.fingerprint, "revoked:1: it is a fingerprint"), ("garbage", "revoked:1: it has no public key"),
            ("SSHKRL\n\u{0}", "revoked: it is cut off"),
            ("ssh-ed25519-cert-v01@openssh.com AAAA", "ssh-keygen does not understand '\(scratch.path)/revoked'"),
        ] {
            let list = try list("ada \(ada.line)", revoked: revoked)
            let failure = await gitFailure { _ = try await finding(list) }
            #expect(failure?.kind == .configuration, "\(revoked): \(String(describing: failure))")
            #expect(failure?.message.contains(fault) == true, "\(revoked): \(String(describing: failure))")
            #expect(failure?.hint.contains("one public key a line") == true)
        }
    }

    @Test("what counts is whether the key is valid when the commit is received, not when its author says it was made")
    func timeOfReceipt() async throws {
        try repository.commit("first", signedWith: ada.settings)
        let list = try list("ada valid-before=\"20270101000000Z\" \(ada.line)")
        #expect(try await finding(list, at: Timestamp(milliseconds: 1_798_700_000_000))?.signer?.name == "ada")
        let later = Timestamp(milliseconds: 1_798_800_000_000)
        #expect(try await finding(list, at: later)?.fault?.contains("is not valid any more") == true)
    }

    @Test("a signature for another purpose, of another commit, or of nothing counts for nothing")
    func foreignSignatures() async throws {
        try repository.commit("first")
        let payload = try repository.git("cat-file", "commit", "HEAD") + "\n"
        let header = { (signature: String) in
            let lines = signature.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            return "gpgsig " + lines.joined(separator: "\n ") + "\n"
        }
        for (signature, fault) in [
            (try ada.signature(of: payload, namespace: "file"), "was made for another purpose than git commits"),
            (
                try ada.signature(of: payload + "x", namespace: "git"),
                "does not fit the commit, which was changed after it was signed"
            ),
            ("-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n", "cannot be understood"),
            ("-----BEGIN SIGNED MESSAGE-----\nAAAA\n", "cannot be understood"),
        ] {
            try adopt(payload.replacing("\n\n", with: "\n" + header(signature) + "\n", maxReplacements: 1))
            #expect(try await finding(signers) == .refused(fault))
        }
        let good = header(try ada.signature(of: payload, namespace: "git"))
        try adopt(payload.replacing("\n\n", with: "\n" + good + "\n", maxReplacements: 1))
        #expect(try await finding(signers)?.signer?.name == "ada@example.com")
        try adopt(payload.replacing("\n\n", with: "\n" + good + good + "\n", maxReplacements: 1))
        #expect(try await finding(signers) == .refused("means nothing: it has two signatures"))
    }

    /// Makes `object` the tip.
    private func adopt(_ object: String) throws {
        let id = try repository.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", input: object)
        try repository.git("update-ref", "refs/heads/main", id)
    }

    @Test("a commit that was changed in the mirror is fetched again, not believed")
    func tamperedMirror() async throws {
        try repository.commit("first")
        try repository.commit("second", signedWith: ada.settings)
        let tip = try await bench.follow()
        let verifier = SignatureVerifier(source: bench.source, signers: try signers)
        let other = try Data(contentsOf: URL(filePath: try object("HEAD~1")))
        for name in try Paths.names(in: "\(bench.mirror)/objects/pack") {
            try FileManager.default.removeItem(atPath: "\(bench.mirror)/objects/pack/\(name)")
        }
        try FileManager.default.createDirectory(
            atPath: "\(bench.mirror)/objects/\(tip.hex.prefix(2))", withIntermediateDirectories: true)
        try Paths.write(other, to: "\(bench.mirror)/objects/\(tip.hex.prefix(2))/\(tip.hex.dropFirst(2))")
        #expect(try await verifier.findings(of: [tip], at: Self.now)[tip]?.signer?.name == "ada@example.com")
        #expect(bench.messages.last == "warning: the mirror of the repository was damaged and has been cloned anew")
    }

    private func object(_ revision: String) throws -> String {
        let id = try repository.git("rev-parse", revision)
        return "\(repository.path)/.git/objects/\(id.prefix(2))/\(id.dropFirst(2))"
    }

    @Test("without ssh-keygen, or without the list, nothing is said of a commit, and what to do is told")
    func missing() async throws {
        try repository.commit("first", signedWith: ada.settings)
        let program = await gitFailure { _ = try await finding(signers, path: "/nonexistent") }
        #expect(program?.message == "cannot verify signatures: 'ssh-keygen' is not installed")
        #expect(program?.hint == "apt-get install openssh-client")
        for list in [SignerList(form: .ssh, file: "/nonexistent/a"), try list("", revoked: "x")] {
            if let revoked = list.revoked { try FileManager.default.removeItem(atPath: revoked) }
            let failure = await gitFailure { _ = try await finding(list) }
            #expect(failure?.message.hasSuffix("is not there or cannot be read") == true)
        }
    }

    @Test("more commits than one answer of the child holds are all looked at, each for itself")
    func many() async throws {
        let large = String(repeating: "x", count: 100_000)
        for index in 1...6 {
            let message = "\(index)\n\n\(large)"
            if index == 3 {
                try repository.commit(message)
            } else {
                try repository.commit(message, signedWith: ada.settings)
            }
        }
        let tip = try await bench.follow()
        let ids = try await bench.source.history(of: tip, since: nil, limit: 10).map(\.id)
        let findings = try await SignatureVerifier(source: bench.source, signers: signers)
            .findings(of: ids, at: Self.now)
        #expect(ids.map { findings[$0]?.signer != nil } == [true, true, true, false, true, true])
    }
}
