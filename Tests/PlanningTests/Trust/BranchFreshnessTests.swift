import Model
import Planning
import TestSupport
import Testing

/// What there is to see, in hours before now, and what is known of it then.
struct FreshnessCase: Sendable, CustomTestStringConvertible {
    let name: String
    let facts: FreshnessFacts
    /// Of the proof that counts; `nil`: none does.
    let age: Int64?
    let form: FreshnessProof.Form
    var fault: String?

    var testDescription: String { name }

    init(_ name: String, _ facts: FreshnessFacts, _ age: Int64?, _ form: FreshnessProof.Form, fault: String? = nil) {
        (self.name, self.facts, self.age, self.form, self.fault) = (name, facts, age, form, fault)
    }
}

@Suite("T2: how current a branch is")
struct BranchFreshnessTests {
    private static let now = Timestamp(milliseconds: 1_800_000_000_000)
    private static let ada = CommitSigner(name: "ada", key: "K")
    private static let (tip, older) = (CommitID(repeating: "1"), CommitID(repeating: "2"))

    private static func ago(_ hours: Int64, plus milliseconds: Int64 = 0) -> Timestamp {
        Timestamp(milliseconds: now.milliseconds - hours * 3_600_000 + milliseconds)
    }

    private static func proof(_ form: FreshnessProof.Form, _ signed: Timestamp, seen: Timestamp = now) -> FreshnessProof
    {
        FreshnessProof(form: form, commit: tip, signer: ada, signed: signed, seen: seen)
    }

    private static func beat(_ time: Timestamp, _ commit: CommitID = tip) -> HeartbeatFinding {
        .signed(Heartbeat(commit: commit, time: time, signer: ada))
    }

    private static let cases: [FreshnessCase] = [
        .init("nothing at all", FreshnessFacts(), nil, .commit),
        .init("the signed tip, by its own time", FreshnessFacts(tip: proof(.commit, ago(5))), 5, .commit),
        .init(
            "a heartbeat that is newer than the tip",
            FreshnessFacts(tip: proof(.commit, ago(5)), heartbeat: beat(ago(1))),
            1, .heartbeat),
        .init(
            "a heartbeat from before the tip, which is no fault",
            FreshnessFacts(tip: proof(.commit, ago(1)), heartbeat: beat(ago(5), older)), 1, .commit),
        .init(
            "a heartbeat that nobody signed who may",
            FreshnessFacts(tip: proof(.commit, ago(5)), heartbeat: .refused("tag 'x': it is not signed")), 5, .commit,
            fault: "it is not signed"),
        .init(
            "a heartbeat of a commit that the served branch lacks",
            FreshnessFacts(tip: proof(.commit, ago(5)), heartbeat: beat(ago(1), older), containsHeartbeat: false), 5,
            .commit, fault: "'2222222222', which the branch as it is served does not contain"),
        .init(
            "a heartbeat of a clock that is a little ahead, which counts from when it was seen",
            FreshnessFacts(heartbeat: beat(ago(0, plus: 300_000))), 0, .heartbeat),
        .init(
            "a heartbeat from the future",
            FreshnessFacts(known: proof(.heartbeat, ago(9)), heartbeat: beat(ago(0, plus: 300_001))), 9, .heartbeat,
            fault: "more than 5m ahead"),
        .init(
            "a tip from the future", FreshnessFacts(known: proof(.commit, ago(9)), tip: proof(.commit, ago(-1))), 9,
            .commit, fault: "more than 5m ahead"),
        .init(
            "an older heartbeat than one that was seen",
            FreshnessFacts(known: proof(.heartbeat, ago(4)), heartbeat: beat(ago(6))), 4, .heartbeat,
            fault: "is older than one that was seen before"),
        .init(
            "the same heartbeat again, which does not get younger",
            FreshnessFacts(known: proof(.heartbeat, ago(4), seen: ago(3)), heartbeat: beat(ago(4))), 4, .heartbeat),
        .init(
            "one that was ahead when it was seen, and is shown again",
            FreshnessFacts(known: proof(.heartbeat, ago(3), seen: ago(4)), heartbeat: beat(ago(3))), 4, .heartbeat),
        .init(
            "what a wrong clock let in from the future keeps nothing out",
            FreshnessFacts(known: proof(.heartbeat, ago(-1000)), heartbeat: beat(ago(2))), 2, .heartbeat),
    ]

    @Test("a table of what was signed, what was seen before, and what is shown now", arguments: cases)
    func table(row: FreshnessCase) {
        let freshness = BranchFreshness.about(row.facts, now: Self.now)
        #expect(freshness.proof.map { Self.now.since($0.time) } == row.age.map { Duration.seconds($0 * 3600) })
        #expect(freshness.proof == nil || freshness.proof?.form == row.form)
        #expect((freshness.fault == nil) == (row.fault == nil), "\(freshness.fault ?? "")")
        if let fault = row.fault { #expect(freshness.fault?.contains(fault) == true, "\(freshness.fault ?? "")") }
    }

    @Test("a branch is in doubt past its age, and says since when, what is the newest, and what to do")
    func doubt() throws {
        var freshness = BranchFreshness(proof: Self.proof(.heartbeat, Self.ago(24)))
        let day = PlanDuration.seconds(86_400)
        #expect(freshness.doubt(maximumAge: day, branch: "main", now: Self.now) == nil)
        freshness.proof?.signed = Self.ago(24, plus: -1)
        freshness.fault = "it is not signed"
        let doubt = try #require(freshness.doubt(maximumAge: day, branch: "main", now: Self.now))
        #expect(doubt.since == Self.ago(24, plus: -1))
        #expect(
            doubt.reason
                == "nothing that was signed within 1d shows where branch 'main' stands; the newest is the heartbeat "
                + "of ada on commit '1111111111'; what the server offers does not count: it is not signed")
        #expect(doubt.advice.contains("git tag -f -s -m heartbeat fairlead-heartbeat/main main && git push -f origin"))
        #expect(BranchFreshness().doubt(maximumAge: day, branch: "main", now: Self.now)?.since == nil)
    }

    @Test("the first commit of a host may be an old state, and is refused; what goes on from an accepted one is not")
    func first() throws {
        let doubt = try #require(
            BranchFreshness().doubt(maximumAge: .seconds(1), branch: "main", now: Self.now))
        var facts = TrustFacts(tip: Self.tip, findings: [(commit: Self.tip, finding: .signed(Self.ada))])
        func decision(_ doubt: FreshnessDoubt?) -> TrustDecision {
            TrustDecision.about(facts, anchor: nil, host: "vsn1", now: Self.now).weighed(against: doubt, facts)
        }
        guard case .refused(let why) = decision(doubt) else {
            Issue.record("accepted")
            return
        }
        #expect(why.message.contains("would be the first on this host"))
        #expect(why.hint.contains("fairlead accept 1111111111") && why.disposition == .transient)
        guard case .accepted = decision(nil) else {
            Issue.record("refused though it is current")
            return
        }
        facts.acceptance = LocalAcceptance(commit: Self.tip, from: nil, person: "root", time: Self.now)
        #expect(decision(doubt) == decision(nil), "root says so")
        facts.acceptance = nil
        facts.deployed = Self.older
        #expect(decision(doubt) == decision(nil), "it goes on from what runs")
    }
}
