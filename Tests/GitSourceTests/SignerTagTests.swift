import Model
import TestSupport
import Testing

@testable import GitSource

@Suite("T2: lists of signers as git makes them", .timeLimit(.minutes(5)))
struct SignerTagTests {
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

    private var lines: String { "ada@example.com \(ada.line)\ngrace@example.com \(grace.line)\n" }

    private func text(_ number: Int) -> String { "number: \(number)\nstack: acme\nhosts: *\n\n\(lines)" }

    private func findings(_ number: Int, revoked: String? = nil) async throws -> [SignerVoteFinding] {
        try await bench.follow()
        let signers = SignerList(
            form: .ssh, file: "/nonexistent", revoked: try revoked.map { try scratch.write($0, to: "revoked") },
            lines: lines)
        return try await SignerTags(source: bench.source, signers: signers)
            .findings(of: number, at: SignatureTests.now)
    }

    @Test("the line of doctor makes one in a clone, whatever git does to the text; a revoked key makes none")
    func command() async throws {
        #expect(try await findings(1) == [])
        let clone = "\(scratch.path)/acme"
        try TestProgram("git", ["clone", "--quiet", repository.path, clone]).run()
        for (name, value) in [
            ("user.name", "Grace"), ("user.email", "grace@example.com"), ("gpg.format", "ssh"),
            ("user.signingkey", grace.path),
        ] { try TestProgram("git", ["-C", clone, "config", name, value]).run() }
        try scratch.write("# who signs from now on\n" + text(1) + "\n\n\n", to: "acme/signers")
        let environment = ["HOME": scratch.path, "PATH": TestProgram.path, "GIT_CONFIG_NOSYSTEM": "1"]
        let line = "cd \(clone) && \(SignerVote.command(for: 1))"
        for _ in 1...2 { try TestProgram("sh", ["-c", line], environment: environment).run() }
        let vote = try #require(try await findings(1).first?.vote)
        #expect(vote.signer == CommitSigner(name: "grace@example.com", key: grace.fingerprint))
        #expect(vote.list.lines == lines)
        let head = try repository.head()
        #expect(vote.commit.hex == head)
        #expect(try await findings(2) == [])
        let revoked = try await findings(1, revoked: grace.line).first
        #expect(revoked?.vote == nil && "\(String(describing: revoked))".contains("is revoked"))
    }

    @Test(
        "an older list under a new number, one of a stranger, without signature, or without a list counts for nothing")
    func foreign() async throws {
        try repository.git(grace.settings + ["tag", "-s", "-m", text(1), "fairlead-signers/1/grace"])
        let old = try repository.git("rev-parse", "refs/tags/fairlead-signers/1/grace")
        try repository.git("update-ref", "refs/tags/fairlead-signers/2/a", old)
        let stranger = try SSHTestKey()
        try repository.git(stranger.settings + ["tag", "-s", "-m", text(2), "fairlead-signers/2/b"])
        try repository.git("tag", "-a", "-m", text(2), "fairlead-signers/2/c")
        try repository.git(grace.settings + ["tag", "-s", "-m", "approve", "fairlead-signers/2/d"])
        try repository.git("tag", "fairlead-signers/2/e")
        let faults = try await findings(2).map { if case .refused(let why) = $0 { why } else { "none" } }
        let expected = [
            "it was signed under another name", "no allowed signer's", "it is not signed", "it does not begin with",
            "it is not an annotated tag on a commit",
        ]
        #expect(faults.count == expected.count, "\(faults)")
        for (fault, words) in zip(faults, expected) { #expect(fault.contains(words), "\(fault)") }
    }
}
