import Foundation
import Processes
import TestSupport
import Testing

@Suite("T2: a branch that is held back", .enabled(if: VSN.unavailable == nil), .timeLimit(.minutes(5)))
struct FreshnessTests {
    private static let hour: Int64 = 3600
    private let ada: SSHTestKey
    private let now = Int64(Date().timeIntervalSince1970)

    init() throws { ada = try SSHTestKey() }

    /// As of an hour's age at most.
    private func believeAda(_ vsn: VSN) throws {
        let file = try vsn.scratch.write("ada@example.com \(ada.line)\n", to: "signers")
        let commits: [String: any Sendable] = ["mode": "ssh", "allowedSigners": file]
        try vsn.configure(["trust": ["commits": commits, "maximumAge": "1h"] as [String: any Sendable]])
    }

    private func sign(_ vsn: VSN, _ arguments: String..., hoursAgo: Int64) throws {
        try vsn.repo.git(ada.settings + ["commit", "--quiet", "-S"] + arguments, at: now - hoursAgo * Self.hour)
    }

    @Test("it is an incident, mailed once, while the stack runs on and newer signed commits are followed")
    func frozen() async throws {
        try await VSN.deployed { vsn in
            try vsn.installMail()
            try await vsn.publish("1.1.0")
            try sign(vsn, "--allow-empty", "-m", "Begin to sign", hoursAgo: 3)
            try believeAda(vsn)
            let container = try await vsn.containerID("web")
            for _ in 1...2 {
                let result = try await vsn.fairlead("reconcile")
                #expect(result.status == 0, "\(result.text)\(result.errorTail)")
            }
            #expect(try await vsn.containerID("web") == container)
            #expect(try vsn.subjects() == ["the branch may be frozen: \(vsn.stack) 1.0.0 stays deployed"])
            #expect(try vsn.mails().first?.body.contains("git tag -f -s -m heartbeat") == true)
            let incident = try await vsn.incidents("--open").first
            #expect(incident?["kind"] as? String == "repository" && incident?["subject"] as? String == "branch")
            let status = try await vsn.fairlead("status", "--exit-code")
            #expect(status.status == 3 && status.text.contains("too old: commit"), "\(status.text)")

            try vsn.commit("1.1.0", changes: VSN.healthy)
            try sign(vsn, "--amend", "--no-edit", hoursAgo: 2)
            let result = try await vsn.fairlead("reconcile")
            #expect(result.status == 0, "\(result.text)\(result.errorTail)")
            #expect(await vsn.served() == "1.1.0")
            #expect(try await vsn.incidents("--open").count == 1)

            try vsn.repo.git(
                ada.settings + ["tag", "-s", "-m", "heartbeat", "fairlead-heartbeat/main", "main"], at: now - 60)
            #expect(try await vsn.fairlead("reconcile").status == 0)
            #expect(try await vsn.incidents("--open").isEmpty)
            #expect(try vsn.subjects().last == "recovered: the branch is current")
            #expect(try vsn.mails().count == 2)
            let text = try await vsn.fairlead("status").text
            #expect(text.contains("heartbeat ") && text.contains("of ada@example.com"), "\(text)")
        }
    }

    @Test("a new host deploys no old state, though it is signed, and goes on by itself once a heartbeat is there")
    func newHost() async throws {
        try await VSN.with { vsn in
            try await vsn.publish("1.0.0")
            try vsn.commit("1.0.0")
            try sign(vsn, "--amend", "--no-edit", hoursAgo: 2)
            try believeAda(vsn)
            let refused = try await vsn.fairlead("reconcile")
            expect(refused, status: 3, saying: "may be an old state of the branch")
            #expect(try await vsn.containers().isEmpty)
            #expect(try await vsn.incidents("--open").count == 1, "the refusal")
            try vsn.repo.git(
                ada.settings + ["tag", "-s", "-m", "heartbeat", "fairlead-heartbeat/main", "main"], at: now - 60)
            expect(try await vsn.fairlead("reconcile"), status: 0)
            #expect(await vsn.served() == "1.0.0")
            #expect(try await vsn.incidents("--open").isEmpty)
        }
    }
}
