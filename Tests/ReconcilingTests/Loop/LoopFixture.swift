import Deploying
import Journal
import LoopJournal
import LoopSupport
import Model
import Reconciling
import TestSupport
import Testing

/// A host in memory with a journal in a file, and one commit at the tip of its repo.
struct LoopFixture {
    private let scratch: Scratch
    let clock = TestClock()
    let journal: Journal
    let host: LoopHost
    let first: CommitID

    init(_ files: [String: String] = StackFiles.version("1")) throws {
        scratch = try Scratch()
        journal = try Journal.open(at: scratch.path + "/journal.db", now: clock.now)
        host = LoopHost(journal: journal, in: scratch.path, clock: clock) { [journal] in
            try await journal.setOutgoingMove($0)
        }
        first = host.repository.commit(files)
    }

    /// One whose first commit is deployed.
    static func deployed(_ files: [String: String] = StackFiles.version("1")) async throws -> Self {
        let fixture = try Self(files)
        try await fixture.cycle(ends: "deployed by commit")
        fixture.forgetCalls()
        return fixture
    }

    func forgetCalls() {
        host.calls.forget()
        host.gitCalls.forget()
    }

    /// Runs one cycle, which has to end in such a way.
    func cycle(
        ends expected: String, _ scope: Reconciler.Scope = .poll, boot: String = "1",
        trust: TrustSettings = TrustSettings(), what: String = "", location: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await cycle(scope, boot: boot, trust: trust)
        #expect(answer == expected, "\(what)", sourceLocation: location)
    }

    /// Runs one cycle; what came of it in words, or what it threw.
    func cycle(
        _ scope: Reconciler.Scope = .poll, boot: String = "1", trust: TrustSettings = TrustSettings(),
        change: (inout ReconcilerOptions) -> Void = { _ in }
    ) async throws -> String {
        do {
            let report = try await host.reconciler(boot: boot, trust: trust, change: change).cycle(scope)
            return try await words(report)
        } catch let error as any Actionable {
            return "threw: \(error.message)"
        }
    }

    private func words(_ report: CycleReport) async throws -> String {
        switch report.outcome {
        case .suspended(let suspension): return "suspended: \(suspension.reason)"
        case .unchanged: return "unchanged"
        case .waiting(_, let reason): return "waits: \(reason)"
        case .nothingToDeploy: return "nothing to deploy"
        case .refused(_, let error): return "refused: \((error as? any Actionable)?.message ?? "\(error)")"
        case .remembered(_, let failure): return "remembered: \(failure.disposition.rawValue) after \(failure.attempts)"
        case .deployment(_, let result):
            let trigger = try await journal.deployment(id: result.deployment)?.trigger.rawValue ?? ""
            return "\(result.outcome.rawValue) by \(trigger)"
        }
    }

    /// The newest `count` deployments, the newest first, as `cycle` has them.
    func deployments(_ count: Int) async throws -> [String] {
        try await journal.deployments(limit: count).map {
            "\($0.outcome?.rawValue ?? "unfinished") by \($0.trigger.rawValue)"
        }
    }

    /// The tags of the images that run, by container.
    var running: [String: String] {
        Dictionary(
            uniqueKeysWithValues: host.engine.running.map { name, image in
                (String(name.dropFirst("acme-".count)), String(image.split(separator: ":").last ?? ""))
            })
    }

    func expect(
        incidents expected: [String], _ what: String = "", location: SourceLocation = #_sourceLocation
    ) async throws {
        let open = try await incidents
        #expect(open == expected, "\(what)", sourceLocation: location)
    }

    /// Kinds and subjects of the open incidents, in order.
    var incidents: [String] {
        get async throws { try await journal.openIncidents().map { "\($0.kind.rawValue) \($0.subject)" }.sorted() }
    }
}
