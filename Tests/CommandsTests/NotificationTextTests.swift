import Model
import Testing

@testable import Commands

@Suite("What people are told of an incident")
struct NotificationTextTests {
    private let commit = CommitID(String(repeating: "a", count: 40))
    private let opened = Timestamp(milliseconds: 1_795_256_327_000)

    private func mail(
        _ event: IncidentEvent.Event = .opened, offset: Int64 = 0, change: (inout IncidentDetails) -> Void = { _ in }
    ) throws -> NotificationText {
        var details = IncidentDetails(
            headline: "deployment of 1.2.0 failed: rolled back to containerless",
            reason: "container 'web' crashes in a loop: it ended with 3",
            action: "rolled back to containerless: no container runs, the data is as it was left",
            advice: "mend the image and commit, or revert the commit", host: "vsn1", stack: "acme", version: "1.2.0",
            commit: commit, deployment: 7, log: "no licence\nfound")
        change(&details)
        let time = Timestamp(milliseconds: opened.milliseconds + (event == .closed ? 5_400_000 : 0))
        let event = IncidentEvent(
            incident: "x", event: event, kind: .deployment, subject: "stack", time: time, since: opened,
            details: details)
        let known = Commit.ada(try #require(commit), "Upgrade to 1.2.0")
        let clock = HostClock(now: { time }, offset: { _ in offset })
        return NotificationText(DueNotification(id: 1, event: event, commit: known), clock: clock)
    }

    @Test("S4 S12: the subject can be read on a phone, the body tells what, when, what runs now and what to do")
    func opening() throws {
        let mail = try mail()
        #expect(mail.subject == "[acme@vsn1] deployment of 1.2.0 failed: rolled back to containerless")
        let text = mail.body.replacing(Version.current, with: "VERSION")
        #expect(
            text == """
                deployment of 1.2.0 failed: rolled back to containerless

                What failed    container 'web' crashes in a loop: it ended with 3
                What to do     mend the image and commit, or revert the commit
                What runs now  rolled back to containerless: no container runs, the data is as it was left
                Since          2026-11-21 10:18:47 UTC
                Version        1.2.0
                Commit         aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
                               Ada <ada@example.com>: “Upgrade to 1.2.0”
                Deployment     #7; 'fairlead show 7' on the host tells its steps
                More           no licence
                               found

                -- 
                Fairlead VERSION on host vsn1; 'fairlead incidents' there lists what else happened.
                """)
    }

    @Test(
        "J3: what a failed deployment was to change stands in it, with the commit of each change that is not the tip's")
    func changes() throws {
        let other = try #require(CommitID(String(repeating: "b", count: 40)))
        let tip = try #require(commit)
        let mail = try mail { details in
            details.changes = [
                PlanChange(
                    subject: "database", kind: .changed, text: "memory 512 MiB -> 256 MiB",
                    commit: CommitName(id: other, author: "Bob", subject: "limit the memory")),
                PlanChange(
                    subject: "stack", kind: .changed, text: "version 1.1.0 -> 1.2.0",
                    commit: CommitName(id: tip, author: "Ada", subject: "Upgrade to 1.2.0")),
            ]
        }
        #expect(
            mail.body.contains(
                """
                Changes        database: memory 512 MiB -> 256 MiB (bbbbbbbbbb Bob: “limit the memory”)
                               stack: version 1.1.0 -> 1.2.0

                """))
    }

    @Test("a recovery tells how long it took, in the time of the host")
    func recovery() throws {
        let mail = try mail(.closed, offset: -12_600) { $0.headline = "recovered: 1.2.1 is deployed" }
        #expect(mail.subject == "[acme@vsn1] recovered: 1.2.1 is deployed")
        #expect(mail.body.contains("\nFailed since   2026-11-21 06:48:47 UTC-3:30\n"))
        #expect(mail.body.contains("\nWell again     2026-11-21 08:18:47 UTC-3:30, after 1 h 30 min\n"))
    }

    @Test("a host without a stack is named alone; nothing in an error steers a mail reader")
    func bare() throws {
        let mail = try mail {
            $0.stack = nil
            $0.headline = nil
            $0.reason = "it \u{1B}[31mbroke\r"
        }
        #expect(mail.subject == "[vsn1] stack: it [31mbroke")
        #expect(!mail.body.unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x0D })
    }

    @Test("it ends with where the journal stood, which the host signs where it has a key")
    func head() throws {
        let details = IncidentDetails(reason: "r", action: "a", host: "vsn1")
        let event = IncidentEvent(
            incident: "x", event: .opened, kind: .deployment, subject: "stack", time: opened, since: opened,
            details: details)
        let head = JournalHead(entry: 412, hash: String(repeating: "0a", count: 32))
        let due = DueNotification(id: 1, event: event, commit: nil, head: head)
        let signed = SignedJournalHead(
            host: "vsn1", head: head, signature: "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n")
        let bare = NotificationText(due, clock: .system).body
        #expect(bare.hasSuffix("'fairlead audit verify --head \(head)' tells whether it was changed."))
        let mail = NotificationText(due, clock: .system, signed: signed).body
        #expect(mail == "\(bare)\n\n\(signed.text)")
        #expect(SignedJournalHead(in: mail) == signed)
    }
}
