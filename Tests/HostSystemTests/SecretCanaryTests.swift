import Files
import Foundation
import HostSupport
import HostSystem
import Model
import Processes
import TestSupport
import Testing

@Suite("No secret is ever in an error", .enabled(if: Command.find("age") != nil || mustRun, "needs age"))
struct SecretCanaryTests {
    /// Ways in which reading secrets fails, with what the error has to say.
    enum Mistake: String, CaseIterable {
        case plainInsteadOfAge = "it is not an age file"
        case committedPlain = "committed in plain text"
        case wrongIdentity = "not encrypted to this host's identity"
        case truncated = "damaged, or was cut short"
        case notJSON = "is not a JSON object of secrets"
        case numberValue = "the value of 'database' is not a text"
        case crowdedName = "more than 30 marks on one letter"
        case openIdentity = "other users may read it"
        case noIdentity = "no identity to unlock it"
        case missingIdentity = "it is missing"
        case badIdentity = "is not an age identity"
        case lockedIdentity = "protected by a passphrase"
        case openOwnFile = "holds secrets but other users may read it (mode 0644)"
        case brokenOwnFile = "own.json' is not a JSON object of secrets"
    }

    @Test("and the error says what is wrong and what to do", arguments: Mistake.allCases)
    func canary(mistake: Mistake) async throws {
        var fixture = try HostFixture()
        var tree = MemoryTree()
        try await prepare(mistake, &fixture, &tree)
        let (host, frozen) = (fixture.host, tree)
        let error = await #expect(throws: HostError.self) { try await host.secrets(in: frozen) }
        let text = try #require(error).description
        #expect(text.contains(mistake.rawValue), "\(text)")
        #expect(error?.hint.isEmpty == false || mistake == .missingIdentity)
        for printed in [text, "\(error as Any)", String(reflecting: error)] { #expect(!printed.contains("canary")) }
    }

    private func prepare(_ mistake: Mistake, _ fixture: inout HostFixture, _ tree: inout MemoryTree) async throws {
        let scratch = fixture.scratch
        let identity = scratch.path + "/age.key"
        try await tool("age-keygen", "-o", identity)
        fixture.configuration.ageIdentity = identity
        var text = #"{"database": "canary"}"#
        switch mistake {
        case .plainInsteadOfAge:
            tree.files["secrets.json.age"] = Array(text.utf8)
            return
        case .committedPlain:
            tree.files["secrets.json"] = Array(text.utf8)
            return
        case .notJSON: text = #"{"database": "canary""#
        case .crowdedName: text = #"{"a\#(String(repeating: "\u{301}", count: 20_000))": "canary"}"#
        case .numberValue: text = #"{"database": ["canary"]}"#
        case .openOwnFile, .brokenOwnFile:
            let own = try scratch.write(mistake == .openOwnFile ? text : "canary", to: "own.json")
            try FileManager.default.setAttributes(
                [.posixPermissions: mistake == .openOwnFile ? 0o644 : 0o600], ofItemAtPath: own)
            fixture.configuration.secretsFile = own
            return
        default: break
        }
        tree.files["secrets.json.age"] = try await seal(text, with: identity)
        if mistake == .lockedIdentity {
            // age asks for the passphrase only when the file is encrypted to this very key.
            try FileManager.default.removeItem(atPath: identity)
            try await tool("ssh-keygen", "-q", "-t", "ed25519", "-N", "canary", "-f", identity)
            tree.files["secrets.json.age"] = try await tool("age", "-R", identity + ".pub", input: text).output
        }
        try await spoilIdentity(mistake, identity, &fixture)
        if mistake == .truncated { tree.files["secrets.json.age"]?.removeLast(5) }
    }

    private func spoilIdentity(_ mistake: Mistake, _ identity: String, _ fixture: inout HostFixture) async throws {
        let files = FileManager.default
        switch mistake {
        case .wrongIdentity:
            try files.removeItem(atPath: identity)
            try await tool("age-keygen", "-o", identity)
        case .openIdentity: try files.setAttributes([.posixPermissions: 0o640], ofItemAtPath: identity)
        case .noIdentity: fixture.configuration.ageIdentity = nil
        case .missingIdentity: try files.removeItem(atPath: identity)
        case .badIdentity:
            try fixture.scratch.write("canary\n", to: "age.key")
            try files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: identity)
        default: break
        }
    }

    private func seal(_ text: String, with identity: String) async throws -> [UInt8] {
        let recipient = try await tool("age-keygen", "-y", identity).text
        return try await tool(
            "age", "-r", recipient.trimmingCharacters(in: .whitespacesAndNewlines), input: text
        ).output
    }
}
