internal import Model

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
        let looks = looks(findings, inUse: inUse, trigger: trigger, restores: restores)
        let losses = looks.compactMap { name, look in look.loss.map { DataLoss(name: name, change: $0) } }
        return losses.isEmpty ? .fill(Set(looks.filter(\.look.isToFill).map(\.name))) : .lost(losses)
    }

    /// Of those that are filled: what is lost all the same where no backup of their own holds them.
    static func owed(
        _ findings: [String: DataFinding], inUse: Set<String>, trigger: DeploymentTrigger, restores: Bool
    ) -> [DataLoss] {
        looks(findings, inUse: inUse, trigger: trigger, restores: restores)
            .compactMap { name, look in look.owed.map { DataLoss(name: name, change: $0) } }
    }

    /// By name.
    private static func looks(
        _ findings: [String: DataFinding], inUse: Set<String>, trigger: DeploymentTrigger, restores: Bool
    ) -> [(name: String, look: Look)] {
        findings.sorted { $0.key < $1.key }.map { name, finding in
            (name, Look(finding: finding, isInUse: inUse.contains(name), trigger: trigger, restores: restores))
        }
    }

    private struct Look {
        let finding: DataFinding
        let isInUse: Bool
        let trigger: DeploymentTrigger
        let restores: Bool

        /// What is only started again is filled by nobody.
        var restarts: Bool { trigger.purpose.restarts }
        /// An operator says that the data is lost, and there is something to fill the place with.
        var isGivenUp: Bool { trigger.purpose.givesUpLostData && restores && !finding.condition.isTaken }

        var loss: DataChange? { isGivenUp ? nil : change }

        /// Maybe its disk is not mounted: older data in its place would look as if all since then were lost.
        private var change: DataChange? {
            if let change = finding.change {
                guard finding.known?.released == true, !restarts, finding.condition.isSeen else { return change }
                return finding.condition == .filled || restores ? nil : change
            }
            switch finding.condition {
            case .missing: return isInUse || restarts ? .missing : nil
            case .unfinished: return restarts ? .missing : nil
            case .empty, .filled, .blocked, .unreadable: return nil
            }
        }

        /// What may have held data; one that never did may begin empty.
        var owed: DataChange? {
            guard isToFill, finding.known?.held != false else { return nil }
            return finding.change ?? (finding.condition == .missing && isInUse ? .missing : nil)
        }

        var isToFill: Bool {
            guard restores, !restarts else { return false }
            switch finding.condition {
            case .missing, .unfinished: return true
            // One that never held anything, or that the plan lets be empty, stays so: old entries must not come back.
            case .empty: return !isInUse || finding.change != nil
            case .filled, .blocked, .unreadable: return false
            }
        }
    }
}

/// A data directory that nothing is started on.
struct DataLoss: Hashable {
    let name: String
    let change: DataChange

    /// Those that are not where they were; one that was emptied is. Not the data directories `exchanging`, which are moved as
    /// long as an exchange is half done.
    static func displaced(among findings: [String: DataFinding], exchanging: Set<String> = []) -> [Self] {
        findings.sorted { $0.key < $1.key }.compactMap { name, finding in
            guard !exchanging.contains(name), !finding.wasPutThere else { return nil }
            switch finding.change {
            case .missing, .replaced, .blocked, .unreadable: return finding.change.map { Self(name: name, change: $0) }
            case .emptied, nil: return nil
            }
        }
    }
}

extension DataFinding {
    /// An operator had ended the use of what was there, and put something else in its place. An empty directory is what a
    /// mount point is without its disk.
    var wasPutThere: Bool { known?.released == true && condition == .filled }
}
