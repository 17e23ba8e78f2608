import Model
import Planning
import Reconciling
import TestSupport
import Testing

/// The files of a commit, by path.
private struct GateTree: SourceTree {
    let files: [String: String]

    func entries() -> [SourceEntry] {
        files.sorted { $0.key < $1.key }.map {
            SourceEntry(path: $0.key, kind: .file, size: Int64($0.value.utf8.count), object: $0.value)
        }
    }

    func content(of path: String) -> [UInt8]? { files[path].map { Array($0.utf8) } }
}

/// A branch, its signatures and the memory of a host, all of them lists.
private struct GateWorld: CommitSource, Ancestry, SignatureInsight, TrustMemory {
    /// Newest first.
    var line: [CommitID] = []
    var findings: [CommitID: SignatureFinding] = [:]
    var head: AcceptedCommit?
    var accepted: [LocalAcceptance] = []
    var tag: SignedOverride?
    var failure: UntrustedCommit?
    var approvals: [ApprovalFinding] = []
    /// The files of commits.
    var trees: [CommitID: [String: String]] = [:]

    func isAncestor(_ ancestor: CommitID, of descendant: CommitID) -> Bool {
        guard let tip = line.firstIndex(of: descendant) else { return false }
        return line[tip...].contains(ancestor)
    }

    func history(of id: CommitID, since base: CommitID?, limit: Int) -> [Commit] {
        let since = line.drop { $0 != id }.prefix { $0 != base }
        return since.prefix(limit).map {
            Commit(id: $0, author: "Eve", email: "", time: 0, subject: "", parents: [])
        }
    }

    func findings(of commits: [CommitID], at time: Timestamp) throws -> [CommitID: SignatureFinding] {
        if let failure { throw failure }
        return findings.filter { commits.contains($0.key) }
    }

    func override(for tip: CommitID, on host: String, at time: Timestamp) -> OverrideFinding {
        tag.map(OverrideFinding.signed) ?? .absent
    }
    func acceptedCommit() -> AcceptedCommit? { head }
    func acceptances() -> [LocalAcceptance] { accepted }

    func record(_ accepted: AcceptedCommit) { Issue.record("a decision remembers nothing") }
    func remoteTip() throws -> RemoteTip { throw Unexpected() }
    func fetch(_ tip: RemoteTip) throws { throw Unexpected() }
    func commit(_ id: CommitID) throws -> Commit { throw Unexpected() }
    func approvals(of tip: CommitID, at time: Timestamp) -> [ApprovalFinding] { approvals }
    func tree(at id: CommitID) throws -> any SourceTree {
        guard let tree = trees[id] else { throw Unexpected() }
        return GateTree(files: tree)
    }

    struct Unexpected: Error {}

    func gate(_ settings: TrustSettings) -> CommitGate {
        CommitGate(
            settings: settings, host: "vsn1", source: self, signatures: self, memory: self,
            now: { Timestamp(milliseconds: 5) })
    }
}

@Suite("T2: what is asked of a tip before it is believed")
struct CommitGateTests {
    private let tip = CommitID(repeating: "1")
    private let middle = CommitID(repeating: "2")
    private let base = CommitID(repeating: "3")
    private let ada = SignatureFinding.signed(CommitSigner(name: "ada", key: "K"))
    private var accepted: AcceptedCommit {
        AcceptedCommit(commit: base, warrant: CommitWarrant(way: .signature, time: Timestamp(milliseconds: 1)))
    }

    private func settings(_ scope: TrustSettings.Commits.Scope = .tip, anchor: CommitID? = nil) -> TrustSettings {
        TrustSettings(
            commits: TrustSettings.Commits(mode: .ssh, allowedSigners: "/signers", scope: scope), anchor: anchor)
    }

    private func refusal(
        _ world: GateWorld, _ settings: TrustSettings, deployed: CommitID? = nil
    ) async throws -> UntrustedCommit.Reason? {
        guard case .refused(let why)? = try await world.gate(settings).decision(on: tip, deployed: deployed) else {
            return nil
        }
        return why.reason
    }

    @Test("where commits are not verified nothing is asked and nothing refused")
    func off() async throws {
        #expect(try await GateWorld().gate(TrustSettings()).decision(on: tip, deployed: base) == nil)
        try await GateWorld().gate(TrustSettings()).check(tip, deployed: base)
    }

