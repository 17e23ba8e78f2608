import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite("T2: signed commits", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct SignedCommitTests {
    private let ada: SSHTestKey

    init() throws { ada = try SSHTestKey() }

    private func believeAda(_ vsn: VSN) throws { try vsn.configure(trust(vsn)) }

    private func trust(_ vsn: VSN) throws -> [String: any Sendable] {
        let file = try vsn.scratch.write("ada@example.com \(ada.line)\n", to: "signers")
        let commits: [String: any Sendable] = ["mode": "ssh", "allowedSigners": file]
        return ["trust": ["commits": commits] as [String: any Sendable]]
    }

    /// The tip, signed by Ada in place.
    private func sign(_ vsn: VSN) throws -> String {
        try vsn.repo.git(ada.settings + ["commit", "--quiet", "--amend", "--no-edit", "-S"])
        return try vsn.repo.head()
    }

    @Test("an unsigned commit is refused and told once while the stack runs on; signed it is deployed, as its signer's")
    func unsigned() async throws {
        try await VSN.deployed { vsn in
            try vsn.installMail()
            try believeAda(vsn)
            try await vsn.publish("1.1.0")
            let container = try await vsn.containerID("web")
            let unsigned = try vsn.commit("1.1.0")
            for _ in 1...2 {
                let refused = try await vsn.fairlead("reconcile")
                #expect(refused.status == 3, "\(refused.text)\(refused.errorTail)")
            }
            #expect(try await vsn.containerID("web") == container)
            #expect(await vsn.served() == "1.0.0")
            #expect(try vsn.subjects() == ["commit \(unsigned.prefix(10)) refused: \(vsn.stack) 1.0.0 stays deployed"])
            #expect(try vsn.mails().first?.body.contains("is not signed") == true)
            #expect(try await vsn.fairlead("status").text.contains("'\(unsigned.prefix(10))' is not signed"))
            #expect(try await vsn.deployments().count == 1)

            _ = try sign(vsn)
            let deployed = try await vsn.fairlead("reconcile")
            #expect(deployed.status == 0, "\(deployed.text)\(deployed.errorTail)")
            #expect(await vsn.served() == "1.1.0")
            let history = try await vsn.fairlead("history").text
            #expect(history.contains("Ada Author, signed by ada@example.com: “Deploy 1.1.0”"), "\(history)")
            #expect(try await vsn.incidents("--open").isEmpty)
            let warrant = try #require(try await vsn.deployments().first?.warrant)
            #expect(warrant.signer == CommitSigner(name: "ada@example.com", key: ada.fingerprint))
            let show = try await vsn.fairlead("show", "2").text
            #expect(show.contains("signed by ada@example.com"), "\(show)")
        }
    }

    @Test("an older signed state is refused until root accepts it, on record; without ssh-keygen nothing is accepted")
    func replay() async throws {
        try await VSN.deployed { vsn in
            try await vsn.publish("1.1.0")
            let old = try vsn.repo.commit("Begin to sign", signedWith: ada.settings)
            try believeAda(vsn)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            try vsn.commit("1.1.0")
            let new = try sign(vsn)
            let missing = try await vsn.fairlead("reconcile", without: ["/usr/bin/ssh-keygen"])
            #expect(missing.status == 3, "\(missing.text)\(missing.errorTail)")
            #expect(missing.errorTail.contains("'ssh-keygen' is not installed"), "\(missing.errorTail)")
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(await vsn.served() == "1.1.0")

            try vsn.repo.git("reset", "--quiet", "--hard", old)
            let replayed = try await vsn.fairlead("reconcile")
            #expect(replayed.status == 3, "\(replayed.text)\(replayed.errorTail)")
            #expect(replayed.errorTail.contains("does not contain '\(new.prefix(10))'"), "\(replayed.errorTail)")
            #expect(await vsn.served() == "1.1.0")
            #expect(try await vsn.fairlead("accept", String(old.prefix(12))).status == 0)
            let accepted = try await vsn.fairlead("reconcile")
            #expect(accepted.status == 0, "\(accepted.text)\(accepted.errorTail)")
            #expect(await vsn.served() == "1.0.0")
            let history = try await vsn.fairlead("history").text
            #expect(history.contains("Ada Author, accepted here by root"), "\(history)")
        }
    }

    /// Of a run's manifest.
    private struct Record: Decodable { var journal: JournalHead? }

    @Test(
        "J10: a restored host, which knows of no earlier commit, takes none from before its backup, unless root accepts it",
        .enabled(if: VSN.backupUnavailable == nil))
    func restored() async throws {
        try await VSN.withBackups { vsn in
            try await vsn.makeBackupKeys(trust(vsn))
            try await vsn.commitWithBackup()
            let old = try sign(vsn)
            try await vsn.commitWithBackup("1.1.0")
            let new = try sign(vsn)
            expect(try await vsn.deployAndBackUp("customers"), status: 0)
            let run = try #require(try vsn.runs().last)
            let manifest = try String(contentsOfFile: "\(run)/manifest.json", encoding: .utf8)
            #expect(manifest.contains("\"accepted\"") && manifest.contains("ada@example.com"), "\(manifest)")
            let head = try #require(JSONDecoder().decode(Record.self, from: Data(manifest.utf8)).journal)
            expect(try await vsn.fairlead("audit", "verify", "--head", head.description), status: 0, saying: "\(head)")
            expect(try await vsn.loseHost(), status: 0)
            try FileManager.default.removeItem(atPath: "\(vsn.scratch.path)/state")
            try vsn.repo.git("reset", "--quiet", "--hard", old)
            let refused = try await vsn.fairlead("reconcile")
            expect(refused, status: 3, saying: "commit '\(new.prefix(10))' was accepted")
            #expect(try await vsn.containers().isEmpty)
            expect(try await vsn.fairlead("accept", old), status: 0)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(await vsn.served() == "1.0.0")
            #expect(vsn.data("database/rows") == "customers")
        }
    }
}
