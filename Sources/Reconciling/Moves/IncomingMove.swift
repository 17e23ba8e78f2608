internal import Deploying
internal import Model

/// The stack of another host moves to this one: the data of that one comes first.
struct IncomingMove: Sendable {
    enum Choice {
        /// With what an operator should know.
        case go([String])
        /// What is waited for.
        case wait(String)
    }

    let source: any CommitSource
    let reader: CandidateReader
    let control: any IncomingMoveControl
    /// The entry of the customer repo that this host follows.
    let host: String
    /// How long the last backup of the replaced host is waited for.
    let limit: PlanDuration
    let now: @Sendable () -> Timestamp

    /// Remembers where the data of `candidate` comes from. Throws when it is nowhere.
    func choose(for candidate: Candidate, deployed: DeployedState?) async throws -> Choice {
        let plan = candidate.desired.plan
        guard deployed == nil, let replaced = plan.replaces else { return .go([]) }
        var move = try await control.incomingMove() ?? IncomingMoveRecord(replaced: replaced, since: now())
        if move.replaced != replaced { move = IncomingMoveRecord(replaced: replaced, since: now()) }
        let entries = try await entries(replacing: replaced, before: candidate.commit.id)
        let found: Inheritance
        do {
            found = try await control.inheritance(for: plan, entries: entries, secrets: candidate.secrets)
        } catch {
            throw DeploymentError(transient: error)
        }
        let isWaiting = !now().isAfter(limit.duration, since: move.since)
        let (origin, note) = try Self.origin(found, plan, limit)
        move.origin = found.isFinal || !isWaiting ? origin : nil
        try await control.setIncomingMove(move)
        if move.origin != nil { return .go([note].compactMap(\.self)) }
        guard isWaiting else {
            throw NothingToMoveIn(reason: "no backup target has a run of it", replaced: replaced)
        }
        return .wait("the last backup of host '\(replaced)' is waited for, \(limit) at most")
    }

    private static func origin(
        _ found: Inheritance, _ plan: ResolvedPlan, _ limit: PlanDuration
    ) throws -> (RestoreOrigin?, String?) {
        let replaced = plan.replaces ?? ""
        switch found {
        case .none: return (.stack, nil)
        case .noStorage: throw NothingToMoveIn(reason: "the plan has no backup target", replaced: replaced)
        case .own: return (.hosts([plan.host]), nil)
        case .last(let run):
            return (.last(run, host: replaced), "run \(run), the last backup of host '\(replaced)', is restored")
        case .earlier(let run, let host):
            return (
                .hosts([replaced, plan.host]),
                "host '\(replaced)' made no last backup within \(limit): run \(run) of '\(host)' is the newest there is"
            )
        case .nothing: return (nil, nil)
        }
    }

    /// The commits from `tip` back to the one that made this host replace `replaced`.
    private func entries(replacing replaced: String, before tip: CommitID) async throws -> Set<CommitID> {
        var entries: Set<CommitID> = []
        for commit in try await source.history(of: tip, since: nil, limit: 200) {
            guard try await reader.replaced(by: host, at: commit.id) == replaced else { break }
            entries.insert(commit.id)
        }
        return entries
    }
}

extension Inheritance {
    /// Whether waiting would bring nothing better.
    fileprivate var isFinal: Bool {
        switch self {
        case .none, .noStorage, .own, .last: true
        case .earlier, .nothing: false
        }
    }
}

/// A host that replaces another one has nothing to start with.
struct NothingToMoveIn: Actionable {
    let reason: String
    let replaced: String

    var message: String { "the data of host '\(replaced)', which is replaced, is not here, and \(reason)" }
    var hint: String {
        "see that 'replaces' names the host under which the backups were made; or copy its data to the data root; "
            + "\"backup\": {\"restore\": \"never\"} deploys with empty data"
    }
    var disposition: Disposition { .transient }
}
