internal import Model

/// The failed repairs, and the failed start of the saved plan, of which nothing is to be seen any more.
struct FailedStarts: Hashable {
    /// Containers whose repair failed.
    let repairs: Set<String>
    let ofStack: Bool
    /// Containers that were made and not seen to serve since: their deployment failed for another one, or was cut off.
    let unproven: Set<String>
    /// The containers of the plan.
    let planned: Set<String>

    /// `repairs`, `ofStack` and `unproven` are what is remembered; what differs still is not mended, however it runs.
    init(repairs: Set<String>, ofStack: Bool, unproven: Set<String> = [], beside look: StackObservation) {
        let differing = Set(look.findings.map(\.subject))
        planned = Set(look.plan.containers.keys)
        self.repairs = repairs.subtracting(differing)
        self.ofStack = ofStack && differing.isDisjoint(with: planned.union([look.plan.networkName]))
        self.unproven = unproven.intersection(planned).subtracting(differing)
    }

    var isEmpty: Bool { repairs.isEmpty && !ofStack && unproven.isEmpty }

    /// Whose runs have to be watched.
    var watched: Set<String> { ofStack ? planned : repairs.intersection(planned).union(unproven) }

    /// The repairs that nothing has to be done about, when these containers run without a restart.
    func recovered(_ steady: Set<String>) -> Set<String> {
        repairs.filter { steady.contains($0) || !planned.contains($0) }
    }

    /// Those whose pass is news: an older one was of the container before, or of the time before the failure.
    func proven(_ steady: Set<String>) -> Set<String> {
        isStackRecovered(steady) ? planned : repairs.union(unproven).intersection(planned).intersection(steady)
    }

    func isStackRecovered(_ steady: Set<String>) -> Bool { ofStack && steady.isSuperset(of: planned) }

    /// Whether watching these containers any longer can show that something is mended.
    func isAnyRecovered(_ steady: Set<String>) -> Bool {
        !repairs.union(unproven).isDisjoint(with: steady) || isStackRecovered(steady)
    }
}
