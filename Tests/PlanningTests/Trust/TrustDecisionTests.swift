import Model
import Planning
import TestSupport
import Testing

/// What is known of a tip, and what becomes of it.
struct TrustCase: Sendable, CustomTestStringConvertible {
    let name: String
    let facts: TrustFacts
    let anchor: CommitID?
    /// `nil`: the tip is accepted.
    let refusal: UntrustedCommit.Reason?
    let way: CommitWarrant.Way?

    var testDescription: String { name }

    static func accepted(
        _ name: String, _ facts: TrustFacts, anchor: CommitID? = nil, _ way: CommitWarrant.Way = .signature
    ) -> Self {
        Self(name: name, facts: facts, anchor: anchor, refusal: nil, way: way)
    }

    static func refused(
        _ name: String, _ facts: TrustFacts, anchor: CommitID? = nil, _ reason: UntrustedCommit.Reason
    ) -> Self {
        Self(name: name, facts: facts, anchor: anchor, refusal: reason, way: nil)
    }
}

@Suite("T2: whether a tip is believed")
struct TrustDecisionTests {
    private static let now = Timestamp(milliseconds: 1_000_000)
    private static let ada = CommitSigner(name: "ada", key: "SHA256:a")
    private static let boss = CommitSigner(name: "boss", key: "SHA256:b")
    private static let tip = CommitID(repeating: "1")
    private static let base = CommitID(repeating: "2")
    private static let anchor = CommitID(repeating: "3")

    private static func facts(_ change: (inout TrustFacts) -> Void = { _ in }) -> TrustFacts {
        var facts = TrustFacts(tip: tip, findings: [(commit: tip, finding: .signed(ada))])
        change(&facts)
        return facts
    }

    private static let head = AcceptedCommit(commit: base, warrant: CommitWarrant(way: .signature, time: now))

    private static func override(
        to: CommitID = tip, from: CommitID = base, host: String = "vsn1", expires: Int64 = 1_000_001
    ) -> OverrideFinding {
        .signed(step(to: to, from: from, host: host, expires: expires))
    }

    private static func step(
        to: CommitID = tip, from: CommitID = base, host: String = "vsn1", expires: Int64 = 1_000_001,
        signer: CommitSigner = boss
    ) -> SignedOverride {
        SignedOverride(from: from, to: to, host: host, expires: Timestamp(milliseconds: expires), signer: signer)
    }

    private static func acceptance(
        _ commit: CommitID = tip, from: CommitID? = base, hoursAgo: Int64 = 0, ended: CommitID? = nil
    ) -> LocalAcceptance {
        let time = Timestamp(milliseconds: now.milliseconds - hoursAgo * 3_600_000)
        var acceptance = LocalAcceptance(commit: commit, from: from, person: "root", time: time)
        acceptance.ended = ended
        return acceptance
    }

    private static func used(_ step: SignedOverride) -> AcceptedCommit {
        AcceptedCommit(commit: base, warrant: head.warrant, usedOverrides: [step])
    }

    private static let unsigned = UntrustedCommit.Reason.signature(of: tip, fault: "is not signed")

    private static func unsignedFacts(_ change: (inout TrustFacts) -> Void = { _ in }) -> TrustFacts {
        facts {
            $0.findings = [(commit: tip, finding: .unsigned)]
            $0.head = head
            change(&$0)
        }
    }

