import Foundation
import GitSource
import TestSupport
import Testing

@testable import Commands

@Suite("Which key of the git host is believed")
struct HostKeyChoiceTests {
    private static let ecdsa = shown("ecdsa-sha2-nistp256", "E")
    private static let ed25519 = shown("ssh-ed25519", "D")
    private static let both = [ecdsa, ed25519]

    private static func shown(_ type: String, _ letter: Character, kind: String = "K") -> ShownHostKey {
        let digest = String(repeating: letter, count: 43)
        return ShownHostKey(key: "\(type) AAAA\(digest)", fingerprint: "SHA256:\(digest)", kind: kind)
    }

    private static func line(_ key: ShownHostKey, mark: String = "") -> KnownHostLine {
        KnownHostLine(number: 1, text: "\(mark)git.example.com \(key.key)")
    }

    @Test(
        "a fingerprint, a key, a line of known_hosts and 'accept' name one; what is cut off or of another form does not",
        arguments: [
            ("accept", .accept), (ecdsa.fingerprint, .fingerprint(ecdsa.fingerprint)), (ecdsa.key, .key(ecdsa.key)),
            ("git.example.com \(ecdsa.key) ada", .key(ecdsa.key)), ("SHA256:short", nil), ("md5:00", nil), ("", nil),
            ("\(ecdsa.fingerprint)=", nil), ("ssh-ed25519", nil),
        ] as [(String, HostKeyName?)])
    func names(text: String, expected: HostKeyName?) {
        #expect(HostKeyName(text) == expected)
    }

    @Test("only the one that was named is taken, and all with 'accept'; where none is named, a person is asked")
    func chosen() {
        let other = Self.shown("ssh-ed25519", "X")
        let table: [(HostKeyName?, HostKeyChoice)] = [
            (.fingerprint(Self.ecdsa.fingerprint), .take([Self.ecdsa])), (.key(Self.ecdsa.key), .take([Self.ecdsa])),
            (.accept, .take(Self.both)), (.fingerprint(other.fingerprint), .notShown), (.key(other.key), .notShown),
            (nil, .ask(Self.ed25519)),
        ]
        for (named, expected) in table {
            #expect(HostKeyChoice(shown: Self.both, pinned: [], named: named, replaces: false) == expected)
        }
        #expect(HostKeyChoice(shown: [Self.ecdsa], pinned: [], named: nil, replaces: false) == .ask(Self.ecdsa))
        #expect(HostKeyChoice(shown: [], pinned: [], named: .accept, replaces: true) == nil)
    }

    @Test("a server that still has its pinned key is as good as before; another key needs a word of whoever runs this")
    func pinned() {
        let other = Self.shown("ssh-ed25519", "X")
        let table: [([KnownHostLine], Bool, HostKeyChoice)] = [
            ([Self.line(Self.ecdsa)], false, .pinned), ([Self.line(other), Self.line(Self.ed25519)], false, .pinned),
            ([Self.line(Self.ecdsa)], true, .pinned), ([Self.line(other, mark: "@cert-authority ")], false, .pinned),
            ([Self.line(other)], false, .changed), ([Self.line(other)], true, .take([Self.ecdsa])),
            ([Self.line(other, mark: "@revoked ")], false, .take([Self.ecdsa])),
        ]
        for (lines, replaces, expected) in table {
            let named = HostKeyName.key(Self.ecdsa.key)
            #expect(HostKeyChoice(shown: Self.both, pinned: lines, named: named, replaces: replaces) == expected)
        }
    }

    @Test("in known_hosts the lines of the former keys go, and all others stay as they are")
    func content() {
        let former = Array("# ours\na k1\nb k2\na k3".utf8)
        let found = HostKeyPinning.content(former, without: [2, 4], adding: ["a k4", "a k5"])
        #expect(String(decoding: found, as: UTF8.self) == "# ours\nb k2\na k4\na k5\n")
        #expect(HostKeyPinning.content([], without: [], adding: ["a k"]) == Array("a k\n".utf8))
    }
}

@Suite("T2: pinning the key of the git host", .enabled(if: GitServerTools.hasSSH), .timeLimit(.minutes(5)))
struct HostKeyPinningTests {
    private let scratch: Scratch
    private let capture = ConsoleCapture()
    private let file: String

    init() throws {
        scratch = try Scratch()
        file = "\(scratch.path)/known_hosts"
    }

    private func pinning(
        _ server: GitSSHServer, _ named: HostKeyName? = nil, replaces: Bool = false, answer: String? = nil
    ) throws -> HostKeyPinning {
        var console = capture.console
        console.askAtTerminal = { _, _ in answer }
        return HostKeyPinning(
            server: try #require(HostKeyServer(of: server.url(of: "/a"), confiner: FairleadBinary.path)), named: named,
            replaces: replaces, file: file, transcript: SetupTranscript(console: console, isDryRun: false))
    }

    private var pinned: [String] {
        ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init)
    }

    @Test("a key that nobody compared is not pinned, and is the one that the next run has to name")
    func asked() async throws {
        let server = try await GitSSHServer()
        let fingerprint = try server.hostFingerprint()
        for answer in [nil, "n", ""] {
            let key = try await pinning(server, answer: answer).pin()
            #expect(key?.fingerprint == fingerprint && pinned.isEmpty)
        }
        #expect(capture.result.contains("\n    \(fingerprint) (ED25519)\n"))
        let confirmed = try await pinning(server, answer: "y").pin()
        #expect(confirmed == nil && pinned == server.hostKeyLines)
        let again = try await pinning(server).pin()
        #expect(again == nil && pinned == server.hostKeyLines)
        #expect(capture.result.hasSuffix("- the key of '127.0.0.1' is pinned\n"))
    }

    @Test("another key than the pinned one is refused, and takes its place only with --force and its name")
    func changed() async throws {
        let server = try await GitSSHServer()
        let fingerprint = try server.hostFingerprint()
        let other = "[127.0.0.1]:\(server.port) \(try SSHTestKey().line)"
        try scratch.write("other.example.com ssh-ed25519 AAAAx\n\(other)\n", to: "known_hosts")
        let error = await #expect(throws: SetupError.self) {
            try await pinning(server, .fingerprint(fingerprint)).pin()
        }
        #expect(error?.message.contains("somebody may be in between") == true)
        let wrong = await #expect(throws: SetupError.self) {
            let named = HostKeyName.fingerprint("SHA256:\(String(repeating: "x", count: 43))")
            return try await pinning(server, named, replaces: true).pin()
        }
        #expect(wrong?.message.contains("does not have the key of '--host-key'") == true)
        #expect(capture.chatter == "    \(fingerprint) (ED25519)\n" && pinned.last == other)
        let replaced = try await pinning(server, .fingerprint(fingerprint), replaces: true).pin()
        #expect(replaced == nil)
        #expect(pinned == ["other.example.com ssh-ed25519 AAAAx"] + server.hostKeyLines)
    }

    @Test("with 'accept' every key that the server shows is pinned, and it is said that nobody compared them")
    func accepted() async throws {
        let server = try await GitSSHServer(hostKeyTypes: ["ed25519", "ecdsa"])
        let key = try await pinning(server, .accept).pin()
        #expect(key == nil && pinned == server.hostKeyLines.sorted())
        #expect(capture.result.contains("unseen, since you said 'accept'"))
    }
}