    @Test("of the newest commit, or of every one since what was accepted; before that nothing is asked")
    func scopes() async throws {
        var world = GateWorld(line: [tip, middle, base], findings: [tip: ada, middle: .unsigned, base: .unsigned])
        world.head = accepted
        #expect(try await refusal(world, settings()) == nil)
        #expect(
            try await refusal(world, settings(.every)) == .signature(of: middle, fault: "is not signed"))
        world.findings[middle] = ada
        #expect(try await refusal(world, settings(.every)) == nil)
        guard case .accepted(let believed)? = try await world.gate(settings(.every)).decision(on: tip, deployed: nil)
        else {
            Issue.record("refused")
            return
        }
        #expect(believed.below == [middle: CommitSigner(name: "ada", key: "K")])
        world.head = nil
        #expect(try await refusal(world, settings(.every)) == .signature(of: base, fault: "is not signed"))
        #expect(try await refusal(world, settings(.every, anchor: base)) == nil)
    }

    @Test("a tip without what was accepted, what is deployed, or the anchor is refused, however well it is signed")
    func history() async throws {
        var world = GateWorld(line: [tip, middle], findings: [tip: ada])
        #expect(try await refusal(world, settings()) == nil)
        #expect(try await refusal(world, settings(), deployed: base) == .rewound(from: base))
        #expect(try await refusal(world, settings(anchor: base)) == .foreign(anchor: base))
        world.head = accepted
        #expect(try await refusal(world, settings(.every)) == .rewound(from: base))
        world.accepted = [LocalAcceptance(commit: tip, from: base, person: "root", time: Timestamp(milliseconds: 2))]
        #expect(try await refusal(world, settings(.every)) == nil)
    }

    @Test("what cannot be verified is refused with the reason, and 'check' throws it")
    func unverifiable() async throws {
        var world = GateWorld(line: [tip], findings: [:])
        let lost = "is not accepted: its signature was not found"
        #expect(try await refusal(world, settings()) == .signature(of: tip, fault: lost))
        let failure = UntrustedCommit(tip: tip, reason: .unverified("no program", hint: "install it"))
        world.failure = failure
        #expect(
            try await refusal(world, settings()) == .unverified(failure.message, hint: "install it"))
        await #expect(throws: UntrustedCommit.self) { try await world.gate(settings()).check(tip, deployed: nil) }
    }

    @Test("a signed tag is looked for where the tip would be refused, and counts for this host")
    func override() async throws {
        var world = GateWorld(line: [tip, base], findings: [tip: .unsigned])
        world.head = accepted
        world.tag = SignedOverride(
            from: base, to: tip, host: "vsn1", expires: Timestamp(milliseconds: 6),
            signer: CommitSigner(name: "boss", key: "K"))
        #expect(try await refusal(world, settings()) == nil)
        world.tag?.host = "vsn2"
        #expect(try await refusal(world, settings()) != nil)
    }

    private func files(_ image: String, _ more: [String: String] = [:]) -> [String: String] {
        let plan = """
            {"schemaVersion": 1, "stack": "acme", "version": "1", "containers": {"web": {"image": "r.example.com/web:\(image)"}}}
            """
        return ["plan.json": plan, "hosts/vsn1.json": "{}"].merging(more) { $1 }
    }

    private func ruled(_ rules: ChangeRule...) -> TrustSettings {
        TrustSettings(commits: TrustSettings.Commits(mode: .ssh, allowedSigners: "/signers", rules: rules))
    }

    @Test("what a rule is about wants its persons, measured from what was accepted; tags are asked for only then")
    func rules() async throws {
        let images = ChangeRule(plan: ["/containers/*/image"], threshold: 2)
        let secrets = ChangeRule(paths: ["secrets.json.age"], signers: ["grace"])
        var world = GateWorld(line: [tip, middle, base], findings: [tip: ada])
        world.head = accepted
        world.trees = [base: files("1"), tip: files("1", ["README": "x"])]
        #expect(try await refusal(world, ruled(images, secrets)) == nil)
        world.trees[tip] = files("2")
        let refused = try await refusal(world, ruled(images, secrets))
        guard case .unapproved(let shortfall)? = refused else {
            Issue.record("accepted, or refused for another reason: \(String(describing: refused))")
            return
        }
        #expect(shortfall.demand.rule == images)
        #expect(shortfall.demand.example.hasPrefix("/containers/web/image"))
        #expect(shortfall.everybody == ["ada"])
        world.approvals = [.refused("x"), .signed(CommitSigner(name: "grace", key: "G"))]
        let decision = try await world.gate(ruled(images, secrets)).decision(on: tip, deployed: nil)
        guard case .accepted(let commit)? = decision else {
            Issue.record("refused: \(String(describing: decision))")
            return
        }
        #expect(commit.warrant.words == "signed by ada, approved by grace")
        world.trees[tip] = files("1", ["secrets.json.age": "other"])
        #expect(try await refusal(world, ruled(images, secrets)) == nil)
        world.approvals = []
        #expect(try await refusal(world, ruled(images, secrets)) != nil)
        world.accepted = [LocalAcceptance(commit: tip, from: base, person: "root", time: Timestamp(milliseconds: 2))]
        #expect(try await refusal(world, ruled(images, secrets)) == nil)
    }

    @Test("a plan that does not resolve, and a host that knows of nothing before, are changes of everything")
    func rulesWithoutComparison() async throws {
        let backup = ChangeRule(plan: ["/containers"], signers: ["grace"])
        var world = GateWorld(line: [tip, base], findings: [tip: ada])
        world.head = accepted
        world.trees = [base: files("1"), tip: ["plan.json": "{"]]
        // A second person would sign what cannot be deployed.
        let broken = UntrustedCommit(tip: tip, reason: try #require(try await refusal(world, ruled(backup))))
        #expect(broken.message.contains("has no plan that could be deployed: 2 problems"), "\(broken.message)")
        #expect(!broken.message.contains("person") && broken.hint == "correct it in a new commit")
        world.trees = [base: ["plan.json": "{"], tip: files("1")]
        #expect(try await refusal(world, ruled(backup)) != nil)
        world.head = nil
        world.trees = [tip: files("1")]
        #expect(try await refusal(world, ruled(backup)) != nil)
        world.trees = [base: files("1"), tip: files("1")]
        #expect(try await refusal(world, ruled(backup), deployed: base) == nil)
    }
}