    private static let cases: [TrustCase] = [
        .accepted("a signed tip of a host that knows nothing yet", facts()),
        .accepted(
            "a signed tip that contains what was accepted, and the anchor", facts { $0.head = head }, anchor: anchor),
        .refused("an unsigned tip", unsignedFacts(), unsigned),
        .refused(
            "a tip of which nothing was verified", facts { $0.findings = [] },
            .unverified("nothing was verified", hint: "")),
        .refused(
            "a tip whose place another commit's signature takes", facts { $0.findings = [(base, .signed(ada))] },
            .unverified("nothing was verified", hint: "")),
        .refused(
            "an unsigned commit below a signed tip, where every one has to be signed",
            facts { $0.findings.append((commit: base, finding: .unsigned)) },
            .signature(of: base, fault: "is not signed")),
        .refused(
            "a signed old tip",
            facts {
                $0.head = head
                $0.containsBase = false
            }, .rewound(from: base)),
        .refused(
            "a signed tip without what is deployed, where nothing else was accepted yet",
            facts {
                $0.deployed = base
                $0.containsBase = false
            }, .rewound(from: base)),
        .refused(
            "a signed tip of another repo, also on a host that lost its journal", facts { $0.containsAnchor = false },
            anchor: anchor, .foreign(anchor: anchor)),
        .refused("more commits than are verified", facts { $0.isCutShort = true }, .tooMany(1000)),
        .accepted(
            "the tip that was accepted, though its key has expired since",
            facts {
                $0.head = AcceptedCommit(commit: tip, warrant: CommitWarrant(way: .signature, time: now))
                $0.findings = []
            }),
        .accepted("one that root accepts here", unsignedFacts { $0.acceptance = acceptance() }, .acceptance),
        .accepted(
            "one that root accepts where nothing was before",
            unsignedFacts {
                $0.head = nil
                $0.acceptance = acceptance(from: nil)
            }, .acceptance),
        .refused("another one than root accepts", unsignedFacts { $0.acceptance = acceptance(base) }, unsigned),
        .refused(
            "one that root accepted before others were", unsignedFacts { $0.acceptance = acceptance(from: anchor) },
            unsigned),
        .accepted(
            "one that root accepted a day ago", unsignedFacts { $0.acceptance = acceptance(hoursAgo: 24) },
            .acceptance),
        .refused(
            "one that root accepted longer ago", unsignedFacts { $0.acceptance = acceptance(hoursAgo: 25) }, unsigned),
        .refused(
            "one that root accepted by a clock that was ahead",
            unsignedFacts { $0.acceptance = acceptance(hoursAgo: -25) }, unsigned),
        .refused(
            "one that root accepted and took back, though the host is where it was then",
            unsignedFacts { $0.acceptance = acceptance(ended: tip) }, unsigned),
        .refused(
            "one that a signed tag let pass before, whoever signed that one",
            unsignedFacts {
                $0.head = used(step(signer: ada))
                $0.override = override()
            }, unsigned),
        .accepted(
            "one that a signed tag lets pass which names another time than the one before",
            unsignedFacts {
                $0.head = used(step(expires: 1_000_002))
                $0.override = override()
            }, .override),
        .accepted("one that a signed tag lets pass", unsignedFacts { $0.override = override() }, .override),
        .accepted(
            "one that a signed tag lets pass from the anchor",
            unsignedFacts {
                $0.head = nil
                $0.containsAnchor = false
                $0.override = override(from: anchor)
            }, anchor: anchor, .override),
        .refused("a tag for another commit", unsignedFacts { $0.override = override(to: base) }, unsigned),
        .refused("a tag for another host", unsignedFacts { $0.override = override(host: "vsn2") }, unsigned),
        .refused("a tag from another state", unsignedFacts { $0.override = override(from: anchor) }, unsigned),
        .refused("a tag that has expired", unsignedFacts { $0.override = override(expires: 1_000_000) }, unsigned),
    ]

    @Test("a tag that nobody who may signed says so in the refusal")
    func foreignTag() {
        let facts = Self.unsignedFacts { $0.override = .refused("it is not signed") }
        guard case .refused(let why) = TrustDecision.about(facts, anchor: nil, host: "vsn1", now: Self.now) else {
            Issue.record("accepted")
            return
        }
        #expect(why.overrideFault == "it is not signed")
    }

    @Test("a table of tips", arguments: cases)
    func table(tip: TrustCase) {
        switch TrustDecision.about(tip.facts, anchor: tip.anchor, host: "vsn1", now: Self.now) {
        case .accepted(let accepted):
            #expect(accepted.commit == Self.tip)
            #expect(accepted.warrant.way == tip.way, "\(tip.refusal.map { "\($0)" } ?? "")")
        case .refused(let why):
            #expect(why.reason == tip.refusal)
            #expect(why.disposition == .transient)
        }
    }

    @Test("a tag that was used says so in the refusal, and an accepted commit names the tag that let it pass")
    func usedTag() throws {
        var facts = Self.unsignedFacts { $0.override = Self.override() }
        let first = TrustDecision.about(facts, anchor: nil, host: "vsn1", now: Self.now)
        guard case .accepted(let accepted) = first else { throw UntrustedCommit(tip: Self.tip, reason: Self.unsigned) }
        #expect(accepted.usedOverrides == [Self.step()])
        facts.head = Self.head.following(accepted)
        guard case .refused(let why) = TrustDecision.about(facts, anchor: nil, host: "vsn1", now: Self.now) else {
            Issue.record("accepted")
            return
        }
        #expect(why.overrideFault == "it was used already; the same step needs one with another time")
    }

    @Test("the signer of the tip answers for it, or who signed the tag, or who accepted it")
    func warrants() throws {
        for (facts, words) in [
            (Self.facts(), "signed by ada"),
            (Self.unsignedFacts { $0.override = Self.override() }, "let pass by a tag of boss"),
            (Self.unsignedFacts { $0.acceptance = Self.acceptance() }, "accepted here by root"),
        ] {
            guard
                case .accepted(let accepted) = TrustDecision.about(
                    facts, anchor: nil, host: "vsn1", now: Self.now)
            else { throw UntrustedCommit(tip: Self.tip, reason: Self.unsigned) }
            #expect(accepted.warrant.words == words)
        }
    }

    @Test("a refusal says what is wrong, why a tag does not help, and how one goes on")
    func words() {
        let why = UntrustedCommit(tip: Self.tip, reason: Self.unsigned, overrideFault: "it has expired")
        #expect(
            why.message
                == "commit '1111111111' is not signed; the override tag does not let it pass: it has expired")
        #expect(why.hint.hasSuffix("or run 'fairlead accept 1111111111' on the host"))
        let below = UntrustedCommit(tip: Self.tip, reason: .signature(of: Self.base, fault: "is not signed"))
        #expect(below.message == "commit '2222222222', which '1111111111' contains, is not signed")
    }
}
