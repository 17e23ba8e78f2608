internal import Model

/// A run in the spool, which some target lacks.
struct WaitingRun: Hashable, Sendable {
    let run: BackupRunID
    /// Data directories that it holds.
    let volumes: Set<String>
    /// Those of them that are much smaller than before: no reason to give an older one up.
    var shrunk: Set<String> = []
    /// Earlier runs without which it is not whole.
    let base: Set<BackupRunID>
    /// Those that have it.
    let targets: Set<String>

    /// Which of `waiting` is given up where there is no room for a newer one; `nil` when none may be.
    ///
    /// What a target has is not lost, so that goes first. Else it is the oldest one, of which every data directory is in a
    /// newer one too: the only copy of a data directory is never given up, nor is what another one in the spool builds on.
    static func givingWay(among waiting: [WaitingRun]) -> WaitingRun? {
        let oldestFirst = waiting.sorted { $0.run < $1.run }
        return oldestFirst.first { $0.isStored(besides: waiting) } ?? oldestFirst.first { $0.isReplaced(by: waiting) }
    }

    /// Whether a target has it, and with it those that build on it.
    private func isStored(besides others: [WaitingRun]) -> Bool {
        !targets.isEmpty && others.filter { $0.base.contains(run) }.allSatisfy { !$0.targets.isDisjoint(with: targets) }
    }

    private func isReplaced(by others: [WaitingRun]) -> Bool {
        let newer = others.filter { $0.run > run }
        return !newer.contains { $0.base.contains(run) }
            && volumes.isSubset(of: newer.flatMap { $0.volumes.subtracting($0.shrunk) })
    }
}
