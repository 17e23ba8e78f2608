import Foundation
import Processes
import TestSupport
import Testing

@Suite("T2: the owner hears", .enabled(if: VSN.unavailable == nil && SMTPServer.isInstalled), .timeLimit(.minutes(5)))
struct OwnerMailTests {
    private func owner(_ server: SMTPServer) -> [String: any Sendable] {
        ["to": ["owner@acme.example.com"], "from": "vsn@acme.example.com", "smtp": server.url]
    }

    /// What the owner got; the sender is a process of its own.
    private func subjects(_ server: SMTPServer, _ vsn: VSN, count: Int) async throws -> [String] {
        try await vsn.waits("for mail \(count)") { try server.inbox().count >= count }
        let inbox = try server.inbox()
        #expect(inbox.allSatisfy { $0.recipients == ["owner@acme.example.com"] })
        return inbox.map { subject(of: $0.text) }
    }

    /// Long ones come in encoded words (RFC 2047), and nothing else of these mails does.
    private func subject(of message: String) -> String {
        let words = message.matches(of: /=\?UTF-8\?B\?([^?]*)\?=/).map { String($0.output.1) }
        let text = words.map { String(decoding: Data(base64Encoded: $0) ?? Data(), as: UTF8.self) }.joined()
        guard text.isEmpty else { return text }
        return message.split(separator: "\r\n").first { $0.hasPrefix("Subject: ") }.map(String.init) ?? ""
    }

    @Test("a first commit that is not believed is mailed, though no plan with mail was ever deployed")
    func firstRefusal() async throws {
        let server = try await SMTPServer(.plain)
        try await VSN.with { vsn in
            let file = try vsn.scratch.write("ada \(SSHTestKey().line)\n", to: "signers")
            let commits: [String: any Sendable] = ["mode": "ssh", "allowedSigners": file]
            try vsn.configure(["trust": ["commits": commits] as [String: any Sendable], "ownerMail": owner(server)])
            let tip = try vsn.commit("1.0.0", changes: VSN.healthy)
            expect(try await vsn.fairlead("reconcile"), status: 3)
            let subjects = try await subjects(server, vsn, count: 1)
            #expect(subjects.count == 1 && subjects[0].contains("commit \(tip.prefix(10)) refused"), "\(subjects)")
            #expect(try vsn.mails().isEmpty, "the plan's mail is not believed")
        }
    }

    @Test("a commit that removes 'mail' is told, and what fails after it as well")
    func silenced() async throws {
        let server = try await SMTPServer(.plain)
        try await VSN.with { vsn in
            try vsn.configure(["ownerMail": owner(server)])
            try await vsn.publish("1.0.0")
            try vsn.commit("1.0.0", changes: VSN.healthy)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            let silent = try vsn.commit("1.0.0", "Be quiet")
            expect(try await vsn.fairlead("reconcile"), status: 0)
            var subjects = try await subjects(server, vsn, count: 1)
            #expect(subjects.count == 1, "\(subjects)")
            #expect(subjects.first?.contains("a commit changed mail: nothing is mailed") == true, "\(subjects)")
            let tip = try vsn.commit("1.1.0", changes: "{\"onFailure\": 7}")
            #expect(tip != silent)
            expect(try await vsn.fairlead("reconcile"), status: 3)
            subjects = try await self.subjects(server, vsn, count: 2)
            #expect(subjects.last?.contains("commit \(tip.prefix(10)) refused") == true, "\(subjects)")
            let status = try await vsn.fairlead("mail", "queue", "--owner")
            #expect(status.status == 0, "\(status.text)")
        }
    }
}
