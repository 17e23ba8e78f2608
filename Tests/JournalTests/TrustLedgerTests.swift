import Journal
import Model
import Planning
import TestSupport
import Testing

@Suite("T2: what a host believed is on record")
struct TrustLedgerTests {
    private let commit = CommitID(repeating: "1")
    private let accepted = AcceptedCommit(
        commit: CommitID(repeating: "1"),
        warrant: CommitWarrant(
            way: .signature, signer: CommitSigner(name: "ada", key: "SHA256:a"), time: Timestamp(milliseconds: 7)))

    @Test("the commit that was accepted last, over a restart, and why beside the commit and its deployments")
    func accepted() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        let seen = Commit(id: commit, author: "Eve", email: "", time: 0, subject: "s", parents: [])
        try await journal.recordSeen([CommitRecord(commit: seen, seen: Timestamp(milliseconds: 8), servedBy: "git")])
        let deployment = try await journal.begin(
            NewDeployment(commit: commit, desired: nil, trigger: .commit, changes: []))
        #expect(try await TrustLedger(journal).acceptedCommit() == nil)
        try await TrustLedger(journal).record(accepted)
        let again = try Journal.openReadOnly(at: fixture.path)
        #expect(try await TrustLedger(again).acceptedCommit() == accepted)
        #expect(try await again.lastSeen()?.commit.warrant == accepted.warrant)
        #expect(try await again.deployment(id: deployment)?.warrant == accepted.warrant)
        let receipt = try #require(try await again.receipt(of: deployment))
        #expect(String(decoding: receipt, as: UTF8.self).contains(#""name" : "ada""#))
    }

    @Test("what root accepted is told of its deployment so, also when the same commit is the tip again and is refused")
    func refusedLater() async throws {
        let journal = try JournalFixture().open()
        let (first, next) = (commit, CommitID(repeating: "2"))
        func see(_ id: CommitID) async throws {
            let seen = Commit(id: id, author: "Eve", email: "", time: 0, subject: "s", parents: [])
            try await journal.recordSeen([CommitRecord(commit: seen, seen: Timestamp(milliseconds: 8), servedBy: "git")]
            )
        }
        try await see(first)
        let warrant = CommitWarrant(way: .acceptance, person: "carol", time: Timestamp(milliseconds: 7))
        try await TrustLedger(journal).record(AcceptedCommit(commit: first, warrant: warrant))
        let deployment = try await journal.begin(
            NewDeployment(commit: first, desired: nil, trigger: .commit, changes: []))
        for id in [next, first, next, first] { try await see(id) }
        try await journal.setVerdict(.refused, note: "it is not signed", deployment: nil, of: first)
        #expect(try await journal.deployment(id: deployment)?.warrant?.words == "accepted here by carol")
        #expect(try await journal.lastSeen()?.commit.warrant == nil, "it is not believed now")
    }

    @Test("who signed the commits below it that were verified with it, beside each of them; of others nothing is said")
    func below() async throws {
        let fixture = try JournalFixture()
        let journal = try fixture.open()
        let ids = ["1", "2", "3"].map { CommitID(repeating: $0) }
        try await journal.recordSeen(
            ids.map { id in
                CommitRecord(
                    commit: Commit(id: id, author: "Eve", email: "", time: 0, subject: "s", parents: []),
                    seen: Timestamp(milliseconds: 8), servedBy: "git")
            })
        let grace = CommitSigner(name: "grace", key: "SHA256:g")
        var verified = accepted
        verified.below = [ids[1]: grace, CommitID(repeating: "9"): grace]
        try await TrustLedger(journal).record(verified)
        var change = PlanChange(subject: "web", kind: .changed, text: "image")
        change.commit = CommitName(id: ids[1], author: "Eve", subject: "s")
        let deployment = try await journal.begin(
            NewDeployment(commit: ids[0], desired: nil, trigger: .commit, changes: [change]))
        let kept = try Journal.openReadOnly(at: fixture.path)
        var words: [String?] = []
        for id in ids { words.append(try await kept.commits(matching: id.hex).first?.commit.warrant?.words) }
        #expect(words == ["signed by ada", "signed by grace", nil])
        #expect(try await TrustLedger(kept).acceptedCommit() == accepted)
        let made = try await kept.deployment(id: deployment)?.changes.first?.commit
        #expect(made?.description == "2222222222 Eve, signed by grace: “s”")
    }

    @Test("a commit that was recorded by an older fairlead has no signer, and is read")
    func older() async throws {
        let journal = try JournalFixture().open()
        let seen = Commit(id: commit, author: "Eve", email: "", time: 0, subject: "s", parents: [])
        try await journal.recordSeen([CommitRecord(commit: seen, seen: Timestamp(milliseconds: 8), servedBy: "git")])
        #expect(try await journal.lastSeen()?.commit.warrant == nil)
        // It was never seen: the head counts all the same.
        var other = accepted
        other.commit = CommitID(repeating: "2")
        try await TrustLedger(journal).record(other)
        #expect(try await TrustLedger(journal).acceptedCommit() == other)
    }

    @Test("what root accepts stays on record, the newest first")
    func acceptances() async throws {
        let journal = try JournalFixture().open()
        let ledger = TrustLedger(journal)
        let given = (1...3).map {
            LocalAcceptance(commit: commit, from: nil, person: "p\($0)", time: Timestamp(milliseconds: Int64($0)))
        }
        for acceptance in given { try await ledger.record(acceptance) }
        #expect(try await ledger.acceptances() == given.reversed())
    }

    @Test("what let a commit pass is used up by the next one that is accepted, over a restart, and stays on record")
    func comeBack() async throws {
        let fixture = try JournalFixture()
        let ledger = TrustLedger(try fixture.open())
        let (base, tip) = (accepted, CommitID(repeating: "2"))
        try await ledger.record(base)
        let time = Timestamp(milliseconds: 8)
        try await ledger.record(LocalAcceptance(commit: tip, from: base.commit, person: "root", time: time))
        // As it is again with each poll, until something else comes.
        try await ledger.record(base)
        #expect(try await ledger.acceptances().map(\.ended) == [nil])
        let step = SignedOverride(
            from: base.commit, to: tip, host: "vsn1", expires: time, signer: CommitSigner(name: "boss", key: "B"))
        let passed = AcceptedCommit(
            commit: tip, warrant: CommitWarrant(way: .override, time: time), usedOverrides: [step])
        try await ledger.record(passed)
        #expect(try await ledger.acceptances().map(\.ended) == [tip])
        try await ledger.record(LocalAcceptance(commit: base.commit, from: tip, person: "root", time: time))
        try await ledger.record(base)
        let again = TrustLedger(try Journal.openReadOnly(at: fixture.path))
        #expect(try await again.acceptances().map(\.ended) == [base.commit, tip])
        #expect(try await again.acceptedCommit()?.commit == base.commit)
        #expect(try await again.acceptedCommit()?.usedOverrides == [step])
    }

    @Test("what root accepts counts from what is accepted then, also where that changed after it was read")
    func overtaken() async throws {
        let ledger = TrustLedger(try JournalFixture().open())
        try await ledger.record(accepted)
        let given = LocalAcceptance(
            commit: CommitID(repeating: "2"), from: CommitID(repeating: "3"), person: "root",
            time: accepted.warrant.time)
        try await ledger.record(given)
        #expect(try await ledger.acceptances().map(\.from) == [commit])
    }

    @Test(
        "the newest list of signers counts, over a restart; an older one, or the same number again, never replaces it")
    func rotations() async throws {
        let fixture = try JournalFixture()
        let ledger = TrustLedger(try fixture.open())
        let lists = [1, 2, 4].map {
            SignerRotation(
                number: $0, lines: "\($0)\n", persons: ["ada"], signers: [CommitSigner(name: "ada", key: "K")],
                time: Timestamp(milliseconds: 7))
        }
        for list in lists { try await ledger.record(list) }
        try await ledger.record(lists[1])
        var other = lists[2]
        other.lines = "another\n"
        try await ledger.record(other)
        #expect(try await TrustLedger(Journal.openReadOnly(at: fixture.path)).rotations() == lists.reversed())
        let offer = SignerOffer(number: 5, reason: "r")
        try await ledger.record(offer)
        #expect(try await ledger.signerOffer() == offer)
        try await ledger.record(nil as SignerOffer?)
        #expect(try await ledger.signerOffer() == nil)
    }
}
