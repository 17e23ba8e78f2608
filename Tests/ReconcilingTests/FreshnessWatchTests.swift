import Model
import Planning
import Reconciling
import TestSupport
import Testing

/// A branch, its heartbeat and what was seen of it before.
private struct FreshnessWorld: Ancestry, HeartbeatInsight, FreshnessMemory {
    /// Newest first.
    var line: [CommitID] = []
    var times: [CommitID: Timestamp] = [:]
    var known: BranchFreshness?
    /// Asking for it is an error when absent.
    var offer: HeartbeatFinding?
    var failure: UntrustedCommit?

    func isAncestor(_ ancestor: CommitID, of descendant: CommitID) -> Bool {
        line.drop { $0 != descendant }.contains(ancestor)
    }
    func heartbeat(at time: Timestamp) throws -> HeartbeatFinding {
        if let failure { throw failure }
        guard let offer else {
            Issue.record("the server is not to be asked")
            return .absent
        }
        return offer
    }
    func committed(_ commit: CommitID) -> Timestamp { times[commit] ?? Timestamp(milliseconds: 0) }
    func freshness() -> BranchFreshness? { known }
    func record(_ freshness: BranchFreshness) { Issue.record("a look remembers nothing") }
}

@Suite("T2: what is asked about a branch that may be frozen")
struct FreshnessWatchTests {
    private static let now = Timestamp(milliseconds: 1_800_000_000_000)
    private let tip = CommitID(repeating: "1")
    private let base = CommitID(repeating: "2")
    private let ada = CommitSigner(name: "ada", key: "K")
    private var warrant: CommitWarrant { CommitWarrant(way: .signature, signer: ada, time: Self.now) }

    private func ago(_ seconds: Int64) -> Timestamp {
        Timestamp(milliseconds: Self.now.milliseconds - seconds * 1000)
    }

    private func watch(_ world: FreshnessWorld) -> FreshnessWatch {
        FreshnessWatch(
            maximumAge: .seconds(100), branch: "main", source: world, heartbeats: world, memory: world,
            now: { Self.now })
    }

    private func beat(_ seconds: Int64, of commit: CommitID) -> HeartbeatFinding {
        .signed(Heartbeat(commit: commit, time: ago(seconds), signer: ada))
    }

    @Test("the server is asked for a heartbeat from half of the age on, and when somebody wants to know")
    func asking() async throws {
        var world = FreshnessWorld(line: [tip, base], times: [tip: ago(50)])
        #expect(try await watch(world).look(at: tip, warrant).proof?.signed == ago(50))
        world.offer = beat(3, of: tip)
        #expect(try await watch(world).look(at: tip, warrant, always: true).proof?.signed == ago(3))
        world.times = [tip: ago(51)]
        #expect(try await watch(world).look(at: tip, warrant).proof?.signed == ago(3))
        world.known = BranchFreshness(
            proof: FreshnessProof(form: .heartbeat, commit: base, signer: ada, signed: ago(10), seen: ago(9)))
        world.offer = nil
        #expect(try await watch(world).look(at: tip, nil) == world.known)
    }

    @Test("the time of a tip counts only where its own signature is why it is believed")
    func otherWarrants() async throws {
        let world = FreshnessWorld(line: [tip], times: [tip: ago(1)], offer: .absent)
        #expect(try await watch(world).look(at: tip, nil).proof == nil)
        for way in [CommitWarrant.Way.override, .acceptance] {
            let other = CommitWarrant(way: way, signer: ada, time: Self.now)
            #expect(try await watch(world).look(at: tip, other).proof == nil)
        }
    }

    @Test("a heartbeat of what the tip contains counts, one of what a frozen server keeps back does not")
    func frozen() async throws {
        var world = FreshnessWorld(
            line: [tip, base], times: [tip: ago(500), base: ago(900)], offer: beat(2, of: base))
        #expect(try await watch(world).look(at: tip, warrant).proof?.signed == ago(2))
        let frozen = try await watch(FreshnessWorld(line: [base], times: world.times, offer: beat(2, of: tip)))
            .look(at: base, warrant)
        #expect(frozen.proof?.signed == ago(900))
        #expect(frozen.fault?.contains("'\(tip.short)'") == true)
        #expect(watch(world).doubt(about: frozen)?.since == ago(900))
        world.offer = .refused("it is not signed")
        #expect(try await watch(world).look(at: tip, warrant).fault == "it is not signed")
    }

    @Test("a server that answers with an error proves nothing, and stops nothing")
    func silent() async throws {
        var world = FreshnessWorld(line: [tip], times: [tip: ago(60)])
        world.failure = UntrustedCommit(tip: tip, reason: .unverified("no answer", hint: ""))
        let freshness = try await watch(world).look(at: tip, warrant)
        #expect(freshness.proof?.signed == ago(60))
        #expect(freshness.fault?.contains("no answer") == true)
        #expect(watch(world).doubt(about: freshness) == nil, "it is young enough")
    }
}
