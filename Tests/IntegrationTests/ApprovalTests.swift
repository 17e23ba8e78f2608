import Journal
import Model
import Processes
import TestSupport
import Testing

@Suite("T2: who may change what, two persons", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct ApprovalTests {
    private let ada: SSHTestKey
    private let grace: SSHTestKey

    init() throws {
        ada = try SSHTestKey()
        grace = try SSHTestKey()
    }

    private func rule(_ vsn: VSN) throws {
        let lines = "ada@example.com \(ada.line)\ngrace@example.com \(grace.line)\n"
        let file = try vsn.scratch.write(lines, to: "signers")
        let rule: [String: any Sendable] = [
            "plan": ["/containers/*/image"], "signers": ["ada@example.com", "grace@example.com"], "threshold": 2,
        ]
        let commits: [String: any Sendable] = ["mode": "ssh", "allowedSigners": file, "rules": [rule]]
        try vsn.configure([
            "trust": ["commits": commits] as [String: any Sendable],
            // Nothing but the poll looks at a tip again.
            "retry": ["attempts": 5, "firstDelay": "1h", "longestDelay": "1h"] as [String: any Sendable],
        ])
    }

    private func commit(_ vsn: VSN, _ version: String) throws -> String {
        try vsn.commit(version)
        try vsn.repo.git(ada.settings + ["commit", "--quiet", "--amend", "--no-edit", "-S"])
        return try vsn.repo.head()
    }

    @Test("another image by one of two is refused, told once; the other one's tag deploys it with the next poll")
    func twoPersons() async throws {
        try await VSN.deployed { vsn in
            try vsn.installMail()
            try rule(vsn)
            try await vsn.publish("1.1.0")
            let container = try await vsn.containerID("web")
            try await vsn.withDaemon { _ in
                let tip = try commit(vsn, "1.1.0")
                try await vsn.waits("for the refusal") { try vsn.mails().count == 1 }
                let mail = try #require(try vsn.mails().first?.body)
                for words in ["wants 2 persons", "signed by ada@example.com", "grace@example.com still may"] {
                    #expect(mail.replacing("\n", with: " ").contains(words), "\(mail)")
                }
                #expect(try await vsn.fairlead("status").text.contains("wants 2 persons"))
                #expect(try await vsn.containerID("web") == container)
                #expect(await vsn.served() == "1.0.0")

                let name = "fairlead-approve/\(tip.prefix(10))/grace@example.com"
                try vsn.repo.git(grace.settings + ["tag", "-s", "-m", "approve", name, tip])
                try await vsn.waits("for 1.1.0") { await vsn.served() == "1.1.0" }
                try await vsn.waits("for its outcome") { try await vsn.deployments().first?.outcome == .deployed }
            }
            #expect(try vsn.mails().filter { $0.body.contains("wants 2 persons") }.count == 1)
            let words = "signed by ada@example.com, approved by grace@example.com"
            #expect(try await vsn.fairlead("history").text.contains(words))
            #expect(try await vsn.fairlead("show", "2").text.contains(words))
            #expect(try await vsn.fairlead("status").text.contains(words))
        }
    }
}
