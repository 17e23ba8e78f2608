internal import Deploying
internal import HostSystem
internal import Journal
internal import Model
internal import Reconciling

/// Remembers what the data directories were: in the journal, and in a file beside them, so that each stands in for the
/// other. Where both know a directory, the journal counts.
struct DataKeeper: DataMemory, DataLearning {
    let look: DataLook
    let journal: Journal

    func findings(on names: Set<String>, in plan: ResolvedPlan) async throws -> [String: DataFinding] {
        try await look.findings(on: names, in: plan, known: known(of: plan.stack))
    }

    func beginFilling(_ plan: ResolvedPlan) async throws {
        let findings = try await findings(on: plan.dataNames, in: plan)
        try await change(plan.stack) { marks in
            for (name, finding) in findings where !finding.condition.isTaken { marks[name]?.released = true }
        }
    }

    func remember(_ names: Set<String>, of plan: ResolvedPlan) async throws {
        let findings = try await findings(on: names, in: plan)
        let gone = try await goneSince(plan)
        try await change(plan.stack) { marks in
            for (name, finding) in findings where finding.condition.isSeen { marks[name] = finding.inUse }
            for name in gone { marks[name] = nil }
        }
    }

    func learn(_ plan: ResolvedPlan) async throws {
        let findings = try await findings(on: plan.dataNames, in: plan)
        try await change(plan.stack) { marks in
            for (name, finding) in findings where finding.change == nil && finding.condition != .unfinished {
                marks[name] = finding.inUse
            }
        }
    }

    func changes(of plan: ResolvedPlan) async throws -> [String: DataChange] {
        try await findings(on: plan.dataNames, in: plan).compactMapValues(\.change)
    }

    /// Data directory `name` of `plan` was filled by an operator, or is going to be by the next deployment.
    func wasImported(_ name: String, of plan: ResolvedPlan) async throws {
        let found = try await findings(on: [name], in: plan)[name]?.found
        try await change(plan.stack) { $0[name] = found?.held == true ? found : nil }
    }

    func release(_ stack: String) async throws -> Set<String> {
        let counted = try await known(of: stack).filter { !$0.value.released }.keys
        try await change(stack) { marks in
            for name in marks.keys { marks[name]?.released = true }
        }
        return Set(counted)
    }

    func reclaim(_ names: Set<String>, of stack: String) async throws {
        try await change(stack) { marks in
            for name in names { marks[name]?.released = false }
        }
    }

    /// By stack and name.
    func everything() async throws -> [String: [String: DataMark]] {
        let stacks = try await Set(journal.rememberedData().keys).union(look.stacks())
        var marks: [String: [String: DataMark]] = [:]
        for stack in stacks { marks[stack] = try await known(of: stack) }
        return marks
    }

    /// By name.
    func known(of stack: String) async throws -> [String: DataMark] {
        let recorded = try await journal.rememberedData()[stack] ?? [:]
        do {
            return try await look.remembered(of: stack).merging(recorded) { $1 }
        } catch {
            // What lies beside data that cannot be read may not be readable either.
            guard !recorded.isEmpty else { throw error }
            return recorded
        }
    }

    /// Writes what differs only: a look is taken with every poll.
    func change(_ stack: String, _ change: (inout [String: DataMark]) -> Void) async throws {
        let (file, recorded) = (
            try await look.remembered(of: stack), try await journal.rememberedData()[stack] ?? [:]
        )
        var marks = file.merging(recorded) { $1 }
        change(&marks)
        // First, as it is what counts: the file cannot be written where a disk fails.
        if marks != recorded { try await journal.rememberData(marks, of: stack) }
        if marks != file { try await look.remember(marks, of: stack) }
    }

    /// Those that `plan` does not have and that are not there, such as one that was renamed.
    private func goneSince(_ plan: ResolvedPlan) async throws -> Set<String> {
        let others = Set(try await known(of: plan.stack).keys).subtracting(plan.dataNames)
        let findings = try await findings(on: others, in: plan)
        return Set(findings.filter { $0.value.condition == .missing }.keys)
    }
}

extension DataFinding {
    /// What is to be known of a directory that is in use as it is; `nil` where there is none.
    fileprivate var inUse: DataMark? {
        guard var mark = found else { return nil }
        guard let known, known.isSameDirectory(as: mark) else { return mark }
        mark.adopted = known.adopted
        if !isAcceptedEmpty { mark.held = mark.held || known.held }
        return mark
    }

    private var isAcceptedEmpty: Bool { mayBeEmpty && found?.held == false }
}
