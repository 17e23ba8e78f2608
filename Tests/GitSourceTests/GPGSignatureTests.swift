import Foundation
import GitSource
import Model
import TestSupport
import Testing

@Suite("T2: who signed a commit with PGP", .timeLimit(.minutes(5)))
struct GPGSignatureTests {
    let repository: GitFixture
    let bench: GitBench
    let home: GPGTestHome

    init() throws {
        repository = try GitFixture()
        bench = try GitBench(repository.path)
        home = try GPGTestHome()
    }

    private func finding(_ ring: String, revoked: String? = nil) async throws -> SignatureFinding? {
        let tip = try await bench.follow()
        return try await SignatureVerifier(
            source: bench.source, signers: SignerList(form: .gpg, file: ring, revoked: revoked)
        ).findings(of: [tip], at: SignatureTests.now)[tip]
    }

    @Test("one of the keyring is theirs, any other nobody's; a list of fingerprints revokes")
    func keyring() async throws {
        let key = try home.makeKey("ada")
        let eve = try home.makeKey("eve")
        try repository.commit("first", signedWith: try home.settings("ada"))
        let expected = SignatureFinding.signed(CommitSigner(name: "ada <ada@example.com>", key: key))
        #expect(try await finding(home.keyring("ada")) == expected)
        let foreign = try await finding(home.keyring("eve"))
        #expect(foreign == .refused("is of key \(key.suffix(16)), which is no allowed signer's"))
        let list = try Scratch()
        let revoked = try list.write("# Ada's\n\(key.prefix(20)) \(key.suffix(20))\n", to: "revoked")
        #expect(
            try await finding(home.keyring("ada"), revoked: revoked) == .refused("is of key \(key), which is revoked"))
        try list.write(eve, to: "revoked")
        #expect(try await finding(home.keyring("ada"), revoked: revoked) == expected)
    }

    @Test("a key that has expired, or is revoked in the keyring, counts for nothing, though gpgv ends with 0 then")
    func bad() async throws {
        let old = try home.makeKey("old", isOld: true)
        try repository.commit("first", signedWith: try home.settings("old", isOld: true))
        #expect(try await finding(home.keyring("old")) == .refused("is of key \(old), which is not valid any more"))
        let key = try home.makeKey("ada")
        try repository.commit("second", signedWith: try home.settings("ada"))
        try home.revoke("ada")
        #expect(try await finding(home.keyring("ada")) == .refused("is of key \(key), which is revoked"))
    }

    @Test("the merge button of a git host signs with the host's key: it counts where that is in the keyring only")
    func webKey() async throws {
        try home.makeKey("ada")
        try home.makeKey("web")
        try repository.commit("first", signedWith: try home.settings("ada"))
        try repository.git("checkout", "--quiet", "-b", "topic")
        try repository.commit("second", signedWith: try home.settings("ada"))
        try repository.git("checkout", "--quiet", "main")
        try repository.merge("topic", signedWith: try home.settings("web"))
        #expect(try await finding(home.keyring("ada"))?.signer == nil)
        #expect(try await finding(home.keyring("ada", "web"))?.signer?.name == "web <web@example.com>")
    }

    @Test("one kind of signatures is verified on a host, and what cannot be read is an error")
    func form() async throws {
        try home.makeKey("ada")
        let key = try SSHTestKey()
        try repository.commit("first", signedWith: key.settings)
        #expect(
            try await finding(home.keyring("ada"))
                == .refused("is one of ssh, and this host verifies those of gpg"))
        try repository.commit("second", signedWith: try home.settings("ada"))
        let armoured = try home.keyring("ada", armoured: true)
        let failure = await gitFailure { _ = try await finding(armoured) }
        #expect(failure?.hint.contains("gpg --dearmor") == true)
        let scratch = try Scratch()
        let revoked = try scratch.write("not a fingerprint\n", to: "revoked")
        let ring = try home.keyring("ada")
        #expect(await gitFailure { _ = try await finding(ring, revoked: revoked) } != nil)
    }
}
