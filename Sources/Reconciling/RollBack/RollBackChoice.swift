public import Model
internal import Planning

/// Which copy of the data a roll back puts back; a pure function of what there is.
public enum RollBackChoice: Equatable, Sendable {
    case snapshot(DataSnapshot)
    /// In words.
    case none(String)

    /// `wanted` is a deployment whose plan and data are to come back, with the digest of its plan where it is known;
    /// without one it is what the newest copy holds.
    public static func among(
        _ snapshots: [DataSnapshot], wanted: (deployment: Int64, planDigest: String?)?
    ) -> Self {
        let usable = snapshots.filter { $0.state != nil }.sorted { $0.run > $1.run }
        guard let wanted else {
            // What was set aside is brought back by its number only.
            let newest = usable.first { $0.origin == .copied }
            return newest.map(Self.snapshot) ?? .none("there is no copy of the data from before a deployment")
        }
        // The saved plan gets another number with each boot.
        let match =
            usable.first { $0.state?.deployment == wanted.deployment }
            ?? usable.first { wanted.planDigest != nil && $0.state?.desired.digest == wanted.planDigest }
        return match.map(Self.snapshot)
            ?? .none("there is no copy of the data as deployment \(wanted.deployment) had it")
    }
}

/// There is nothing to roll back to.
public struct NoSnapshot: Actionable {
    let reason: String

    public var message: String { "cannot roll back: \(reason)" }
    public var hint: String {
        "'fairlead rollback --list' shows what there is; a backup comes back with 'fairlead backup restore'"
    }
    public var disposition: Disposition { .permanent }
}
