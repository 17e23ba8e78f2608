internal import Deploying
internal import HostSystem
internal import Model

/// The data directories of a drill, of which nothing is remembered: they are made for it and removed with it.
struct DrillData: DataMemory {
    let host: HostSystem

    func findings(on names: Set<String>, in plan: ResolvedPlan) async throws -> [String: DataFinding] {
        try await DataLook(host).findings(on: names, in: plan, known: [:])
    }

    func beginFilling(_ plan: ResolvedPlan) async throws {}
    func remember(_ names: Set<String>, of plan: ResolvedPlan) async throws {}
    func learn(_ plan: ResolvedPlan) async throws {}
    func release(_ stack: String) async throws -> Set<String> { [] }
    func reclaim(_ names: Set<String>, of stack: String) async throws {}
}
