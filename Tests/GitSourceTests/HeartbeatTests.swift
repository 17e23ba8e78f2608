import Foundation
import GitSource
import Model
import TestSupport
import Testing

@Suite("T2: heartbeats as git makes them", .timeLimit(.minutes(5)))
struct HeartbeatTests {
    private let repository: GitFixture
    private let bench: GitBench
    private let clone: String
    private let scratch: Scratch
    private let key: SSHTestKey

    init() throws {
        repository = try GitFixture()
        bench = try GitBench(repository.path)
        scratch = try Scratch()
        key = try SSHTestKey()
        clone = "\(scratch.path)/acme"
        try repository.commit("first")
        try TestProgram("git", ["clone", "--quiet", repository.path, clone]).run()
        for (name, value) in [
            ("user.name", "Ada"), ("user.email", "ada@example.com"), ("gpg.format", "ssh"),
            ("user.signingkey", key.path),
        ] { try configure(name, value) }
    }

    private func configure(_ name: String, _ value: String) throws {
        try TestProgram("git", ["-C", clone, "config", name, value]).run()
    }

    /// The line of `docs/trust.md`, as cron runs it.
    private func runDocumentedLine(at time: Int64? = nil) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/trust.md"), encoding: .utf8)
        let line = try #require(page.split(separator: "\n").first { $0.contains("git tag -f -s -m heartbeat") })
        let command = line.trimmingPrefix { $0 == " " }
        #expect(command.hasPrefix("cd ~/acme && "))
        #expect(command.hasSuffix(Heartbeat.command(for: "main")))
        var environment = [
            "HOME": scratch.path, "PATH": TestProgram.path, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
        ]
        environment["GIT_COMMITTER_DATE"] = time.map { "\($0) +0000" }
        try TestProgram("sh", ["-c", String(command)], environment: environment).run()
    }

    private func finding(_ list: SignerList) async throws -> HeartbeatFinding {
        try await bench.follow()
        return try await HeartbeatTag(source: bench.source, signers: list).finding(at: SignatureTests.now)
    }

    private func signers(_ key: SSHTestKey) throws -> SignerList {
        SignerList(form: .ssh, file: try scratch.write("ada@example.com \(key.line)\n", to: "allowed"))
    }

    @Test("heartbeats of a branch that stands still leave no packs without end")
    func crowded() async throws {
        try await bench.follow()
        let directory = "\(bench.mirror)/objects/pack"
        let pack = try #require(try Paths.names(in: directory).first { $0.hasSuffix(".pack") })
        for number in 0..<100 {
            try FileManager.default.copyItem(atPath: "\(directory)/\(pack)", toPath: "\(directory)/pack-\(number).pack")
        }
        try runDocumentedLine(at: 1_795_000_000)
        let tag = HeartbeatTag(source: bench.source, signers: try signers(key))
        guard case .signed = try await tag.finding(at: SignatureTests.now) else {
            Issue.record("the heartbeat is not seen")
            return
        }
        #expect(bench.messages.last == "info: cloned the repository anew to get rid of many packs")
        // The clone's, and that of the heartbeat where it did not come with it.
        #expect(try Paths.names(in: directory).count { $0.hasSuffix(".pack") } <= 2)
    }

    @Test("the documented line makes one with a key of ssh, again and again")
    func ssh() async throws {
        #expect(try await finding(signers(key)) == .absent)
        let first = try repository.head()
        try runDocumentedLine(at: 1_795_000_000)
        let ada = CommitSigner(name: "ada@example.com", key: key.fingerprint)
        var expected = Heartbeat(
            commit: try #require(CommitID(first)), time: Timestamp(milliseconds: 1_795_000_000_000), signer: ada)
        #expect(try await finding(signers(key)) == .signed(expected))
        let second = try repository.commit("second")
        try runDocumentedLine(at: 1_795_000_060)
        expected.commit = try #require(CommitID(second))
        expected.time = Timestamp(milliseconds: 1_795_000_060_000)
        #expect(try await finding(signers(key)) == .signed(expected))
        let committed = try await bench.source.committed(expected.commit)
        #expect(committed.milliseconds / 1000 == Int64(try repository.git("log", "-1", "--format=%ct")))
    }

    @Test("and with a key of PGP")
    func gpg() async throws {
        let home = try GPGTestHome()
        try home.makeKey("ada")
        let settings = try home.settings("ada").filter { $0 != "-c" }
        for setting in settings {
            let parts = setting.split(separator: "=", maxSplits: 1).map(String.init)
            try configure(parts[0], parts[1])
        }
        try runDocumentedLine()
        let list = SignerList(form: .gpg, file: try home.keyring("ada"))
        guard case .signed(let beat) = try await finding(list) else {
            Issue.record("\(try await finding(list))")
            return
        }
        #expect(beat.signer.name == "ada <ada@example.com>")
        #expect(beat.commit.hex == (try repository.head()))
        #expect(abs(Double(beat.time.milliseconds) / 1000 - Date().timeIntervalSince1970) < 600)
    }

    @Test("what nobody signed who may, and what was signed under another name, counts for nothing")
    func foreign() async throws {
        let eve = try SSHTestKey()
        try runDocumentedLine()
        guard case .refused(let why) = try await finding(signers(eve)) else {
            Issue.record("counted")
            return
        }
        #expect(why.contains("no allowed signer's"), "\(why)")
        try repository.git("tag", "-f", "-a", "-m", "heartbeat", "fairlead-heartbeat/main")
        #expect(try await finding(signers(key)) == .refused("tag 'fairlead-heartbeat/main': it is not signed"))
        // A release that was signed, served under the name of a heartbeat.
        try repository.git(key.settings + ["tag", "-s", "-m", "Release", "v1.0.0"])
        let release = try repository.git("rev-parse", "refs/tags/v1.0.0")
        try repository.git("update-ref", "refs/tags/fairlead-heartbeat/main", release)
        guard case .refused(let other) = try await finding(signers(key)) else {
            Issue.record("counted")
            return
        }
        #expect(other.contains("was signed as another one"), "\(other)")
        // By who may, with marks that take a host hours to put in order.
        try configure("user.name", "H" + String(repeating: "\u{301}", count: 31))
        try runDocumentedLine()
        let crowd = "tag 'fairlead-heartbeat/main': it has too many U+0301 on one letter"
        #expect(try await finding(signers(key)) == .refused(crowd))
        // No object of its own.
        try repository.git("update-ref", "refs/tags/fairlead-heartbeat/main", "HEAD")
        guard case .refused = try await finding(signers(key)) else {
            Issue.record("counted")
            return
        }
    }
}
