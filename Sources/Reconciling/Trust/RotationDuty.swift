internal import Logging
internal import Model

/// Accepts new lists of signers one after the other, and tells of each.
struct RotationDuty {
    /// A host that was away for long goes on with the next cycle.
    private static let mostAtOnce = 20

    let gate: CommitGate
    let incidents: LoopIncidents
    let journal: any ReconcilerJournal
    let logger: Logger

    /// `tip` is what the server shows, and is present locally. Whether another list counts now.
    func tend(_ tip: CommitID) async throws -> Bool {
        guard let watch = gate.rotation else { return false }
        for count in 0..<Self.mostAtOnce {
            switch try await watch.look(at: tip) {
            case .absent: try await watch.remember(nil)
            case .waiting(let offer): try await watch.remember(offer)
            case .accepted(let rotation):
                try await accept(rotation, watch)
                continue
            }
            try await endTold(watch)
            return count > 0
        }
        return true
    }

    /// Told first: after a crash in between, the next cycle accepts the same list, which people heard of once.
    private func accept(_ rotation: SignerRotation, _ watch: RotationWatch) async throws {
        try await incidents.signersChange(rotation, deployed: try await journal.deployedState())
        try await watch.remember(rotation)
        logger.notice("the signers of commits changed", metadata: ["list": "\(rotation.words)"])
        try await incidents.signersChanged(to: rotation.number)
    }

    /// What a crash left open, before or after the list was accepted.
    private func endTold(_ watch: RotationWatch) async throws {
        guard try await incidents.areSignersTold else { return }
        try await incidents.signersChanged(to: try await watch.accepted)
    }
}
