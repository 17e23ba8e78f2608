internal import Backup
internal import Deploying
internal import HostSystem
internal import Journal
internal import Model
internal import Reconciling

/// Makes data directories those that the stack works with, as they are now: an operator's word. The caller holds the lock.
struct DataAdoption {
    let host: HostComposition
    let journal: Journal

    private var keeper: DataKeeper { host.data(journal) }

    /// Takes each of `names` as it is, whatever it was; one that is missing is made anew, empty. Returns what it took, for
    /// people.
    func take(_ names: Set<String>) async throws -> [String] {
        let plan = try await plan()
        let before = try await keeper.findings(on: names, in: plan)
        // Of an earlier plan, what is still there counts: it may be what is going to be renamed.
        let unknown = before.filter { $0.value.known == nil || $0.value.condition == .missing }.keys
        if let name = Set(unknown).subtracting(plan.dataNames).min() { throw UnknownData(name: name, plan: plan) }
        if let unfinished = before.first(where: { $0.value.condition == .unfinished })?.key {
            throw UnfinishedData(name: unfinished)
        }
        if let unread = before.first(where: { $0.value.condition == .unreadable })?.key {
            throw UnreadData(name: unread)
        }
        _ = try await host.host.createDataDirectories(for: plan.keepingData(names))
        let taken = try await adopt(before, of: plan.stack)
        // The same word counts for the next backup.
        let own = names.intersection(plan.dataNames)
        if plan.backup != nil { try EarlierRuns(host: host.host).accept(own.sorted(), of: plan) }
        return taken
    }

    /// Takes those of any stack that hold something and lie elsewhere than before: on another disk, or as a copy on another
    /// machine. Returns what it took, for people, and the names of those that an operator has to say a word about.
    func takeMoved() async throws -> (taken: [String], left: [String]) {
        var (taken, left): ([String], [String]) = ([], [])
        for (stack, marks) in try await keeper.everything().sorted(by: { $0.key < $1.key }) {
            let findings = try await keeper.look.findings(on: Set(marks.keys), of: stack, known: marks)
                .filter { $0.value.change != nil && $0.value.known?.released == false }
            let moved = findings.filter {
                $0.value.change == .replaced && $0.value.condition.isSeen && $0.value.found?.held == true
            }
            taken += try await adopt(moved, of: stack)
            left += Set(findings.keys).subtracting(moved.keys).sorted()
        }
        return (taken, left)
    }

    /// Of what is deployed, else of the tip.
    private func plan() async throws -> ResolvedPlan {
        if let deployed = try await journal.deployedState() { return deployed.desired.plan }
        return try await host.tipCandidate().desired.plan
    }

    private func adopt(_ before: [String: DataFinding], of stack: String) async throws -> [String] {
        guard !before.isEmpty else { return [] }
        let now = host.context.clock.now()
        let after = try await keeper.look.findings(on: Set(before.keys), of: stack, known: [:])
        let words = before.sorted { $0.key < $1.key }.map { self.words($0.key, $0.value, after[$0.key]?.found) }
        // First: what was taken without a record would be nobody's word.
        for text in words {
            try await OperatorLedger(journal).record(
                OperatorAct(kind: .adopted, text: text, person: host.context.person, time: now))
        }
        try await keeper.change(stack) { marks in
            for (name, finding) in after {
                guard var mark = finding.found else { continue }
                if let known = before[name]?.known { mark.adopted = DataMark.Adoption(at: now, from: known.words) }
                marks[name] = mark
            }
        }
        // What waited for this is tried with the next poll.
        for failure in try await journal.failures() where failure.disposition.mayPass {
            try await journal.forgetFailures(of: failure.key)
        }
        return words
    }

    private func words(_ name: String, _ before: DataFinding, _ found: DataMark?) -> String {
        let state =
            switch before.condition {
            case .missing: "made anew, empty"
            case .empty: "taken as it is, empty"
            case .filled, .unfinished, .blocked, .unreadable: "taken as it is"
            }
        let now = "data directory '\(name)' \(state)" + (found.map { ": \($0.words)" } ?? "")
        guard let known = before.known, let found, !known.isSameDirectory(as: found) else { return now }
        return "\(now); it was \(known.words)"
    }
}

extension ResolvedPlan {
    /// With no other data directories.
    fileprivate func keepingData(_ names: Set<String>) -> ResolvedPlan {
        var part = self
        for (name, container) in containers {
            part.containers[name]?.volumes = container.volumes.filter { volume in
                if case .data(let data) = volume.source { names.contains(data) } else { false }
            }
        }
        return part
    }
}

/// The plan has no such data directory.
struct UnknownData: Actionable {
    let name: String
    let plan: ResolvedPlan

    var message: String { "the plan of stack '\(plan.stack)' has no data directory '\(name)'" }
    var hint: String {
        let known = plan.dataNames.sorted().quoted
        return known.isEmpty ? "it has none at all" : "it has \(known)"
    }
    var disposition: Disposition { .permanent }
}

/// Nobody knows what lies in it.
struct UnreadData: Actionable {
    let name: String

    var message: String { "data directory '\(name)' cannot be read, so it cannot be taken as it is" }
    var hint: String { DataChange.unreadable.onlyWay ?? "" }
    var disposition: Disposition { .transient }
}

/// What lies in it is nobody's data.
struct UnfinishedData: Actionable {
    let name: String

    var message: String { "data directory '\(name)' is not restored to its end, so it cannot be taken as it is" }
    var hint: String { "'fairlead reconcile --force' restores it anew" }
    var disposition: Disposition { .transient }
}
