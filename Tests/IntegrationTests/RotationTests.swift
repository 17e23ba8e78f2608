import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite("T2: the signers themselves say who signs", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct RotationTests {
    private static var now: Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000)) }
    private let ada: SSHTestKey
    private let grace: SSHTestKey
    private let eve: SSHTestKey

    init() throws {
        ada = try SSHTestKey()
        grace = try SSHTestKey()
        eve = try SSHTestKey()
    }

    /// Ada and Grace sign, by the host's own list; both have to sign the next one.
    private func believe(_ vsn: VSN) throws {
        let retry: [String: any Sendable] = ["attempts": 5, "firstDelay": "1h", "longestDelay": "1h"]
        // Nothing but the poll looks at a tip again.
        try vsn.configure(["trust": try trust(vsn), "retry": retry])
    }

    private func trust(_ vsn: VSN) throws -> [String: any Sendable] {
        let lines = "ada@example.com \(ada.line)\ngrace@example.com \(grace.line)\n"
        let file = try vsn.scratch.write(lines, to: "signers")
        let commits: [String: any Sendable] = ["mode": "ssh", "allowedSigners": file]
        let rotation: [String: any Sendable] = ["threshold": 2]
        return ["commits": commits, "rotation": rotation, "stack": vsn.stack]
    }

    private func commit(_ vsn: VSN, _ version: String, by key: SSHTestKey) throws -> String {
        try vsn.commit(version)
        return try sign(vsn, by: key)
    }

    private func list(_ number: Int, _ vsn: VSN, _ signers: [(String, SSHTestKey)]) -> String {
        "number: \(number)\nstack: \(vsn.stack)\nhosts: *\n\n"
            + signers.map { "\($0)@example.com \($1.line)\n" }.joined()
    }

    /// On the commit that was accepted first, which stays in the branch.
    private func sign(_ text: String, _ vsn: VSN, as name: String, on commit: String, by key: SSHTestKey) throws {
        try vsn.repo.git(key.settings + ["tag", "-f", "-s", "-m", text, "fairlead-signers/\(name)", commit])
    }

    @Test("a list of the threshold's signatures counts with the next poll; who is not on it any more signs nothing")
    func rotation() async throws {
        try await VSN.deployed { vsn in
            try vsn.installMail()
            try await vsn.publish("1.1.0", "1.2.0")
            let base = try vsn.repo.commit("Begin to sign", signedWith: ada.settings)
            try believe(vsn)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            let next = list(1, vsn, [("eve", eve), ("grace", grace)])
            try sign(next, vsn, as: "1/ada", on: base, by: ada)
            try sign(next, vsn, as: "1/ada-again", on: base, by: ada)
            let tip = try commit(vsn, "1.1.0", by: eve)
            expect(try await vsn.fairlead("reconcile"), status: 3, saying: "no allowed signer's")
            let waiting = try await vsn.fairlead("status").text
            #expect(waiting.contains("signed by ada@example.com, 1 of 2 persons"), "\(waiting)")
            #expect(waiting.contains("list 0, by '"), "\(waiting)")

            try await vsn.withDaemon { _ in
                try sign(next, vsn, as: "1/grace", on: base, by: grace)
                try await vsn.waits("for 1.1.0") { await vsn.served() == "1.1.0" }
                try await vsn.waits("for its outcome") { try await vsn.deployments().first?.outcome == .deployed }
                // What is over is told in the same cycle, after the outcome.
                try await vsn.waits("for the end of the refusal") { try await vsn.incidents("--open").isEmpty }
            }
            let accepted = try #require(try await TrustLedger(vsn.journal()).rotations().first)
            #expect(accepted.number == 1)
            #expect(accepted.persons == ["eve@example.com", "grace@example.com"])
            #expect(Set(accepted.signers.map(\.key)) == [ada.fingerprint, grace.fingerprint])
            #expect(try await vsn.deployments().first?.commit?.hex == tip)
            let words = "list 1 of signers, signed by ada@example.com and grace@example.com"
            #expect(try await vsn.fairlead("history").text.contains(words))
            #expect(try await vsn.fairlead("status").text.contains("list 1, signed by ada@example.com and grace"))
            let mails = try vsn.mails().filter { $0.subject.contains("the signers of commits change: list 1") }
            #expect(mails.count == 1)
            expect(try await vsn.fairlead("audit", "verify"), status: 0)

            _ = try commit(vsn, "1.2.0", by: ada)
            expect(try await vsn.fairlead("reconcile"), status: 3, saying: "no allowed signer's")
            #expect(await vsn.served() == "1.1.0")
        }
    }

    @Test("a kill before or after a list is accepted leaves one mail, and the list in its place")
    func cutOff() async throws {
        try await VSN.deployed { vsn in
            try vsn.installMail()
            let base = try vsn.repo.commit("Begin to sign", signedWith: ada.settings)
            try believe(vsn)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            let next = list(1, vsn, [("eve", eve), ("grace", grace)])
            for (name, key) in [("1/ada", ada), ("1/grace", grace)] {
                try sign(next, vsn, as: name, on: base, by: key)
            }
            try await told(1, vsn)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(try await TrustLedger(vsn.journal()).rotations().map(\.number) == [1])
            #expect(try await vsn.incidents("--open").isEmpty)

            let after = list(2, vsn, [("ada", ada), ("grace", grace)])
            for (name, key) in [("2/eve", eve), ("2/grace", grace)] {
                try sign(after, vsn, as: name, on: base, by: key)
            }
            try await told(2, vsn)
            let journal = try Journal.open(
                at: "\(vsn.scratch.path)/state/journal.sqlite", damaged: .refuse, now: { Self.now })
            let accepted = SignerRotation(
                number: 2, lines: "ada@example.com \(ada.line)\ngrace@example.com \(grace.line)\n",
                persons: ["ada@example.com", "grace@example.com"], signers: [], time: Self.now)
            try await TrustLedger(journal).record(accepted)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(try await TrustLedger(vsn.journal()).rotations().map(\.number) == [2, 1])
            #expect(try await vsn.incidents("--open").isEmpty)
            #expect(try vsn.subjects() == ["list 1", "list 2"])
        }
    }

    @Test(
        "J10: a restored host takes no commit of somebody who was taken off the list since, though the tags are kept from it",
        .enabled(if: VSN.backupUnavailable == nil))
    func restored() async throws {
        try await VSN.withBackups { vsn in
            try await vsn.makeBackupKeys(["trust": try trust(vsn)])
            try await vsn.commitWithBackup()
            let base = try sign(vsn, by: ada)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            let next = list(1, vsn, [("eve", eve), ("grace", grace)])
            try sign(next, vsn, as: "1/ada", on: base, by: ada)
            try sign(next, vsn, as: "1/grace", on: base, by: grace)
            expect(try await vsn.deployAndBackUp("customers"), status: 0)
            let run = try #require(try vsn.runs().last)
            let manifest = try String(contentsOfFile: "\(run)/manifest.json", encoding: .utf8)
            #expect(manifest.contains("\"signerList\" : 1"), "\(manifest)")
            expect(try await vsn.loseHost(), status: 0)
            try FileManager.default.removeItem(atPath: "\(vsn.scratch.path)/state")
            for name in ["ada", "grace"] { try vsn.repo.git("tag", "-d", "fairlead-signers/1/\(name)") }
            try await vsn.commitWithBackup("1.1.0")
            _ = try sign(vsn, by: ada)
            let refused = try await vsn.fairlead("reconcile")
            expect(refused, status: 3, saying: "when list 1 of signers counted, and this host has list 0")
            #expect(try await vsn.containers().isEmpty)
            try sign(next, vsn, as: "1/ada", on: base, by: ada)
            try sign(next, vsn, as: "1/grace", on: base, by: grace)
            try vsn.repo.commit("Go on", signedWith: grace.settings)
            expect(try await vsn.fairlead("retry"), status: 0)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(await vsn.served() == "1.1.0")
            #expect(vsn.data("database/rows") == "customers")
        }
    }

    /// The tip, signed in place.
    private func sign(_ vsn: VSN, by key: SSHTestKey) throws -> String {
        try vsn.repo.git(key.settings + ["commit", "--quiet", "--amend", "--no-edit", "-S"])
        return try vsn.repo.head()
    }

    /// What a kill right after people were told leaves.
    private func told(_ number: Int, _ vsn: VSN) async throws {
        let journal = try Journal.open(
            at: "\(vsn.scratch.path)/state/journal.sqlite", damaged: .refuse, now: { Self.now })
        let details = IncidentDetails(headline: "list \(number)", reason: "r", action: "a", host: "test")
        _ = try await journal.openIncident(
            .repository, subject: "signers", cause: "list \(number)", since: nil, details, notifies: true)
    }
}
