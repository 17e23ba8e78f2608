internal import Planning

/// What a deployment does about its data directories; a pure function of what is known.
///
/// Nothing is started on a directory that is not the one that it was, on one that is missing, or on one that held data
/// and is empty, until an operator says what to do. Those that were never in use are made, or filled from backups.
enum RestoreChoice: Equatable {
    case fill(Set<String>)
    /// Data that what is deployed works with is not there, and nobody has said yet that it is lost.
    case lost([DataLoss])

    /// `inUse` are the data directories of what counts as deployed; `restores`: the plan has backups to fill from.
    static func about(
        _ findings: [String: DataFinding], inUse: Set<String>, trigger: DeploymentTrigger, restores: Bool
    ) -> Self {
        var losses: [DataLoss] = []
        var filled: Set<String> = []
        for (name, finding) in findings.sorted(by: { $0.key < $1.key }) {
            let look = Look(finding: finding, isInUse: inUse.contains(name), trigger: trigger, restores: restores)
            if let change = look.loss {
                losses.append(DataLoss(name: name, change: change))
            } else if look.isToFill {
                filled.insert(name)
            }
        }
        return losses.isEmpty ? .fill(filled) : .lost(losses)
    }

    private struct Look {
        let finding: DataFinding
        let isInUse: Bool
        let trigger: DeploymentTrigger
        let restores: Bool

        /// What is only started again is filled by nobody.
        var restarts: Bool { trigger == .boot || trigger == .drift }
        /// An operator says that the data is lost, and there is something to fill the place with.
        var isGivenUp: Bool { trigger == .manual && restores && finding.condition != .filled }

        var loss: DataChange? { isGivenUp ? nil : change }

        /// Maybe its disk is not mounted: older data in its place would look as if all since then were lost.
        private var change: DataChange? {
            if let change = finding.change {
                guard finding.known?.released == true, !restarts else { return change }
                return finding.condition == .filled || restores ? nil : change
            }
            switch finding.condition {
            case .missing: return isInUse || restarts ? .missing : nil
            case .unfinished: return restarts ? .missing : nil
            case .empty, .filled: return nil
            }
        }

        var isToFill: Bool {
            guard restores, !restarts else { return false }
            switch finding.condition {
            case .missing, .unfinished: return true
            // One that never held anything, or that the plan lets be empty, stays so: old entries must not come back.
            case .empty: return !isInUse || finding.change != nil
            case .filled: return false
            }
        }
    }
}

/// A data directory that nothing is started on.
struct DataLoss: Hashable {
    let name: String
    let change: DataChange
}
