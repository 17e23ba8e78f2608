import Model
import Planning
import TestSupport
import Testing

/// Who signed, and whether that is enough.
struct ReviewCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let rule: ChangeRule
    let signer: CommitSigner?
    var approvals: [ApprovalFinding] = []
    let isEnough: Bool
}

@Suite("T2: whether enough persons have signed a change")
struct ChangeReviewTests {
    private static let ada = CommitSigner(name: "ada@x", key: "A")
    private static let adasOther = CommitSigner(name: "Ada Lovelace <ADA@x>", key: "A2")
    private static let alias = CommitSigner(name: "lovelace@x", key: "A")
    private static let grace = CommitSigner(name: "grace@x", key: "G")
    private static let eve = CommitSigner(name: "eve@x", key: "E")
    private static let adaOnOldKey = CommitSigner(name: "ada@old", key: "A3")
    private static let adaWithBoth = CommitSigner(name: "ada@x", key: "A", aliases: ["ada@old"])
    private static let graceAndAda = CommitSigner(name: "grace@x", key: "C", aliases: ["ada@x"])
    private static let anyTwo = ChangeRule(plan: ["/backup"], threshold: 2)
    private static let changes = ChangeSet(paths: ["plan.json"], pointers: ["/backup/schedule"])
    private static let two = ChangeRule(plan: ["/backup"], signers: ["ada@x", "grace@x"], threshold: 2)
    private static let gracesOnly = ChangeRule(paths: ["plan.json"], signers: ["grace@x"])

    static let cases = [
        ReviewCase(testDescription: "one of two", rule: two, signer: ada, isEnough: false),
        ReviewCase(testDescription: "both", rule: two, signer: ada, approvals: [.signed(grace)], isEnough: true),
        ReviewCase(
            testDescription: "the other way round", rule: two, signer: grace, approvals: [.signed(ada)],
            isEnough: true),
        ReviewCase(
            testDescription: "a person with two keys counts once", rule: two, signer: ada,
            approvals: [.signed(adasOther), .signed(ada)], isEnough: false),
        ReviewCase(
            testDescription: "a key with two names counts once",
            rule: ChangeRule(plan: ["/backup"], threshold: 2), signer: ada, approvals: [.signed(alias)], isEnough: false
        ),
        ReviewCase(
            testDescription: "names of one line are one person", rule: anyTwo, signer: adaWithBoth,
            approvals: [.signed(adaOnOldKey)], isEnough: false),
        ReviewCase(
            testDescription: "the other way round too", rule: anyTwo, signer: adaOnOldKey,
            approvals: [.signed(adaWithBoth)], isEnough: false),
        ReviewCase(
            testDescription: "a certificate for two names is no second person", rule: two, signer: ada,
            approvals: [.signed(graceAndAda)], isEnough: false),
        ReviewCase(
            testDescription: "a third shows that two are one", rule: anyTwo, signer: adaOnOldKey,
            approvals: [.signed(ada), .signed(adaWithBoth)], isEnough: false),
        ReviewCase(
            testDescription: "with another person it is enough", rule: two, signer: adaOnOldKey,
            approvals: [.signed(adaWithBoth), .signed(grace)], isEnough: true),
        ReviewCase(
            testDescription: "who is not named does not count", rule: two, signer: ada, approvals: [.signed(eve)],
            isEnough: false),
        ReviewCase(
            testDescription: "a stranger's commit, which both approve", rule: two, signer: eve,
            approvals: [.signed(ada), .signed(grace)], isEnough: true),
        ReviewCase(
            testDescription: "what does not count does not count", rule: two, signer: ada,
            approvals: [.refused("revoked")], isEnough: false),
        ReviewCase(testDescription: "not hers to change", rule: gracesOnly, signer: ada, isEnough: false),
        ReviewCase(testDescription: "hers to change", rule: gracesOnly, signer: grace, isEnough: true),
        ReviewCase(
            testDescription: "about something else", rule: ChangeRule(paths: ["files"], threshold: 9), signer: nil,
            isEnough: true),
        ReviewCase(
            testDescription: "nobody at all", rule: ChangeRule(paths: ["plan.json"]), signer: nil, isEnough: false),
    ]

    @Test("each person counts once, and only those whom the rule names", arguments: cases)
    func decision(_ one: ReviewCase) {
        var review = ChangeReview(Self.changes, rules: [one.rule])
        review.approvals = one.approvals
        #expect((review.shortfall(one.signer) == nil) == one.isEnough)
    }

    @Test("all rules count, and the refusal names the rule, who signed, who still may, and the line that approves")
    func words() throws {
        var review = ChangeReview(Self.changes, rules: [Self.two, Self.gracesOnly])
        review.approvals = [.signed(Self.eve), .refused("tag 'x': it is not signed")]
        let shortfall = try #require(review.shortfall(Self.ada))
        let tip = CommitID(repeating: "1")
        let error = UntrustedCommit(tip: tip, reason: .unapproved(shortfall))
        for words in [
            "changes '/backup/schedule'", "the rule on '/backup' wants 2 persons of ada@x, grace@x",
            "signed by ada@x, eve@x, of whom 1 count", "grace@x still may",
            "an approval does not count: tag 'x': it is not signed",
        ] { #expect(error.message.contains(words), "\(error.message)") }
        #expect(error.hint.contains(Approval.command(for: tip)))
        review.approvals = [.signed(Self.grace)]
        #expect(review.shortfall(Self.ada) == nil)
        #expect(review.approvers(beside: Self.ada) == [Self.grace])
    }

    @Test("a tag approves the commit that it is on, under the name that was signed")
    func tags() {
        let tip = CommitID(repeating: "1")
        let name = Approval.prefix(for: tip) + "grace@x"
        let text = "object \(tip.hex)\ntype commit\ntag \(name)\ntagger Grace <g@x> 1 +0000\n\napprove\n"
        #expect(Approval.fault(tag: text, name: name, tip: tip) == nil)
        #expect(Approval.fault(tag: text, name: name, tip: CommitID(repeating: "2")) == "it is on another commit")
        #expect(Approval.fault(tag: text, name: name + "2", tip: tip) == "it was signed under another name")
        for (part, other) in [("type commit", "type tag"), ("tagger", "author"), ("\n\n", "\nx y\n\n")] {
            let changed = text.replacing(part, with: other, maxReplacements: 1)
            #expect(Approval.fault(tag: changed, name: name, tip: tip) != nil, "\(changed)")
        }
    }
}
