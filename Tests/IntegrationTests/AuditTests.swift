import Foundation
import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite(
    "Evidence: a journal that root rewrote (issue 11)", .enabled(if: VSN.backupUnavailable == nil),
    .timeLimit(.minutes(5)))
struct AuditTests {
    /// The journal of a host on which nothing works now.
    private func files(_ vsn: VSN) throws -> [String] {
        let state = "\(vsn.scratch.path)/state"
        return try FileManager.default.contentsOfDirectory(atPath: state).filter { $0.hasPrefix("journal.sqlite") }
            .map { "\(state)/\($0)" }
    }

    private func remove(_ vsn: VSN) throws {
        for file in try files(vsn) { try FileManager.default.removeItem(atPath: file) }
    }

    @Test("an older journal put back, and one begun anew, are whole in themselves; the backups' manifests name the run")
    func rewritten() async throws {
        try await VSN.withBackups { vsn in
            try await vsn.commitWithBackup()
            expect(try await vsn.fairlead("reconcile"), status: 0)
            let aside = "\(vsn.scratch.path)/aside"
            try FileManager.default.createDirectory(atPath: aside, withIntermediateDirectories: true)
            for file in try files(vsn) {
                try FileManager.default.copyItem(
                    atPath: file, toPath: "\(aside)/\(file.split(separator: "/").last ?? "")")
            }
            try await vsn.commitWithBackup("1.1.0")
            expect(try await vsn.fairlead("reconcile"), status: 0)
            expect(try await vsn.fairlead("backup", "now"), status: 0)
            let run = try #require(try vsn.runs().last?.split(separator: "/").last.map(String.init))
            expect(
                try await vsn.fairlead("audit", "verify", "--backups"), status: 0,
                saying: "what 1 run of the backups names")

            try remove(vsn)
            for name in try FileManager.default.contentsOfDirectory(atPath: aside) {
                try FileManager.default.copyItem(
                    atPath: "\(aside)/\(name)", toPath: "\(vsn.scratch.path)/state/\(name)")
            }
            expect(try await vsn.fairlead("audit", "verify"), status: 0)
            let older = try await vsn.fairlead("audit", "verify", "--backups")
            expect(older, status: 1, saying: "run \(run) of 'nas' names entry", "the journal ends with")

            try remove(vsn)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            expect(try await vsn.fairlead("audit", "verify"), status: 0)
            expect(
                try await vsn.fairlead("audit", "verify", "--backups"), status: 1,
                saying: "run \(run) of 'nas' names entry")
            expect(try await vsn.fairlead("backup", "now"), status: 0)
            let newest = try #require(try vsn.runs().last?.split(separator: "/").last.map(String.init))
            expect(try await vsn.fairlead("audit", "verify", "--backups", "--since", newest), status: 0)

            try FileManager.default.moveItem(atPath: vsn.backupStore, toPath: "\(vsn.scratch.path)/away")
            try vsn.scratch.write("no directory", to: "store")
            let unread = try await vsn.fairlead("audit", "verify", "--backups")
            expect(unread, status: 1, saying: "'nas'")
        }
    }

    @Test("a mail ends with a head that this host signed: as it lies in the queue, as text, and on standard input")
    func mailed() async throws {
        try await VSN.withBackups { vsn in
            try vsn.commit("1.0.0")
            expect(try await vsn.fairlead("reconcile"), status: 0)
            try vsn.installMail()
            let file = try vsn.scratch.write("ada \(SSHTestKey().line)\n", to: "signers")
            let commits: [String: any Sendable] = ["mode": "ssh", "allowedSigners": file]
            try await vsn.makeBackupKeys(["trust": ["commits": commits] as [String: any Sendable]])
            try vsn.commit("1.1.0")
            expect(try await vsn.fairlead("reconcile"), status: 3)
            let mail = try #require(try vsn.mails().first)
            let head = try #require(SignedJournalHead(in: mail.body)?.head)
            let queue = "\(vsn.mailDirectory)/queue"
            let queued = try #require(try FileManager.default.contentsOfDirectory(atPath: queue).first)
            let text = try vsn.scratch.write(mail.body.replacing("\n", with: "\n> "), to: "mail.txt")
            for path in ["\(queue)/\(queued)", text] {
                expect(
                    try await vsn.fairlead("audit", "verify", "--head", path), status: 0, saying: "it contains \(head)")
            }
            let piped = try await Command(
                FairleadBinary.path, ["audit", "verify", "--head", "-", "--config", vsn.configuration],
                environment: vsn.environment, input: Array(mail.body.utf8), deadline: .seconds(120)
            ).runToEnd()
            expect(piped, status: 0, saying: "it contains \(head)")
            let forged = try vsn.scratch.write(mail.body.replacing("host: test", with: "host: other"), to: "forged")
            expect(try await vsn.fairlead("audit", "verify", "--head", forged), status: 1, saying: "of host 'other'")
        }
    }
}
