public import Deploying
public import Model
public import Reconciling

/// Data directories that are all there and never change. There is no backup and no copy of them.
public struct SimulatedData: Sendable {
    let calls: Calls

    public init(calls: Calls) { self.calls = calls }
}

extension SimulatedData: DataMemory {
    public func findings(on names: Set<String>, in plan: ResolvedPlan) -> [String: DataFinding] {
        Dictionary(uniqueKeysWithValues: names.map { ($0, DataFinding(condition: .filled)) })
    }

    public func beginFilling(_ plan: ResolvedPlan) throws { try calls.enter("beginFilling") }
    public func remember(_ names: Set<String>, of plan: ResolvedPlan) throws { try calls.enter("remember") }
    public func learn(_ plan: ResolvedPlan) throws { try calls.enter("learn") }
    public func release(_ stack: String) throws -> Set<String> {
        try calls.enter("release")
        return []
    }
    public func reclaim(_ names: Set<String>, of stack: String) throws { try calls.enter("reclaim") }
}

extension SimulatedData: DataRestoring {
    public func fetchData(
        for names: Set<String>, lost: Set<String>, of plan: ResolvedPlan, from origin: RestoreOrigin, secrets: Secrets,
        note: @escaping @Sendable (String) -> Void
    ) throws -> RestoreFetch {
        try calls.enter("fetchData")
        return RestoreFetch(unfilled: names)
    }

    public func placeData(of plan: ResolvedPlan) throws -> [PlanChange] {
        try calls.enter("placeData")
        return []
    }

    public func loadDumps(into container: String, of plan: ResolvedPlan) throws -> [PlanChange] {
        try calls.enter("loadDumps")
        return []
    }

    public func keepLoaded(into container: String, of plan: ResolvedPlan) throws { try calls.enter("keepLoaded") }

    public func discardData(of stack: String) throws -> Set<String> {
        try calls.enter("discardData")
        return []
    }
}

extension SimulatedData: DataRenaming {
    public func renames(for moves: [DataMove]) throws -> [DataRename] {
        try calls.enter("renames")
        return []
    }

    public func rename(_ rename: DataRename) throws { throw UnexpectedCall(name: "rename") }
    public func keepRenames(of plan: ResolvedPlan) throws { try calls.enter("keepRenames") }
    public func undoRenames() throws -> [DataRename] {
        try calls.enter("undoRenames")
        return []
    }
}

extension SimulatedData: SnapshotKeeping, DataExchange {
    public func snapshots() -> [DataSnapshot] { [] }
    public func makeRoom(for wanted: NewSnapshot, removing surplus: [DataSnapshot]) throws {
        try calls.enter("makeRoom")
    }
    public func take(_ wanted: NewSnapshot, progress: @escaping @Sendable (String) -> Void) throws -> DataSnapshot? {
        try calls.enter("take")
        return nil
    }
    public func remove(_ snapshots: [DataSnapshot]) throws { try calls.enter("remove") }
    public func checkLoss(of stack: String) throws { try calls.enter("checkLoss") }
    public func settle() throws { try calls.enter("settle") }
    public func checkSettling(for wanted: DataSnapshot?, finishing: Bool) throws { try calls.enter("checkSettling") }
    public func checkExchange(_ snapshot: DataSnapshot) throws { throw UnexpectedCall(name: "checkExchange") }
    public func exchange(
        _ snapshot: DataSnapshot, settingAside aside: NewSnapshot, progress: @escaping @Sendable (String) -> Void
    ) throws -> DataSnapshot { throw UnexpectedCall(name: "exchange") }
    public func place(of snapshot: DataSnapshot) -> String { "/var/lib/simulated" }
}

extension SimulatedData: DataLearning {
    public func changes(of plan: ResolvedPlan) -> [String: DataChange] { [:] }
}
