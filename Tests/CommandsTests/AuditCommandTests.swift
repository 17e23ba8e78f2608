import Foundation
import Journal
import Model
import Planning
import TestSupport
import Testing

@testable import Commands

@Suite("'audit verify' and heads that were kept elsewhere (issue 11, evidence)", .timeLimit(.minutes(5)))
struct AuditCommandTests {
    private let key: SSHTestKey
    private let host: CommandFixture
    private let kept: Scratch

    init() throws {
        key = try SSHTestKey()
        host = try CommandFixture(environment: ["FAIRLEAD_SIGNING_KEY": key.path])
        kept = try Scratch()
    }

    /// The file of a mail that this host would have sent now.
    private func mail(as name: String = "vsn1", by key: SSHTestKey, _ change: (String) -> String = { $0 }) async throws
        -> String
    {
        let head = try #require(try await host.journal().head())
        let statement = SignedJournalHead.statement(head, of: name)
        let signature = try key.signature(of: statement, namespace: "fairlead-journal")
        let signed = SignedJournalHead(host: name, head: head, signature: signature)
        return try kept.write(change("It failed.\n\n-- \nFairlead\n\n\(signed.text)\n"), to: "mail")
    }

    private func fill() async throws {
        try await host.journal().recordSeen([
            CommitRecord(
                commit: Commit(
                    id: CommitID(repeating: "1"), author: "Ada", email: "", time: 0, subject: "s", parents: []),
                seen: host.clock.clock.now(), servedBy: "git")
        ])
    }

    @Test("a mail's head, signed by this host, is found in the journal, as text and as it was sent")
    func signed() async throws {
        try await fill()
        let head = try #require(try await host.journal().head())
        let changes: [(String) -> String] = [
            { $0 }, { "Subject: x\r\n\r\n" + Data($0.utf8).base64EncodedString() },
        ]
        for change in changes {
            let result = await host.run("audit", "verify", "--head", try await mail(by: key, change))
            #expect(result.status == .success, "\(result.chatter)\(result.output)")
            #expect(result.output.contains("it contains \(head)"), "\(result.output)")
        }
    }

    @Test("with a head, what changed after it is listed: what may change for information, what is final as a fault")
    func changedSince() async throws {
        try await fill()
        let journal = try host.journal()
        let id = try await journal.begin(
            NewDeployment(commit: nil, desired: nil, trigger: .commit, changes: []))
        try await journal.end(id, DeploymentEnd(outcome: .refused, keepsDeployed: true))
        let head = try #require(try await journal.head()).description
        let same = await host.run("audit", "verify", "--head", head)
        #expect(same.status == .success && same.output.contains("nothing that was recorded up to \(head) was changed"))
        try await journal.setVerdict(.refused, note: "n", deployment: id, of: CommitID(repeating: "1"))
        let told = await host.run("audit", "verify", "--head", head)
        #expect(told.status == .success, "\(told.output)")
        #expect(
            told.output.contains(
                "of what was recorded up to \(head), 1 row changed after it:\n    commit number 1, on "))
        let known = try #require(JournalHead(head))
        var examined = try await journal.examine(known: known)
        examined.faults = ["deployment 1 was final"]
        let lines = AuditReport(examined, compared: known).lines(TextStyle())
        #expect(lines.first?.hasPrefix("the journal was changed by another program") == true)
        #expect(lines.contains("  deployment 1 was final"))
        #expect(lines.contains { $0.hasPrefix("    commit number 1, on ") }, "\(lines)")
    }

    @Test("a journal that was begun anew lacks it, although its own chain is whole")
    func anew() async throws {
        try await fill()
        let mail = try await mail(by: key)
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: "\(host.scratch.path)/state/journal.sqlite\(suffix)")
        }
        host.clock.advance(milliseconds: 1000)
        try await fill()
        #expect(await host.run("audit", "verify").status == .success)
        let result = await host.run("audit", "verify", "--head", mail)
        #expect(result.status == .failure)
        #expect(result.output.contains("is not the one that"), "\(result.output)")
    }

    @Test("a head that was changed, of another host or another key, or none at all proves nothing, and says so")
    func refused() async throws {
        try await fill()
        let strangers = try await mail(by: try SSHTestKey())
        #expect(
            await host.run("audit", "verify", "--head", strangers).chatter.contains("is not signed by '\(key.path)'"))
        let others = try await mail(as: "vsn2", by: key)
        #expect(await host.run("audit", "verify", "--head", others).chatter.contains("of the journal of host 'vsn2'"))
        let changed = try await mail(by: key) { text in
            text.replacing(/head: ([0-9]+):/) { "head: \((Int($0.1) ?? 0) + 1):" }
        }
        let result = await host.run("audit", "verify", "--head", changed)
        #expect(result.status == .failure && result.chatter.contains("is not signed by"), "\(result.chatter)")
        let none = try kept.write("It failed.\n", to: "none")
        #expect(await host.run("audit", "verify", "--head", none).chatter.contains("no signed head of a journal"))
        let missing = await host.run("audit", "verify", "--head", "/nonexistent")
        #expect(missing.status != .success && missing.chatter.contains("neither a head such as"), "\(missing.chatter)")
    }
}
