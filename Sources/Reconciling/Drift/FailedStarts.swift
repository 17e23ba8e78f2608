internal import Planning

/// The failed repairs, and the failed start of the saved plan, of which nothing is to be seen any more.
struct FailedStarts: Hashable {
    /// Containers whose repair failed.
    let repairs: Set<String>
    let ofStack: Bool
    /// The containers of the plan.
    let planned: Set<String>

    /// `repairs` and `ofStack` are what is remembered; what differs still is not mended, however it runs.
    init(repairs: Set<String>, ofStack: Bool, beside look: StackLook) {
        let differing = Set(look.findings.map(\.subject))
        planned = Set(look.plan.containers.keys)
        self.repairs = repairs.subtracting(differing)
        self.ofStack = ofStack && differing.isDisjoint(with: planned.union([look.plan.networkName]))
    }

    var isEmpty: Bool { repairs.isEmpty && !ofStack }

    /// Whose runs have to be watched.
    var watched: Set<String> { ofStack ? planned : repairs.intersection(planned) }

    /// The repairs that nothing has to be done about, when these containers run without a restart.
    func mended(_ steady: Set<String>) -> Set<String> {
        repairs.filter { steady.contains($0) || !planned.contains($0) }
    }

    func isStackMended(_ steady: Set<String>) -> Bool { ofStack && steady.isSuperset(of: planned) }

    /// Whether watching these containers any longer can show that something is mended.
    func isAnyMended(_ steady: Set<String>) -> Bool {
        !repairs.isDisjoint(with: steady) || isStackMended(steady)
    }
}
