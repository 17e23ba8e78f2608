internal import Model

/// Acts on what was found of the stack.
struct StackRepair: Sendable {
    let start: SavedPlanStart
    let network: NetworkRepair
    let containers: ContainerRepair
    let settlement: DriftSettlement

    /// Acts on what was found; the caller holds the lock. Returns whether a newer commit overtook it.
    func repair(_ look: StackObservation) async throws -> Bool {
        switch look.action {
        case .nothing, .report: try await settlement.settle(look)
        case .establish: try await start.establish(look)
        case .replace(let names): return try await containers.replace(names, in: look)
        case .renew(let names): return try await containers.renew(names, in: look)
        case .repairNetwork:
            // What else was found is repaired on it.
            switch try await network.repair(look) {
            case .nothing: break
            case .settle(let left): try await settlement.settle(left)
            case .repair(let rest): return try await repair(rest)
            }
        }
        return false
    }
}
